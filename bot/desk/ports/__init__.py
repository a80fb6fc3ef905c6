"""What the desk needs from outside: the record of one workspace, what Slack shows of it, and the clock."""

from collections.abc import Callable
from datetime import datetime

from bot.desk.ports.aftermath import Appeals, Lessons, Reviews
from bot.desk.ports.agenda import Agenda, Step
from bot.desk.ports.care import CheckIns
from bot.desk.ports.erasures import Erasures
from bot.desk.ports.fairness import Disputes, Hearings, Safeguards
from bot.desk.ports.homes import Homes, Queues
from bot.desk.ports.lookups import Lookups
from bot.desk.ports.matters import Audit, Cases, Customers, Reports, Verdicts, Warnings
from bot.desk.ports.mergers import Mergers
from bot.desk.ports.people import People, Profile
from bot.desk.ports.precedents import Precedents
from bot.desk.ports.record import Begin, Record
from bot.desk.ports.roll import Roll
from bot.desk.ports.showing import HOME, NOT_REACHED, Notice, Notices, OpenOutbox, Outbox, Trouble
from bot.desk.ports.stakes import Approvals, Recusals
from bot.desk.ports.steps import Steps
from bot.desk.ports.summaries import Summaries, Summary, WeekLists, Weeks

Clock = Callable[[], datetime]

__all__ = [
    "HOME",
    "NOT_REACHED",
    "Agenda",
    "Appeals",
    "Approvals",
    "Audit",
    "Begin",
    "Cases",
    "CheckIns",
    "Clock",
    "Customers",
    "Disputes",
    "Erasures",
    "Hearings",
    "Homes",
    "Lessons",
    "Lookups",
    "Mergers",
    "Notice",
    "Notices",
    "OpenOutbox",
    "Outbox",
    "People",
    "Precedents",
    "Profile",
    "Queues",
    "Record",
    "Recusals",
    "Reports",
    "Reviews",
    "Roll",
    "Safeguards",
    "Step",
    "Steps",
    "Summaries",
    "Summary",
    "Trouble",
    "Verdicts",
    "Warnings",
    "WeekLists",
    "Weeks",
]
