"""Finding a customer among 100,000 names while somebody types, and a verdict on a long history."""

import random
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from heapq import nlargest
from sys import intern

from bot.policy_file.load import load
from bot.rules.name_matching import grams, loose_key, strict_key
from bot.rules.policy.assess import assess
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Severity
from bot.usecases.shared.nearly_called import nearly_called
from storage.database import Database
from storage.migrate import migrate
from storage.tables.customers import customer, customer_gram
from tests.benchmarks.summary import as_stored
from tests.benchmarks.table import Line, in_turn, median_of, over, percentile, seconds
from tests.builders import FRIDAY, TEAM

NAMES = 100_000
QUERIES = 100  # in each round
SLIPS = 500
LEAST_ASKED, MOST_ASKED = 0.98, 0.05
OTHERS = ("wick", "gra", "bly", "tho", "cam", "ress", "jun", "vau", "pry", "dow", "eke", "shaw")
SOME = 20  # of them, for a floor that takes equally long for each
ONE_PASS = "one pass over the trigrams of the names in memory"
VERDICTS = 50  # in each round
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
        keys = [loose_key(name) for name in names]
        parts = [name.split()[0][1:6] for name in chance.sample(names, QUERIES)]
        meant = chance.sample(names, QUERIES)
        typed = [mistyped(name, chance) for name in meant]
        found, passed = partial(_found, database), trigram_pass(names)
        substring = in_turn(lambda: p99(found, parts), lambda: p99(partial(_holding, keys), parts))
        one_typo = in_turn(lambda: p99(found, typed), lambda: p99(passed, typed[:SOME]))
        hits = sum(name in found(text)[:10] for text, name in zip(typed, meant, strict=True))
        slips = [(slip(name, n, chance), name) for n, name in enumerate(chance.sample(names, SLIPS))]
        asked = sum(bool(_asked_about(database, text)) for text, _ in slips) / SLIPS
        offered = sum(name in _asked_about(database, text) for text, name in slips) / SLIPS
        others = sum(bool(_asked_about(database, _stranger(chance))) for _ in range(SLIPS)) / SLIPS
        database.close()
    return [
        over(f"type-ahead among {NAMES:,}: substring p99", substring, "one pass over the names in memory", 1.5),
        over("the same, one typo p99", one_typo, ONE_PASS, 0.8),
        Line("the same, recall@10 with one typo", f"{hits / QUERIES:.3f}", "", "≥ 0.98", hits / QUERIES >= 0.98),
        Line(f"of {SLIPS} misspelt names, asked about", f"{asked:.3f}", "", "≥ 0.98", asked >= LEAST_ASKED),
        Line("the same, with the one meant among those offered", f"{offered:.3f}", "", "", None),
        Line(f"of {SLIPS} names of somebody else, asked about", f"{others:.3f}", "", "≤ 0.05", others <= MOST_ASKED),
        _verdict(chance),
    ]


def p99(work: Callable[[str], object], queries: Sequence[str]) -> float:
    """How long the slowest but one in a hundred took, in seconds."""
    return percentile([seconds(partial(work, query)) for query in queries], 0.99)


def trigram_pass(names: Sequence[str]) -> Callable[[str], list[str]]:
    """Finds the twenty names that share the most trigrams with what was typed, without any index."""
    known = [(_trigrams(name), name) for name in names]

    def find(typed: str) -> list[str]:
        wanted = _trigrams(typed)
        return [name for _, name in nlargest(20, ((len(wanted & have), name) for have, name in known))]

    return find


def _trigrams(name: str) -> frozenset[str]:
    key = f"  {loose_key(name)} "
    return frozenset(intern(key[n : n + 3]) for n in range(len(key) - 2))


def _holding(keys: Sequence[str], part: str) -> list[str]:
    typed = part.casefold()
    return [key for key in keys if typed in key]


def some_names(chance: random.Random) -> list[str]:
    """So many different ones."""
    names: dict[str, str] = {}
    while len(names) < NAMES:
        stem = "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).capitalize()
        name = f"{stem} {chance.choice(SYLLABLES).capitalize()} {chance.choice(KINDS)} {chance.choice(FORMS)}".strip()
        names.setdefault(strict_key(name), name)
    return list(names.values())


def filled(database: Database, chance: random.Random) -> list[str]:
    """The names, once they are on record."""
    names = some_names(chance)
    rows = [_row(number, name) for number, name in enumerate(names, 1)]
    trigrams = [{"team": TEAM, "gram": g, "customer": row["number"]} for row in rows for g in grams(str(row["name"]))]
    with database.engine.begin() as connection:
        connection.execute(customer.insert(), rows)
        connection.execute(customer_gram.insert(), trigrams)
    return names


def _row(number: int, name: str) -> dict[str, object]:
    keys = {"random_key": "0" * 16, "strict_key": strict_key(name), "loose_key": loose_key(name)}
    return {"team": TEAM, "number": number, "name": name, **keys, "standing": "clear", "salt": "", "created_at": FRIDAY}


def _found(database: Database, typed: str) -> list[str]:
    with database.read(TEAM) as tx:
        return [likely.name for likely in tx.customers.likely(typed, 20)]


def _asked_about(database: Database, typed: str) -> list[str]:
    """Whom a rep is asked about who types this, as who is on record or is nearly called so."""
    with database.read(TEAM) as tx:
        same = tx.customers.same(typed)
        return [same.name] if same else [each.name for each in nearly_called(tx, typed)]


def _stranger(chance: random.Random) -> str:
    """A name of somebody who is not on record: of other syllables."""
    stems = ("".join(chance.choices(OTHERS, k=chance.randint(2, 3))).capitalize() for _ in range(2))
    return f"{' '.join(stems)} {chance.choice(KINDS)} {chance.choice(FORMS)}".strip()


def slip(name: str, n: int, chance: random.Random) -> str:
    """The name as somebody types it in haste; each way in turn."""
    at = chance.randrange(1, len(name) - 2)
    ways = (
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        " ".join(name.split()[:2]),
        f"{' '.join(each for each in name.split() if each not in FORMS)} {chance.choice(FORMS)}".strip(),
        name.replace("o", "ö", 1).replace("e", "é", 1),
        f"{name.lower()} 😀",
    )
    return ways[n % len(ways)]


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


def _verdict(chance: random.Random) -> Line:
    """On 500 incidents of one year. The floor reads the same incidents, which a verdict does not."""
    policy = load(None, "UTC")
    kinds = list(policy.categories)
    incidents = tuple(
        Incident(n, f"U{n % 12}", chance.choice(kinds), chance.choice(list(Severity)), FRIDAY - timedelta(hours=17 * n))
        for n in range(1, 501)
    )
    history = History(incidents, (DeliveredWarning(1, FRIDAY - timedelta(days=90), FRIDAY + timedelta(days=275)),))
    raw = sqlite3.connect(":memory:")
    raw.execute(
        "CREATE TABLE incident (number INTEGER PRIMARY KEY, reporter, category, severity, happened_at, customer)"
    )
    raw.execute("CREATE INDEX of_customer ON incident (customer, happened_at)")
    rows = [(i.number, i.reporter, i.category, i.severity, as_stored(i.happened_at), 1) for i in incidents]
    raw.executemany("INSERT INTO incident VALUES (?, ?, ?, ?, ?, ?)", rows)
    read = "SELECT number, reporter, category, severity, happened_at FROM incident WHERE customer = 1"
    pairs = in_turn(
        lambda: median_of(VERDICTS, lambda: assess(history, policy, FRIDAY)),
        lambda: median_of(VERDICTS, lambda: raw.execute(read).fetchall()),
    )
    raw.close()
    return over("a customer with 500 incidents: verdict", pairs, "reading these rows with sqlite3", 1.5)
