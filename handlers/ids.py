"""Every name and value that Slack sends back to us. A field is known by one name, as block and as action."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.rules.weeks import Week

# Forms: the callback_id of a view.
REPORT_FORM: Final = "report_form"
WARNING_FORM: Final = "warning_form"
DELIVERED_FORM: Final = "delivered_form"
NOT_NOW_FORM: Final = "not_now_form"
DROP_FORM: Final = "drop_form"
KEEP_FORM: Final = "keep_form"
RECUSE_FORM: Final = "recuse_form"
TAKE_BACK_FORM: Final = "take_back_form"
TAKE_OVER_FORM: Final = "take_over_form"
HEAR_FORM: Final = "hear_form"
OUTCOME_FORM: Final = "outcome_form"
SET_SAFEGUARD_FORM: Final = "set_safeguard_form"
LIFT_SAFEGUARD_FORM: Final = "lift_safeguard_form"
DISPUTE_FORM: Final = "dispute_form"
SETTLE_FORM: Final = "settle_form"
RENEW_FORM: Final = "renew_form"
LAPSE_FORM: Final = "lapse_form"
APPEAL_FORM: Final = "appeal_form"
UPHOLD_FORM: Final = "uphold_form"
CHANGE_FORM: Final = "change_form"
OVERTURN_FORM: Final = "overturn_form"
LESSON_FORM: Final = "lesson_form"
DESCRIBE_FORM: Final = "describe_form"
GUARD_FORM: Final = "guard_form"
UNGUARD_FORM: Final = "unguard_form"
MERGE_FORM: Final = "merge_form"
LOOK_UP_FORM: Final = "look_up_form"
NOTE: Final = "note"  # a view that only says something; it is never submitted

# Buttons: the action_id of an element in a message.
ISSUE_WARNING: Final = "issue_warning"
MARK_DELIVERED: Final = "mark_delivered"
NOT_NOW: Final = "not_now"
APPROVE_DROP: Final = "approve_drop"
KEEP_CUSTOMER: Final = "keep_customer"
RECUSE: Final = "recuse"
READ_IN_FULL: Final = "read_in_full"
READ_LETTER: Final = "read_letter"
TAKE_HEARING: Final = "take_hearing"
TAKE_OVER: Final = "take_over"
HEAR_BOTH_SIDES: Final = "hear_both_sides"
RECORD_OUTCOME: Final = "record_outcome"
SET_SAFEGUARD: Final = "set_safeguard"
LIFT_SAFEGUARD: Final = "lift_safeguard"
RECORD_DISPUTE: Final = "record_dispute"
SETTLE_DISPUTE: Final = "settle_dispute"
MORE: Final = "more"  # the menu of what is asked for rarely; the option's value begins with the action_id of its button
WITHDRAW: Final = "withdraw"
RENEW: Final = "renew"
LET_LAPSE: Final = "let_lapse"
ASK_FOR_REVIEW: Final = "ask_for_review"
UPHOLD: Final = "uphold"
CHANGE: Final = "change"
OVERTURN: Final = "overturn"
LOOK_BACK: Final = "look_back"
CHECK_IN_FINE: Final = "check_in_fine"
CHECK_IN_TALK: Final = "check_in_talk"
CHECK_IN_DECLINE: Final = "check_in_decline"
REFRESH_WEEK: Final = "refresh_week"
WEEK_AS_TABLE: Final = "week_as_table"

HOME_REPORT: Final = "home_report"
HOME_LOOK_UP: Final = "home_look_up"
OPEN_CUSTOMER: Final = "open_customer"
REPORT_THEM: Final = "report_them"
DESCRIBE: Final = "describe"
GUARD: Final = "guard"
UNGUARD: Final = "unguard"
MERGE: Final = "merge"
UNDO_MERGE: Final = "undo_merge"
TURN_BACK: Final = "turn_back"
TURN_ON: Final = "turn_on"

# Lists: a button opens one, and turns its pages. What a list is of is the second part of its buttons' value.
LIST: Final = "list"
LISTS: Final = re.compile(r"list:[a-z_]+", re.ASCII)
MINE: Final = "mine"
QUEUE: Final = "queue"
STANDING: Final = "standing"
TIMELINE: Final = "timeline"

# Fields: the block_id of an input, and the action_id of its element.
CUSTOMER: Final = "customer"
FIND: Final = "find"  # a customer on record, never a new one
NAME: Final = "name"
OWNER: Final = "owner"
CRM_REFERENCE: Final = "crm_reference"
CATEGORY: Final = "category"
SEVERITY: Final = "severity"
PLACE: Final = "place"
HAPPENED_AT: Final = "happened_at"
NARRATIVE: Final = "narrative"
LINKS: Final = "links"
FILES: Final = "files"
CHECKS: Final = "checks"
RATIONALE: Final = "rationale"
EFFECTIVE_ON: Final = "effective_on"
REVIEW_ON: Final = "review_on"
REASON_CLASS: Final = "reason_class"
SAFEGUARDS: Final = "safeguards_considered"
LETTER: Final = "letter"
REASON: Final = "reason"
NEWS: Final = "news"  # what is new since a form was opened: a block that nobody fills in
CONDITIONS: Final = "conditions"
HOW: Final = "how"
DELIVERED_AT: Final = "delivered_at"
WORDS: Final = "words"
TAKER: Final = "taker"
FINDING: Final = "finding"
REPS_SIDE: Final = "reps_side"
CUSTOMERS_SIDE: Final = "customers_side"
DISCOUNTED: Final = "discounted"
WHY: Final = "why"
KIND: Final = "kind"
SAFEGUARD_NOTE: Final = "safeguard_note"
UNTIL: Final = "until"
SAFEGUARD: Final = "safeguard"
DISPUTED: Final = "disputed"
REMEDY: Final = "remedy"
CONTACT: Final = "contact"
WHAT_IS_NEW: Final = "what_is_new"
CHOICE: Final = "choice"
LEARNT: Final = "learnt"
HINDSIGHT: Final = "hindsight"
WORTH: Final = "worth"
LINE: Final = "line"

# Values: of options that a form knows without the policy.
DOUBTED: Final = "doubted"
WANTS_SUPPORT: Final = "wants_support"
CONSIDERED: Final = "considered"
KNOWN: Final = "known:"
NEW: Final = "new:"
TYPED: Final = "typed:"
TOO_LONG: Final = "too_long:"  # a name that no option's value can carry; only its length is kept

BLOCK_OF: Final[Mapping[str, str]] = {
    "customer": CUSTOMER,
    "duplicate": FIND,
    "name": NAME,
    "owner": OWNER,
    "crm_reference": CRM_REFERENCE,
    "category": CATEGORY,
    "severity": SEVERITY,
    "place": PLACE,
    "happened_at": HAPPENED_AT,
    "narrative": NARRATIVE,
    "evidence": LINKS,
    "doubted": CHECKS,
    "wants_support": CHECKS,
    "rationale": RATIONALE,
    "effective_on": EFFECTIVE_ON,
    "review_on": REVIEW_ON,
    "reason_class": REASON_CLASS,
    "safeguards_considered": SAFEGUARDS,
    "letter": LETTER,
    "reason": REASON,
    "conditions": CONDITIONS,
    "how": HOW,
    "at": DELIVERED_AT,
    "words": WORDS,
    "taker": TAKER,
    "finding": FINDING,
    "reps_side": REPS_SIDE,
    "customers_side": CUSTOMERS_SIDE,
    "discounted": DISCOUNTED,
    "why": WHY,
    "kind": KIND,
    "note": SAFEGUARD_NOTE,
    "until": UNTIL,
    "safeguard": SAFEGUARD,
    "disputed": DISPUTED,
    "remedy": REMEDY,
    "contact": CONTACT,
    "news": WHAT_IS_NEW,
    "choice": CHOICE,
    "learnt": LEARNT,
    "hindsight": HINDSIGHT,
    "worth": WORTH,
    "line": LINE,
}
"""The block of a form in which a field of its command is asked for; the same in every form."""


def case_value(number: int, version: int) -> str:
    """What a case's button carries: which case, and the version on which it was drawn."""
    return f"case:{number}:{version}"


def review_value(case: int, due_on: date) -> str:
    """What the buttons and forms of a review carry: whose decision, and which review date is up."""
    return f"review:{case}:{due_on.isoformat()}"


def dispute_value(number: int) -> str:
    """What a dispute's button carries."""
    return f"dispute:{number}"


def list_action(which: str) -> str:
    """The action of a button that opens a list; several may stand in a row."""
    return f"{LIST}:{which}"


def list_value(what: str, page: int) -> str:
    """What such a button carries: which list, and which page of it."""
    return f"{LIST}:{what}:{page}"


def customer_value(number: int) -> str:
    """What a customer's button carries."""
    return f"customer:{number}"


def merger_value(number: int) -> str:
    """What the button carries that undoes a merger."""
    return f"merger:{number}"


def report_value(number: int) -> str:
    """What a report's button carries."""
    return f"report:{number}"


def check_in_value(report: int, round_: int) -> str:
    """What a check-in's button carries: after which report, and the first or the second time."""
    return f"checkin:{report}:{round_}"


def week_value(week: Week, channel: str) -> str:
    """What a summary's button carries: which week, and the channel that it was summed up in."""
    return f"week:{week.key}:{channel}"
