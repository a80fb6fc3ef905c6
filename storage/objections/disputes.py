"""What customers dispute in warnings."""

from datetime import datetime

from sqlalchemy import select, update

from bot.rules.objections import Dispute, Remedy
from bot.rules.warnings import IssuedWarning
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import bound, ours
from storage.db.repository import Repository, new_key
from storage.db.statements import Row
from storage.tables.cases import dispute

_BY_NUMBER = select(dispute).where(ours(dispute, "number"))
_ABOUT = select(dispute).where(ours(dispute, "warning"))
_RESULT = ("remedy", "settled_by", "settled_at", "reason", "letter")
_SETTLE = update(dispute).where(ours(dispute, "number"), dispute.c.settled_at.is_(None)).values(**bound(*_RESULT))
_MOVE = update(dispute).where(ours(dispute, "number"), dispute.c.settled_at.is_(None)).values(**bound("due_at"))


class Disputes(Repository):
    """What customers dispute in warnings, once for each warning."""

    def get(self, number: int) -> Dispute:
        """The dispute. Raises Unknown."""
        return _dispute(self._row(number))

    def about(self, warning: int) -> Dispute | None:
        """The dispute about the warning."""
        return self.maybe(_dispute, _ABOUT, warning=warning)

    def record(
        self, warning: IssuedWarning, disputed: str, by: str, now: datetime, due_at: datetime, salt: str
    ) -> Dispute:
        """Store what is disputed, under the next number."""
        number = self.next_number("dispute")
        self.add_row(
            dispute,
            number=number,
            random_key=new_key(),
            warning=warning.number,
            case=warning.case,
            disputed=disputed,
            salt=salt,
            recorded_by=by,
            recorded_at=now,
            due_at=due_at,
        )
        return self.get(number)

    def move(self, number: int, due_at: datetime) -> None:
        """Store another deadline, if it is open."""
        self.run(_MOVE, number=number, due_at=due_at)

    def salt(self, number: int) -> str:
        """The salt of the dispute's texts."""
        return str(self._row(number).salt)

    def settle(self, settled: Dispute) -> None:
        """Store what came of it, if it is open."""
        values = columns_of(settled)
        self.run(_SETTLE, number=settled.number, **{name: values[name] for name in _RESULT})

    def _row(self, number: int) -> Row:
        return self.known("dispute", number, _BY_NUMBER, number=number)


def _dispute(row: Row) -> Dispute:
    return value_of(Dispute, row, remedy=member_of(Remedy, row.remedy))
