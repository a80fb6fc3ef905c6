"""Management's notice: all that is needed to act, and the buttons of the rung; afterwards how it ended."""

from dataclasses import replace

import pytest

from bot.rules.case_files import CaseFile, Closing, Excluded
from bot.rules.cases import Left, Outcome
from bot.rules.customers import Safeguard
from bot.rules.hearings import Hearing
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Denial
from bot.rules.warnings import Delivery
from bot.usecases.transport import Message
from handlers.cases.notice import case_notice
from handlers.cases.reminders import escalation_notice, overdue_note, reminder
from handlers.decisions.lesson import lesson_notice
from handlers.decisions.review import review_notice
from handlers.hearings.hearing import hearing_notice
from handlers.names import ActionId
from handlers.objections.appeal import appeal_notice
from handlers.shared.report_lines import EXCERPT, SHOWN, reports_view
from tests.handlers import decision_samples as after
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import every, texts

ALWAYS = (ActionId.RECUSE, ActionId.READ_IN_FULL)


def drawn(file: CaseFile) -> Message:
    return case_notice(file, sample.POLICY)


def buttons(message: Message) -> list[tuple[str, str]]:
    found = [each for each in every(message.blocks) if each.get("type") == "button"]
    return [(each["action_id"], each["value"]) for each in found]


def acts(file: CaseFile) -> list[str]:
    return [action for action, _ in buttons(drawn(file))]


def test_a_decision_is_asked_for_with_everything_beside_it() -> None:
    said = drawn(sample.a_file()).text
    for fact in (
        "Decide: Zenith Corp",
        "Due <!date^",
        "case 12",
        "Standing under review",
        "£18,000 a year",
        "<@U0BRAD> (takes no part)",
        "of 6 points, came after a warning that was delivered on 13 October 2025",
        "5 reports by 3 reps in all, 9 points that count",
        "Verbal abuse, severe · “They will pay when I beg.”",
        "and 2 older",
        "Warning issued by <@U0PRIYA>",
        "delivered by e-mail",
        "Safeguards none recorded",
        "case 5 warned",
    ):
        assert fact in said, fact


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (sample.a_file(), [ActionId.APPROVE_DROP, ActionId.KEEP_CUSTOMER, ActionId.HEAR_BOTH_SIDES, *ALWAYS]),
        (sample.for_warning(), [ActionId.ISSUE_WARNING, ActionId.NOT_NOW, *ALWAYS]),
        (
            sample.for_warning(warnings=(sample.undelivered(),)),
            [ActionId.MARK_DELIVERED, ActionId.NOT_NOW, ActionId.READ_LETTER, *ALWAYS],
        ),
        (sample.a_file(case=sample.a_case(Rung.HEAR)), [ActionId.TAKE_HEARING, *ALWAYS]),
    ],
)
def test_the_buttons_are_those_of_the_rung(file: CaseFile, expected: list[str]) -> None:
    assert acts(file) == expected
    assert {value for _, value in buttons(drawn(file))} == {"case:12:3"}


@pytest.mark.parametrize("outcome", Outcome)
def test_an_ended_case_has_no_buttons(outcome: Outcome) -> None:
    for decision in (None, sample.DROP, sample.KEEP):
        assert buttons(drawn(sample.a_file(case=sample.ended(outcome), decision=decision))) == []


def test_a_warning_of_an_earlier_case_is_not_taken_for_this_ones() -> None:
    earlier = replace(sample.undelivered(), case=5)
    assert ActionId.ISSUE_WARNING in acts(sample.for_warning(warnings=(earlier,)))


def test_a_drop_says_who_decided_when_and_why() -> None:
    said = drawn(sample.dropped()).text
    for fact in (
        "Dropped: Zenith Corp",
        "Decided by <@U0PRIYA>",
        "“Third rep in six weeks, after a clear warning.”",
        "Takes effect 30 Nov 2025",
        "Review 22 May 2026",
        "Abuse after a warning",
    ):
        assert fact in said, fact


def test_a_customer_who_is_kept_is_shown_with_their_conditions() -> None:
    said = drawn(sample.kept()).text
    assert "Kept: Zenith Corp" in said
    assert "Written contact only and One named contact" in said


def test_a_case_without_a_warning_says_whose_choice_that_was_and_why() -> None:
    closing = Closing("U0PRIYA", sample.NOW, "One bad day.")
    said = drawn(sample.for_warning(case=sample.ended(Outcome.NOT_NOW, Rung.WARN), closing=closing)).text
    assert "No warning for now: Zenith Corp" in said
    assert "By <@U0PRIYA>" in said
    assert "“One bad day.”" in said


def test_a_case_that_fell_away_says_so_and_names_nobody() -> None:
    said = drawn(sample.a_file(case=sample.ended(Outcome.WITHDRAWN), closing=Closing(None, sample.NOW, None))).text
    assert "The reports on which it rested were withdrawn" in said
    assert "<@" not in said


REPS = ("U0ANA", "U0JOE", "U0MIA")
STATES = {
    "open": sample.a_file(),
    "doubted": sample.a_file(reports=(sample.a_report(withdrawn_at=sample.NOW),)),
    "late": sample.a_file(overdue=True),
    "left to the directors": sample.a_file(case=sample.a_case(left=Left.DIRECTORS)),
    "ended": sample.a_file(case=sample.ended(Outcome.KEPT)),
    **after.STATES,
}


@pytest.mark.parametrize("state", STATES)
def test_no_message_about_a_case_names_a_rep_not_even_as_one_who_takes_no_part(state: str) -> None:
    file = replace(STATES[state], excluded=(Excluded("U0ANA", "reporter"), Excluded("U0BRAD", "owner")))
    link = "https://slack.example/1"
    shown = [
        case_notice(file, sample.POLICY),
        reminder(file, link),
        overdue_note(file, link),
        escalation_notice(file, sample.POLICY, "U0RUTH", link),
        appeal_notice(file, sample.POLICY),
        review_notice(file, sample.POLICY, 0),
        lesson_notice(file),
    ]
    assert [rep for rep in REPS for message in shown if rep in f"{message.text} {message.blocks}"] == []


def test_who_takes_no_part_any_more_is_offered_nothing_in_their_direct_messages() -> None:
    file = replace(after.STATES["under appeal"], excluded=(Excluded("U0RUTH", "owner"),))
    asked = Hearing(1, 12, "U0RUTH", sample.NOW, "U0PRIYA", "Who shouted first?")
    for message in (appeal_notice(file, sample.POLICY, "U0RUTH"), hearing_notice(file, asked)):
        assert "You take no part in this case any more." in message.text
        assert not [each for each in every(message.blocks) if each.get("type") == "button"]
    assert "Uphold" in appeal_notice(file, sample.POLICY, "U0DAN").text


def test_the_newest_five_reports_are_shown_and_the_others_counted() -> None:
    reports = tuple(sample.a_report(n, narrative=f"story {n} " + "x" * 300) for n in range(40, 0, -1))
    message = drawn(sample.a_file(reports=reports, older=3))
    assert [n for n in range(1, 41) if f"story {n} " in message.text] == [36, 37, 38, 39, 40]
    assert f"and {40 - SHOWN + 3} older" in message.text
    assert all(len(said) <= EXCERPT + 60 for said in texts(message.blocks) if "story" in said)


def test_a_withdrawn_report_shows_that_it_is_and_not_what_it_said() -> None:
    report = sample.a_report(narrative="taken back", withdrawn_at=sample.NOW)
    said = drawn(sample.a_file(reports=(report,))).text
    assert "withdrawn by who reported it" in said
    assert "taken back" not in said


def test_what_their_reporters_doubt_is_marked() -> None:
    report = sample.a_report()
    doubted = replace(report, incident=replace(report.incident, doubted=True))
    assert "may have been a misunderstanding" in drawn(sample.a_file(reports=(doubted,))).text


def test_safeguards_are_shown_with_their_notes() -> None:
    safeguard = Safeguard("health", "Told us of a stroke", "Be patient", None, "U0PRIYA", sample.NOW)
    assert "Safeguard Health: Told us of a stroke" in drawn(sample.a_file(safeguards=(safeguard,))).text


def test_an_urgent_case_says_so_in_words() -> None:
    assert "*Urgent*" in drawn(sample.a_file(case=sample.a_case(urgent=True))).text


def test_where_the_policy_asks_for_another_step_by_now_the_reasons_are_called_what_they_are() -> None:
    moved = sample.a_file(case=sample.a_case(Rung.HEAR))
    assert "What the policy says now." in drawn(moved).text
    assert "Why you are asked." in drawn(sample.a_file()).text


def test_a_first_approval_of_two_is_named() -> None:
    policy = replace(sample.POLICY, approvals_to_drop=2)
    said = case_notice(sample.a_file(approvals=(sample.APPROVAL,)), policy).text
    assert "Approved so far by <@U0PRIYA>. 2 approvals are needed" in said


def test_who_stepped_aside_is_named() -> None:
    assert (
        "Takes no part <@U0RUTH> stepped aside." in drawn(sample.a_file(excluded=(Excluded("U0RUTH", "recused"),))).text
    )


@pytest.mark.parametrize(
    ("read_since", "said"),
    [
        ({}, "not confirmed yet as a colleague"),
        ({"U0ANA": None}, "confirmed as a colleague since"),
        ({"U0ANA": Denial.DEACTIVATED}, "confirmed as a colleague since"),
        ({"U0ANA": Denial.GUEST}, "by a guest, who may not report"),
        ({"U0ANA": Denial.OUTSIDER}, "by somebody from another firm, who may not report"),
        ({"U0ANA": Denial.BOT}, "by a bot, which may not report"),
    ],
)
def test_a_report_by_somebody_who_was_not_known_is_marked(read_since: dict[str, Denial | None], said: str) -> None:
    for withdrawn_at in (None, sample.NOW):
        report = replace(sample.a_report(214, "U0ANA"), reporter_known=False, withdrawn_at=withdrawn_at)
        file = sample.a_file(reports=(report,), read_since=read_since)
        assert said in " ".join(texts(reports_view(file, sample.POLICY)))
        known = replace(file, reports=(replace(report, reporter_known=True),))
        assert said not in " ".join(texts(reports_view(known, sample.POLICY)))


def test_the_reports_are_read_in_full_with_their_evidence() -> None:
    report = sample.a_report(narrative="line one\n\nline two " + "x" * 2_900)
    view = reports_view(sample.a_file(reports=(report,)), sample.POLICY)
    assert report.narrative in texts(view)
    assert [each["url"] for each in every(view) if each.get("type") == "link"] == ["https://crm.example/1"]


def test_reports_that_do_not_fit_are_counted() -> None:
    reports = tuple(sample.a_report(n, narrative="é" * 3_000) for n in range(60, 0, -1))
    view = reports_view(sample.a_file(reports=reports), sample.POLICY)
    read = sum(1 for said in texts(view) if said.startswith("Report "))
    assert read < 60
    assert f"{60 - read} reports more do not fit here" in " ".join(texts(view))


def test_every_way_of_delivery_and_every_ending_has_words() -> None:
    for how in Delivery:
        warning = replace(sample.WARNING, delivered_how=how)
        assert "delivered" in drawn(sample.a_file(warnings=(warning,))).text
    for outcome in Outcome:
        assert "Zenith Corp" in drawn(sample.a_file(case=sample.ended(outcome), closing=None)).text
