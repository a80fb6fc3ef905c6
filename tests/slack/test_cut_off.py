"""Answers of Slack's that are cut off, empty or a page of a proxy's: nothing is lost, and the person is told."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

import pytest

from bot.sandbox.client import NotPossible
from bot.sandbox.faults import SPOILT
from bot.sandbox.form import FormErrors
from bot.sandbox.person import NoForm, Person
from bot.usecases.transport import Unanswered
from handlers.client.transport import SlackTransport
from handlers.failures import OPENING_FAILED
from tests.slack.calling import order
from tests.slack.office import counts, real_clock, shown
from tests.slack.steps import pressed, reports

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.sandbox.server import Sandbox
    from tests.slack.office import Office


@pytest.mark.parametrize("kind", SPOILT)
def test_a_message_whose_answer_was_spoilt_comes_once_and_in_its_newest_state(
    ours: Office, sandbox: Sandbox, kind: str
) -> None:
    for method in ("chat.postMessage", "conversations.history"):
        order(sandbox, method, kind)
    ours.want()
    ours.attempts_within(seconds=30)
    assert shown(sandbox) == ["Case 1: Version 1"]
    assert counts(sandbox)["chat.postMessage"] == 1
    order(sandbox, "chat.update", kind)
    ours.words = "Version 2"
    ours.want()
    ours.attempts_within(seconds=30)
    assert shown(sandbox) == ["Case 1: Version 2"]
    assert (ours.behind(), ours.refused()) == (0, [])


ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
READS: Final[Mapping[str, Callable[[SlackTransport], object]]] = {
    "auth.test": SlackTransport.team,
    "conversations.info": lambda slack: slack.channel("C0MANAGE"),
    "conversations.open": lambda slack: slack.channel_for("U0ANA"),
    "files.info": lambda slack: slack.file("F0SHOT", 10),
    "usergroups.users.list": lambda slack: slack.members_of("S0MANAGERS"),
    "users.info": lambda slack: slack.profile("U0GUS", "T0FIRM", real_clock()),
}


@ON_SQLITE
def test_an_answer_that_lacks_what_was_asked_for_is_none(ours: Office, sandbox: Sandbox) -> None:
    """It would make a colleague of a guest, and leave the firm without managers."""
    for method, ask in READS.items():
        order(sandbox, method, "hollow_after")
        with pytest.raises(Unanswered):
            ask(ours.slack)


@pytest.mark.parametrize("kind", ["cut_after", "bad_gateway_after", "bytes_after"])
def test_after_a_command_the_person_is_asked_to_try_again(firm: Sandbox, kind: str) -> None:
    ana = Person(firm.url, "U0ANA", deadline=10)
    order(firm, "views.open", kind)
    with suppress(NoForm):  # since the form may be open all the same
        ana.command("/report-abuse")
    ana.ephemeral("C0SUPPORT", OPENING_FAILED)


@pytest.mark.parametrize("kind", ["cut_after", "bad_gateway_after", "bytes_after"])
def test_after_a_click_in_a_message_the_person_is_asked_to_try_again(firm: Sandbox, kind: str) -> None:
    reports(Person(firm.url, "U0ANA"), category="Threat", severity="Severe")
    priya = Person(firm.url, "U0PRIYA", deadline=10)
    notice = priya.message("C0MANAGE", "Zenith Corp")
    order(firm, "views.open", kind)
    priya.press(notice, "See the case")
    assert priya.ephemeral("C0MANAGE", OPENING_FAILED)
    form = priya.press(priya.message("C0MANAGE", "Zenith Corp"), "Approve drop")
    assert form is not None


def test_where_there_is_no_place_for_a_text_slack_shows_its_warning_sign(firm: Sandbox) -> None:
    ana = Person(firm.url, "U0ANA", deadline=10)
    home = ana.home("Your reports")
    order(firm, "views.open", "cut_after")
    with pytest.raises(NotPossible, match="dispatch_failed"):
        ana.press(home, "Report a customer")


@pytest.mark.parametrize("kind", ["empty_after", "list_after"])
def test_a_shortcut_says_it_as_a_click_does(firm: Sandbox, kind: str) -> None:
    ana = Person(firm.url, "U0ANA", deadline=10)
    said = ana.say("C0SUPPORT", "x")
    order(firm, "views.open", kind)
    with suppress(NoForm):
        ana.shortcut(said, "Report customer")
    assert ana.ephemeral("C0SUPPORT", OPENING_FAILED)


OF_ONE_FORM = ("expired_trigger_id", "exchanged_trigger_id", "view_not_found", "hash_conflict")


def test_what_slack_refuses_of_one_form_is_said_and_the_next_try_opens_it(firm: Sandbox) -> None:
    ana, priya = (Person(firm.url, user, deadline=10) for user in ("U0ANA", "U0PRIYA"))
    reports(ana, category="Threat", severity="Severe")
    notice = priya.message("C0MANAGE", "Zenith Corp")
    for error in OF_ONE_FORM:
        order(firm, "views.open", f"error:{error}", 2)
        with pytest.raises(NoForm, match=OPENING_FAILED):
            ana.command("/report-abuse", "Acme Ltd")
        assert priya.press(notice, "See the case") is None
        assert priya.ephemeral("C0MANAGE", OPENING_FAILED)
        form = ana.command("/report-abuse", "Acme Ltd")
        form.cancel()
        opened = priya.press(notice, "See the case")
        assert opened is not None
        opened.cancel()


def test_what_slack_refuses_while_a_form_is_filled_in_loses_nothing_of_it(firm: Sandbox) -> None:
    ana, priya = (Person(firm.url, user, deadline=10) for user in ("U0ANA", "U0PRIYA"))
    reports(ana, category="Threat", severity="Severe")
    form = pressed(priya, priya.message("C0MANAGE", "Zenith Corp"), "Keep customer")
    form.fill({"Why?": "They have apologised."})
    order(firm, "views.update", "error:view_not_found")
    with pytest.raises(NotPossible, match="dispatch_failed"):
        form.fill({"Conditions": ["Written contact only"]})
    with pytest.raises(FormErrors) as missing:
        form.submit()
    assert missing.value.errors == {"Where may they write to?": "Please fill this in."}
    form.fill({"Where may they write to?": "care@zenith.example"}).submit()
    assert form.value("Why?")["value"] == "They have apologised."
    assert "care@zenith.example" in form.value("The letter to the customer")["value"]
