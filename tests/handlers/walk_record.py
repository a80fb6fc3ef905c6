"""The record for the walk over permissions: a customer for each matter, and for each people with every stake."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from bot.rules.policy.verdicts import Severity
from bot.rules.sent_letters import LetterKind
from bot.rules.warnings import Delivery
from bot.rules.weeks import Week
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.cases.letters import MarkSent, mark_sent
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.customers.safeguards import SetSafeguard, set_safeguard
from bot.usecases.hearings.hear import HearBothSides, hear_both_sides
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.reports.check_ins import send_check_in
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.warnings.warn import IssueWarning, issue_warning
from bot.usecases.weekly.summaries import post_summary
from tests.builders import (
    FIRM,
    TEAM,
    a_context,
    a_profile,
    dropped,
    read_from_slack,
    reported,
    someone,
    warned,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.context import Context
    from storage.database import Database
    from storage.transaction import Transaction
    from tests.builders import FrozenClock

USERS: Final = {
    "rep": "U0ANA",
    "other rep": "U0JOE",
    "reporter": "U0REPO",
    "withdrawn reporter": "U0WITH",
    "manager": "U0PRIYA",
    "owner": "U0OWNR",
    "former owner": "U0FOWN",
    "recused": "U0RECU",
    "approver": "U0APPR",
    "director": "U0RUTH",
    "care contact": "U0CORA",
    "lead": "U0LEAD",
    "guest": "U0GUS",
    "outsider": "U0OLEK",
    "other workspace": "U0PRIYA",
    "unknown": "U0NEW",
    "deactivated": "U0LEFT",
}
WITH_STAKE: Final = ("reporter", "withdrawn reporter", "owner", "former owner", "recused")
# Whoever must not act is listed as a manager too, so that only what they are keeps them away.
LISTED: Final = (*WITH_STAKE, "approver", "guest", "outsider", "unknown", "deactivated")
_MANAGERS: Final = ("S0MANAGERS", *(USERS[role] for role in LISTED))
WALKED: Final = replace(FIRM, managers=_MANAGERS, leads=(USERS["lead"], *_MANAGERS))
ONLY_WITH_STAKE: Final = replace(FIRM, managers=tuple(USERS[role] for role in WITH_STAKE))
WEEK: Final = Week(2026, 46)


@dataclass(frozen=True)
class Matters:
    """The cases by the matter that is before management, and the other numbers that buttons and forms name."""

    cases: dict[str, int]
    customers: dict[str, int]
    report: int
    merger: int
    call: int = 1


def read_everybody(context: Context) -> None:
    """Store what Slack says of everybody but the one who is not known."""
    read_from_slack(context)
    marks: dict[str, dict[str, bool]] = {"guest": {"guest": True}, "deactivated": {"deactivated": True}}
    with context.begin(TEAM) as tx:
        for role, user in USERS.items():
            if role not in {"unknown", "outsider", "other workspace"}:
                tx.people.save_profiles([a_profile(user, context.clock(), **marks.get(role, {}))])


class Filling:
    """Puts the matters on record. The approver issues and decides; the manager takes the hearing."""

    def __init__(self, context: Context, clock: FrozenClock) -> None:
        self.context, self.clock = context, clock
        self.customers: dict[str, int] = {}
        self.stepped_aside: set[str] = set()
        self.by = lambda role: someone(USERS[role])

    def customer(self, name: str) -> None:
        """A customer whom somebody reported, somebody else withdrew a report about, and two people owned."""
        small: Any = {"category": "other", "severity": Severity.MINOR}
        self.customers[name] = reported(self.context, USERS["reporter"], name, **small).customer.number
        report = reported(self.context, USERS["withdrawn reporter"], name, **small).report
        withdraw(self.context, Withdraw(self.by("withdrawn reporter"), report))
        for role in ("former owner", "owner"):
            edit = EditCustomer(self.by("manager"), self.customers[name], name, USERS[role], "", "")
            edit_customer(self.context, edit)

    def case(self, name: str, *, doubted: bool = False) -> int:
        """The customer's case after a report, from which somebody stepped aside."""
        if name not in self.customers:
            self.customer(name)
        case = reported(self.context, "U0JOE", name, doubted=doubted).case
        assert case
        if name in self.stepped_aside:
            return case.number
        self.stepped_aside.add(name)
        recuse(self.context, Recuse(self.by("recused"), case.number, "They are my neighbour."))
        return case.number

    def warned(self, name: str) -> int:
        case = self.case(name)
        warned(self.context, case, USERS["approver"])
        return case

    def to_decide(self, name: str) -> int:
        self.warned(name)
        self.clock.forward(hours=1)
        read_everybody(self.context)
        return self.case(name)

    def matters(self) -> Matters:
        cases = {"to warn": self.case("Warn"), "to hear": self.case("Hear", doubted=True)}
        cases |= {"issued": self.case("Issued")}
        issue_warning(self.context, IssueWarning(self.by("approver"), cases["issued"], "Please stop."))
        cases |= {"to decide": self.to_decide("Decide"), "being heard": self.to_decide("Heard")}
        heard = HearBothSides(self.by("approver"), cases["being heard"], USERS["manager"], "Who was it?")
        hear_both_sides(self.context, heard)
        cases |= {"warned": self.warned("Warned"), "warning objected to": self.warned("Objected")}
        set_safeguard(self.context, SetSafeguard(self.by("approver"), cases["warned"], "health", "Dementia."))
        record_objection(
            self.context, RecordObjection(self.by("approver"), cases["warning objected to"], "By phone", "Not him.")
        )
        cases |= {"decided": self.to_decide("Decided"), "drop objected to": self.to_decide("Dropped")}
        for matter in ("decided", "drop objected to"):
            dropped(self.context, cases[matter], USERS["approver"])
        gone = (cases["drop objected to"], LetterKind.DECISION, Delivery.POST, self.clock())
        mark_sent(self.context, MarkSent(self.by("approver"), *gone))
        says = RecordObjection(self.by("manager"), cases["drop objected to"], "By letter", "He left.")
        record_objection(self.context, says)
        for name in ("Duplicate", "Merged"):
            self.customers[name] = reported(self.context, "U0JOE", name, category="other").customer.number
        merge(self.context, Merge(self.by("manager"), self.customers["Merged"], self.customers["Objected"]))
        post_summary(self.context, TEAM, WEEK)
        call_backup(self.context, CallBackup(self.by("other rep"), customer=self.customers["Decided"]))
        return Matters(cases, self.customers, self._asked(), 1)

    def _asked(self) -> int:
        """A report of the reporter, who was asked how they are."""
        self.clock.forward(days=1)
        with self.context.begin(TEAM) as tx:
            send_check_in(tx, self.context, 1)
        read_everybody(self.context)
        return 1


def filled(database: Database, clock: FrozenClock) -> Matters:
    """The record of the walk."""
    context = a_context(database, clock, WALKED)
    read_everybody(context)
    return Filling(context, clock).matters()


class _UndoneError(Exception):
    pass


def _undo() -> None:
    raise _UndoneError


def undoing(context: Context) -> Context:
    """The context in which everything happens and nothing stays: so that one record serves the whole walk."""

    @contextmanager
    def begin(team: str) -> Iterator[Transaction]:
        try:
            with context.begin(team) as tx:
                yield tx
                _undo()
        except _UndoneError:
            pass

    return replace(context, begin=begin)
