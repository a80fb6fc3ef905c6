"""Messages and the Home tab: every block is drawn, every element works, and text stays text."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from bot.sandbox.demo_blocks import MESSAGE, mrkdwn, plain
from tests.browser.conftest import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.conftest import Firm, Visits

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def post(firm: Firm, blocks: list[dict[str, Any]], channel: str = "C0SUPPORT") -> str:
    """The ts of what the bot posted."""
    posted = firm.bot.call("chat.postMessage", channel=channel, text="Words for a notification", blocks=blocks)
    assert posted["ok"], posted
    return str(posted["ts"])


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text)}


def from_app(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("article", name="Backstop")


def test_every_block_is_drawn(firm: Firm, visits: Visits) -> None:
    post(firm, MESSAGE)
    message = from_app(visits.open(firm.url, "U0ANA", "C0SUPPORT"))
    expect(message.get_by_role("heading", name="A header")).to_be_visible()
    for tag, words in {
        "strong": "bold",
        "em": "italic",
        "s": "strike",
        "code": "code",
        "pre": "pre\nformatted",
    }.items():
        expect(message.locator(tag).filter(has_text=words).first).to_be_visible()
    expect(message.get_by_role("link", name="a link")).to_have_attribute("href", "https://example.com")
    expect(message).to_contain_text("@Ana Ribeiro #support @managers <!channel> 👋")
    expect(message.locator("blockquote").first).to_have_text("a quote")
    expect(message.locator("time").filter(has_text="22 Nov 2025 at 09:00")).to_be_visible()
    expect(message.get_by_role("separator")).to_be_visible()
    expect(message.get_by_role("listitem")).to_have_text(["one", "two", "one", "two"])
    expect(message.get_by_role("button")).to_have_text(["Beside", "Primary", "Danger", "Link", "⋯", "⋯"])
    expect(message.get_by_role("combobox", name="A fruit")).to_be_visible()
    expect(message).not_to_contain_text("is not shown here")


def test_escaped_words_of_a_user_stay_text_and_an_unescaped_ping_shows_as_one(firm: Firm, visits: Visits) -> None:
    post(
        firm,
        [section("&lt;img src=x onerror=alert(1)&gt; &lt;!here&gt; &amp;lt; <!channel> <javascript:alert(1)|press>")],
    )
    message = from_app(visits.open(firm.url, "U0ANA", "C0SUPPORT"))
    expect(message).to_contain_text("<img src=x onerror=alert(1)> <!here> &lt; @channel press")
    expect(message.locator("img")).to_have_count(0)
    expect(message.locator(".ping")).to_have_text(["@channel"])
    expect(message.get_by_role("link")).to_have_count(0)


def test_a_button_asks_first_where_it_says_so_and_its_answer_is_seen_by_one_person_only(
    firm: Firm, visits: Visits
) -> None:
    post(firm, MESSAGE)
    ana, joe = visits.open(firm.url, "U0ANA", "C0SUPPORT"), visits.open(firm.url, "U0JOE", "C0SUPPORT")
    ana.get_by_role("button", name="Danger").click()
    question = ana.get_by_role("dialog", name="Sure?")
    question.get_by_role("button", name="No").click()
    expect(question).to_be_hidden()
    assert firm.bot.heard == []
    ana.get_by_role("button", name="Danger").press("Enter")
    question.get_by_role("button", name="Yes").click()
    answer = from_app(ana).filter(has_text="ana used danger")
    expect(answer).to_contain_text("Only visible to you")
    ana.reload()
    expect(answer).to_be_visible()
    expect(from_app(joe)).to_have_count(1)


def test_a_change_is_seen_live_by_everybody_and_keeps_ones_place(firm: Firm, visits: Visits) -> None:
    ts = post(firm, MESSAGE)
    page = visits.open(firm.url, "U0PRIYA", "C0SUPPORT", PHONE)
    page.get_by_role("button", name="Primary").focus()
    firm.bot.call("chat.update", channel="C0SUPPORT", ts=ts, text="New", blocks=[section("*Decided*"), *MESSAGE])
    expect(from_app(page)).to_contain_text("Decided")
    expect(from_app(page)).to_contain_text("(edited)")
    expect(page.get_by_role("button", name="Primary")).to_be_focused()
    firm.bot.call("chat.delete", channel="C0SUPPORT", ts=ts)
    expect(from_app(page)).to_have_count(0)


def test_a_click_that_the_app_does_not_answer_says_so_at_the_button(firm: Firm, visits: Visits) -> None:
    post(firm, MESSAGE)
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    firm.sandbox.bot_url = "http://127.0.0.1:9/"
    page.get_by_role("button", name="Primary").click()
    expect(from_app(page).first.get_by_role("alert").filter(has_text="⚠")).to_be_visible()


def test_menus_and_selects_in_a_message_work_by_keyboard(firm: Firm, visits: Visits) -> None:
    post(firm, MESSAGE)
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    page.get_by_role("button", name="More choices").press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(from_app(page).filter(has_text="ana used more")).to_be_visible()
    assert firm.bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "hide"
    fruit = page.get_by_role("combobox", name="A fruit")
    fruit.press("ArrowDown")
    fruit.press("ArrowDown")
    fruit.press("Enter")
    expect(from_app(page).filter(has_text="ana used fruit")).to_be_visible()
    assert firm.bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "apple"


def test_a_message_shortcut_opens_the_apps_form(firm: Firm, visits: Visits) -> None:
    post(firm, [section("They rang again")])
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    from_app(page).hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Report customer").click()
    expect(page.get_by_role("dialog", name="Every input")).to_be_visible()
    assert firm.bot.last("message_action")["message"]["blocks"][0]["text"]["text"] == "They rang again"


def test_a_global_shortcut_is_offered_where_a_command_is_typed_and_in_threads_too(firm: Firm, visits: Visits) -> None:
    post(firm, [section("They rang again")])
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    from_app(page).hover()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Reply in thread").click()
    page.get_by_role("textbox", name="Reply in thread").fill("/rep")
    page.get_by_role("option", name="Report a customer").click()
    expect(page.get_by_role("dialog", name="Every input")).to_be_visible()
    assert "channel" not in firm.bot.last("shortcut")


def test_the_home_tab_shows_what_the_app_published_and_its_buttons_work(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    page.get_by_role("link", name="Backstop").click()
    expect(page.get_by_role("heading", name="Welcome home")).to_be_visible()
    page.get_by_role("button", name="Press").click()
    expect(page.get_by_role("button", name="Press")).not_to_have_attribute("aria-busy", "true")
    assert firm.bot.last("block_actions")["view"]["type"] == "home"
    page.get_by_role("link", name="Messages").click()
    expect(page.get_by_role("textbox", name="Message Backstop")).to_be_visible()


def test_a_direct_message_from_the_app_is_marked_and_found(firm: Firm, visits: Visits) -> None:
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    post(firm, [section("Your report on Zenith Corp")], channel="U0ANA")
    page.get_by_role("link", name="Backstop 1 unread").click()
    expect(from_app(page)).to_contain_text("Your report on Zenith Corp")


def test_a_chart_has_a_bar_as_high_as_each_value(firm: Firm, visits: Visits) -> None:
    points = [{"label": str(week), "value": n} for week, n in ((45, 0), (46, 3), (47, 9))]
    axes = {"series": [{"name": "Reports", "data": points}], "axis_config": {"categories": ["45", "46", "47"]}}
    post(firm, [{"type": "data_visualization", "title": "Reports", "chart": {"type": "bar", **axes}}])
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    heights = page.locator(".bar i").evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().height)")
    nothing, three, nine = heights
    assert nothing <= 1
    assert nine == pytest.approx(3 * three, abs=2)


def test_a_picture_that_the_app_uploaded_is_seen(firm: Firm, visits: Visits) -> None:
    ticket = firm.bot.call("files.getUploadURLExternal", filename="week.png", length=len(DOT))
    with urlopen(Request(ticket["upload_url"], DOT)):  # noqa: S310 - our own sandbox
        firm.bot.call("files.completeUploadExternal", files=[{"id": ticket["file_id"], "title": "The week"}])
    picture = {
        "type": "image",
        "slack_file": {"id": ticket["file_id"]},
        "alt_text": "Twelve weeks",
        "title": plain("Weeks"),
    }
    post(firm, [picture])
    shown = visits.open(firm.url, "U0ANA", "C0SUPPORT").get_by_role("img", name="Twelve weeks")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 1)


def test_nothing_is_wider_than_a_phone(firm: Firm, visits: Visits) -> None:
    post(firm, [section("W" * 200 + " https://example.com/" + "path" * 40), *MESSAGE])
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT", PHONE)
    expect(page.get_by_role("heading", name="A header")).to_be_attached()
    wide = "[...document.querySelectorAll('.scroller, .form-body, html')].map((e) => e.scrollWidth - e.clientWidth)"
    assert set(page.evaluate(wide)) == {0}
    page.get_by_role("textbox", name=re.compile("^Message")).fill("/report-abuse")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert set(page.evaluate(wide)) == {0}
