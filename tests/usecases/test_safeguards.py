"""A customer who needs tolerance: no step but zero tolerance before both sides are heard."""

from datetime import date

import pytest

from bot.rules.case_files import CaseFile
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import Bar, NotEntitled, Unknown, Wrong
from bot.usecases.context import Desk
from bot.usecases.customers.commands import LiftSafeguard, SetSafeguard
from bot.usecases.customers.safeguards import lift_safeguard, set_safeguard
from bot.usecases.scheduler import Clockwork
from bot.usecases.shared.read_models import report_file
from bot.usecases.warnings.warn import NotNow, not_now
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.customers import safeguard
from storage.tables.outbox import notice
from tests.builders import TEAM, FrozenClock, before_a_decision, read_from_slack, reported, rows, someone, version_of
from tests.usecases.test_hearings import taken, upheld

NOTE = "Their daughter told us: dementia, diagnosed in May."


def safeguarded(desk: Desk, case: int, by: str = "U0PRIYA", until: date | None = None) -> CaseFile:
    return set_safeguard(desk, SetSafeguard(someone(by), case, "health", NOTE, until))


def lifted(desk: Desk, case: int, number: int = 1, by: str = "U0PRIYA") -> CaseFile:
    return lift_safeguard(desk, LiftSafeguard(someone(by), case, number, "They have moved; somebody else calls now."))


def to_warn(desk: Desk) -> int:
    case = reported(desk).case
    assert case is not None
    assert case.rung is Rung.WARN
    return case.number


def test_a_safeguard_moves_a_warning_to_a_hearing_and_lifting_it_moves_it_back(desk: Desk) -> None:
    case = to_warn(desk)
    file = safeguarded(desk, case)
    assert file.case.rung is Rung.HEAR
    assert [reason.rule for reason in file.verdict.reasons][-1] == "safeguard"
    assert [(each.kind, each.note, each.set_by) for each in file.safeguards] == [("health", NOTE, "U0PRIYA")]
    assert (back := lifted(desk, case)).case.rung is Rung.WARN
    assert back.safeguards == ()


def test_setting_and_lifting_moves_no_deadline(desk: Desk, clock: FrozenClock) -> None:
    case = before_a_decision(desk, clock)
    with desk.read(TEAM) as record:
        due_at = record.cases.get(case).due_at
    clock.forward(hours=8)
    read_from_slack(desk)
    assert safeguarded(desk, case).case.due_at == due_at
    back = lifted(desk, case).case
    assert (back.rung, back.due_at) == (Rung.DECIDE, due_at)


def test_a_threat_is_decided_whatever_the_safeguard(desk: Desk) -> None:
    case = reported(desk, category="threat").case
    assert case is not None
    assert safeguarded(desk, case.number).case.rung is Rung.DECIDE


def test_set_twice_it_is_set_once_and_lifted_twice_lifted_once(desk: Desk, database: Database) -> None:
    case = to_warn(desk)
    assert safeguarded(desk, case) == safeguarded(desk, case)
    assert lifted(desk, case) == lifted(desk, case)
    assert len(rows(database, safeguard)) == 1
    assert [row.act for row in rows(database, audit)] == ["report", "set safeguard", "lift safeguard"]


def test_what_is_known_enters_the_audit_log_only_sealed(desk: Desk, database: Database) -> None:
    case = to_warn(desk)
    safeguarded(desk, case)
    lifted(desk, case)
    told = str([row.facts for row in rows(database, audit)])
    assert "dementia" not in told
    assert "moved" not in told


def test_reps_read_the_words_meant_for_them_and_nothing_of_the_note(desk: Desk, database: Database) -> None:
    case = to_warn(desk)
    before = {row.subject: row.wanted for row in rows(database, notice) if row.kind == "report"}
    safeguarded(desk, case)
    with desk.read(TEAM) as record:
        file = report_file(record, desk, 1)
    assert file.patience == (desk.policy.safeguards["health"].words,)
    assert NOTE not in str(file)
    assert reported(desk, "U0JOE").patience == file.patience
    after = {row.subject: row.wanted for row in rows(database, notice) if row.kind == "report"}
    assert after[1] > before[1]


@pytest.mark.parametrize(("user", "bar"), [("U0ANA", Bar.NOT_A_MANAGER), ("U0RUTH", Bar.NOT_YET), ("U0GUS", Bar.GUEST)])
def test_only_who_may_act_on_the_case_sets_or_lifts_one(desk: Desk, user: str, bar: Bar) -> None:
    case = to_warn(desk)
    with pytest.raises(NotEntitled) as refusal:
        safeguarded(desk, case, user)
    assert refusal.value.bar is bar
    safeguarded(desk, case)
    with pytest.raises(NotEntitled):
        lifted(desk, case, by=user)


def test_what_cannot_stand_is_refused_and_leaves_nothing(desk: Desk, database: Database) -> None:
    case = to_warn(desk)
    with pytest.raises(Wrong) as refusal:
        set_safeguard(desk, SetSafeguard(someone("U0PRIYA"), case, "moon", " ", date(2026, 11, 19)))
    assert set(refusal.value.fields) == {"kind", "note", "until"}
    with pytest.raises(Unknown):
        lifted(desk, case, 7)
    assert rows(database, safeguard) == []


def test_another_customers_safeguard_is_not_lifted_from_this_case(desk: Desk) -> None:
    safeguarded(desk, to_warn(desk))
    other = reported(desk, customer="Acme").case
    assert other is not None
    with pytest.raises(Unknown):
        lifted(desk, other.number)


def test_a_safeguard_ends_with_its_last_day_and_the_case_follows_after_any_downtime(
    desk: Desk, database: Database, clock: FrozenClock
) -> None:
    case = to_warn(desk)
    safeguarded(desk, case, until=date(2026, 11, 21))
    clockwork = Clockwork(desk, database)
    clock.forward(hours=37, minutes=59)  # the last minute of Saturday
    while clockwork.tick():
        pass
    with desk.read(TEAM) as record:
        assert record.cases.get(case).rung is Rung.HEAR
    clock.forward(days=9)
    while clockwork.tick():
        pass
    with desk.read(TEAM) as record:
        assert record.cases.get(case).rung is Rung.WARN
    lapses = [row for row in rows(database, audit) if row.act == "safeguard lapses"]
    assert [row.actor for row in lapses] == ["clock"]


def test_a_lifted_safeguard_does_not_end_again(desk: Desk, database: Database, clock: FrozenClock) -> None:
    case = to_warn(desk)
    safeguarded(desk, case, until=date(2026, 11, 21))
    lifted(desk, case)
    clock.forward(days=3)
    clockwork = Clockwork(desk, database)
    while clockwork.tick():
        pass
    assert "safeguard lapses" not in [row.act for row in rows(database, audit)]


def test_what_was_heard_is_heard_again_only_for_a_safeguard_that_came_later(desk: Desk, clock: FrozenClock) -> None:
    case = to_warn(desk)
    safeguarded(desk, case)
    taken(desk, case)
    assert upheld(desk, case).case.rung is Rung.WARN
    clock.forward(minutes=5)
    read_from_slack(desk)
    set_safeguard(desk, SetSafeguard(someone("U0PRIYA"), case, "crisis", "Bereaved last week."))
    with desk.read(TEAM) as record:
        assert record.cases.get(case).rung is Rung.HEAR


def test_a_safeguard_on_a_customer_without_an_open_case_opens_none(desk: Desk) -> None:
    case = to_warn(desk)
    not_now(desk, NotNow(someone("U0PRIYA"), case, version_of(desk, case), "It was one bad day."))
    safeguarded(desk, case)
    lifted(desk, case)
    with desk.read(TEAM) as record:
        assert record.cases.open_about(1) is None
    assert reported(desk, severity=Severity.MINOR).case is not None
