"""What managers ask for: the buttons of a case, and the forms behind them."""

from datetime import datetime

from bot.rules.warnings import Delivery
from bot.usecases.warnings.warn import IssueWarning, MarkDelivered, NotNow
from handlers.button_values import case_and_version, case_of
from handlers.names import BlockId
from handlers.parsing.fields import past_problem, required_text
from handlers.parsing.people import person
from handlers.parsing.reading import Form, one_of, refuse


def issue_warning(body: object) -> IssueWarning:
    """The warning's letter as edited. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    letter = required_text(form, BlockId.LETTER)
    return IssueWarning(by=person(body), case=case_of(form), letter=letter)


def mark_delivered(body: object, now: datetime) -> MarkDelivered:
    """How and when the warning reached the customer; not later than `now`. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    at = form.moment(BlockId.DELIVERED_AT)
    refuse({BlockId.DELIVERED_AT: past_problem(at, now)})
    return MarkDelivered(by=person(body), case=case_of(form), how=one_of(Delivery, form.chosen(BlockId.HOW)), at=at)


def not_now(body: object) -> NotNow:
    """Why there is no warning this time. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    rationale = required_text(form, BlockId.RATIONALE)
    case, version = case_and_version(form.metadata)
    return NotNow(by=person(body), case=case, version=version, rationale=rationale)
