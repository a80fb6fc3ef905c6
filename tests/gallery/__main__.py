"""`make gallery`: what people see, as pictures, made by the sandbox from the real views.

It lives through the sandbox's story and a week more, and writes docs/gallery.md, its pictures and the README's.
"""

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.sandbox import sandboxed
from bot.sandbox.form import Form, filled_in
from bot.sandbox.person import Message, NotSeen, Person
from bot.sandbox.story import first_moment, play_story
from tests.gallery import page
from tests.gallery.camera import Camera, chromium

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "pictures"
TODAY = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)  # a Friday; always the same, so that the pictures stay the same
HERE = "C0MANAGE"
TRIES = 100
WHY = "Third rep in ten weeks, after a clear warning. Nobody here should have to pick up that phone."


def main() -> None:
    """Make all pictures again, and the page that shows them."""
    PICTURES.mkdir(exist_ok=True)
    behind = _now() - first_moment(TODAY)
    with chromium() as browser, sandboxed(_now, 0, threading.Event(), behind, customers=True) as sandbox:
        play_story(sandbox.url, _say, end=TODAY)
        camera = Camera(browser, sandbox.url, PICTURES)
        ana, priya, ruth = (Person(sandbox.url, who) for who in ("U0ANA", "U0PRIYA", "U0RUTH"))
        camera.window(DOCS / "story.png")
        _rep(camera, ana)
        _manager(camera, priya, ana)
        _week(camera, priya, ruth)
    for stale in {path.stem for path in PICTURES.glob("*.png")} - set(camera.taken):
        (PICTURES / f"{stale}.png").unlink()
    (DOCS / "gallery.md").write_text(page.written(camera.taken))
    size = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    _say(f"{len(camera.taken)} pictures, {size / 1e6:.1f} MB")


def _rep(camera: Camera, ana: Person) -> None:
    camera.message(ana, ana.direct_message("Zenith Corp"), "rep-asked")
    form = ana.command("/report-abuse", "Zenith Corp")
    camera.form(ana, "report-form")
    form.cancel()
    form = ana.command("/report-abuse", "Kestrel Freight")
    form.fill(filled_in(form.view, "He wants the same ticket answered a sixth time.", ("Persistent", "Serious")))
    form.submit()
    camera.form(ana, "receipt")
    form.cancel()
    form = ana.command("/customer", "Zenith Corp")
    camera.form(ana, "customer")
    form.cancel()


def _manager(camera: Camera, priya: Person, ana: Person) -> None:
    case = priya.message(HERE, "Zenith Corp")
    camera.message(priya, case, "case")
    for button, name in (("See the case", "see-the-case"), ("Approve drop", "drop-form")):
        form = _opened(priya, case, button)
        camera.form(priya, name)
        form.cancel()
    form = _opened(priya, priya.message(HERE, "Acme Ltd"), "Issue warning")
    camera.form(priya, "warning-form")
    form.cancel()
    priya.home("Acme Ltd")
    camera.home(priya, "home")
    form = _opened(priya, case, "Approve drop")
    while form.labels:
        form.fill(filled_in(form.view, WHY, ("Abuse after a warning",))).submit()
    form.cancel()
    camera.message(priya, _once(priya, HERE, case, "Approve drop"), "case-decided")
    camera.message(ana, ana.direct_message(WHY[:20]), "rep-decided")


def _week(camera: Camera, priya: Person, ruth: Person) -> None:
    """Move on until the deadline of what was not decided has passed, and to the week's summary."""
    priya.forward(days=2, hours=20, minutes=31)
    camera.message(priya, priya.message(HERE, "Week 47"), "week")
    priya.forward(days=1)
    camera.message(ruth, ruth.direct_message("Overdue since"), "director")


def _opened(person: Person, seen: Message, button: str) -> Form:
    """The form of a button. Right after the clock was moved, the bot may not have read yet who the managers are."""
    for _ in range(TRIES):
        form = person.press(seen, button)
        if form is None:
            raise LookupError(f"{button!r} opened no form")
        if "could not confirm" not in form.text():
            return form
        form.cancel()
    raise NotSeen(form.text())


def _once(person: Person, channel: str, seen: Message, gone: str) -> Message:
    """The message once this button is gone from it."""
    for _ in range(TRIES):
        now = next(message for message in person.channel(channel) if message.ts == seen.ts)
        if gone not in now.buttons:
            return now
    raise NotSeen(now.text)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - signatures are checked against the real time


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    main()
