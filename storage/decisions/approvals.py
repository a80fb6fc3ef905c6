"""Drops that one manager approved and that wait for another's approval."""

from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update

from bot.rules.audit import Act
from bot.rules.cases import Outcome
from bot.rules.decisions import Approval, Choice, Decision
from storage.db.queries import bound, is_row, ours, upsert
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.audit import audit
from storage.tables.cases import approval, matter
from storage.tables.reports import report

_ADD = upsert(
    approval, "at", "rationale", "salt", "review_on", "effective_on", "reason_class", "letter", "taken_back_at"
)
_OF_CASE = (
    select(approval)
    .where(ours(approval, "case"), approval.c.taken_back_at.is_(None))
    .order_by(approval.c.version, approval.c.by)
)
_TAKE_BACK = (
    update(approval)
    .where(ours(approval, "case", "by"), approval.c.taken_back_at.is_(None))
    .values(**bound("taken_back_at"))
)
_CLOCK_PUT_BACK = exists().where(ours(audit), audit.c.customer == matter.c.customer, audit.c.act == Act.CLOCK_PUT_BACK)
_CHANGED = (report.c.reported_at, report.c.withdrawn_at, report.c.discounted_at)
_OVERTAKEN = (
    select(approval.c.case)
    .join(matter, is_row(matter, approval.c.case))
    .join(report, and_(ours(report), report.c.case == approval.c.case))
    .where(ours(approval), approval.c.taken_back_at.is_(None), or_(*(at > approval.c.at for at in _CHANGED)))
    .where(or_(report.c.since_version.is_(None), report.c.since_version <= approval.c.version))
    .where(or_(matter.c.outcome.is_(None), matter.c.outcome == Outcome.DROPPED.value), ~_CLOCK_PUT_BACK)
    .distinct()
)


class Approvals(Repository):
    """Drops that one manager approved and that wait for another's approval."""

    def add(self, given: Approval, salt: str) -> None:
        """Store it, instead of what the same manager sent for the same version of the case."""
        self.put(
            _ADD,
            case=given.drop.case,
            by=given.by,
            version=given.version,
            at=given.drop.at,
            rationale=given.drop.rationale,
            salt=salt,
            review_on=given.drop.review_on,
            effective_on=given.drop.effective_on,
            reason_class=given.drop.reason_class,
            letter=given.drop.letter,
            taken_back_at=None,
        )

    def take_back(self, case: int, by: str, now: datetime) -> bool:
        """Take back what this manager approved; whether there was anything."""
        return self.changed(_TAKE_BACK, case=case, by=by, taken_back_at=now) > 0

    def of_case(self, case: int) -> tuple[Approval, ...]:
        """The approvals that were not taken back, the first one first."""
        return tuple(_approval(row) for row in self.all(_OF_CASE, case=case))

    def overtaken(self) -> tuple[int, ...]:
        """The cases in which an approval counts although a report has changed since: Backstop writes no such version.

        Where the clock was put back, times do not say what came first.
        """
        return tuple(row.case for row in self.all(_OVERTAKEN))


def _approval(row: Row) -> Approval:
    drop = Decision(
        case=row.case,
        choice=Choice.DROP,
        by=row.by,
        at=row.at,
        rationale=row.rationale,
        review_on=row.review_on,
        effective_on=row.effective_on,
        reason_class=row.reason_class,
        letter=row.letter,
    )
    return Approval(drop, row.version)
