"""What each kind of message shows, read from the record at the moment of delivery; `handlers/notices.py` draws it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bot.rules.case_files import CaseFile, DisputeFile, ReportFile
from bot.rules.check_ins import CheckIn
from bot.rules.customers import Customer
from bot.rules.hearings import Hearing
from bot.rules.home import HomeFile
from bot.rules.notices import Notice, NoticeKind
from bot.rules.people import Person
from bot.rules.reports import Report
from bot.rules.weekly_figures import Figures, Summary
from bot.rules.weeks import Week
from bot.usecases.context import Context
from bot.usecases.home.home import home_file
from bot.usecases.shared.read_models import case_file, dispute_file, report_file
from bot.usecases.weekly.summaries import figures_of
from storage.transaction import Transaction

MOST_NAMED = 1_000  # of each list in a table


class CheckInContent(NamedTuple):
    """A question how a rep is, and the report that it follows."""

    check_in: CheckIn
    report: Report
    customer: Customer


class BesideCase(NamedTuple):
    """A case, and the ts of its own notice in the management channel; None while Slack does not show that."""

    case: CaseFile
    notice_ts: str | None


class HearingContent(NamedTuple):
    """A hearing, and its case."""

    case: CaseFile
    hearing: Hearing


class SummaryContent(NamedTuple):
    """A week that was summed up, and its figures."""

    summary: Summary
    figures: Figures


Read = Callable[[Transaction, Context, Notice], Any]
"""Reads what a message shows. Raises Unknown where there is no such record."""


def content(tx: Transaction, context: Context, notice: Notice) -> Any:  # noqa: ANN401 - each kind has its own
    """The newest state of what the message shows. Raises Unknown where there is no such record."""
    return READ[notice.kind](tx, context, notice)


def _case(tx: Transaction, context: Context, notice: Notice) -> CaseFile:
    return case_file(tx, context, notice.subject)


def _beside_case(tx: Transaction, context: Context, notice: Notice) -> BesideCase:
    ts = tx.notices.stands_at(NoticeKind.CASE, notice.subject, context.firm.management_channel)
    return BesideCase(case_file(tx, context, notice.subject), ts)


def _report(tx: Transaction, context: Context, notice: Notice) -> ReportFile:
    return report_file(tx, context, notice.subject)


def _reporter(tx: Transaction, _: Context, notice: Notice) -> str:
    return tx.reports.get(notice.subject).incident.reporter


def _check_in(tx: Transaction, _: Context, notice: Notice) -> CheckInContent:
    report = tx.reports.get(notice.subject)
    return CheckInContent(tx.check_ins.get(notice.subject, notice.round), report, tx.customers.get(report.customer))


def _hearing(tx: Transaction, context: Context, notice: Notice) -> HearingContent:
    hearing = tx.hearings.get(notice.subject)
    return HearingContent(case_file(tx, context, hearing.case), hearing)


def _dispute(tx: Transaction, context: Context, notice: Notice) -> DisputeFile:
    return dispute_file(tx, context, notice.subject)


def _summary(tx: Transaction, context: Context, notice: Notice) -> SummaryContent:
    summary = tx.summaries.get(Week.of_key(notice.subject), notice.target)
    return SummaryContent(summary, figures_of(tx, context, summary.week, summary.as_of))


def _table(tx: Transaction, context: Context, notice: Notice) -> Figures:
    return figures_of(tx, context, Week.of_key(notice.subject), context.clock(), MOST_NAMED)


def _home(tx: Transaction, context: Context, notice: Notice) -> HomeFile:
    return home_file(tx, context, Person(notice.team, notice.target, notice.team))


READ: Mapping[str, Read] = {
    NoticeKind.CASE: _case,
    NoticeKind.REPORT: _report,
    NoticeKind.CARE: _reporter,
    NoticeKind.CHECK_IN: _check_in,
    NoticeKind.RAISED: _beside_case,
    NoticeKind.REMINDER: _beside_case,
    NoticeKind.OVERDUE: _beside_case,
    NoticeKind.HEARING: _hearing,
    NoticeKind.DISPUTE: _dispute,
    NoticeKind.REVIEW: _case,
    NoticeKind.APPEAL: _case,
    NoticeKind.LESSON: _case,
    NoticeKind.HOME: _home,
    NoticeKind.SUMMARY: _summary,
    NoticeKind.TABLE: _table,
}
"""For each kind of message, what is read for it."""
