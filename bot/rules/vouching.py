"""Which rows an entry of the audit log may name, by its act. An entry that names others was not written by Backstop.

The tests of the use cases end with `audit verify`, so an act that names anything else fails them.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from bot.rules.audit import Act, AuditEntry

CLOCKS_DIFFER: Final = timedelta(hours=1)
"""How much earlier than the one before an entry may be: it waited for a lock, or another machine's clock is slow."""


@dataclass(frozen=True, slots=True)
class Vouches:
    """The tables whose rows an act names. `first`: that the chain did not name before. `again`: that it did.

    `texts`: of the rows named again, those whose texts may be others from then on; "decision:1" means the texts of all
    salts but the first one.
    """

    first: frozenset[str]
    again: frozenset[str]
    texts: frozenset[str]


def _vouches(first: str = "", again: str = "", texts: str = "") -> Vouches:
    return Vouches(frozenset(first.split()), frozenset(again.split()), frozenset(texts.split()))


_POLICY_CHANGES = "customer matter report hearing"  # whatever asks the policy may change these
_MOVED = (
    "customer merger report matter warning decision verdict hearing objection safeguard approval stake recusal "
    "protection review lesson sent_letter"
)
_MERGER = _vouches(_MOVED, _MOVED, "customer matter")
_LAPSE = _vouches("review", "customer decision objection")
_LIFTED = _vouches("verdict protection", f"safeguard {_POLICY_CHANGES}", "safeguard")
_ERASED = (
    "customer merger report matter warning decision hearing objection safeguard approval recusal review lesson "
    "protection backup_call"
)
VOUCHES: Final[Mapping[str, Vouches]] = MappingProxyType(
    {
        Act.REPORT: _vouches("customer report verdict matter protection", _POLICY_CHANGES),
        Act.WITHDRAW: _vouches("verdict protection", _POLICY_CHANGES),
        Act.OVERDUE: _vouches(again="matter"),
        Act.LEFT: _vouches(again="matter objection"),
        Act.EXPIRE: _vouches(again="customer"),
        Act.RECUSE: _vouches("recusal"),
        Act.ISSUE_WARNING: _vouches("warning"),
        Act.DELIVER_WARNING: _vouches(again="customer matter warning"),
        Act.NOT_NOW: _vouches(again="customer matter", texts="matter"),
        Act.TAKE_HEARING: _vouches("hearing"),
        Act.TAKE_OVER_HEARING: _vouches("hearing", "hearing"),
        Act.HEAR_BOTH_SIDES: _vouches("hearing protection", "matter"),
        Act.RECORD_OUTCOME: _vouches("verdict matter protection", f"approval {_POLICY_CHANGES}", "hearing matter"),
        Act.APPROVE_DROP: _vouches("approval", "approval matter", "approval"),
        Act.TAKE_APPROVAL_BACK: _vouches(again="approval"),
        Act.DECIDE: _vouches("decision", "customer matter"),
        Act.RENEW: _vouches("review", "decision", "decision:1"),
        Act.LET_LAPSE: _LAPSE,
        Act.LAPSE: _LAPSE,
        Act.LEARN: _vouches("lesson"),
        Act.RECORD_OBJECTION: _vouches("objection", "matter"),
        Act.OBJECTION_OVERDUE: _vouches(again="objection matter"),
        Act.ANSWER_OBJECTION: _vouches(again="customer decision objection", texts="objection decision:1"),
        Act.CANCEL_WARNING: _vouches("verdict protection", f"objection warning {_POLICY_CHANGES}", "objection"),
        Act.SEND_LETTER: _vouches("sent_letter"),
        Act.DESCRIBE: _vouches("stake", "customer stake", "customer"),
        Act.IMPORT: _vouches("customer stake", "customer stake", "customer"),
        Act.MERGE: _MERGER,
        Act.MERGED_INTO: _MERGER,
        Act.UNDO_MERGER: _MERGER,
        Act.SET_PROTECTION: _vouches("protection", "matter"),
        Act.LIFT_PROTECTION: _vouches("protection", "matter"),
        Act.SET_SAFEGUARD: _vouches("safeguard verdict protection", _POLICY_CHANGES),
        Act.LIFT_SAFEGUARD: _LIFTED,
        Act.SAFEGUARD_LAPSES: _LIFTED,
        Act.PLAN_AGAIN: _vouches(again="matter objection"),
        Act.CALL_BACKUP: _vouches("backup_call"),
        Act.WIDEN_BACKUP: _vouches(again="backup_call"),
        Act.TAKE_BACKUP: _vouches(again="backup_call"),
        Act.END_BACKUP: _vouches(again="backup_call"),
        Act.NAME_BACKUP: _vouches("backup_call", "backup_call"),
        Act.KEEP_FILE: _vouches(again="report", texts="report"),
        Act.ERASE: _vouches(_ERASED, _ERASED, _ERASED),  # for the first time: of records merged into the customer's
    }
)
"""By act. Any other names no row."""
_NONE: Final = _vouches()


SEVERAL: Final = frozenset({Act.MERGE, Act.MERGED_INTO, Act.UNDO_MERGER, Act.ERASE, Act.NAME_BACKUP})
"""Acts about several customers: an entry in one's chain names rows of the others, too."""


def numbers_left_out(entries: Iterable[AuditEntry]) -> dict[str, list[tuple[int, int]]]:
    """By the name of a counter, the numbers that were left out after a restore: the first and the last of each run.

    `entries`: of the chain of what is about no customer. What Backstop never wrote counts for nothing.
    """
    found: dict[str, list[tuple[int, int]]] = {}
    for entry in entries:
        for name, numbers in entry.facts.items() if entry.act == Act.SKIP_NUMBERS else ():
            match numbers:
                case [int(first), int(last)] if 0 < first <= last:
                    found.setdefault(name, []).append((first, last))
    return found


def unfit_entries(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """What is wrong with entries of a chain, each in words. `entries`: all of them, oldest first.

    It finds an entry that is earlier than the one before and does not say that the clock was put back, and one that
    names a row which its act does not change so.
    """
    named: dict[str, tuple[str, str]] = {}
    before = None
    for entry in entries:
        if before and entry.at < before - CLOCKS_DIFFER and not _says_so(entry, before):
            yield f"entry {entry.n} has an earlier time than the entry before it"
        before = entry.at
        for name, digest in entry.rows.items():
            if not _may_name(entry.act, name, named.get(name), digest):
                yield f"entry {entry.n} tells of {name}, which the act “{entry.act}” does not change so"
            named[name] = entry.act, digest


def overtaken(entries: Sequence[AuditEntry], rows: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    """The cases in which an approval of a drop counts although the log has a report after it, each in words.

    Which version of its case a report changed at stands in no digest, and an approval of that version or a later one
    counts. `rows`: with the names of their tables.
    """
    approved = {
        (e.facts.get("case"), e.actor, e.facts.get("version")): e.n for e in entries if e.act == Act.APPROVE_DROP
    }
    changed = {e.facts.get("report"): e.n for e in entries if e.act in {Act.REPORT, Act.WITHDRAW}}
    kept: dict[str, list[Mapping[str, Any]]] = {"approval": [], "matter": [], "report": []}
    for table, row in rows:
        if table in kept:
            kept[table].append(row)
    ended = {row["number"] for row in kept["matter"] if row["outcome"] not in {None, "dropped"}}
    for given in (each for each in kept["approval"] if each["taken_back_at"] is None and each["case"] not in ended):
        n = approved.get((given["case"], given["by"], given["version"]), math.inf)
        theirs = (each for each in kept["report"] if each["case"] == given["case"])
        later = (each["since_version"] or 0 for each in theirs if changed.get(each["number"], 0) > n)
        if any(version <= given["version"] for version in later):
            yield f"in case {given['case']} a report that came after an approval is said to have come before it"


def _says_so(entry: AuditEntry, before: datetime) -> bool:
    """Whether the entry is there because the clock was put back, and says from when."""
    return entry.act == Act.CLOCK_PUT_BACK and entry.facts.get("before") == before.astimezone(UTC).isoformat()


def _may_name(act: str, name: str, known: tuple[str, str] | None, digest: str) -> bool:
    """`known`: the act of the entry that named the row last in this chain, and the digest that it kept."""
    vouches, table = VOUCHES.get(act, _NONE), name.partition(" ")[0]
    if known is None:
        return table in vouches.first
    (version, facts, seals), (version_now, facts_now, seals_now) = _parts(known[1]), _parts(digest)
    if table not in vouches.again or version_now < version:  # an older version vouches for less
        return False
    if act in SEVERAL and known[0] in SEVERAL:  # it may have been another customer's meanwhile, whose chain tells
        return True
    if act == Act.ERASE and version == version_now and facts != facts_now:  # erasing changes texts alone
        return False
    if table in vouches.texts:
        return True
    held = next((n for n in range(len(seals)) if f"{table}:{n}" in vouches.texts), len(seals))
    return seals[:held] == seals_now[:held]


def _parts(digest: str) -> tuple[int, str, list[str]]:
    """The version, the digest of the facts, and the seals of the texts. See docs/decisions/audit-format.md."""
    version, _, rest = digest.partition(":")
    facts, *seals = rest.split(":")
    return int(version) if version.isdecimal() else 0, facts, seals
