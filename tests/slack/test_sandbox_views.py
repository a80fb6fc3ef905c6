from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.person import NoForm
from bot.sandbox.server import start
from bot.sandbox.workspace import FIRM
from tests.slack.calling import error_of, plain
from tests.slack.conftest import SECRET, TOKEN
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.person import Person
    from tests.slack.scripted_bot import ScriptedBot

Json = dict[str, Any]


def view(title: str = "A form", **more: object) -> Json:
    blocks = [{"type": "section", "text": plain(f"This is {title}")}]
    return {"type": "modal", "title": plain(title), "blocks": blocks, **more}


def trigger(scripted: ScriptedBot, somebody: Person) -> str:
    """A trigger that nobody has used yet."""
    scripted.on("command", lambda _: "said")
    with pytest.raises(NoForm):
        somebody.command("/customer", "x")
    return str(scripted.last("command").payload["trigger_id"])


def test_a_trigger_opens_a_form_once(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    used = trigger(scripted, ana)
    opened = slack.views_open(trigger_id=used, view=view())["view"]
    form = ana.form()
    assert form is not None
    assert (form.title, form.view["id"], opened["root_view_id"]) == ("A form", opened["id"], opened["id"])
    assert error_of(slack.views_open, trigger_id=used, view=view()) == "exchanged_trigger_id"


def test_a_trigger_that_was_never_given_is_invalid(slack: WebClient) -> None:
    assert error_of(slack.views_open, trigger_id="1.2.3", view=view()) == "invalid_trigger_id"
    assert error_of(slack.views_open, trigger_id="", view=view()) == "invalid_arguments"


def test_a_form_that_slack_would_refuse_does_not_open(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    wrong = view("x" * 25)
    assert error_of(slack.views_open, trigger_id=trigger(scripted, ana), view=wrong) == "invalid_arguments"
    assert ana.form() is None


def test_forms_lie_three_deep_and_no_deeper(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    first = slack.views_open(trigger_id=trigger(scripted, ana), view=view("one"))["view"]
    slack.views_push(trigger_id=trigger_in_form(scripted, ana), view=view("two"))
    third = slack.views_push(trigger_id=trigger_in_form(scripted, ana), view=view("three"))["view"]
    assert third["root_view_id"] == first["id"]
    error = error_of(slack.views_push, trigger_id=trigger_in_form(scripted, ana), view=view("four"))
    assert error == "push_limit_reached"
    form = ana.form()
    assert form is not None
    form.cancel()
    assert (form.title, form.closed) == ("two", False)


def trigger_in_form(scripted: ScriptedBot, somebody: Person) -> str:
    """A trigger of somebody who already has a form open, as a message shortcut gives one."""
    said = somebody.say("C0SUPPORT", "x")
    scripted.on("message_action", lambda _: None)
    before = len(scripted.received)
    with pytest.raises(NoForm, match="Nothing happened"):
        type(somebody)(somebody.url, somebody.user_id, deadline=0.1).shortcut(said, "Report customer")
    return str(scripted.received[before].payload["trigger_id"])


def test_nothing_is_pushed_where_no_form_is_open(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    assert error_of(slack.views_push, trigger_id=trigger(scripted, ana), view=view()) == "not_found"


def test_a_form_is_updated_by_either_id_unless_it_changed_meanwhile(
    slack: WebClient, scripted: ScriptedBot, ana: Person
) -> None:
    opened = slack.views_open(trigger_id=trigger(scripted, ana), view=view(external_id="mine"))["view"]
    slack.views_update(view_id=opened["id"], hash=opened["hash"], view=view("two", external_id="mine"))
    old = {"view_id": opened["id"], "hash": opened["hash"]}
    assert error_of(slack.views_update, **old, view=view("three")) == "hash_conflict"
    slack.views_update(external_id="mine", view=view("four"))
    form = ana.form()
    assert form is not None
    assert (form.title, form.view["id"]) == ("four", opened["id"])
    assert error_of(slack.views_update, view_id="V0NONE", view=view()) == "not_found"


def test_an_external_id_belongs_to_one_view(
    slack: WebClient, scripted: ScriptedBot, ana: Person, person: Callable[[str], Person]
) -> None:
    slack.views_open(trigger_id=trigger(scripted, ana), view=view(external_id="mine"))
    other = trigger(scripted, person("U0JOE"))
    assert error_of(slack.views_open, trigger_id=other, view=view(external_id="mine")) == "duplicate_external_id"


def test_what_was_typed_survives_an_update_that_keeps_the_field(
    slack: WebClient, scripted: ScriptedBot, ana: Person
) -> None:
    field = {"type": "input", "block_id": "story", "label": plain("Story"), "dispatch_action": True}
    field["element"] = {"type": "plain_text_input", "action_id": "story"}
    form_view = view(submit=plain("Send"), blocks=[field])
    opened = slack.views_open(trigger_id=trigger(scripted, ana), view=form_view)["view"]
    form = ana.form()
    assert form is not None
    form.fill({"Story": "typed"})
    slack.views_update(view_id=opened["id"], view={**form_view, "title": plain("changed")})
    after = ana.form()
    assert after is not None
    assert (after.title, after.value("Story")["value"]) == ("changed", "typed")


def test_the_home_tab_shows_what_was_published_last(slack: WebClient, scripted: ScriptedBot, ana: Person) -> None:
    home = {"type": "home", "blocks": [{"type": "section", "text": plain("welcome")}]}
    scripted.on("app_home_opened", lambda _: None)
    first = slack.views_publish(user_id="U0ANA", view=home)["view"]
    assert ana.home().text == "welcome"
    opened = scripted.last("app_home_opened").payload["event"]
    assert (opened["tab"], opened["user"], opened["view"]["id"]) == ("home", "U0ANA", first["id"])
    slack.views_publish(user_id="U0ANA", view={**home, "blocks": []}, hash=first["hash"])
    assert error_of(slack.views_publish, user_id="U0ANA", view=home, hash=first["hash"]) == "hash_conflict"
    assert error_of(slack.views_publish, user_id="U0NOBODY", view=home) == "invalid_arguments"


def test_a_button_of_a_home_that_was_published_again_is_the_present_ones(
    slack: WebClient, scripted: ScriptedBot, ana: Person
) -> None:
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [{"type": "button", "text": plain("Report")}]}]}
    scripted.on("app_home_opened", lambda _: None)
    scripted.on("block_actions", lambda _: None)
    slack.views_publish(user_id="U0ANA", view=home)
    seen = ana.home()
    now = slack.views_publish(user_id="U0ANA", view=home)["view"]
    assert now["blocks"][0]["block_id"] != seen.view["blocks"][0]["block_id"]
    ana.press(seen, "Report")
    clicked = scripted.last("block_actions").payload["actions"][0]
    assert clicked["block_id"] == now["blocks"][0]["block_id"]


def test_an_app_without_a_home_tab_publishes_none() -> None:
    firm = replace(FIRM, app=replace(FIRM.app, home_tab=False))
    running = start(firm, token=TOKEN, signing_secret=SECRET, now=real_clock)
    client = WebClient(TOKEN, base_url=running.api_url)
    error = error_of(client.views_publish, user_id="U0ANA", view={"type": "home", "blocks": []})
    running.stop()
    assert error == "not_enabled"
