"""How a customer stands with the firm."""

from bot.rules.customers import Standing
from bot.rules.policy.verdicts import Rung


def standing(open_rung: Rung | None, *, dropped: bool, restricted: bool, warned: bool) -> Standing:
    """The weightiest standing that applies: dropped, under review, restricted, warned, clear.

    `open_rung`: the rung of the open case, if there is one; only hear and decide put a customer under review.
    `dropped`, `restricted`: a decision in force drops them, or keeps them with conditions.
    `warned`: a warning is valid.
    """
    if dropped:
        return Standing.DROPPED
    if open_rung in {Rung.HEAR, Rung.DECIDE}:
        return Standing.UNDER_REVIEW
    if restricted:
        return Standing.RESTRICTED
    return Standing.WARNED if warned else Standing.CLEAR
