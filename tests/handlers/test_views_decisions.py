"""What became of a decision, as managers and reps read it, within Slack's limits and with nothing of theirs parsed."""

from datetime import date

import pytest
from hypothesis import given

from bot.rules.case_files import CaseFile, DecisionHistory, ReportFile
from bot.rules.cases import Outcome
from bot.rules.decisions import Decision
from bot.rules.objections import AppealAnswer
from bot.rules.policy.policy import Policy
from bot.usecases.shared.letters import Drafted
from bot.usecases.transport import Message
from handlers.blockkit.blocks import View
from handlers.cases.notice import case_notice
from handlers.decisions import lesson, review
from handlers.names import BlockId
from handlers.objections import appeal
from handlers.reports.rep_message import report_notice
from tests.handlers import decision_samples as after
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import every, mrkdwn, policies, shown, taken, wildly


def notices(file: CaseFile, policy: Policy) -> list[Message]:
    rounds = range(len(file.decision_history.reviews) + 1)
    return [
        case_notice(file, policy),
        *(review.review_notice(file, policy, round_) for round_ in rounds),
        appeal.appeal_notice(file, policy),
        lesson.lesson_notice(file),
    ]


def forms(file: CaseFile, decision: Decision, policy: Policy) -> list[View]:
    return [
        review.renew_form(file, policy, decision, sample.TODAY),
        review.lapse_form(file, decision),
        review.review_recorded(sample.recorded(file)),
        appeal.appeal_form(file, policy),
        *(appeal.appeal_answer_form(file, policy, answer, sample.TODAY) for answer in appeal.FORMS),
        *(appeal.answer_letter_form(Drafted(file, sample.an_answer(answer), "")) for answer in appeal.FORMS),
        appeal.appeal_recorded(sample.recorded(file)),
        appeal.appeal_answered(sample.recorded(file)),
        lesson.lesson_form(file),
        lesson.lesson_recorded(sample.recorded(file)),
    ]


def buttons(message: Message) -> list[str]:
    return [each["text"]["text"] for each in every(message.blocks) if each.get("type") == "button"]


@wildly
@given(file=after.wild_decided, policy=policies)
def test_every_message_of_any_data_is_taken(file: CaseFile, policy: Policy) -> None:
    for message in notices(file, policy):
        taken(message)
        assert not any("evil" in said or "<!channel>" in said for said in mrkdwn(message.blocks))
        assert "<!channel>" not in message.text


@wildly
@given(file=after.wild_decided, policy=policies)
def test_every_form_of_any_data_is_shown(file: CaseFile, policy: Policy) -> None:
    assert file.decision is not None
    for view in forms(file, file.decision, policy):
        shown(view)
        assert not any("evil" in said or "<!channel>" in said for said in mrkdwn(view["blocks"]))


@wildly
@given(file=after.wild_decided_reports, policy=policies)
def test_a_reps_message_of_any_data_is_taken(file: ReportFile, policy: Policy) -> None:
    taken(report_notice(file, policy))


@pytest.mark.parametrize(
    ("state", "title", "says"),
    [
        ("a drop in time for an appeal", "Zenith Corp is dropped", "may object once, until"),
        ("a plain keep", "Zenith Corp stays", "They have apologised."),
        ("under appeal", "Zenith Corp is dropped", "The customer objected"),
        ("upheld", "Zenith Corp is dropped", "After an objection, it stands by <@U0BRAD>"),
        ("changed", "Kept after an objection: Zenith Corp", "Before, it was to drop them on 30 Nov 2025"),
        ("overturned", "Cancelled after an objection: Zenith Corp", "He was the only one who shouted."),
        ("moot", "Lapsed: Zenith Corp", "The objection needs no answer any more"),
        ("renewed", "Zenith Corp is dropped", "until 22 Nov 2026: “It went on.”"),
        ("lapsed", "Lapsed: Zenith Corp", "nobody renewed it by its review date, 22 May 2026."),
        ("let lapse", "Ended: Zenith Corp", "They have apologised."),
    ],
)
def test_the_case_notice_says_what_became_of_the_decision(state: str, title: str, says: str) -> None:
    message = case_notice(after.STATES[state], sample.POLICY)
    assert message.blocks[0]["text"]["text"] == title
    assert says in message.text


@pytest.mark.parametrize("state", after.STATES)
def test_an_appeal_is_offered_only_until_its_deadline(state: str) -> None:
    offered = "Record an objection" in buttons(case_notice(after.STATES[state], sample.POLICY))
    assert offered is (state == "a drop in time for an appeal")


@pytest.mark.parametrize("state", after.STATES)
def test_a_review_date_is_shown_only_while_a_review_is_due(state: str) -> None:
    named = "Review 22" in case_notice(after.STATES[state], sample.POLICY).text
    assert named is (state not in {"a plain keep", "overturned", "moot", "lapsed", "let lapse"})


def test_a_review_asks_with_the_reports_since_and_later_says_how_it_ended() -> None:
    file = after.decided(after=DecisionHistory(since=2))
    asked = review.review_notice(file, sample.POLICY, 0)
    assert buttons(asked) == ["Renew", "Let it lapse", "See the case"]
    assert "2 reports." in asked.text
    assert "It ends with the business of 22 May 2026 unless it is renewed" in asked.text
    renewed = review.review_notice(after.STATES["renewed"], sample.POLICY, 0)
    assert renewed.text.startswith("Renewed: Zenith Corp")
    assert buttons(renewed) == []
    assert buttons(review.review_notice(after.STATES["renewed"], sample.POLICY, 1)) == buttons(asked)
    assert buttons(review.review_notice(after.STATES["overturned"], sample.POLICY, 0)) == []


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("under appeal", "Answer by"),
        ("overdue", "*Overdue since"),
        ("no manager left", "No manager is left who took no part."),
        ("nobody left", "Nobody is left who took no part, not even a director."),
    ],
)
def test_an_open_appeal_says_who_has_to_answer_it(state: str, says: str) -> None:
    message = appeal.appeal_notice(after.STATES[state], sample.POLICY)
    assert says in message.text
    assert "The man who shouted has left the company." in message.text
    assert buttons(message) == ["It stands", "Change the decision", "Cancel the decision", "See the case"]


@pytest.mark.parametrize("state", ["upheld", "changed", "overturned", "moot"])
def test_an_answered_appeal_has_no_buttons(state: str) -> None:
    message = appeal.appeal_notice(after.STATES[state], sample.POLICY)
    assert buttons(message) == []
    assert message.text.startswith("Objection ")


def test_a_drop_may_be_changed_to_keeping_and_keeping_only_to_other_conditions() -> None:
    drop = appeal.appeal_answer_form(after.STATES["under appeal"], sample.POLICY, AppealAnswer.CHANGED, sample.TODAY)
    kept = after.decided(sample.KEEP, DecisionHistory(appeal=after.APPEAL))
    keep = appeal.appeal_answer_form(kept, sample.POLICY, AppealAnswer.CHANGED, sample.TODAY)
    asked = [{block.get("block_id") for block in form["blocks"]} for form in (drop, keep)]
    assert asked[0] - asked[1] == {BlockId.CHOICE, BlockId.EFFECTIVE_ON}
    (ticked,) = [each["initial_options"] for each in every(keep["blocks"]) if "initial_options" in each]
    assert [option["value"] for option in ticked] == list(sample.KEEP.conditions)


@pytest.mark.parametrize("today", [date(2025, 11, 20), date(2026, 5, 8), date(2026, 5, 22)])
def test_the_proposed_next_review_is_a_valid_one(today: date) -> None:
    file = after.decided()
    assert file.decision is not None
    form = review.renew_form(file, sample.POLICY, file.decision, today)
    (proposed,) = [date.fromisoformat(each["initial_date"]) for each in every(form["blocks"]) if "initial_date" in each]
    assert file.decision.review_on < proposed <= date(today.year + 1, today.month, today.day)


def test_what_an_appeal_changed_is_reviewed_with_the_appeals_own_reason() -> None:
    asked = review.review_notice(after.STATES["changed"], sample.POLICY, 0).text
    assert "The customer was kept with conditions, as changed after an objection by <@U0BRAD>" in asked
    assert "He was the only one who shouted." in asked
    assert sample.KEEP.rationale not in asked


def test_a_lesson_asks_why_and_later_says_what_was_learnt() -> None:
    asked = lesson.lesson_notice(after.decided())
    assert buttons(asked) == ["Look back", "See the case"]
    assert "Firms seldom ask why they lost an account." in asked.text
    told = lesson.lesson_notice(after.STATES["learnt from"])
    assert buttons(told) == []
    assert "Warn earlier." in told.text
    assert "worth £18,000 a year" in told.text


@pytest.mark.parametrize(
    ("state", "says", "held"),
    [
        ("under appeal", "The customer objected", True),
        ("upheld", "After an objection, it stands", True),
        ("changed", "So now we keep them, with conditions.", True),
        ("renewed", "until 22 Nov 2026: “It went on.”", True),
        ("overturned", "Cancelled after an objection", False),
        ("lapsed", "nobody renewed it", False),
        ("let lapse", "They have apologised.", False),
    ],
)
def test_a_rep_reads_what_became_of_the_decision_and_what_to_do_from_now_on(
    state: str, says: str, *, held: bool
) -> None:
    file = after.STATES[state]
    case = sample.ended(Outcome.DROPPED)
    told = report_notice(
        sample.a_report_file(case=case, decision=file.decision, decision_history=file.decision_history), sample.POLICY
    ).text
    assert says in told
    assert ("The decision is over" in told) is not held
    assert (f"“{sample.DROP.rationale}”" in told) is (held and state != "changed")
    guided = "If they get in touch again before 30 Nov 2025" in told or "Contact in writing only" in told
    assert guided is held
