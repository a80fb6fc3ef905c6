"""Who has a stake in a case, read with one statement."""

from typing import Any

from sqlalchemy import String, literal, select, union_all

from bot.rules.cases import Case
from bot.rules.refusals import Denial
from storage.cases.recusals import IN_CASE
from storage.db.queries import ours
from storage.db.repository import Repository
from storage.tables.cases import recusal
from storage.tables.customers import customer
from storage.tables.reports import report


def _as(denial: Denial) -> Any:  # noqa: ANN401 - a label in a select
    return literal(denial.value, String, literal_execute=True).label("denial")


_IN_CASE: Any = union_all(
    select(recusal.c.by.label("user"), _as(Denial.RECUSED)).where(IN_CASE),
    select(customer.c.owner, _as(Denial.OWNER)).where(ours(customer, "number"), customer.c.owner.is_not(None)),
    select(report.c.reporter, _as(Denial.REPORTER)).where(ours(report, "case")).distinct(),
)


class Stakes(Repository):
    """Who reported in a case, owns the customer's account, or stepped aside."""

    def in_case(self, case: Case) -> dict[str, Denial]:
        """Everybody with a stake in the case, and which. Of several stakes: reporter, then owner, then recused."""
        rows = self.all(_IN_CASE, case=case.number, number=case.customer)
        return {row.user: Denial(row.denial) for row in rows}
