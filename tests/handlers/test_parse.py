"""What Slack sends becomes a command, or words beside a field, or is turned away; never anything else."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.rules.people import Person
from bot.rules.policy.ending_rules import EndedContact, Informed
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import Evidence, PickedCustomer, Place, TypedCustomer
from bot.rules.warnings import Delivery
from bot.usecases.decisions.decide import Drop, Keep
from bot.usecases.home.help import Wrote
from bot.usecases.reports.withdraw import Withdraw
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow
from handlers.blockkit.quote import Quote
from handlers.button_values import case_click, report_value
from handlers.decisions.parse import drop, drop_terms, keep, keep_terms
from handlers.names import ActionId, BlockId
from handlers.parsing.form import Form
from handlers.parsing.people import changed_profile, home_visitor, sender, typed_so_far, workspace, wrote
from handlers.parsing.reading import Malformed
from handlers.reports.parse import new_report, quoted, report_prefill, withdraw
from handlers.warnings.parse import issue_warning, mark_delivered, not_now
from tests.handlers import payload_samples as sample
from tests.handlers.forms_read import parsed, said

NOW = datetime.fromtimestamp(sample.NOON, UTC)
ANA = Person("T0FIRM", "U0ANA", "T0FIRM")
PRIYA = Person("T0FIRM", "U0PRIYA", "T0FIRM")


def problems(**changed: sample.Json) -> dict[str, str]:
    return said(new_report, sample.report_form(**changed), NOW)


def test_a_report_comes_out_as_the_rep_sent_it() -> None:
    report = parsed(new_report, sample.report_form())
    assert (report.by, report.by.form, report.customer) == (ANA, "V0FORM 1.abc", TypedCustomer("Zenith Corp"))
    assert (report.category, report.severity, report.place) == ("verbal_abuse", Severity.SERIOUS, Place.PHONE)
    assert report.happened_at == datetime(2025, 11, 21, 11, 50, tzinfo=UTC)
    assert report.narrative == "He screamed until I hung up.\n\nThen he called back."
    assert (report.doubted, report.wants_support) == (True, False)


def test_evidence_is_the_quoted_message_then_links_then_files() -> None:
    assert parsed(new_report, sample.report_form()).evidence == (
        Evidence("message", "https://firm.slack.com/archives/C0SUPPORT/p1763726000000100", "Quoted message"),
        Evidence("link", "https://crm.example/1", "https://crm.example/1"),
        Evidence("link", "http://crm.example/2", "http://crm.example/2"),
        Evidence("file", "https://firm.slack.com/files/U0ANA/F0SHOT/screenshot.png", "screenshot.png", file="F0SHOT"),
    )


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        ({"id": "F0STUB"}, Evidence("file", "", "F0STUB", file="F0STUB")),
        ({"id": "F0STUB", "file_access": "check_file_info", "name": None, "permalink": None},
         Evidence("file", "", "F0STUB", file="F0STUB")),
        ({"id": "F0A", "name": " a\nb ", "permalink": "slack://no"}, Evidence("file", "", "a b", file="F0A")),
        ({"id": "F0A", "name": "\ud83d"}, Evidence("file", "", "F0A", file="F0A")),
        ({"name": "nameless.png"}, None),
        ({"id": 7}, None),
        (None, None),
    ],
)  # fmt: skip
def test_a_file_is_taken_with_what_slack_says_of_it(file: object, kept: Evidence | None) -> None:
    found = parsed(new_report, sample.report_form(files={"files": [file]})).evidence
    assert [each for each in found if each.kind == "file"] == ([kept] if kept else [])


def test_everything_optional_may_be_left_empty() -> None:
    empty = {
        BlockId.LINKS: sample.typed(None),
        BlockId.FILES: {"files": None},
        BlockId.ENDED: {"selected_option": None},
        BlockId.CHECKS: {"selected_options": []},
    }
    body = sample.report_form(**empty)
    body["view"]["private_metadata"] = ""
    report = parsed(new_report, body)
    assert (report.evidence, report.doubted, report.wants_support, report.ended) == ((), False, False, None)


@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize("informed", ["yes", "no", "no_time", "not_ended"])
def test_it_is_read_whether_they_were_informed_before_a_contact_was_ended(informed: str, *, repeated: bool) -> None:
    boxes = sample.ticked(*(["repeated"] if repeated else []))
    report = parsed(new_report, sample.report_form(ended=sample.picked(informed), checks=boxes))
    assert report.ended == (None if informed == "not_ended" else EndedContact(Informed(informed), repeated))


@pytest.mark.parametrize(
    ("value", "customer"),
    [
        ("known:12", PickedCustomer(12)),
        ("new:Zenith Corp", TypedCustomer("Zenith Corp")),
        ("typed:known:12", TypedCustomer("known:12")),
        ("typed:  Zenith\n  Corp ", TypedCustomer("Zenith Corp")),
        ("new:" + "x" * 140, TypedCustomer("x" * 140)),
    ],
)
def test_a_customer_is_one_on_record_or_one_by_name(value: str, customer: PickedCustomer | TypedCustomer) -> None:
    report = parsed(new_report, sample.report_form(customer=sample.picked(value)))
    assert report.customer == customer


@pytest.mark.parametrize(
    "value", ["known:0", "known:-1", "known:", "known:1.0", "known:٣", "known:" + "9" * 19, "12", ""]
)
def test_a_customer_that_the_form_never_offered_is_turned_away(value: str) -> None:
    with pytest.raises(Malformed):
        parsed(new_report, sample.report_form(customer=sample.picked(value)))


@pytest.mark.parametrize("value", ["new:" + "x" * 141, "too_long:141"])
def test_a_name_that_is_too_long_is_answered_with_its_length_and_the_limit(value: str) -> None:
    beside = problems(customer=sample.picked(value))[BlockId.CUSTOMER]
    assert "141" in beside
    assert "140" in beside


def test_every_field_to_mend_is_named_at_once() -> None:
    beside = problems(
        customer=sample.picked("typed:   "),
        narrative=sample.typed(" \n "),
        happened_at=sample.at(sample.NOON + 121),
        links=sample.typed("not a link"),
    )
    assert set(beside) == {BlockId.CUSTOMER, BlockId.NARRATIVE, BlockId.HAPPENED_AT, BlockId.LINKS}


def test_a_narrative_of_3000_characters_fits_and_one_more_does_not() -> None:
    assert len(parsed(new_report, sample.report_form(narrative=sample.typed("é" * 3_000))).narrative) == 3_000
    assert "3,001" in problems(narrative=sample.typed("é" * 3_001))[BlockId.NARRATIVE]


def test_an_episode_may_end_this_second_but_not_lie_ahead_or_over_ten_years_back() -> None:
    assert parsed(new_report, sample.report_form(happened_at=sample.at(sample.NOON))).happened_at == NOW
    assert BlockId.HAPPENED_AT in problems(happened_at=sample.at(sample.NOON + 121))
    assert BlockId.HAPPENED_AT in problems(happened_at=sample.at(sample.NOON - 3_654 * 86_400))


@pytest.mark.parametrize(
    "links",
    [
        "javascript:alert(1)",
        "https://",
        "ftp://example.com",
        "https://a b.example",
        "http://[",
        "https://x.example/<!channel>",
        "https://x.example/" + "y" * 483,
        "\n".join(f"https://x.example/{n}" for n in range(11)),
    ],
)
def test_what_is_no_link_or_too_much_is_said_beside_the_links(links: str) -> None:
    assert list(problems(links=sample.typed(links))) == [BlockId.LINKS]


def test_ten_links_of_500_characters_are_taken_and_the_same_one_counts_once() -> None:
    longest = [f"https://x.example/{n}".ljust(500, "y") for n in range(10)]
    body = sample.report_form(links=sample.typed("\n".join(longest)))
    assert [e.address for e in parsed(new_report, body).evidence if e.kind == "link"] == longest
    twice = sample.report_form(links=sample.typed("https://x.example\nhttps://x.example"))
    assert sum(e.kind == "link" for e in parsed(new_report, twice).evidence) == 1


@pytest.mark.parametrize(
    ("block", "value"), [("severity", "awful"), ("place", "moon"), ("ended", "maybe"), ("checks", "anything")]
)
def test_a_choice_that_the_form_never_offered_is_turned_away(block: str, value: str) -> None:
    changed = {block: sample.ticked(value) if block == "checks" else sample.picked(value)}
    with pytest.raises(Malformed):
        parsed(new_report, sample.report_form(**changed))


def test_a_choice_that_was_not_made_is_asked_for() -> None:
    assert list(problems(severity={"selected_option": None})) == [BlockId.SEVERITY]


def test_what_a_failure_says_is_where_and_never_what() -> None:
    with pytest.raises(Malformed) as caught:
        parsed(new_report, sample.report_form(narrative={"value": ["secret"]}))
    assert "secret" not in str(caught.value)
    assert BlockId.NARRATIVE in str(caught.value)


def test_a_person_of_another_workspace_is_informed_apart() -> None:
    olek = {"id": "U0OLEK", "team_id": "T0OTHER"}
    acting, number, version = case_click(sample.click(ActionId.APPROVE_DROP, "case:12:3", user=olek))
    assert (acting, number, version) == (Person("T0FIRM", "U0OLEK", "T0OTHER"), 12, 3)
    assert acting.is_from_elsewhere


@pytest.mark.parametrize(
    ("said", "outsider", "says_where"),
    [
        ({"enterprise_user": {"id": "U0ANA", "teams": ["T0SISTER", "T0FIRM"]}}, False, True),
        ({"enterprise_user": {"id": "U0ANA", "teams": ["T0SISTER"]}}, True, True),
        ({"enterprise_id": "E0ORG", "teams": ["T0SISTER", "T0FIRM"]}, False, True),
        ({"team_id": "", "enterprise_user": {"enterprise_id": "E0ORG"}, "teams": ["T0SISTER"]}, True, True),
        ({"team_id": "T0SISTER", "enterprise_user": {"id": "U0ANA", "teams": []}}, True, False),
        ({"team_id": "T0SISTER", "enterprise_user": {"id": "U0ANA", "teams": [""]}}, True, False),
        ({"profile": {"team": "T0FIRM"}}, False, True),
        ({"team_id": None, "profile": {"team": "T0OTHER"}}, True, False),
        ({"profile": None, "enterprise_user": {"enterprise_id": "E0ORG"}}, False, False),
        ({"team_id": "T0FIRM"}, False, True),
        ({"team_id": "T0SISTER", "enterprise_user": {"id": "U0ANA", "teams": ["T0SISTER", "T0FIRM"]}}, False, True),
        ({"team_id": "E0ORG", "enterprise_user": {"id": "U0ANA", "teams": ["T0FIRM"]}}, False, True),
        ({"team_id": "T0SISTER", "enterprise_user": {"id": "U0ANA", "teams": ["T0SISTER"]}}, True, True),
        ({"team_id": "T0OTHER", "enterprise_user": {"id": "U0ANA", "enterprise_id": "E0OTHER"}}, True, False),
        ({"team_id": "T0OTHER", "is_stranger": True}, True, False),
        ({"team_id": "T0FIRM", "enterprise_user": None}, False, True),
        ({"team_id": ""}, False, False),
        ({}, False, False),
        ({"team_id": None, "name": None, "real_name": None}, False, False),
    ],
)
def test_who_belongs_to_the_workspace_is_who_is_in_it_whatever_else_they_are_in(
    said: sample.Json,
    outsider: bool,  # noqa: FBT001 - parametrized
    says_where: bool,  # noqa: FBT001 - likewise
) -> None:
    changed = changed_profile(sample.event({"type": "user_change", "user": {"id": "U0ANA"} | said}))
    assert (changed.profile.outsider, changed.says_where) == (outsider, says_where)
    assert changed.profile.home_known or not (outsider or says_where)


@pytest.mark.parametrize("team", ["", None, "E0ORG", "T0SISTER", "T0FIRM"])
def test_an_event_is_for_the_workspace_that_the_app_was_authorized_in(team: str | None) -> None:
    happened = sample.event({"type": "user_change", "user": {"id": "U0ANA"}}) | {"team_id": team}
    happened["authorizations"] = [{"enterprise_id": "E0ORG", "team_id": "T0FIRM", "user_id": "U0BOT"}]
    assert workspace(happened) == changed_profile(happened).team == "T0FIRM"
    opened = happened | {"event": {"type": "app_home_opened", "user": "U0ANA", "tab": "home"}}
    assert home_visitor(opened) == ANA


SAID = {"type": "message", "channel_type": "im", "user": "U0ANA", "ts": f"{sample.NOON + 59}.000100", "text": "hi"}


@pytest.mark.parametrize(
    ("changes", "heard"),
    [
        ({}, True),
        ({"subtype": None}, True),
        ({"subtype": "file_share", "files": [{"id": "F0SHOT"}]}, True),  # a screenshot, with words or without
        ({"subtype": "thread_broadcast"}, True),
        ({"subtype": "me_message"}, True),
        ({"subtype": "channel_name"}, False),
        ({"type": "app_mention", "channel_type": None, "thread_ts": "1.000000"}, True),
        ({"channel_type": "channel"}, False),
        ({"channel_type": None}, False),
        ({"bot_id": "B0BACKSTOP", "user": "U0BACKSTOP"}, False),
        ({"subtype": "bot_message", "bot_id": "B0DESK", "user": None}, False),
        ({"subtype": "message_changed", "user": None, "message": {"user": "U0ANA"}}, False),
        ({"subtype": "message_deleted", "user": None}, False),
    ],
)
def test_only_a_new_message_of_a_person_is_read(changes: sample.Json, heard: bool) -> None:  # noqa: FBT001 - parametrized
    found = wrote(sample.event(SAID | changes) | {"authorizations": [{"team_id": "T0FIRM"}]})
    assert found == (Wrote(ANA, sample.NOON // 60) if heard else None)


def test_in_grid_without_a_team_the_installation_says_which_workspace_it_is() -> None:
    body = sample.report_form() | {"team": None}
    assert sender(body) == ANA
    with pytest.raises(Malformed):  # who the sender is says nothing of where the app is installed
        sender({"team": None, "user": {"id": "W0ANA", "team_id": "T0FIRM"}})


def test_a_command_names_the_person_flat() -> None:
    assert sender(sample.command()) == ANA


@pytest.mark.parametrize("user", ["ANA", "u0ana", "U", "U0ANA ", "C0SUPPORT", "U" + "0" * 40, "U0ÄNA"])
def test_an_id_that_is_not_of_slacks_shape_is_turned_away(user: str) -> None:
    with pytest.raises(Malformed):
        sender(sample.command() | {"user_id": user})


@pytest.mark.parametrize(
    ("text", "name"),
    [(" Zenith  Corp ", "Zenith Corp"), ("", None), ("  ", None), ("Tom &amp; Co", "Tom & Co"), ("&amp;lt;", "&lt;")],
)
def test_what_was_typed_after_the_command_prefills_the_name(text: str, name: str | None) -> None:
    assert report_prefill(sample.command(text)) == name


def test_a_message_is_quoted_as_people_read_it() -> None:
    assert quoted(sample.message_action()) == Quote("You & yours <3", "C0SUPPORT", "1763726000.000100")


def test_the_type_ahead_says_who_types_and_what() -> None:
    assert typed_so_far(sample.suggestion(" zen ")) == (ANA, "zen")


def test_a_rep_withdraws_by_the_number_on_the_button() -> None:
    body = sample.click(ActionId.WITHDRAW, report_value(214), user=sample.ANA)
    assert withdraw(body) == Withdraw(ANA, 214)


def test_a_managers_forms_become_commands() -> None:
    letter = "Dear Zenith Corp, …"
    assert parsed(issue_warning, sample.warning_form()) == IssueWarning(PRIYA, 12, letter, 3)
    delivered = MarkDelivered(PRIYA, 12, Delivery.EMAIL, datetime(2025, 11, 21, 11, 59, tzinfo=UTC))
    assert parsed(mark_delivered, sample.delivered_form()) == delivered
    assert parsed(not_now, sample.not_now_form()) == NotNow(PRIYA, 12, 3, "One bad day.")
    conditions = ("written_only", "one_contact")
    details = (("one_contact", "Priya Shah"), ("written_only", "care@larkspur.example"))
    kept = Keep(PRIYA, 12, 3, "They have apologised.", date(2026, 5, 22), conditions, letter, details)
    assert parsed(keep, sample.keep_letter_form()) == kept
    assert parsed(keep_terms, sample.keep_form()) == replace(kept, letter="")
    dropped = parsed(drop, sample.drop_letter_form())
    assert parsed(drop_terms, sample.drop_form()) == replace(dropped, letter="")
    assert dropped == Drop(
        by=PRIYA,
        case=12,
        version=3,
        rationale="Third rep in six weeks.",
        effective_on=date(2025, 11, 30),
        review_on=date(2026, 5, 22),
        reason_class="abuse_after_warning",
        safeguards_considered=True,
        letter=letter,
    )


def test_a_drop_names_all_that_is_wrong_with_its_fields() -> None:
    wrong = {
        "rationale": sample.typed("  "),
        "effective_on": sample.on("2025-11-20"),
        "safeguards_considered": sample.ticked(),
    }
    assert set(said(drop_terms, sample.drop_form(**wrong), NOW)) == {*wrong, "letter"}
    wrong = {"rationale": sample.typed("  "), "letter": sample.typed("")}
    assert set(said(drop, sample.drop_letter_form(**wrong), NOW)) == set(wrong)


@pytest.mark.parametrize(
    "carried",
    [
        "",
        "case:12:3",
        "case:12:3:drop:2026-05-22:::abuse_after_warning",
        "case:12:3:drop:2026-05-22:2025-11-30::",
        "case:12:3:drop:2026-02-30:2025-11-30::abuse_after_warning",
        "case:12:3:hang:2026-05-22:2025-11-30::abuse_after_warning",
        "case:12:3:drop:2026-05-22:2025-11-30::abuse after",
    ],
)
def test_a_letter_that_carries_no_answers_is_refused(carried: str) -> None:
    body = sample.drop_letter_form()
    body["view"]["private_metadata"] = carried
    with pytest.raises(Malformed):
        drop(Form(body))


def test_a_warning_cannot_have_been_delivered_tomorrow() -> None:
    assert list(said(mark_delivered, sample.delivered_form(sample.NOON + 86_400), NOW)) == [BlockId.DELIVERED_AT]


@pytest.mark.parametrize("value", ["case:12", "case:0:1", "report:12:3", "case:12:3:4", "case:-1:3", "case:1 :3"])
def test_a_button_of_no_case_is_turned_away(value: str) -> None:
    with pytest.raises(Malformed):
        case_click(sample.click(ActionId.APPROVE_DROP, value))
