"""When reps were asked how they are, and what they answered."""

from datetime import date, datetime

from sqlalchemy import select, update

from bot.rules.reports import CheckIn, CheckInAnswer
from storage.db.mapping import columns_of, member_of, value_of
from storage.db.queries import bound, insert_or_ignore, ours
from storage.db.repository import Repository
from storage.db.statements import Row
from storage.tables.reports import check_in

_THIS = ours(check_in, "report", "round")
_ADD = insert_or_ignore(check_in)
_GET = select(check_in).where(_THIS)
_OF_DAY = select(check_in).where(ours(check_in, "rep", "day"))
_DECLINED = select(check_in.c.day).where(ours(check_in, "rep"), check_in.c.answer == CheckInAnswer.DECLINED.value)
_ANSWER = update(check_in).where(_THIS).values(**bound("answer"))
_ASK_FOR_CARE = update(check_in).where(_THIS).values(**bound("care_at"))


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


def _check_in(row: Row) -> CheckIn:
    return value_of(CheckIn, row, answer=member_of(CheckInAnswer, row.answer))
