"""A form about a case, and what it says first: whom it is about, and why."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Block, Element, View, bold, filled, form, line, rich
from handlers.button_values import case_value
from handlers.shared.customer_lines import hearing_lines, reasons, safeguard_lines, tally, warnings_line
from handlers.shared.labels import name_of

NAMED: Final = _("{customer} · case {case}")
SIDE: Final = 1_000  # characters of what each side said, in a form


def case_form(file: CaseFile, named: tuple[str, str, str], *blocks: Block) -> View:
    """A form about a case. `named`: its callback_id, its title, and the words of its button."""
    callback, title, submit = named
    return form(callback, title, submit, blocks, case_value(file.case.number, file.case.version))


def customer_and_case(file: CaseFile) -> Element:
    """The customer and the case."""
    return line(*filled(NAMED, customer=bold(name_of(file.customer)), case=file.case.number))


def customer_and_tally(file: CaseFile) -> list[Element]:
    """The customer, the case, and how many reports there are."""
    return [customer_and_case(file), line(tally(file))]


def case_summary(file: CaseFile, policy: Policy) -> Block:
    """Whom it is about, the policy's reasons, the warnings and the hearing, and the safeguards."""
    tried = [*warnings_line(file.warnings, file.objections, file.at), *hearing_lines(file, SIDE)]
    return rich(*customer_and_tally(file), reasons(file, policy), *tried, *safeguard_lines(file.safeguards, policy))
