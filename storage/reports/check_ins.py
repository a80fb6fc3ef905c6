"""When reps were asked how they are, what they answered, and who of them was talked to."""

from datetime import date, datetime

from sqlalchemy import bindparam, exists, select, update

from bot.rules.notices import NoticeKind
from bot.rules.reports import CheckIn, CheckInAnswer
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import bound, insert_or_ignore, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.outbox import notice
from storage.tables.reports import check_in, report, talk

_THIS = ours(check_in, "report", "round")
_ADD = insert_or_ignore(check_in)
_GET = select(check_in).where(_THIS)
_OF_DAY = select(check_in).where(ours(check_in, "rep", "day"))
_DECLINED = select(check_in.c.day).where(ours(check_in, "rep"), check_in.c.answer == CheckInAnswer.DECLINED.value)
_ANSWER = update(check_in).where(_THIS).values(**bound("answer"))
_ASK_FOR_CARE = update(check_in).where(_THIS).values(**bound("care_at"))
_TALK = insert_or_ignore(talk)
_TALKED = select(talk.c.at).where(ours(talk, "report", "round"))
_OWN = select(report.c.number).where(ours(report), report.c.reporter == bindparam("rep"))
_WAITING = (
    select(notice.c.subject, notice.c.round, notice.c.target, notice.c.created_at)
    .where(ours(notice), notice.c.kind == NoticeKind.CARE, notice.c.subject.in_(_OWN))
    .where(~exists().where(ours(talk), talk.c.report == notice.c.subject, talk.c.round == notice.c.round))
)


class CheckIns(Repository):
    """When reps were asked how they are, and what they answered."""

    def ask(self, new: CheckIn, day: date) -> bool:
        """Store that the rep is asked on this day; False, and nothing is stored, if they were asked on it before.

        The key sees to it: of two processes that ask at once, the second finds the row of the first.
        """
        self.put(_ADD, day=day, **columns_of(new))
        row = self.one(_OF_DAY, rep=new.rep, day=day)
        return row is not None and _check_in(row) == new

    def get(self, report: int, round_: int) -> CheckIn:
        """The check-in. Raises Unknown."""
        return _check_in(self.known("report", report, _GET, report=report, round=round_))

    def has_declined(self, rep: str) -> bool:
        """Whether the rep does not want to be asked."""
        return self.one(_DECLINED, rep=rep) is not None

    def answer(self, report: int, round_: int, answer: CheckInAnswer) -> None:
        """Store the answer."""
        self.run(_ANSWER, report=report, round=round_, answer=answer.value)

    def ask_for_care(self, report: int, round_: int, now: datetime) -> None:
        """Store that the rep would like someone to talk to."""
        self.run(_ASK_FOR_CARE, report=report, round=round_, care_at=now)

    def care_is_waiting(self, rep: str, contact: str, since: datetime) -> bool:
        """Whether this care contact was asked since then to get in touch with the rep, and has not said that they
        talked.
        """
        return any(row.target == contact and row.created_at >= since for row in self.all(_WAITING, rep=rep))

    def talked(self, rep: str, by: str, now: datetime) -> list[tuple[int, int, str]]:
        """Store that the rep was talked to, whenever they asked; of each message about it, report, round and target."""
        waiting = [(row.subject, row.round, row.target) for row in self.all(_WAITING, rep=rep)]
        for number, round_, _target in waiting:
            self.put(_TALK, report=number, round=round_, at=now, talked_by=by)
        return waiting

    def talked_at(self, number: int, round_: int) -> datetime | None:
        """When the rep was talked to who asked for it in this report (round 0) or check-in."""
        row = self.one(_TALKED, report=number, round=round_)
        return None if row is None else row.at


def _check_in(row: Row) -> CheckIn:
    return value_of(CheckIn, row, answer=member_of(CheckInAnswer, row.answer))
