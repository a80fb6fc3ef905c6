"""Domain value in, blocks out. Pure; what people wrote is never parsed as Slack's markup."""

from bot.desk.slack import Message
from handlers.views.blocks import View
from handlers.views.case import case_notice
from handlers.views.checkins import care_notice, check_in_notice
from handlers.views.customers import customer_options
from handlers.views.forms import delivered_form, drop_form, keep_form, not_now_form, warning_form
from handlers.views.outcomes import done, receipt
from handlers.views.quote import Quote
from handlers.views.refusals import beside_fields, refusal_text, refused, trouble
from handlers.views.rep import report_notice
from handlers.views.report_form import report_form
from handlers.views.reports import reports_view

__all__ = [
    "Message",
    "Quote",
    "View",
    "beside_fields",
    "care_notice",
    "case_notice",
    "check_in_notice",
    "customer_options",
    "delivered_form",
    "done",
    "drop_form",
    "keep_form",
    "not_now_form",
    "receipt",
    "refusal_text",
    "refused",
    "report_form",
    "report_notice",
    "reports_view",
    "trouble",
    "warning_form",
]
