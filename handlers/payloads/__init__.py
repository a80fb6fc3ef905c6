"""Slack's dict in, a typed command out. Pure: no clock, no record, no policy, no call.

Two things can go wrong. `Malformed`: Slack would never send this. `FieldErrors`: the person can mend it.
Whatever needs the record or the policy is the desk's to check; `ids.BLOCK_OF` says where its answer belongs.
"""

from handlers.payloads.cases import case_click, drop, issue_warning, keep, mark_delivered, not_now, recuse, take_back
from handlers.payloads.fairness import (
    chosen_from_menu,
    dispute_click,
    hear_both_sides,
    lift_safeguard,
    record_dispute,
    record_outcome,
    set_safeguard,
    settle_dispute,
    take_hearing,
    take_over,
)
from handlers.payloads.people import changed_user, home_visitor, person
from handlers.payloads.reading import FieldErrors, Malformed
from handlers.payloads.reports import answer_check_in, new_report, options_query, quoted, report_prefill, withdraw
from handlers.payloads.weeks import week_click
from handlers.views.ids import BLOCK_OF

__all__ = [
    "BLOCK_OF",
    "FieldErrors",
    "Malformed",
    "answer_check_in",
    "case_click",
    "changed_user",
    "chosen_from_menu",
    "dispute_click",
    "drop",
    "hear_both_sides",
    "home_visitor",
    "issue_warning",
    "keep",
    "lift_safeguard",
    "mark_delivered",
    "new_report",
    "not_now",
    "options_query",
    "person",
    "quoted",
    "record_dispute",
    "record_outcome",
    "recuse",
    "report_prefill",
    "set_safeguard",
    "settle_dispute",
    "take_back",
    "take_hearing",
    "take_over",
    "week_click",
    "withdraw",
]
