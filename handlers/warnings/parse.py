"""Reads the forms of a warning. Every function raises `Malformed` and `FieldErrors`."""

from datetime import datetime

from bot.rules.warnings import Delivery
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow
from handlers.button_values import case_and_version, case_of
from handlers.names import BlockId
from handlers.parsing.fields import past_problem, required_text
from handlers.parsing.people import sender
from handlers.parsing.reading import Form, member_of, refuse


def issue_warning(body: object) -> IssueWarning:
    """The letter as edited."""
    form = Form(body)
    return IssueWarning(by=sender(body), case=case_of(form), letter=required_text(form, BlockId.LETTER))


def mark_delivered(body: object, now: datetime) -> MarkDelivered:
    """How and when the warning reached the customer, not later than `now`."""
    form = Form(body)
    at = form.moment(BlockId.DELIVERED_AT)
    refuse({BlockId.DELIVERED_AT: past_problem(at, now)})
    return MarkDelivered(by=sender(body), case=case_of(form), how=member_of(Delivery, form.chosen(BlockId.HOW)), at=at)


def not_now(body: object) -> NotNow:
    """Why there is no warning this time."""
    form = Form(body)
    rationale = required_text(form, BlockId.RATIONALE)
    case, version = case_and_version(form.metadata)
    return NotNow(by=sender(body), case=case, version=version, rationale=rationale)
