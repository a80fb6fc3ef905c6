"""Slack's dict in, a typed command out. Pure: no clock, no record, no policy, no call.

Two things can go wrong. `Malformed`: Slack would never send this. `FieldErrors`: the person can mend it.
Whatever needs the record or the policy is the desk's to check; `ids.BLOCK_OF` says where its answer belongs.
"""

from handlers.payloads.cases import case_click, drop, issue_warning, keep, mark_delivered, not_now, recuse, take_back
from handlers.payloads.people import changed_user, home_visitor, person
from handlers.payloads.reading import FieldErrors, Malformed
from handlers.payloads.reports import answer_check_in, new_report, options_query, quoted, report_prefill, withdraw
from handlers.views.ids import BLOCK_OF

__all__ = [
    "BLOCK_OF",
    "FieldErrors",
    "Malformed",
    "answer_check_in",
    "case_click",
    "changed_user",
    "drop",
    "home_visitor",
    "issue_warning",
    "keep",
    "mark_delivered",
    "new_report",
    "not_now",
    "options_query",
    "person",
    "quoted",
    "recuse",
    "report_prefill",
    "take_back",
    "withdraw",
]
