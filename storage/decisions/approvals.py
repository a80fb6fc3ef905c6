"""Drops that one manager approved and that wait for another's approval."""

from datetime import datetime

from sqlalchemy import select, update

from bot.rules.decisions import Approval, Choice, Decision
from storage.db.queries import bound, ours, upsert
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.cases import approval

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
