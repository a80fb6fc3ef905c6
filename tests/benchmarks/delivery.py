"""From an accepted report to its notice in Slack, sixty reports at once, and how a storm drains.

`STORM=500 make bench`: the whole storm.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from http.client import HTTPConnection

from slack_sdk import WebClient
from sqlalchemy import func, select

from bot.rules.notices import NoticeKind
from bot.sandbox.__main__ import TOKEN
from handlers.client.transport import posting_client
from handlers.names import EVENTS_PATH
from storage.database import Database
from storage.tables.outbox import notice
from tests.benchmarks.firm import REPS, Serving, Signed, a_bot, a_firm, a_process, signed_report
from tests.benchmarks.sixty_reps import SIXTY
from tests.benchmarks.table import ROUNDS, Line, at_most, percentile, seconds
from tests.slack.calling import get_json
from tests.slack.office import real_clock

STORM = int(os.environ.get("STORM", "100"))  # reports in a storm; the whole one has 500 about 200 customers
CUSTOMERS_IN_A_STORM = STORM * 2 // 5
BETWEEN = 60 / 500  # seconds between two reports: 500 in a minute
EDITS_A_MINUTE = 50  # chat.update, which Slack puts into its third tier
APART = 0.3  # seconds between two reports, so that each finds the bot idle


def lines() -> list[Line]:
    """Idle, sixty at once, and in a storm."""
    with _sixty_reps() as (slack, bot):
        soon = _soon(slack, bot)
    bursts = []
    for _ in range(ROUNDS):
        with _sixty_reps() as (slack, bot):
            bursts.append(_burst(slack, bot))
    what = "60 reps report at once: until the last of their messages is in Slack, against 60 bare posts in turn"
    with a_firm() as (slack, bot):
        return [*soon, _times(what, [floor for floor, _ in bursts], [our for _, our in bursts], 4), *_storm(slack, bot)]


@contextmanager
def _sixty_reps() -> Iterator[tuple[str, Serving]]:
    """As `a_firm`, with sixty reps more."""
    with (
        tempfile.TemporaryDirectory() as folder,
        a_process(["-m", "tests.benchmarks.sixty_reps"], {}) as (_, slack),
        a_bot(slack, f"sqlite:///{folder}/record.db") as bot,
    ):
        yield slack, bot


def _soon(slack: str, bot: Serving) -> list[Line]:
    """How long after its answer each report's message reached Slack, and how long a bare post takes."""
    ours, floor = [], []
    client = posting_client(TOKEN, f"{slack}api/")
    with closing(HTTPConnection("127.0.0.1", bot.port)) as connection:
        for number, rep in enumerate(SIXTY):
            _sent(connection, signed_report(f"Customer {number}", rep))
            acked = real_clock()
            time.sleep(APART)
            _drained(bot)
            ours.append((_arrivals(slack)[rep] - acked).total_seconds())
            somebody = SIXTY[number - len(SIXTY) // 2]  # who has no other message within a second
            floor.append(seconds(partial(_post, client, somebody)))
    what = "from an accepted report to its notice in Slack, idle, against a bare post"
    shares = (("p50", 0.5, 5), ("p99", 0.99, 10))
    return [
        _times(f"{what}: {name}", [percentile(floor, share)], [percentile(ours, share)], most)
        for name, share, most in shares
    ]


def _burst(slack: str, bot: Serving) -> tuple[float, float]:
    """Seconds for a bare post to each of sixty reps in turn, and from their reports at once to the last message."""
    client = posting_client(TOKEN, f"{slack}api/")
    floor = seconds(lambda: [_post(client, rep) for rep in SIXTY])
    time.sleep(1)  # Slack allows one message a second in a channel
    requests = [signed_report(f"Customer {number}", rep) for number, rep in enumerate(SIXTY)]
    start = real_clock()
    with ThreadPoolExecutor(len(SIXTY)) as reps:
        list(reps.map(lambda request: _sent_alone(bot, request), requests))
    _drained(bot)
    return floor, (max(_arrivals(slack)[rep] for rep in SIXTY) - start).total_seconds()


def _storm(slack: str, bot: Serving) -> list[Line]:
    connection, start = HTTPConnection("127.0.0.1", bot.port), time.monotonic()
    for number in range(STORM):
        user, customer = REPS[number % len(REPS)], f"Customer {number % CUSTOMERS_IN_A_STORM}"
        _sent(connection, signed_report(customer, user, "verbal_abuse", "severe"))
        time.sleep(max(0.0, start + (number + 1) * BETWEEN - time.monotonic()))
    posted = _posted(bot) - start
    _drained(bot)
    drained, messages = time.monotonic() - start, _most_in_one_channel(bot)
    if bot.recorded() != STORM:
        raise AssertionError(f"{bot.recorded()} reports on record where {STORM} were acked")
    edits = get_json(f"{slack}sandbox/calls")["counts"].get("chat.update", 0)
    shortest = max(messages, edits * 60 / EDITS_A_MINUTE)
    storm = f"storm, {STORM} reports about {CUSTOMERS_IN_A_STORM} customers"
    return [
        _against(
            f"{storm}: until the last message is posted, against a second for each to the busiest channel",
            posted,
            messages,
            f"{messages} messages to one channel",
        ),
        _against(
            "the same until the last edit is made, against the posts or the edits at an even 50 a minute",
            drained,
            shortest,
            f"{shortest:.0f} s; {edits} edits",
        ),
        at_most("memory under the storm, at its highest", bot.memory("VmHWM"), 110, "MB"),
    ]


def _against(what: str, took: float, shortest: float, floor: str) -> Line:
    """A span of time against the shortest that Slack's limits allow."""
    return Line(what, f"{took / shortest:.2f} ({took:.0f} s)", floor, "≤ 1.10", took / shortest <= 1.1)


def _times(what: str, floors: Sequence[float], ours: Sequence[float], most: float) -> Line:
    """Spans against the floor beside each; the median of the ratios is what counts."""
    ratios = [our / floor for our, floor in zip(ours, floors, strict=True)]
    middle, milliseconds = statistics.median(ratios), 1000 * statistics.median(ours)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}; " if len(ratios) > 1 else ""
    floor = f"{1000 * statistics.median(floors):,.1f} ms"
    return Line(what, f"{middle:.2f} ({spread}{milliseconds:,.1f} ms)", floor, f"≤ {most:g}", middle <= most)


def _post(client: WebClient, channel: str) -> None:
    client.chat_postMessage(channel=channel, text="A bare post.")


def _arrivals(slack: str) -> dict[str, datetime]:
    """When Slack took the newest message to each channel, as far as it tells."""
    calls = get_json(f"{slack}sandbox/calls")["calls"]
    posts = [call for call in calls if call["method"] == "chat.postMessage" and call["ok"]]
    return {call["channel"]: datetime.fromisoformat(call["at"]) for call in posts}


def _sent_alone(bot: Serving, request: Signed) -> None:
    with closing(HTTPConnection("127.0.0.1", bot.port)) as connection:
        _sent(connection, request)


def _sent(connection: HTTPConnection, request: Signed) -> None:
    connection.request("POST", EVENTS_PATH, request.body, dict(request.headers))
    answer = connection.getresponse()
    if answer.status != 200 or b"Recorded as report" not in answer.read():
        raise AssertionError(f"answered {answer.status}, or not recorded")


def _posted(bot: Serving) -> float:
    """Return once every message stands in Slack, be it up to date or not; when that was."""
    missing = select(func.count()).where(notice.c.kind != NoticeKind.HOME, notice.c.ts.is_(None))
    database = Database(bot.database)
    with database.engine.connect() as connection:
        while connection.scalar(missing):
            connection.rollback()  # so that the next look is a new one
            time.sleep(0.05)
    database.close()
    return time.monotonic()


def _drained(bot: Serving) -> None:
    """Return once Slack shows everything."""
    database = Database(bot.database)
    while database.gauges(real_clock()).behind:
        time.sleep(0.05)
    database.close()


def _most_in_one_channel(bot: Serving) -> int:
    """How many messages went into the channel with the most."""
    database = Database(bot.database)
    of_each = (
        select(func.count())
        .where(notice.c.kind != NoticeKind.HOME, notice.c.ts.is_not(None))
        .group_by(notice.c.channel)
    )
    with database.engine.connect() as connection:
        most = max(connection.scalars(of_each))
    database.close()
    return int(most)
