"""Slack's mrkdwn as the page draws it, case by case. What comes out is read back as HTML, so that nothing hides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Firm, Visits

# 24 November 2026, 16:00 in London, when it is 22 November there.
DATES = {
    "{date_num}": "2026-11-24",
    "{date}": "24 November 2026",
    "{date_short} at {time}": "24 Nov 2026 at 16:00",
    "{date_long_pretty}": "Tuesday, 24 November 2026",
    "by {time_secs}": "By 16:00:00",
    "{unheard_of}": "{unheard_of}",
}
LINES = {
    "plain": "plain",
    "*bold* _italic_ ~gone~ `code`": "<strong>bold</strong> <em>italic</em> <s>gone</s> <code>code</code>",
    "*both _at_ once*": "<strong>both <em>at</em> once</strong>",
    "2*3*4 snake_case_name a * b * c": "2*3*4 snake_case_name a * b * c",
    "(*bold*), *bold*.": "(<strong>bold</strong>), <strong>bold</strong>.",
    "`*not bold* &lt;b&gt;`": "<code>*not bold* &lt;b&gt;</code>",
    "one\ntwo": "one<br>two",
    "> quoted\n> more\nafter": "<blockquote>quoted<br>more</blockquote>after",
    "&gt; quoted": "<blockquote>quoted</blockquote>",
    "```*as* it\n is```": "<pre>*as* it\n is</pre>",
    "&amp;lt; &lt;b&gt; &amp;": "&amp;lt; &lt;b&gt; &amp;",
    "<b>no tag</b>": "<span>b</span>no tag<span>/b</span>",
    "<img src=x onerror=alert(1)>": "<span>img src=x onerror=alert(1)</span>",
    "<javascript:alert(1)|press>": "<span>press</span>",
    "<@U0ANA> <#C0SUPPORT>": '<span class="mention">@Ana</span> <span class="mention">#support</span>',
    "<!here> &lt;!here&gt;": '<span class="mention ping">@here</span> &lt;!here&gt;',
    "<!subteam^S0MANAGERS>": '<span class="mention ping">@managers</span>',
    ":wave: :no_such_thing:": "👋 :no_such_thing:",
    "unclosed *bold and <link": "unclosed *bold and &lt;link",
}
DRAW = """async (text) => {
  const { mrkdwn } = await import("/static/mrkdwn.js");
  const names = {
    userName: () => "Ana", channelName: () => "support", groupName: () => "@managers",
    now: () => new Date("2026-11-22T12:00:00Z"),
  };
  const place = document.createElement("div");
  place.append(...mrkdwn(text, names));
  return place.innerHTML;
}"""


@pytest.fixture
def page(firm: Firm, visits: Visits) -> Page:
    return visits.open(firm.url, "U0ANA", "C0SUPPORT")


def test_every_kind_of_mrkdwn_becomes_what_slack_makes_of_it(page: Page) -> None:
    assert {text: page.evaluate(DRAW, text) for text in LINES} == LINES


def test_links_open_elsewhere_and_only_the_web_and_mail(page: Page) -> None:
    for text in ("<https://example.com/?a=1&amp;b=2|two>", "https://example.com/?a=1&amp;b=2."):
        drawn = page.evaluate(DRAW, text)
        assert '<a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">' in drawn
    assert page.evaluate(DRAW, "<mailto:a@example.com>").endswith(">a@example.com</a>")


def test_dates_are_shown_in_the_readers_zone_with_a_capital_letter_as_at_slack(page: Page) -> None:
    received = {pattern: page.evaluate(DRAW, f"<!date^1795536000^{pattern}|then>") for pattern in DATES}
    assert {pattern: html.split(">")[1].removesuffix("</time") for pattern, html in received.items()} == DATES
    assert page.evaluate(DRAW, "<!date^nonsense^{date}|then>") == "<span>then</span>"
    assert ">Tomorrow</time>" in page.evaluate(DRAW, "<!date^1795449600^{date_short_pretty}|then>")


def test_hostile_text_everywhere_runs_nothing(firm: Firm, visits: Visits) -> None:
    hostile = "<img src=x onerror=document.title='broken'>"
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT")
    plain = {"type": "plain_text", "text": hostile}
    blocks = [
        {"type": "header", "text": plain},
        {"type": "section", "text": {"type": "mrkdwn", "text": hostile}, "fields": [plain]},
        {"type": "context", "elements": [plain]},
        {"type": "actions", "elements": [{"type": "button", "text": plain, "action_id": "a"}]},
    ]
    firm.bot.call("chat.postMessage", channel="C0SUPPORT", text=hostile, blocks=blocks)
    message = page.get_by_role("article", name="Backstop")
    expect(message.get_by_role("heading", name=hostile)).to_be_visible()
    expect(message.get_by_role("button", name=hostile)).to_be_visible()
    expect(message.locator("img")).to_have_count(0)
    expect(page).not_to_have_title("broken")
