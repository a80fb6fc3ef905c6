"""Which messages Slack should show, as the desk asks for them; `storage/outbox.py` works them off."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from storage.part import Part, insert
from storage.tables import notice, report


def _want(dialect: str) -> Any:  # noqa: ANN401 - the two dialects' inserts share no type
    change = insert(notice, dialect)
    return change.on_conflict_do_update(
        index_elements=[notice.c.team, notice.c.kind, notice.c.subject, notice.c.target, notice.c.round],
        set_={
            "wanted": notice.c.wanted + 1,
            "urgent": or_(notice.c.urgent, change.excluded.urgent),
            "next_try_at": func.coalesce(notice.c.next_try_at, change.excluded.next_try_at),
            "behind_since": func.coalesce(notice.c.behind_since, change.excluded.behind_since),
        },
    )


_WANT = {dialect: _want(dialect) for dialect in ("sqlite", "postgresql")}
_WANT_REPORTS = (
    update(notice)
    .where(notice.c.team == bindparam("its_team"), notice.c.kind == "report")
    .where(
        notice.c.subject.in_(
            select(report.c.number).where(report.c.team == bindparam("its_team"), report.c.case == bindparam("of_case"))
        )
    )
    .values(
        wanted=notice.c.wanted + 1,
        next_try_at=func.coalesce(notice.c.next_try_at, bindparam("now")),
        behind_since=func.coalesce(notice.c.behind_since, bindparam("now")),
    )
)


class Notices(Part):
    """See `ports.Notices`."""

    def want(
        self, kind: str, subject: int, target: str, now: datetime, *, urgent: bool = False, round_: int = 0
    ) -> None:
        """The message is to show the newest state: posted if it is not there yet, edited if it is."""
        self.put(
            _WANT,
            kind=kind,
            subject=subject,
            target=target,
            round=round_,
            lane=target,
            tag=uuid.uuid4().hex,
            urgent=urgent,
            wanted=1,
            shown=0,
            state="due",
            doubt=False,
            attempt=0,
            failures=0,
            next_try_at=now,
            behind_since=now,
            created_at=now,
        )

    def want_reports_of(self, case: int, now: datetime) -> None:
        """The messages to everybody who reported in the case are to show the newest state."""
        self.run(_WANT_REPORTS, its_team=self.team, of_case=case, now=now)
