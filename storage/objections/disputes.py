"""What customers dispute in warnings."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.rules.objections import Dispute, Remedy
from bot.rules.refusals import Unknown
from bot.rules.warnings import IssuedWarning
from storage.db.repository import Repository
from storage.db.statements import Found
from storage.tables.cases import dispute

_OURS = dispute.c.team == bindparam("our_team")
_BY_NUMBER = select(dispute).where(_OURS, dispute.c.number == bindparam("number"))
_ABOUT = select(dispute).where(_OURS, dispute.c.warning == bindparam("about"))
_SETTLE = (
    update(dispute)
    .where(_OURS, dispute.c.number == bindparam("which"), dispute.c.settled_at.is_(None))
    .values(
        remedy=bindparam("as_remedy"),
        settled_by=bindparam("by"),
        settled_at=bindparam("at"),
        reason=bindparam("because"),
        letter=bindparam("new_letter"),
    )
)


class Disputes(Repository):
    """See `ports.Disputes`."""

    def get(self, number: int) -> Dispute:
        """The dispute, or `refusals.Unknown`."""
        return _dispute(self._row(number))

    def about(self, warning: int) -> Dispute | None:
        """The dispute about a warning; there is at most one."""
        row = self.one(_ABOUT, about=warning)
        return None if row is None else _dispute(row)

    def record(
        self, warning: IssuedWarning, disputed: str, by: str, now: datetime, due_at: datetime, salt: str
    ) -> Dispute:
        """Keep what is disputed."""
        number = self.next_number("dispute")
        self.add_row(
            dispute,
            number=number,
            warning=warning.number,
            case=warning.case,
            disputed=disputed,
            salt=salt,
            recorded_by=by,
            recorded_at=now,
            due_at=due_at,
        )
        return self.get(number)

    def salt(self, number: int) -> str:
        """What seals the dispute's texts."""
        return str(self._row(number).salt)

    def settle(self, settled: Dispute) -> None:
        """Note what came of it."""
        self.run(
            _SETTLE,
            which=settled.number,
            as_remedy=settled.remedy and settled.remedy.value,
            by=settled.settled_by,
            at=settled.settled_at,
            because=settled.reason,
            new_letter=settled.letter,
        )

    def _row(self, number: int) -> Found:
        row = self.one(_BY_NUMBER, number=number)
        if row is None:
            raise Unknown("dispute", number)
        return row


def _dispute(row: Found) -> Dispute:
    return Dispute(
        number=row.number,
        case=row.case,
        warning=row.warning,
        disputed=row.disputed,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        due_at=row.due_at,
        remedy=Remedy(row.remedy) if row.remedy else None,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
        reason=row.reason,
        letter=row.letter,
    )
