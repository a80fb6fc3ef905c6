"""Who may not report is told before a form opens, whatever way they take; and whoever asks for help gets it."""

from collections.abc import Callable

import pytest

from bot.sandbox.form import Form
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from tests.slack.steps import people, reports

GUEST, OUTSIDER = "U0GUS", "U0OLEK"
WAYS: dict[str, Callable[[Person], Form]] = {
    "a command": lambda who: who.command("/report-abuse", "Zenith Corp"),
    "a message": lambda who: who.shortcut(who.say("C0SUPPORT", "You are all useless"), "Report customer"),
    "anywhere": lambda who: who.global_shortcut("Report a customer"),
    "a look": lambda who: who.command("/customer", "Zenith Corp"),
    "a search": lambda who: who.command("/customer"),
    "help": lambda who: who.command("/report-abuse", "help"),
}


@pytest.mark.parametrize("user", [GUEST, OUTSIDER])
@pytest.mark.parametrize("way", WAYS)
def test_a_guest_and_somebody_from_another_firm_are_informed_before_they_fill_in_anything(
    firm: Sandbox, user: str, way: str
) -> None:
    form = WAYS[way](Person(firm.url, user))
    assert form.labels == []
    assert "Please ask" in form.text()


@pytest.mark.parametrize("command", ["/report-abuse", "/customer"])
@pytest.mark.parametrize("typed", ["help", "Help"])
def test_help_after_a_command_is_three_lines(firm: Sandbox, command: str, typed: str) -> None:
    form = Person(firm.url, "U0ANA").command(command, typed)
    assert (form.title, form.labels) == ("How it works", [])
    assert len(form.text().splitlines()) == 3
    assert "type /backup, and I call somebody" in form.text()
    assert "/report-abuse and the customer's name" in form.text()


def test_a_home_says_how_it_works_for_each_role(firm: Sandbox) -> None:
    said = {who.user_id: who.home("How it works").text for who in people(firm, "ANA", "PRIYA", "RUTH", "CORA")}
    assert "To report abuse" in said["U0ANA"]
    assert "I post each case in the management channel" in said["U0PRIYA"]
    assert "You decide what managers did not decide in time" in said["U0RUTH"]
    assert "I ask you in a direct message to get in touch" in said["U0CORA"]
    assert "To report abuse" not in said["U0RUTH"]
    assert "I ask you in a direct message to get in touch" not in said["U0ANA"]


def test_a_home_opens_what_the_policy_lets_reps_do(firm: Sandbox) -> None:
    ana = Person(firm.url, "U0ANA")
    form = ana.press(ana.home("How it works"), "What you may do")
    assert form
    assert (form.title, form.labels) == ("What you may do", [])
    said = form.text()
    for words in ("Set a boundary: “I want to help you.", "You may end the contact at once: ", "managers decide"):
        assert words in said
    assert "points" not in said


def helped(who: Person) -> int:
    return sum("/report-abuse and the customer's name" in message.text for message in who.direct_messages())


@pytest.mark.parametrize("where", ["a direct message", "a mention"])
def test_whoever_writes_to_the_bot_gets_help_once(firm: Sandbox, where: str) -> None:
    ana = Person(firm.url, "U0ANA")
    channel, text = (ana.dm, "what do I type?") if where == "a direct message" else ("C0SUPPORT", "@Backstop hello")
    said = ana.say(channel, text, twice=True)
    ana.edit(said, f"{text} please")
    assert len(ana.direct_message("/report-abuse and the customer's name").text.splitlines()) == 3
    for own in ({"subtype": "bot_message"}, {"user": "U0BACKSTOP", "subtype": None, "bot_id": "B0BACKSTOP"}):
        ana.integration(channel, text="<@U0BACKSTOP> and another bot", **own)
    reports(ana)
    ana.direct_message("Zenith Corp")  # help is sent before it, if any is due
    assert helped(ana) == 1


@pytest.mark.parametrize("user", [GUEST, OUTSIDER])
def test_a_guest_who_mentions_the_bot_hears_that_it_is_for_members(firm: Sandbox, user: str) -> None:
    who = Person(firm.url, user)
    who.say("C0SUPPORT", "@Backstop what can you do?")
    assert who.direct_message("full members").buttons == []
    assert helped(who) == 0
