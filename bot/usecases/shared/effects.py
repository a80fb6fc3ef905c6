"""What follows from each act, as `conclude` carries it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from bot.rules.audit import Act
from bot.rules.cases import Outcome


class AskPolicy(Enum):
    """Whether an act asks the policy. Not every act does: after *Not now* the same verdict would open a second case."""

    WITH_NEWS = auto()  # of the customer's conduct: a case may open, and a new rung has a new deadline
    JOINED = auto()  # reports came together or apart: a case may open, but no deadline moves
    FOLLOWED = auto()  # only an open case follows the verdict; no case opens, and no deadline moves
    NOT = auto()


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows from an act.

    `ends_as`: the outcome with which an open case ends if the policy asks for nothing any more; None: it stays open.
    `standing`: the customer's standing may change; it may whenever the policy is asked. `warnings`: so may the moment
    at which the next warning expires. `who_is_left`: so may who can act on a case, answer an objection or send a
    letter. `shows`: messages and App Homes that show the customer are refreshed. `urgent`: somebody waits for them.
    """

    asks: AskPolicy = AskPolicy.NOT
    ends_as: Outcome | None = None
    standing: bool = False
    warnings: bool = False
    who_is_left: bool = False
    shows: bool = True
    urgent: bool = True


_NEWS, _JOINED, _FOLLOWED = AskPolicy.WITH_NEWS, AskPolicy.JOINED, AskPolicy.FOLLOWED
_SHOWN: Final = Effects()
_NOT_SHOWN: Final = Effects(shows=False)

EFFECTS: Final[Mapping[Act, Effects]] = MappingProxyType(
    {
        Act.REPORT: Effects(_NEWS, who_is_left=True, urgent=False),
        Act.WITHDRAW: Effects(_FOLLOWED, ends_as=Outcome.WITHDRAWN),
        Act.CHECK_IN: _NOT_SHOWN,
        Act.ANSWER_CHECK_IN: _NOT_SHOWN,
        Act.REMIND: _NOT_SHOWN,
        Act.OVERDUE: _SHOWN,
        Act.LEFT: _SHOWN,
        Act.EXPIRE: Effects(standing=True, warnings=True, urgent=False),
        Act.RECUSE: Effects(who_is_left=True),
        Act.ISSUE_WARNING: _SHOWN,
        Act.DELIVER_WARNING: Effects(standing=True, warnings=True),
        Act.NOT_NOW: Effects(standing=True),
        Act.TAKE_HEARING: _SHOWN,
        Act.TAKE_OVER_HEARING: _SHOWN,
        Act.HEAR_BOTH_SIDES: _SHOWN,
        Act.RECORD_OUTCOME: Effects(_NEWS),
        Act.APPROVE_DROP: _SHOWN,
        Act.TAKE_APPROVAL_BACK: _SHOWN,
        Act.DECIDE: Effects(standing=True),
        Act.RENEW: _SHOWN,
        Act.LET_LAPSE: Effects(standing=True),
        Act.LAPSE: Effects(standing=True),
        Act.ASK_WHAT_WAS_LEARNT: _NOT_SHOWN,
        Act.LEARN: _SHOWN,
        Act.RECORD_OBJECTION: _SHOWN,
        Act.OBJECTION_OVERDUE: _SHOWN,
        Act.ANSWER_OBJECTION: Effects(standing=True),
        Act.CANCEL_WARNING: Effects(_FOLLOWED, warnings=True),
        Act.SEND_LETTER: _SHOWN,
        Act.DESCRIBE: Effects(who_is_left=True),
        Act.IMPORT: Effects(who_is_left=True, urgent=False),
        Act.MERGE: Effects(_JOINED, warnings=True, who_is_left=True),
        Act.MERGED_INTO: _NOT_SHOWN,  # the merger's entry about the other customer shows both
        Act.UNDO_MERGER: Effects(_JOINED, ends_as=Outcome.WITHDRAWN, warnings=True, who_is_left=True),
        Act.SET_PROTECTION: _SHOWN,
        Act.LIFT_PROTECTION: _SHOWN,
        Act.SET_SAFEGUARD: Effects(_FOLLOWED),
        Act.LIFT_SAFEGUARD: Effects(_FOLLOWED),
        Act.SAFEGUARD_LAPSES: Effects(_FOLLOWED),
        Act.KEEP_FILE: _NOT_SHOWN,
        Act.ERASE: Effects(urgent=False),
        Act.EXPORT: _NOT_SHOWN,
        Act.READ: _NOT_SHOWN,
        Act.SKIP_NUMBERS: _NOT_SHOWN,  # it is about no customer
        Act.SUM_UP: _NOT_SHOWN,  # likewise
        Act.CLOCK_PUT_BACK: _NOT_SHOWN,  # the audit log writes it by itself
        Act.PLAN_AGAIN: _SHOWN,
        Act.CALL_BACKUP: _NOT_SHOWN,
        Act.WIDEN_BACKUP: _NOT_SHOWN,
        Act.TAKE_BACKUP: _NOT_SHOWN,
        Act.END_BACKUP: _NOT_SHOWN,
        Act.NAME_BACKUP: _NOT_SHOWN,
    }
)
"""What follows from each act."""
