"""`make gallery`: every message and form as a picture, made by the sandbox from the real views.

It lives through the sandbox's story, goes on from there, and writes docs/gallery.md, its pictures and the README's.
"""

import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import bot
from bot.cli.sandbox import sandboxed
from bot.sandbox.story import STORY_LENGTH, play_story
from tests.gallery import cases, later, page, reps
from tests.gallery.camera import Camera, chromium
from tests.gallery.stage import Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "pictures"
BUILT_IN = Path(bot.__file__).parent / "policy_file" / "default.toml"
TODAY = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)  # a Friday; always the same, so that the pictures stay the same
THEN = (
    reps.reporting, cases.warning, cases.no_warning, cases.hearing, reps.messages, reps.looking, cases.guarding,
    cases.asking, cases.dropping, cases.managing, later.overdue, later.week, later.decided_late, later.appeal,
    later.looking_back, later.reviews,
)  # fmt: skip


def main() -> None:
    """Make all pictures again, and the page that shows them."""
    PICTURES.mkdir(exist_ok=True)
    with chromium() as browser:
        taken = [*_the_story(browser), *_two_approvals(browser)]
    for stale in {path.stem for path in PICTURES.glob("*.png")} - set(taken):
        (PICTURES / f"{stale}.png").unlink()
    (DOCS / "gallery.md").write_text(page.written(taken))
    size = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    _say(f"{len(taken)} pictures, {size / 1e6:.1f} MB")


def _the_story(browser: "Browser") -> list[str]:
    with _stage(browser) as stage:
        play_story(stage.ana.url, _say)
        stage.camera.window(stage.priya, stage.notice("Drop or keep Zenith Corp?"), DOCS / "story.png")
        for chapter in THEN:
            _act(chapter, stage)
        return stage.camera.taken


def _two_approvals(browser: "Browser") -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "policy.toml"
        policy.write_text(BUILT_IN.read_text().replace("approvals_to_drop = 1", "approvals_to_drop = 2"))
        with _stage(browser, policy) as stage:
            stage.ana.forward(days=STORY_LENGTH.days)
            _act(later.approvals, stage)
            return stage.camera.taken


@contextmanager
def _stage(browser: "Browser", policy: Path | None = None) -> Iterator[Stage]:
    behind = _now() - TODAY + STORY_LENGTH
    with sandboxed(_now, 0, threading.Event(), behind, customers=True, policy=policy) as sandbox:
        yield Stage(sandbox.url, Camera(browser, sandbox.url, PICTURES))


def _act(chapter: Callable[[Stage], None], stage: Stage) -> None:
    _say(f"{chapter.__module__.rpartition('.')[2]}: {chapter.__name__.replace('_', ' ')}")
    chapter(stage)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - signatures are checked against the real time


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
