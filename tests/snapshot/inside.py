"""Everything of the snapshot that knows the names of our own modules: adapt this file after a move, and no other.

The bot is assembled as `bot.app` does it, but its loop is carried out by hand, one thing after the other, on a clock
that only `Engine` moves, and with random numbers from a seed: so two runs leave the same bytes.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import pkgutil
import random
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import slack_sdk.signature

import bot.cli
import bot.cli.main as program
import bot.sandbox.client
import bot.sandbox.person
import bot.sandbox.story_people
import handlers
import storage
from bot import logs
from bot.app import assemble
from bot.cli.customers_file import load as load_customers
from bot.cli.sandbox import CUSTOMERS, SECRET, TOKEN, sandbox_settings
from bot.http_server import serve
from bot.policy_file.load import BUILT_IN
from bot.sandbox.form import FormErrors
from bot.sandbox.person import Person
from bot.sandbox.server import start
from bot.sandbox.story import first_moment, play_story
from bot.usecases.customers.import_list import import_customers
from handlers.bolt import bolt_app
from handlers.dispatcher import Asks
from tests.snapshot import cases, later, reps
from tests.snapshot import stage as stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "BUILT_IN",
    "CUSTOMERS",
    "SECRET",
    "TOKEN",
    "FormErrors",
    "Person",
    "play_story",
    "start",
]

STORY_LENGTH = timedelta(weeks=13)
PACKAGES = ("bot", "handlers", "storage")
TODAY = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)  # when the story ends; the gallery's day
NOW = TODAY + timedelta(hours=1)  # of commands that read a clock
SOON = timedelta(minutes=1)  # what is due so soon is waited for after each act
CHAPTERS = (
    reps.reporting, cases.warning, cases.no_warning, cases.hearing, reps.messages, reps.looking, cases.guarding,
    cases.asking, cases.dropping, cases.managing, later.overdue, later.week, later.decided_late, later.objection,
    later.looking_back, later.reviews,
)  # fmt: skip
TWO_APPROVALS = (later.approvals,)
COMMANDS = [module.name for module in pkgutil.iter_modules(bot.cli.__path__)]
WAIT = (
    bot.sandbox.person,
    bot.sandbox.story_people,
    stages,
)  # the modules in which people sleep while they wait for the bot


def seed() -> None:
    """Let everything that is random come from a seed: `secrets`, and `random`."""
    source, lock = random.Random(7), threading.Lock()

    def drawn(size: int) -> bytes:
        with lock:
            return source.randbytes(size)

    random._urandom = drawn  # type: ignore[attr-defined]
    random.seed(7)


def unhurried() -> Any:  # noqa: ANN401 - a sandbox
    """A sandbox at NOW that never asks for a pause."""
    ticks = count(step=60)
    sandbox = start(bot_url="", signing_secret=SECRET, token=TOKEN, now=lambda: NOW)
    sandbox._web_api._rates._ticks = lambda: float(next(ticks))
    return sandbox


class Engine:
    """The sandbox with the bot behind it. Whatever a person does is followed by all that comes of it, at once."""

    def __init__(self, folder: Path, policy: Path | None, wrap: Callable[[Any], Any]) -> None:
        self.time = first_moment(TODAY)
        self.sandbox = start(bot_url="", signing_secret=SECRET, token=TOKEN, port=0, now=lambda: self.time)
        self.sandbox._web_api._rates._ticks = self.seconds
        slack_sdk.signature.Clock.now = lambda _: self.seconds()
        self.file = folder / "backstop.db"
        self.bot = assemble(sandbox_settings(self.sandbox, folder, policy), self.sandbox.now)
        self.team = self.bot.worker.roster._team = self.bot.worker.roster.find_team()
        self.bot.worker.roster._team_known.set()
        import_customers(self.bot.context, self.team, load_customers(CUSTOMERS))
        listening, self._stop = threading.Event(), threading.Event()

        def heard(address: str) -> None:
            self.bot_url = address
            listening.set()

        args = (wrap(self.bot.web), "127.0.0.1", 0, self._stop)
        self._server = threading.Thread(target=serve, args=args, kwargs={"listening": heard})
        self._server.start()
        listening.wait()
        self.sandbox.bot_url = f"{self.bot_url}slack/events"
        self.rest()

    def seconds(self) -> float:
        """The clock, since 1970."""
        return self.time.timestamp()

    def rest(self) -> None:
        """Do all that is due, and go on to what is due soon, until nothing is."""
        worker, until = self.bot.worker, self.sandbox.now() + SOON
        while True:
            self.read_people()
            worked = worker.scheduler.tick()
            while job := worker.delivery.claim():
                worker._free.acquire()
                worker._deliver(job)
                worked = True
            if worked:
                continue
            moments = (worker.delivery.next_moment(), self.bot.database.next_task_at())
            moment = min((each for each in moments if each is not None), default=None)
            if moment is None or moment > until:
                return
            self.time += max(moment - self.sandbox.now(), timedelta(milliseconds=10))

    def read_people(self) -> None:
        """Read from Slack who may act, and whom somebody asked about."""
        worker = self.bot.worker
        worker.roster._roster.refresh(self.team)
        worker.roster.problem = ""
        worker.roster._tried.set()
        while not worker.roster._profiles._queue.empty():
            person, _ = worker.roster._profiles._queue.get()
            worker.roster._roster.refresh_person(person.team, person.user)

    def stop(self) -> None:
        self._stop.set()
        self._server.join()
        self.bot.database.close()
        self.sandbox.stop()


@contextmanager
def engine(wrap: Callable[[Any], Any], policy: Path | None = None) -> Iterator[Engine]:
    """An engine, whose people's acts move its clock on by a second and are followed by all that comes of them."""
    with tempfile.TemporaryDirectory(prefix="backstop-snapshot-") as folder:
        one = Engine(Path(folder), policy, wrap)
        client, post = bot.sandbox.client.Client, bot.sandbox.client.Client.post

        def followed(self: Any, path: str, **args: object) -> Any:  # noqa: ANN401 - the page's JSON
            one.time += timedelta(seconds=1)
            answer = post(self, path, **args)
            one.read_people()
            if path != "clock":  # as the bot itself, which is slower than whoever acts right after the clock was turned
                one.rest()
            return answer

        client.post = followed
        waiting = SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: one.rest())
        for module in WAIT:
            module.time = waiting  # type: ignore[attr-defined]
        try:
            yield one
        finally:
            client.post = post
            for module in WAIT:
                module.time = time  # type: ignore[attr-defined]
            one.stop()


def stage(url: str, camera: Any) -> Any:  # noqa: ANN401 - the gallery's, with a camera of ours
    """The gallery's stage."""
    return stages.Stage(url, camera)


def configure_log() -> None:
    logs.configure()


def ours(name: str) -> bool:
    """Whether a logger, or the module of an exception, is of our own packages."""
    return name.partition(".")[0] in PACKAGES


def exceptions() -> Iterator[str]:
    """Of each exception of ours, by its class's name: whether the log may write its words."""
    for package in (bot, handlers, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".migrations" not in module.name:
                importlib.import_module(module.name)
    found, left = set[type[BaseException]](), [BaseException]
    while left:
        kind = left.pop()
        found.add(kind)
        left += [each for each in kind.__subclasses__() if each not in found]
    for kind in found:
        if ours(kind.__module__):
            says = "says" in logs._error(kind.__new__(kind))
            yield f"{kind.__qualname__}: {'its words are logged' if says else 'its words are kept from the log'}"


def said(arguments: list[str], folder: Path, given: dict[str, str], typed: str) -> tuple[int, str, str]:
    """What `python -m bot …` says with its clock at NOW and random numbers from a seed, in this process."""
    seed()
    looks = count()
    for name in COMMANDS:
        module: Any = importlib.import_module(f"bot.cli.{name}")
        if hasattr(module, "now"):
            module.now = lambda: NOW + next(looks) * timedelta(seconds=0.5)  # it goes on with each look at it
    out, err, before, stdin = io.StringIO(), io.StringIO(), Path.cwd(), sys.stdin
    known = dict(os.environ)
    os.environ.update(given)
    os.chdir(folder)
    sys.stdin = io.StringIO(typed)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = program.main(arguments)
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdin = stdin
        os.chdir(before)
        os.environ.clear()
        os.environ.update(known)
    return code, out.getvalue(), err.getvalue()


def mistakes(folder: Path) -> Iterator[tuple[str, Path]]:
    """Policy files with one mistake each, by what is wrong."""
    from tests.bot.test_policy_mistakes import MISTAKES, TEXT  # noqa: PLC0415 - what only this asks for

    for number, (name, (right, wrong, *_)) in enumerate(MISTAKES.items()):
        file = folder / f"mistake-{number}.toml"
        file.write_text(TEXT.replace(right, wrong), encoding="utf-8")
        yield name, file


def protections() -> Iterator[str]:
    """What each protection sees that finds what it looks after by a name."""
    from tests import test_project, texts  # noqa: PLC0415 - what only this asks for
    from tests.handlers import every_view, invented, test_texts, test_views_refusals  # noqa: PLC0415
    from tests.storage import test_plans, test_statements, test_week_plans  # noqa: PLC0415

    statements = list(test_statements.all_statements())
    yield f"statements walked by test_statements: {len(statements)}"
    yield f"of how many modules of the record: {len({name.rpartition('.')[0] for name, _ in statements})}"
    yield f"questions of test_week_plans.QUESTIONS: {len(test_week_plans.QUESTIONS)}"
    yield f"large tables of test_plans.LARGE: {len(test_plans.LARGE)}, indexes of a part: {len(test_plans.OF_A_PART)}"
    files = [path.relative_to(texts.ROOT).as_posix() for path in texts.modules()]
    yield f"texts gathered: {len(test_texts.gathered())} from {len(files)} modules"
    yield f"modules in which unmarked texts are looked for (MODULES): {len(test_texts.MODULES)}"
    others = test_texts.OTHERS
    yield f"of OTHERS, which are left out, there are: {sum(each in files for each in others)} of {len(others)}"
    for name in ("READ", "SHOWN"):
        for prefix in getattr(test_texts, name):
            under = sum(each.startswith(prefix) for each in files)
            yield f"modules under a prefix of test_texts.{name}: {under} ({prefix})"
    texts_now = list(test_texts.gathered())
    shown = {n for n, text in enumerate(texts_now) if any(at.startswith(test_texts.SHOWN) for at, _ in text.locations)}
    yield f"texts that must be shown (SHOWN): {len(shown)}"
    with tempfile.TemporaryDirectory() as folder:
        invented.speak(test_texts.gathered(), Path(folder))
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", test_texts.PROGRAM, folder], cwd=texts.ROOT, check=True, stdout=subprocess.PIPE,
            env=os.environ | {"LANGUAGE": invented.LANGUAGE},
        )  # fmt: skip
    said = json.loads(done.stdout)
    yield f"texts said by every_view: {len(said['said'])}, of those that must be: {len(shown & {*said['said']})}"
    yield f"messages, forms and answers of every_view: {len(every_view.every_view())}"
    lengths = [length for _, length in test_project.functions()]
    yield f"papers: {len(test_project.DOCUMENTS)}"
    yield f"modules: {len(test_project.MODULES)}"
    yield f"functions of test_project: {len(lengths)}, lines in them: {sum(lengths)}"
    kinds = [k for k in vars(test_views_refusals.refusals).values() if isinstance(k, type)]
    named = [kind for kind in kinds if issubclass(kind, test_views_refusals.Refusal)]
    yield f"kinds of refusals in the module that test_views_refusals walks: {len(named)}"
    app = bolt_app(None, Asks(str, print), token="xoxb-1", signing_secret="s", api_url="http://127.0.0.1:9/")
    yield f"listeners of the bolt app: {len(app._listeners)}"
    yield f"chapters of the gallery: {len(CHAPTERS) + len(TWO_APPROVALS)}"
