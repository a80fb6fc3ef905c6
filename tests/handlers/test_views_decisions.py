"""What became of a decision, as managers and reps read it, within Slack's limits and with nothing of theirs parsed."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from bot.rules.case_files import CaseFile, DecisionHistory, ReportFile
from bot.rules.cases import Outcome
from bot.rules.decisions import Approval, Decision
from bot.rules.objections import Answer
from bot.rules.policy.policy import Policy
from bot.rules.refusals import Outdated
from bot.usecases.shared.letters import Drafted
from bot.usecases.transport import Message
from handlers.blockkit.blocks import View
from handlers.button_values import case_and_version
from handlers.cases.case_view import case_view
from handlers.cases.notice import case_notice
from handlers.decisions import lesson, review
from handlers.decisions.forms import drop_form, drop_letter_form, keep_form
from handlers.names import BlockId, CallbackId
from handlers.objections import objection
from handlers.reports.rep_message import report_notice
from handlers.shared.outdated import form_with_news
from tests.handlers import decision_samples as after
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import every, mrkdwn, policies, shown, taken, texts, wildly


def notices(file: CaseFile, policy: Policy) -> list[Message]:
    rounds = range(len(file.decision_history.reviews) + 1)
    return [
        case_notice(file, policy),
        *(review.review_notice(file, policy, round_) for round_ in rounds),
        objection.objection_notice(file, policy),
        lesson.lesson_notice(file),
    ]


def forms(file: CaseFile, decision: Decision, policy: Policy) -> list[View]:
    return [
        review.renew_form(file, policy, decision, sample.TODAY),
        review.lapse_form(file, decision),
        review.review_recorded(sample.recorded(file)),
        objection.objection_form(file),
        objection.answer_form(file, policy, sample.TODAY),
        *(
            objection.answer_letter_form(Drafted(file, sample.an_answer(each), ""), policy)
            for each in objection.ABOUT_DECISION
        ),
        objection.objection_recorded(sample.recorded(file)),
        objection.objection_answered(sample.recorded(file)),
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
        ("a drop in time for an objection", "Zenith Corp is dropped", "may object once, until"),
        ("a plain keep", "Zenith Corp is kept", "They have apologised."),
        ("objected to", "Zenith Corp is dropped", "The customer objected"),
        ("stands", "Zenith Corp is dropped", "<@U0BRAD> answered the objection on <!date"),
        ("changed", "Kept after an objection: Zenith Corp", "Before, it was: drop them on 30 Nov 2025"),
        ("cancelled", "Decision cancelled after an objection: Zenith Corp", "He was the only one who shouted."),
        ("moot", "Decision lapsed: Zenith Corp", "The objection needs no answer any more"),
        ("renewed", "Zenith Corp is dropped", "until 22 Nov 2026: “It went on.”"),
        ("lapsed", "Decision lapsed: Zenith Corp", "nobody renewed the decision by 22 May 2026."),
        ("let lapse", "Decision ended: Zenith Corp", "They have apologised."),
    ],
)
def test_the_case_notice_says_what_became_of_the_decision(state: str, title: str, says: str) -> None:
    message = case_notice(after.STATES[state], sample.POLICY)
    assert message.blocks[0]["text"]["text"] == title
    assert says in message.text


@pytest.mark.parametrize("state", after.STATES)
def test_an_objection_is_offered_only_until_its_deadline(state: str) -> None:
    offered = "Record an objection" in buttons(case_notice(after.STATES[state], sample.POLICY))
    assert offered is (state == "a drop in time for an objection")


@pytest.mark.parametrize("state", after.STATES)
def test_a_review_date_is_shown_only_while_a_review_is_due(state: str) -> None:
    named = "Review 22" in case_notice(after.STATES[state], sample.POLICY).text
    assert named is (state not in {"a plain keep", "cancelled", "moot", "lapsed", "let lapse"})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "approved the same, with this letter. If you change it, your letter is the one to send."),
        ({"letter": "Dear Zenith, …"}, "This is their letter with today's dates"),
        ({"effective_on": date(2025, 12, 24)}, "If you send this, that approval ends, and another manager"),
        ({"reason_class": "conduct"}, "If you send this, that approval ends, and another manager"),
    ],
)
def test_the_second_approver_reads_how_their_drop_differs_from_the_first(given: dict[str, Any], says: str) -> None:
    drop = sample.A_DROP
    first = replace(sample.DROP, effective_on=drop.effective_on, review_on=drop.review_on, letter="Dear …")
    file = sample.a_file(approvals=(Approval(replace(first, **given), 3),))
    assert says in " ".join(texts(drop_letter_form(Drafted(file, drop, "Dear …"), sample.POLICY)))
    assert says not in " ".join(texts(drop_letter_form(Drafted(sample.a_file(), drop, "Dear …"), sample.POLICY)))


def test_the_third_approver_reads_why_both_others_approved_and_that_other_terms_end_both() -> None:
    drop, policy = sample.A_DROP, replace(sample.POLICY, approvals_to_drop=3)
    terms = replace(sample.DROP, effective_on=drop.effective_on, review_on=drop.review_on, letter="Dear …")
    both = (Approval(replace(terms, by="U0TOM", rationale="He screamed."), 3), Approval(terms, 4))
    shown = " ".join(texts(drop_form(sample.a_file(approvals=both), policy, sample.TODAY)))
    assert "He screamed." in shown
    assert terms.rationale in shown
    other = replace(drop, effective_on=date(2025, 12, 24))
    said = " ".join(texts(drop_letter_form(Drafted(sample.a_file(approvals=both), other, "Dear …"), policy)))
    assert "approved other dates or another reason. If you send this, their approvals end" in said


def test_a_decision_says_whose_letter_goes_out_where_the_approvers_differ() -> None:
    file = replace(sample.dropped(), decision=replace(sample.DROP, by="U0BRAD", approved_by=("U0PRIYA",)))
    other = replace(file, approvals=(Approval(replace(sample.DROP, letter="Dear Zenith, …"), 3),))
    says = "<@U0BRAD> wrote the letter; <@U0PRIYA> approved another one."
    assert says in case_notice(other, sample.POLICY).text
    assert says not in case_notice(replace(file, approvals=(sample.APPROVAL,)), sample.POLICY).text
    assert case_view(sample.in_full(other), sample.POLICY) != case_view(sample.in_full(file), sample.POLICY)


def test_a_condition_to_tick_has_three_points_where_its_value_will_stand() -> None:
    form = keep_form(sample.a_file(), sample.POLICY, sample.TODAY)
    (boxes,) = [block for block in form["blocks"] if block.get("block_id") == BlockId.CONDITIONS]
    said = [option["description"]["text"] for option in boxes["element"]["options"]]
    assert "Contact in writing only, to … Do not take calls" in " ".join(said)


@pytest.mark.parametrize(("callback", "joins"), [(CallbackId.DROP_FORM, True), (CallbackId.KEEP_FORM, False)])
def test_a_form_with_news_names_who_approved_meanwhile_and_what(callback: CallbackId, *, joins: bool) -> None:
    policy, file = sample.POLICY, sample.a_file()
    draw = drop_form if callback is CallbackId.DROP_FORM else keep_form
    again = form_with_news(draw(file, policy, sample.TODAY), Outdated(12, 9, (), "", (sample.APPROVAL,)))
    assert again
    said = str(again["blocks"][0])
    assert "U0PRIYA" in said
    assert "from 30 Nov 2025, until the review on 22 May 2026." in said
    assert sample.DROP.rationale in said
    assert ("press Approve drop again" in said) is joins


def test_a_form_to_answer_an_objection_with_news_says_who_renewed_the_decision_and_asks_to_correct_the_letter() -> None:
    file = after.STATES["objected to"]
    steps = (
        objection.answer_form(file, sample.POLICY, sample.TODAY),
        objection.answer_letter_form(Drafted(file, sample.an_answer(Answer.STANDS), ""), sample.POLICY),
    )
    for step, letter in zip(steps, (False, True), strict=True):
        again = form_with_news(step, Outdated(12, 9, renewals=(after.RENEWED,)))
        assert again
        said = str(again["blocks"][0])
        assert "U0BRAD" in said
        assert "the next review is on 22 Nov 2026." in said
        assert ("Your letter was drafted before that." in said) is letter
        assert case_and_version(again["private_metadata"].removesuffix(":stands")) == (12, 9)


def test_a_review_asks_with_the_reports_since_and_later_says_how_it_ended() -> None:
    file = after.decided(after=DecisionHistory(since=2))
    asked = review.review_notice(file, sample.POLICY, 0)
    assert buttons(asked) == ["Renew", "Let it lapse", "See the case"]
    assert "2 reports." in asked.text
    assert "It ends at the close of business on 22 May 2026 unless a manager renews it" in asked.text
    renewed = review.review_notice(after.STATES["renewed"], sample.POLICY, 0)
    assert renewed.text.startswith("Decision renewed: Zenith Corp")
    assert buttons(renewed) == []
    assert buttons(review.review_notice(after.STATES["renewed"], sample.POLICY, 1)) == buttons(asked)
    assert buttons(review.review_notice(after.STATES["cancelled"], sample.POLICY, 0)) == []


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("objected to", "Answer by"),
        ("overdue", "*Overdue since"),
        ("no manager left", "No manager is left who may answer."),
        ("no manager left", "The directors answer."),
        ("nobody left", "Nobody is left who may answer, not even a director."),
    ],
)
def test_an_open_objection_says_who_has_to_answer_it(state: str, says: str) -> None:
    message = objection.objection_notice(after.STATES[state], sample.POLICY)
    assert says in message.text
    assert "The man who shouted has left the company." in message.text
    assert buttons(message) == ["Answer the objection", "See the case"]


@pytest.mark.parametrize("state", ["stands", "changed", "cancelled", "moot"])
def test_an_answered_objection_has_no_buttons(state: str) -> None:
    message = objection.objection_notice(after.STATES[state], sample.POLICY)
    assert buttons(message) == []
    assert message.text.startswith("Objection ")


def test_a_drop_may_be_changed_to_keeping_and_keeping_only_to_other_conditions() -> None:
    drop = objection.answer_form(after.STATES["objected to"], sample.POLICY, sample.TODAY)
    kept = after.decided(sample.KEEP, DecisionHistory(objection=after.OBJECTION))
    keep = objection.answer_form(kept, sample.POLICY, sample.TODAY)
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


def test_what_an_objection_changed_is_reviewed_with_the_reason_of_its_answer() -> None:
    asked = review.review_notice(after.STATES["changed"], sample.POLICY, 0).text
    assert "The customer was kept with conditions: <@U0BRAD> changed the decision on" in asked
    assert "He was the only one who shouted." in asked
    assert sample.KEEP.rationale not in asked


def test_a_lesson_asks_why_and_later_says_what_was_learnt() -> None:
    asked = lesson.lesson_notice(after.decided())
    assert buttons(asked) == ["Look back", "See the case"]
    assert "may help you to keep the next account." in asked.text
    received = lesson.lesson_notice(after.STATES["learnt from"])
    assert buttons(received) == []
    assert "Warn earlier." in received.text
    assert "worth £18,000 a year" in received.text


@pytest.mark.parametrize(
    ("state", "says", "held"),
    [
        ("objected to", "The customer objected", True),
        ("stands", "answered the objection", True),
        ("changed", "So now we keep them, with conditions.", True),
        ("renewed", "until 22 Nov 2026: “It went on.”", True),
        ("cancelled", ": it is cancelled.", False),
        ("lapsed", "nobody renewed the decision", False),
        ("let lapse", "They have apologised.", False),
    ],
)
def test_a_rep_reads_what_became_of_the_decision_and_what_to_do_from_now_on(
    state: str, says: str, *, held: bool
) -> None:
    file = after.STATES[state]
    case = sample.ended(Outcome.DROPPED)
    received = report_notice(
        sample.a_report_file(case=case, decision=file.decision, decision_history=file.decision_history), sample.POLICY
    ).text
    assert says in received
    assert ("The decision has ended" in received) is not held
    assert (f"“{sample.DROP.rationale}”" in received) is (held and state != "changed")
    guided = "If they get in touch again before 30 Nov 2025" in received or "Contact in writing only" in received
    assert guided is held
