"""Drafted letters: they say what was answered, and what is on record once they are sent."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.rules.audit import Act
from bot.rules.case_files import RecordedCase
from bot.rules.decisions import objection_deadline
from bot.rules.objections import Answer
from bot.rules.refusals import NotEntitled, Outdated, Wrong
from bot.rules.text import day
from bot.usecases.context import Context
from bot.usecases.decisions.decide import draft_for_drop, drop, keep, keep_or_draft
from bot.usecases.objections.answer import AnswerObjection, draft_for_answer
from bot.usecases.shared.letters import Drafted
from handlers.shared.conditions import worded
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.decisions import decision
from tests.builders import (
    FrozenClock,
    a_context,
    a_drop,
    a_keep,
    before_a_decision,
    opened,
    read_from_slack,
    reported,
    rows,
    someone,
)
from tests.later import Later


def test_a_drop_after_a_warning_names_the_warning_and_what_was_answered(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    effective_on, review_on = context.today() + timedelta(days=3), context.today() + timedelta(days=100)
    command = a_drop(context, case, effective_on=effective_on, review_on=review_on, reason_class="other", letter="")
    letter = draft_for_drop(context, command).letter
    assert "Conduct that we cannot ask our staff to bear. We warned you on " in letter
    assert f"We are ending our business with you on {day(effective_on)}." in letter
    assert f"Until {day(review_on)}." in letter


def test_a_drop_without_a_warning_mentions_none(context: Context) -> None:
    case = opened(context, category="threat").number
    letter = draft_for_drop(context, a_drop(context, case, reason_class="violence", letter="")).letter
    assert "Violence or the threat of it." in letter
    assert "warned" not in letter
    assert "After conduct like this we do not warn first." in letter


def test_an_account_elsewhere_that_somebody_typed_is_no_colleague(context: Context, clock: FrozenClock) -> None:
    where = "@Umbrella on X"  # begins as what is kept of a colleague who was picked
    case = before_a_decision(context, clock)
    drafted = keep_or_draft(context, a_keep(context, case, details=(("written_only", where),), letter=""))
    assert isinstance(drafted, Drafted)
    assert where in drafted.letter
    assert worded("Write to {value}.", where) == ["Write to ", where, "."]


def test_drafting_decides_nothing_and_who_edits_the_letter_reads_what_was_reported(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock)
    draft_for_drop(context, a_drop(context, case, letter=""))
    keep_or_draft(context, a_keep(context, case, letter=""))
    assert rows(database, decision) == []
    assert [entry.actor for entry in rows(database, audit) if entry.act == Act.READ] == ["U0PRIYA"]


def test_a_letter_is_drafted_only_for_who_may_decide_and_saw_the_newest_reports(
    context: Context, clock: FrozenClock
) -> None:
    case = before_a_decision(context, clock)
    with pytest.raises(NotEntitled):
        draft_for_drop(context, a_drop(context, case, by="U0MIA", letter=""))
    with pytest.raises(Wrong) as wrong:
        draft_for_drop(context, a_drop(context, case, effective_on=date(2001, 1, 1), letter=""))
    assert wrong.value.fields.keys() == {"effective_on"}
    seen = a_drop(context, case, letter="")
    reported(context, "U0ANA")
    with pytest.raises(Outdated):
        draft_for_drop(context, seen)


def test_the_second_manager_reads_the_letter_as_the_first_left_it_until_the_terms_change(
    database: Database, clock: FrozenClock
) -> None:
    one = a_context(database, clock)
    context = replace(one, policy=replace(one.policy, approvals_to_drop=2))
    case = before_a_decision(context, clock)
    drop(context, a_drop(context, case, letter="As Priya wrote it."))
    same = a_drop(context, case, by="U0BRAD", letter="")
    assert draft_for_drop(context, same).letter == "As Priya wrote it."
    later = a_drop(context, case, by="U0BRAD", letter="", review_on=context.today() + timedelta(days=99))
    assert f"Until {day(later.review_on)}." in draft_for_drop(context, later).letter


def test_on_a_later_day_the_second_manager_reads_the_first_ones_letter_with_the_dates_of_that_day(
    database: Database, clock: FrozenClock
) -> None:
    one = a_context(database, clock)
    context = replace(one, policy=replace(one.policy, approvals_to_drop=2))
    case = before_a_decision(context, clock)
    terms = {"effective_on": context.today() + timedelta(days=30), "review_on": context.today() + timedelta(days=180)}
    first = draft_for_drop(context, a_drop(context, case, letter="", **terms)).letter
    drop(context, a_drop(context, case, letter=f"{first}\nWe wish you well.", **terms))
    clock.forward(days=3)
    read_from_slack(context)
    letter = draft_for_drop(context, a_drop(context, case, by="U0BRAD", letter="", **terms)).letter
    fresh = draft_for_drop(one, a_drop(one, case, by="U0BRAD", letter="", **terms)).letter
    assert fresh != first
    assert letter == f"{fresh}\nWe wish you well."
    sent = drop(context, a_drop(context, case, by="U0BRAD", letter=letter, **terms)).decision
    assert sent
    assert (sent.letter, sent.objection_until) == (letter, objection_deadline(clock(), context.policy))


def test_keeping_with_conditions_has_a_letter_and_without_them_none(context: Context, clock: FrozenClock) -> None:
    case = before_a_decision(context, clock)
    drafted = keep_or_draft(context, a_keep(context, case, letter=""))
    assert isinstance(drafted, Drafted)
    assert "- Please contact us in writing only, at care@larkspur.example. We" in drafted.letter
    with pytest.raises(Wrong) as wrong:
        keep(context, a_keep(context, case, letter=" "))
    assert wrong.value.fields.keys() == {"letter"}
    kept = keep_or_draft(context, a_keep(context, case, conditions=(), letter=""))
    assert isinstance(kept, RecordedCase)
    assert kept.decision
    assert kept.decision.letter is None


def test_the_answer_to_an_objection_is_drafted_from_what_was_answered(later: Later) -> None:
    case = later.dropped()
    later.objects(case)
    command = AnswerObjection(someone("U0BRAD"), case, Answer.CANCELLED, "He has left.", "")
    drafted = draft_for_answer(later.context, command)
    assert "We have cancelled the decision." in drafted.letter
    assert "Why\nHe has left." in drafted.letter
    answered = later.answer(case, Answer.CANCELLED, letter=drafted.letter).decision_history.objection
    assert answered
    assert answered.letter == drafted.letter.strip()
