"""Finding a customer among 100,000 names while somebody types, and a verdict on a long history."""

import random
import tempfile
from datetime import timedelta
from time import perf_counter

from bot.policy_file.load import load
from bot.rules.name_matching import grams, loose_key, strict_key
from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Severity
from storage.database import Database
from storage.migrate import migrate
from storage.tables.customers import customer, customer_gram
from tests.benchmarks.table import Line, at_most, percentile
from tests.builders import FRIDAY, TEAM

NAMES = 100_000
QUERIES = 300
SYLLABLES = (
    "zen",
    "bor",
    "lar",
    "kum",
    "tal",
    "ver",
    "ost",
    "quin",
    "mar",
    "del",
    "fax",
    "hol",
    "ith",
    "nor",
    "pel",
    "sun",
)
KINDS = ("Foods", "Hotels", "Logistics", "Systems", "Partners", "Motors", "Media", "Textiles")
FORMS = ("Ltd", "GmbH", "Inc", "SA", "plc", "")


def lines() -> list[Line]:
    """The type-ahead and the verdict."""
    chance = random.Random(47)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/names.db")
        migrate(database)
        names = filled(database, chance)
        parts = [name.split()[0][1:6] for name in chance.sample(names, QUERIES)]
        substring, _ = _asked(database, [(part, "") for part in parts])
        typed, hits = _asked(database, [(mistyped(name, chance), name) for name in chance.sample(names, QUERIES)])
        database.close()
    return [
        at_most(f"type-ahead among {NAMES:,}: substring p99", percentile(substring, 0.99) * 1000, 25, "ms"),
        at_most("the same, one typo p99", percentile(typed, 0.99) * 1000, 100, "ms"),
        Line("the same, recall@10 with one typo", f"{hits / QUERIES:.3f}", "", "≥ 0.98", hits / QUERIES >= 0.98),
        at_most("a customer with 500 incidents: verdict", _verdict(chance) * 1000, 3, "ms"),
    ]


def filled(database: Database, chance: random.Random) -> list[str]:
    """The names, once they are on record."""
    names: dict[str, str] = {}
    while len(names) < NAMES:
        stem = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
        name = f"{stem} {chance.choice(SYLLABLES).capitalize()} {chance.choice(KINDS)} {chance.choice(FORMS)}".strip()
        names.setdefault(strict_key(name), name)
    rows = [_row(number, name) for number, name in enumerate(names.values(), 1)]
    trigrams = [{"team": TEAM, "gram": g, "customer": row["number"]} for row in rows for g in grams(str(row["name"]))]
    with database.engine.begin() as connection:
        connection.execute(customer.insert(), rows)
        connection.execute(customer_gram.insert(), trigrams)
    return list(names.values())


def _row(number: int, name: str) -> dict[str, object]:
    keys = {"strict_key": strict_key(name), "loose_key": loose_key(name)}
    return {"team": TEAM, "number": number, "name": name, **keys, "standing": "clear", "created_at": FRIDAY}


def _asked(database: Database, queries: list[tuple[str, str]]) -> tuple[list[float], int]:
    """How long each answer took, and how many of the first ten held what was meant."""
    took, hits = [], 0
    for typed, meant in queries:
        start = perf_counter()
        with database.read(TEAM) as tx:
            found = tx.customers.likely(typed, 20)
        took.append(perf_counter() - start)
        hits += meant in [likely.name for likely in found[:10]]
    return took, hits


def mistyped(name: str, chance: random.Random) -> str:
    """The name with one letter left out, doubled, changed, or two swapped."""
    at = chance.randrange(1, len(name) - 2)
    return chance.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at] + name[at:],
            name[:at] + chance.choice("aeiounrst") + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        )
    )


def _verdict(chance: random.Random) -> float:
    """The median of 50 verdicts on 500 incidents of one year."""
    policy = load(None, "UTC")
    kinds = list(policy.categories)
    incidents = tuple(
        Incident(n, f"U{n % 12}", chance.choice(kinds), chance.choice(list(Severity)), FRIDAY - timedelta(hours=17 * n))
        for n in range(1, 501)
    )
    history = History(incidents, (DeliveredWarning(1, FRIDAY - timedelta(days=90), FRIDAY + timedelta(days=275)),))
    took = []
    for _ in range(50):
        start = perf_counter()
        assess(history, policy, FRIDAY)
        took.append(perf_counter() - start)
    return percentile(took, 0.5)
