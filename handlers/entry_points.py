"""Every way in from Slack, one row each: its name, who may use it, what reads it, the use case, and how it is answered.

`handlers/bolt.py` registers the rows in this order. Bolt asks one after the other whether it is meant, so the report
form comes first: it is what people wait for. To add a button, add its name to `ActionId` and a row here.
"""

import re
from collections.abc import Mapping
from typing import Final

from bot.rules.case_files import CaseFile
from bot.rules.decisions import Decision
from bot.rules.objections import Answer as OnAppeal
from bot.usecases.cases.recuse import check_recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.edit import describe, guard, unguard
from bot.usecases.customers.look_up import timeline
from bot.usecases.customers.merge import merge, undo_merge
from bot.usecases.customers.safeguards import check_safeguards, lift_safeguard, set_safeguard
from bot.usecases.decisions.approvals import take_back
from bot.usecases.decisions.decide import check_drop, check_keep, drop, keep
from bot.usecases.decisions.lessons import check_lesson, learn
from bot.usecases.decisions.reviews import check_review, decided_case, let_lapse, renew
from bot.usecases.hearings.hear import check_hear_both_sides, check_take_over, hear_both_sides, take_hearing, take_over
from bot.usecases.hearings.outcome import check_outcome, record_outcome
from bot.usecases.home.home import awaiting_me, customers_standing, my_reports, open_home
from bot.usecases.objections.appeal_answers import answer_appeal, check_appeal_answer
from bot.usecases.objections.appeals import ask_for_review, check_appeal
from bot.usecases.objections.disputes import check_dispute, check_settle_dispute, record_dispute, settle_dispute
from bot.usecases.permissions.permissions import Permission
from bot.usecases.reports.check_ins import answer_check_in
from bot.usecases.reports.report import report
from bot.usecases.reports.withdraw import withdraw
from bot.usecases.shared.case_access import check_manager, for_form
from bot.usecases.shared.letters import draft_warning
from bot.usecases.shared.read_models import dispute_file
from bot.usecases.warnings.warn import check_warning, issue_warning, mark_delivered, not_now
from bot.usecases.weekly.summaries import ask_for_table, refresh_summary
from handlers.button_values import (
    ReviewClick,
    case_click,
    customer_click,
    dispute_click,
    list_name,
    menu_item,
    review_click,
    week_click,
)
from handlers.cases import parse as parse_cases
from handlers.cases import recusal
from handlers.customers import forms as customer_forms
from handlers.customers import listeners as customers
from handlers.customers import parse as parse_customers
from handlers.customers import safeguards
from handlers.customers.card import look_up_form
from handlers.customers.timeline import timeline_view
from handlers.decisions import approval, lesson, review
from handlers.decisions import forms as decision_forms
from handlers.decisions import listeners as decisions
from handlers.decisions import parse as parse_decisions
from handlers.entry_point import (
    Answer,
    Choice,
    EntryPoint,
    Kind,
    acts,
    before,
    form,
    form_about_past,
    lists,
    nothing,
    opens,
    replaces,
    shows,
    shows_by_policy,
    type_ahead,
)
from handlers.hearings import parse as parse_hearings
from handlers.hearings import views as hearings
from handlers.home.lists import my_reports_view, queue_view, standing_view
from handlers.names import LIST_BUTTON, ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.objections import appeal, dispute
from handlers.objections import parse as parse_objections
from handlers.parsing.people import changed_user, home_visitor, person
from handlers.reports import listeners as reports
from handlers.reports import parse as parse_reports
from handlers.reports.receipt import receipt
from handlers.shared.confirmations import done
from handlers.shared.customer_field import customer_options, found_options
from handlers.shared.report_lines import reports_view
from handlers.warnings import forms as warning_forms
from handlers.warnings import parse as parse_warnings
from handlers.warnings.letter import letter_view
from handlers.weekly.notice import table_comes

_CHECK_IN_ANSWERS: Final = (ActionId.CHECK_IN_FINE, ActionId.CHECK_IN_TALK, ActionId.CHECK_IN_DECLINE)
_ANYBODY, _MEMBER, _REPORTER = Permission.ANYBODY, Permission.MEMBER, Permission.REPORTER
_MANAGER, _DECIDER, _EDITOR = Permission.MANAGER, Permission.DECIDER, Permission.CUSTOMER_EDITOR


def _before_review(context: Context, click: ReviewClick) -> tuple[CaseFile, Decision]:
    return for_form(context, click.by, click.case, check_review, decided_case)


def _on_appeal(button: ActionId, callback: CallbackId, answer: OnAppeal) -> tuple[EntryPoint, EntryPoint]:
    """A button that answers an appeal, and the form behind it."""
    permission = Permission.APPEAL_ANSWERER
    return (
        opens(button, permission, case_click, before(check_appeal_answer),
              lambda file, context, _: appeal.answer_form(file, context.policy, answer, context.today())),
        form(callback, permission, lambda body: parse_objections.answer_appeal(body, answer), answer_appeal,
             shows(appeal.answered)),
    )  # fmt: skip


_REPORTS = (
    form_about_past(CallbackId.REPORT_FORM, _MEMBER, parse_reports.new_report, report, shows_by_policy(receipt)),
    opens(Command.REPORT, _ANYBODY, reports.by_command, nothing, reports.prefilled_form,
          kind=Kind.COMMAND, reads_profile=True),
    opens(Shortcut.REPORT, _ANYBODY, reports.by_shortcut, nothing, reports.prefilled_form,
          kind=Kind.SHORTCUT, reads_profile=True),
    opens(ActionId.HOME_REPORT, _ANYBODY, reports.by_button, nothing, reports.prefilled_form, reads_profile=True),
    opens(ActionId.REPORT_THEM, _MEMBER, customer_click, reports.about_customer, reports.prefilled_form,
          reads_profile=True),
    type_ahead(BlockId.CUSTOMER, customer_options),
    acts(ActionId.WITHDRAW, _REPORTER, parse_reports.withdraw, withdraw),
    *(acts(each, _REPORTER, parse_reports.answer_check_in, answer_check_in) for each in _CHECK_IN_ANSWERS),
)  # fmt: skip

_CASES = (
    opens(ActionId.READ_IN_FULL, _MANAGER, case_click, before(check_manager), shows_by_policy(reports_view)),
    opens(ActionId.RECUSE, Permission.WITHOUT_STAKE, case_click, before(check_recuse), shows(recusal.recuse_form)),
    form(CallbackId.RECUSE_FORM, Permission.WITHOUT_STAKE, parse_cases.recuse, recuse, shows(recusal.recused)),
)  # fmt: skip

_WARNINGS = (
    opens(ActionId.ISSUE_WARNING, _DECIDER, case_click, before(check_warning),
          lambda file, context, _: warning_forms.warning_form(file, context.policy, draft_warning(context, file))),
    form(CallbackId.WARNING_FORM, _DECIDER, parse_warnings.issue_warning, issue_warning, shows(done)),
    opens(ActionId.MARK_DELIVERED, _DECIDER, case_click, before(check_warning),
          lambda file, context, _: warning_forms.delivered_form(file, context.clock())),
    form_about_past(CallbackId.DELIVERED_FORM, _DECIDER, parse_warnings.mark_delivered, mark_delivered, shows(done)),
    opens(ActionId.NOT_NOW, _DECIDER, case_click, before(check_warning), shows(warning_forms.not_now_form)),
    form(CallbackId.NOT_NOW_FORM, _DECIDER, parse_warnings.not_now, not_now, shows(done)),
    opens(ActionId.READ_LETTER, _MANAGER, case_click, before(check_manager), shows(letter_view), kind=Kind.MENU_ITEM),
)  # fmt: skip

_HEARINGS = (
    acts(ActionId.TAKE_HEARING, _DECIDER, parse_hearings.take_hearing, take_hearing),
    opens(ActionId.TAKE_OVER, _DECIDER, case_click, before(check_take_over), shows_by_policy(hearings.take_over_form)),
    form(CallbackId.TAKE_OVER_FORM, _DECIDER, parse_hearings.take_over, take_over, shows(done)),
    opens(ActionId.HEAR_BOTH_SIDES, _DECIDER, case_click, before(check_hear_both_sides),
          lambda file, context, click: hearings.hear_form(file, context.policy, click.by.user)),
    form(CallbackId.HEAR_FORM, _DECIDER, parse_hearings.hear_both_sides, hear_both_sides, shows(done)),
    opens(ActionId.RECORD_OUTCOME, _DECIDER, case_click, before(check_outcome), shows_by_policy(hearings.outcome_form)),
    form(CallbackId.OUTCOME_FORM, _DECIDER, parse_hearings.record_outcome, record_outcome, shows(done)),
)  # fmt: skip

_DECISIONS = (
    opens(ActionId.APPROVE_DROP, _DECIDER, case_click, before(check_drop), decisions.drop_or_take_back),
    form(CallbackId.DROP_FORM, _DECIDER, parse_decisions.drop, drop, shows(done)),
    opens(ActionId.KEEP_CUSTOMER, _DECIDER, case_click, before(check_keep),
          lambda file, context, _: decision_forms.keep_form(file, context.policy, context.today())),
    form(CallbackId.KEEP_FORM, _DECIDER, parse_decisions.keep, keep, shows(done)),
    form(CallbackId.TAKE_BACK_FORM, _DECIDER, parse_decisions.take_back, take_back, shows(approval.taken_back)),
    opens(ActionId.RENEW, _DECIDER, review_click, _before_review,
          lambda found, context, _: review.renew_form(found[0], context.policy, found[1], context.today())),
    form(CallbackId.RENEW_FORM, _DECIDER, parse_decisions.renew, renew, shows(review.reviewed)),
    opens(ActionId.LET_LAPSE, _DECIDER, review_click, _before_review, lambda found, *_: review.lapse_form(*found)),
    form(CallbackId.LAPSE_FORM, _DECIDER, parse_decisions.let_lapse, let_lapse, shows(review.reviewed)),
    opens(ActionId.LOOK_BACK, _MANAGER, case_click, before(check_lesson), shows(lesson.lesson_form)),
    form(CallbackId.LESSON_FORM, _MANAGER, parse_decisions.learn, learn, shows(lesson.learnt)),
)  # fmt: skip

_OBJECTIONS = (
    opens(ActionId.RECORD_DISPUTE, _MANAGER, case_click, before(check_dispute), shows(dispute.dispute_form),
          kind=Kind.MENU_ITEM),
    form(CallbackId.DISPUTE_FORM, _MANAGER, parse_objections.record_dispute, record_dispute, shows(dispute.disputed)),
    opens(ActionId.SETTLE_DISPUTE, Permission.UNINVOLVED, dispute_click,
          lambda context, click: for_form(context, click.by, click.dispute, check_settle_dispute, dispute_file),
          shows(dispute.settle_form)),
    form(CallbackId.SETTLE_FORM, Permission.UNINVOLVED, parse_objections.settle_dispute, settle_dispute,
         shows(dispute.settled)),
    opens(ActionId.ASK_FOR_REVIEW, _MANAGER, case_click, before(check_appeal), shows_by_policy(appeal.ask_form)),
    form(CallbackId.APPEAL_FORM, _MANAGER, parse_objections.ask_for_review, ask_for_review, shows(appeal.put_down)),
    *_on_appeal(ActionId.UPHOLD, CallbackId.UPHOLD_FORM, OnAppeal.UPHELD),
    *_on_appeal(ActionId.CHANGE, CallbackId.CHANGE_FORM, OnAppeal.CHANGED),
    *_on_appeal(ActionId.OVERTURN, CallbackId.OVERTURN_FORM, OnAppeal.OVERTURNED),
)  # fmt: skip

_CUSTOMERS = (
    opens(Command.CUSTOMER, _MEMBER, parse_customers.customer_named, customers.find, customers.found_view,
          kind=Kind.COMMAND, reads_profile=True),
    opens(ActionId.HOME_LOOK_UP, _ANYBODY, person, nothing, lambda *_: look_up_form(hint=True)),
    type_ahead(BlockId.FIND, lambda likely, _: found_options(likely)),
    form(CallbackId.LOOK_UP_FORM, _MEMBER, parse_customers.customer_found, customers.opened, customers.card),
    opens(ActionId.OPEN_CUSTOMER, _MEMBER, customer_click, customers.opened, customers.card),
    replaces(ActionId.DESCRIBE, _EDITOR, customer_click, customers.for_changes, shows(customer_forms.describe_form)),
    form(CallbackId.DESCRIBE_FORM, _EDITOR, parse_customers.describe, describe, customers.card_after),
    replaces(ActionId.GUARD, _EDITOR, customer_click, customers.for_changes,
             shows_by_policy(customer_forms.guard_form)),
    form(CallbackId.GUARD_FORM, _EDITOR, parse_customers.guard, guard, customers.card_after),
    replaces(ActionId.UNGUARD, _EDITOR, customer_click, customers.for_changes,
             shows_by_policy(customer_forms.unguard_form)),
    form(CallbackId.UNGUARD_FORM, _EDITOR, parse_customers.unguard, unguard, customers.card_after),
    replaces(ActionId.MERGE, _EDITOR, customer_click, customers.for_changes, shows(customer_forms.merge_form)),
    form(CallbackId.MERGE_FORM, _EDITOR, parse_customers.merge, merge, customers.card_after),
    replaces(ActionId.UNDO_MERGE, _EDITOR, parse_customers.undo_merge, undo_merge, customers.card_after),
    opens(ActionId.SET_SAFEGUARD, _DECIDER, case_click, before(check_safeguards), shows_by_policy(safeguards.set_form),
          kind=Kind.MENU_ITEM),
    form(CallbackId.SET_SAFEGUARD_FORM, _DECIDER, parse_customers.set_safeguard, set_safeguard,
         shows(safeguards.safeguard_set)),
    opens(ActionId.LIFT_SAFEGUARD, _DECIDER, case_click, before(check_safeguards),
          shows_by_policy(safeguards.lift_form), kind=Kind.MENU_ITEM),
    form(CallbackId.LIFT_SAFEGUARD_FORM, _DECIDER, parse_customers.lift_safeguard, lift_safeguard,
         shows(safeguards.safeguard_lifted)),
)  # fmt: skip

_HOME = (
    acts(Event.HOME_OPENED, _ANYBODY, home_visitor, open_home, kind=Kind.EVENT, reads_profile=True),
    acts(Event.USER_CHANGE, _ANYBODY, changed_user, nothing, kind=Kind.EVENT, reads_profile=True),
    lists(ListName.MINE, _ANYBODY, lambda context, asked: my_reports(context, asked.by, asked.page),
          lambda page, context, _: my_reports_view(page, context.policy, context.clock())),
    lists(ListName.QUEUE, _MANAGER, lambda context, asked: awaiting_me(context, asked.by, asked.page),
          lambda page, context, _: queue_view(page, context.clock())),
    lists(ListName.STANDING, _MANAGER,
          lambda context, asked: customers_standing(context, asked.by, asked.standing, asked.page),
          lambda page, _, asked: standing_view(page, asked.standing)),
    lists(ListName.TIMELINE, _MANAGER, lambda context, asked: timeline(context, asked.by, asked.customer, asked.page),
          shows_by_policy(timeline_view)),
)  # fmt: skip

_WEEKLY = (
    acts(ActionId.REFRESH_WEEK, _MANAGER, week_click, lambda context, click: refresh_summary(context, *click)),
    opens(ActionId.WEEK_AS_TABLE, _MANAGER, week_click,
          lambda context, click: ask_for_table(context, click.by, click.week),
          lambda _result, _context, click: table_comes(click.week)),
)  # fmt: skip

ENTRY_POINTS: Final = (
    *_REPORTS, *_CASES, *_WARNINGS, *_HEARINGS, *_DECISIONS, *_OBJECTIONS, *_CUSTOMERS, *_HOME, *_WEEKLY
)  # fmt: skip
CHOICES: Final[Mapping[str | re.Pattern[str], Choice]] = {
    ActionId.MORE: Choice(Kind.MENU_ITEM, menu_item),
    LIST_BUTTON: Choice(Kind.LIST, list_name),
    ActionId.TURN_BACK: Choice(Kind.LIST, list_name, Answer.REPLACE),
    ActionId.TURN_ON: Choice(Kind.LIST, list_name, Answer.REPLACE),
}
"""Buttons and menus whose value names the row that they stand for."""
