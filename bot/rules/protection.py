"""Interim protection: how reps deal with a customer until management has decided. It is no decision.

The policy sets it in the transaction that opens or moves a case, a manager sets or lifts it: each is an entry of the
case. The last entry holds as long as the case is open, so that nothing has to be ended with the case.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.rules.policy.interim_rules import InterimRules, ProtectionKind
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import CaseRefusal


@dataclass(frozen=True, slots=True)
class Protection:
    """The `n`th entry of a case. `kind`: what holds from then on; None: it was lifted. `by`: None: the policy.

    `rung`, `version`: those of the case, so that what is news since can be recognised.
    """

    case: int
    n: int
    at: datetime
    by: str | None
    kind: ProtectionKind | None
    rung: Rung
    version: int
    reason: str = ""


@dataclass(eq=False)
class ProtectionUnchanged(CaseRefusal):
    """The interim protection is so already. `by`: who set or lifted it last; None: the policy, or nobody yet."""

    by: str | None
    at: datetime
    in_force: bool


def is_called_for(rules: InterimRules, rung: Rung, last: Protection | None, *, severe_since: bool) -> bool:
    """Whether the policy sets the protection of an open case now. `last`: the case's last entry.

    `severe_since`: a severe report that counts has come into the case since that entry. A lift stands until then, or
    until the case comes to a rung with protection from one without.
    """
    if last and last.kind:
        return False
    if rules.severe and severe_since:
        return True
    return rung in rules.at and (last is None or last.rung not in rules.at)
