"""Other messages about a case: to who is asked to act, to directors, and the note that it is overdue."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.cases import Left
from bot.rules.policy.policy import Policy
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    actions,
    bold,
    context_block,
    filled,
    header,
    line,
    link,
    paragraph,
    rich,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.cases.notice import case_notice, title
from handlers.shared.case_brief import case_in_brief
from handlers.shared.case_buttons import case_buttons
from handlers.shared.deadline_lines import APART, approvals_so_far, deadline, takes_no_part, too_few_left

# Translators: {overdue} is "Overdue" in bold.
STILL: Final = _("{overdue} since {at}")
# Translators: the same.
STILL_AND_NOTIFIED: Final = _("{overdue} since {at}, with the directors")
# Translators: the deadline of a case was moved.
MOVED: Final = _("No longer overdue: there is time until {at}")
# Translators: a case that has ended.
ENDED: Final = _("Done")
CASE: Final = _("case {case}")
OPEN: Final = _("Open the notice")
WHY_ESCALATED: Final = _("You get this because it is overdue. Your Home shows what else is overdue.")
WITH_MANAGERS: Final = _("The managers have this case again. You do not have to do anything.")


def asked_notice(file: CaseFile, policy: Policy, manager: str) -> Message:
    """To a manager who may act: the case in brief, and its buttons."""
    if takes_no_part(file, manager):
        return message(header(title(file)), paragraph(APART))
    if not file.case.is_open:
        return case_notice(file, policy)
    return _with_buttons(file, policy, None)


def overdue_note(file: CaseFile, notice: str | None) -> Message:
    """To the management channel, on each business day after the deadline, which may have been moved since."""
    if file.case.is_open and not file.overdue:
        return _short(file, notice, filled(MOVED, at=when(file.case.due_at)))
    still = STILL_AND_NOTIFIED if file.directors_notified else STILL
    return _short(file, notice, filled(still, overdue=bold(_("Overdue")), at=when(file.case.due_at)))


def escalation_notice(file: CaseFile, policy: Policy, director: str, notice: str | None) -> Message:
    """To a director: why the case comes to them, the case in brief, and its buttons."""
    if takes_no_part(file, director):
        return message(header(title(file)), paragraph(APART))
    if not file.case.is_open:
        return case_notice(file, policy)
    if not file.overdue and file.case.left is Left.MANAGERS:
        return message(header(title(file)), context_block(deadline(file)), paragraph(WITH_MANAGERS))
    return _with_buttons(file, policy, notice, *([paragraph(WHY_ESCALATED)] if file.overdue else []))


def _with_buttons(file: CaseFile, policy: Policy, notice: str | None, *why: Block) -> Message:
    return message(
        header(title(file)),
        context_block(deadline(file)),
        *why,
        *case_in_brief(file, policy),
        too_few_left(file, policy),
        approvals_so_far(file, policy),
        rich(line(*_link(notice))) if notice else None,
        actions(*case_buttons(file)),
    )


def _short(file: CaseFile, notice: str | None, said: list[Inline]) -> Message:
    opening: list[Inline] = said if file.case.is_open else [bold(ENDED)]
    where: list[Inline] = [" · ", *_link(notice)] if notice else []
    about = f" · {title(file)} · {CASE.format(case=file.case.number)}"
    return message(rich(line(*opening, about, *where)))


def _link(notice: str | None) -> list[Element]:
    return [link(notice, OPEN)] if notice else []
