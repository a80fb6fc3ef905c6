"""The App Home of a manager with 5,000 open cases and 1,500 second looks, and /customer among 100,000 names."""

import random
import tempfile
from datetime import timedelta
from time import perf_counter

from sqlalchemy import Connection

from bot.usecases.context import Context
from bot.usecases.customers.look_up import look_up
from bot.usecases.home.home import home_file
from handlers.home.home import home
from storage.database import Database
from storage.migrate import migrate
from storage.tables.cases import dispute, matter, warning
from storage.tables.decisions import appeal, decision
from storage.tables.outbox import notice, step
from storage.tables.reports import report
from tests.benchmarks.lookups import NAMES, filled, mistyped
from tests.benchmarks.table import Line, at_most, percentile
from tests.builders import FRIDAY, TEAM, FrozenClock, a_context, someone

OPEN, ENDED, REPORTS = 5_000, 45_000, 100_000
AGAIN = 500  # appeals, and disputes, and reviews, that wait
QUERIES = 200


def lines() -> list[Line]:
    """Both, on one record in SQLite."""
    chance = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/looking.db")
        migrate(database)
        names = filled(database, chance)
        with database.engine.begin() as connection:
            _cases_and_reports(connection)
            _second_looks(connection)
        context = a_context(database, FrozenClock())
        shown = [_home(context) for _ in range(50)]
        typed = [_typed(name, chance) for name in chance.sample(names, QUERIES)]
        found = [_looked_up(context, name) for name in typed]
        database.close()
    return [
        at_most(
            f"a manager's Home with {OPEN:,} open cases and {3 * AGAIN:,} second looks: drawn, p50",
            percentile(shown, 0.5) * 1000,
            50,
            "ms",
        ),
        at_most(f"/customer among {NAMES:,}: p99", percentile(found, 0.99) * 1000, 50, "ms"),
    ]


def _home(context: Context) -> float:
    start = perf_counter()
    with context.read(TEAM) as tx:
        file = home_file(tx, context, someone("U0PRIYA"))
    home(file, context.policy, context.firm, ())
    return perf_counter() - start


def _looked_up(context: Context, typed: str) -> float:
    start = perf_counter()
    look_up(context, someone("U0PRIYA"), typed)
    return perf_counter() - start


def _typed(name: str, chance: random.Random) -> str:
    """What people type: the whole name, its beginning, a word of it, or one letter wrong."""
    return chance.choice((name, name[:6], name.split(maxsplit=1)[0], mistyped(name, chance)))


def _cases_and_reports(connection: Connection) -> None:
    case = {"team": TEAM, "rung": "decide", "version": 1, "urgent": False, "left": "managers", "raised": 0}
    told = {
        "team": TEAM,
        "category": "verbal_abuse",
        "severity": "serious",
        "place": "phone",
        "narrative": "x",
        "salt": "",
        "evidence": [],
        "doubted": False,
        "wants_support": False,
    }
    connection.execute(matter.insert(), [case | _case(n) for n in range(1, OPEN + ENDED + 1)])
    for first in range(1, REPORTS, 50_000):
        connection.execute(report.insert(), [told | _report(n) for n in range(first, first + 50_000)])


def _second_looks(connection: Connection) -> None:
    """Ended cases in which the customer appeals, or disputes the warning, or the decision is up for review."""
    at, due_at, a_year_on = FRIDAY - timedelta(days=9), FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=356)
    text = {"team": TEAM, "salt": ""}
    own = text | {"choice": "drop", "by": "U0BRAD", "at": at, "rationale": "x", "review_on": due_at.date()}
    own |= {"conditions": [], "approved_by": []}
    letter = text | {"letter": "x", "issued_by": "U0BRAD", "issued_at": at, "delivered_at": at, "expires_at": a_year_on}
    says = text | {"disputed": "x", "recorded_by": "U0BRAD", "recorded_at": at, "due_at": due_at}
    asks = text | {"asked_by": "U0BRAD", "asked_at": at, "contact": "x", "news": "x", "due_at": due_at, "raised": 0}
    shown = {"team": TEAM, "kind": "review", "target": "C0MANAGE", "round": 0, "lane": "edit", "urgent": False}
    shown |= {"wanted": 1, "shown": 1, "state": "due", "doubt": False, "refused": False, "attempt": 1, "failures": 0}
    first, second, third = (range(OPEN + 1 + n * AGAIN, OPEN + 1 + (n + 1) * AGAIN) for n in range(3))
    about = {n: {"number": n, "case": n, "customer": n} for n in second}
    connection.execute(decision.insert(), [own | {"case": n, "customer": n} for n in (*first, *third)])
    connection.execute(appeal.insert(), [asks | {"case": n} for n in first])
    connection.execute(warning.insert(), [letter | about[n] for n in second])
    connection.execute(dispute.insert(), [says | {"number": n, "case": n, "warning": n} for n in second])
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
    told_at = {"happened_at": at, "reported_at": at}
    return {"number": n, "form": f"V{n}", "customer": customer, "case": case, "reporter": reporter, **told_at}
