"""Erasing texts, salts and names; facts, numbers, times and seals stay."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
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
    update,
)

from bot.rules.erasure import instead_of_name
from bot.rules.notices import NoticeKind
from storage.db.digested_tables import DIGESTED, DigestedTable, random_salt
from storage.db.queries import bound, is_row, many, ours
from storage.db.repository import Repository
from storage.outbox.notices import BEHIND
from storage.tables.backup import unavailable
from storage.tables.cases import matter, recusal
from storage.tables.customers import customer, customer_gram, former_name, merger
from storage.tables.outbox import notice
from storage.tables.people import member, person
from storage.tables.reports import check_in, report, talk

KEPT: Final = {("safeguard", "words")}  # a safeguard's words for reps are the policy's, the same for everybody
OF_THE_REP: Final = "support_salt"  # of what a rep said of themselves: no text about a customer
ERASED_KEY: Final = "|ERASED {number}"  # no name that anybody types has a key in capitals
UNDER_WAY: Final = {"hearing": "ended_at", "objection": "answered_at"}


def _about(table: Table) -> ColumnElement[bool]:
    if "customer" in table.c:
        return and_(ours(table), table.c.customer.in_(many("customers")))
    return and_(ours(table), table.c.case.in_(select(matter.c.number).where(_about(matter))))


def without_texts(table: Table, salt: str, texts: Sequence[str]) -> Update:
    """The update that replaces texts that are not empty, and the salt. A row still under way gets the salt `fresh`."""
    instead = bindparam("instead", type_=String)
    erased = {name: table.c[name] for name in texts if (table.name, name) not in KEPT}
    plain = {name: column for name, column in erased.items() if not isinstance(column.type, JSON)}
    new: dict[str, Any] = {name: case((column > "", instead), else_=column) for name, column in plain.items()}
    new |= {name: [] for name in erased if name not in plain}
    ended = UNDER_WAY.get(table.name)
    empty = literal("")
    new[salt] = case((table.c[ended].is_(None), bindparam("fresh", type_=String)), else_=empty) if ended else empty
    return update(table).where(table.c[salt] > "").values(new)


def _erasing(kind: DigestedTable) -> list[Update]:
    texts = {salt: names for salt, names in kind.texts.items() if salt != OF_THE_REP}
    return [without_texts(kind.table, salt, names).where(_about(kind.table)) for salt, names in texts.items()]


WITH_TEXTS = [kind for kind in DIGESTED.values() if kind.table not in (customer, merger)]  # see erase_names
_TEXTS = [(change, kind.table.name in UNDER_WAY) for kind in WITH_TEXTS for change in _erasing(kind)]
_CASES = select(matter.c.number).where(ours(matter, "customer"))
_WITH_REASON = (ours(recusal, "by"), recusal.c.reason > "", recusal.c.salt > "")
_RECUSAL_TEXTS = without_texts(recusal, "salt", ("reason",)).where(*_WITH_REASON, recusal.c.case.in_(_CASES))
_RECUSED_FROM = (
    select(matter.c.customer)
    .select_from(recusal)
    .join(matter, is_row(matter, recusal.c.case))
    .where(*_WITH_REASON)
    .distinct()
)
_REPORTED = select(report.c.customer).where(ours(report, "reporter"), report.c.support_salt > "").distinct()
_ERASE_SUPPORT = (
    update(report)
    .where(ours(report, "reporter", "customer"), report.c.support_salt > "")
    .values(wants_support=False, support_salt="")
)
_KEY = select(customer.c.strict_key).where(ours(customer, "number"))
_EVIDENCE = select(report.c.evidence).where(_about(report))
_ERASE_NAME = (
    update(customer)
    .where(ours(customer, "number"))
    .values(crm_reference=None, worth=None, **bound("name", "strict_key", "loose_key", "salt"))
)
_DELETE_GRAMS = delete(customer_gram).where(_about(customer_gram))
_DELETE_FORMER_NAMES = delete(former_name).where(_about(former_name))
_ERASE_COPIED = (
    update(merger)
    .where(ours(merger), or_(merger.c.customer == bindparam("whose"), merger.c.duplicate == bindparam("whose")))
    .values(copied={})
)
_REFRESH = update(notice).where(ours(notice)).values(BEHIND)
_NUMBERS = select(report.c.number).where(_about(report))
_REFRESH_REPORTED = _REFRESH.where(notice.c.kind == NoticeKind.REPORT, notice.c.subject.in_(_NUMBERS))
_FIRST_REPORT = select(func.min(report.c.reported_at)).where(_about(report)).scalar_subquery()
_REFRESH_SUMMARIES = _REFRESH.where(notice.c.kind == NoticeKind.SUMMARY, notice.c.created_at >= _FIRST_REPORT)
_OPEN = select(matter.c.number).where(ours(matter), matter.c.closed_at.is_(None))
_REFRESH_OPEN = _REFRESH.where(notice.c.kind == NoticeKind.CASE, notice.c.subject.in_(_OPEN))
_ERASE_ANSWERS = (
    update(check_in)
    .where(ours(check_in, "rep"), or_(check_in.c.answer.is_not(None), check_in.c.care_at.is_not(None)))
    .values(answer=None, care_at=None)
)
_OWN = select(report.c.number).where(ours(report), report.c.reporter == bindparam("rep"))
_REFRESH_CARE = _REFRESH.where(notice.c.kind == NoticeKind.CARE, notice.c.subject.in_(_OWN))
_REFRESH_CHECK_INS = _REFRESH.where(notice.c.kind == NoticeKind.CHECK_IN, notice.c.target == bindparam("target"))
_DELETE_TALKS = delete(talk).where(ours(talk), talk.c.report.in_(_OWN))
_DELETE_PROFILE = delete(person).where(ours(person, "user"))
_DELETE_MEMBER = delete(member).where(ours(member, "user"))
_DELETE_UNAVAILABLE = delete(unavailable).where(ours(unavailable, "user"))


class Erasures(Repository):
    """Erasing what is personal of customers and of colleagues."""

    def is_erased(self, customer: int) -> bool:
        """Whether everything personal about this customer was erased."""
        row = self.one(_KEY, number=customer)
        return row is not None and row.strict_key == ERASED_KEY.format(number=customer)

    def count_files(self, customers: Sequence[int]) -> int:
        """How many uploaded files are evidence in reports about these customers."""
        rows = self.all(_EVIDENCE, customers=list(customers))
        return sum(1 for row in rows for kind, *_ in row.evidence if kind == "file")

    def erase_texts(self, customers: Sequence[int], instead: str, fresh: str) -> int:
        """Replace every free text about these customers by `instead` and erase its salt; in how many rows.

        A row that is still under way gets the salt `fresh`, for the texts that will come.
        """
        rows = 0
        for change, may_be_under_way in _TEXTS:
            salts = {"fresh": fresh} if may_be_under_way else {}
            rows += self.changed(change, customers=list(customers), instead=instead, **salts)
        return rows

    def erase_names(self, customer: int) -> None:
        """Erase the customer's names, reference and worth: only the number leads to them."""
        key = ERASED_KEY.format(number=customer)
        names = {"name": instead_of_name(customer), "strict_key": key, "loose_key": key}
        self.run(_ERASE_NAME, number=customer, **names, salt=random_salt())  # they may be given a name again
        self.run(_DELETE_GRAMS, customers=[customer])
        self.run(_DELETE_FORMER_NAMES, customers=[customer])
        self.run(_ERASE_COPIED, whose=customer)

    def refresh_mentions(self, customers: Sequence[int], now: datetime) -> None:
        """Have the messages that are about others but may name these customers show the newest state.

        A weekly summary names customers, and the notice of an open case whose name its customer's looks like. A report
        that stayed in a case of another customer, after a merger that was undone, changes with that case.
        """
        self.run(_REFRESH_REPORTED, customers=list(customers), now=now)
        self.run(_REFRESH_SUMMARIES, customers=list(customers), now=now)
        self.run(_REFRESH_OPEN, now=now)

    def customers_with_own(self, user: str) -> tuple[int, ...]:
        """The customers in whose records this colleague said something of themselves: by reporting, or by a recusal."""
        found = [*self.all(_RECUSED_FROM, by=user), *self.all(_REPORTED, reporter=user)]
        return tuple(sorted({row.customer for row in found}))

    def erase_recusal_texts(self, user: str, customer: int, instead: str) -> int:
        """Replace this colleague's reasons for recusals in the customer's cases by `instead` and erase their salts; in
        how many rows.
        """
        return self.changed(_RECUSAL_TEXTS, by=user, customer=customer, instead=instead)

    def erase_support(self, user: str, customer: int) -> int:
        """Erase whether this colleague asked for support when reporting the customer; in how many reports it said."""
        return self.changed(_ERASE_SUPPORT, reporter=user, customer=customer)

    def erase_check_in_answers(self, user: str, now: datetime) -> int:
        """Erase what this colleague answered to check-ins, and have what showed it edited; how many answers."""
        self.run(_REFRESH_CHECK_INS, target=user, now=now)
        self.run(_REFRESH_CARE, rep=user, now=now)
        self.run(_DELETE_TALKS, rep=user)
        return self.changed(_ERASE_ANSWERS, rep=user)

    def erase_profile(self, user: str) -> bool:
        """Delete what Slack said of this colleague; whether there was anything."""
        self.run(_DELETE_UNAVAILABLE, user=user)
        return self.changed(_DELETE_MEMBER, user=user) + self.changed(_DELETE_PROFILE, user=user) > 0
