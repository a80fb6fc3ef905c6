"""One workspace's record within one transaction: the parts that the desk asks for in its ports."""

from sqlalchemy import Connection

from storage.aftermath import Appeals, Lessons, Reviews
from storage.audit import Audit
from storage.cases import Cases
from storage.checkins import CheckIns
from storage.customers import Customers
from storage.disputes import Disputes
from storage.dossiers import Dossiers
from storage.erasures import Erasures
from storage.hearings import Hearings
from storage.homes import Homes
from storage.inspection import Inspection
from storage.lookups import Lookups
from storage.mergers import Mergers
from storage.notices import Notices
from storage.people import People
from storage.precedents import Precedents
from storage.reports import Reports
from storage.roll import Roll
from storage.safeguards import Safeguards
from storage.stakes import Approvals, Recusals
from storage.steps import Steps
from storage.summaries import Summaries
from storage.trails import Trails
from storage.verdicts import Verdicts
from storage.warnings import Warnings
from storage.week import Weeks
from storage.week_lists import WeekLists
from storage.witness import Touched


class Ledger:
    """Every query of the desk, by what it is about. Returns domain values, never rows."""

    def __init__(self, connection: Connection, team: str) -> None:
        touched = Touched()
        self.customers = Customers(connection, team, touched)
        self.reports = Reports(connection, team, touched)
        self.cases = Cases(connection, team, touched)
        self.precedents = Precedents(connection, team, touched)
        self.warnings = Warnings(connection, team, touched)
        self.verdicts = Verdicts(connection, team, touched)
        self.safeguards = Safeguards(connection, team, touched)
        self.hearings = Hearings(connection, team, touched)
        self.disputes = Disputes(connection, team, touched)
        self.recusals = Recusals(connection, team, touched)
        self.approvals = Approvals(connection, team, touched)
        self.check_ins = CheckIns(connection, team, touched)
        self.reviews = Reviews(connection, team, touched)
        self.appeals = Appeals(connection, team, touched)
        self.lessons = Lessons(connection, team, touched)
        self.homes = Homes(connection, team, touched)
        self.trails = Trails(connection, team, touched)
        self.roll = Roll(connection, team, touched)
        self.lookups = Lookups(connection, team, touched)
        self.summaries = Summaries(connection, team, touched)
        self.weeks = Weeks(connection, team, touched)
        self.week_lists = WeekLists(connection, team, touched)
        self.mergers = Mergers(connection, team, touched)
        self.erasures = Erasures(connection, team, touched)
        self.people = People(connection, team, touched)
        self.notices = Notices(connection, team, touched)
        self.steps = Steps(connection, team, touched)
        self.audit = Audit(connection, team, touched)
        self.dossiers = Dossiers(connection, team, touched)
        self.inspection = Inspection(connection, team, touched)
