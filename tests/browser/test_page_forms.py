"""Forms: opened by a command, filled in, refused, sent, and changed by the app while somebody types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from bot.sandbox.demo_blocks import FORM, mrkdwn, plain
from tests.browser.conftest import DESKTOP, PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

    from tests.browser.conftest import Firm, Visits

STORY = "Shouted until I hung up.\nThen wrote <b>this</b> & *that*."


def opened_form(page: Page) -> Locator:
    """The demo's form, opened as people do: by typing the start of a command."""
    field = page.get_by_role("textbox", name="Message #support")
    field.fill("/rep")
    expect(page.get_by_role("option", name="/report-abuse [customer]")).to_be_visible()
    field.press("Tab")
    expect(field).to_have_value("/report-abuse ")
    field.press("Enter")
    form = page.get_by_role("dialog", name="Every input")
    expect(form).to_be_visible()
    return form


def choose(form: Locator, label: str, typed: str, option: str) -> None:
    """Picks by the keyboard alone."""
    box = form.get_by_role("combobox", name=label)
    box.press_sequentially(typed)
    expect(form.get_by_role("option", name=option)).to_be_visible()
    box.press("Enter")


def test_required_fields_say_so_beside_themselves_until_they_are_filled_in(firm: Firm, visits: Visits) -> None:
    form = opened_form(visits.open(firm.url, "U0ANA", "C0SUPPORT"))
    form.get_by_role("button", name="Send").click()
    customer, story = form.get_by_role("combobox", name="Customer"), form.get_by_role("textbox", name="What happened?")
    expect(customer).to_be_focused()
    expect(customer).to_have_attribute("aria-invalid", "true")
    expect(customer).to_have_accessible_description("⚠ Please complete this required field.")
    story.fill("Words")
    expect(story).not_to_have_attribute("aria-invalid", "true")
    expect(form.get_by_role("alert").filter(has_text="required")).to_have_count(1)
    assert firm.bot.heard == []


def test_the_apps_error_stands_beside_its_field_and_what_was_entered_stays(firm: Firm, visits: Visits) -> None:
    form = opened_form(visits.open(firm.url, "U0ANA", "C0SUPPORT"))
    choose(form, "Customer", "zen", "Zenith Corp")
    story = form.get_by_role("textbox", name="What happened?")
    story.fill("wrong")
    form.get_by_role("button", name="Send").click()
    expect(story).to_have_accessible_description(re.compile("Say something else."))
    expect(form.get_by_role("combobox", name="Customer")).to_have_value("Zenith Corp")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_form_filled_in_reaches_the_app_as_slack_would_send_it(firm: Firm, visits: Visits, size: Any) -> None:  # noqa: ANN401 - Playwright's viewport
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT", size)
    form = opened_form(page)
    choose(form, "Customer", "zen", "Zenith Corp")
    form.get_by_role("textbox", name="What happened?").fill(STORY)
    form.get_by_label("Number").fill("12")
    choose(form, "Some fruit", "app", "Apple")
    choose(form, "Some fruit", "small", "Cherry")
    choose(form, "Somebody", "pri", "Priya Raman")
    form.get_by_role("group", name="Also").get_by_label("Cherry").check()
    form.get_by_role("radiogroup", name="How serious?").or_(
        form.get_by_role("group", name="How serious?")
    ).get_by_label("Banana").check()
    form.get_by_label("Day").fill("2026-11-24")
    form.get_by_label("Time").fill("17:05")
    form.get_by_label("Moment").fill("2026-07-01T12:00")
    form.get_by_label("Files").set_input_files([{"name": "mail.txt", "mimeType": "text/plain", "buffer": b"words"}])
    expect(form.get_by_role("button", name="Remove mail.txt")).to_be_visible()
    form.get_by_role("button", name="Send").click()
    thanks = page.get_by_role("dialog", name="Thank you")
    expect(thanks).to_contain_text("Recorded. Nobody has to put up with that.")
    values = {
        block: entry[block] for block, entry in firm.bot.last("view_submission")["view"]["state"]["values"].items()
    }
    assert values["story"]["value"] == STORY
    assert values["customer"]["selected_option"]["value"] == "Zenith Corp"
    assert values["number"]["value"] == "12"
    assert [option["value"] for option in values["fruits"]["selected_options"]] == ["apple", "cherry"]
    assert values["who"]["selected_user"] == "U0PRIYA"
    assert [option["value"] for option in values["boxes"]["selected_options"]] == ["cherry"]
    assert values["radio"]["selected_option"]["value"] == "banana"
    assert (values["day"]["selected_date"], values["time"]["selected_time"]) == ("2026-11-24", "17:05")
    assert values["moment"]["selected_date_time"] == 1782903600  # noon in London's summer
    assert [file["name"] for file in values["files"]["files"]] == ["mail.txt"]


def test_esc_closes_the_list_first_and_then_the_form_and_the_focus_goes_back(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    form = opened_form(page)
    form.get_by_role("combobox", name="One fruit").press("ArrowDown")
    expect(form.get_by_role("option", name="Apple")).to_be_visible()
    page.keyboard.press("Escape")
    expect(form.get_by_role("option", name="Apple")).to_be_hidden()
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()
    expect(page.get_by_role("textbox", name="Message #support")).to_be_focused()
    assert firm.bot.last("view_closed")["view"]["callback_id"] == "demo"


def test_a_list_tells_what_is_missing_before_it_asks_the_app(firm: Firm, visits: Visits) -> None:
    form = opened_form(visits.open(firm.url, "U0ANA", "C0SUPPORT"))
    form.get_by_role("combobox", name="Customer").click()
    expect(form.get_by_role("status")).to_contain_text(["Type 1 more letter"])
    choose(form, "Customer", "acm", "Acme Ltd")
    expect(form.get_by_role("combobox", name="Customer")).to_have_value("Acme Ltd")
    asked = [payload["value"] for payload in firm.bot.heard if payload["type"] == "block_suggestion"]
    assert asked[-1] == "acm"
    assert "" not in asked


def test_a_late_answer_to_what_was_typed_before_is_not_shown(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    form = opened_form(page)
    held: list[Route] = []
    page.route("**/sandbox/options", lambda route: route.continue_() if held else held.append(route))
    box = form.get_by_role("combobox", name="Customer")
    with page.expect_request("**/sandbox/options"):
        box.press_sequentially("g")
    box.press_sequentially("lob")
    expect(form.get_by_role("option")).to_have_text(["Globex", "New customer: glob"])
    late = {"text": plain("Late"), "value": "late"}
    with page.expect_response("**/sandbox/options"):
        held[0].fulfill(json={"options": [late]})
    page.wait_for_timeout(100)  # nothing shall happen, and there is no telling when nothing has
    expect(form.get_by_role("option")).to_have_text(["Globex", "New customer: glob"])


def test_a_form_stays_with_slacks_words_when_the_app_does_not_answer(firm: Firm, visits: Visits) -> None:
    form = opened_form(visits.open(firm.url, "U0ANA", "C0SUPPORT"))
    choose(form, "Customer", "zen", "Zenith Corp")
    form.get_by_role("textbox", name="What happened?").fill("Words")
    working, firm.sandbox.bot_url = firm.sandbox.bot_url, "http://127.0.0.1:9/"
    form.get_by_role("button", name="Send").click()
    expect(form.get_by_role("alert").filter(has_text="We had some trouble connecting. Try again?")).to_be_visible()
    firm.sandbox.bot_url = working
    form.get_by_role("textbox", name="What happened?").press("Control+Enter")
    expect(form).to_be_hidden()


def test_what_is_being_typed_outlives_an_update_by_the_app(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    story = opened_form(page).get_by_role("textbox", name="What happened?")
    story.press_sequentially("Half a sen")
    view_id = page.evaluate("fetch('/sandbox/views?as=U0ANA').then((r) => r.json())")["stack"][0]["id"]
    note = {"type": "section", "text": mrkdwn("They were warned on 13 October.")}
    firm.bot.call("views.update", view_id=view_id, view={**FORM, "blocks": [note, *FORM["blocks"]]})
    expect(page.get_by_role("dialog")).to_contain_text("They were warned on 13 October.")
    expect(story).to_be_focused()
    page.keyboard.type("tence")
    expect(story).to_have_value("Half a sentence")


def test_a_form_laid_over_another_gives_way_to_it_with_what_was_entered(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    opened_form(page).get_by_role("textbox", name="What happened?").fill("Words")
    over = {"type": "modal", "title": plain("Laid over"), "close": plain("Back"), "blocks": FORM["blocks"][:1]}
    pressed = {**FORM, "blocks": [*FORM["blocks"], {"type": "actions", "elements": [_button()]}]}
    view_id = page.evaluate("fetch('/sandbox/views?as=U0ANA').then((r) => r.json())")["stack"][0]["id"]
    firm.bot.call("views.update", view_id=view_id, view=pressed)
    page.get_by_role("button", name="Look closer").click()
    expect(page.get_by_role("button", name="Look closer")).not_to_have_attribute("aria-busy", "true")
    firm.bot.call("views.push", trigger_id=firm.bot.last("block_actions")["trigger_id"], view=over)
    expect(page.get_by_role("dialog", name="Laid over")).to_be_visible()
    page.get_by_role("button", name="Back").first.click()
    expect(page.get_by_role("textbox", name="What happened?")).to_have_value("Words")


def _button() -> dict[str, Any]:
    return {"type": "button", "text": plain("Look closer"), "action_id": "closer", "value": "1"}
