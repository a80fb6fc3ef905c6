"""Hearings of both sides: who takes one, what came of it, and the rung on which the case continues."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.rules.cases import Case
from bot.rules.policy.verdicts import Rule, Rung, Verdict


class Finding(StrEnum):
    """How a hearing ended. The last two are no outcome: nobody judged anything."""

    UPHELD = "upheld"
    MISUNDERSTANDING = "misunderstanding"
    HANDED_OVER = "handed_over"  # another manager took it over
    OVERTAKEN = "overtaken"  # management was asked for something else before it ended


@dataclass(frozen=True, slots=True)
class Hearing:
    """One manager's hearing of both sides.

    `asked_by`: who asked for it before a decision; None if the policy did. `words`: what is to be cleared up, or why
    it was taken over. `why`: the reason for finding a misunderstanding.
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
        """Whether it has not ended."""
        return self.ended_at is None

    @property
    def has_outcome(self) -> bool:
        """Whether it came to an outcome."""
        return self.finding in {Finding.UPHELD, Finding.MISUNDERSTANDING}

    @property
    def heard_both(self) -> bool:
        """Whether it came to an outcome and both sides are on record."""
        return self.has_outcome and bool(self.reps_side and self.customers_side)


def rung_after_upheld(verdict: Verdict) -> Rung:
    """The rung after a hearing that upheld the reports: decide if enough warnings are valid, else warn."""
    about_warnings = {Rule.AFTER_WARNING, Rule.AFTER_WARNINGS, Rule.NOTHING_SINCE}
    warned = any(each.rule in about_warnings and not each.facts.get("missing") for each in verdict.reasons)
    return Rung.DECIDE if warned or verdict.rung is Rung.DECIDE else Rung.WARN


def rung_after(verdict: Verdict, case: Case, newest: Hearing | None, *, safeguarded_since: bool) -> Rung:
    """The rung of a case under a verdict. `newest`: the last hearing of the case.

    - A hearing that was asked for before a decision keeps the case on hear until its outcome. Only a new matter of
      zero tolerance ends it.
    - Once both sides are on record, the case is not heard again: if the policy says hear, the case goes to the rung
      after an upheld hearing. Only a safeguard set after that hearing (`safeguarded_since`) leads to another one.

    So, apart from safeguards, more or worse incidents never lower a case's rung (see `bot.rules.policy.assess`).
    """
    if newest is None:
        return verdict.rung
    if newest.under_way and newest.asked_by:
        return Rung.DECIDE if verdict.urgent and not case.urgent else Rung.HEAR
    if verdict.rung is Rung.HEAR and newest.heard_both and not safeguarded_since:
        return rung_after_upheld(verdict)
    return verdict.rung
