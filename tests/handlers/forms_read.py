"""How tests read a form that was sent, as the dispatcher does."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.rules.fields import problems
from bot.rules.refusals import Wrong
from handlers.names import BLOCK_OF
from handlers.parsing.form import Form
from tests.handlers import view_samples as sample

Command = TypeVar("Command")


def parsed(parser: Callable[[Form], Command], body: object) -> Command:
    """What a parser makes of a form. Raises Wrong if a choice was not made."""
    form = Form(body)
    command = parser(form)
    if form.problems:
        raise Wrong(form.problems)
    return command


def said(parser: Callable[[Form], object], body: object, now: datetime) -> dict[str, str]:
    """What is said beside the fields of a form that is sent at this time, by block."""
    form = Form(body)
    wrong = problems(parser(form), sample.POLICY, now) | form.problems
    return {BLOCK_OF[name]: text for name, text in wrong.items()}
