"""Every view and message that the bot can show, drawn from invented records under the firm's own policy."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, NamedTuple

from bot.rules.backup import CallFile, HowEnded
from bot.rules.case_files import CaseFile, Closing
from bot.rules.cases import Left, Outcome
from bot.rules.customers import Safeguard, Standing
from bot.rules.decisions import Choice, Decision, Lesson
from bot.rules.hearings import Finding
from bot.rules.home import HomeFile, QueueKind
from bot.rules.objections import Answer, Objection
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rule, Rung
from bot.rules.refusals import Outdated
from bot.rules.reports import CheckInAnswer, Report
from bot.usecases.backup.calls import CallerMessage
from bot.usecases.backup.messages import BackupContent
from bot.usecases.context import Context, Firm
from bot.usecases.transport import Message
from handlers import notices
from handlers.backup import messages as backup
from handlers.cases import evidence_pack, letters, notice, protection, recusal, reminders
from handlers.cases.case_view import case_view
from handlers.customers import card, safeguards, timeline
from handlers.customers import forms as customers
from handlers.decisions import forms as decisions
from handlers.decisions import lesson, review
from handlers.hearings import hearing
from handlers.home import home, lists, what_you_may_do
from handlers.live.invented import Inventor
from handlers.objections import objection
from handlers.reports import check_ins, files, form, many_reports, receipt, rep_message
from handlers.shared import confirmations, trouble
from handlers.shared.help import greeting_notice, help_notice
from handlers.shared.outdated import form_with_news
from handlers.warnings import warning
from handlers.weekly import summary_notice


def _with_news(file: CaseFile, policy: Policy, today: date, report: Report) -> dict[str, Any]:
    """A form that was sent when there was something new."""
    form = decisions.keep_form(file, policy, today)
    return form_with_news(form, Outdated(file.case.number, file.case.version, (report,))) or form


def _backup_needed(file: CallFile, user: str, policy: Policy) -> Message:
    waits = replace(file.call, taken_at=None, taken_by=None, ended_at=None, ended_how=None)
    return backup.backup_notice(BackupContent(replace(file, call=waits, comes_late=False)), user, policy.backup)


def _backup_comes(file: CallFile, user: str, policy: Policy) -> Message:
    comes = replace(file.call, ended_at=None, ended_how=None)
    return backup.backup_notice(BackupContent(replace(file, call=comes, comes_late=False)), user, policy.backup)


def _backup_alone(file: CallFile, policy: Policy) -> Message:
    waits = replace(file.call, taken_at=None, taken_by=None, ended_at=None, ended_how=None)
    return backup.backup_rep_notice(BackupContent(replace(file, call=waits)), CallerMessage.ALONE, policy.backup)


def _backup_over(file: CallFile, policy: Policy) -> Message:
    return backup.backup_rep_notice(BackupContent(replace(file, reported=False)), CallerMessage.REPORT, policy.backup)


def _available(file: HomeFile, policy: Policy, firm: Firm) -> Message:
    return home.home(replace(file, available=True, no_access=False), policy, firm, ())


def _not_available(file: HomeFile, policy: Policy, firm: Firm) -> Message:
    return home.home(replace(file, available=False), policy, firm, ())


Draw = Callable[..., Any]
Choices = Mapping[type | str, Any]
ALL: Final[tuple[Draw, ...]] = (
    backup.backup_notice, backup.backup_rep_notice, backup.called_view,
    _backup_needed, _backup_comes, _backup_alone, _backup_over, _not_available, _available,
    form.report_form, receipt.receipt_view, rep_message.report_notice, files.follow, files.file_message,
    check_ins.check_in_notice, check_ins.care_notice, many_reports.many_reports_notice,
    notice.case_notice, case_view, reminders.escalation_notice, reminders.asked_notice, reminders.overdue_note,
    protection.set_protection_form, protection.lift_protection_form, protection.protection_set,
    protection.protection_lifted, recusal.recuse_form, recusal.recused, evidence_pack.follows,
    confirmations.recorded_view,
    warning.warning_form, warning.delivered_form, warning.not_now_form,
    letters.letter_view, letters.sent_form, letters.letter_notice, letters.marked_as_sent,
    hearing.take_over_form, hearing.hear_form, hearing.outcome_form, hearing.hearing_notice,
    decisions.drop_form, decisions.drop_letter_form, decisions.keep_form, decisions.keep_letter_form,
    _with_news, decisions.take_back_form, decisions.approval_taken_back,
    review.review_notice, review.renew_form, review.lapse_form, review.review_recorded,
    lesson.lesson_notice, lesson.lesson_form, lesson.lesson_recorded,
    objection.objection_form, objection.objection_recorded, objection.objection_notice, objection.answer_form,
    objection.answer_letter_form, objection.objection_answered,
    card.customer_view, card.not_found, customers.look_up_form, customers.edit_customer_form, customers.merge_form,
    customers.merge_both_form,
    safeguards.set_safeguard_form, safeguards.lift_safeguard_form, safeguards.safeguard_set,
    safeguards.safeguard_lifted, safeguards.set_customer_safeguard_form,
    safeguards.lift_customer_safeguard_form, timeline.timeline_view,
    home.home, what_you_may_do.what_you_may_do_view, lists.my_reports_view, lists.queue_view, lists.standing_view,
    summary_notice.week_notice, summary_notice.digest_notice, summary_notice.table_follows,
    notices.elsewhere, notices.not_on_record, trouble.failure_view, help_notice,
    greeting_notice,
)  # fmt: skip
NEEDED: Final[Mapping[Draw, tuple[type, ...]]] = {
    review.renew_form: (Decision,), review.lapse_form: (Decision,), lesson.lesson_notice: (Decision,),
    objection.answer_form: (Objection,),
    safeguards.lift_safeguard_form: (Safeguard,), safeguards.lift_customer_safeguard_form: (Safeguard,),
}  # fmt: skip
"""Without what of the record a view is never shown."""
CHOICES: Final[tuple[type[Enum], ...]] = (
    HowEnded,
    CallerMessage,
    Rung,
    Outcome,
    Choice,
    Finding,
    Answer,
    CheckInAnswer,
    Standing,
    Left,
    Rule,
    QueueKind,
)
"""What decides how a view looks: each member is tried."""
LEFT_OUT: Final[tuple[type, ...]] = (
    Outcome,
    Finding,
    Answer,
    CheckInAnswer,
    Objection,
    Decision,
    Lesson,
    datetime,
)
"""What a record may be without: a view without it is tried."""


class Drawn(NamedTuple):
    """A view or a message, and the name of what drew it."""

    name: str
    shown: dict[str, Any] | Message


def every_view(policy: Policy, firm: Firm, user: str, now: datetime) -> Iterator[Drawn]:
    """Every view and message once, and again where a part is of a shape that none before had.

    `user`: the ID of somebody at Slack, since forms and messages name people.
    """
    known = {Policy: policy, Firm: firm, Context: None}
    seen: set[str] = set()
    for full, chosen in _variants():
        inventor = Inventor(policy, user, now, full=full, known=known, chosen=chosen)
        for draw in ALL:
            if draw in NEEDED and (not full or None in [chosen.get(kind, kind) for kind in NEEDED[draw]]):
                continue
            shown = draw(**inventor.arguments(draw))
            shapes = {draw.__name__, *_shapes(shown.blocks if isinstance(shown, Message) else shown)}
            if shapes - seen:
                seen |= shapes
                yield Drawn(draw.__name__.strip("_"), shown)


def _variants() -> Iterator[tuple[bool, Choices]]:
    """Whether to invent everything there may be, and what to choose."""
    yield True, {}
    for one in LEFT_OUT:
        yield True, {one: None}
    yield True, {"withdrawn_at": None, Objection: None}
    yield True, {"erased": False}
    for kind in CHOICES:
        for member in kind:
            if member is not Answer.MOOT:
                yield True, {kind: member}
    for rung in Rung:
        for left_out in ((), (datetime,), (datetime, Safeguard)):
            yield True, {Rung: rung, **dict.fromkeys((Outcome, Closing, *left_out))}
        yield False, {Rung: rung}


def _shapes(shown: dict[str, Any] | list[dict[str, Any]]) -> set[str]:
    """The shape of each block, and of what is around them."""
    blocks: list[Any] = shown["blocks"] if isinstance(shown, dict) else shown
    around = [{**shown, "blocks": None}] if isinstance(shown, dict) else []
    return {json.dumps(_shape(each)) for each in (*blocks, *around)}


def _shape(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """What remains of blocks without their texts. What is before a value's first colon may name an action."""
    if isinstance(node, dict):
        return {key: _kept(key, value) for key, value in node.items()}
    return [_shape(each) for each in node] if isinstance(node, list) else None


def _kept(key: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    if key == "value":
        return str(value).partition(":")[0]
    return value if key in {"type", "action_id", "callback_id", "style"} else _shape(value)
