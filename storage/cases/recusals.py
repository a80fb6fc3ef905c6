"""Who recused themselves from which case."""

from sqlalchemy import select

from bot.rules.cases import Recusal
from storage.db.mapping import columns_of, value_of
from storage.db.queries import insert_or_ignore, is_row, ours
from storage.db.repository import Repository
from storage.tables.cases import matter, recusal

_ADD = insert_or_ignore(recusal)
_ABOUT = (
    select(recusal)
    .join(matter, is_row(matter, recusal.c.case))
    .where(ours(recusal), ours(matter, "customer"))
    .order_by(recusal.c.at, recusal.c.by)
)


class Recusals(Repository):
    """Managers and directors who stepped aside from a case, and so from everything about its customer."""

    def add(self, made: Recusal, salt: str) -> None:
        """Store it; a second recusal from the same case changes nothing."""
        self.put(_ADD, salt=salt, **columns_of(made))

    def about(self, customer: int) -> tuple[Recusal, ...]:
        """The recusals from the customer's cases, the first one first."""
        return tuple(value_of(Recusal, row) for row in self.all(_ABOUT, customer=customer))
