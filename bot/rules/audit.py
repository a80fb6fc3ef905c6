"""The audit log: which acts it records, and what an entry says of one. `audit_chain` has how entries are hashed."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Act(StrEnum):
    """What a person or the clock did. The values are stored in every database, so they never change."""

    REPORT = "report"
    WITHDRAW = "withdraw"
    CHECK_IN = "check in"
    ANSWER_CHECK_IN = "answer check-in"
    REMIND = "remind"
    OVERDUE = "overdue"
    LEFT = "left"
    EXPIRE = "expire"
    RECUSE = "recuse"
    ISSUE_WARNING = "issue warning"
    DELIVER_WARNING = "deliver warning"
    NOT_NOW = "not now"
    TAKE_HEARING = "take hearing"
    TAKE_OVER_HEARING = "take over hearing"
    HEAR_BOTH_SIDES = "hear both sides"
    RECORD_OUTCOME = "record outcome"
    APPROVE_DROP = "approve drop"
    TAKE_APPROVAL_BACK = "take approval back"
    DECIDE = "decide"
    RENEW = "renew"
    LET_LAPSE = "let lapse"
    LAPSE = "lapse"
    ASK_WHAT_WAS_LEARNT = "ask what was learnt"
    LEARN = "learn"
    RECORD_OBJECTION = "record objection"
    OBJECTION_OVERDUE = "objection overdue"
    ANSWER_OBJECTION = "answer objection"
    CANCEL_WARNING = "cancel warning"  # the answer to an objection that ends a warning
    SEND_LETTER = "send letter"
    DESCRIBE = "describe"
    IMPORT = "import"
    MERGE = "merge"
    MERGED_INTO = "merged into"
    UNDO_MERGER = "undo merger"
    SET_PROTECTION = "set protection"
    LIFT_PROTECTION = "lift protection"
    SET_SAFEGUARD = "set safeguard"
    LIFT_SAFEGUARD = "lift safeguard"
    SAFEGUARD_LAPSES = "safeguard lapses"
    KEEP_FILE = "keep file"
    ERASE = "erase"
    EXPORT = "export"
    READ = "read"
    CLOCK_PUT_BACK = "clock put back"
    PLAN_AGAIN = "plan again"
    SKIP_NUMBERS = "skip numbers"
    SUM_UP = "sum up"
    CALL_BACKUP = "call backup"
    WIDEN_BACKUP = "widen backup"
    TAKE_BACKUP = "take backup"
    END_BACKUP = "end backup"
    NAME_BACKUP = "name backup"


CLOCK: Final = "clock"
"""The actor of what happens by itself."""
WORKSPACE: Final = 0
"""Stands for a customer's number: the chain of what is about no customer, such as an export of everything."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act on record: the `n`th about its customer, counted from 1. JSON can hold its `facts`.

    `rows`: digests of the rows that the act changed, as they were after it, by the name of the row.
    """

    n: int
    at: datetime
    actor: str
    act: str
    facts: Mapping[str, object]
    rows: Mapping[str, str] = field(default_factory=dict)


REPS_OWN: Final = frozenset({Act.CHECK_IN, Act.ANSWER_CHECK_IN})
"""Acts about a rep and not about a customer: others are not shown what was said."""
OPERATORS: Final = frozenset({Act.ERASE, Act.EXPORT})
"""Acts of whoever runs a command: the fact `by` is the operating system's user."""


def salted_digest(salt: str, text: str) -> str:
    """A digest that stands for free text in the chain. Without the salt it gives nothing away about the text."""
    return hmac.digest(salt.encode(), text.encode(), "sha256").hex()
