"""Who recused themselves from which case."""

from sqlalchemy import and_, bindparam, or_, select

from bot.rules.cases import Outcome, Recusal
from storage.db.mapping import columns_of, value_of
from storage.db.queries import insert_or_ignore, ours
from storage.db.repository import Repository
from storage.tables.cases import matter, recusal

_ADD = insert_or_ignore(recusal)
_CUSTOMER = select(matter.c.customer).where(ours(matter), matter.c.number == bindparam("case")).scalar_subquery()
_MERGED = select(matter.c.number).where(
    ours(matter), matter.c.customer == _CUSTOMER, matter.c.outcome == Outcome.MERGED.value
)
IN_CASE = and_(ours(recusal), or_(recusal.c.case == bindparam("case"), recusal.c.case.in_(_MERGED)))
"""The recusals from a case, and from those of the same customer that a merger ended: their reports moved on."""
_OF_CASE = select(recusal).where(IN_CASE).order_by(recusal.c.at, recusal.c.by)


class Recusals(Repository):
    """Managers and directors who take no part in a case."""

    def add(self, made: Recusal, salt: str) -> None:
        """Store that somebody takes no part from now on; a second recusal from the same case changes nothing."""
        self.put(_ADD, salt=salt, **columns_of(made))

    def of_case(self, case: int) -> tuple[Recusal, ...]:
        """The recusals from the case and from those that a merger joined to it, the first one first."""
        return tuple(value_of(Recusal, row) for row in self.all(_OF_CASE, case=case))
