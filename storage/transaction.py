"""The record of one workspace within one transaction."""

from storage.audit.derived import DerivedRows
from storage.audit.inspection import Inspection
from storage.audit.log import Audit
from storage.backup import BackupCalls
from storage.cases.cases import Cases
from storage.cases.precedents import Precedents
from storage.cases.protections import Protections
from storage.cases.recusals import Recusals
from storage.customers.cards import Cards
from storage.customers.customers import Customers
from storage.customers.erasures import Erasures
from storage.customers.export import Exports
from storage.customers.mergers import Mergers
from storage.customers.retention import Retention
from storage.customers.safeguards import Safeguards
from storage.db.executor import Executor
from storage.db.row_digests import TouchedRows
from storage.decisions.approvals import Approvals
from storage.decisions.reviews import Lessons, Reviews
from storage.decisions.sent_letters import SentLetters
from storage.hearings import Hearings
from storage.home.home import Homes
from storage.home.queues import Queues
from storage.installation import Installation
from storage.involved import Involved
from storage.objections import Objections
from storage.outbox.notices import Notices
from storage.outbox.sent_files import SentFiles
from storage.outbox.sent_notices import SentNotices
from storage.people import People
from storage.processes import Processes
from storage.record_keys import RecordKeys
from storage.reports.check_ins import CheckIns
from storage.reports.files import Files
from storage.reports.history import History
from storage.reports.reports import Reports
from storage.reports.verdicts import Verdicts
from storage.scheduled_tasks import ScheduledTasks
from storage.stakes import Stakes
from storage.warnings import Warnings
from storage.weekly.figures import Weeks
from storage.weekly.lists import WeekLists
from storage.weekly.publications import Publications
from storage.weekly.summaries import Summaries


class Transaction:
    """The record of one workspace within one transaction: a repository for each subject.

    Repositories return values of `bot.rules`, never rows. `Database.begin` and `Database.read` make a transaction.
    """

    def __init__(self, db: Executor, team: str) -> None:
        touched = TouchedRows()
        self.read_ahead = db.read_ahead
        self.customers = Customers(db, team, touched)
        self.reports = Reports(db, team, touched)
        self.cases = Cases(db, team, touched)
        self.precedents = Precedents(db, team, touched)
        self.protections, self.recusals = Protections(db, team, touched), Recusals(db, team, touched)
        self.warnings = Warnings(db, team, touched)
        self.verdicts = Verdicts(db, team, touched)
        self.safeguards = Safeguards(db, team, touched)
        self.hearings = Hearings(db, team, touched)
        self.objections = Objections(db, team, touched)
        self.stakes = Stakes(db, team, touched)
        self.involved = Involved(db, team, touched)
        self.approvals = Approvals(db, team, touched)
        self.files, self.sent_files = Files(db, team, touched), SentFiles(db, team, touched)
        self.check_ins = CheckIns(db, team, touched)
        self.reviews = Reviews(db, team, touched)
        self.lessons, self.sent_letters = Lessons(db, team, touched), SentLetters(db, team, touched)
        self.homes = Homes(db, team, touched)
        self.queues = Queues(db, team, touched)
        self.history = History(db, team, touched)
        self.cards = Cards(db, team, touched)
        self.summaries = Summaries(db, team, touched)
        self.publications = Publications(db, team, touched)
        self.weeks, self.week_lists = Weeks(db, team, touched), WeekLists(db, team, touched)
        self.mergers = Mergers(db, team, touched)
        self.erasures = Erasures(db, team, touched)
        self.record_keys = RecordKeys(db, team, touched)
        self.retention = Retention(db, team, touched)
        self.people = People(db, team, touched)
        self.notices, self.sent_notices = Notices(db, team, touched), SentNotices(db, team, touched)
        self.backup_calls = BackupCalls(db, team, touched)
        self.scheduled_tasks = ScheduledTasks(db, team, touched)
        self.installation = Installation(db, team, touched)
        self.processes = Processes(db, team, touched)
        self.audit = Audit(db, team, touched)
        self.exports = Exports(db, team, touched)
        self.derived, self.inspection = DerivedRows(db, team, touched), Inspection(db, team, touched)
