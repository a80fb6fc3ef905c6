"""Builders for the tests of use cases and storage: the firm of the user stories, and a clock that the test sets."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Table, select

from bot.policy_file.load import load
from bot.rules.audit import Act
from bot.rules.case_files import CaseFile, Receipt
from bot.rules.cases import Case
from bot.rules.people import Person, Profile
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial, NotEntitled, NotRecorded, Refusal, Wrong
from bot.rules.reports import NewReport, PickedCustomer, Place, TypedCustomer
from bot.rules.warnings import Delivery
from bot.usecases.audit import Verification
from bot.usecases.context import Context, Firm
from bot.usecases.decisions.decide import Drop, Keep, drop, keep
from bot.usecases.reports.report import report
from bot.usecases.scheduler import Scheduler
from bot.usecases.shared.read_models import case_file
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, issue_warning, mark_delivered
from storage.database import Database
from storage.transaction import Transaction

TEAM = "T0FIRM"
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
FIRM = Firm(
    management_channel="C0MANAGE",
    managers=("S0MANAGERS", "U0CARLA"),
    directors=("U0RUTH",),
    care_contact="U0CORA",
)
PATIENCE = 120.0  # seconds; ends only a wait for what never comes
MOST_TRIES = 20
_forms = count(1)


class FrozenClock:
    """A clock that moves only when the test moves it."""

    def __init__(self, time: datetime = FRIDAY) -> None:
        self.time = time

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **span: float) -> None:
        self.time += timedelta(**span)


def a_context(database: Database, clock: FrozenClock, firm: Firm = FIRM) -> Context:
    context = Context(database.begin, database.read, load(None, "UTC"), firm, clock)
    read_from_slack(context)
    return context


def read_from_slack(context: Context) -> None:
    """Store what the bot reads from Slack: the managers' group and everybody's profile."""
    now = context.clock()
    with context.begin(TEAM) as tx:
        tx.people.save_group("S0MANAGERS", ("U0PRIYA", "U0BRAD"), now)
        members = ("U0ANA", "U0JOE", "U0MIA", "U0PRIYA", "U0BRAD", "U0RUTH", "U0CARLA")
        tx.people.save_profiles([*(a_profile(user, now) for user in members), a_profile("U0GUS", now, guest=True)])


def a_profile(user: str, now: datetime, **marks: bool) -> Profile:
    return Profile(
        user, **({"guest": False, "outsider": False, "bot": False, "deactivated": False} | marks), read_at=now
    )


def someone(user: str, home: str = TEAM) -> Person:
    """Somebody who sends a form."""
    return Person(TEAM, user, home, f"V{next(_forms)}")


def a_report(
    context: Context,
    user: str = "U0ANA",
    customer: str | PickedCustomer | TypedCustomer = "Zenith Corp",
    **changes: Any,  # noqa: ANN401 - any field of the form
) -> NewReport:
    """A report. Whoever names a customer in a test by a text means nobody of a similar name."""
    form: dict[str, Any] = {
        "by": someone(user),
        "customer": TypedCustomer(customer, new=True) if isinstance(customer, str) else customer,
        "category": "verbal_abuse",
        "severity": Severity.SERIOUS,
        "place": Place.PHONE,
        "happened_at": context.clock() - timedelta(minutes=5),
        "narrative": "He screamed until I hung up.",
    }
    return NewReport(**(form | changes))


def reported(
    context: Context,
    user: str = "U0ANA",
    customer: str | PickedCustomer | TypedCustomer = "Zenith Corp",
    **changes: Any,  # noqa: ANN401 - any field of the form
) -> Receipt:
    return report(context, a_report(context, user, customer, **changes))


def a_customer(tx: Transaction, name: str, now: datetime) -> int:
    """A new customer, as an import adds one; their number."""
    number = tx.customers.add(name, now).number
    tx.audit.append(number, "import", Act.IMPORT, {}, now)
    return number


def opened(context: Context, *args: Any, **changes: Any) -> Case:  # noqa: ANN401 - as `reported`
    """The customer's open case after this report."""
    case = reported(context, *args, **changes).case
    assert case is not None
    return case


def read_case(context: Context, case: int) -> CaseFile:
    """What management sees of the case now."""
    with context.read(TEAM) as tx:
        return case_file(tx, context, case)


def warned(context: Context, case: int, by: str = "U0PRIYA") -> CaseFile:
    issue_warning(context, IssueWarning(someone(by), case, "Please stop shouting at our colleagues."))
    return mark_delivered(context, MarkDelivered(someone(by), case, Delivery.EMAIL, context.clock()))


def before_a_decision(context: Context, clock: FrozenClock, customer: str = "Zenith Corp") -> int:
    """Two reps report, the customer is warned, a third rep reports: the number of the case that awaits a decision."""
    reported(context, "U0ANA", customer)
    case = reported(context, "U0JOE", customer).case
    if case is None:
        case = reported(context, "U0MIA", customer).case
    assert case is not None
    warned(context, case.number)
    clock.forward(hours=1)
    read_from_slack(context)
    to_decide = reported(context, "U0MIA", customer).case
    assert to_decide is not None
    return to_decide.number


def version_of(context: Context, case: int) -> int:
    """The current version of the case."""
    with context.read(TEAM) as tx:
        return tx.cases.get(case).version


def a_drop(context: Context, case: int, by: str = "U0PRIYA", **changes: Any) -> Drop:  # noqa: ANN401 - any field of the form
    today = context.clock().date()
    form: dict[str, Any] = {
        "by": someone(by),
        "case": case,
        "version": version_of(context, case),
        "rationale": "Third rep in six weeks, after a clear warning.",
        "effective_on": today + timedelta(days=8),
        "review_on": today + timedelta(days=180),
        "reason_class": next(iter(context.policy.reason_classes)),
        "safeguards_considered": True,
        "letter": "We are ending our business relationship.",
    }
    return Drop(**(form | changes))


def dropped(context: Context, case: int, by: str = "U0PRIYA", **changes: Any) -> CaseFile:  # noqa: ANN401 - any field of the form
    return drop(context, a_drop(context, case, by, **changes))


def a_keep(context: Context, case: int, by: str = "U0PRIYA", **changes: Any) -> Keep:  # noqa: ANN401 - any field of the form
    form: dict[str, Any] = {
        "by": someone(by),
        "case": case,
        "version": version_of(context, case),
        "rationale": "It was the first time since the warning.",
        "review_on": context.clock().date() + timedelta(days=180),
        "conditions": (next(iter(context.policy.conditions)),),
        "letter": "We go on working with you, on these conditions.",
        "details": (("written_only", "care@larkspur.example"), ("one_contact", "@U0PRIYA")),
    }
    return Keep(**(form | changes))


def kept(context: Context, case: int, by: str = "U0PRIYA", **changes: Any) -> CaseFile:  # noqa: ANN401 - any field of the form
    return keep(context, a_keep(context, case, by, **changes))


def rows(database: Database, table: Table) -> list[Any]:
    """All rows of a table, in the order of their keys."""
    with database.engine.connect() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)))


def run_due_tasks(context: Context, database: Database) -> None:
    """Run all scheduled tasks that are due."""
    scheduler = Scheduler(context, database)
    while scheduler.tick():
        pass


@contextmanager
def denied(denial: Denial) -> Iterator[None]:
    """Expect that the code inside is denied for this reason."""
    with pytest.raises(NotEntitled) as refusal:
        yield
    assert refusal.value.denial is denial


@contextmanager
def wrong(fields: set[str]) -> Iterator[None]:
    """Expect that the code inside sends a form with mistakes in exactly these fields."""
    with pytest.raises(Wrong) as refusal:
        yield
    assert set(refusal.value.fields) == fields


def until_recorded(act: Callable[[], object]) -> None:
    """Do it again while the database is too busy, as people do who read that nothing was recorded."""
    for _ in range(MOST_TRIES):
        with suppress(NotRecorded):
            act()
            return
    act()


def at_once(*acts: Callable[[], object]) -> None:
    """Run each in a thread of its own, all at the same time, and wait for them."""
    threads = [threading.Thread(target=until_recorded, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def refusals_of(*acts: Callable[[], object]) -> list[Refusal]:
    """Run the acts all at the same time, and return the refusals that they raised."""
    refusals: list[Refusal] = []

    def attempt(act: Callable[[], object]) -> None:
        try:
            until_recorded(act)
        except Refusal as refusal:
            refusals.append(refusal)

    at_once(*(partial(attempt, act) for act in acts))
    return refusals


def audit_problems(database: Database, now: datetime | None = None) -> Iterator[str]:
    """Every workspace's problems, see `Verification`, each with the workspace in front."""
    with database.read_all() as workspaces:
        for tx in workspaces:
            yield from (f"{tx.audit.team}, {problem}" for problem in Verification(tx, now=now).problems())
