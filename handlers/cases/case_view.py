"""*See the case*: why management is asked, what was tried, and every report in full."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile, CaseInFull
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Block, View, actions, bold, button, context_block, line, note, paragraph, rich
from handlers.button_values import case_value, list_action, list_value
from handlers.cases.notice import title
from handlers.cases.precedents import similar_cases
from handlers.names import ActionId, CallbackId, ListName
from handlers.shared.case_buttons import letter_of
from handlers.shared.case_header import SIDE, customer_and_case
from handlers.shared.customer_lines import (
    hearing_lines,
    past_line,
    reasons,
    safeguard_lines,
    standing_line,
    tally,
    warnings_line,
)
from handlers.shared.deadline_lines import deadline
from handlers.shared.decision_lines import decision_history_blocks, decision_sentence, rationale_quote, whose_letter
from handlers.shared.list_lines import page_buttons
from handlers.shared.protection_lines import protection_history
from handlers.shared.report_lines import report_in_full

RATIONALE: Final = 3_000
WHY: Final = _("Why management is asked")
NOTHING: Final = _("No report is on record any more.")


def case_view(shown: CaseInFull, policy: Policy) -> View:
    """A page of the case. The first one says before the reports what is asked and why, and after them all else."""
    file, page = shown.file, shown.reports
    reports = [block for report in page.items for block in report_in_full(report, file, policy)]
    pages = page_buttons(page, f"{ListName.CASE}:{file.case.number}")
    read = [*(reports or [paragraph(NOTHING)]), *pages]
    if page.number > 1:
        return note(CallbackId.LIST, _("The case"), [rich(customer_and_case(file)), *read])
    return note(CallbackId.LIST, _("The case"), [*_what_is_asked(file, policy), *read, *_all_else(file, policy)])


def _what_is_asked(file: CaseFile, policy: Policy) -> list[Block]:
    tolerance = [*safeguard_lines(file.safeguards, policy)]
    return [
        rich(line(bold(title(file)))),
        *([context_block(deadline(file))] if file.case.is_open else []),
        rich(standing_line(file), line(f"{tally(file)}.")),
        rich(line(bold(WHY)), reasons(file, policy)),
        *([rich(*tolerance)] if tolerance else []),
        *_decided(file),
    ]


def _all_else(file: CaseFile, policy: Policy) -> list[Block]:
    similar = similar_cases(file.similar, policy)
    tried = [
        *warnings_line(file.warnings, file.objections, file.at),
        *hearing_lines(file, SIDE),
        *protection_history(file),
        *past_line(file.past),
    ]
    return [*([rich(*tried)] if tried else []), *([similar] if similar else []), actions(*_buttons(file))]


def _decided(file: CaseFile) -> list[Block]:
    if file.decision is None:
        return []
    letter = [line(*said)] if (said := whose_letter(file)) else []
    decided = rich(line(*decision_sentence(file)), rationale_quote(file, RATIONALE), *letter)
    return [decided, *decision_history_blocks(file.decision, file.decision_history)]


def _buttons(file: CaseFile) -> list[Block]:
    letter = button(_("Read the letter"), ActionId.READ_LETTER, case_value(file.case.number, file.case.version))
    timeline = list_value(f"{ListName.TIMELINE}:{file.customer.number}", 1)
    return [
        *([letter] if letter_of(file) else []),
        button(_("Timeline"), list_action(ListName.TIMELINE), timeline),
    ]
