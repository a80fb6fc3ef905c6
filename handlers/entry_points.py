"""Every way in from Slack, a row each.

A row says, in this order: its name, who may use it, what parses the request, the use case, and the view; what its kind
fixes is left out. The function that makes the row says which kind it is; `handlers/entry_point.py` explains them,
`handlers/dispatcher.py` carries a row out. CONTRIBUTING.md says what a new button needs.
"""

from typing import Final

from bot.usecases.cases.letters import check_letters, mark_sent, read_letters
from bot.usecases.cases.protection import check_lift_protection, check_set_protection, lift_protection, set_protection
from bot.usecases.cases.recuse import check_recuse, recuse
from bot.usecases.customers.edit import edit_customer, lift_customer_safeguard, set_customer_safeguard
from bot.usecases.customers.look_up import suggest_customers, suggest_to_rep, timeline
from bot.usecases.customers.merge import both_records, merge, to_merge, undo_merge
from bot.usecases.customers.safeguards import check_safeguards, lift_safeguard, set_safeguard
from bot.usecases.decisions.approvals import take_approval_back
from bot.usecases.decisions.decide import check_drop, check_keep, draft_for_drop, drop, keep, keep_or_draft
from bot.usecases.decisions.lessons import check_lesson, record_lesson
from bot.usecases.decisions.reviews import check_review, decided_case, let_lapse, renew
from bot.usecases.hearings.hear import check_hear_both_sides, check_take_over, hear_both_sides, take_hearing, take_over
from bot.usecases.hearings.outcome import record_outcome, reports_for_outcome
from bot.usecases.home.help import answer_with_help
from bot.usecases.home.home import awaiting_me, customers_of_standing, my_reports, open_home
from bot.usecases.objections.answer import answer_objection, check_answer, draft_for_answer
from bot.usecases.objections.record import check_objection, record_objection
from bot.usecases.permissions.permissions import Permission, check_member
from bot.usecases.reports.check_ins import answer_check_in, talked
from bot.usecases.reports.files import request_files
from bot.usecases.reports.report import report
from bot.usecases.reports.withdraw import withdraw
from bot.usecases.roster import profile_changed
from bot.usecases.shared.access import see_case
from bot.usecases.shared.read_models import case_file
from bot.usecases.warnings.warn import check_warning, draft_for_warning, issue_warning, mark_delivered, not_now
from bot.usecases.weekly.summaries import request_table
from handlers.backup_rows import BACKUP
from handlers.button_values import case_click, customer_click, review_click, week_click
from handlers.cases import evidence_pack, letters, protection, recusal
from handlers.cases.case_view import case_view
from handlers.customers import adapters as customers
from handlers.customers import forms as customer_forms
from handlers.customers import parse as parse_customers
from handlers.customers import safeguards
from handlers.customers.timeline import timeline_view
from handlers.decisions import forms as decision_forms
from handlers.decisions import lesson, review
from handlers.decisions import parse as parse_decisions
from handlers.entry_point import (
    opens,
    opens_case,
    opens_list,
    reads,
    redraws,
    replaces,
    runs,
    shows,
    shows_by_policy,
    submits,
    suggests,
)
from handlers.hearings import hearing
from handlers.hearings import parse as parse_hearings
from handlers.home.lists import my_reports_view, queue_view, standing_view
from handlers.home.what_you_may_do import what_you_may_do_view
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.objections import objection
from handlers.objections import parse as parse_objections
from handlers.parsing.people import changed_profile, home_visitor, sender, wrote
from handlers.reports import files
from handlers.reports import parse as parse_reports
from handlers.reports.form import prefill, prefill_customer, prefilled_form
from handlers.reports.receipt import receipt_view
from handlers.shared.confirmations import recorded_view
from handlers.shared.customer_field import customer_options, found_options
from handlers.shared.letter_values import letter_click
from handlers.warnings import parse as parse_warnings
from handlers.warnings import warning
from handlers.weekly.summary_notice import table_follows

_ANYBODY, _REP, _MEMBER, _REPORTER = Permission.ANYBODY, Permission.REP, Permission.MEMBER, Permission.REPORTER
_MANAGER, _DECIDER, _EDITOR = Permission.MANAGER, Permission.DECIDER, Permission.CUSTOMER_EDITOR
_WITHOUT_STAKE, _ANSWERER = Permission.WITHOUT_STAKE, Permission.ANSWERER


_REPORTS = (
    submits(CallbackId.REPORT_FORM, _REP, parse_reports.new_report, report, shows_by_policy(receipt_view)),
    opens(Command.REPORT, _REP, parse_reports.by_command, prefill, prefilled_form, reads_profile=True),
    opens(Shortcut.REPORT, _REP, parse_reports.by_shortcut, prefill, prefilled_form, reads_profile=True,
        reads_thread=True),
    opens(Shortcut.REPORT_FROM_ANYWHERE, _REP, parse_reports.by_button, prefill, prefilled_form, reads_profile=True),
    opens(ActionId.HOME_REPORT, _REP, parse_reports.by_button, prefill, prefilled_form, reads_profile=True),
    opens(ActionId.REPORT_THEM, _MEMBER, customer_click, prefill_customer, prefilled_form, reads_profile=True),
    opens(ActionId.REPORT_TYPED, _REP, parse_reports.by_name, prefill, prefilled_form, reads_profile=True),
    suggests(BlockId.CUSTOMER, _REP, suggest_to_rep, customer_options),
    opens(ActionId.SEND_FILES, _WITHOUT_STAKE, files.clicked, request_files, files.follow),
    runs(ActionId.WITHDRAW, _REPORTER, parse_reports.withdraw, withdraw),
    runs(ActionId.CHECK_IN_FINE, _REPORTER, parse_reports.answer_check_in, answer_check_in),
    runs(ActionId.CHECK_IN_TALK, _REPORTER, parse_reports.answer_check_in, answer_check_in),
    runs(ActionId.CHECK_IN_DECLINE, _REPORTER, parse_reports.answer_check_in, answer_check_in),
    runs(ActionId.TALKED, Permission.CARE_CONTACT, parse_reports.talked, talked),
)  # fmt: skip

_CASES = (
    opens_list(ListName.CASE, _WITHOUT_STAKE,
        lambda context, click: see_case(context, click.by, click.record, click.page), shows_by_policy(case_view)),
    opens_case(ActionId.RECUSE, _WITHOUT_STAKE, check_recuse, shows(recusal.recuse_form), in_menu=True),
    submits(CallbackId.RECUSE_FORM, _WITHOUT_STAKE, recusal.parse_recuse, recuse, shows(recusal.recused)),
    opens(ActionId.READ_LETTER, Permission.LETTER_READER, case_click,
        lambda context, click: read_letters(context, click.by, click.case), shows(letters.letter_view), in_menu=True),
    opens_case(ActionId.SET_PROTECTION, _DECIDER, check_set_protection,
        shows_by_policy(protection.set_protection_form), in_menu=True),
    submits(CallbackId.SET_PROTECTION_FORM, _DECIDER, protection.parse_set, set_protection,
        shows(protection.protection_set)),
    opens_case(ActionId.LIFT_PROTECTION, _DECIDER, check_lift_protection, shows(protection.lift_protection_form),
        in_menu=True),
    submits(CallbackId.LIFT_PROTECTION_FORM, _DECIDER, protection.parse_lift, lift_protection,
        shows(protection.protection_lifted)),
    opens(ActionId.MARK_SENT, _WITHOUT_STAKE, letter_click, reads(check_letters, case_file), letters.open_form),
    submits(CallbackId.SENT_FORM, _WITHOUT_STAKE, letters.parse_sent, mark_sent, shows(letters.marked_as_sent)),
    opens(ActionId.DOWNLOAD_LETTER, Permission.LETTER_READER, letter_click, letters.request, letters.follows),
    opens(ActionId.EVIDENCE_PACK, _WITHOUT_STAKE, evidence_pack.clicked, evidence_pack.request, evidence_pack.follows,
        in_menu=True),
)  # fmt: skip

_WARNINGS = (
    opens(ActionId.ISSUE_WARNING, _DECIDER, case_click, lambda context, click: draft_for_warning(context, *click[:2]),
        shows_by_policy(warning.warning_form)),
    submits(CallbackId.WARNING_FORM, _DECIDER, parse_warnings.issue_warning, issue_warning, shows(recorded_view)),
    opens_case(ActionId.MARK_DELIVERED, _DECIDER, check_warning,
        lambda file, context, _: warning.delivered_form(file, context.clock())),
    submits(CallbackId.DELIVERED_FORM, _DECIDER, parse_warnings.mark_delivered, mark_delivered,
        shows(recorded_view)),
    opens_case(ActionId.NOT_NOW, _DECIDER, check_warning, shows(warning.not_now_form)),
    submits(CallbackId.NOT_NOW_FORM, _DECIDER, parse_warnings.not_now, not_now, shows(recorded_view)),
)  # fmt: skip

_HEARINGS = (
    runs(ActionId.TAKE_HEARING, _DECIDER, parse_hearings.take_hearing, take_hearing),
    opens_case(ActionId.TAKE_OVER, _DECIDER, check_take_over, shows_by_policy(hearing.take_over_form)),
    submits(CallbackId.TAKE_OVER_FORM, _DECIDER, parse_hearings.take_over, take_over, shows(hearing.taken_over)),
    opens_case(ActionId.HEAR_BOTH_SIDES, _DECIDER, check_hear_both_sides,
        lambda file, context, click: hearing.hear_form(file, context.policy, click.by.user), in_menu=True),
    submits(CallbackId.HEAR_FORM, _DECIDER, parse_hearings.hear_both_sides, hear_both_sides, shows(recorded_view)),
    opens(ActionId.RECORD_OUTCOME, _DECIDER, case_click, reports_for_outcome, shows_by_policy(hearing.outcome_form)),
    submits(CallbackId.OUTCOME_FORM, _DECIDER, parse_hearings.record_outcome, record_outcome, shows(recorded_view)),
)  # fmt: skip

_DECISIONS = (
    opens_case(ActionId.APPROVE_DROP, _DECIDER, check_drop, decision_forms.drop_or_take_back),
    submits(CallbackId.DROP_FORM, _DECIDER, parse_decisions.drop_terms, draft_for_drop,
        shows_by_policy(decision_forms.drop_letter_form)),
    submits(CallbackId.DROP_LETTER_FORM, _DECIDER, parse_decisions.drop, drop, shows(recorded_view)),
    opens_case(ActionId.KEEP_CUSTOMER, _DECIDER, check_keep,
        lambda file, context, _: decision_forms.keep_form(file, context.policy, context.today())),
    redraws(ActionId.TICK_CONDITIONS, _ANYBODY, parse_decisions.ticked, shows(decision_forms.keep_form_again)),
    submits(CallbackId.KEEP_FORM, _DECIDER, parse_decisions.keep_terms, keep_or_draft,
        shows_by_policy(decision_forms.keep_letter_form)),
    submits(CallbackId.KEEP_LETTER_FORM, _DECIDER, parse_decisions.keep, keep, shows(recorded_view)),
    submits(CallbackId.TAKE_BACK_FORM, _DECIDER, parse_decisions.take_approval_back, take_approval_back,
        shows(decision_forms.approval_taken_back)),
    opens(ActionId.RENEW, _DECIDER, review_click, reads(check_review, decided_case),
        lambda found, context, _: review.renew_form(found[0], context.policy, found[1], context.today())),
    submits(CallbackId.RENEW_FORM, _DECIDER, parse_decisions.renew, renew, shows(review.review_recorded)),
    opens(ActionId.LET_LAPSE, _DECIDER, review_click, reads(check_review, decided_case),
        lambda found, *_: review.lapse_form(*found)),
    submits(CallbackId.LAPSE_FORM, _DECIDER, parse_decisions.let_lapse, let_lapse, shows(review.review_recorded)),
    opens_case(ActionId.LOOK_BACK, _WITHOUT_STAKE, check_lesson, shows(lesson.lesson_form)),
    submits(CallbackId.LESSON_FORM, _WITHOUT_STAKE, parse_decisions.record_lesson, record_lesson,
        shows(lesson.lesson_recorded)),
)  # fmt: skip

_OBJECTIONS = (
    opens_case(ActionId.RECORD_OBJECTION, _WITHOUT_STAKE, check_objection, shows(objection.objection_form)),
    submits(CallbackId.OBJECTION_FORM, _WITHOUT_STAKE, parse_objections.record_objection, record_objection,
        shows(objection.objection_recorded)),
    opens_case(ActionId.ANSWER_OBJECTION, _ANSWERER, check_answer,
        lambda file, context, _: objection.answer_form(file, context.policy, context.today())),
    submits(CallbackId.ANSWER_FORM, _ANSWERER, parse_objections.answer_terms, draft_for_answer,
        shows_by_policy(objection.answer_letter_form)),
    submits(CallbackId.ANSWER_LETTER_FORM, _ANSWERER, parse_objections.answer_objection, answer_objection,
        shows(objection.objection_answered)),
)  # fmt: skip

_CUSTOMERS = (
    opens(Command.CUSTOMER, _MEMBER, parse_customers.customer_named, customers.look_up_by_name,
        customers.look_up_result, reads_profile=True),
    opens(ActionId.HOME_LOOK_UP, _MEMBER, sender, check_member, lambda *_: customer_forms.look_up_form(hint=True),
        reads_profile=True),
    suggests(BlockId.FIND, _MEMBER, suggest_customers, lambda likely, _: found_options(likely)),
    submits(CallbackId.LOOK_UP_FORM, _MEMBER, parse_customers.customer_found, customers.open_card,
        customers.customer_card),
    opens(ActionId.OPEN_CUSTOMER, _MEMBER, customer_click, customers.open_card, customers.customer_card),
    replaces(ActionId.EDIT_CUSTOMER, _EDITOR, customer_click, customers.customer_to_edit,
        shows(customer_forms.edit_customer_form)),
    submits(CallbackId.EDIT_CUSTOMER_FORM, _EDITOR, parse_customers.edit_customer, edit_customer,
        customers.changed_card),
    replaces(ActionId.SET_CUSTOMER_SAFEGUARD, _EDITOR, customer_click, customers.customer_to_edit,
        shows_by_policy(safeguards.set_customer_safeguard_form)),
    submits(CallbackId.SET_CUSTOMER_SAFEGUARD_FORM, _EDITOR, parse_customers.set_customer_safeguard,
        set_customer_safeguard, customers.changed_card),
    replaces(ActionId.LIFT_CUSTOMER_SAFEGUARD, _EDITOR, customer_click, customers.customer_to_edit,
        shows_by_policy(safeguards.lift_customer_safeguard_form)),
    submits(CallbackId.LIFT_CUSTOMER_SAFEGUARD_FORM, _EDITOR, parse_customers.lift_customer_safeguard,
        lift_customer_safeguard, customers.changed_card),
    replaces(ActionId.MERGE, _EDITOR, customer_click, customers.customer_to_edit,shows(customer_forms.merge_form)),
    opens(ActionId.MERGE_ALIKE, _EDITOR, customer_click, lambda context, click: to_merge(context, *click),
        lambda found, *_: customer_forms.merge_form(found.into, found.duplicate)),
    submits(CallbackId.MERGE_FORM, _EDITOR, parse_customers.duplicate, both_records,
        shows(customer_forms.merge_both_form)),
    submits(CallbackId.MERGE_BOTH_FORM, _EDITOR, parse_customers.merge, merge, customers.changed_card),
    replaces(ActionId.UNDO_MERGE, _EDITOR, parse_customers.undo_merge, undo_merge, customers.changed_card),
    opens_case(ActionId.SET_SAFEGUARD, _DECIDER, check_safeguards, shows_by_policy(safeguards.set_safeguard_form),
        in_menu=True),
    submits(CallbackId.SET_SAFEGUARD_FORM, _DECIDER, parse_customers.set_safeguard, set_safeguard,
        shows(safeguards.safeguard_set)),
    opens_case(ActionId.LIFT_SAFEGUARD, _DECIDER, check_safeguards,
        shows_by_policy(safeguards.lift_safeguard_form), in_menu=True),
    submits(CallbackId.LIFT_SAFEGUARD_FORM, _DECIDER, parse_customers.lift_safeguard, lift_safeguard,
        shows(safeguards.safeguard_lifted)),
)  # fmt: skip

_HOME = (
    runs(Event.HOME_OPENED, _ANYBODY, home_visitor, open_home, reads_profile=True),
    runs(Event.USER_CHANGE, _ANYBODY, changed_profile, profile_changed),
    runs(Event.MENTION, _ANYBODY, wrote, answer_with_help, reads_profile=True),
    runs(Event.MESSAGE, _ANYBODY, wrote, answer_with_help, reads_profile=True),
    opens(ActionId.HOME_MAY_DO, _MEMBER, sender, check_member,
        lambda _, context, __: what_you_may_do_view(context.policy), reads_profile=True),
    opens_list(ListName.MINE, _MEMBER, lambda context, click: my_reports(context, click.by, click.page),
        lambda page, context, _: my_reports_view(page, context.policy, context.clock())),
    opens_list(ListName.QUEUE, _MANAGER, lambda context, click: awaiting_me(context, click.by, click.page),
        lambda page, context, _: queue_view(page, context.clock(), context.workspace_url())),
    opens_list(ListName.STANDING, _MANAGER,
        lambda context, click: customers_of_standing(context, click.by, click.standing, click.page),
        lambda page, _, click: standing_view(page, click.standing)),
    opens_list(ListName.TIMELINE, _WITHOUT_STAKE,
        lambda context, click: timeline(context, click.by, click.record, click.page), shows_by_policy(timeline_view)),
)  # fmt: skip

_WEEKLY = (
    opens(ActionId.WEEK_AS_TABLE, _MANAGER, week_click,
        lambda context, click: request_table(context, *click),
        lambda _result, _context, click: table_follows(click.week)),
)  # fmt: skip

ENTRY_POINTS: Final = (
    *_REPORTS, *BACKUP, *_CASES, *_WARNINGS, *_HEARINGS, *_DECISIONS, *_OBJECTIONS, *_CUSTOMERS, *_HOME, *_WEEKLY
)  # fmt: skip
"""Bolt tries the rows in this order, so the report form comes first: it is what people wait for."""
