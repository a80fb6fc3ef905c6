"""One workspace's record, within one transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from bot.desk.ports.aftermath import Appeals, Lessons, Reviews
from bot.desk.ports.care import CheckIns
from bot.desk.ports.erasures import Erasures
from bot.desk.ports.fairness import Disputes, Hearings, Safeguards
from bot.desk.ports.homes import Homes, Queues
from bot.desk.ports.lookups import Lookups
from bot.desk.ports.matters import Audit, Cases, Customers, Reports, Verdicts, Warnings
from bot.desk.ports.mergers import Mergers
from bot.desk.ports.people import People
from bot.desk.ports.precedents import Precedents
from bot.desk.ports.roll import Roll
from bot.desk.ports.showing import Notices
from bot.desk.ports.stakes import Approvals, Recusals
from bot.desk.ports.steps import Steps
from bot.desk.ports.summaries import Summaries, WeekLists, Weeks


class Record(Protocol):
    """One workspace's record, within one transaction."""

    @property
    def customers(self) -> Customers:
        """The customers on record."""

    @property
    def reports(self) -> Reports:
        """What reps told."""

    @property
    def cases(self) -> Cases:
        """Matters before management."""

    @property
    def warnings(self) -> Warnings:
        """Formal warnings."""

    @property
    def verdicts(self) -> Verdicts:
        """What the policy said."""

    @property
    def safeguards(self) -> Safeguards:
        """Notes that a customer needs tolerance."""

    @property
    def hearings(self) -> Hearings:
        """Who hears both sides, and what came out."""

    @property
    def disputes(self) -> Disputes:
        """What customers dispute in warnings."""

    @property
    def recusals(self) -> Recusals:
        """Who stepped aside."""

    @property
    def approvals(self) -> Approvals:
        """Drops that wait for another manager's approval."""

    @property
    def check_ins(self) -> CheckIns:
        """When reps were asked how they are, and what they answered."""

    @property
    def reviews(self) -> Reviews:
        """What came of each review of a decision."""

    @property
    def appeals(self) -> Appeals:
        """What customers appealed against."""

    @property
    def lessons(self) -> Lessons:
        """What the firm learnt from drops."""

    @property
    def roll(self) -> Roll:
        """What a list of customers from elsewhere changes."""

    @property
    def precedents(self) -> Precedents:
        """What cases are compared by, and past cases to compare with."""

    @property
    def homes(self) -> Homes:
        """Lists and figures for the App Home."""

    @property
    def queues(self) -> Queues:
        """What awaits managers."""

    @property
    def lookups(self) -> Lookups:
        """What is shown of a customer, and only there."""

    @property
    def summaries(self) -> Summaries:
        """The weeks that were summed up."""

    @property
    def weeks(self) -> Weeks:
        """What a week held in figures."""

    @property
    def week_lists(self) -> WeekLists:
        """What a week names."""

    @property
    def mergers(self) -> Mergers:
        """What was merged into whom."""

    @property
    def erasures(self) -> Erasures:
        """Erasing what is personal."""

    @property
    def people(self) -> People:
        """Colleagues as Slack last described them."""

    @property
    def notices(self) -> Notices:
        """Which messages Slack should show."""

    @property
    def steps(self) -> Steps:
        """What the clock is to do."""

    @property
    def audit(self) -> Audit:
        """The log that only grows."""


Begin = Callable[[str], AbstractContextManager[Record]]
