"""What every form about a case says on top: who it is about, and why, so that nobody decides blind."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Block, Element, View, filled, form, line, rich, strong
from handlers.button_values import case_value
from handlers.shared.customer_lines import hearing_lines, reasons, safeguard_lines, tally, warnings_line
from handlers.shared.labels import name_of

NAMED: Final = _("{customer} · case {case}")
SIDE: Final = 1_000  # characters of what each side said, in a form


def case_form(file: CaseFile, named: tuple[str, str, str], *blocks: Block) -> View:
    """A form about a case. `named`: its callback_id, its title, and the words of its button."""
    callback, title, submit = named
    return form(callback, title, submit, blocks, case_value(file.case.number, file.case.version))


def named(file: CaseFile) -> Element:
    """The customer and the case."""
    return line(*filled(NAMED, customer=strong(name_of(file.customer)), case=file.case.number))


def who(file: CaseFile) -> list[Element]:
    """The customer, and how much has come together."""
    return [named(file), line(tally(file))]


def at_stake(file: CaseFile, policy: Policy) -> Block:
    """Who it is about, the policy's reasons, what was tried, and what speaks for tolerance."""
    tried = [warnings_line(file.warnings, file.disputes), *hearing_lines(file, SIDE)]
    return rich(*who(file), reasons(file, policy), *tried, *safeguard_lines(file.safeguards, policy))
