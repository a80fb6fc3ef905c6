"""A real browser for every test of this folder. Without one the tests fail: a page nobody opened is not tested."""

from __future__ import annotations

import os
import shutil
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from bot.sandbox.demo import Demo, serve
from bot.sandbox.server import Sandbox, start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=800)
ZONE = "Europe/London"
PATIENCE = 120_000  # milliseconds; ends only a wait for what never comes
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for the whole run."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(f"The browser tests need Chromium: install {' or '.join(NAMES)}, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield browser
        browser.close()


@dataclass
class Windows:
    """Pages that somebody has closed. A browser is opened again where none of its kind is left: that takes as much of
    the processor as loading the page.
    """

    browser: Browser
    closed: dict[str, list[Page]] = field(default_factory=lambda: defaultdict(list))

    def page(self, kind: str, options: dict[str, Any]) -> Page:
        """An empty page of a browser with these options, in which nothing is left of earlier visits."""
        if self.closed[kind]:
            return self.closed[kind].pop()
        page = self.browser.new_context(timezone_id=ZONE, locale="en-GB", **options).new_page()
        page.set_default_timeout(PATIENCE)
        return page

    def leave(self, kind: str, page: Page) -> None:
        """Empty it for somebody else. What a sandbox had it keep belongs to that sandbox's address."""
        pages = page.context.pages
        if page.is_closed() or len(pages) > 1:
            page.context.close()
            return
        page.unroute_all(behavior="ignoreErrors")
        page.goto("about:blank")
        self.closed[kind].append(page)


@pytest.fixture(scope="session")
def windows(chromium: Browser) -> Windows:
    return Windows(chromium)


@dataclass
class Visits:
    """Opens the sandbox's page as people, each in a browser of their own."""

    windows: Windows
    problems: list[str] = field(default_factory=list)
    _leave: list[Callable[[], None]] = field(default_factory=list)

    def open(self, url: str, who: str, channel: str = "", size: ViewportSize = DESKTOP, **context: Any) -> Page:  # noqa: ANN401 - Playwright's own options
        """The page as this person, in this channel ("home" is the app's Home tab), once it is loaded."""
        options = {"viewport": size, **context}
        page = self.windows.page(kind := repr(options), options)
        heard: Callable[[Any], None] = lambda error: self.problems.append(str(error))  # noqa: E731
        page.on("pageerror", heard)
        self._leave += [lambda: page.remove_listener("pageerror", heard), lambda: self.windows.leave(kind, page)]
        page.goto(f"{url}?as={who}&channel={channel}")
        expect(page.get_by_role("main")).to_have_attribute("aria-busy", "false")
        return page

    def close(self) -> None:
        for leave in self._leave:
            leave()


@pytest.fixture
def visits(windows: Windows) -> Iterator[Visits]:
    """People's browsers, as if fresh for the test; an exception on a page fails it."""
    visits = Visits(windows)
    yield visits
    visits.close()
    assert visits.problems == []


class Watched(Demo):
    """The sandbox's demo bot, and what was sent to it."""

    def __init__(self, api_url: str, token: str) -> None:
        super().__init__(api_url, token)
        self.heard: list[dict[str, Any]] = []

    def interaction(self, payload: dict[str, Any]) -> dict[str, Any]:
        self.heard.append(payload)
        return super().interaction(payload)

    def last(self, kind: str) -> dict[str, Any]:
        """The newest payload of this type; waits for the first to come, as the page does not wait for every answer."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not (found := [payload for payload in self.heard if payload["type"] == kind]):
            assert time.monotonic() < deadline, f"The app never heard of a {kind}."
            time.sleep(0.02)
        return found[-1]


@dataclass(frozen=True)
class Firm:
    """A running sandbox and its demo bot."""

    sandbox: Sandbox
    bot: Watched

    @property
    def url(self) -> str:
        return self.sandbox.url


@pytest.fixture
def firm() -> Iterator[Firm]:
    """A sandbox that the demo bot answers."""
    sandbox = start(signing_secret="secret", token="xoxb-test", now=lambda: datetime.now(UTC))  # noqa: TID251 - signatures carry real time
    bot = Watched(sandbox.api_url, "xoxb-test")
    server = serve(bot)
    sandbox.bot_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    yield Firm(sandbox, bot)
    sandbox.stop()
    server.shutdown()
    server.server_close()
