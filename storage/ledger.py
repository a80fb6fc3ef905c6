"""One workspace's record within one transaction: the parts that the desk asks for in its ports."""

from sqlalchemy import Connection

from storage.aftermath import Appeals, Lessons, Reviews
from storage.audit import Audit
from storage.cases import Cases
from storage.checkins import CheckIns
from storage.customers import Customers
from storage.disputes import Disputes
from storage.hearings import Hearings
from storage.homes import Homes
from storage.notices import Notices
from storage.people import People
from storage.precedents import Precedents
from storage.reports import Reports
from storage.safeguards import Safeguards
from storage.stakes import Approvals, Recusals
from storage.steps import Steps
from storage.verdicts import Verdicts
from storage.warnings import Warnings


class Ledger:
    """Every query of the desk, by what it is about. Returns domain values, never rows."""

    def __init__(self, connection: Connection, team: str) -> None:
        self.customers = Customers(connection, team)
        self.reports = Reports(connection, team)
        self.cases = Cases(connection, team)
        self.precedents = Precedents(connection, team)
        self.warnings = Warnings(connection, team)
        self.verdicts = Verdicts(connection, team)
        self.safeguards = Safeguards(connection, team)
        self.hearings = Hearings(connection, team)
        self.disputes = Disputes(connection, team)
        self.recusals = Recusals(connection, team)
        self.approvals = Approvals(connection, team)
        self.check_ins = CheckIns(connection, team)
        self.reviews = Reviews(connection, team)
        self.appeals = Appeals(connection, team)
        self.lessons = Lessons(connection, team)
        self.homes = Homes(connection, team)
        self.people = People(connection, team)
        self.notices = Notices(connection, team)
        self.steps = Steps(connection, team)
        self.audit = Audit(connection, team)
