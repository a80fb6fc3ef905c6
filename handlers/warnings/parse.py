"""Reads the forms of a warning. Every function raises `Malformed`."""

from bot.rules.warnings import Delivery
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow
from handlers.button_values import case_and_version, case_of
from handlers.names import BlockId
from handlers.parsing.form import Form


def issue_warning(form: Form) -> IssueWarning:
    """The letter as edited."""
    case, version = case_and_version(form.metadata)
    return IssueWarning(by=form.by, case=case, letter=form.typed(BlockId.LETTER), version=version)


def mark_delivered(form: Form) -> MarkDelivered:
    """How and when the warning reached the customer."""
    how, at = form.member(BlockId.HOW, Delivery), form.moment(BlockId.DELIVERED_AT)
    return MarkDelivered(by=form.by, case=case_of(form), how=how, at=at)


def not_now(form: Form) -> NotNow:
    """Why there is no warning this time."""
    case, version = case_and_version(form.metadata)
    return NotNow(by=form.by, case=case, version=version, rationale=form.typed(BlockId.RATIONALE))
