"""What is kept no longer than the policy says: found in a span of customers, and erased customer by customer.

A span is of the numbers after `after`, up to `last`. While a case is open, a decision binds the customer, or an
objection waits, nothing about them goes; nor anything about somebody else that was reported in a case of theirs.
What a rep said of themselves goes by its age alone.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    union_all,
    update,
)

from bot.rules.decisions import Choice, Ending
from bot.rules.notices import NoticeKind
from bot.rules.reports import CheckInAnswer
from storage.customers.erasures import ERASED_KEY, OF_THE_REP, UNDER_WAY, WITH_TEXTS, without_texts
from storage.db.queries import bound, is_row, ours
from storage.db.repository import Repository
from storage.outbox.notices import BEHIND
from storage.tables.backup import backup_call
from storage.tables.cases import matter, objection
from storage.tables.columns import Moment
from storage.tables.customers import customer, safeguard
from storage.tables.decisions import decision
from storage.tables.outbox import notice
from storage.tables.reports import check_in, report, talk


@dataclass(frozen=True, slots=True)
class Limits:
    """The moments before which each kind of thing must have come to its end to be kept no longer."""

    texts_before: datetime
    files_before: datetime
    support_before: datetime
    details_before: datetime


@dataclass(frozen=True, slots=True)
class Removed:
    """How much was erased. `reports`: in how many it stood whether the rep asked for support, asked or not."""

    texts: int = 0
    files: int = 0
    reports: int = 0


_TEXTS, _FILES, _SUPPORT, _DETAILS = (bindparam(name, type_=Moment) for name in Limits.__slots__)
_A_FILE: Final = '%["file", %'  # how a file stands in a list of evidence
_ERASED: Final = ERASED_KEY.format(number="%")
_PAGE = (
    select(customer.c.number)
    .where(ours(customer), customer.c.number > bindparam("after"))
    .order_by(customer.c.number)
    .limit(bindparam("most"))
)


def _in_span(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(column > bindparam("after", type_=Integer), column <= bindparam("last", type_=Integer))


def _is_quiet(whose: ColumnElement[Any]) -> ColumnElement[bool]:
    """No case is open, no decision binds, and no objection waits."""
    theirs: Any = matter.alias()
    is_open = exists().where(ours(theirs), theirs.c.customer == whose, theirs.c.closed_at.is_(None))
    binds = or_(decision.c.choice == Choice.DROP.value, cast(decision.c.conditions, Text) != "[]")
    bound_now = exists().where(ours(decision), decision.c.customer == whose, decision.c.ended_at.is_(None), binds)
    waits = exists().where(ours(objection), objection.c.answer.is_(None), objection.c.customer == whose)
    return and_(~is_open, ~bound_now, ~waits)


def _is_quiet_where_reported(whose: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same holds of whoever else's case has a report about the customer, from a merger that was undone since."""
    theirs: Any = report.alias()
    its_case: Any = matter.alias()
    elsewhere = and_(is_row(its_case, theirs.c.case), its_case.c.customer != whose, ~_is_quiet(its_case.c.customer))
    return ~exists().where(ours(theirs), theirs.c.customer == whose, elsewhere)


def _is_over(cases: Any) -> ColumnElement[bool]:  # noqa: ANN401 - the table, or an alias of it
    """The case has ended long enough ago, and so has what was decided in it."""
    later = exists().where(is_row(decision, cases.c.number, "case"), decision.c.ended_at >= _TEXTS)
    return and_(cases.c.closed_at < _TEXTS, ~later)


_OVER = select(matter.c.number).where(
    ours(matter), _in_span(matter.c.customer), _is_over(matter), _is_quiet(matter.c.customer)
)


def _texts_due(table: Table) -> ColumnElement[bool]:
    """Rows whose texts are kept no longer. One that is still under way keeps them."""
    if table is report:
        its_case: Any = matter.alias()
        over = exists().where(is_row(its_case, report.c.case), _is_over(its_case), _is_quiet(its_case.c.customer))
        old = or_(over, and_(report.c.case.is_(None), report.c.reported_at < _TEXTS))
        return and_(ours(report), _in_span(report.c.customer), old, _is_quiet(report.c.customer))
    if table is safeguard:
        ended = func.coalesce(safeguard.c.removed_at, safeguard.c.ends_at, type_=Moment) < _TEXTS
        return and_(ours(safeguard), _in_span(safeguard.c.customer), ended, _is_quiet(safeguard.c.customer))
    if table is backup_call:
        return and_(ours(table), _in_span(table.c.customer), table.c.called_at < _TEXTS, _is_quiet(table.c.customer))
    which = matter.c.number if table is matter else table.c.case
    has_ended = [table.c[UNDER_WAY[table.name]].is_not(None)] if table.name in UNDER_WAY else []
    return and_(ours(table), which.in_(_OVER), *has_ended)


def _customer_of(table: Table, which: ColumnElement[bool]) -> Select[Any]:
    if "customer" in table.c:
        return select(table.c.customer.label("customer")).where(which)
    return select(matter.c.customer.label("customer")).join(table, is_row(matter, table.c.case)).where(which)


_WITH_TEXTS = [(k.table, salt, texts) for k in WITH_TEXTS for salt, texts in k.texts.items() if salt != OF_THE_REP]
_ERASE_TEXTS: list[tuple[Update, bool]] = [
    (without_texts(table, salt, texts).where(_texts_due(table)), table.name in UNDER_WAY)
    for table, salt, texts in _WITH_TEXTS
]
_FILES_DUE = and_(
    ours(report),
    _in_span(report.c.customer),
    report.c.reported_at < _FILES,
    report.c.salt > "",
    cast(report.c.evidence, Text).like(_A_FILE),
    _is_quiet(report.c.customer),
    _is_quiet_where_reported(report.c.customer),
)
_WITH_FILES = select(report.c.number, report.c.evidence).where(_FILES_DUE)
_SET_EVIDENCE = update(report).where(ours(report, "number")).values(**bound("evidence", "salt"))
_SUPPORT_DUE = and_(
    ours(report), _in_span(report.c.customer), report.c.reported_at < _SUPPORT, report.c.support_salt > ""
)
_ERASE_SUPPORT = update(report).where(_SUPPORT_DUE).values(wants_support=False, support_salt="")
_THEIR_REPORTS = select(report.c.number).where(ours(report), _in_span(report.c.customer))
_DECLINED = check_in.c.answer == CheckInAnswer.DECLINED.value  # that is a wish for as long as the rep is here
_ANSWERED = or_(check_in.c.care_at.is_not(None), and_(check_in.c.answer.is_not(None), ~_DECLINED))
_ANSWERS_DUE = and_(ours(check_in), check_in.c.asked_at < _SUPPORT, _ANSWERED)
_ERASE_ANSWERS = (
    update(check_in)
    .where(_ANSWERS_DUE, check_in.c.report.in_(_THEIR_REPORTS))
    .values(answer=case((_DECLINED, check_in.c.answer), else_=None), care_at=None)
)
_TALKS_DUE = talk.c.report.in_(_THEIR_REPORTS.where(report.c.reported_at < _SUPPORT))
_OLD = and_(ours(notice), notice.c.subject.in_(_THEIR_REPORTS), notice.c.created_at < _SUPPORT)
_CARE = and_(_OLD, notice.c.kind == NoticeKind.CARE)
_REFRESH_CARE = update(notice).where(_CARE).values(BEHIND)
_OTHER: Any = decision.alias()
_DROP_ENDED = exists().where(
    ours(decision),
    decision.c.customer == customer.c.number,
    decision.c.choice == Choice.DROP.value,
    decision.c.ended_at < _DETAILS,
    decision.c.ended_how != Ending.CANCELLED.value,
    ~exists().where(ours(_OTHER), _OTHER.c.customer == customer.c.number, _OTHER.c.at > decision.c.at),
)
_REPORTED_SINCE = exists().where(ours(report), report.c.customer == customer.c.number, report.c.reported_at >= _DETAILS)
_DETAILS_DUE = and_(
    ours(customer),
    _in_span(customer.c.number),
    customer.c.merged_into.is_(None),
    customer.c.strict_key.not_like(_ERASED),
    _DROP_ENDED,
    ~_REPORTED_SINCE,
    _is_quiet(customer.c.number),
    _is_quiet_where_reported(customer.c.number),
)
_WITH_DETAILS = select(customer.c.number.label("customer")).where(_DETAILS_DUE)
_ALL_DUE = union_all(
    *(_customer_of(table, and_(table.c[salt] > "", _texts_due(table))) for table, salt, _ in _WITH_TEXTS),
    _customer_of(report, _FILES_DUE),
    _customer_of(report, _SUPPORT_DUE),
    select(report.c.customer.label("customer"))
    .join(check_in, is_row(report, check_in.c.report))
    .where(_ANSWERS_DUE, _in_span(report.c.customer)),
    _WITH_DETAILS,
).subquery()
_FIRST_DUE = select(func.min(_ALL_DUE.c.customer).label("customer"))


class Retention(Repository):
    """What the policy keeps no longer."""

    def page(self, after: int, most: int) -> tuple[int, ...]:
        """The next customers' numbers."""
        return tuple(row.number for row in self.all(_PAGE, after=after, most=most))

    def first_due(self, after: int, last: int, limits: Limits) -> int | None:
        """The first customer of the span about whom something is kept no longer."""
        row = self.one(_FIRST_DUE, after=after, last=last, **asdict(limits))
        return None if row is None else row.customer

    def details_due(self, number: int, limits: Limits) -> bool:
        """Whether this customer was dropped, and that ended so long ago that nothing personal is kept."""
        return self.one(_WITH_DETAILS, **_one(number, limits, "details_before")) is not None

    def erase_due(self, number: int, limits: Limits, instead: str, fresh: str, now: datetime) -> Removed:
        """Erase what is kept no longer about a customer, except their details, with the salts of all of it.

        `instead`: replaces texts. `fresh`: the salt of evidence from which only files were taken.
        """
        texts = 0
        for change, may_be_under_way in _ERASE_TEXTS:
            more = {"fresh": fresh} if may_be_under_way else {}
            texts += self.changed(change, instead=instead, **more, **_one(number, limits, "texts_before"))
        support = _one(number, limits, "support_before")
        reports = self.changed(_ERASE_SUPPORT, **support)
        self.changed(_ERASE_ANSWERS, **support)
        self.run(delete(talk).where(ours(talk), _TALKS_DUE), **support)
        self.run(_REFRESH_CARE, now=now, **support)
        return Removed(texts, self._erase_files(number, limits, fresh), reports)

    def _erase_files(self, number: int, limits: Limits, fresh: str) -> int:
        files = 0
        for row in self.all(_WITH_FILES, **_one(number, limits, "files_before")):
            kept = [each for each in row.evidence if each[0] != "file"]
            files += len(row.evidence) - len(kept)
            self.run(_SET_EVIDENCE, number=row.number, evidence=kept, salt=fresh)
        return files


def _one(number: int, limits: Limits, *names: str) -> Mapping[str, Any]:
    """The span of one customer, and these limits."""
    return {"after": number - 1, "last": number, **{name: getattr(limits, name) for name in names}}
