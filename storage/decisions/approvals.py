"""Who stepped aside from a case, and who approved a drop that needs another's approval."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.decisions import Approval, Choice, Decision
from storage.db.repository import Repository, insert
from storage.db.statements import Found
from storage.tables.cases import approval

_DIALECTS = ("sqlite", "postgresql")
_TERMS = ("at", "rationale", "salt", "review_on", "effective_on", "reason_class", "letter", "taken_back_at")
_GIVE = {
    dialect: (change := insert(approval, dialect)).on_conflict_do_update(
        index_elements=[approval.c.team, approval.c.case, approval.c.by, approval.c.version],
        set_={name: change.excluded[name] for name in _TERMS},
    )
    for dialect in _DIALECTS
}
_OURS = approval.c.team == bindparam("our_team")
_APPROVALS = (
    select(approval)
    .where(_OURS, approval.c.case == bindparam("case"), approval.c.taken_back_at.is_(None))
    .order_by(approval.c.at, approval.c.by)
)
_TAKE_BACK = (
    update(approval)
    .where(_OURS, approval.c.case == bindparam("whose"), approval.c.by == bindparam("user"))
    .where(approval.c.taken_back_at.is_(None))
    .values(taken_back_at=bindparam("now"))
)


class Approvals(Repository):
    """See `ports.Approvals`."""

    def give(self, given: Approval, salt: str) -> None:
        """Note it."""
        self.put(
            _GIVE,
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
        """Undo what this manager approved; whether there was anything."""
        return self.run(_TAKE_BACK, whose=case, user=by, now=now) > 0

    def of_case(self, case: int) -> tuple[Approval, ...]:
        """Those not taken back, the first one first."""
        return tuple(_approval(row) for row in self.all(_APPROVALS, case=case))


def _approval(row: Found) -> Approval:
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
