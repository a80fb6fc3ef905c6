"""`export customer` and `export all`: what is on record about one customer, or the whole workspace line by line."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from typing import Any, Final

from bot.cli.finding import find_customer
from bot.cli.shared import now, open_as_it_is, private_file, recorded_team, system_user
from bot.cli.subject_access import without_colleagues
from bot.rules.policy.policy import Policy
from bot.rules.policy.policy_body import policy_from_body
from bot.rules.policy.reasons import sentence
from bot.rules.policy.verdicts import Reason
from bot.rules.text import printable
from bot.usecases.audit import audit_problems_about
from bot.usecases.customers.erase import calls_naming
from bot.usecases.shared.access import record_export
from storage.transaction import Transaction

CustomerExport = dict[str, Any]
SECTIONS: Final = {
    "customer": "records",
    "former name": "former names",
    "verdict": "verdicts",
    "case": "cases",
    "hearing": "hearings",
    "objection": "objections",
    "audit": "audit log",
}
"""By the kind of a row: the section that is there even if it is empty. Other kinds get an s."""
HIDDEN_IN_TEXT: Final = {"reasons", "rows"}  # `reasons in words` says the first; the second are digests
STDOUT: Final = "-"
EXPORTED: Final = "Exported {what} to {where}."
WOULD: Final = "The export of customer {number} would contain {found}. Nothing was exported."
WOULD_ALL: Final = "The export of the workspace would contain {n} rows. Nothing was exported."
READ_IT: Final = (
    "Colleagues' IDs are left out. Read it before you hand it out: people may have written names of colleagues or of "
    "others into their texts."
)
FOR_US: Final = "It names colleagues: it is for use inside the firm."


def add_customer_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export customer`."""
    who = parser.add_mutually_exclusive_group(required=True)
    who.add_argument("who", nargs="?", metavar="NAME", help="the customer by name, reference or number")
    who.add_argument("--number", type=int, metavar="N", help="the customer by number")
    parser.add_argument("--with-names", action="store_true", help="for us only: with colleagues' IDs and all digests")
    parser.add_argument("--format", choices=("json", "text"), default="text", help="text to be read, or JSON (text)")
    _add_common_arguments(parser)


def add_all_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export all`."""
    _add_common_arguments(parser)


def _add_common_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", default=STDOUT, metavar="FILE", help="where to; without it, to the terminal")
    parser.add_argument("--dry-run", action="store_true", help="only count what would be exported")
    parser.add_argument("--team", help="the workspace's ID, T…; needed only where the record has several")


def run_customer(chosen: argparse.Namespace) -> int:
    """Hand out everything on record about a customer, without colleagues' names, for whoever asks what is kept."""
    with open_as_it_is(chosen.env_file, to_read=chosen.dry_run) as database:
        team = recorded_team(chosen.team, database)
        with database.read(team) as tx:
            number = find_customer(tx, chosen.who, chosen.number).number
            numbers = tx.cards.with_merged(number)
            if chosen.dry_run:
                print(_counts(number, customer_export(tx, number, now(), with_names=chosen.with_names)))
                return 0
        facts = {"what": "customer", "with names": chosen.with_names, "by": system_user()}
        record_export(database, team, numbers, facts, now())
        with database.read(team) as tx:
            export = customer_export(tx, number, now(), with_names=chosen.with_names)
    reports = len(export.get("reports", []))
    what = f"customer {number}, with {reports} report{'' if reports == 1 else 's'},"
    text = [as_json(export)] if chosen.format == "json" else map(printable, as_text(export))
    write_lines(chosen.out, text, what)
    print(READ_IT if not chosen.with_names else FOR_US, file=sys.stderr)
    return 0


@contextmanager
def exporting(chosen: argparse.Namespace, what: str) -> Iterator[Transaction]:
    """The record to export from; that it was exported is on record first, unless it is a dry run."""
    with open_as_it_is(chosen.env_file, to_read=chosen.dry_run) as database:
        team = recorded_team(chosen.team, database)
        if not chosen.dry_run:
            record_export(database, team, (), {"what": what, "by": system_user()}, now())
        with database.read(team) as tx:
            yield tx


def run_all(chosen: argparse.Namespace) -> int:
    """Hand out the whole workspace as JSON Lines, for use inside the firm."""
    with exporting(chosen, "workspace") as tx:
        if chosen.dry_run:
            print(WOULD_ALL.format(n=sum(1 for _ in tx.exports.everything())))
        else:
            write_lines(chosen.out, workspace_lines(tx), "the workspace")
    return 0


def customer_export(tx: Transaction, number: int, at: datetime, *, with_names: bool = False) -> CustomerExport:
    """Everything about a customer and the records merged into theirs, with the check of the audit log.

    Without `with_names` it leaves out what `bot.cli.subject_access` says. Raises Unknown.
    """
    customer = tx.customers.current(tx.customers.get(number))
    numbers = tx.cards.with_merged(customer.number)
    sections: dict[str, list[dict[str, Any]]] = {section: [] for section in SECTIONS.values()}
    for kind, row in chain(tx.exports.about(numbers), tx.exports.calls(calls_naming(tx, customer.number))):
        sections.setdefault(SECTIONS.get(kind, f"{kind}s"), []).append(row)
    _add_reasons_in_words(tx, sections["verdicts"])
    problems = audit_problems_about(tx, numbers)
    return {
        "exported_at": at.isoformat(),
        "workspace": tx.audit.team,
        "customer": {"number": customer.number, "name": customer.name, "standing": customer.standing.value},
        **(sections if with_names else without_colleagues(sections)),
        "audit verification": {"whole": not problems, "problems": problems},
    }


def _counts(number: int, export: CustomerExport) -> str:
    """What an export would contain."""
    found = ", ".join(f"{title} {len(rows)}" for title, rows in export.items() if isinstance(rows, list) and rows)
    return WOULD.format(number=number, found=found)


def workspace_lines(tx: Transaction) -> Iterator[str]:
    """The whole workspace as JSON Lines. The last line counts the others, so that a file that was cut short shows."""
    n = 0
    for n, (kind, row) in enumerate(tx.exports.everything(), 1):  # noqa: B007 - used after the loop
        yield json.dumps({"kind": kind, **row}, ensure_ascii=False)
    yield json.dumps({"kind": "end", "workspace": tx.audit.team, "rows": n})


def as_json(export: CustomerExport) -> str:
    """One JSON document. Times are in UTC."""
    return json.dumps(export, ensure_ascii=False, indent=2)


def as_text(export: CustomerExport) -> Iterator[str]:
    """Lines of text for people. Times are in UTC."""
    customer, verified = export["customer"], export["audit verification"]
    yield f"{customer['name']} · customer {customer['number']} · {customer['standing'].replace('_', ' ')}"
    yield f"Workspace {export['workspace']}. Exported {_moment(export['exported_at'])}. Times are in UTC."
    yield "The audit log about them is whole." if verified["whole"] else "The audit log about them is NOT whole:"
    yield from (f"  {problem}" for problem in verified["problems"])
    for title, rows in export.items():
        if isinstance(rows, list):
            yield ""
            yield f"{title.upper()} ({len(rows)})"
            for row in rows:
                yield ""
                yield from _row(row)


def _add_reasons_in_words(tx: Transaction, verdicts: list[dict[str, Any]]) -> None:
    """Add to each verdict its reasons as sentences, by the policy that gave it."""
    bodies = tx.inspection.policies()
    policies = {digest: _policy(bodies[digest]) for digest in {row["policy"] for row in verdicts} & set(bodies)}
    for row in verdicts:
        row["reasons in words"] = [_reason(rule, facts, policies.get(row["policy"])) for rule, facts in row["reasons"]]


def _policy(text: str) -> Policy | None:
    try:
        return policy_from_body(json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError):  # tampered with, as the check of the audit log says
        return None


def _reason(rule: str, facts: dict[str, Any], policy: Policy | None) -> str:
    try:
        return sentence(Reason(rule, facts), policy) if policy else rule
    except (KeyError, TypeError, ValueError):
        return rule


def _row(row: dict[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        if value not in (None, "", [], {}) and name not in HIDDEN_IN_TEXT:
            label, lines = f"  {name.replace('_', ' ')}:", _lines(value)
            yield f"{label} {lines[0]}" if len(lines) == 1 else label
            yield from (f"    {line}" for line in lines if len(lines) > 1)


def _lines(value: object) -> list[str]:
    """A value as lines of text; there is at least one."""
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [" · ".join(map(str, each)) if isinstance(each, list) else str(each) for each in value]
    if isinstance(value, dict):
        return [f"{key}: {each}" for key, each in value.items()]
    return [_moment(line) for line in str(value).splitlines()] or [""]


def _moment(text: str) -> str:
    """A time as people write it; any other text unchanged."""
    if not text.endswith(("Z", "+00:00")) or len(text) > len("2026-11-22T09:00:00.000000+00:00"):
        return text
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at.day} {at:%b %Y, %H:%M}"


def write_lines(where: str, lines: Iterable[str], what: str) -> None:
    """To the terminal, or into a new file that no other user can read; then say that `what` is there."""
    written = (f"{line}\n" for line in lines)
    if where == STDOUT:
        sys.stdout.writelines(written)
        return
    with private_file(where) as out:
        out.writelines(line.encode() for line in written)
    print(EXPORTED.format(what=what, where=where))
