"""A customer who needs tolerance: no step but zero tolerance before both sides are heard."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from bot.rules.case_files import CaseFile
from bot.rules.cases import Outcome
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.records import KEY, RecordKind, RecordName
from bot.rules.refusals import Denial, NotEntitled, Outdated, Unknown
from bot.usecases.context import Context
from bot.usecases.customers.safeguards import LiftSafeguard, SetSafeguard, lift_safeguard, set_safeguard
from bot.usecases.decisions.decide import draft_for_drop, drop, keep
from bot.usecases.shared.read_models import report_file
from bot.usecases.shared.record_keys import holding_to, read_keys
from bot.usecases.warnings.warn import NotNow, not_now
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.customers import safeguard
from storage.tables.outbox import notice
from tests.builders import (
    TEAM,
    FrozenClock,
    a_drop,
    a_keep,
    before_a_decision,
    denied,
    dropped,
    opened,
    read_case,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    version_of,
    wrong,
)
from tests.usecases.test_hearings import taken, upheld

NOTE = "Their daughter told us: dementia, diagnosed in May."


def safeguarded(context: Context, case: int, by: str = "U0PRIYA", until: date | None = None) -> CaseFile:
    set_safeguard(context, SetSafeguard(someone(by), case, "health", NOTE, until))
    return read_case(context, case)


def lifted(context: Context, case: int, number: int = 1, by: str = "U0PRIYA") -> CaseFile:
    lift_safeguard(context, LiftSafeguard(someone(by), case, number, "They have moved; somebody else calls now."))
    return read_case(context, case)


def test_a_safeguard_is_news_to_a_form_about_zero_tolerance_that_was_open_when_it_was_set(context: Context) -> None:
    case = opened(context, category="threat").number
    seen = read_keys(context, TEAM, [RecordName(RecordKind.CASE, case)])
    held = holding_to(context, seen)
    form, instead = a_drop(context, case), a_keep(context, case)
    safeguarded(context, case, by="U0BRAD")
    for send in (partial(draft_for_drop, held, form), partial(drop, held, form), partial(keep, held, instead)):
        with pytest.raises(Outdated) as refusal:
            send()
        assert [(each.note, each.set_by) for each in refusal.value.safeguards] == [(NOTE, "U0BRAD")]
    again = {name: key[:KEY] + refusal.value.change for name, key in seen.items()}
    lifted(context, case)
    form = replace(form, version=refusal.value.version)
    assert drop(holding_to(context, again), form).case.outcome is Outcome.DROPPED


def test_who_approved_before_a_safeguard_was_set_has_not_considered_it(context: Context, clock: FrozenClock) -> None:
    context = replace(context, policy=replace(context.policy, approvals_to_drop=2))
    case = opened(context, category="threat").number
    dropped(context, case, "U0PRIYA")
    clock.time += timedelta(minutes=1)
    safeguarded(context, case, by="U0CARLA")
    assert dropped(context, case, "U0BRAD").case.is_open
    assert [each.by for each in read_case(context, case).approvals] == ["U0BRAD"]
    assert dropped(context, case, "U0PRIYA").case.outcome is Outcome.DROPPED


def to_warn(context: Context) -> int:
    case = opened(context)
    assert case.rung is Rung.WARN
    return case.number


def test_a_safeguard_moves_a_warning_to_a_hearing_and_lifting_it_moves_it_back(context: Context) -> None:
    case = to_warn(context)
    file = safeguarded(context, case)
    assert file.case.rung is Rung.HEAR
    assert [reason.rule for reason in file.verdict.reasons][-1] == "safeguard"
    assert [(each.kind, each.note, each.set_by) for each in file.safeguards] == [("health", NOTE, "U0PRIYA")]
    assert (back := lifted(context, case)).case.rung is Rung.WARN
    assert back.safeguards == ()


def test_setting_and_lifting_moves_no_deadline(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    due_at = read_case(context, case).case.due_at
    clock.forward(hours=8)
    read_from_slack(context)
    assert safeguarded(context, case).case.due_at == due_at
    back = lifted(context, case).case
    assert (back.rung, back.due_at) == (Rung.DECIDE, due_at)


def test_a_threat_is_decided_whatever_the_safeguard(context: Context) -> None:
    case = opened(context, category="threat")
    assert safeguarded(context, case.number).case.rung is Rung.DECIDE


def test_what_is_set_is_set_and_what_is_lifted_is_not_lifted_again(context: Context, database: Database) -> None:
    case = to_warn(context)
    assert safeguarded(context, case) == safeguarded(context, case)
    lifted(context, case)
    with wrong({"safeguard"}):  # by now: it may have been for another reason
        lifted(context, case)
    assert len(rows(database, safeguard)) == 1
    assert [row.act for row in rows(database, audit)] == ["report", "set safeguard", "lift safeguard"]


def test_the_audit_log_keeps_only_a_seal_of_the_note_and_the_reason(context: Context, database: Database) -> None:
    case = to_warn(context)
    safeguarded(context, case)
    lifted(context, case)
    facts = str([row.facts for row in rows(database, audit)])
    assert "dementia" not in facts
    assert "moved" not in facts


def test_reps_read_the_words_meant_for_them_and_nothing_of_the_note(context: Context, database: Database) -> None:
    case = to_warn(context)
    before = {row.subject: row.wanted for row in rows(database, notice) if row.kind == "report"}
    safeguarded(context, case)
    with context.read(TEAM) as tx:
        file = report_file(tx, context, 1)
    assert file.patience == (context.policy.safeguards["health"].words,)
    assert NOTE not in str(file)
    assert reported(context, "U0JOE").patience == file.patience
    after = {row.subject: row.wanted for row in rows(database, notice) if row.kind == "report"}
    assert after[1] > before[1]


@pytest.mark.parametrize(
    ("user", "denial"), [("U0ANA", Denial.NOT_A_MANAGER), ("U0RUTH", Denial.NOT_YET), ("U0GUS", Denial.GUEST)]
)
def test_only_who_may_act_on_the_case_sets_or_lifts_one(context: Context, user: str, denial: Denial) -> None:
    case = to_warn(context)
    with denied(denial):
        safeguarded(context, case, user)
    safeguarded(context, case)
    with pytest.raises(NotEntitled):
        lifted(context, case, by=user)


def test_invalid_fields_are_refused_and_nothing_is_recorded(context: Context, database: Database) -> None:
    case = to_warn(context)
    with wrong({"kind", "note", "until"}):
        set_safeguard(context, SetSafeguard(someone("U0PRIYA"), case, "moon", " ", date(2026, 11, 19)))
    with pytest.raises(Unknown):
        lifted(context, case, 7)
    assert rows(database, safeguard) == []


def test_another_customers_safeguard_is_not_lifted_from_this_case(context: Context) -> None:
    safeguarded(context, to_warn(context))
    other = opened(context, customer="Acme")
    with pytest.raises(Unknown):
        lifted(context, other.number)


def test_a_safeguard_ends_with_its_last_day_and_the_case_follows_after_any_downtime(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    case = to_warn(context)
    safeguarded(context, case, until=date(2026, 11, 21))
    clock.forward(hours=37, minutes=59)  # the last minute of Saturday
    run_due_tasks(context, database)
    assert read_case(context, case).case.rung is Rung.HEAR
    clock.forward(days=9)
    run_due_tasks(context, database)
    assert read_case(context, case).case.rung is Rung.WARN
    lapses = [row for row in rows(database, audit) if row.act == "safeguard lapses"]
    assert [row.actor for row in lapses] == ["clock"]


def test_a_lifted_safeguard_does_not_end_again(context: Context, database: Database, clock: FrozenClock) -> None:
    case = to_warn(context)
    safeguarded(context, case, until=date(2026, 11, 21))
    lifted(context, case)
    clock.forward(days=3)
    run_due_tasks(context, database)
    assert "safeguard lapses" not in [row.act for row in rows(database, audit)]


def test_what_was_heard_is_heard_again_only_for_a_safeguard_that_came_later(
    context: Context, clock: FrozenClock
) -> None:
    case = to_warn(context)
    safeguarded(context, case)
    taken(context, case)
    assert upheld(context, case).case.rung is Rung.WARN
    clock.forward(minutes=5)
    read_from_slack(context)
    set_safeguard(context, SetSafeguard(someone("U0PRIYA"), case, "crisis", "Bereaved last week."))
    assert read_case(context, case).case.rung is Rung.HEAR


def test_a_safeguard_on_a_customer_without_an_open_case_opens_none(context: Context) -> None:
    case = to_warn(context)
    not_now(context, NotNow(someone("U0PRIYA"), case, version_of(context, case), "It was one bad day."))
    safeguarded(context, case)
    lifted(context, case)
    with context.read(TEAM) as tx:
        assert tx.cases.open_about(1) is None
    assert reported(context, severity=Severity.MINOR).case is not None
