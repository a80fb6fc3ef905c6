"""How soon a rep has their answer, on both databases: one report at a time, and 500 at once.

Beside ours a bare Bolt listener, and a plain bot that records reports with SQLAlchemy's ORM (`plain.py`). Each runs
alone, in turn, since ours goes on to post messages after its answers.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import aiohttp
import psycopg
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from handlers.names import EVENTS_PATH
from tests.benchmarks.firm import REPS, Signed, a_bot, a_process, a_slack, signed_report
from tests.benchmarks.table import ROUNDS, Line, percentile
from tests.slack.calling import post_json

IN_A_ROUND = 200
WARM = 20  # requests before those that are timed
CUSTOMERS = 100  # so half of a round's reports are about somebody new
AT_ONCE = 500
IN_TIME = 3.0  # seconds that Slack waits for an answer
RECORDED = b"Recorded as report"
MOODS = (("takes 100 ms", "slow", 0.1), ("takes 2 s", "slow", 2.0), ("answers 429", "429", 1.0))
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
OF_PLAIN = {"sqlite": 0.30, "postgresql": 0.50}  # of the plain bot's p50, at most
_names = count(1)


@dataclass(frozen=True)
class Answering:
    """A bot that answers. `recorded`: how many reports are on record."""

    url: str
    recorded: Callable[[], int]


@dataclass(frozen=True)
class Storm:
    """What came of reports that were sent at once: how long each waited that was acked, and how many are on record."""

    acked: Sequence[float]
    slowest: float
    recorded: int

    @property
    def in_time(self) -> int:
        """How many were acked while Slack still waited."""
        return sum(took < IN_TIME for took in self.acked)


def lines(server: str) -> list[Line]:
    """One in flight, and 500 at once, on SQLite and on the PostgreSQL at `server`."""
    with tempfile.TemporaryDirectory() as folder, a_slack() as slack:
        place = _Place(slack, Path(folder), server)
        alone = [_one_in_flight(place) for _ in range(ROUNDS)]
        return [
            _beside_bare(alone, "p50", 0.5, 2.5),
            _beside_bare(alone, "p99", 0.99, 6.0),
            *(_beside_plain(alone, kind) for kind in DATABASES),
            *(_all_at_once(place, kind) for kind in DATABASES),
            *(_while_slack(place, mood, _p50(alone, "ours", "sqlite")) for mood in MOODS),
        ]


@dataclass(frozen=True)
class _Place:
    """Where bots run: Slack, and what databases are made in."""

    slack: str
    folder: Path
    server: str

    @contextmanager
    def bot(self, who: str, kind: str) -> Iterator[Answering]:
        """Ours or the plain one, on an empty database of its own."""
        database = self._database(kind)
        if who == "ours":
            with a_bot(self.slack, database) as bot:
                yield Answering(bot.url, bot.recorded)
        else:
            with a_process(["-m", "tests.benchmarks.plain", database], {}) as (_, said):
                yield Answering(said, lambda: _counted(database))

    def _database(self, kind: str) -> str:
        name = f"answers_{next(_names)}"
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        made = make_url(self.server).set(database=name)
        plain = make_url(self.server).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # our own name
        return made.render_as_string(hide_password=False)


def _counted(database: str) -> int:
    engine = create_engine(database)
    with engine.connect() as connection:
        found = int(connection.execute(text("SELECT count(*) FROM plain_report")).scalar_one())
    engine.dispose()
    return found


Round = dict[tuple[str, str], list[float]]
"""For each bot and database, how long the answers of one round took."""


def _one_in_flight(place: _Place) -> Round:
    took: Round = {}
    for who, kind in ((who, kind) for kind in DATABASES for who in ("ours", "plain")):
        with place.bot(who, kind) as bot:
            took[who, kind] = _in_turn(bot.url)
            if bot.recorded() != WARM + IN_A_ROUND:
                raise AssertionError(f"{bot.recorded()} reports on record where {WARM + IN_A_ROUND} were acked")
    with _bare() as port:
        took["bare", ""] = _in_turn(f"http://127.0.0.1:{port}/")
    return took


@contextmanager
def _bare() -> Iterator[int]:
    """The bare listener's port."""
    with a_process(["-m", "tests.benchmarks.bare"], {}) as (_, said):
        yield _port(said)


def _port(url: str) -> int:
    return int(url.rstrip("/").rpartition(":")[2])


def _in_turn(url: str) -> list[float]:
    with closing(HTTPConnection("127.0.0.1", _port(url))) as connection:
        requests = (signed_report(f"Customer {n % CUSTOMERS}", REPS[n % len(REPS)]) for n in range(WARM + IN_A_ROUND))
        return [_took(connection, request) for request in requests][WARM:]


def _took(connection: HTTPConnection, request: Signed) -> float:
    start = time.perf_counter()
    connection.request("POST", EVENTS_PATH, request.body, dict(request.headers))
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - start
    if answer.status != 200 or RECORDED not in body:
        raise AssertionError(f"{answer.status}: {body[:200]!r}")
    return took


def _p50(rounds: Sequence[Round], who: str, kind: str) -> float:
    return statistics.median(percentile(each[who, kind], 0.5) for each in rounds)


def _beside_bare(rounds: Sequence[Round], name: str, share: float, most: float) -> Line:
    what = f"signed submission on SQLite, one in flight: {name} against a bare Bolt listener"
    return _ratio(what, rounds, ("ours", "sqlite"), ("bare", ""), share, most)


def _beside_plain(rounds: Sequence[Round], kind: str) -> Line:
    what = f"an answer on {DATABASES[kind]}, one in flight: p50 against the plain bot's"
    return _ratio(what, rounds, ("ours", kind), ("plain", kind), 0.5, OF_PLAIN[kind])


def _ratio(
    what: str, rounds: Sequence[Round], ours: tuple[str, str], floor: tuple[str, str], share: float, most: float
) -> Line:
    """Ours over the floor, round by round; the median of the ratios is what counts."""
    pairs = [(percentile(each[ours], share) * 1000, percentile(each[floor], share) * 1000) for each in rounds]
    ratios = [our / beside for our, beside in pairs]
    middle = statistics.median(ratios)
    our, beside = (statistics.median(each) for each in zip(*pairs, strict=True))
    figure = f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f}; {our:.2f} ms)"
    return Line(what, figure, f"{beside:.2f} ms", f"≤ {most:.2f}", middle <= most)


def _all_at_once(place: _Place, kind: str) -> Line:
    ours, plain = [], []
    for _ in range(ROUNDS):
        for who, storms in (("ours", ours), ("plain", plain)):
            with place.bot(who, kind) as bot:
                storms.append(_storm(bot))
    what = f"{AT_ONCE} at once on {DATABASES[kind]}: answered within {IN_TIME:.0f} s, each of {ROUNDS} rounds"
    reached = all(storm.in_time == storm.recorded == AT_ONCE for storm in ours)
    return Line(what, _in_words(ours), f"plain bot: {_in_words(plain)}", str(AT_ONCE), reached)


def _in_words(storms: Sequence[Storm]) -> str:
    answered = ", ".join(str(storm.in_time) for storm in storms)
    slowest = statistics.median(storm.slowest for storm in storms)
    recorded = min(storm.recorded for storm in storms)
    return f"{answered} (slowest {slowest:.2f} s; {recorded} recorded)"


def _while_slack(place: _Place, mood: tuple[str, str, float], one: float) -> Line:
    """Slack's mood must not show in the answers: the slowest against so many answers one after the other."""
    said, kind, seconds = mood
    faults = {"method": "*", "kind": kind, "times": 10**6, "seconds": seconds}
    with a_slack() as slack, _Place(slack, place.folder, place.server).bot("ours", "sqlite") as bot:
        post_json(f"{slack}sandbox/faults", faults)
        storm = _storm(bot)
    ratio = storm.slowest / (AT_ONCE * one)
    what = f"{AT_ONCE} at once on SQLite while Slack {said}: the slowest against {AT_ONCE} one after the other"
    figure = f"{ratio:.2f} ({storm.slowest:.2f} s; {len(storm.acked)} acked, {storm.recorded} recorded)"
    reached = ratio <= 1.1 and len(storm.acked) == storm.recorded == AT_ONCE
    return Line(what, figure, f"{AT_ONCE * one:.2f} s", f"≤ 1.10, {AT_ONCE} acked and recorded", reached)


def _storm(bot: Answering) -> Storm:
    """500 reports, each on a connection of its own."""
    answers = asyncio.run(_sent(bot.url, AT_ONCE))
    acked = [took for took, was_acked in answers if was_acked]
    return Storm(acked, max(took for took, _ in answers), bot.recorded())


async def _sent(url: str, number: int) -> list[tuple[float, bool]]:
    """How long each waited for its answer, and whether it was told that the report is recorded."""
    requests = [signed_report(f"Customer {n % 200}", REPS[n % len(REPS)]) for n in range(number)]
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        return await asyncio.gather(*(_one(session, url, request) for request in requests))


async def _one(session: aiohttp.ClientSession, url: str, request: Signed) -> tuple[float, bool]:
    start = time.perf_counter()
    async with session.post(url + EVENTS_PATH.lstrip("/"), data=request.body, headers=request.headers) as answer:
        body = await answer.read()
    return time.perf_counter() - start, answer.status == 200 and RECORDED in body
