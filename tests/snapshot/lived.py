"""The story and the gallery, lived once by the engine: what everybody sees, what is on record, what HTTP answered."""

from __future__ import annotations

import json
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from tests.snapshot import inside
from tests.snapshot.asking import asked_of_all, mask_figures
from tests.snapshot.writing import dumped, pretty, rows

if TYPE_CHECKING:
    from collections.abc import Callable

CHANNELS = {"C0SUPPORT": "U0ANA", "C0GENERAL": "U0ANA", "C0MANAGE": "U0PRIYA"}
PEOPLE = ("ANA", "JOE", "MIA", "PRIYA", "BRAD", "RUTH", "CORA", "GUS", "OLEK")
HOW_BAD = "How serious?"
SHOUTED = {"What kind of conduct?": "Verbal abuse", HOW_BAD: "Serious", "What happened?": "He screamed."}


class Recorder:
    """WSGI in front of the bot: each request of the sandbox by what it is, and the whole answer."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def __call__(self, app: Any) -> Any:  # noqa: ANN401 - WSGI
        def recorded(environ: dict[str, Any], start: Callable[..., Any]) -> Any:  # noqa: ANN401
            size = int(environ.get("CONTENT_LENGTH") or 0)
            body, said = environ["wsgi.input"].read(size), []
            environ["wsgi.input"] = _Read(body)
            answer = list(app(environ, lambda status, headers, *_: said.append((status, headers)) or None))
            start(*said[0])
            received = {"status": said[0][0], "headers": said[0][1], "body": b"".join(answer).decode()}
            self.seen.append(
                {"asked": f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}", **_what(body), **received}
            )
            return answer

        return recorded


class _Read:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self, size: int = -1) -> bytes:
        now, self._body = (self._body, b"") if size < 0 else (self._body[:size], self._body[size:])
        return now


def _what(body: bytes) -> dict[str, Any]:
    text = body.decode(errors="replace")
    try:
        form = {name: values[0] for name, values in parse_qs(text).items()}
        sent = json.loads(form.get("payload") or (text if text.startswith("{") else "null")) or form
    except ValueError:
        return {"sent": text}
    kept = ("type", "command", "text", "callback_id", "actions", "event", "user", "user_id", "value", "action_id")
    view = sent.get("view") or {}
    return {"sent": {key: sent[key] for key in kept if key in sent}, "form": view.get("callback_id")}


class Camera:
    """Writes down the JSON of what the gallery's camera would take a picture of."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.taken = folder, list[str]()

    def message(self, reader: inside.Person, seen: Any, name: str) -> None:  # noqa: ANN401 - a message
        self._keep(name, next(one.raw for one in reader.channel(seen.channel) if one.ts == seen.ts))

    def form(self, person: inside.Person, name: str, act: Callable[[Any], None] | None = None) -> None:
        form = person.form()
        assert form is not None, name
        hand = Hand(form)
        if act:
            act(hand)
        self._keep(name, {"view": form.view, "errors": hand.errors})

    def home(self, person: inside.Person, name: str) -> None:
        self._keep(name, person.current_home().view)

    def _keep(self, name: str, shown: Any) -> None:  # noqa: ANN401 - JSON
        pretty(self.folder / f"{name}.json", shown)
        self.taken.append(name)


class Hand:
    """What the gallery does in a form by a browser's locators, done by the form's own fields."""

    def __init__(self, form: Any, name: str = "", errors: dict[str, str] | None = None) -> None:  # noqa: ANN401
        self._form, self._name, self.errors = form, name, {} if errors is None else errors

    def get_by_role(self, role: str, name: str = "", **_: object) -> Hand:
        return _Option(self._form, name, self.errors) if role == "option" else Hand(self._form, name, self.errors)

    def get_by_label(self, name: str) -> Hand:
        return Hand(self._form, name, self.errors)

    def filter(self, **_: object) -> Hand:
        return self

    @property
    def first(self) -> Hand:
        return self

    def wait_for(self) -> None:
        assert self.errors

    def fill(self, text: str) -> None:
        self._form.fill({self._name: text})

    def check(self) -> None:
        self._form.fill({HOW_BAD: self._name})

    def click(self) -> None:
        if self._name in self._form.labels:
            _Option.of = self._name
            return
        try:
            self._form.submit()
        except inside.FormErrors as refused:
            self.errors |= refused.errors


class _Option(Hand):
    of = ""

    def click(self) -> None:
        self._form.fill({_Option.of: self._name})


def slack(url: str) -> dict[str, Any]:
    """All that stands in the sandbox's Slack: each channel's messages in order, Homes, and how often it was called."""
    people = {name: inside.Person(url, f"U0{name}") for name in PEOPLE}
    places = {channel: inside.Person(url, who) for channel, who in CHANNELS.items()}
    calls = next(iter(people.values()))._client.get("calls")["counts"]
    return {
        "channels": {place: [one.raw for one in reader.channel(place)] for place, reader in places.items()},
        "direct messages": {name: [one.raw for one in person.direct_messages()] for name, person in people.items()},
        "homes": {name: person._client.get("home")["view"] for name, person in people.items()},
        "calls": calls,
    }


def live(out: Path) -> None:
    """Live the story, ask over HTTP, go on with the gallery, and then with troubles."""
    inside.seed()
    inside.configure_log()
    camera, recorder = Camera(out / "views"), Recorder()
    with inside.engine(recorder) as engine:
        url = engine.sandbox.url
        inside.play_story(url, lambda _: None, end=inside.TODAY)
        pretty(out / "slack" / "after-the-story.json", slack(url))
        rows(engine.file, out / "rows" / "after-the-story")
        dumped(engine.file, out / "story.db")
        asked_of_all(engine.bot_url, out / "http" / "after-the-story", engine.seconds)
        stage = inside.stage(url, camera)
        for chapter in inside.CHAPTERS:
            chapter(stage)
        pretty(out / "slack" / "after-the-gallery.json", slack(url))
        rows(engine.file, out / "rows" / "after-the-gallery")
        dumped(engine.file, out / "gallery.db")
    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "policy.toml"
        policy.write_text(inside.BUILT_IN.read_text().replace("approvals_to_drop = 1", "approvals_to_drop = 2"))
        with inside.engine(recorder, policy) as engine:
            stage = inside.stage(engine.sandbox.url, camera)
            stage.ana.forward(days=inside.STORY_LENGTH.days)
            for chapter in inside.TWO_APPROVALS:
                chapter(stage)
    _trouble(out, recorder)
    lines = [json.dumps(mask_figures(each), ensure_ascii=False, sort_keys=True) for each in recorder.seen]
    (out / "http" / "answers-to-the-sandbox.jsonl").write_text("\n".join(lines) + "\n")


def _trouble(out: Path, recorder: Recorder) -> None:
    """Slack fails in every way that can be ordered; then the database is locked, and at last it lacks a table."""
    with inside.engine(recorder) as engine:
        url, folder = engine.sandbox.url, out / "http"
        ana, joe = inside.Person(url, "U0ANA"), inside.Person(url, "U0JOE")
        asked_of_all(engine.bot_url, folder / "before-anything", engine.seconds)
        kinds = ("500", "internal_error", "fatal_error", "429", "drop_before", "drop_after", "error:not_in_channel")
        for number, kind in enumerate(kinds):
            ana._client.post("faults", method="chat.postMessage", kind=kind, times=2, seconds=1)
            _reported(ana, f"Customer {number}")
        ana._client.post("faults", method="chat.postMessage", kind="error:is_archived", times=40, seconds=1)
        _reported(joe, "Customer 0")
        asked_of_all(engine.bot_url, folder / "while-slack-refuses", engine.seconds)
        dumped(engine.file, out / "trouble.db")
        ana._client.post("faults", method="views.open", kind="500", times=1, seconds=1)
        _answered(out, "a-form-did-not-open", lambda: ana.command("/customer", "Customer 0"))
        form = ana.command("/report-abuse", "Customer 0")
        with sqlite3.connect(engine.file, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            _answered(out, "the-database-is-locked", lambda: form.fill(SHOUTED).submit())
            other.execute("ROLLBACK")
            other.execute("ALTER TABLE report RENAME TO gone")
            _answered(out, "a-table-is-gone", lambda: form.fill(SHOUTED).submit())
            _answered(out, "a-table-is-gone-click", lambda: joe.command("/customer", "Customer 0"))
            asked_of_all(engine.bot_url, folder / "while-a-table-is-gone", engine.seconds)
            other.execute("ALTER TABLE gone RENAME TO report")
            other.execute("UPDATE customer SET standing = 'odd'")
            _answered(out, "what-is-on-record-is-odd", lambda: joe.command("/customer", "Customer 0"))
            ana.forward(days=9)
            _answered(out, "what-is-on-record-is-odd-later", lambda: joe.command("/report-abuse", "Customer 1"))
            asked_of_all(engine.bot_url, folder / "while-the-record-is-odd", engine.seconds)


def _reported(rep: inside.Person, customer: str) -> None:
    form = rep.command("/report-abuse", customer)
    form.fill(SHOUTED).submit()
    form.cancel()


def _answered(out: Path, name: str, act: Callable[[], Any]) -> None:
    """What a person reads after an act that goes wrong."""
    try:
        form = act()
        received: Any = {"view": getattr(form, "view", None)}
    except Exception as refused:  # noqa: BLE001 - whatever it is, its words are what is written down
        received = {"refused": str(refused)}
    pretty(out / "views" / f"trouble-{name}.json", received)


if __name__ == "__main__":
    live(Path(sys.argv[1]))
