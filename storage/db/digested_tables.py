"""The digested tables: their rows change only together with an entry of the audit log, which keeps a digest of each.

A digest has parts, joined by ":". The first is its version: what it was made from. The second is of the row's facts.
Each further one is the seal of texts under their salt. Erasing removes texts and their salt; a seal alone tells nothing
of them. The log has an entry of how the row is from then on.

A row is compared with its digest by the columns of the digest's version. So a version never changes once a release has
it, and the columns that it names stay: a new column is a new version, at the end.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Select, Table, select

from bot.rules.audit import salted_digest
from bot.rules.audit_chain import SHORT, Chain, canonical
from storage.db.queries import ours
from storage.tables.backup import backup_call
from storage.tables.cases import approval, hearing, matter, objection, protection, recusal, warning
from storage.tables.customers import customer, merger, safeguard, stake
from storage.tables.decisions import decision, lesson, review, sent_letter
from storage.tables.reports import report, verdict

Key = tuple[Any, ...]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """What a digest is made from: the names of columns. `texts`: for each salt's column, the columns of its texts."""

    facts: tuple[str, ...]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def parts(self, row: Values, chain: Chain) -> Iterable[str]:
        """The digest of the row's facts, then the seals. A column that is missing counts as empty."""
        yield chain.row_digest({name: row.get(name) for name in self.facts})
        yield from (self._seal(row, salt) for salt in self.texts)

    def has_lost(self, row: Values, salt: str, *, nullable: bool) -> bool:
        """Whether the texts of this salt have lost it."""
        return not row.get(salt) and (any(self._texts(row, salt)) or not nullable)

    def _seal(self, row: Values, salt: str) -> str:
        texts = self._texts(row, salt)
        return salted_digest(row[salt] or "", canonical(texts))[:SHORT] if row.get(salt) or any(texts) else ""

    def _texts(self, row: Values, salt: str) -> list[Any]:
        return [row.get(name) for name in self.texts[salt]]


def _version(facts: str, **texts: str) -> Version:
    return Version(tuple(facts.split()), {salt: tuple(names.split()) for salt, names in texts.items()})


@dataclass(frozen=True)
class DigestedTable:
    """`versions`: of its rows' digests, oldest first. `not_digested`: columns that decide nothing, or are derived."""

    table: Table
    versions: tuple[Version, ...]
    not_digested: tuple[str, ...] = ()

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns of the key without the workspace."""
        return tuple(column.name for column in self.table.primary_key if column.name != "team")

    @property
    def texts(self) -> Mapping[str, tuple[str, ...]]:
        """For each salt's column, the columns of its texts."""
        return self.versions[-1].texts

    def name(self, key: Key) -> str:
        """How the log names a row: "report 214"."""
        return f"{self.table.name} {'/'.join(str(part) for part in key)}"

    def digest(self, row: Values, chain: Chain) -> str:
        """The digest of the row, of the newest version, for an entry of this chain."""
        return self._of_version(len(self.versions), row, chain)

    def holds(self, digest: str, row: Values, chain: Chain) -> bool:
        """Whether the row is as it was when an entry of this chain vouched for it with this digest."""
        version = digest.partition(":")[0]
        known = version.isascii() and version.isdigit() and 0 < int(version) <= len(self.versions)
        return known and self._of_version(int(version), row, chain) == digest

    def is_erased(self, row: Values) -> bool:
        """Whether texts have lost their salt: only erasing does that."""
        newest, columns = self.versions[-1], self.table.c
        return any(newest.has_lost(row, salt, nullable=bool(columns[salt].nullable)) for salt in newest.texts)

    def _of_version(self, version: int, row: Values, chain: Chain) -> str:
        return ":".join([str(version), *self.versions[version - 1].parts(row, chain)])


DIGESTED = {
    kind.table.name: kind
    for kind in (
        DigestedTable(
            customer,
            (
                _version(
                    "number random_key owner standing created_at merged_into",
                    salt="name strict_key loose_key crm_reference worth",
                ),
            ),
        ),
        DigestedTable(
            merger, (_version("number random_key duplicate customer by at moved undone_by undone_at"),), ("copied",)
        ),
        DigestedTable(
            report,
            (
                _version(
                    "number random_key customer case reporter category severity place happened_at reported_at "
                    "doubted reporter_known withdrawn_at discounted_at discounted_in informed_first "
                    "ended_within",
                    salt="narrative evidence",
                    support_salt="wants_support",
                ),
            ),
            ("since_version",),
        ),
        DigestedTable(
            matter,
            (
                _version(
                    "number random_key customer rung urgent opened_at due_at outcome closed_at closed_by",
                    salt="rationale",
                ),
            ),
            ("version", "left", "raised"),
        ),
        DigestedTable(
            warning,
            (
                _version(
                    "number case customer issued_by issued_at delivered_at delivered_by delivered_how expires_at "
                    "objection_until withdrawn_at",
                    salt="letter",
                ),
            ),
        ),
        DigestedTable(
            decision,
            (
                _version(
                    "case customer choice by at review_on effective_on reason_class conditions approved_by "
                    "objection_until ended_at ended_how",
                    salt="rationale letter",
                    details_salt="details",
                ),
            ),
        ),
        DigestedTable(
            verdict,
            (_version("customer n report case rung reasons points reporters heaviest urgent policy at"),),
        ),
        DigestedTable(
            hearing,
            (
                _version(
                    "number case taken_by taken_at asked_by ended_at ended_by finding",
                    salt="words reps_side customers_side why",
                ),
            ),
        ),
        DigestedTable(
            objection,
            (
                _version(
                    "case customer warning recorded_by recorded_at due_at answer answered_by answered_at before",
                    salt="contact words rationale letter before_details",
                ),
            ),
            ("raised",),
        ),
        DigestedTable(
            safeguard,
            (
                _version(
                    "number random_key customer kind until set_by set_at ends_at removed_at removed_by",
                    salt="note words",
                    removed_salt="removed_why",
                ),
            ),
        ),
        DigestedTable(
            approval,
            (
                _version(
                    "case by version at review_on effective_on reason_class taken_back_at", salt="rationale letter"
                ),
            ),
        ),
        DigestedTable(stake, (_version("customer user why at happened_at"),)),
        DigestedTable(recusal, (_version("case by at", salt="reason"),)),
        DigestedTable(protection, (_version("case n by at kind rung version", salt="reason"),)),
        DigestedTable(review, (_version("case n outcome by at due_on until", salt="reason"),)),
        DigestedTable(sent_letter, (_version("case letter how sent_at by at"),)),
        DigestedTable(lesson, (_version("case by at hindsight", salt="learnt worth line"),)),
        DigestedTable(
            backup_call,
            (
                _version(
                    "number random_key customer caller called_at circle asked taken_by taken_at ended_by ended_at "
                    "ended_how",
                    salt="words",
                ),
            ),
        ),
    )
}


def random_salt() -> str:
    """A salt for the texts of a new row, or for a new chain."""
    return secrets.token_hex(16)


@cache
def by_key(table: str) -> Select[Any]:
    """The row of a digested table with a key; its columns are the names of the values."""
    kind = DIGESTED[table]
    return select(kind.table).where(ours(kind.table, *kind.key))
