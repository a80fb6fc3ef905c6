"""What managers ask for: the buttons of a case, and the forms behind them."""

from bot.usecases.cases.recuse import Recuse
from handlers.button_values import case_of
from handlers.names import BlockId
from handlers.parsing.people import person
from handlers.parsing.reading import Form


def recuse(body: object) -> Recuse:
    """Stepping aside, with a reason or without. Raises `Malformed` and `FieldErrors`."""
    form = Form(body)
    return Recuse(by=person(body), case=case_of(form), reason=form.typed(BlockId.REASON))
