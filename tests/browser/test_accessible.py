"""axe-core finds nothing: on the page, in light and dark, and in every message, form and Home of the bot."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from bot.sandbox.client import Client
from bot.sandbox.demo import Demo, serve
from bot.sandbox.demo_blocks import HOME, MESSAGE
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox, start
from bot.sandbox.story_tour import tour
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_story import real_clock
from tests.handlers.every_view import every_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.browser.conftest import Firm, Visits

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
Json = dict[str, Any]


def problems(page: Page, where: str = "body") -> list[str]:
    """What axe-core finds there: each rule that is broken, with where."""
    page.evaluate("document.fonts.ready")
    if not page.evaluate("() => 'axe' in window"):
        page.add_script_tag(content=AXE)
    found = page.evaluate("(where) => axe.run(where, { resultTypes: ['violations'] })", where)
    return [
        f"{one['id']}: {node['target']} {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]
    ]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_on_every_part_of_the_page(firm: Firm, visits: Visits, size: Any, colours: str) -> None:  # noqa: ANN401 - Playwright's
    firm.bot.call("chat.postMessage", channel="C0SUPPORT", text="Every block", blocks=MESSAGE)
    said = Person(firm.url, "U0OLEK").say("C0SUPPORT", "You are all useless, see https://example.com")
    Person(firm.url, "U0ANA").say("C0SUPPORT", "I am on it.", said.ts)
    firm.bot.call("views.publish", user_id="U0ANA", view=HOME)
    Client(firm.url, "U0ANA").post("tour", **tour("", said.ts, said.ts))
    page = visits.open(firm.url, "U0ANA", "C0SUPPORT", size, color_scheme=colours, bypass_csp=True)
    assert problems(page) == []
    page.get_by_role("button", name="1 reply").click()
    expect(page.get_by_role("complementary", name="Thread")).to_be_visible()
    assert problems(page) == []
    page.keyboard.press("Escape")
    if size is PHONE:
        page.get_by_role("button", name="People, clock and channels").click()
        assert problems(page) == []
        page.keyboard.press("Escape")
    page.goto(f"{firm.url}?as=U0ANA&channel=home")
    expect(page.get_by_role("main")).to_have_attribute("aria-busy", "false")
    assert problems(page) == []
    page.goto(f"{firm.url}?as=U0ANA&channel=C0SUPPORT")
    expect(page.get_by_role("main")).to_have_attribute("aria-busy", "false")
    Person(firm.url, "U0ANA").command("/report-abuse", "form")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert problems(page) == []


class Showing(Demo):
    """A bot that opens each of these forms on its number."""

    forms: tuple[Json, ...] = ()

    def command(self, fields: dict[str, str]) -> Json:
        self.call("views.open", trigger_id=fields["trigger_id"], view=self.forms[int(fields["text"])])
        return {}


@pytest.fixture
def showing() -> Iterator[tuple[Sandbox, Showing]]:
    sandbox = start(signing_secret="secret", token="xoxb-test", now=real_clock)
    bot = Showing(sandbox.api_url, "xoxb-test")
    server = serve(bot)
    sandbox.bot_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    yield sandbox, bot
    sandbox.stop()
    server.shutdown()
    server.server_close()


def of_each_kind() -> tuple[tuple[Json, ...], tuple[list[Json], ...], tuple[list[Json], ...]]:
    """Forms, messages and the blocks of Homes: of all those with the same kinds of block and element, one."""
    forms: dict[str, Json] = {}
    messages: dict[str, list[Json]] = {}
    homes: dict[str, list[Json]] = {}
    for view in map(without_addresses, every_view()):
        if isinstance(view, dict) and "blocks" in view:
            forms.setdefault(f"{view['callback_id']} {shape(view['blocks'])}", view)
        elif isinstance(view, list) and view and isinstance(view[0], dict):
            (homes if view[0]["type"] == "actions" else messages).setdefault(shape(view), view)
    return tuple(forms.values()), tuple(messages.values()), tuple(homes.values())


def without_addresses(seen: Any) -> Any:  # noqa: ANN401 - JSON
    """The same with an address that Slack takes for each strange one, and without pictures that nobody has uploaded."""
    if isinstance(seen, list):
        return [without_addresses(each) for each in seen if not (isinstance(each, dict) and "slack_file" in each)]
    if isinstance(seen, dict):
        return {key: "https://example.com" if key == "url" else without_addresses(each) for key, each in seen.items()}
    return seen


def shape(blocks: list[Json]) -> str:
    """Which kinds of block and element there are."""
    elements = {element["type"] for block in blocks for element in block.get("elements", [block.get("element", block)])}
    return json.dumps(sorted({block["type"] for block in blocks} | elements))


@pytest.mark.timeout(1200)
def test_in_every_kind_of_message_form_and_home(showing: tuple[Sandbox, Showing], visits: Visits) -> None:
    sandbox, bot = showing
    bot.forms, messages, homes = of_each_kind()
    assert min(len(bot.forms), len(messages)) > 10
    assert homes
    ana = Person(sandbox.url, "U0ANA")
    page = visits.open(sandbox.url, "U0ANA", "C0SUPPORT", PHONE, bypass_csp=True)
    for number in range(len(bot.forms)):
        form = ana.command("/report-abuse", str(number))
        expect(page.get_by_role("dialog")).to_contain_text(form.title)
        assert problems(page, "dialog") == [], form.text()
        form.cancel()
        expect(page.get_by_role("dialog")).to_be_hidden()
    for blocks in messages:
        ana.forward(seconds=2)
        assert bot.call("chat.postMessage", channel="C0SUPPORT", text="A message", blocks=blocks)["ok"]
    assert problems(page) == []
    page.goto(f"{sandbox.url}?as=U0ANA&channel=home")
    for home in homes:
        assert bot.call("views.publish", user_id="U0ANA", view={"type": "home", "blocks": home})["ok"]
        expect(page.get_by_role("region", name="Home")).to_be_visible()
        assert problems(page) == []
