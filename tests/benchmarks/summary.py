"""A week out of ten years, 1,000,000 incidents of 100,000 customers, against SQL by hand on the same indexes."""

import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from bot.rules.weekly_figures import TREND, Figures, category_trends, decision_trends
from bot.rules.weeks import Week, week_bounds
from bot.usecases.context import Context
from bot.usecases.reports.report import report
from bot.usecases.weekly.summaries import figures_of
from storage.database import Database
from storage.migrate import migrate
from tests.benchmarks.table import ROUNDS, Line, Pair, at_most, in_turn, over, percentile, seconds
from tests.builders import TEAM, FrozenClock, a_context, a_report

INCIDENTS = 1_000_000
EACH = 10  # incidents of a customer, on average
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEK = Week(2026, 47)
YEARS = timedelta(days=3_650)
REPORTS = 200
KINDS = ("verbal_abuse", "payment_withheld", "persistent_contact", "unreasonable_demands", "public_abuse", "other")
MEMORY = """
import re, sys
from pathlib import Path
from tests.benchmarks.summary import a_desk_on, received
desk = a_desk_on(sys.argv[1])
received(desk, small=True)
most = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])  # kB
before = most()
received(desk, small=False)
print((most() - before) / 1024)
"""
KEY = {"random_key": "0" * 16}


def lines() -> list[Line]:
    """The summary's time and memory, and what reports that come meanwhile notice of it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "decade.db"
        filled(file)
        context = a_desk_on(str(file))
        pairs = _against_sql(context, file)
        memory = float(_ran(MEMORY, str(file)))
        meanwhile = in_turn(lambda: _reports(context, busy=True), lambda: _reports(context, busy=False), 3 * ROUNDS)
    return [
        over(f"weekly summary over {INCIDENTS:,} incidents", pairs, "SQL by hand", 1.5),
        at_most("the same, memory besides", memory, 20, "MB"),
        over("the same, a report's p99 meanwhile", meanwhile, "while nothing else goes on", 2),
    ]


def a_desk_on(file: str) -> Context:
    """A desk on the record in this file, on the Monday after the week."""
    return a_context(Database(f"sqlite:///{file}"), FrozenClock(NOW))


def received(context: Context, *, small: bool) -> Figures:
    """The figures of the week, and of an empty one beforehand, which loads what there is to load."""
    with context.read(TEAM) as tx:
        if not small:
            tx.audit.chain_ends()
        return figures_of(tx, context, Week(2010, 1) if small else WEEK, NOW)


def filled(file: Path, incidents: int = INCIDENTS) -> None:
    """Ten years of incidents, spread evenly over time, of a tenth as many customers, a few of them much oftener.

    One in fifty comes before management, and half of these are warned.
    """
    database = Database(f"sqlite:///{file}")
    migrate(database)
    database.close()
    chance, customers = random.Random(47), incidents // EACH
    with closing(sqlite3.connect(file)) as connection:
        for table, rows in (
            ("customer", _customers(chance, customers)),
            ("report", _reports_of(chance, incidents, customers)),
            *_acts(chance, incidents, customers),
        ):
            first = next(rows)
            names = ", ".join(f'"{name}"' for name in first)
            marks = ", ".join("?" for _ in first)
            insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
            connection.execute(insert, tuple(first.values()))
            connection.executemany(insert, (tuple(row.values()) for row in rows))
        chain_ends = (
            "INSERT INTO audit_head (team, customer, n, hash, salt) "
            "SELECT team, number, 1 + number % 20, substr(hex(randomblob(32)), 1, 64), 's'"
        )
        connection.execute(f"{chain_ends} FROM customer")
        counted = (("customer", customers), ("report", incidents), ("case", incidents), ("warning", incidents))
        connection.executemany(
            "INSERT INTO counter (team, name, value) VALUES (?, ?, ?)", ((TEAM, *each) for each in counted)
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # or the first reports would bear all that was filled in


def as_stored(moment: datetime) -> str:
    """As SQLite has it."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}"


def _some_time(chance: random.Random) -> datetime:
    return NOW - YEARS * chance.random()


def _customers(chance: random.Random, customers: int) -> Iterator[dict[str, object]]:
    for number in range(1, customers + 1):
        standing = chance.choices(("clear", "warned", "restricted", "dropped"), (94, 3, 2, 1))[0]
        keys = KEY | {"name": f"Firm {number}", "strict_key": f"firm {number}", "loose_key": f"firm {number}"}
        yield {
            "team": TEAM,
            "number": number,
            **keys,
            "standing": standing,
            "salt": "",
            "created_at": as_stored(NOW - YEARS),
        }


def _reports_of(chance: random.Random, incidents: int, customers: int) -> Iterator[dict[str, object]]:
    for number in range(1, incidents + 1):
        at = NOW - YEARS * (1 - number / incidents)
        facts = KEY | {
            "category": chance.choice(KINDS),
            "severity": "minor",
            "place": "phone",
            "narrative": "He shouted.",
        }
        yield {
            "team": TEAM,
            "number": number,
            "customer": int(customers * chance.random() ** 1.5) + 1,  # a few of them some hundred times
            "reporter": f"U0REP{chance.randrange(400)}",
            **facts,
            "happened_at": as_stored(at),
            "reported_at": as_stored(at),
            "salt": "",
            "evidence": "[]",
            "doubted": 0,
            "wants_support": chance.random() < 0.05,
            "reporter_known": True,
            "support_salt": "",
            "withdrawn_at": as_stored(at) if chance.random() < 0.02 else None,
        }


def _acts(chance: random.Random, incidents: int, customers: int) -> list[tuple[str, Iterator[dict[str, object]]]]:
    """Cases that ended, and what they ended with: a warning or a decision."""
    cases = [(n, chance.randint(1, customers), _some_time(chance)) for n in range(1, incidents // 50)]
    days = timedelta(days=1)
    matters = (
        KEY | {
            "team": TEAM, "number": n, "customer": who, "rung": "warn" if n % 2 else "decide", "version": 2,
            "urgent": 0, "opened_at": as_stored(at), "due_at": as_stored(at + 2 * days), "left": "managers",
            "raised": 0, "outcome": "warned" if n % 2 else "kept", "closed_at": as_stored(at + days),
        }
        for n, who, at in cases
    )  # fmt: skip
    warnings = (
        {
            "team": TEAM, "number": n, "case": n, "customer": who, "letter": "", "salt": "", "issued_by": "U0PRIYA",
            "issued_at": as_stored(at), "delivered_at": as_stored(at + days), "expires_at": as_stored(at + 366 * days),
        }
        for n, who, at in cases if n % 2
    )  # fmt: skip
    made = (
        {
            "team": TEAM, "case": n, "customer": who, "choice": "keep", "by": "U0PRIYA", "at": as_stored(at + days),
            "rationale": "", "salt": "", "review_on": str((at + 180 * days).date()), "conditions": "[]",
            "details": "[]", "details_salt": "", "approved_by": "[]",
            "ended_at": as_stored(at + 180 * days) if at + 180 * days < NOW else None,
        }
        for n, who, at in cases if not n % 2
    )  # fmt: skip
    return [("matter", matters), ("warning", warnings), ("decision", made)]


def _against_sql(context: Context, file: Path) -> list[Pair]:
    by_hand = sqlite3.connect(file)
    received(context, small=False)
    theirs, same = _by_hand(by_hand), received(context, small=False)
    assert theirs == (same.kinds, same.decisions, same.reps, same.cases.opened, same.unheeded.total), "not the same"
    pairs = in_turn(lambda: seconds(lambda: received(context, small=False)), lambda: seconds(lambda: _by_hand(by_hand)))
    by_hand.close()
    return pairs


def _by_hand(connection: sqlite3.Connection) -> tuple[object, ...]:
    """What the summary says, as somebody would ask for it who knows the tables: the same work, without our code."""
    moments = [as_stored(moment) for moment in week_bounds(WEEK, TREND, "UTC")]
    starts, ends, now = moments[-2], moments[-1], as_stored(NOW)

    def asked(query: str, *values: object) -> list[tuple[object, ...]]:
        return connection.execute(query, values).fetchall()

    weeks = "CASE " + " ".join(f"WHEN {{0}} < '{end}' THEN {n}" for n, end in enumerate(moments[1:-1])) + " ELSE 11 END"
    span = (TEAM, starts, ends)
    trend = asked(
        f"SELECT category, {weeks.format('reported_at')} w, count(*) FROM report WHERE team = ? AND reported_at >= ? "  # noqa: S608
        "AND reported_at < ? AND withdrawn_at IS NULL GROUP BY 1, 2",
        TEAM, moments[0], ends,
    )  # fmt: skip
    decided = asked(
        f"SELECT choice, {weeks.format('at')} w, count(*) FROM decision WHERE team = ? AND at >= ? AND at < ? "  # noqa: S608
        "GROUP BY 1, 2",
        TEAM, moments[0], ends,
    )  # fmt: skip
    in_week = "team = ? AND reported_at >= ? AND reported_at < ?"
    reps = asked(f"SELECT count(DISTINCT reporter) FROM report WHERE {in_week} AND withdrawn_at IS NULL", *span)  # noqa: S608
    asked(f"SELECT count(DISTINCT reporter) FROM report WHERE {in_week} AND wants_support", *span)  # noqa: S608
    opened = asked("SELECT count(*) FROM matter WHERE team = ? AND opened_at >= ? AND opened_at < ?", *span)
    asked("SELECT outcome, count(*) FROM matter WHERE team = ? AND closed_at >= ? AND closed_at < ? GROUP BY 1", *span)
    asked("SELECT count(*) FROM warning WHERE team = ? AND issued_at >= ? AND issued_at < ?", *span)
    asked("SELECT count(*) FROM warning WHERE team = ? AND delivered_at >= ? AND delivered_at < ?", *span)
    asked("SELECT standing, count(*) FROM customer WHERE team = ? AND standing > 'd' GROUP BY 1", TEAM)
    unheeded = asked(
        "SELECT w.customer, w.since, count(*) n, count(*) OVER () FROM (SELECT customer, min(delivered_at) since "
        "FROM warning WHERE team = ? AND expires_at > ? AND delivered_at <= ? AND withdrawn_at IS NULL GROUP BY 1) w "
        "JOIN report r ON r.team = ? AND r.customer = w.customer AND r.happened_at >= w.since "
        "AND r.withdrawn_at IS NULL AND r.discounted_at IS NULL "
        "WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.team = ? AND d.customer = w.customer AND d.at >= w.since) "
        "AND NOT EXISTS (SELECT 1 FROM matter m WHERE m.team = ? AND m.customer = w.customer AND m.closed_at IS NULL) "
        "GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 5",
        TEAM, now, now, TEAM, TEAM, TEAM,
    )  # fmt: skip
    asked(
        "SELECT customer, sum(reported_at >= ?) n, count(*) FROM report WHERE team = ? AND reported_at >= ? AND "
        "reported_at < ? AND withdrawn_at IS NULL AND customer IN (SELECT customer FROM report WHERE team = ? AND "
        "reported_at >= ? AND reported_at < ? AND withdrawn_at IS NULL) GROUP BY 1 HAVING count(*) > 1 "
        "ORDER BY 2 DESC, 3 DESC LIMIT 5",
        starts, TEAM, moments[0], ends, *span,
    )  # fmt: skip
    asked("SELECT customer, n, hash FROM audit_head WHERE team = ? ORDER BY customer", TEAM)
    counts = [{(str(key), int(str(week))): int(str(n)) for key, week, n in rows} for rows in (trend, decided)]
    total = unheeded[0][3] if unheeded else 0
    return category_trends(counts[0]), decision_trends(counts[1]), reps[0][0], opened[0][0], total


def _reports(context: Context, *, busy: bool) -> float:
    """The p99 of reports one after the other, alone or while summaries are made without a pause."""
    over = threading.Event()

    def summaries() -> None:
        while not over.is_set():
            received(context, small=False)

    beside = threading.Thread(target=summaries)
    if busy:
        beside.start()
    took = []
    for _ in range(REPORTS):
        new = a_report(context, customer=f"Newcomer {perf_counter()}")
        start = perf_counter()
        report(context, new)
        took.append(perf_counter() - start)
    over.set()
    if busy:
        beside.join()
    return percentile(took, 0.99)


def _ran(program: str, *arguments: str) -> str:
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, *arguments], check=True, capture_output=True, text=True
    ).stdout
