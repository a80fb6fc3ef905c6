"""Forms that somebody has open while others act: what they showed, and what has to be refused when they are sent.

What is news to a form is worked out from the rows here, without asking the bot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.rules.records import RecordKind, RecordName
from bot.usecases.cases.protection import lift_protection, set_protection
from bot.usecases.context import Context
from bot.usecases.customers.edit import edit_customer, set_customer_safeguard
from bot.usecases.customers.merge import merge
from bot.usecases.decisions.decide import drop, keep
from bot.usecases.decisions.reviews import let_lapse, renew
from bot.usecases.hearings.hear import hear_both_sides, take_over
from bot.usecases.hearings.outcome import record_outcome
from bot.usecases.objections.answer import answer_objection
from bot.usecases.warnings.warn import issue_warning, not_now
from storage.tables.cases import approval, hearing
from storage.tables.customers import safeguard
from storage.tables.reports import report
from tests.builders import TEAM
from tests.year.facts import Facts, Row

Verb = Callable[..., object]
BY_REPORTS = frozenset({drop, keep, not_now, issue_warning, record_outcome, set_protection, lift_protection})
"""What rests on the reports of a case, and on the safeguards of its customer."""
BY_APPROVALS = frozenset({drop, keep})
BY_TERMS = frozenset({answer_objection, renew, let_lapse})
BY_RECORD = frozenset({edit_customer, set_customer_safeguard, merge})
HELD_OPEN: frozenset[Verb] = frozenset({*BY_REPORTS, *BY_TERMS, *BY_RECORD, take_over, hear_both_sides})
"""The use cases behind a form, which somebody may have open for a while."""


@dataclass(frozen=True)
class Shown:
    """What a form rests on, as the record has it: `void` reports are withdrawn or discounted."""

    reports: frozenset[tuple[int, bool]] = frozenset()
    guards: frozenset[int] = frozenset()
    approved_by: frozenset[tuple[str, datetime]] = frozenset()
    review_on: date | None = None
    heard_by: tuple[int, str] | None = None
    records: tuple[object, ...] = ()


@dataclass(frozen=True)
class OpenForm:
    """A form with what its fields hold by now. `keys`: of the case that it names."""

    verb: Verb
    command: Any
    keys: Mapping[RecordName, str]
    shown: Shown


def opened(context: Context, known: Facts, verb: Verb, command: Any) -> OpenForm:  # noqa: ANN401 - of any use case
    """The form as it is drawn now."""
    names = [RecordName(RecordKind.CASE, command.case)] if verb in HELD_OPEN and hasattr(command, "case") else []
    with context.read(TEAM) as tx:
        keys = tx.record_keys.of(names) if names else {}
    return OpenForm(verb, command, keys, shown(known, verb, command))


def shown(known: Facts, verb: Verb, command: Any) -> Shown:  # noqa: ANN401 - of any use case
    """What the record has now of what this form rests on."""
    if verb not in HELD_OPEN:
        return Shown()
    if verb in BY_RECORD:
        numbers = (command.into, command.duplicate) if verb is merge else (command.customer,)
        return Shown(records=tuple(_described(known.customer(number)) for number in numbers))
    case, decision = known.case(command.case), known.decision(command.case)
    reports = known.of(report, lambda row: row.case == case.number)
    under_way = next(iter(known.of(hearing, lambda row: row.case == case.number and row.ended_at is None)), None)
    return Shown(
        reports=frozenset((row.number, bool(row.withdrawn_at or row.discounted_at)) for row in reports),
        guards=frozenset(row.number for row in known.of(safeguard) if _guards(row, case.customer, known.now)),
        approved_by=frozenset((row.by, row.at) for row in known.of(approval) if _approves(row, case.number)),
        review_on=decision and decision.review_on,
        heard_by=under_way and (under_way.number, under_way.taken_by),
    )


def missed(form: OpenForm, now: Shown, with_stake: Mapping[str, str]) -> str:
    """What the form did not show, and whoever sent it decided without; "" where there is nothing."""
    then, verb, user = form.shown, form.verb, form.command.by.user
    if verb in BY_REPORTS and then.reports != now.reports:
        return f"other reports: {then.reports ^ now.reports}"
    if verb in BY_REPORTS and now.guards - then.guards:
        return f"a safeguard: {now.guards - then.guards}"
    given = {by for by, _ in now.approved_by - then.approved_by if by != user and by not in with_stake}
    if verb in BY_APPROVALS and given and not now.guards:  # a safeguard voids those that were given before it
        return f"approvals by {given}"
    if verb in BY_TERMS and (then.review_on != now.review_on or _is_of_others(form.command, now)):
        return f"another review date: {now.review_on}"
    if verb is take_over and then.heard_by != now.heard_by and now.heard_by and now.heard_by[1] != user:
        return f"the hearing of {now.heard_by}"
    return "the record was changed" if then.records != now.records else ""


def _is_of_others(command: Any, now: Shown) -> bool:  # noqa: ANN401 - of any use case
    """Whether an answer is about other terms than those in force."""
    version = getattr(command, "version", None)
    return version is not None and isinstance(now.review_on, date) and version != now.review_on.toordinal()


def _described(row: Row) -> tuple[object, ...]:
    return row.name, row.crm_reference, row.worth, row.owner, row.merged_into


def _guards(row: Row, customer: int, now: datetime) -> bool:
    return row.customer == customer and row.removed_at is None and (row.ends_at is None or row.ends_at > now)


def _approves(row: Row, case: int) -> bool:
    return row.case == case and row.taken_back_at is None
