"""Hearing both sides before judging: who takes it, what came out, and where the case goes from there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.cases import Case
from bot.rules.policy.policy import Rule
from bot.rules.policy.verdicts import Rung, Verdict


class Finding(StrEnum):
    """How a hearing ended. The last two are no outcome: nobody has judged anything."""

    UPHELD = "upheld"
    MISUNDERSTANDING = "misunderstanding"
    HANDED_OVER = "handed_over"  # another manager took it over
    OVERTAKEN = "overtaken"  # something else was asked of management before it ended


@dataclass(frozen=True, slots=True)
class Hearing:
    """One manager's hearing of both sides, from its taking to its end.

    `asked_by`: who asked for it before a decision; None where the policy did. `words`: what is to be cleared up, or
    why it was taken over. `why`: the reason of a misunderstanding.
    """

    number: int
    case: int
    taken_by: str
    taken_at: datetime
    asked_by: str | None = None
    words: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    finding: Finding | None = None
    reps_side: str | None = None
    customers_side: str | None = None
    why: str | None = None

    @property
    def under_way(self) -> bool:
        """Whether its outcome is still awaited."""
        return self.ended_at is None

    @property
    def judged(self) -> bool:
        """Whether it came to an outcome."""
        return self.finding in {Finding.UPHELD, Finding.MISUNDERSTANDING}

    @property
    def heard_both(self) -> bool:
        """Whether both sides are on record."""
        return self.judged and bool(self.reps_side and self.customers_side)


def onward(verdict: Verdict) -> Rung:
    """What a matter that was heard and upheld goes on to: a decision where a warning is valid, else a warning."""
    warned = any(reason.rule in {Rule.AFTER_WARNING, Rule.NOTHING_SINCE} for reason in verdict.reasons)
    return Rung.DECIDE if warned or verdict.rung is Rung.DECIDE else Rung.WARN


def rung_after(verdict: Verdict, case: Case, newest: Hearing | None, *, safeguarded_since: bool) -> Rung:
    """The rung on which a case stands under a verdict. `newest` is the last hearing in the case.

    A hearing that was asked for before a decision keeps the case at hear until its outcome, whatever comes in, unless
    a matter of zero tolerance comes up meanwhile.
    Once both sides are on record, the case is not heard again for what was heard: where the policy says hear, it goes
    onward instead. Only a safeguard that was set after the hearing (`safeguarded_since`) leads to another one.
    So, safeguards aside, more or worse incidents never lower the level of a case (`bot.rules.policy.assess`).
    """
    if newest is None:
        return verdict.rung
    if newest.under_way and newest.asked_by:
        return Rung.DECIDE if verdict.urgent and not case.urgent else Rung.HEAR
    if verdict.rung is Rung.HEAR and newest.heard_both and not safeguarded_since:
        return onward(verdict)
    return verdict.rung
