"""The uploaded files of reports: what is still to be fetched from Slack, and what was."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Text, and_, bindparam, cast, delete, select, update

from bot.rules.reports import Evidence, FileToFetch
from storage.db.mapping import value_of
from storage.db.queries import bound, many, ours
from storage.db.repository import Repository
from storage.tables.columns import Moment
from storage.tables.reports import evidence_file, report

LATEST_TRY: Final = timedelta(days=2)  # from now on: what failed is tried again within an hour, or as Slack asks

_THIS = ours(evidence_file, "report", "file")
_NEXT = (
    select(evidence_file.c.report, evidence_file.c.file, evidence_file.c.since, evidence_file.c.next_try_at)
    .where(ours(evidence_file), evidence_file.c.next_try_at.is_not(None))
    .order_by(evidence_file.c.next_try_at)
    .limit(1)
)
_TRY_AT = update(evidence_file).where(_THIS).values(**bound("next_try_at"))
_TO_FETCH = select(evidence_file.c.file).where(
    ours(evidence_file, "report"),
    evidence_file.c.content.is_(None),
    evidence_file.c.since == bindparam("since", type_=Moment),
    evidence_file.c.next_try_at <= bindparam("latest", type_=Moment),
)
_KEEP = update(evidence_file).where(_THIS).values(content=bound("content")["content"], next_try_at=None)
_FORGET = delete(evidence_file).where(_THIS)
_CONTENT = select(evidence_file.c.content).where(_THIS)
_REPORTED = select(report.c.number).where(ours(report), report.c.customer.in_(many("customers")))
_FORGET_ABOUT = delete(evidence_file).where(ours(evidence_file), evidence_file.c.report.in_(_REPORTED))
_NAMES_NONE = ~cast(report.c.evidence, Text).like('%["file", %')  # how a file stands in a list of evidence
_FORGET_UNNAMED = delete(evidence_file).where(
    ours(evidence_file), evidence_file.c.report.in_(_REPORTED.where(_NAMES_NONE))
)
_SET_EVIDENCE = update(report).where(ours(report, "number")).values(**bound("evidence"))
_OF_REPORT = select(evidence_file.c.file, evidence_file.c.content).where(
    and_(ours(evidence_file, "report"), evidence_file.c.content.is_not(None))
)


class Files(Repository):
    """The uploaded files of reports, a row each. The report's evidence names the digest of what is kept."""

    def expect(self, number: int, evidence: Sequence[Evidence], now: datetime) -> None:
        """Have the files of a new report fetched."""
        rows = [
            {"report": number, "file": each.file, "since": now, "next_try_at": now} for each in evidence if each.file
        ]
        if rows:
            self.add_rows(evidence_file, rows)

    def next(self) -> FileToFetch | None:
        """The file that is to be tried next."""
        return self.maybe(lambda row: value_of(FileToFetch, row), _NEXT)

    def to_fetch(self, number: int, since: datetime, now: datetime | None) -> frozenset[str]:
        """Slack's IDs of the files of a report of this time that are to be tried soon; without `now`, at any time."""
        latest = now + LATEST_TRY if now else datetime.max.replace(tzinfo=UTC)
        return frozenset(row.file for row in self.all(_TO_FETCH, report=number, since=since, latest=latest))

    def try_at(self, file: FileToFetch, at: datetime) -> None:
        """Try it again at this time."""
        self.run(_TRY_AT, report=file.report, file=file.file, next_try_at=at)

    def keep(self, file: FileToFetch, content: bytes) -> str:
        """Store the content; its digest."""
        self.run(_KEEP, report=file.report, file=file.file, content=content)
        return sha256(content).hexdigest()

    def forget(self, file: FileToFetch) -> None:
        """Fetch it no more: it is lost, or was erased."""
        self.run(_FORGET, report=file.report, file=file.file)

    def forget_about(self, customers: Sequence[int]) -> None:
        """Delete all files of reports about these customers."""
        self.run(_FORGET_ABOUT, customers=list(customers))

    def forget_unnamed(self, customer: int) -> None:
        """Delete the files of reports about a customer whose evidence names no file any more."""
        self.run(_FORGET_UNNAMED, customers=[customer])

    def set_evidence(self, number: int, evidence: Sequence[Evidence]) -> None:
        """Store what became of the files in the report's evidence."""
        self.run(_SET_EVIDENCE, number=number, evidence=[each.parts for each in evidence])

    def content(self, number: int, file: str) -> bytes | None:
        """What is kept of this file of a report; None where nothing is."""
        row = self.one(_CONTENT, report=number, file=file)
        return None if row is None or row.content is None else bytes(row.content)

    def digests(self, number: int) -> dict[str, str]:
        """By Slack's ID, the digest of each file of a report as it is kept."""
        return {row.file: sha256(row.content).hexdigest() for row in self.all(_OF_REPORT, report=number)}
