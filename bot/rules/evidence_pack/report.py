"""The report of an evidence pack: one page of HTML, made from its data alone. Part of `verify.py`.

The data are `case.json`, and which entries the newest digest in `proof.json` vouches for. Whoever checks a pack makes
the page again from them and compares, so nothing else may enter it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.rules.evidence_pack.markup import bullets, fields, heading, moment, named, note, page, shown, table, written
from bot.rules.evidence_pack.record import Record, Row
from bot.rules.evidence_pack.report_parts import by, decision, hearings, reports, safeguards, warnings, who
from bot.rules.evidence_pack.words import ACTS, OUTCOMES, RUNGS, STANDINGS, called
from bot.rules.policy.reasons import sentence
from bot.rules.policy.verdicts import Reason

CHECK: Final = (
    "This page was made from <code>case.json</code>, and from <code>proof.json</code> as to what is published. "
    "<code>python verify.py DIGEST</code>, with a digest that the firm published in Slack, checks that this page "
    "says what those files say, and up to which entry they are what the record held when the digest was published. "
    "All times are in UTC. People are called Person 1, Person 2 and so on; <code>names.html</code> says who they "
    "are, where the pack has that file. Texts are as people wrote them, and may name somebody. A character that "
    "cannot be seen is shown by its code, as in \\u202e."
)
COLUMNS: Final = ("When", "What", "Who", "Entry")
NO_FILES: Final = "The record keeps links to evidence, and no files; so this pack has links."
UNPUBLISHED: Final = (
    "These entries were made after the newest digest for which this pack has a proof, or were put in by somebody who "
    "had the pack: nothing vouches for them, nor for the times that they give."
)


def report(record: Record, vouched: Mapping[int, int]) -> str:
    """The whole page. `vouched`: by customer, the last entry that the newest published digest vouches for."""
    title = f"Case {record.number}: {record.customer['name']}"
    sections = (_summary, decision, warnings, hearings, reports, _verdicts, safeguards)
    head = [heading(1, f"Case {record.number}: {named(record.customer['name'])}"), note(CHECK)]
    parts = (part for section in sections for part in section(record))
    return page(title, [*head, *parts, *_timeline(record, vouched), *_policies(record)])


def _summary(record: Record) -> Iterator[str]:
    case, customer = record.case, record.customer
    yield fields(
        [
            ("Customer", f"{named(customer['name'])} (record {customer['number']})"),
            ("Their reference", named(customer["crm_reference"]) if customer["crm_reference"] else ""),
            ("Account owner", who(record, customer["owner"])),
            ("Standing", shown(called(STANDINGS, customer["standing"]))),
            ("What was asked", shown(called(RUNGS, case["rung"]))),
            ("Opened", moment(case["opened_at"])),
            ("To be answered by", moment(case["due_at"])),
            ("Outcome", shown(called(OUTCOMES, case["outcome"]) or "The case is open")),
            ("Ended", by(record, case["closed_by"], case["closed_at"])),
            ("Stepped aside", bullets(_recusal(record, row) for row in record.all("recusal", case=record.number))),
            ("Record as of", moment(max(entry["at"] for entry in record.log))),
            ("Workspace", f"<code>{shown(record.workspace)}</code>"),
        ]
    )
    if case["rationale"]:
        yield heading(3, "Why the case ended so")
        yield written(case["rationale"])
    yield note(NO_FILES)


def _recusal(record: Record, row: Row) -> str:
    why = f": {shown(row['reason'])}" if row["reason"] else ""
    return f"{by(record, row['by'], row['at'])}{why}"


def _verdicts(record: Record) -> Iterator[str]:
    verdicts = record.all("verdict")
    yield heading(2, f"What the policy said ({len(verdicts)})")
    for row in verdicts:
        yield heading(3, f"{moment(row['at'])}: {shown(called(RUNGS, row['rung']))}")
        policy = _Wording(record.policies.get(row["policy"], {}))
        yield bullets(shown(_sentence(rule, facts, policy)) for rule, facts in row["reasons"])
        counted = f"Points: {row['points']} · reps: {row['reporters']} · entry {row['n']}"
        yield note(f"{counted} · policy <code>{shown(row['policy'][:16])}</code>")


class _Named:
    def __init__(self, body: dict[str, Any]) -> None:
        self.name = str(body["name"])


class _Wording:
    """As much of a policy as the sentences need."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.categories = {key: _Named(each) for key, each in body.get("categories", {}).items()}


def _sentence(rule: str, facts: dict[str, Any], policy: Any) -> str:  # noqa: ANN401 - see `_Wording`
    try:
        return str(sentence(Reason(rule, facts), policy))
    except (KeyError, TypeError, ValueError):  # a rule of another release
        return f"{rule}: {facts}"


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
    yield moment(entry["at"])
    yield shown(_act(entry))
    yield who(record, entry["actor"])
    yield str(entry["n"]) if own else f"{entry['n']} of record {entry['customer']}"


def _act(entry: Row) -> str:
    template: str = ACTS.get(entry["act"], entry["act"].capitalize())
    try:
        return template.format_map(entry["facts"])
    except KeyError:  # of another release, or what a rep said of themselves
        return template.partition("{")[0].strip() or template


def _policies(record: Record) -> Iterator[str]:
    for digest, body in record.policies.items():
        yield heading(2, "The policy as it was")
        yield note(f"Digest <code>{shown(digest)}</code>")
        yield table(("Setting", "Value"), _settings(body))


def _settings(body: dict[str, Any], within: str = "") -> Iterator[tuple[str, str]]:
    """Every value of the policy, with where it stands."""
    for key, value in body.items():
        where = f"{within}{key.replace('_', ' ')}"
        if isinstance(value, dict):
            yield from _settings(value, f"{where}: ")
        else:
            yield shown(where), shown(_in_words(value))


def _in_words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
