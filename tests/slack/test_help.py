"""Who may not report is told before a form opens, whatever way they take; and whoever asks for help gets it."""

from collections.abc import Callable

import pytest

from bot.sandbox.form import Form
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from tests.slack.steps import people

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
def test_a_guest_and_somebody_from_another_firm_are_told_before_they_fill_in_anything(
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
    assert "/report-abuse and the customer's name" in form.text()


def test_a_home_says_how_it_works_for_each_role(firm: Sandbox) -> None:
    said = {who.user_id: who.home("How it works").text for who in people(firm, "ANA", "PRIYA", "RUTH", "CORA")}
    assert "To report abuse" in said["U0ANA"]
    assert "A case comes to the management channel" in said["U0PRIYA"]
    assert "You decide what is late" in said["U0RUTH"]
    assert "asks you to get in touch" in said["U0CORA"]
    assert "To report abuse" not in said["U0RUTH"]
    assert "asks you to get in touch" not in said["U0ANA"]
