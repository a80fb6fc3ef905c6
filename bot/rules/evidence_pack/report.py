"""The report of an evidence pack: one page of HTML, made from its data alone. Part of `verify.py`.

The data are `case.json`, and which entries the newest digest in `proof.json` vouches for. Whoever checks a pack makes
the page again from them and compares, so nothing else may enter it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from bot.rules.evidence_pack.markup import bullets, fields, heading, named, note, page, shown, table, written
from bot.rules.evidence_pack.policy_words import policies, verdicts
from bot.rules.evidence_pack.record import Record, Row
from bot.rules.evidence_pack.report_parts import by, decision, hearings, protection, reports, safeguards, warnings, who
from bot.rules.evidence_pack.words import ACTS, CALLS_ENDED, OUTCOMES, RUNGS, STANDINGS, called

ABOUT: Final = (
    "Everything that the firm has on record about this case. Times are those of {zone}. People are called Person 1, "
    "Person 2 and so on; <code>names.html</code> says who they are, where the pack has that file. Texts are as people "
    "wrote them, and may name somebody. A character that cannot be seen is shown by its code, as in \\u202e."
)
CHECK: Final = (
    "This page was made from <code>case.json</code>, and from <code>proof.json</code> as to what is published. "
    "<code>python verify.py DIGEST</code>, with a digest that the firm published in Slack, checks that this page "
    "says what those files say, and up to which entry they are what the record held when the digest was published."
)
TWICE: Final = (
    "Taking a pack is an entry of the log as well. So two packs of one case that are taken one after the other differ "
    "by that entry, and by nothing else where nothing else was done between them."
)
COLUMNS: Final = ("When", "What", "Who", "Entry")
UNPUBLISHED: Final = (
    "These entries were made after the newest digest for which this pack has a proof, or were put in by somebody who "
    "had the pack: nothing vouches for them, nor for the times that they give."
)


def report(record: Record, vouched: Mapping[int, int]) -> str:
    """The whole page. `vouched`: by customer, the last entry that the newest published digest vouches for."""
    title = f"Case {record.number}: {record.customer['name']}"
    sections = (_summary, reports, _calls, verdicts, warnings, hearings, protection, decision, safeguards)
    head = [heading(1, f"Case {record.number}: {named(record.customer['name'])}"), note(ABOUT.format(zone=record.zone))]
    parts = (part for section in sections for part in section(record))
    check = [heading(2, "How to check this page"), note(CHECK), note(TWICE)]
    return page(title, [*head, *parts, *_timeline(record, vouched), *policies(record), *check])


def _summary(record: Record) -> Iterator[str]:
    case, customer = record.case, record.customer
    yield fields(
        [
            ("Customer", f"{named(customer['name'])} (record {customer['number']})"),
            ("Their reference", named(customer["crm_reference"]) if customer["crm_reference"] else ""),
            ("Account owner", who(record, customer["owner"])),
            ("Standing", shown(called(STANDINGS, customer["standing"]))),
            ("What was asked", shown(called(RUNGS, case["rung"]))),
            ("Opened", record.moment(case["opened_at"])),
            ("To be answered by", record.moment(case["due_at"])),
            ("Outcome", shown(called(OUTCOMES, case["outcome"]) or "The case is open")),
            ("Ended", by(record, case["closed_by"], case["closed_at"])),
            ("Recused", bullets(_recusal(record, row) for row in record.all("recusal", case=record.number))),
            ("Record as of", record.moment(max(entry["at"] for entry in record.log))),
            ("Workspace", f"<code>{shown(record.workspace)}</code>"),
        ]
    )
    if case["rationale"]:
        yield heading(3, "Why the case ended so")
        yield written(case["rationale"])


def _recusal(record: Record, row: Row) -> str:
    why = f": {shown(row['reason'])}" if row["reason"] else ""
    return f"{by(record, row['by'], row['at'])}{why}"


def _calls(record: Record) -> Iterator[str]:
    """Every call for backup until the case ended: who came, how soon, and how it ended."""
    rows = record.all("backup_call")
    if rows:
        yield heading(2, f"Calls for backup ({len(rows)})")
    for row in rows:
        yield heading(3, f"Call {row['number']}")
        yield fields(
            [
                ("Made by", by(record, row["caller"], row["called_at"])),
                ("Asked", ", ".join(who(record, each) for each in row["asked"])),
                ("Somebody came", _came(record, row)),
                ("Ended", by(record, row["ended_by"], row["ended_at"])),
                ("How it ended", shown(called(CALLS_ENDED, row["ended_how"]))),
            ]
        )
        yield written(row["words"])


def _came(record: Record, row: Row) -> str:
    if row["taken_at"] is None:
        return "Nobody" if row["ended_at"] else ""
    waited = datetime.fromisoformat(row["taken_at"]) - datetime.fromisoformat(row["called_at"])
    return f"{by(record, row['taken_by'], row['taken_at'])}, after {round(waited.total_seconds())} seconds"


def _timeline(record: Record, vouched: Mapping[int, int]) -> Iterator[str]:
    """What is not vouched for stands apart, so that no invented entry comes before a real one."""
    entries = sorted(record.log, key=lambda entry: (entry["at"], entry["customer"], entry["n"]))
    published = [entry for entry in entries if entry["n"] <= vouched[entry["customer"]]]
    others = [entry for entry in entries if entry["n"] > vouched[entry["customer"]]]
    yield heading(2, f"Timeline ({len(published)} published entries of the audit log)")
    yield table(COLUMNS, (_line(record, entry) for entry in published))
    if others:
        yield heading(3, f"Not published yet, and not proven ({len(others)})")
        yield note(UNPUBLISHED)
        yield table(COLUMNS, (_line(record, entry) for entry in others))


def _line(record: Record, entry: Row) -> Iterable[str]:
    own = entry["customer"] == record.customers[0]
    yield record.moment(entry["at"])
    yield shown(_act(entry))
    yield who(record, entry["actor"])
    yield str(entry["n"]) if own else f"{entry['n']} of record {entry['customer']}"


def _act(entry: Row) -> str:
    template: str = ACTS.get(entry["act"], entry["act"].capitalize())
    try:
        return template.format_map(entry["facts"])
    except KeyError:  # of another release, or what a rep said of themselves
        return template.partition("{")[0].strip() or template
