"""A headless browser that takes pictures of what people see in the sandbox, as wide as a phone."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from bot.sandbox.person import Message, Person

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE = 390
SHORT = ViewportSize(width=PHONE, height=200)  # a form is stretched to the height of the window
LONG = ViewportSize(width=PHONE, height=3000)  # so that nothing has to be scrolled
DESKTOP = ViewportSize(width=1280, height=800)
COLOURS = 256
WHOLE = ".tour { display: none; } textarea.control { field-sizing: content; } .home { align-self: start; }"
HEIGHT = """(form) => [...form.children].reduce(
    (sum, part) => sum + (part.matches('.form-body') ? part.scrollHeight : part.offsetHeight), 2)"""
ALONE = "(node) => node.closest('.scroller').replaceChildren(node)"
LOADED = "(node) => [...node.querySelectorAll('img')].every((image) => image.complete)"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium: the one that CHROMIUM names, or the first that is installed."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit(f"The gallery needs Chromium: install {' or '.join(NAMES)}, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGS, env=os.environ | {"LANGUAGE": "en_GB"})
        yield browser
        browser.close()


@dataclass
class Camera:
    """Takes pictures of the sandbox at `url` into `folder`. `taken`: their names, in order."""

    browser: Browser
    url: str
    folder: Path
    taken: list[str] = field(default_factory=list)

    def message(self, reader: Person, seen: Message, name: str) -> None:
        """The message as this person sees it now."""
        with self._page(reader, seen.channel) as page:
            article = page.locator(f'article[data-ts="{seen.ts}"]').first
            article.evaluate(ALONE)
            self._keep(article, name)

    def form(self, person: Person, name: str, act: Callable[[Locator], None] = lambda _: None) -> None:
        """The whole form that this person has open. `act`: what they do in it before the picture."""
        with self._page(person, "C0SUPPORT", SHORT) as page:
            dialog = page.get_by_role("dialog")
            expect(dialog).to_be_visible()
            act(dialog)
            page.set_viewport_size({"width": PHONE, "height": int(dialog.locator("form").evaluate(HEIGHT))})
            self._keep(dialog, name)

    def home(self, person: Person, name: str) -> None:
        """Their Home tab, which they have opened before."""
        with self._page(person, "home") as page:
            self._keep(page.locator(".home"), name)

    def window(self, file: Path) -> None:
        """The page as somebody finds it who opens the sandbox, on a desktop."""
        with self._at("", DESKTOP) as page:
            expect(page.locator(".pointed")).to_be_in_viewport()
            page.evaluate("document.fonts.ready")
            file.write_bytes(small(page.screenshot()))

    def _keep(self, shown: Locator, name: str) -> None:
        expect(shown).to_be_visible()
        shown.scroll_into_view_if_needed()
        shown.page.wait_for_function(LOADED, arg=shown.element_handle())
        shown.page.evaluate("document.fonts.ready")
        (self.folder / f"{name}.png").write_bytes(small(shown.screenshot(animations="disabled")))
        self.taken.append(name)

    @contextmanager
    def _page(self, person: Person, channel: str, size: ViewportSize = LONG) -> Iterator[Page]:
        with self._at(f"?as={person.user_id}&channel={channel}", size) as page:
            page.add_style_tag(content=WHOLE)
            yield page

    @contextmanager
    def _at(self, query: str, size: ViewportSize) -> Iterator[Page]:
        context = self.browser.new_context(viewport=size, timezone_id="UTC", locale="en-GB", bypass_csp=True)
        page = context.new_page()
        page.goto(f"{self.url}{query}")
        expect(page.get_by_role("main", include_hidden=True)).to_have_attribute("aria-busy", "false")
        yield page
        context.close()


def small(png: bytes) -> bytes:
    """The same picture in few colours."""
    out = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
