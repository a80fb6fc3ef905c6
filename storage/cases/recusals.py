"""Who recused themselves from which case."""

from sqlalchemy import select

from bot.rules.cases import Recusal
from storage.db.mapping import columns_of, value_of
from storage.db.queries import insert_or_ignore, ours
from storage.db.repository import Repository
from storage.tables.cases import recusal

_ADD = insert_or_ignore(recusal)
_OF_CASE = select(recusal).where(ours(recusal, "case")).order_by(recusal.c.at, recusal.c.by)


class Recusals(Repository):
    """Managers and directors who take no part in a case."""

    def add(self, made: Recusal, salt: str) -> None:
        """Store that somebody takes no part from now on; a second recusal from the same case changes nothing."""
        self.put(_ADD, salt=salt, **columns_of(made))

    def of_case(self, case: int) -> tuple[Recusal, ...]:
        """The case's recusals, the first one first."""
        return tuple(value_of(Recusal, row) for row in self.all(_OF_CASE, case=case))
