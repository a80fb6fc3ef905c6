from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

import pytest

from bot.sandbox.client import NotPossible
from bot.sandbox.form import FormErrors
from bot.sandbox.form_field import Pick
from bot.sandbox.person import NoForm, Person
from tests.slack.calling import get_json, plain, post_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_sdk import WebClient

    from bot.sandbox.form import Form
    from tests.slack.scripted_bot import ScriptedBot

Json = dict[str, Any]
TROUBLE = {"": "We had some trouble connecting. Try again?"}


def option(text: str) -> Json:
    return {"text": plain(text), "value": text.lower()}


def asked(label: str, block_id: str, element: Json, **more: object) -> Json:
    named = {**element, "action_id": block_id}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": named, **more}


def modal(*blocks: Json, **more: object) -> Json:
    return {
        "type": "modal",
        "callback_id": "report",
        "title": plain("Report"),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": list(blocks),
        **more,
    }


SEVERITY = asked("How serious?", "severity", {"type": "radio_buttons", "options": [option("Minor"), option("Severe")]})
STORY = asked("What happened?", "story", {"type": "plain_text_input", "min_length": 3, "max_length": 10})
CUSTOMER = asked("Customer", "customer", {"type": "external_select", "min_query_length": 1}, optional=True)
FILES = asked("Files", "files", {"type": "file_input"}, optional=True)
REPORT = modal(CUSTOMER, SEVERITY, STORY, FILES, private_metadata="kept")
DONE = {"type": "modal", "title": plain("Thanks"), "close": plain("Done"), "blocks": [{"type": "divider"}]}


@pytest.fixture
def opened(slack: WebClient, scripted: ScriptedBot, ana: Person) -> Callable[..., Form]:
    """Open a form before Ana."""

    def open_form(view: Json = REPORT) -> Form:
        scripted.on("command", lambda sent: slack.views_open(trigger_id=sent["trigger_id"], view=view) and None)
        return ana.command("/report-abuse")

    return open_form


def filled(form: Form) -> Form:
    return form.fill({"How serious?": "Sev", "What happened?": "shouted"})


def test_a_form_is_sent_with_every_value_in_slacks_shape(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    form = filled(opened()).fill({"Files": ("call.txt", b"they shouted")})
    form.submit()
    assert form.closed
    sent = scripted.last("view_submission").payload
    assert set(sent) >= {"type", "team", "user", "api_app_id", "token", "trigger_id", "view", "response_urls"}
    view = sent["view"]
    assert (view["callback_id"], view["private_metadata"], view["previous_view_id"]) == ("report", "kept", None)
    assert view["root_view_id"] == view["id"]
    assert (view["app_installed_team_id"], view["bot_id"]) == ("T0FIRM", "B0BACKSTOP")
    values = view["state"]["values"]
    assert values["customer"]["customer"] == {"type": "external_select", "selected_option": None}
    assert values["severity"]["severity"]["selected_option"]["value"] == "severe"
    assert values["story"]["story"] == {"type": "plain_text_input", "value": "shouted"}
    assert values["files"]["files"]["files"][0]["name"] == "call.txt"


def test_the_app_reads_a_file_that_was_sent(
    slack: WebClient, scripted: ScriptedBot, opened: Callable[..., Form]
) -> None:
    filled(opened()).fill({"Files": ("call.txt", b"they shouted")}).submit()
    file = scripted.last("view_submission").payload["view"]["state"]["values"]["files"]["files"]["files"][0]
    assert slack.api_call("files.info", params={"file": file["id"]})["file"]["size"] == 12


@pytest.mark.parametrize(
    ("said", "errors"),
    [
        ({}, {"How serious?": "Please complete this required field."}),
        ({"How serious?": "Minor", "What happened?": "no"}, {"What happened?": "Must be at least 3 characters."}),
        ({"How serious?": "Minor", "What happened?": "x" * 11}, {"What happened?": "Must be at most 10 characters."}),
    ],
)
def test_what_a_client_would_not_send_does_not_reach_the_bot(
    scripted: ScriptedBot, opened: Callable[..., Form], said: Json, errors: dict[str, str]
) -> None:
    form = opened().fill(said)
    with pytest.raises(FormErrors) as refused:
        form.submit()
    assert refused.value.errors.items() >= errors.items()
    assert [received.kind for received in scripted.received] == ["command"]


def test_typed_inputs_are_checked_for_what_they_take(opened: Callable[..., Form]) -> None:
    inputs = [
        asked("E-mail", "email", {"type": "email_text_input"}),
        asked("Link", "link", {"type": "url_text_input"}),
        asked("Number", "number", {"type": "number_input", "is_decimal_allowed": False, "max_value": "5"}),
    ]
    form = opened(modal(*inputs)).fill({"E-mail": "ana", "Link": "zenith", "Number": "6"})
    with pytest.raises(FormErrors) as refused:
        form.submit()
    assert list(refused.value.errors) == ["E-mail", "Link", "Number"]
    form.fill({"E-mail": "ana@firm.example", "Link": "https://zenith.example", "Number": "5"}).submit()
    assert form.closed


def test_errors_of_the_bot_stand_beside_their_fields(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    form = filled(opened())
    scripted.on("view_submission", lambda _: {"response_action": "errors", "errors": {"story": "Say more."}})
    with pytest.raises(FormErrors) as refused:
        form.submit()
    assert refused.value.errors == {"What happened?": "Say more."}
    scripted.on("view_submission", lambda _: None)
    form.submit()
    assert form.closed


@pytest.mark.parametrize(
    "ack",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors"},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "explode"},
    ],
)
def test_an_ack_that_slack_does_not_understand_leaves_the_form_open(
    scripted: ScriptedBot, opened: Callable[..., Form], ack: Json
) -> None:
    form = filled(opened())
    scripted.on("view_submission", lambda _: ack)
    with pytest.raises(FormErrors) as refused:
        form.submit()
    assert refused.value.errors == TROUBLE
    assert not form.closed


def test_a_bot_that_fails_leaves_the_form_open(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    form = filled(opened())
    scripted.status = 500
    with pytest.raises(FormErrors) as refused:
        form.submit()
    assert refused.value.errors == TROUBLE
    scripted.status = 200
    form.submit()
    assert form.closed


def test_a_form_is_updated_in_its_place(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    form = filled(opened())
    before = form.view["id"]
    scripted.on("view_submission", lambda _: {"response_action": "update", "view": DONE})
    form.submit()
    assert (form.title, form.view["id"], form.closed) == ("Thanks", before, False)
    with pytest.raises(NotPossible, match="no submit button"):
        form.submit()


def test_a_form_is_pushed_upon_and_closed_again_or_cleared(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    form = filled(opened())
    scripted.on("view_submission", lambda _: {"response_action": "push", "view": {**DONE, "submit": plain("Go on")}})
    form.submit()
    assert form.title == "Thanks"
    form.cancel()
    assert (form.title, form.value("What happened?")["value"]) == ("Report", "shouted")
    form.submit()
    scripted.on("view_submission", lambda _: {"response_action": "clear"})
    form.submit()
    assert form.closed


def test_the_bot_hears_of_a_cancelled_form_where_it_asked_to(
    scripted: ScriptedBot, opened: Callable[..., Form]
) -> None:
    opened().cancel()
    assert [received.kind for received in scripted.received] == ["command"]
    filled(opened({**REPORT, "notify_on_close": True})).cancel()
    closed = scripted.last("view_closed").payload
    assert closed["view"]["state"] == {"values": {}}  # as Slack does
    assert (closed["is_cleared"], closed["view"]["callback_id"]) == (False, "report")


def test_a_double_click_sends_the_same_view_twice(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    form = filled(opened())
    form.submit(twice=True)
    sent = [received.payload["view"]["id"] for received in scripted.received if received.kind == "view_submission"]
    assert sent == [form.view["id"]] * 2
    assert form.closed


def test_type_ahead_asks_the_bot_and_takes_what_was_offered(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    offered = {"options": [option("Acme Zenith"), option("Zenith Corp"), option("New customer: zen")]}
    scripted.on("block_suggestion", lambda _: offered)
    form = filled(opened()).fill({"Customer": "zen"})
    asked_for = scripted.last("block_suggestion").payload
    assert (asked_for["value"], asked_for["action_id"], asked_for["block_id"]) == ("zen", "customer", "customer")
    assert form.value("Customer")["selected_option"]["value"] == "zenith corp"
    form.fill({"Customer": Pick("New customer: zen")})
    assert scripted.last("block_suggestion").payload["value"] == "zen"
    form.submit()
    chosen = scripted.last("view_submission").payload["view"]["state"]["values"]["customer"]["customer"]
    assert chosen["selected_option"]["value"] == "new customer: zen"
    with pytest.raises(NotPossible, match="is not offered"):
        opened().fill({"Customer": "Globex"})


def test_nothing_is_chosen_that_was_not_offered(
    scripted: ScriptedBot, opened: Callable[..., Form], ana: Person
) -> None:
    form = filled(opened())
    for block_id in ("customer", "severity"):
        values = {**form.view["state"]["values"], block_id: {block_id: {"selected_option": option("Forged")}}}
        with pytest.raises(HTTPError, match="400") as refused:
            post_json(f"{ana.url}/sandbox/submit", {"as": "U0ANA", "view_id": form.view["id"], "values": values})
        refused.value.close()
    assert "view_submission" not in {received.kind for received in scripted.received}


def test_options_that_slack_would_refuse_are_offered_to_nobody(
    scripted: ScriptedBot, opened: Callable[..., Form]
) -> None:
    scripted.on("block_suggestion", lambda _: {"options": [option("x" * 76)]})
    with pytest.raises(NotPossible, match="is not offered"):
        opened().fill({"Customer": "x"})


def test_an_input_that_dispatches_tells_the_bot_at_once(scripted: ScriptedBot, opened: Callable[..., Form]) -> None:
    kinds = asked("Kind", "kind", {"type": "static_select", "options": [option("Abuse"), option("Threat")]})
    opened(modal({**kinds, "dispatch_action": True})).fill({"Kind": "Thr"})
    sent = scripted.last("block_actions").payload
    assert sent["container"]["type"] == "view"
    assert sent["actions"][0]["selected_option"]["value"] == "threat"
    assert sent["view"]["state"]["values"]["kind"]["kind"]["selected_option"]["value"] == "threat"
    assert "response_url" not in sent


def test_only_the_form_in_front_can_be_sent(scripted: ScriptedBot, opened: Callable[..., Form], ana: Person) -> None:
    form = filled(opened())
    below = form.view["id"]
    scripted.on("view_submission", lambda _: {"response_action": "push", "view": DONE})
    form.submit()
    with pytest.raises(HTTPError, match="404") as refused:
        post_json(f"{ana.url}/sandbox/submit", {"as": "U0ANA", "view_id": below, "values": {}})
    refused.value.close()


def test_somebody_elses_form_cannot_be_sent(opened: Callable[..., Form], person: Callable[[str], Person]) -> None:
    form = filled(opened())
    body = {"as": "U0JOE", "view_id": form.view["id"], "values": {}}
    with pytest.raises(HTTPError, match="404") as refused:
        post_json(f"{person('U0JOE').url}/sandbox/submit", body)
    refused.value.close()


def test_a_response_url_answers_five_times(scripted: ScriptedBot, ana: Person) -> None:
    scripted.on("command", lambda _: "first")
    with pytest.raises(NoForm):
        ana.command("/customer")
    url = scripted.last("command").payload["response_url"]
    for number in range(4):
        post_json(url, {"text": f"more {number}", "response_type": "in_channel" if number else "ephemeral"})
    assert [message.text for message in ana.channel("C0SUPPORT")] == ["first", "more 0", "more 1", "more 2", "more 3"]
    assert [message.ephemeral for message in ana.channel("C0SUPPORT")] == [True, True, False, False, False]
    with pytest.raises(HTTPError, match="404") as refused:
        post_json(url, {"text": "once more"})
    refused.value.close()


def test_a_response_url_of_a_click_replaces_or_deletes_its_message(
    slack: WebClient, scripted: ScriptedBot, ana: Person
) -> None:
    row = {"type": "actions", "elements": [{"type": "button", "text": plain("Press"), "action_id": "press"}]}
    slack.chat_postMessage(channel="C0SUPPORT", text="Press", blocks=[row])
    slack.chat_postEphemeral(channel="C0SUPPORT", user="U0ANA", text="Psst", blocks=[row])
    for message in ana.channel("C0SUPPORT"):
        ana.press(message, "Press")
        sent = scripted.last("block_actions").payload
        assert sent["container"]["is_ephemeral"] == message.ephemeral
        post_json(sent["response_url"], {"replace_original": True, "text": "Pressed"})
        seen = next(now for now in ana.channel("C0SUPPORT") if now.ts == message.ts)
        assert (seen.text, seen.buttons) == ("Pressed", [])
        post_json(sent["response_url"], {"delete_original": True})
    assert ana.channel("C0SUPPORT") == []


def test_a_response_url_checks_what_it_is_given(scripted: ScriptedBot, ana: Person) -> None:
    scripted.on("command", lambda _: "first")
    with pytest.raises(NoForm):
        ana.command("/customer")
    with pytest.raises(HTTPError, match="400") as refused:
        post_json(scripted.last("command").payload["response_url"], {"blocks": [{"type": "table"}]})
    refused.value.close()


def test_only_people_of_the_workspace_use_it(ana: Person) -> None:
    for who in ("U0NOBODY", "U0BACKSTOP"):
        with pytest.raises(HTTPError, match="404") as refused:
            get_json(f"{ana.url}/sandbox/state?as={who}")
        refused.value.close()
