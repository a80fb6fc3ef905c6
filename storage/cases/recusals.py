"""Who stepped aside from a case, and who approved a drop that needs another's approval."""

from sqlalchemy import bindparam, select

from bot.rules.cases import Recusal
from storage.db.repository import Repository, insert
from storage.tables.cases import recusal

_DIALECTS = ("sqlite", "postgresql")
_STEP_ASIDE = {dialect: insert(recusal, dialect).on_conflict_do_nothing() for dialect in _DIALECTS}
_RECUSALS = (
    select(recusal)
    .where(recusal.c.team == bindparam("our_team"), recusal.c.case == bindparam("case"))
    .order_by(recusal.c.at, recusal.c.by)
)


class Recusals(Repository):
    """See `ports.Recusals`."""

    def add(self, made: Recusal, salt: str) -> None:
        """Note that somebody takes no part from now on."""
        self.put(_STEP_ASIDE, case=made.case, by=made.by, at=made.at, reason=made.reason, salt=salt)

    def of_case(self, case: int) -> tuple[Recusal, ...]:
        """Who stepped aside, the first one first."""
        return tuple(Recusal(row.case, row.by, row.at, row.reason) for row in self.all(_RECUSALS, case=case))
