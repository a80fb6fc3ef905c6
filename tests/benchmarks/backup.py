"""From `/backup` to the leads' messages: idle, against a report's notice, and while a storm of reports goes on.

`STORM=500 make bench ARGS=backup`: the whole storm.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from http.client import HTTPConnection

from handlers.names import EVENTS_PATH
from tests.benchmarks.delivery import BETWEEN, CUSTOMERS_IN_A_STORM, STORM, _drained, _sent, _sixty_reps
from tests.benchmarks.firm import REPS, Serving, Signed, signed_command, signed_report
from tests.benchmarks.sixty_reps import SIXTY
from tests.benchmarks.table import Line, at_most, percentile
from tests.slack.calling import get_json
from tests.slack.office import real_clock

LEADS = ("U0PRIYA", "U0BRAD")
APART = 1.3  # seconds between two calls: Slack takes one message a second for the same lead
LOOK = 0.02  # seconds between two looks
IN_A_STORM = 20  # calls
LONGEST = 60.0  # seconds; ends only a wait for what never comes
CALL = "Zenith Corp, on the phone"


def lines() -> list[Line]:
    """Idle, then in a storm."""
    with _sixty_reps() as (slack, bot):
        idle = _idle(slack, bot)
    with _sixty_reps() as (slack, bot):
        return [idle, _in_a_storm(slack, bot)]


def _idle(slack: str, bot: Serving) -> Line:
    """Each round: one rep reports, then calls; from the request to what Slack has of each."""
    calls, notices = [], []
    with closing(HTTPConnection("127.0.0.1", bot.port)) as connection:
        for number, rep in enumerate(SIXTY):
            send = lambda n=number, who=rep: _sent(connection, signed_report(f"Customer {n}", who))  # noqa: E731
            notices.append(_took(slack, send, (rep,)))
            _drained(bot)
            calls.append(_took(slack, lambda who=rep: _called(connection, who), LEADS))
            _drained(bot)
            time.sleep(APART)
    ours, floor = percentile(calls, 0.99), percentile(notices, 0.99)
    what = "from /backup to the last of two leads' messages in Slack, idle, against a report's message to its rep: p99"
    return Line(
        what, f"{ours / floor:.2f} ({1000 * ours:,.1f} ms)", f"{1000 * floor:,.1f} ms", "≤ 2", ours <= 2 * floor
    )


def _in_a_storm(slack: str, bot: Serving) -> Line:
    """Somebody calls again and again while reports come."""
    storm = threading.Thread(target=_reports, args=(bot,))
    storm.start()
    took = []
    with closing(HTTPConnection("127.0.0.1", bot.port)) as connection:
        for rep in SIXTY[:IN_A_STORM]:
            took.append(_took(slack, lambda who=rep: _called(connection, who), LEADS))
            time.sleep(max(APART, STORM * BETWEEN / IN_A_STORM))
    storm.join()
    what = f"the same while {STORM} reports storm, {IN_A_STORM} calls: the slowest"
    return at_most(what, max(took), 3, "s", f"{percentile(took, 0.5):.2f} s: the median")


def _reports(bot: Serving) -> None:
    with closing(HTTPConnection("127.0.0.1", bot.port)) as connection:
        start = time.monotonic()
        for number in range(STORM):
            customer = f"Customer {number % CUSTOMERS_IN_A_STORM}"
            _sent(connection, signed_report(customer, REPS[number % len(REPS)], "verbal_abuse", "severe"))
            time.sleep(max(0.0, start + (number + 1) * BETWEEN - time.monotonic()))


def _took(slack: str, send: Callable[[], None], to: Sequence[str]) -> float:
    """Seconds from this request until Slack has taken the next message to each of these people."""
    start, deadline = real_clock(), time.monotonic() + LONGEST
    send()
    while time.monotonic() < deadline:
        found = [moment for user in to if (moment := _next_post(slack, user, start))]
        if len(found) == len(to):
            return (max(found) - start).total_seconds()
        time.sleep(LOOK)
    raise TimeoutError(f"No message to each of {', '.join(to)} within {LONGEST:.0f} s")


def _next_post(slack: str, user: str, since: datetime) -> datetime | None:
    calls = get_json(f"{slack}sandbox/calls")["calls"]
    posts = (call for call in calls if call["method"] == "chat.postMessage" and call["ok"] and call["channel"] == user)
    return next((at for call in posts if (at := datetime.fromisoformat(call["at"])) >= since), None)


def _called(connection: HTTPConnection, rep: str) -> None:
    request: Signed = signed_command("/backup", CALL, rep)
    connection.request("POST", EVENTS_PATH, request.body, dict(request.headers))
    answer = connection.getresponse()
    if answer.status != 200 or b"I am calling somebody for you" not in answer.read():
        raise AssertionError(f"answered {answer.status}, or nobody is called")
