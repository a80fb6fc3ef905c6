"""Erasing texts, salts and names, and leaving facts, numbers, times and seals."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    String,
    Table,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    union,
    update,
)

from bot.rules.erasure import instead_of_name
from bot.rules.notices import NoticeKind
from bot.rules.policy.verdicts import Rung
from storage.db.repository import Repository
from storage.db.row_digests import KINDS, Witness
from storage.outbox.notices import BEHIND
from storage.tables.cases import dispute, hearing, matter, recusal
from storage.tables.customers import customer, customer_gram, former_name, merger
from storage.tables.outbox import notice
from storage.tables.people import member, person
from storage.tables.reports import check_in, report

KEPT: Final = {("safeguard", "words")}  # a safeguard's words for reps are the policy's, the same for everybody
UNDER_WAY: Final = {"hearing": "ended_at", "dispute": "settled_at", "appeal": "answered_at"}
NO_KEY: Final = "|ERASED {number}"  # no name that anybody types has a key in capitals
OF_A_CASE: Final = (
    NoticeKind.CASE,
    NoticeKind.RAISED,
    NoticeKind.REMINDER,
    NoticeKind.OVERDUE,
    NoticeKind.REVIEW,
    NoticeKind.APPEAL,
    NoticeKind.LESSON,
)
_WHOM: BindParameter[int] = bindparam("whom", expanding=True)
_USER: BindParameter[str] = bindparam("whose")


def _ours(table: Table) -> ColumnElement[bool]:
    return table.c.team == bindparam("our_team")


def _about(table: Table) -> ColumnElement[bool]:
    if "customer" in table.c:
        return and_(_ours(table), table.c.customer.in_(_WHOM))
    return and_(_ours(table), table.c.case.in_(select(matter.c.number).where(_about(matter))))


def _without(table: Table, salt: str, texts: Sequence[str]) -> Update:
    """Texts that say something say that they were erased; those that are empty stay so."""
    instead = bindparam("instead", type_=String)
    said = {name: table.c[name] for name in texts if (table.name, name) not in KEPT}
    plain = {name: column for name, column in said.items() if not isinstance(column.type, JSON)}
    gone: dict[str, Any] = {name: case((column > "", instead), else_=column) for name, column in plain.items()}
    gone |= {name: [] for name in said if name not in plain}
    ended = UNDER_WAY.get(table.name)
    empty = literal("")
    gone[salt] = case((table.c[ended].is_(None), bindparam("fresh", type_=String)), else_=empty) if ended else empty
    return update(table).where(table.c[salt] > "").values(gone)


def _erasing(kind: Witness) -> list[Update]:
    return [_without(kind.table, salt, texts).where(_about(kind.table)) for salt, texts in kind.texts.items()]


_TEXTS = [(change, kind.table.name in UNDER_WAY) for kind in KINDS.values() for change in _erasing(kind)]
_RECUSED = (_ours(recusal), recusal.c.by == _USER, recusal.c.reason > "", recusal.c.salt > "")
_STAKES_TEXTS = _without(recusal, "salt", ("reason",)).where(*_RECUSED)
_STAKES = (
    select(matter.c.customer)
    .join(recusal, and_(recusal.c.team == matter.c.team, recusal.c.case == matter.c.number))
    .where(*_RECUSED)
    .distinct()
)
_EVIDENCE = select(report.c.evidence).where(_about(report))
_NAMELESS = (
    update(customer)
    .where(_ours(customer), customer.c.number == bindparam("which"))
    .values(
        name=bindparam("to"),
        strict_key=bindparam("key"),
        loose_key=bindparam("key"),
        crm_reference=None,
        worth=None,
    )
)
_NO_GRAMS = delete(customer_gram).where(_about(customer_gram))
_NO_FORMER_NAMES = delete(former_name).where(_about(former_name))
_MERGERS = select(merger.c.number, merger.c.moved).where(
    _ours(merger), or_(merger.c.customer.in_(_WHOM), merger.c.duplicate.in_(_WHOM))
)
_MOVED = (
    update(merger)
    .where(_ours(merger), merger.c.number == bindparam("which"))
    .values(moved=bindparam("what_moved", type_=merger.c.moved.type))
)
_CASES = union(
    select(matter.c.number).where(_about(matter)),
    # A case that waits for a decision names past cases that are like it.
    select(matter.c.number).where(_ours(matter), matter.c.closed_at.is_(None), matter.c.rung == Rung.DECIDE),
)
_SUBJECTS: Mapping[tuple[str, ...], Any] = {
    OF_A_CASE: _CASES,
    (NoticeKind.REPORT, NoticeKind.CHECK_IN): select(report.c.number).where(_about(report)),
    (NoticeKind.HEARING,): select(hearing.c.number).where(_about(hearing)),
    (NoticeKind.DISPUTE,): select(dispute.c.number).where(_about(dispute)),
}
_AGAIN = update(notice).where(_ours(notice)).values(BEHIND)
_SHOW_AGAIN = [
    _AGAIN.where(notice.c.kind.in_(kinds), notice.c.subject.in_(which)) for kinds, which in _SUBJECTS.items()
]
_FIRST_REPORT = select(func.min(report.c.reported_at)).where(_about(report)).scalar_subquery()
_SHOW_WEEKS = _AGAIN.where(notice.c.kind == NoticeKind.SUMMARY, notice.c.created_at >= _FIRST_REPORT)
_ANSWERED = (_ours(check_in), check_in.c.rep == _USER, check_in.c.answer.is_not(None))
_CHECK_INS = select(check_in.c.report, check_in.c.round).where(*_ANSWERED)
_NO_ANSWERS = update(check_in).where(*_ANSWERED).values(answer=None)
_CHECK_IN_AGAIN = _AGAIN.where(notice.c.kind == NoticeKind.CHECK_IN, notice.c.target == _USER)
_NO_PROFILE = delete(person).where(_ours(person), person.c.user == _USER)
_NO_MEMBER = delete(member).where(_ours(member), member.c.user == _USER)


class Erasures(Repository):
    """See `ports.Erasures`."""

    def files_about(self, customers: Sequence[int]) -> int:
        """How many uploaded files are evidence in reports about them."""
        told = self.all(_EVIDENCE, whom=list(customers))
        return sum(1 for row in told for kind, *_ in row.evidence if kind == "file")

    def texts_about(self, customers: Sequence[int], instead: str, fresh: str) -> int:
        """Every free text about them is gone, with its salt; in how many rows."""
        rows = 0
        for change, may_be_under_way in _TEXTS:
            salts = {"fresh": fresh} if may_be_under_way else {}
            rows += self.run(change, whom=list(customers), instead=instead, **salts)
        return rows

    def names_of(self, customer: int) -> None:
        """The customer is nameless, and nothing leads to them any more but their number."""
        self.run(_NAMELESS, which=customer, to=instead_of_name(customer), key=NO_KEY.format(number=customer))
        self.run(_NO_GRAMS, whom=[customer])
        self.run(_NO_FORMER_NAMES, whom=[customer])
        for row in self.all(_MERGERS, whom=[customer]):
            self.run(_MOVED, which=row.number, what_moved=row.moved | {"worth": None, "crm_reference": None})

    def show_again(self, customers: Sequence[int], now: datetime) -> None:
        """Every message that shows anything of them, or may name them, is to show the newest state."""
        for change in _SHOW_AGAIN:
            self.run(change, whom=list(customers), now=now)
        self.run(_SHOW_WEEKS, whom=list(customers), now=now)

    def stakes_of(self, user: str) -> tuple[int, ...]:
        """The customers from whose cases this colleague stepped aside with words of their own."""
        return tuple(sorted(row.customer for row in self.all(_STAKES, whose=user)))

    def stakes_texts(self, user: str, instead: str) -> int:
        """What this colleague said when they stepped aside is gone, with its salts; in how many rows."""
        return self.run(_STAKES_TEXTS, whose=user, instead=instead)

    def check_ins_of(self, user: str, now: datetime) -> int:
        """What this colleague answered when they were asked how they are is gone; how many answers."""
        self.run(_CHECK_IN_AGAIN, whose=user, now=now)
        return self.run(_NO_ANSWERS, whose=user)

    def profile_of(self, user: str) -> bool:
        """What Slack told of this colleague is gone; whether there was anything."""
        return self.run(_NO_MEMBER, whose=user) + self.run(_NO_PROFILE, whose=user) > 0
