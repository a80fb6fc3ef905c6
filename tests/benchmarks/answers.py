"""How soon a rep has their answer: one at a time against a bare Bolt listener, and 500 at once while Slack is slow."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection

import aiohttp

from handlers.names import EVENTS_PATH
from tests.benchmarks.firm import REPS, Serving, Signed, a_firm, a_process, signed_report
from tests.benchmarks.table import ROUNDS, Line, at_most, percentile
from tests.slack.calling import post_json

IN_A_ROUND = 200
AT_ONCE = 500
RECORDED = b"Recorded as report"
MOODS = (("100 ms", "slow", 0.1), ("2 s", "slow", 2.0), ("429", "429", 1.0))


def lines() -> list[Line]:
    """One in flight, and 500 at once."""
    return [*_one_in_flight(), *(_all_at_once(*mood) for mood in MOODS)]


def _one_in_flight() -> list[Line]:
    """Ours and the floor in turn, so that both live through the same moments of the machine."""
    ours, floor = [], []
    with a_firm() as (_, bot), _bare() as port:
        to_us, to_floor = HTTPConnection("127.0.0.1", bot.port), HTTPConnection("127.0.0.1", port)
        for number in range(ROUNDS * IN_A_ROUND):
            request = signed_report(f"Customer {number}", REPS[number % len(REPS)])
            ours.append(_took(to_us, request))
            floor.append(_took(to_floor, request))
        _all_recorded(bot, ROUNDS * IN_A_ROUND)
    return [_beside("p50", 0.5, ours, floor, 1.5), _beside("p99", 0.99, ours, floor, 10)]


@contextmanager
def _bare() -> Iterator[int]:
    """The bare listener's port."""
    with a_process(["-m", "tests.benchmarks.bare"], {}) as (_, said):
        yield int(said.rstrip("/").rpartition(":")[2])


def _beside(name: str, share: float, ours: Sequence[float], floor: Sequence[float], most: float) -> Line:
    figure, beside = percentile(ours, share) * 1000, percentile(floor, share) * 1000
    what = f"signed submission, one in flight: {name} more than a bare Bolt listener"
    return at_most(what, figure - beside, most, "ms", f"{beside:.2f} ms")


def _took(connection: HTTPConnection, request: Signed) -> float:
    start = time.perf_counter()
    connection.request("POST", EVENTS_PATH, request.body, dict(request.headers))
    answer = connection.getresponse()
    body = answer.read()
    took = time.perf_counter() - start
    if answer.status != 200 or RECORDED not in body:
        raise AssertionError(f"{answer.status}: {body[:200]!r}")
    return took


def _all_at_once(said: str, kind: str, seconds: float) -> Line:
    with a_firm() as (slack, bot):
        post_json(f"{slack}sandbox/faults", {"method": "*", "kind": kind, "times": 10**6, "seconds": seconds})
        took, acked = asyncio.run(_sent(bot, AT_ONCE))
        recorded = bot.recorded()
    what = f"{AT_ONCE} submissions at once while Slack {'answers' if kind == '429' else 'takes'} {said}: slowest"
    figure = f"{max(took):.2f} s ({acked} acked, {recorded} recorded)"
    reached = acked == recorded == AT_ONCE and max(took) < 1.5
    return Line(what, figure, "", f"< 1.5 s, {AT_ONCE} acked and recorded", reached)


async def _sent(bot: Serving, number: int) -> tuple[list[float], int]:
    """How long each waited for its answer, and how many were told that their report is recorded."""
    requests = [signed_report(f"Customer {n % 200}", REPS[n % len(REPS)]) for n in range(number)]
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        answers = await asyncio.gather(*(_one(session, bot.url, request) for request in requests))
    return [took for took, _ in answers], sum(acked for _, acked in answers)


async def _one(session: aiohttp.ClientSession, url: str, request: Signed) -> tuple[float, bool]:
    start = time.perf_counter()
    async with session.post(url + EVENTS_PATH.lstrip("/"), data=request.body, headers=request.headers) as answer:
        body = await answer.read()
    return time.perf_counter() - start, answer.status == 200 and RECORDED in body


def _all_recorded(bot: Serving, number: int) -> None:
    if bot.recorded() != number:
        raise AssertionError(f"{bot.recorded()} reports on record where {number} were acked")
