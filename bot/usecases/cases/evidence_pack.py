"""The evidence pack of a case: who may have it, and what of the record goes into it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from bot.rules.audit import Act, AuditEntry
from bot.rules.audit_chain import Chain, canonical
from bot.rules.evidence_pack.contents import FORMAT, case_schema
from bot.rules.evidence_pack.pack import Contents
from bot.rules.evidence_pack.proof import ENTRY, MOVING, NUMBERED
from bot.rules.evidence_pack.record import file_name, is_kept
from bot.rules.evidence_pack.zone import zone_from
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.usecases.cases.pack_proof import publications_about
from bot.usecases.context import Context
from bot.usecases.shared.case_access import check_reader, lock_case
from bot.usecases.shared.conclude import Done, conclude, is_recorded
from storage.audit.definitions import digest_versions, facts_of, row_schemas, shown_salts, texts_of
from storage.db.digested_tables import DIGESTED, DigestedTable, Values
from storage.transaction import Transaction

TABLES: Final = tuple(name for name in DIGESTED if name != "merger")  # the log tells of mergers
NEVER: Final = datetime.min.replace(tzinfo=UTC)
Json = dict[str, Any]


def request_pack(context: Context, by: Person, number: int) -> None:
    """[Evidence pack]: send it to the manager, by direct message, at most once a minute. It is on record who took it.

    Raises NotEntitled for whoever may not read the case in full; Unknown, NotRecorded.
    """
    with context.begin(by.team) as tx:
        case, now = lock_case(tx, context, number)
        check_reader(tx, context, by, number)
        minute = int(now.timestamp()) // 60
        once = f"pack-{number}-{minute}"
        if is_recorded(tx, by, Act.EXPORT, once):
            return
        facts = {"what": "evidence pack", "case": number, "with names": True}
        conclude(tx, context, Done(Act.EXPORT, by.user, case.customer, facts, by.form, once), now)
        tx.notices.refresh(NoticeKind.PACK, number, by.user, now, round_=minute)


def names_of(tx: Transaction, contents: Contents) -> dict[str, str]:
    """What Slack last called the people in a pack, by their IDs."""
    found = tx.people.profiles(sorted(set(contents.people.values())))
    return {user: profile.name for user, profile in found.items()}


def pack_contents(tx: Transaction, number: int) -> Contents:
    """Everything on record about a case, and what proves it. Raises Unknown."""
    read = _Reading(tx, number, tx.cards.with_merged(tx.cases.get(number).customer))
    case: Json = {
        "format": FORMAT,
        "workspace": tx.audit.team,
        "case": number,
        "customers": list(read.customers),
        "log": read.log(),
        "rows": {table: [row.masked for row in read.rows if row.kind.table.name == table] for table in TABLES},
        "policies": read.policies(),
        "zone": read.zone(),
    }
    return Contents(
        case=case,
        proof={
            "salts": {row.name: row.salts for row in read.rows if row.salts},
            "publications": publications_about(tx, read.customers),
        },
        people=read.people(),
        salts={chain.customer: chain.people_salt for chain in read.chains},
        definitions=definitions(),
        files=dict(_files(tx, case["rows"]["report"])),
    )


def _files(tx: Transaction, reports: Sequence[Json]) -> Iterator[tuple[str, bytes]]:
    """What reps uploaded and the record keeps, by its name in the pack."""
    for row in reports:
        for n, evidence in enumerate(row["evidence"], 1):
            content = tx.files.content(row["number"], evidence[3]) if is_kept(evidence) else None
            if content is not None:
                yield file_name(row["number"], n, evidence), content


def definitions() -> Json:
    """What whoever checks a pack has to know of the record: see `bot.rules.evidence_pack.checks.Definitions`."""
    return {
        "versions": {table: digest_versions()[table] for table in TABLES},
        "schema": case_schema({table: row_schemas()[table] for table in TABLES}),
    }


class _Row(NamedTuple):
    """A row that the audit log vouches for. `chain`: the one in which it does."""

    chain: Chain
    kind: DigestedTable
    values: Values

    @property
    def table(self) -> str:
        return self.kind.table.name

    @property
    def name(self) -> str:
        """As the log names it, with references."""
        return self.kind.name(tuple(json.loads(self.chain.masked([self.values[name] for name in self.kind.key]))))

    @property
    def masked(self) -> Json:
        """As JSON, with references in place of people's IDs. What people wrote stays as it is."""
        written: Json = json.loads(canonical({name: self.values[name] for name in texts_of(self.kind)}))
        return {**json.loads(self.chain.masked(self._facts)), **written}

    @property
    def _facts(self) -> Json:
        return {name: self.values[name] for name in facts_of(self.kind)}

    @property
    def people(self) -> dict[str, str]:
        return self.chain.people(self._facts)

    @property
    def salts(self) -> dict[str, str]:
        return {salt: self.values[salt] for salt in shown_salts(self.kind) if self.values[salt]}


@dataclass(frozen=True)
class _Reading:
    """What is read for a pack. `customers`: whom the case is about, and the records merged into theirs."""

    tx: Transaction
    number: int
    customers: tuple[int, ...]

    @cached_property
    def chains(self) -> list[Chain]:
        return [self.tx.audit.whose(customer) for customer in self.customers]

    @cached_property
    def entries(self) -> list[tuple[Chain, AuditEntry]]:
        return [(chain, entry) for chain in self.chains for entry, _ in self.tx.audit.chain(chain.customer)]

    def log(self) -> list[Json]:
        """The entries as they are hashed, each part with its name."""
        said = (json.loads(chain.masked(chain.said(entry)))[2:] for chain, entry in self.entries)
        return [dict(zip(ENTRY, each, strict=True)) for each in said]

    @cached_property
    def rows(self) -> list[_Row]:
        """The rows of the case, and those of the customer that it rests on."""
        found = [_Row(chain, kind, row) for chain in self.chains for kind, _, row in self._about(chain.customer)]
        judged = [row.values["at"] for row in found if row.table == "verdict" and row.values["case"] == self.number]
        named = set(self._named())
        return [row for row in found if row.name in named or self._belongs(row, max(judged, default=NEVER))]

    def _about(self, customer: int) -> Iterator[tuple[DigestedTable, str, Values]]:
        return (each for each in self.tx.inspection.rows(customer) if each[0].table.name in TABLES)

    def _belongs(self, row: _Row, judged_at: datetime) -> bool:
        """Whether the row is of the case or came before its end, or the policy looked at it when it judged it last."""
        if row.table == "report" and row.values["reported_at"] <= judged_at:
            return True
        if row.table == "backup_call":
            closed = self.tx.cases.get(self.number).closed_at
            return closed is None or bool(row.values["called_at"] <= closed)
        about = row.values.get("number" if row.table == "matter" else "case", self.number)
        # A warning and an objection to one, whichever case they came from: the policy looks at them.
        return row.table == "warning" or bool(row.values.get("warning") or about == self.number)

    def _named(self) -> Iterator[str]:
        """The names of the reports, verdicts and hearings of which entries about the case tell."""
        for _, entry in self.entries:
            if entry.facts.get("case") == self.number and entry.act not in MOVING:
                yield from (name for name in entry.rows if name.split(" ")[0] in NUMBERED)

    def policies(self) -> Json:
        """The policies by which the case was judged, by digest."""
        bodies = self.tx.inspection.policies()
        used = {row.values["policy"] for row in self.rows if row.table == "verdict"}
        return {digest: json.loads(bodies[digest]) for digest in sorted(used)}

    def zone(self) -> Json:
        """That of the policy by which the case was judged last, for the times of the pack."""
        times = [entry.at for _, entry in self.entries]
        judged = [row.values["policy"] for row in self.rows if row.table == "verdict"]
        return zone_from(self.policies()[judged[-1]]["hours"]["zone"], min(times), max(times))

    def people(self) -> dict[str, str]:
        """The ID of everybody in the pack, by the reference."""
        log = [chain.people_of(entry) for chain, entry in self.entries]
        return dict(item for found in [*log, *(row.people for row in self.rows)] for item in found.items())
