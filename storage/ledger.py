"""One workspace's record within one transaction: the parts that the desk asks for in its ports."""

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
from storage.queues import Queues
from storage.reports import Reports
from storage.roll import Roll
from storage.safeguards import Safeguards
from storage.stakes import Approvals, Recusals
from storage.statements import Executor
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

    def __init__(self, db: Executor, team: str) -> None:
        touched = Touched()
        self.customers = Customers(db, team, touched)
        self.reports = Reports(db, team, touched)
        self.cases = Cases(db, team, touched)
        self.precedents = Precedents(db, team, touched)
        self.warnings = Warnings(db, team, touched)
        self.verdicts = Verdicts(db, team, touched)
        self.safeguards = Safeguards(db, team, touched)
        self.hearings = Hearings(db, team, touched)
        self.disputes = Disputes(db, team, touched)
        self.recusals = Recusals(db, team, touched)
        self.approvals = Approvals(db, team, touched)
        self.check_ins = CheckIns(db, team, touched)
        self.reviews = Reviews(db, team, touched)
        self.appeals = Appeals(db, team, touched)
        self.lessons = Lessons(db, team, touched)
        self.homes = Homes(db, team, touched)
        self.queues = Queues(db, team, touched)
        self.trails = Trails(db, team, touched)
        self.roll = Roll(db, team, touched)
        self.lookups = Lookups(db, team, touched)
        self.summaries = Summaries(db, team, touched)
        self.weeks = Weeks(db, team, touched)
        self.week_lists = WeekLists(db, team, touched)
        self.mergers = Mergers(db, team, touched)
        self.erasures = Erasures(db, team, touched)
        self.people = People(db, team, touched)
        self.notices = Notices(db, team, touched)
        self.steps = Steps(db, team, touched)
        self.audit = Audit(db, team, touched)
        self.dossiers = Dossiers(db, team, touched)
        self.inspection = Inspection(db, team, touched)
