"""What the audit log vouches for, computed again from the pack's files alone. Part of `verify.py`.

docs/decisions/audit-format.md has the format. This is written apart from the code by which the bot makes its digests,
so that each of the two would show a mistake in the other.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from bot.rules.evidence_pack.record import Record, Row

ENTRY: Final = ("customer", "n", "at", "actor", "act", "facts", "rows")
SHORT: Final = 32  # hex digits of a digest within another one
KEYED_BY_CASE: Final = (
    "matter",
    "decision",
    "approval",
    "recusal",
    "review",
    "objection",
    "lesson",
    "protection",
    "sent_letter",
)
NUMBERED: Final = ("report", "verdict", "hearing")
OF_CUSTOMER: Final = ("warning", "safeguard")
KEYED_BY_CUSTOMER: Final = ("customer", "stake")
MOVING: Final = ("merge", "merged into", "undo merger")  # they name what was moved, of whichever case it is
Versions = Mapping[str, Any]
"""By table: the key's columns, and of each version of its rows' digests the columns of facts, and of texts by salt.

`sealed`: salts that no pack has. What they seal is the rep's own; the log's own seal is taken as it is.
"""


def sha256(text: str) -> str:
    """In hex, of the text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """The one JSON text of a value that digests are made from."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def entry_hashes(record: Record, customer: int) -> list[str]:
    """The hashes of the customer's entries, oldest first, each made from the one before."""
    hashes, previous = [], "0" * 64
    for entry in record.entries(customer):
        said = [entry[name] for name in ENTRY]
        previous = sha256(previous + sha256(canonical(["entry 1", record.workspace, *said])))
        hashes.append(previous)
    return hashes


def log_problems(record: Record) -> Iterator[str]:
    """Entries that are not there, or not in their order."""
    for customer in record.customers:
        found = [entry["n"] for entry in record.entries(customer)]
        if not found or found != list(range(1, len(found) + 1)):
            yield f"The log about record {customer} does not count its entries from 1 on without a gap."
    about = {entry["customer"] for entry in record.log}
    if record.customers[0] != record.case["customer"] or {*record.customers} != about or about != _merged(record):
        yield "The log is not about the customer of the case and just those records that were merged into theirs."


def _merged(record: Record) -> set[int]:
    """The customer and, as the log has it, the records that were merged into theirs."""
    found = [record.case["customer"]]
    for customer in found:
        merged: dict[int, bool] = {}
        for entry in record.entries(customer):
            if entry["act"] in {"merge", "undo merger"}:
                merged[entry["facts"]["duplicate"]] = entry["act"] == "merge"
        found += [duplicate for duplicate, holds in merged.items() if holds and duplicate not in found]
    return set(found)


def row_problems(record: Record, salts: Mapping[str, Mapping[str, str]], versions: Versions) -> Iterator[str]:
    """Rows that are not as the last entry about them says, and rows of this case that are not in the pack."""
    logged = {customer: _logged(record, customer) for customer in record.customers}
    there: set[str] = set()
    for table, kind in versions.items():
        for row in record.all(table):
            name = f"{table} {'/'.join(str(row[column]) for column in kind['key'])}"
            if name in there:
                yield f"{name} is there twice."
            there.add(name)
            digest = logged.get(_chain_of(record, table, row), {}).get(name, "")
            if digest.count(":") < 1 or _digest(row, digest, salts.get(name, {}), kind) != digest:
                yield f"{name} is not what the audit log vouches for."
    due = _of_case(record) | {name for customer in record.customers for name in _of_customer(record, customer)}
    yield from (f"{name} is of this case, and is not in the pack." for name in sorted(due - there))
    yield from (f"There is a salt of {name}, and no such row." for name in sorted(salts.keys() - there))


def time_problems(record: Record, vouched: Mapping[int, int]) -> Iterator[str]:
    """Entries for which no digest vouches, and that say that they were made before the entry that stands before them.

    `vouched`: by customer, the last entry that a digest vouches for. What is vouched for is as the clock said it.
    """
    for customer in record.customers:
        for before, entry in pairwise(record.entries(customer)):
            earlier = datetime.fromisoformat(entry["at"]) < datetime.fromisoformat(before["at"])
            if earlier and entry["n"] > vouched[customer]:
                yield f"Entry {entry['n']} about record {customer} goes back in time, and no digest vouches for it."


def policy_problems(record: Record) -> Iterator[str]:
    """Policies that are not those that the verdicts name."""
    used = {row["policy"] for row in record.all("verdict")}
    for digest, body in record.policies.items():
        if sha256(canonical(body)) != digest:
            yield f"Policy {digest} is not as it was."
    if used != set(record.policies):
        yield "The pack does not have just the policies by which the case was judged."


def _logged(record: Record, customer: int) -> dict[str, str]:
    """The digest of each row as the last entry about it has it, by the row's name."""
    return {name: digest for entry in record.entries(customer) for name, digest in entry["rows"].items()}


def _of_case(record: Record) -> set[str]:
    """The rows that the pack must have, as the log has it: of this case, reports made before it was judged
    last, and calls for backup before its end.
    """
    judged = max((row["at"] for row in record.all("verdict", case=record.number)), default="")
    found = set()
    for entry in record.log:
        about = entry["facts"].get("case") == record.number and entry["act"] not in MOVING
        for name in entry["rows"]:
            table, key = name.split(" ")
            keyed = table in KEYED_BY_CASE and key.partition("/")[0] == str(record.number)
            elsewhere = "~" in key and entry["customer"] != record.case["customer"]  # a reference of another chain
            if (keyed and not elsewhere) or (about and table in NUMBERED):
                found.add(name)
        if entry["act"] == "report" and entry["at"] <= judged:
            found.add(f"report {entry['facts']['report']}")
        called_at = entry["facts"].get("called_at", entry["at"])
        if entry["act"] in ("call backup", "name backup") and record.is_before_the_end(called_at):
            found.add(f"backup_call {entry['facts']['call']}")
    return found


def _of_customer(record: Record, customer: int) -> Iterator[str]:
    """The rows that the pack must have because they are the customer's, whichever case they came from.

    What a merger brought is gone once it was undone; the entry of that names it in both logs. Erasing names rows of
    others too, and brings none.
    """
    theirs: dict[str, bool] = {}
    to_warnings = _to_warnings(record)
    for entry in record.entries(customer):
        gone = entry["act"] == "undo merger" and entry["facts"]["duplicate"] != customer
        for name in entry["rows"] if entry["act"] != "erase" else ():
            table, key = name.split(" ")
            own = table in KEYED_BY_CUSTOMER and key.partition("/")[0] == str(customer)
            if own or table in OF_CUSTOMER or name in to_warnings:
                theirs[name] = own or not gone
    return (name for name, still in theirs.items() if still)


def _to_warnings(record: Record) -> set[str]:
    """The objections to warnings, as the log has it."""
    recorded = [entry for entry in record.log if entry["act"] == "record objection" and entry["facts"]["warning"]]
    return {name for entry in recorded for name in entry["rows"] if name.startswith("objection ")}


def _chain_of(record: Record, table: str, row: Row) -> int:
    """The customer in whose chain the row's digest is."""
    if table == "customer":
        return int(row["number"])
    return int(row["customer"] if "customer" in row else record.case["customer"])


def _digest(row: Row, logged: str, salts: Mapping[str, str], kind: Mapping[str, Any]) -> str:
    """The row's digest, of the version that the log has; empty where no release had that version."""
    version, _, *sealed = logged.split(":")
    versions = {str(n): columns for n, columns in enumerate(kind["versions"], 1)}
    columns = versions.get(version)
    if columns is None or len(sealed) != len(columns["texts"]):
        return ""
    facts = sha256(canonical({name: row.get(name) for name in columns["facts"]}))[:SHORT]
    seals = (
        kept if salt in kind["sealed"] else _seal([row.get(name) for name in names], salts.get(salt, ""))
        for (salt, names), kept in zip(columns["texts"].items(), sealed, strict=True)
    )
    return ":".join([version, facts, *seals])


def _seal(texts: list[Any], salt: str) -> str:
    if not salt and not any(texts):
        return ""
    return hmac.new(salt.encode(), canonical(texts).encode(), hashlib.sha256).hexdigest()[:SHORT]
