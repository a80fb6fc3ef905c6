"""The files that the bot has sent to managers: which of them tell of somebody who is erased by now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, or_, select, update

from bot.rules.notices import NoticeKind
from bot.rules.weekly_figures import NAMING
from storage.db.queries import many, ours
from storage.db.repository import Repository
from storage.outbox.notices import BEHIND
from storage.tables.cases import matter
from storage.tables.outbox import notice, summary
from storage.tables.reports import report

_OF_CASE: Final = (NoticeKind.PACK, NoticeKind.LETTER_FILE)
_REPORTS = select(report.c.number).where(ours(report), report.c.customer.in_(many("customers")))
_CASES = select(matter.c.number).where(ours(matter), matter.c.customer.in_(many("customers")))
_REFRESH = update(notice).where(ours(notice)).values(BEHIND)
_REFRESH_ABOUT = _REFRESH.where(
    or_(
        and_(notice.c.kind == NoticeKind.FILE, notice.c.subject.in_(_REPORTS)),
        and_(notice.c.kind.in_(_OF_CASE), notice.c.subject.in_(_CASES)),
    )
)
_REFRESH_KIND = _REFRESH.where(ours(notice, "kind"), notice.c.subject.in_(many("subjects")))
_SENT = select(notice.c.subject).where(ours(notice, "kind"), notice.c.ts.is_not(None)).distinct()
_WEEKS = select(summary.c.week, summary.c.figures).where(ours(summary), summary.c.week.in_(many("weeks")))


class SentFiles(Repository):
    """Files that managers were sent. One that is drawn again is deleted in Slack, if it was erased from the record."""

    def erase_about(self, customers: Sequence[int], now: datetime) -> None:
        """Have those that tell of these customers deleted: reports' files, packs, letters, weeks that name them."""
        self.run(_REFRESH_ABOUT, customers=list(customers), now=now)
        weeks = self._sent(NoticeKind.TABLE)
        cases = {row.number for row in self.all(_CASES, customers=list(customers))} if weeks else set()
        found = self.all(_WEEKS, weeks=list(weeks)) if weeks else ()
        naming = {row.week for row in found if _names(row.figures, set(customers), cases)}
        self._refresh(NoticeKind.TABLE, naming, now)

    def packs(self) -> tuple[int, ...]:
        """The cases of which somebody was sent an evidence pack that is still in Slack."""
        return self._sent(NoticeKind.PACK)

    def erase_packs(self, cases: Collection[int], now: datetime) -> None:
        """Have the evidence packs of these cases deleted."""
        self._refresh(NoticeKind.PACK, cases, now)

    def _sent(self, kind: NoticeKind) -> tuple[int, ...]:
        return tuple(row.subject for row in self.all(_SENT, kind=kind))

    def _refresh(self, kind: NoticeKind, subjects: Collection[int], now: datetime) -> None:
        if subjects:
            self.run(_REFRESH_KIND, kind=kind, subjects=sorted(subjects), now=now)


def _names(figures: Any, customers: Collection[int], cases: Collection[int]) -> bool:  # noqa: ANN401 - JSON
    """Whether the figures of a week, as they are stored, name one of these customers or the lesson of a case."""
    named = {item["number"] for name in NAMING for item in figures[name]["items"]}
    learnt = {item["case"] for item in figures["lessons"]["items"]}
    return not (named.isdisjoint(customers) and learnt.isdisjoint(cases))
