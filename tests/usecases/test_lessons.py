"""A month after a drop took effect, management is asked what it learnt from it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.audit import salted_digest
from bot.rules.decisions import Hindsight
from bot.rules.objections import Answer
from bot.rules.refusals import AlreadyLearnt, Denial, NotEntitled, NothingToReview
from storage.tables.audit import audit
from storage.tables.decisions import lesson
from tests.builders import TEAM, denied, reported, wrong
from tests.later import DAY, ENDS, Later, written_only

MANAGEMENT = "C0MANAGE"
ASKED = datetime(2026, 12, 28, 9, tzinfo=UTC)  # the drop takes effect on 28 November; a month later is a Monday


def test_management_is_asked_once_a_month_after_the_drop_took_effect(later: Later) -> None:
    later.dropped()
    later.go_to(ASKED - timedelta(minutes=1))
    assert not later.shown("followup")
    later.go_to(ASKED + 60 * DAY)
    assert later.shown("followup") == {(MANAGEMENT, 0)}
    assert later.acts().count(("clock", "ask what was learnt")) == 1


@pytest.mark.parametrize(
    ("effective_on", "asked"),
    [
        (date(2026, 12, 31), datetime(2027, 2, 1, 9, tzinfo=UTC)),  # a Sunday: the Monday after
        (date(2027, 1, 31), datetime(2027, 3, 1, 9, tzinfo=UTC)),  # no 31 February: the 28th, a Sunday
        (date(2027, 2, 15), datetime(2027, 3, 15, 9, tzinfo=UTC)),
    ],
)
def test_it_is_asked_as_business_opens(later: Later, effective_on: date, asked: datetime) -> None:
    later.dropped(effective_on=effective_on)
    assert later.planned("followup") == [asked]


def test_after_a_downtime_it_is_asked_late_and_once(later: Later) -> None:
    later.dropped()
    later.wake_at(ASKED + 9 * DAY)
    later.wake_at(ASKED + 10 * DAY)
    assert later.shown("followup") == {(MANAGEMENT, 0)}


def test_a_customer_who_was_kept_leaves_no_question(later: Later) -> None:
    later.kept()
    later.go_to(ENDS + 90 * DAY)
    assert not later.shown("followup")


@pytest.mark.parametrize("answer", [Answer.CANCELLED, Answer.CHANGED])
def test_a_drop_that_an_objection_undid_leaves_no_question(later: Later, answer: Answer) -> None:
    case = later.dropped()
    later.objects(case)
    later.answer(case, answer, terms=written_only() if answer is Answer.CHANGED else None)
    later.go_to(ENDS + 90 * DAY)
    assert not later.shown("followup")


def test_a_drop_that_lapsed_early_is_still_learnt_from(later: Later) -> None:
    case = later.dropped()
    later.let_lapse(case)
    later.go_to(ASKED)
    assert later.shown("followup") == {(MANAGEMENT, 0)}


def test_the_answer_is_kept_with_a_line_for_the_week_and_sealed_in_the_log(later: Later) -> None:
    case = later.dropped()
    later.go_to(ASKED)
    recorded = later.record_lesson(case).decision_history.lesson
    assert recorded is not None
    assert (recorded.by, recorded.hindsight, recorded.worth) == ("U0PRIYA", Hindsight.RIGHT, "£18,000")
    (row,) = later.rows(lesson)
    entry = next(each for each in later.rows(audit) if each.act == "learn")
    assert entry.facts["line"] == salted_digest(row.salt, "Warn earlier: three reps had stopped reporting.")
    assert "reps" not in str(entry.facts)


def test_a_lesson_is_recorded_once_and_nobody_overwrites_it(later: Later) -> None:
    case = later.dropped()
    later.go_to(ASKED)
    later.record_lesson(case)
    for by in ("U0PRIYA", "U0BRAD"):
        with pytest.raises(AlreadyLearnt) as refusal:
            later.record_lesson(case, by=by)
        assert refusal.value.by == "U0PRIYA"
    assert len(later.rows(lesson)) == 1


def test_neither_reps_nor_managers_with_a_stake_are_asked_what_was_learnt(later: Later) -> None:
    case = later.dropped()
    with pytest.raises(NotEntitled):
        later.record_lesson(case, by="U0ANA")
    reported(later.context, "U0PRIYA")
    with denied(Denial.REPORTER):
        later.record_lesson(case, by="U0PRIYA")
    assert later.record_lesson(case, by="U0RUTH").decision_history.lesson is not None


def test_no_lesson_is_recorded_in_a_case_without_a_decision(later: Later) -> None:
    later.dropped()
    with pytest.raises(NothingToReview):
        later.record_lesson(1)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"learnt": " "}, {"learnt"}),
        ({"line": ""}, {"line"}),
        ({"line": "x" * 201}, {"line"}),
        ({"worth": "x" * 141}, {"worth"}),
        ({"learnt": "", "line": ""}, {"learnt", "line"}),
    ],
)
def test_all_invalid_fields_are_named_together(later: Later, changes: dict[str, str], fields: set[str]) -> None:
    case = later.dropped()
    with wrong(fields):
        later.record_lesson(case, **changes)
    with later.context.read(TEAM) as tx:
        assert tx.lessons.of_case(case) is None
