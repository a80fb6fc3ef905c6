"""A form about a case, and what it says first: whom it is about. The notice, from which it opens, says the rest."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Block, Element, View, bold, filled, form, line, rich
from handlers.button_values import case_value
from handlers.shared.customer_lines import safeguard_lines
from handlers.shared.labels import name_of

NAMED: Final = _("{customer} · case {case}")
SIDE: Final = 1_000  # characters of what each side said, in the case in full


def case_form(file: CaseFile, named: tuple[str, str, str], *blocks: Block) -> View:
    """A form about a case. `named`: its callback_id, its title, and the words of its button."""
    callback, title, submit = named
    return form(callback, title, submit, blocks, case_value(file.case.number, file.case.version))


def customer_and_case(file: CaseFile) -> Element:
    """The customer and the case."""
    return line(*filled(NAMED, customer=bold(name_of(file.customer)), case=file.case.number))


def about(file: CaseFile, policy: Policy) -> Block:
    """Whom a form is about, and what has to be considered about them."""
    return rich(customer_and_case(file), *safeguard_lines(file.safeguards, policy))
