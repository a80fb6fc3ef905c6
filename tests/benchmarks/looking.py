"""The App Home of a manager with 5,000 open cases and 1,500 second looks, and /customer among 100,000 names."""

import random
import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from bot.rules.home import HomeFile
from bot.usecases.context import Context
from bot.usecases.customers.look_up import look_up
from bot.usecases.home.home import home_file
from handlers.home.home import home
from storage.database import Database
from storage.migrate import migrate
from storage.tables.cases import matter, objection, warning
from storage.tables.decisions import decision
from storage.tables.outbox import notice, step
from storage.tables.reports import report
from tests.benchmarks.lookups import NAMES, ONE_PASS, SOME, filled, mistyped, p99, trigram_pass
from tests.benchmarks.summary import as_stored
from tests.benchmarks.table import Line, in_turn, median_of, over
from tests.builders import FRIDAY, TEAM, FrozenClock, a_context, someone

OPEN, ENDED, REPORTS = 5_000, 45_000, 100_000
AGAIN = 500  # objections to decisions, to warnings, and reviews, that wait
QUERIES = 200
HOMES = 20  # in each round
MANAGER = "U0PRIYA"
KEY = {"random_key": "0" * 16}
LOOK_UP = f"/customer among {NAMES:,}: p99"

# SQL of somebody who knows the tables: what awaits a manager, their own reports, and the firm's week.
LINES = """FROM (SELECT *, may AND customer NOT IN (SELECT number FROM customer WHERE team = :team AND owner = :user)
    AND "case" NOT IN (SELECT "case" FROM report WHERE team = :team AND reporter = :user AND "case" IS NOT NULL)
    AND "case" NOT IN (SELECT "case" FROM recusal WHERE team = :team AND by = :user) free FROM (
  SELECT 'case' kind, number "case", customer, due_at, 1 may FROM matter WHERE team = :team AND closed_at IS NULL
  UNION ALL SELECT 'objection', m.number, m.customer, a.due_at, d.by <> :user
    AND instr(d.approved_by, :user) = 0 AND NOT EXISTS
    (SELECT 1 FROM hearing h WHERE h.team = :team AND h."case" = m.number AND h.taken_by = :user)
    FROM objection a JOIN matter m ON m.team = :team AND m.number = a."case"
    JOIN decision d ON d.team = :team AND d."case" = a."case" WHERE a.team = :team AND a.answer IS NULL
  UNION ALL SELECT 'objection', m.number, m.customer, s.due_at, w.issued_by <> :user
    FROM objection s JOIN matter m ON m.team = :team AND m.number = s."case"
    JOIN warning w ON w.team = :team AND w.number = s.warning WHERE s.team = :team AND s.answer IS NULL
  UNION ALL SELECT 'review', m.number, m.customer, t.at, 1
    FROM step t JOIN matter m ON m.team = :team AND m.number = t.subject
    JOIN decision d ON d.team = :team AND d."case" = t.subject AND d.ended_at IS NULL
    JOIN notice n ON n.team = :team AND n.kind = 'review' AND n.subject = t.subject
    WHERE t.team = :team AND t.kind = 'review' AND t.at <= :ahead))"""
LISTS_AND_FIGURES = (
    f"SELECT * {LINES} WHERE free ORDER BY due_at LIMIT 5",
    """SELECT r.number, r.category, c.name, m.outcome FROM report r JOIN customer c ON c.team = :team AND
    c.number = r.customer LEFT JOIN matter m ON m.team = :team AND m.number = r."case"
    WHERE r.team = :team AND r.reporter = :user ORDER BY r.number DESC LIMIT 5""",
    "SELECT count(*) FROM report WHERE team = :team AND reporter = :user",
    "SELECT standing, count(*) FROM customer WHERE team = :team AND standing > 'd' GROUP BY 1",
    "SELECT count(*), count(DISTINCT reporter) FROM report WHERE team = :team AND reported_at >= :monday",
    "SELECT count(*) FROM matter WHERE team = :team AND opened_at >= :monday",
    "SELECT outcome, count(*) FROM matter WHERE team = :team AND closed_at >= :monday GROUP BY 1",
)


def lines() -> list[Line]:
    """Both, on one record in SQLite."""
    chance = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/looking.db")
        migrate(database)
        names = filled(database, chance)
        with database.engine.begin() as connection:
            _cases_and_reports(connection)
            second_looks(connection)
        context = a_context(database, FrozenClock())
        typed = [_typed(name, chance) for name in chance.sample(names, QUERIES)]
        looked_up, passed = partial(look_up, context, someone(MANAGER)), trigram_pass(names)
        pairs = in_turn(lambda: p99(looked_up, typed), lambda: p99(passed, typed[:SOME]))
        lines = [_home_line(context, Path(folder) / "looking.db"), over(LOOK_UP, pairs, ONE_PASS, 0.8)]
        database.close()
    return lines


def _home_line(context: Context, file: Path) -> Line:
    with closing(sqlite3.connect(file)) as raw:
        queue = _read_home(context).overview.queue  # a manager's has one
        theirs = {kind: free for kind, _, free, _ in _by_hand(raw) if free}
        assert theirs == queue.kinds, "not the same"
        pairs = in_turn(
            lambda: median_of(HOMES, lambda: _drawn(context)), lambda: median_of(HOMES, lambda: _by_hand(raw))
        )
    what = f"a manager's Home with {OPEN:,} open cases and {3 * AGAIN:,} second looks: read and drawn, p50"
    return over(what, pairs, "SQL by hand of the same lists and figures", 2.0)


def _read_home(context: Context) -> HomeFile:
    with context.read(TEAM) as tx:
        return home_file(tx, context, someone(MANAGER))


def _drawn(context: Context) -> None:
    home(_read_home(context), context.policy, context.firm, ())


def _by_hand(raw: sqlite3.Connection) -> list[tuple[str, int, int, int]]:
    """Ask for all that the Home shows; what is open by kind, what of it the manager may act on, what is overdue."""
    values = {"team": TEAM, "user": MANAGER, "now": as_stored(FRIDAY), "ahead": as_stored(FRIDAY + timedelta(days=60))}
    values["monday"] = as_stored(FRIDAY - timedelta(days=4))
    for query in LISTS_AND_FIGURES:
        raw.execute(query, values).fetchall()
    return raw.execute(
        f"SELECT kind, count(*), sum(free), sum(free AND due_at <= :now) {LINES} GROUP BY 1", values
    ).fetchall()


def _typed(name: str, chance: random.Random) -> str:
    """What people type: the whole name, its beginning, a word of it, or one letter wrong."""
    return chance.choice((name, name[:6], name.split(maxsplit=1)[0], mistyped(name, chance)))


def _cases_and_reports(connection: Connection) -> None:
    case = {"team": TEAM} | KEY | {"rung": "decide", "version": 1, "urgent": False, "left": "managers", "raised": 0}
    received = (
        {"team": TEAM}
        | KEY
        | {
            "category": "verbal_abuse",
            "severity": "serious",
            "place": "phone",
            "narrative": "x",
            "salt": "",
            "evidence": [],
            "doubted": False,
            "wants_support": False,
            "reporter_known": True,
            "support_salt": "",
        }
    )
    connection.execute(matter.insert(), [case | _case(n) for n in range(1, OPEN + ENDED + 1)])
    for first in range(1, REPORTS, 50_000):
        connection.execute(report.insert(), [received | _report(n) for n in range(first, first + 50_000)])


def second_looks(connection: Connection) -> None:
    """Ended cases in which the customer objects to the decision or the warning, or the decision is up for review."""
    at, due_at, a_year_on = FRIDAY - timedelta(days=9), FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=356)
    text = {"team": TEAM, "salt": ""}
    own = text | {"choice": "drop", "by": "U0BRAD", "at": at, "rationale": "x", "review_on": due_at.date()}
    own |= {"conditions": [], "details": [], "details_salt": "", "approved_by": []}
    letter = text | {"letter": "x", "issued_by": "U0BRAD", "issued_at": at, "delivered_at": at, "expires_at": a_year_on}
    says = text | {"recorded_by": "U0BRAD", "recorded_at": at, "contact": "x", "words": "x"}
    says |= {"due_at": due_at, "raised": 0, "before_details": []}
    shown = {"team": TEAM, "kind": "review", "target": "C0MANAGE", "round": 0, "rate_limit": "edit", "urgent": False}
    shown |= {"wanted": 1, "shown": 1, "state": "due", "doubt": False, "refused": False, "attempt": 1, "failures": 0}
    first, second, third = (range(OPEN + 1 + n * AGAIN, OPEN + 1 + (n + 1) * AGAIN) for n in range(3))
    about = {n: {"number": n, "case": n, "customer": n} for n in second}
    connection.execute(decision.insert(), [own | {"case": n, "customer": n} for n in (*first, *third)])
    connection.execute(objection.insert(), [says | {"case": n, "customer": n, "warning": None} for n in first])
    connection.execute(warning.insert(), [letter | about[n] for n in second])
    connection.execute(objection.insert(), [says | {"case": n, "customer": n, "warning": n} for n in second])
    connection.execute(notice.insert(), [shown | {"subject": n, "tag": f"{n}", "created_at": at} for n in third])
    connection.execute(step.insert(), [{"team": TEAM, "kind": "review", "subject": n, "at": due_at} for n in third])


def _case(n: int) -> dict[str, object]:
    ended_at = None if n <= OPEN else FRIDAY - timedelta(hours=n % 50_000)
    due_at = FRIDAY + timedelta(minutes=7919 * n % 10_000 - 2_000)
    outcome = "kept" if ended_at else None
    at = {"opened_at": FRIDAY - timedelta(hours=n % 60_000), "due_at": due_at, "closed_at": ended_at}
    return {"number": n, "customer": n, "outcome": outcome, **at}


def _report(n: int) -> dict[str, object]:
    at = FRIDAY - timedelta(minutes=10 * n)
    case = n if n <= OPEN + ENDED else None
    reporter = "U0PRIYA" if n % 1_000 == 0 else f"U0REP{n % 300}"
    customer = n % NAMES + 1 if case is None else n
    received_at = {"happened_at": at, "reported_at": at}
    return {"number": n, "customer": customer, "case": case, "reporter": reporter, **received_at}
