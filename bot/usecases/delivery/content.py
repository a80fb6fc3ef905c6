"""Reads what each kind of message shows, at the moment of delivery. `handlers/notices.py` renders it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from bot.rules.case_files import CaseFile
from bot.rules.customers import Customer
from bot.rules.hearings import Hearing
from bot.rules.notices import EARLY, SENT_AGAIN, Notice, NoticeKind
from bot.rules.people import Person, is_user
from bot.rules.publications import Published
from bot.rules.refusals import Unknown
from bot.rules.reports import CareRequest, CheckIn, Report
from bot.rules.weekly_figures import Figures
from bot.rules.weeks import Week
from bot.usecases.backup import messages as backup
from bot.usecases.context import Context
from bot.usecases.delivery.files import file_content, letter_file, pack_content
from bot.usecases.delivery.withheld import wait, withheld
from bot.usecases.home.home import home_file
from bot.usecases.permissions.colleagues import care_contact
from bot.usecases.shared.nearly_called import noticed_case
from bot.usecases.shared.read_models import case_file, report_file
from bot.usecases.transport import RetryLater
from bot.usecases.weekly.summaries import MOST_NAMED, NAMED, posted_figures
from storage.transaction import Transaction


class Elsewhere(NamedTuple):
    """In place of the content, in a channel that was left: it is in this channel now. `case`: what it is about."""

    channel: str
    case: int | None


class Repeated(NamedTuple):
    """In place of the content, of a message that came again since, further down. `case`: what it is about.

    `is_open`: the case still was.
    """

    case: int
    is_open: bool = True


class CheckInContent(NamedTuple):
    """A check-in, with the report that it follows up. `care_contact`: whom the rep can be put in touch with now."""

    check_in: CheckIn
    report: Report
    customer: Customer
    care_contact: str | None


class BesideCase(NamedTuple):
    """A case, and the ts of its notice if Slack shows that."""

    case: CaseFile
    notice_ts: str | None


class HearingContent(NamedTuple):
    """A hearing, and its case."""

    case: CaseFile
    hearing: Hearing


class DigestContent(NamedTuple):
    """A published digest of the audit log, the one before it, and the ts of the summary in whose thread it stands."""

    published: Published
    before: str
    thread: str


class SummaryContent(NamedTuple):
    """The figures of a week as they were posted. `notices`: the ts of the notices of cases that were overdue."""

    figures: Figures
    notices: Mapping[int, str]


class LetterContent(NamedTuple):
    """A case whose letter somebody is asked to send. `newest`: they were not asked again since."""

    case: CaseFile
    newest: bool


Read = Callable[[Transaction, Context, Notice], Any]  # what a message shows; raises Unknown


def content(tx: Transaction, context: Context, notice: Notice) -> Any:  # noqa: ANN401 - each kind has its own
    """What the message is to show now: to a guest, somebody of another firm or who has left, nothing about a customer.

    Raises:
        Unknown: there is no such record.
        RetryLater: the message that it answers is not there yet, or who it is for was not read from Slack yet.
    """
    kept_back = withheld(tx, context, notice)
    if kept_back:
        return kept_back
    if (present := left_for(context, notice)) and tx.sent_notices.is_in(present, notice):
        return Elsewhere(present, notice.subject)
    if _came_again(tx, notice):
        return Repeated(notice.subject, is_open=notice.kind != NoticeKind.REVIEW)
    return READ[notice.kind](tx, context, notice)


def _came_again(tx: Transaction, notice: Notice) -> bool:
    kind, subject = notice.kind, notice.subject
    if kind == NoticeKind.REVIEW and notice.round >= EARLY:
        return tx.sent_notices.is_in(notice.target, replace(notice, round=notice.round - EARLY))
    return kind in SENT_AGAIN and notice.round < tx.sent_notices.last_round(kind, subject, notice.target)


def left_for(context: Context, notice: Notice) -> str | None:
    """Where messages of this kind go now, if this one is in a channel that was left; else None.

    A greeting that was posted stays where it is: each channel has its own.
    """
    if is_user(notice.target) or (notice.kind == NoticeKind.GREETING and notice.ts):
        return None
    of_the_week = notice.kind in {NoticeKind.SUMMARY, NoticeKind.DIGEST}
    present = context.firm.summary_target if of_the_week else context.firm.management_channel
    return None if notice.target == present else present


def _by_subject(read: Callable[[Transaction, Context, int], Any]) -> Read:
    return lambda tx, context, notice: read(tx, context, notice.subject)


def _beside_case(tx: Transaction, context: Context, notice: Notice) -> BesideCase:
    ts = tx.notices.ts_of(NoticeKind.CASE, notice.subject, context.firm.management_channel)
    return BesideCase(case_file(tx, context, notice.subject), ts)


def _check_in(tx: Transaction, context: Context, notice: Notice) -> CheckInContent:
    report, asked = tx.reports.get(notice.subject), tx.check_ins.get(notice.subject, notice.round)
    return CheckInContent(asked, report, tx.customers.get(report.customer), care_contact(tx, context, asked.rep))


def _care(tx: Transaction, _: Context, notice: Notice) -> CareRequest | None:
    """The rep who asked for someone to talk to; None where that is no longer kept."""
    number, round_, report = notice.subject, notice.round, tx.reports.get(notice.subject)
    asked = tx.check_ins.get(number, round_).care_at if round_ else report.wants_support
    return CareRequest(number, report.incident.reporter, tx.check_ins.talked_at(number, round_)) if asked else None


def _hearing(tx: Transaction, context: Context, notice: Notice) -> HearingContent:
    hearing = tx.hearings.get(notice.subject)
    return HearingContent(case_file(tx, context, hearing.case), hearing)


def _summary(tx: Transaction, context: Context, notice: Notice) -> SummaryContent:
    summary, channel = tx.summaries.get(Week.of_key(notice.subject), notice.target), context.firm.management_channel
    figures = posted_figures(tx, summary, NAMED)
    found = {case.case: tx.notices.ts_of(NoticeKind.CASE, case.case, channel) for case in figures.late.items}
    return SummaryContent(figures, {case: ts for case, ts in found.items() if ts})


def _table(tx: Transaction, _: Context, notice: Notice) -> Figures:
    summary = tx.summaries.newest(Week.of_key(notice.subject))
    if summary is None:
        raise Unknown("summary", notice.subject)
    return posted_figures(tx, summary, MOST_NAMED)


def _digest(tx: Transaction, context: Context, notice: Notice) -> DigestContent:
    published = tx.publications.get(notice.subject)
    said = published.publication
    thread = tx.notices.ts_of(NoticeKind.SUMMARY, Week.parse(said.week).key, said.channel)
    if thread is None and not left_for(context, notice):
        raise RetryLater(wait(context, notice))
    return DigestContent(published, tx.publications.digest_before(said.number), thread or "")


def _letter(tx: Transaction, context: Context, notice: Notice) -> LetterContent:
    newest = tx.sent_notices.last_round(NoticeKind.LETTER, notice.subject, notice.target)
    return LetterContent(case_file(tx, context, notice.subject), notice.round == newest)


_OF_CASES = (NoticeKind.ASKED, NoticeKind.REVIEW, NoticeKind.OBJECTION, NoticeKind.LESSON)

READ: Mapping[str, Read] = {  # for each kind of message, the function that reads what it shows
    **dict.fromkeys(_OF_CASES, _by_subject(case_file)),
    NoticeKind.CASE: _by_subject(noticed_case),
    **dict.fromkeys((NoticeKind.ESCALATION, NoticeKind.OVERDUE), _beside_case),
    NoticeKind.REPORT: _by_subject(report_file),
    NoticeKind.CARE: _care,
    NoticeKind.MANY_REPORTS: lambda tx, _, notice: tx.reports.get(notice.subject).reported_at,
    NoticeKind.CHECK_IN: _check_in,
    NoticeKind.HEARING: _hearing,
    NoticeKind.GREETING: lambda *_: None,
    NoticeKind.HELP: lambda *_: None,
    NoticeKind.HOME: lambda tx, ctx, notice: home_file(tx, ctx, Person(notice.team, notice.target, notice.team)),
    NoticeKind.SUMMARY: _summary,
    NoticeKind.DIGEST: _digest,
    NoticeKind.TABLE: _table,
    NoticeKind.FILE: file_content,
    NoticeKind.PACK: pack_content,
    NoticeKind.LETTER: _letter,
    NoticeKind.LETTER_FILE: letter_file,
    NoticeKind.BACKUP: backup.for_who_is_asked,
    NoticeKind.BACKUP_REP: backup.for_the_rep,
}
