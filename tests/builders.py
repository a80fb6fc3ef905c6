"""What the tests of the desk and the record are made of: the firm of the stories, and a clock that stands still."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Table, select

from bot.policy_file.load import load
from bot.rules.case_files import CaseFile, Receipt
from bot.rules.people import Person, Profile
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import Known, NewReport, Place, Typed
from bot.rules.warnings import Delivery
from bot.usecases.context import Context, Firm
from bot.usecases.decisions.commands import Drop, Keep
from bot.usecases.decisions.decide import drop, keep
from bot.usecases.reports.report import report
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, issue_warning, mark_delivered
from storage.database import Database

TEAM = "T0FIRM"
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
FIRM = Firm(
    management_channel="C0MANAGE",
    managers=("S0MANAGERS", "U0CARLA"),
    directors=("U0RUTH",),
    care_contact="U0CORA",
)
_forms = count(1)


class FrozenClock:
    """Stands still until told otherwise."""

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
    """What the loop has read just now: the managers' group, and everybody's profile."""
    now = context.clock()
    with context.begin(TEAM) as tx:
        tx.people.learn_group("S0MANAGERS", ("U0PRIYA", "U0BRAD"), now)
        for user in ("U0ANA", "U0JOE", "U0MIA", "U0PRIYA", "U0BRAD", "U0RUTH", "U0CARLA"):
            tx.people.learn(a_profile(user, now))
        tx.people.learn(a_profile("U0GUS", now, guest=True))


def a_profile(user: str, now: datetime, **marks: bool) -> Profile:
    return Profile(
        user, **({"guest": False, "outsider": False, "bot": False, "deactivated": False} | marks), read_at=now
    )


def someone(user: str, home: str = TEAM) -> Person:
    return Person(TEAM, user, home)


def a_report(
    context: Context,
    user: str = "U0ANA",
    customer: str | Known | Typed = "Zenith Corp",
    **changes: Any,  # noqa: ANN401 - any field of the form
) -> NewReport:
    told: dict[str, Any] = {
        "by": someone(user),
        "form": f"V{next(_forms)}",
        "customer": Typed(customer) if isinstance(customer, str) else customer,
        "category": "verbal_abuse",
        "severity": Severity.SERIOUS,
        "place": Place.PHONE,
        "happened_at": context.clock() - timedelta(minutes=5),
        "narrative": "He screamed until I hung up.",
    }
    return NewReport(**(told | changes))


def reported(
    context: Context,
    user: str = "U0ANA",
    customer: str | Known | Typed = "Zenith Corp",
    **changes: Any,  # noqa: ANN401 - any field of the form
) -> Receipt:
    return report(context, a_report(context, user, customer, **changes))


def warned(context: Context, case: int, by: str = "U0PRIYA") -> CaseFile:
    issue_warning(context, IssueWarning(someone(by), case, "Please stop shouting at our colleagues."))
    return mark_delivered(context, MarkDelivered(someone(by), case, Delivery.EMAIL, context.clock()))


def before_a_decision(context: Context, clock: FrozenClock, customer: str = "Zenith Corp") -> int:
    """Two reps reported, the customer was warned, a third rep reports again: the case that is to be decided."""
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
    """The version that somebody sees who looks now."""
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
    }
    return Keep(**(form | changes))


def kept(context: Context, case: int, by: str = "U0PRIYA", **changes: Any) -> CaseFile:  # noqa: ANN401 - any field of the form
    return keep(context, a_keep(context, case, by, **changes))


def rows(database: Database, table: Table) -> list[Any]:
    """Every row of a table, as it stands in the database."""
    with database.engine.connect() as connection:
        return list(connection.execute(select(table)))


class Calm:
    """A loop in which nothing is wrong."""

    def troubles(self) -> list[str]:
        return []
