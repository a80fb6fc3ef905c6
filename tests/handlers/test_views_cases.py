"""Management's notice: all that is needed to act, and the buttons of the rung; afterwards how it ended."""

import re
from dataclasses import replace

import pytest

from bot.rules.case_files import CaseFile, Closing, Excluded
from bot.rules.cases import Case, Left, Outcome
from bot.rules.customers import Safeguard
from bot.rules.decisions import Approval
from bot.rules.hearings import Hearing
from bot.rules.policy.verdicts import Reason, Rule, Rung, Severity
from bot.rules.refusals import Denial
from bot.rules.reports import Evidence
from bot.rules.warnings import Delivery
from bot.usecases.transport import Message
from handlers.cases.case_view import case_view
from handlers.cases.notice import case_notice, title
from handlers.cases.reminders import asked_notice, escalation_notice, overdue_note
from handlers.decisions.lesson import lesson_notice
from handlers.decisions.review import review_notice
from handlers.hearings.hearing import hearing_notice
from handlers.names import ActionId
from handlers.objections.objection import objection_notice
from handlers.shared.report_lines import EXCERPT
from tests.handlers import decision_samples as after
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import every, texts

SEE = "list:case"
MOST_WORDS = 80


def drawn(file: CaseFile) -> Message:
    return case_notice(file, sample.POLICY)


def buttons(message: Message) -> list[tuple[str, str]]:
    found = [each for each in every(message.blocks) if each.get("type") == "button"]
    return [(each["action_id"], each["value"]) for each in found]


def in_full(file: CaseFile) -> str:
    return " ".join(texts(case_view(sample.in_full(file), sample.POLICY)))


def acts(file: CaseFile) -> list[str]:
    return [action for action, _ in buttons(drawn(file))]


@pytest.mark.parametrize("name", ["Z" * 140, "Zenith & Sons " * 10])
@pytest.mark.parametrize("case", [sample.a_case(rung=rung) for rung in Rung] + [sample.ended(end) for end in Outcome])
def test_a_title_cuts_a_long_name_and_nothing_else(case: Case, name: str) -> None:
    customer = replace(sample.CUSTOMER, name=name)
    short = title(sample.a_file(case=case))
    shown = drawn(sample.a_file(case=case, customer=customer)).blocks[0]["text"]["text"]
    before, _, after = short.partition("Zenith Corp")
    assert shown.startswith(f"{before}Z")
    assert shown.endswith(after)


def test_a_decision_is_asked_for_in_few_words_and_everything_is_in_the_case() -> None:
    said, whole = drawn(sample.a_file()).text, in_full(sample.a_file())
    for fact in (
        "Drop or keep Zenith Corp?",
        "By <!date^",
        "case 12",
        "5 reports by 3 reps · again after the warning of 13 October 2025 · £18,000 a year",
        "“He screamed until I hung up.” · ",
    ):
        assert fact in said, fact
    for fact in (
        "under review",
        "of 6 points, came after a warning that was delivered on 13 October 2025",
        "5 reports by 3 reps in all, 9 points",
        "delivered by e-mail",
        "case 5: warned",
        "They will pay when I beg.",
        "Idiot, he said.",
    ):
        assert fact in whole, fact


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (sample.a_file(), [ActionId.APPROVE_DROP, ActionId.KEEP_CUSTOMER, SEE]),
        (sample.for_warning(), [ActionId.ISSUE_WARNING, ActionId.NOT_NOW, SEE]),
        (
            sample.for_warning(warnings=(sample.undelivered(),)),
            [ActionId.MARK_DELIVERED, ActionId.NOT_NOW, SEE],
        ),
        (sample.a_file(case=sample.a_case(Rung.HEAR)), [ActionId.TAKE_HEARING, SEE]),
    ],
)
def test_the_buttons_are_those_of_the_rung(file: CaseFile, expected: list[str]) -> None:
    assert acts(file) == expected
    assert {value for _, value in buttons(drawn(file))} == {"case:12:3", "list:case:12:1"}


@pytest.mark.parametrize("outcome", Outcome)
def test_an_ended_case_can_only_be_seen(outcome: Outcome) -> None:
    for decision in (None, sample.DROP, sample.KEEP):
        assert buttons(drawn(sample.a_file(case=sample.ended(outcome), decision=decision))) == [(SEE, "list:case:12:1")]


def test_a_warning_of_an_earlier_case_is_not_taken_for_this_ones() -> None:
    earlier = replace(sample.undelivered(), case=5)
    assert ActionId.ISSUE_WARNING in acts(sample.for_warning(warnings=(earlier,)))


def test_a_drop_says_who_decided_when_and_why() -> None:
    said = drawn(sample.dropped()).text
    for fact in (
        "Zenith Corp is dropped",
        "Decided by <@U0PRIYA>",
        "“Third rep in six weeks, after a clear warning.”",
        "Takes effect 30 Nov 2025",
        "Review 22 May 2026",
        "Abuse after a warning",
    ):
        assert fact in said, fact


def test_a_customer_who_is_kept_is_shown_with_their_conditions() -> None:
    said = drawn(sample.kept()).text
    assert "Zenith Corp is kept" in said
    assert "Written contact only: care@larkspur.example, One named contact: <@U0BRAD>." in said


def test_a_case_without_a_warning_says_whose_choice_that_was_and_why() -> None:
    closing = Closing("U0PRIYA", sample.NOW, "One bad day.")
    said = drawn(sample.for_warning(case=sample.ended(Outcome.NOT_NOW, Rung.WARN), closing=closing)).text
    assert "Zenith Corp is not warned for now" in said
    assert "By <@U0PRIYA>" in said
    assert "“One bad day.”" in said


def test_a_case_that_fell_away_says_so_and_names_nobody() -> None:
    said = drawn(sample.a_file(case=sample.ended(Outcome.WITHDRAWN), closing=Closing(None, sample.NOW, None))).text
    assert "All reports were withdrawn" in said
    assert "<@" not in said


REPS = ("U0ANA", "U0JOE", "U0MIA")
STATES = {
    "open": sample.a_file(),
    "doubted": sample.a_file(reports=(sample.a_report(withdrawn_at=sample.NOW),)),
    "late": sample.a_file(overdue=True, directors_notified=True),
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
        asked_notice(file, sample.POLICY, "U0PRIYA"),
        overdue_note(file, link),
        escalation_notice(file, sample.POLICY, "U0RUTH", link),
        objection_notice(file, sample.POLICY),
        review_notice(file, sample.POLICY, 0),
        lesson_notice(file),
    ]
    assert [rep for rep in REPS for message in shown if rep in f"{message.text} {message.blocks}"] == []


def test_who_takes_no_part_any_more_is_offered_nothing_in_their_direct_messages() -> None:
    file = replace(after.STATES["objected to"], excluded=(Excluded("U0RUTH", "owner"),))
    asked = Hearing(1, 12, "U0RUTH", sample.NOW, "U0PRIYA", "Who shouted first?")
    for message in (objection_notice(file, sample.POLICY, "U0RUTH"), hearing_notice(file, asked)):
        assert "You cannot act on this case any more." in message.text
        assert not [each for each in every(message.blocks) if each.get("type") == "button"]
    assert "Answer the objection" in objection_notice(file, sample.POLICY, "U0DAN").text


def test_the_notice_quotes_the_worst_words_and_no_others() -> None:
    severe = sample.a_report(2, narrative="worst " + "x" * 3_000)
    minor = sample.a_report(3, narrative="newer, and minor")
    minor = replace(minor, incident=replace(minor.incident, severity=Severity.MINOR))
    gone = sample.a_report(4, narrative="taken back", withdrawn_at=sample.NOW)
    message = drawn(sample.a_file(reports=(gone, minor, severe), all_reports=5))
    quoted = [said for said in texts(message.blocks) if "“" in said]
    assert [said for said in quoted if said.startswith("“worst ")] == quoted
    assert len(quoted[0]) <= EXCERPT + 10
    assert "5 reports by 3 reps" in message.text


@pytest.mark.parametrize("state", STATES)
def test_a_notice_keeps_to_its_budget(state: str) -> None:
    """`looks.md`: 80 words and four buttons, with the longest words there are."""
    reports = tuple(sample.a_report(n, narrative="they said it again " * 150) for n in range(1, 40))
    people = {"asked": ("U0PRIYA", "U0TOM", "U0CARLA"), "excluded": (Excluded("U0BRAD", "owner"),)}
    notice = drawn(replace(STATES[state], reports=reports, **people))
    said = re.sub(r"<!date[^>]*>", "Tuesday 17:00", notice.text.partition("To choose from")[0])
    assert len(re.findall(r"\w\S*", said)) <= MOST_WORDS
    elements = [each for block in notice.blocks if block["type"] == "actions" for each in block["elements"]]
    assert len(elements) <= 4


def test_a_case_without_a_report_that_stands_quotes_nothing() -> None:
    report = sample.a_report(narrative="taken back", withdrawn_at=sample.NOW)
    assert "“" not in drawn(sample.a_file(reports=(report,))).text


def test_a_withdrawn_and_a_doubted_report_are_marked_in_the_case_in_full() -> None:
    report = sample.a_report()
    doubted = replace(report, incident=replace(report.incident, doubted=True))
    for shown, said in (
        (replace(report, withdrawn_at=sample.NOW), "withdrawn by who reported it"),
        (doubted, "may have been a misunderstanding"),
    ):
        assert said in in_full(sample.a_file(reports=(shown,)))


def test_the_notice_names_the_kind_of_a_safeguard_and_the_case_in_full_has_its_note() -> None:
    safeguard = Safeguard("health", "Told us of a stroke", "Be patient", None, "U0PRIYA", sample.NOW)
    file = sample.a_file(safeguards=(safeguard,))
    assert "Safeguard Health\n" in drawn(file).text
    assert "stroke" not in drawn(file).text
    assert "Health: Told us of a stroke" in in_full(file)


def test_an_urgent_case_says_so_in_words() -> None:
    assert "*Urgent*" in drawn(sample.a_file(case=sample.a_case(urgent=True))).text


def test_a_step_for_which_the_policy_would_not_ask_any_more_says_so() -> None:
    few = Reason(Rule.POINTS_BELOW, {"points": 2, "limit": 4})
    moved = sample.a_file(verdict=replace(sample.VERDICT, rung=Rung.RECORD, reasons=(few,)))
    assert "The policy no longer asks for this: 2 points (a warning is due from 4 on)" in drawn(moved).text
    assert "no longer asks" not in drawn(sample.a_file()).text


def test_those_who_may_act_are_mentioned() -> None:
    said = drawn(sample.a_file(asked=("U0PRIYA", "U0TOM"))).text
    assert "<@U0PRIYA> <@U0TOM>: please decide." in said
    assert "<!subteam^S0LEADS>: please decide." in drawn(sample.a_file(asked=("S0LEADS",))).text
    assert "Managers: please decide." in drawn(sample.a_file()).text


def test_a_first_approval_of_two_is_named() -> None:
    policy = replace(sample.POLICY, approvals_to_drop=2)
    said = case_notice(sample.a_file(approvals=(sample.APPROVAL,)), policy).text
    assert "1 of 2 approvals to drop, by <@U0PRIYA>." in said


def test_all_who_approved_are_named_where_more_have_to() -> None:
    policy = replace(sample.POLICY, approvals_to_drop=4)
    given = tuple(Approval(replace(sample.DROP, by=user), 3) for user in ("U0PRIYA", "U0BRAD", "U0CARLA"))
    said = case_notice(sample.a_file(approvals=given), policy).text
    assert "3 of 4 approvals to drop, by <@U0PRIYA>, <@U0BRAD>, <@U0CARLA>." in said


def test_too_few_people_for_the_approvals_are_shown_with_the_number() -> None:
    policy = replace(sample.POLICY, approvals_to_drop=3)
    file = sample.a_file(case=replace(sample.a_file().case, left=Left.NOBODY))
    said = case_notice(file, policy).text
    assert "Too few people are left for 3 approvals, directors included." in said
    assert "One of them can still keep the customer." in said


def test_who_stepped_aside_is_named() -> None:
    file = sample.a_file(excluded=(Excluded("U0RUTH", "recused", name="Ruth  Okafor"),))
    assert "May not act: Ruth Okafor (recused)." in drawn(file).text  # a mention would notify her
    file = sample.a_file(excluded=(Excluded("U0RUTH", "recused"),))
    assert "May not act: <@U0RUTH> (recused)." in drawn(file).text


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
        assert said in in_full(file)
        known = replace(file, reports=(replace(report, reporter_known=True),))
        assert said not in in_full(known)


def test_the_reports_are_read_in_full_with_their_evidence() -> None:
    report = sample.a_report(narrative="line one\n\nline two " + "x" * 2_900)
    view = case_view(sample.in_full(sample.a_file(reports=(report,))), sample.POLICY)
    assert report.narrative in texts(view)
    assert [each["url"] for each in every(view) if each.get("type") == "link"] == ["https://crm.example/1"]


def test_a_file_is_sent_on_request_or_it_is_said_why_there_is_none() -> None:
    address = "https://firm.slack.com/files/F0A"
    states = {"": "is being fetched from Slack", "file_deleted": "could not be fetched from Slack: file_deleted"}
    for state, said in states.items():
        evidence = (Evidence("file", address, "shot.png", file="F0A", state=state),)
        view = case_view(sample.in_full(sample.a_file(reports=(sample.a_report(evidence=evidence),))), sample.POLICY)
        assert said in " ".join(texts(view))
        assert "Send me the files" not in texts(view)
    kept = (Evidence("file", address, "shot.png", file="F0A", state="0" * 64), Evidence("file", "", "F0B"))
    view = case_view(sample.in_full(sample.a_file(reports=(sample.a_report(evidence=kept),))), sample.POLICY)
    assert [each["value"] for each in every(view) if each.get("action_id") == ActionId.SEND_FILES] == ["report:214"]
    assert [each for each in every(view) if each.get("type") == "link"] == []


def test_a_later_page_has_the_reports_only() -> None:
    first, later = (case_view(sample.in_full(sample.a_file(), page), sample.POLICY) for page in (1, 2))
    assert "Why management is asked" in texts(first)
    assert "Why management is asked" not in texts(later)
    assert "Page 2 of 3" in " ".join(texts(later))


def test_every_way_of_delivery_and_every_ending_has_words() -> None:
    for how in Delivery:
        warning = replace(sample.WARNING, delivered_how=how)
        assert "delivered" in in_full(sample.a_file(warnings=(warning,)))
    for outcome in Outcome:
        assert "Zenith Corp" in drawn(sample.a_file(case=sample.ended(outcome), closing=None)).text
