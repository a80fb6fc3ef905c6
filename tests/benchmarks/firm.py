"""The bot as a process, a Slack as another, and requests signed as Slack signs them: what several lines measure on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from slack_sdk.signature import SignatureVerifier
from sqlalchemy import func, select

from bot.sandbox.__main__ import SECRET, TOKEN
from handlers.names import BlockId, CallbackId, OptionValue
from storage.database import Database
from storage.tables.reports import report
from tests.handlers.payload_samples import at, picked, submission, ticked, typed
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).parents[2]
REPS = ("U0ANA", "U0JOE", "U0MIA", "U0CORA", "U0RUTH", "U0BRAD")
MEGABYTE = 1024  # in the kilobytes of /proc
LONGEST_START = 60.0  # seconds
_forms = count(1)


@dataclass(frozen=True)
class Signed:
    """A request as it goes over the wire."""

    body: bytes
    headers: Mapping[str, str]


def signed_report(customer: str, user: str = "U0ANA", category: str = "other", severity: str = "minor") -> Signed:
    """A report form, sent for the first time."""
    fields = {
        BlockId.CUSTOMER: picked(OptionValue.NEW + customer),
        BlockId.CATEGORY: picked(category),
        BlockId.SEVERITY: picked(severity),
        BlockId.NARRATIVE: typed("He screamed until I hung up, then called back and went on."),
        BlockId.HAPPENED_AT: at(int(real_clock().timestamp()) - 600),
        BlockId.PLACE: picked("phone"),
        BlockId.LINKS: typed(None),
        BlockId.FILES: {"type": "file_input", "files": []},
        BlockId.CHECKS: ticked(),
    }
    person = {"id": user, "username": user.lower(), "name": user.lower(), "team_id": "T0FIRM"}
    sent = submission(CallbackId.REPORT_FORM, "", person, **fields)
    sent["view"]["id"] = f"V{next(_forms)}"
    return signed(sent)


def signed_command(name: str, text: str, user: str) -> Signed:
    """A slash command as Slack sends it."""
    where = {"team_id": "T0FIRM", "channel_id": "C0SUPPORT", "channel_name": "support", "trigger_id": "1.2.3"}
    who = {"user_id": user, "user_name": user.lower(), "response_url": "https://hooks.slack.com/commands/1"}
    return _signed(urlencode({"command": name, "text": text, **where, **who}))


def signed(payload: Mapping[str, object]) -> Signed:
    """An interaction as Slack sends it."""
    return _signed(urlencode({"payload": json.dumps(payload)}))


def _signed(body: str) -> Signed:
    moment = str(int(real_clock().timestamp()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=moment, body=body)
    kind = "application/x-www-form-urlencoded"
    headers = {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": str(signature), "Content-Type": kind}
    return Signed(body.encode(), headers)


@contextmanager
def a_slack() -> Iterator[str]:
    """The sandbox in a process of its own; its address."""
    with a_process(["-m", "bot.sandbox"], {}) as (_, said):
        yield said


@dataclass(frozen=True)
class Serving:
    """`python -m bot serve`, or a floor beside it, ready."""

    pid: int
    url: str
    database: str
    started: float  # seconds until ready

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rstrip("/").rpartition(":")[2])

    def recorded(self) -> int:
        """How many reports are on record."""
        database = Database(self.database)
        with database.engine.connect() as connection:
            found = int(connection.execute(select(func.count()).select_from(report)).scalar_one())
        database.close()
        return found

    def memory(self, what: str = "VmRSS") -> float:
        """Megabytes that it holds now; VmHWM: has ever held."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(what)) / MEGABYTE

    def processor(self) -> float:
        """Seconds of a core that its threads have used."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9


@contextmanager
def a_bot(slack: str, database: str) -> Iterator[Serving]:
    """The bot on this database, from its start until it is ready and on to its end."""
    settings = {
        "SLACK_BOT_TOKEN": TOKEN,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{slack}api/",
        "DATABASE_URL": database,
        "PORT": "0",
        "MANAGEMENT_CHANNEL": "C0MANAGE",
        "MANAGERS": "S0MANAGERS",
    }
    start = time.perf_counter()
    with a_process(["-m", "bot", "serve"], settings) as (pid, said):
        url = said.rpartition(" ")[2]
        while not _ready(url):
            if time.perf_counter() - start > LONGEST_START:
                raise TimeoutError(f"not ready after {LONGEST_START:.0f} s")
            time.sleep(0.01)
        yield Serving(pid, url, database, time.perf_counter() - start)


@contextmanager
def a_bare_listener() -> Iterator[Serving]:
    """A Bolt listener that does nothing, in the bot's web server."""
    with a_process(["-m", "tests.benchmarks.bare"], {}) as (pid, said):
        yield Serving(pid, said, "", 0.0)


@contextmanager
def a_firm() -> Iterator[tuple[str, Serving]]:
    """Slack's address, and the bot on an SQLite file of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        a_slack() as slack,
        a_bot(slack, f"sqlite:///{folder}/record.db") as bot,
    ):
        yield slack, bot


def _ready(url: str) -> bool:
    try:
        with urlopen(f"{url}readyz", timeout=5) as answer:  # noqa: S310 - our own process
            return bool(answer.status == 200)
    except (URLError, ConnectionError):
        return False


@contextmanager
def a_process(arguments: Sequence[str], settings: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Python with these arguments: its number, and the first line that it says."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout
        yield process.pid, process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout
        process.stdout.close()
