"""What `audit verify` works out again and does not compare with a digest: counters, scheduled tasks, publications."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Alias,
    ColumnElement,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.notices import NoticeKind
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import FIRST_CHECK_IN_AFTER, SECOND_CHECK_IN_AFTER
from bot.rules.scheduled_tasks import TaskKind
from storage.audit.letters_owed import ANSWER_OWED, LETTER_OWED
from storage.db.queries import days_before, is_row, ours
from storage.db.repository import Repository
from storage.tables.backup import backup_call
from storage.tables.cases import hearing, matter, objection, warning
from storage.tables.customers import counter, customer, merger, safeguard
from storage.tables.decisions import decision
from storage.tables.outbox import notice, publication, step, summary
from storage.tables.reports import check_in, report

A_DAY_ELSEWHERE = 2  # days: the review is over by the end of its day in the firm's zone, which we do not know
COUNTED: dict[str, Table] = {
    "customer": customer,
    "report": report,
    "case": matter,
    "warning": warning,
    "hearing": hearing,
    "safeguard": safeguard,
    "merger": merger,
    "backup_call": backup_call,
}
"""What is numbered without gaps, by the name of its counter."""


def _without_task(table: Table, subject: str, kinds: tuple[TaskKind, ...], *needs: ColumnElement[bool]) -> Select[Any]:
    """The rows that need a scheduled task of one of these kinds, and have none."""
    scheduled = select(step.c.subject).where(ours(step), step.c.kind.in_(kinds))
    return select(table.c[subject]).where(ours(table), *needs, table.c[subject].not_in(scheduled)).limit(20)


_NEWER: Alias = decision.alias("newer")  # type: ignore[assignment]  # an alias of a table is one
_REPLACED = select(_NEWER.c.case).where(
    ours(_NEWER), _NEWER.c.customer == decision.c.customer, _NEWER.c.at > decision.c.at
)
_BINDS = or_(decision.c.choice == Choice.DROP.value, cast(decision.c.conditions, Text) != "[]")
_BINDS_NOW = and_(_BINDS, decision.c.ended_at.is_(None), ~_REPLACED.exists())
_IS_WARNED = and_(customer.c.standing == Standing.WARNED.value, customer.c.merged_into.is_(None))
_NOW = bindparam("now", type_=report.c.reported_at.type)
_IN_A_DAY = and_(
    report.c.withdrawn_at.is_(None), days_before(_NOW, literal(FIRST_CHECK_IN_AFTER.days)) < report.c.reported_at
)
_ASKED_ONCE = and_(
    report.c.withdrawn_at.is_(None),
    report.c.severity != Severity.MINOR.value,  # after what was minor nobody is asked a second time
    days_before(_NOW, literal(SECOND_CHECK_IN_AFTER.days)) < report.c.reported_at,
    exists().where(ours(check_in), check_in.c.report == report.c.number, check_in.c.round == 1),
)
_TASKS = {
    "the deadline of case {}": _without_task(
        matter, "number", (TaskKind.DEADLINE, TaskKind.OVERDUE), matter.c.closed_at.is_(None)
    ),
    "the deadline of the objection in case {}": _without_task(
        objection, "case", (TaskKind.OBJECTION_DUE,), objection.c.answer.is_(None)
    ),
    "the review of the decision in case {}": _without_task(decision, "case", (TaskKind.REVIEW,), _BINDS_NOW),
    "the end of backup call {}": _without_task(
        backup_call, "number", (TaskKind.BACKUP_OVER,), backup_call.c.ended_at.is_(None)
    ),
    "the end of the warning of customer {}": _without_task(customer, "number", (TaskKind.WARNING_EXPIRY,), _IS_WARNED),
    "what asks for the letter of case {}": _without_task(decision, "case", (TaskKind.LETTER,), LETTER_OWED),
    "what asks for the answer in case {}": _without_task(objection, "case", (TaskKind.LETTER,), ANSWER_OWED),
}
_CHECK_INS = {
    "the check-in about report {}": _without_task(report, "number", (TaskKind.CHECK_IN,), or_(_IN_A_DAY, _ASKED_ONCE)),
}
_VALID = (
    select(warning.c.number)
    .where(ours(warning), warning.c.customer == step.c.subject, warning.c.withdrawn_at.is_(None))
    .where(warning.c.expires_at >= step.c.at)
)
_AT_ITS_TIME = and_(ours(step), step.c.failures == 0)
_PUT_OFF = {
    "the review of the decision in case {}": select(step.c.subject)
    .join(decision, is_row(decision, step.c.subject, "case"))
    .where(_AT_ITS_TIME, step.c.kind == TaskKind.REVIEW, _BINDS_NOW)
    .where(days_before(step.c.at, literal(A_DAY_ELSEWHERE)) > decision.c.review_on),
    "the end of the warning of customer {}": select(step.c.subject)
    .join(customer, is_row(customer, step.c.subject))
    .where(_AT_ITS_TIME, step.c.kind == TaskKind.WARNING_EXPIRY, _IS_WARNED, ~_VALID.exists()),
    "the check-in about report {}": select(step.c.subject)
    .join(report, is_row(report, step.c.subject))
    .where(_AT_ITS_TIME, step.c.kind == TaskKind.CHECK_IN)
    .where(days_before(step.c.at, literal(SECOND_CHECK_IN_AFTER.days)) > report.c.reported_at),
    "the deadline of the objection in case {}": select(step.c.subject)
    .join(objection, is_row(objection, step.c.subject, "case"))
    .where(_AT_ITS_TIME, step.c.kind == TaskKind.OBJECTION_DUE, objection.c.answer.is_(None))
    .where(objection.c.raised == 0, step.c.at > objection.c.due_at),
}
"""Tasks that are scheduled later than they can have been."""
LONGEST_REPEAT = 31  # days: what is repeated on each business day is repeated within these, whatever the holidays
LONGEST_RETRY = 2  # days: what broke is tried again within an hour
_LONG_AFTER_NOW = days_before(step.c.at, literal(LONGEST_REPEAT)) > _NOW
_OPEN_OBJECTION = select(objection.c.due_at).where(
    ours(objection), objection.c.case == step.c.subject, objection.c.answer.is_(None)
)
_OF_OPEN_CASE = select(matter.c.number).where(
    ours(matter), matter.c.number == step.c.subject, matter.c.closed_at.is_(None)
)
_SAFEGUARD_ENDS = (
    select(step.c.at)
    .where(ours(step), step.c.kind == TaskKind.SAFEGUARD_END, step.c.subject == safeguard.c.number)
    .where(or_(step.c.at == safeguard.c.ends_at, step.c.failures > 0))
)
_PUT_OFF_NOW = {
    "the deadline of the objection in case {}": select(step.c.subject)
    .where(ours(step), step.c.kind == TaskKind.OBJECTION_DUE, _LONG_AFTER_NOW)
    .where(_OPEN_OBJECTION.where(objection.c.raised > 0, objection.c.due_at < step.c.at).exists()),
    "the deadline of case {}": select(step.c.subject).where(
        ours(step), step.c.kind == TaskKind.OVERDUE, _LONG_AFTER_NOW, _OF_OPEN_CASE.exists()
    ),
    "what asks for the letter of case {}": select(step.c.subject).where(
        ours(step), step.c.kind == TaskKind.LETTER, _LONG_AFTER_NOW
    ),
    "the end of safeguard {}": select(safeguard.c.number)
    .where(ours(safeguard), safeguard.c.removed_at.is_(None), safeguard.c.ends_at > _NOW)
    .where(~_SAFEGUARD_ENDS.exists()),
}
_BROKEN_LATER = select(step.c.kind, step.c.subject).where(
    ours(step), step.c.failures > 0, days_before(step.c.at, literal(LONGEST_RETRY)) > _NOW
)
_OTHER_DEADLINE = (
    select(step.c.subject)
    .join(matter, is_row(matter, step.c.subject))
    .where(ours(step), step.c.kind == TaskKind.DEADLINE, step.c.failures == 0, step.c.at != matter.c.due_at)
    .where(matter.c.closed_at.is_(None))
    .limit(20)
)
_COUNTS = {
    name: select(func.max(table.c.number).label("highest"), func.count().label("many")).where(ours(table))
    for name, table in COUNTED.items()
}
_BETWEEN = {
    name: select(func.count())
    .select_from(table)
    .where(ours(table), table.c.number.between(bindparam("first"), bindparam("last")))
    for name, table in COUNTED.items()
}
_VALUES = select(counter.c.name, counter.c.value, counter.c.digest).where(ours(counter))
_POSTED = select(func.max(notice.c.subject).label("number")).where(ours(notice), notice.c.kind == NoticeKind.DIGEST)
_WITHOUT_SUMMARY = (
    select(publication.c.number)
    .outerjoin(
        summary,
        and_(ours(summary), summary.c.week == publication.c.week, summary.c.channel == publication.c.channel),
    )
    .where(ours(publication), or_(summary.c.week.is_(None), summary.c.posted_at > publication.c.at))
)
_WAITS_TO_BE_POSTED = (
    select(notice.c.subject)
    .where(ours(notice), notice.c.kind == NoticeKind.SUMMARY, notice.c.ts.is_(None))
    .where(notice.c.subject == summary.c.week, notice.c.target == summary.c.channel)
)
_PUBLISHED = select(publication.c.number).where(
    ours(publication), publication.c.week == summary.c.week, publication.c.channel == summary.c.channel
)
_WITHOUT_PUBLICATION = (
    select(summary.c.week).where(ours(summary), ~_PUBLISHED.exists(), ~_WAITS_TO_BE_POSTED.exists()).distinct()
)


class DerivedRows(Repository):
    """Rows without a digest, as they follow from others."""

    def miscounted(self, left_out: Mapping[str, Sequence[tuple[int, int]]]) -> Iterator[str]:
        """The names of the counters that do not say how many there are, or whose numbers have gaps.

        `left_out`: by name, the runs of numbers that nothing may have.
        """
        rows = self.all(_VALUES)
        yield from (row.name for row in rows if row.digest and row.name != "customer")
        values: dict[str, int] = {row.name: row.value for row in rows}
        for name, counts in _COUNTS.items():
            found = self.one(counts)
            highest, many = (found.highest or 0, found.many) if found else (0, 0)
            taken = 0
            for first, last in left_out.get(name, ()):
                highest, many = max(highest, last), many + last - first + 1
                taken += self.counted(_BETWEEN[name], first=first, last=last)
            if taken or not values.get(name, 0) == highest == many:
                yield name

    def unscheduled(self, now: datetime | None) -> Iterator[str]:
        """What should be done at some time, and is not scheduled; or is at another time, as far as that follows.

        `now`: for what is repeated, tried again, or ends at a time, and for the check-ins: whether one has been made is
        not on record where the rep was not to be asked.
        """
        for what, query in (*_TASKS.items(), *_PUT_OFF.items()):
            yield from (what.format(row[0]) for row in self.all(query))
        for what, query in (*_CHECK_INS.items(), *_PUT_OFF_NOW.items()) if now else ():
            yield from (what.format(row[0]) for row in self.all(query, now=now))
        broken = self.all(_BROKEN_LATER, now=now) if now else ()
        yield from (f"what broke before ({row.kind} {row.subject})" for row in broken)
        yield from (f"the deadline of case {row.subject}" for row in self.all(_OTHER_DEADLINE))

    def last_posted(self) -> int:
        """The number of the last publication that was handed to the outbox."""
        row = self.one(_POSTED)
        return (row.number or 0) if row else 0

    def without_summary(self) -> tuple[int, ...]:
        """The publications whose weekly summary is not there, or was posted only afterwards."""
        return tuple(row.number for row in self.all(_WITHOUT_SUMMARY))

    def without_publication(self) -> tuple[int, ...]:
        """The weeks whose summary was posted, and has no publication: the digest is published before it is posted."""
        return tuple(row.week for row in self.all(_WITHOUT_PUBLICATION))
