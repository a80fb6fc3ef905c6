"""Every name that Slack sends back to us. Views contain them, `handlers/entry_points.py` has a row for each.

The manifest declares the commands, the shortcuts and the events.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

EVENTS_PATH: Final = "/slack/events"
SCOPES: Final = (
    "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
    "groups:history", "groups:read", "im:history", "im:write", "usergroups:read", "users:read",
)  # fmt: skip
"""What the bot's token may do."""
READS_HISTORY: Final = ":history"  # how the scopes end that it does without where CONFIRM_POSTS is off


def scopes(*, confirms: bool) -> tuple[str, ...]:
    """What the bot's token needs. `confirms`: it reads what it has posted."""
    return tuple(scope for scope in SCOPES if confirms or not scope.endswith(READS_HISTORY))


class Command(StrEnum):
    """Slash commands."""

    REPORT = "/report-abuse"
    CUSTOMER = "/customer"
    BACKUP = "/backup"


class Shortcut(StrEnum):
    """Shortcuts: their callback_id."""

    REPORT = "report_customer"  # of a message
    REPORT_FROM_ANYWHERE = "report_from_anywhere"  # a global one, as all that follow
    BACKUP = "get_backup"


class Event(StrEnum):
    """Events that the bot subscribes to."""

    HOME_OPENED = "app_home_opened"
    USER_CHANGE = "user_change"
    MENTION = "app_mention"
    MESSAGE = "message.im"  # in a direct message with the bot; its type is the part before the dot


def events(*, confirms: bool) -> tuple[Event, ...]:
    """What the bot subscribes to. Slack sends direct messages only to who may read their history."""
    return tuple(event for event in Event if confirms or event is not Event.MESSAGE)


class CallbackId(StrEnum):
    """Forms: the callback_id of a view."""

    REPORT_FORM = "report_form"
    WARNING_FORM = "warning_form"
    DELIVERED_FORM = "delivered_form"
    NOT_NOW_FORM = "not_now_form"
    DROP_FORM = "drop_form"
    DROP_LETTER_FORM = "drop_letter_form"
    KEEP_FORM = "keep_form"
    KEEP_LETTER_FORM = "keep_letter_form"
    RECUSE_FORM = "recuse_form"
    SET_PROTECTION_FORM = "set_protection_form"
    LIFT_PROTECTION_FORM = "lift_protection_form"
    TAKE_BACK_FORM = "take_back_form"
    TAKE_OVER_FORM = "take_over_form"
    HEAR_FORM = "hear_form"
    OUTCOME_FORM = "outcome_form"
    SET_SAFEGUARD_FORM = "set_safeguard_form"
    LIFT_SAFEGUARD_FORM = "lift_safeguard_form"
    RENEW_FORM = "renew_form"
    LAPSE_FORM = "lapse_form"
    OBJECTION_FORM = "objection_form"
    ANSWER_FORM = "answer_form"
    ANSWER_LETTER_FORM = "answer_letter_form"
    SENT_FORM = "sent_form"
    LESSON_FORM = "lesson_form"
    EDIT_CUSTOMER_FORM = "describe_form"
    SET_CUSTOMER_SAFEGUARD_FORM = "guard_form"
    LIFT_CUSTOMER_SAFEGUARD_FORM = "unguard_form"
    MERGE_FORM = "merge_form"
    MERGE_BOTH_FORM = "merge_both_form"
    LOOK_UP_FORM = "look_up_form"
    LIST = "list"  # a view that shows a list; it has no submit button
    NOTE = "note"  # a view with a text; it has no submit button


class ActionId(StrEnum):
    """Buttons and menus: the action_id of an element in a message, a view or an App Home."""

    ISSUE_WARNING = "issue_warning"
    MARK_DELIVERED = "mark_delivered"
    NOT_NOW = "not_now"
    APPROVE_DROP = "approve_drop"
    KEEP_CUSTOMER = "keep_customer"
    RECUSE = "recuse"
    READ_LETTER = "read_letter"
    TICK_CONDITIONS = "conditions"  # the field itself: what is ticked says which step comes next
    MARK_SENT = "mark_sent"
    DOWNLOAD_LETTER = "download_letter"
    TAKE_HEARING = "take_hearing"
    TAKE_OVER = "take_over"
    HEAR_BOTH_SIDES = "hear_both_sides"
    RECORD_OUTCOME = "record_outcome"
    SET_PROTECTION = "set_protection"
    LIFT_PROTECTION = "lift_protection"
    SET_SAFEGUARD = "set_safeguard"
    LIFT_SAFEGUARD = "lift_safeguard"
    EVIDENCE_PACK = "evidence_pack"
    SEND_FILES = "send_files"
    MORE = "more"  # the menu; an option's value begins with the action_id of its button
    WITHDRAW = "withdraw"
    RENEW = "renew"
    LET_LAPSE = "let_lapse"
    RECORD_OBJECTION = "record_objection"
    ANSWER_OBJECTION = "answer_objection"
    LOOK_BACK = "look_back"
    CHECK_IN_FINE = "check_in_fine"
    CHECK_IN_TALK = "check_in_talk"
    CHECK_IN_DECLINE = "check_in_decline"
    TALKED = "talked"
    WEEK_AS_TABLE = "week_as_table"
    BACKUP_TAKE = "backup_take"
    BACKUP_STAND_DOWN = "backup_stand_down"
    BACKUP_CALMED = "backup_calmed"
    BACKUP_TAKEN_OVER = "backup_taken_over"
    BACKUP_CONTACT_ENDED = "backup_contact_ended"
    BACKUP_EMERGENCY = "backup_emergency"
    BACKUP_REPORT = "backup_report"
    BACKUP_ABOUT = "backup_about"  # on a customer's card
    MAY_BE_CALLED = "may_be_called"
    NOT_AVAILABLE = "not_available"
    HOME_BACKUP = "home_backup"
    HOME_REPORT = "home_report"
    HOME_LOOK_UP = "home_look_up"
    HOME_MAY_DO = "home_may_do"
    OPEN_CUSTOMER = "open_customer"
    REPORT_THEM = "report_them"
    REPORT_TYPED = "report_typed"  # whom nobody has reported
    EDIT_CUSTOMER = "describe"
    SET_CUSTOMER_SAFEGUARD = "guard"
    LIFT_CUSTOMER_SAFEGUARD = "unguard"
    MERGE = "merge"
    MERGE_ALIKE = "merge_alike"
    UNDO_MERGE = "undo_merge"
    TURN_BACK = "turn_back"
    TURN_ON = "turn_on"


class ListName(StrEnum):
    """Lists that buttons open and page through."""

    MINE = "mine"
    QUEUE = "queue"
    STANDING = "standing"
    TIMELINE = "timeline"
    CASE = "case"  # in full, with every report


class BlockId(StrEnum):
    """Fields: the block_id of an input, and the action_id of its element."""

    CUSTOMER = "customer"
    FIND = "find"  # a customer on record, never a new one
    NAME = "name"
    OWNER = "owner"
    CRM_REFERENCE = "crm_reference"
    DID_YOU_MEAN = "did_you_mean"
    CATEGORY = "category"
    SEVERITY = "severity"
    PLACE = "place"
    HAPPENED_AT = "happened_at"
    NARRATIVE = "narrative"
    LINKS = "links"
    FILES = "files"
    ENDED = "ended"
    CHECKS = "checks"
    NEARBY = "nearby"  # other messages of the thread
    RATIONALE = "rationale"
    EFFECTIVE_ON = "effective_on"
    REVIEW_ON = "review_on"
    REASON_CLASS = "reason_class"
    SAFEGUARDS = "safeguards_considered"
    LETTER = "letter"
    REASON = "reason"
    NEWS = "news"  # a block that says what is new since the form was opened
    CONDITIONS = "conditions"
    HOW = "how"
    DELIVERED_AT = "delivered_at"
    WORDS = "words"
    TAKER = "taker"
    FINDING = "finding"
    REPS_SIDE = "reps_side"
    CUSTOMERS_SIDE = "customers_side"
    DISCOUNTED = "discounted"
    WHY = "why"
    KIND = "kind"
    SAFEGUARD_NOTE = "safeguard_note"
    SAME = "same_customer"
    UNTIL = "until"
    SAFEGUARD = "safeguard"
    CONTACT = "contact"
    ANSWER = "answer"
    CHOICE = "choice"
    LEARNT = "learnt"
    HINDSIGHT = "hindsight"
    WORTH = "worth"
    LINE = "line"


class OptionValue(StrEnum):
    """Values of options that are not in the policy. After a colon comes a name or a number."""

    DOUBTED = "doubted"
    WANTS_SUPPORT = "wants_support"
    REPEATED = "repeated"
    NOT_ENDED = "not_ended"
    CONSIDERED = "considered"
    KNOWN = "known:"
    SAFEGUARD = "safeguard:"
    NEW = "new:"
    TYPED = "typed:"
    TOO_LONG = "too_long:"  # a name that is too long for an option's value; its length follows


LIST_BUTTON: Final = re.compile(r"list:[a-z_]+", re.ASCII)
"""The action_id of a button that opens a list. Several in one row each need their own."""

BLOCK_OF: Final[Mapping[str, BlockId]] = {
    **{block.value: block for block in BlockId if block not in {BlockId.NEWS, BlockId.DID_YOU_MEAN, BlockId.NEARBY}},
    "duplicate": BlockId.FIND,
    "evidence": BlockId.LINKS,
    "doubted": BlockId.CHECKS,
    "wants_support": BlockId.CHECKS,
    "at": BlockId.DELIVERED_AT,
    "note": BlockId.SAFEGUARD_NOTE,
}
"""The block for each field that can be wrong: by the name in a use case's command, or its own; in every form alike."""
