"""When reps were asked how they are, and what they answered."""

from datetime import date, datetime

from sqlalchemy import bindparam, select, update

from bot.rules.check_ins import Answer, CheckIn
from bot.rules.refusals import Unknown
from storage.db.repository import Repository, insert
from storage.db.statements import Found
from storage.tables.reports import check_in

_OURS = check_in.c.team == bindparam("our_team")
_ASK = {dialect: insert(check_in, dialect).on_conflict_do_nothing() for dialect in ("sqlite", "postgresql")}
_GET = select(check_in).where(_OURS, check_in.c.report == bindparam("report"), check_in.c.round == bindparam("round"))
_OF_DAY = select(check_in).where(_OURS, check_in.c.rep == bindparam("rep"), check_in.c.day == bindparam("day"))
_DECLINED = select(check_in.c.day).where(
    _OURS, check_in.c.rep == bindparam("rep"), check_in.c.answer == Answer.DECLINED.value
)
_THIS = update(check_in).where(
    _OURS, check_in.c.report == bindparam("of_report"), check_in.c.round == bindparam("of_round")
)
_ANSWER = _THIS.values(answer=bindparam("answered"))
_CARE = _THIS.values(care_at=bindparam("now"))


class CheckIns(Repository):
    """See `ports.CheckIns`."""

    def ask(self, check_in: CheckIn, day: date) -> bool:
        """Note that the rep is asked on this day; False, and nothing noted, where they were asked on it before.

        The key holds it: of two processes that ask at once, the second finds the first one's row.
        """
        self.put(
            _ASK,
            rep=check_in.rep,
            day=day,
            report=check_in.report,
            round=check_in.round,
            asked_at=check_in.asked_at,
        )
        row = self.one(_OF_DAY, rep=check_in.rep, day=day)
        return row is not None and _check_in(row) == check_in

    def get(self, report: int, round_: int) -> CheckIn:
        """The check-in, or `refusals.Unknown`."""
        row = self.one(_GET, report=report, round=round_)
        if row is None:
            raise Unknown("report", report)
        return _check_in(row)

    def has_declined(self, rep: str) -> bool:
        """Whether the rep does not want to be asked."""
        return self.one(_DECLINED, rep=rep) is not None

    def answer(self, report: int, round_: int, answer: Answer) -> None:
        """Note the answer."""
        self.run(_ANSWER, of_report=report, of_round=round_, answered=answer.value)

    def ask_for_care(self, report: int, round_: int, now: datetime) -> None:
        """Note that the rep would like someone to talk to."""
        self.run(_CARE, of_report=report, of_round=round_, now=now)


def _check_in(row: Found) -> CheckIn:
    answer = Answer(row.answer) if row.answer else None
    return CheckIn(row.report, row.rep, row.round, row.asked_at, answer, row.care_at)
