"""`export`: everything on record about one customer, or the whole workspace line by line."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from bot.cli.find_customer import find
from bot.rules.policy.policy import Policy
from bot.rules.policy.reasons import sentence
from bot.rules.policy.stored import read
from bot.rules.policy.verdicts import Reason
from bot.usecases.audit import broken_about
from storage.customers.export import Told
from storage.transaction import Transaction

Dossier = dict[str, Any]
Sections = dict[str, list[dict[str, Any]]]
MANY: Final = {
    "customer": "records",
    "former name": "former names",
    "verdict": "verdicts",
    "case": "cases",
    "hearing": "hearings",
    "dispute": "disputes",
    "appeal": "appeals",
    "audit": "audit log",
}
NOT_TO_BE_READ: Final = {"reasons", "rows"}  # the reasons stand in words beside them; digests are for machines


def dossier(tx: Transaction, who: str, now: datetime) -> Dossier:
    """Everything about a customer and the records merged into theirs, with the audit log's verification.

    Raises ValueError where nobody is called so.
    """
    customer = find(tx, who)
    chains = tx.lookups.chains(customer.number)
    sections = _sections(tx.dossiers.about(chains))
    _explain(tx, sections["verdicts"])
    problems = broken_about(tx, chains)
    return {
        "exported_at": now.isoformat(),
        "workspace": tx.audit.team,
        "customer": {"number": customer.number, "name": customer.name, "standing": customer.standing.value},
        **sections,
        "audit verification": {"whole": not problems, "problems": problems},
    }


def lines(tx: Transaction) -> Iterator[str]:
    """The whole workspace as JSON Lines, the last of which counts the others: a file without it was cut short."""
    n = 0
    for n, (word, row) in enumerate(tx.dossiers.everything(), 1):  # noqa: B007 - counted past the end
        yield json.dumps({"kind": word, **row}, ensure_ascii=False)
    yield json.dumps({"kind": "end", "workspace": tx.audit.team, "rows": n})


def as_json(found: Dossier) -> str:
    """One JSON document; times in UTC."""
    return json.dumps(found, ensure_ascii=False, indent=2)


def as_text(found: Dossier) -> Iterator[str]:
    """The same to be read by people, line by line; times in UTC."""
    customer, verified = found["customer"], found["audit verification"]
    yield f"{customer['name']} · customer {customer['number']} · {customer['standing'].replace('_', ' ')}"
    yield f"Workspace {found['workspace']}. Exported {_moment(found['exported_at'])}. Times are in UTC."
    yield "The audit log about them is whole." if verified["whole"] else "The audit log about them is NOT whole:"
    yield from (f"  {problem}" for problem in verified["problems"])
    for title, rows in found.items():
        if isinstance(rows, list):
            yield from _section(title, rows)


def _sections(told: Iterator[Told]) -> Sections:
    sections: Sections = {_many(word): [] for word in MANY}
    found = defaultdict(list, sections)
    for word, row in told:
        found[_many(word)].append(row)
    return dict(found)


def _many(word: str) -> str:
    return MANY.get(word, f"{word}s")


def _explain(tx: Transaction, verdicts: list[dict[str, Any]]) -> None:
    """Beside each verdict its reasons in words, by the policy that gave it."""
    bodies = tx.inspection.policies()
    policies = {digest: _policy(bodies[digest]) for digest in {row["policy"] for row in verdicts} & set(bodies)}
    for row in verdicts:
        row["reasons in words"] = [_said(rule, facts, policies.get(row["policy"])) for rule, facts in row["reasons"]]


def _policy(body: dict[str, Any]) -> Policy | None:
    try:
        return read(body)
    except (KeyError, TypeError, ValueError, AttributeError):  # tampered with; the verification names it
        return None


def _said(rule: str, facts: dict[str, Any], policy: Policy | None) -> str:
    try:
        return sentence(Reason(rule, facts), policy) if policy else rule
    except (KeyError, TypeError, ValueError):
        return rule


def _section(title: str, rows: list[dict[str, Any]]) -> Iterator[str]:
    yield ""
    yield f"{title.upper()} ({len(rows)})"
    for row in rows:
        yield ""
        yield from _row(row)


def _row(row: dict[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value not in (None, "", [], {}) and name not in NOT_TO_BE_READ:
            yield from _field(name.replace("_", " "), value)


def _field(name: str, value: object) -> Iterator[str]:
    first, *more = _words(value)
    if not more:
        yield f"  {name}: {first}"
        return
    yield f"  {name}:"
    yield from (f"    {line}" for line in (first, *more))


def _words(value: object) -> list[str]:
    """A value as lines of text; there is at least one."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [" · ".join(map(str, each)) if isinstance(each, list) else str(each) for each in value]
    if isinstance(value, dict):
        return [f"{key}: {each}" for key, each in value.items()]
    return [_moment(line) for line in str(value).splitlines()] or [""]


def _moment(text: str) -> str:
    """A time as people write it; anything else as it is."""
    if not text.endswith(("Z", "+00:00")) or len(text) > len("2026-11-22T09:00:00.000000+00:00"):
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.day} {at:%b %Y, %H:%M}"
