"""Calls for backup, and who is not to be called."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, delete, or_, select, true, update

from bot.rules.audit import WORKSPACE
from bot.rules.backup import BackupCall, Circle, HowEnded, WeeksCall
from bot.rules.notices import NoticeKind
from storage.db.mapping import member_of, value_of
from storage.db.queries import bound, insert_or_ignore, ours
from storage.db.repository import Repository, new_key
from storage.db.statements import Row
from storage.outbox.notices import BEHIND
from storage.tables.backup import backup_call, unavailable
from storage.tables.columns import Moment
from storage.tables.customers import counter
from storage.tables.outbox import notice
from storage.tables.reports import report

COUNTER = "backup_call"

_THIS = ours(backup_call, "number")
_GET = select(backup_call).where(_THIS)
_OPEN_OF = (
    select(backup_call)
    .where(ours(backup_call, "caller"), backup_call.c.ended_at.is_(None))
    .order_by(backup_call.c.number.desc())
    .limit(1)
)
_LATER = select(backup_call).where(
    ours(backup_call, "caller"), backup_call.c.number > bindparam("number", type_=Integer)
)
_UNCOUNT = update(counter).where(ours(counter, "name")).values(value=counter.c.value - 1)
_ASK = update(backup_call).where(_THIS).values(**bound("circle", "asked"))
_TAKE = update(backup_call).where(_THIS, backup_call.c.taken_at.is_(None)).values(**bound("taken_by", "taken_at"))
_END = (
    update(backup_call)
    .where(_THIS, backup_call.c.ended_at.is_(None))
    .values(**bound("ended_by", "ended_at", "ended_how"))
)
_MESSAGES = notice.c.kind.in_((NoticeKind.BACKUP, NoticeKind.BACKUP_REP))
_REFRESH = update(notice).where(ours(notice, "subject"), _MESSAGES).values(BEHIND | {"urgent": true()})
_OF_CALLER = select(backup_call.c.number).where(
    ours(backup_call, "caller"), backup_call.c.called_at >= bindparam("since", type_=Moment)
)
_REFRESH_TO_CALLER = (
    update(notice)
    .where(ours(notice, "target"), notice.c.kind == NoticeKind.BACKUP_REP, notice.c.subject.in_(_OF_CALLER))
    .values(BEHIND)
)
_SHOWN = (
    select(notice.c.ts)
    .where(ours(notice, "subject"), notice.c.kind == NoticeKind.BACKUP, notice.c.ts.is_not(None))
    .limit(1)
)
_ABOUT = bindparam("about", type_=Integer)
_REPORTED = (
    select(report.c.number)
    .where(ours(report, "reporter"), report.c.reported_at >= bindparam("since", type_=Moment))
    .where(or_(_ABOUT == WORKSPACE, report.c.customer == _ABOUT))
    .limit(1)
)
_OF_WEEK = select(backup_call.c.caller, backup_call.c.called_at, backup_call.c.taken_at, backup_call.c.ended_how).where(
    ours(backup_call),
    backup_call.c.called_at >= bindparam("starts", type_=Moment),
    backup_call.c.called_at < bindparam("ends", type_=Moment),
)
_UNAVAILABLE = select(unavailable.c.user).where(ours(unavailable))
_IS_UNAVAILABLE = select(unavailable.c.since).where(ours(unavailable, "user"))
_ADD = insert_or_ignore(unavailable)
_REMOVE = delete(unavailable).where(ours(unavailable, "user"))
_ABOUT_NOBODY = and_(
    ours(backup_call), backup_call.c.customer == WORKSPACE, backup_call.c.words > "", backup_call.c.salt > ""
)
_WITH_WORDS = select(backup_call.c.number, backup_call.c.words, backup_call.c.called_at).where(_ABOUT_NOBODY)
_ABOUT_NOBODY_OF = select(backup_call.c.number, backup_call.c.words).where(
    _ABOUT_NOBODY, ours(backup_call, "caller"), backup_call.c.called_at >= bindparam("since", type_=Moment)
)
_NAME = update(backup_call).where(_THIS).values(**bound("customer"))
_ERASE_WORDS = (
    update(backup_call)
    .where(_ABOUT_NOBODY, backup_call.c.number == bindparam("call"))
    .values(words=bindparam("instead"), salt="")
)


class BackupCalls(Repository):
    """The calls of reps for somebody to join them. Whoever changes one holds the lock of its chain of the audit log."""

    def get(self, number: int) -> BackupCall:
        """The call. Raises Unknown."""
        return _call(self.known("call", number, _GET, number=number))

    def open_of(self, caller: str) -> BackupCall | None:
        """The newest call of this person that has not ended."""
        return self.maybe(_call, _OPEN_OF, caller=caller)

    def later_than(self, call: BackupCall) -> list[BackupCall]:
        """The calls that this person made after it."""
        found = self.all(_LATER, caller=call.caller, number=call.number)
        return [_call(row) for row in found]

    def take_number(self) -> int:
        """The next number. Until the end of the transaction nobody else adds a call."""
        return self.next_number(COUNTER)

    def give_number_back(self) -> None:
        """The number that was taken is not used."""
        self.run(_UNCOUNT, name=COUNTER)

    def add(self, call: BackupCall, salt: str) -> None:
        """Store a new call."""
        self.add_row(
            backup_call,
            number=call.number,
            random_key=new_key(),
            customer=call.customer,
            caller=call.caller,
            called_at=call.called_at,
            words=call.words,
            salt=salt,
            circle=call.circle.value,
            asked=list(call.asked),
        )

    def ask(self, number: int, circle: Circle, asked: Sequence[str]) -> None:
        """Store who was asked so far, and which circle last."""
        self.run(_ASK, number=number, circle=circle.value, asked=list(asked))

    def take(self, number: int, by: str, now: datetime) -> bool:
        """Store who comes; False, and nothing is stored, where somebody does already."""
        return self.changed(_TAKE, number=number, taken_by=by, taken_at=now) > 0

    def end(self, number: int, by: str | None, how: HowEnded, now: datetime) -> None:
        """Store how it ended; `by` is None where it ended by itself. Nothing is stored where it has ended before."""
        self.run(_END, number=number, ended_by=by, ended_at=now, ended_how=how.value)

    def is_shown(self, number: int) -> bool:
        """Whether Slack shows a message about it to anybody who was asked."""
        return self.one(_SHOWN, subject=number) is not None

    def refresh_messages(self, number: int, now: datetime) -> None:
        """Have every message about it show the newest state: somebody waits for it."""
        self.run(_REFRESH, subject=number, now=now)

    def refresh_to_caller(self, caller: str, since: datetime, now: datetime) -> None:
        """Have the messages to this person about the calls that they made since then show the newest state."""
        self.run(_REFRESH_TO_CALLER, target=caller, caller=caller, since=since, now=now)

    def has_reported(self, reporter: str, customer: int, since: datetime) -> bool:
        """Whether this person has made a report about the customer since then; about anybody where none is known."""
        return self.one(_REPORTED, reporter=reporter, about=customer, since=since) is not None

    def of_week(self, starts: datetime, ends: datetime) -> Iterator[WeeksCall]:
        """Every call that was made in between."""
        for row in self.all(_OF_WEEK, starts=starts, ends=ends):
            yield WeeksCall(row.caller, row.called_at, row.taken_at, row.ended_how == HowEnded.STOOD_DOWN)

    def unavailable(self) -> frozenset[str]:
        """Everybody who is not to be called."""
        return frozenset(row.user for row in self.all(_UNAVAILABLE))

    def is_available(self, user: str) -> bool:
        """Whether this person may be called."""
        return self.one(_IS_UNAVAILABLE, user=user) is None

    def set_available(self, user: str, now: datetime, *, available: bool) -> None:
        """Store whether this person may be called."""
        if available:
            self.run(_REMOVE, user=user)
        else:
            self.put(_ADD, user=user, since=now)

    def words_about_nobody(self) -> list[tuple[int, str, datetime]]:
        """Of each call about no known customer that still has its words: number, words, and when it was made."""
        return [(row.number, row.words, row.called_at) for row in self.all(_WITH_WORDS)]

    def words_of(self, caller: str, since: datetime) -> list[tuple[int, str]]:
        """Of each such call that this person made since then: number and words."""
        return [(row.number, row.words) for row in self.all(_ABOUT_NOBODY_OF, caller=caller, since=since)]

    def name(self, number: int, customer: int) -> None:
        """Store whom the call was about, which nobody could know when it was made."""
        self.run(_NAME, number=number, customer=customer)

    def erase_words(self, number: int, instead: str, now: datetime) -> None:
        """Replace the words of a call about no known customer, erase their salt, and have its messages show that."""
        self.run(_ERASE_WORDS, call=number, instead=instead)
        self.refresh_messages(number, now)


def _call(row: Row) -> BackupCall:
    return value_of(
        BackupCall,
        row,
        circle=Circle(row.circle),
        asked=tuple(row.asked),
        ended_how=member_of(HowEnded, row.ended_how),
    )
