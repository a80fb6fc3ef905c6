"""A case in brief, for messages that ask somebody to act: why, the worst words, and who acts."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.people import is_group
from bot.rules.policy.policy import Policy
from bot.rules.policy.reasons import in_short
from bot.rules.policy.verdicts import Rung
from handlers.blockkit.blocks import Block, Inline, bold, filled, group, joined, line, person, rich
from handlers.blockkit.text import one_line, shorten
from handlers.shared.case_buttons import hearing_of, issued
from handlers.shared.counts import reports, reps
from handlers.shared.customer_lines import hearing_lines, safeguard_kinds
from handlers.shared.deadline_lines import approvals_so_far, excluded_line, too_few_left
from handlers.shared.protection_lines import protection_line
from handlers.shared.report_lines import worst_words

LONGEST_WORTH: Final = 40
# Translators: {reports} is such as "3 reports", {reps} such as "2 reps".
TALLY: Final = _("{reports} by {reps}")
NO_LONGER: Final = _("The policy no longer asks for this: {why}")
# Translators: {people} are the managers who may act, or the next text.
ASKED: Final = {
    Rung.RECORD: _("{people}: please look at it."),
    Rung.WARN: _("{people}: please warn them, or say why not."),
    Rung.HEAR: _("{people}: one of you, please hear both sides, the rep first."),
    Rung.DECIDE: _("{people}: please decide."),
}
DELIVER: Final = _("{people}: please send the letter and mark it as delivered.")
MANAGERS: Final = _("Managers")
HEARS: Final = _("{by} hears both sides and records the outcome. Management decides only after that.")


def case_in_brief(file: CaseFile, policy: Policy) -> list[Block]:
    """Why management is asked, the worst words of the case, what a hearing found, and the safeguards."""
    words, heard = worst_words(file, policy), hearing_of(file) is None
    safeguards = safeguard_kinds(file.safeguards, policy)
    hearing = hearing_lines(file)[:1] if heard else []
    return [rich(line(*_why(file, policy)), *([words] if words else []), *hearing, *safeguards)]


def who_acts(file: CaseFile, policy: Policy) -> list[Block | None]:
    """Who is asked to act, who may not and why, and who has approved."""
    excluded = excluded_line(file)
    asked = line(*_asked(file))
    return [
        too_few_left(file, policy),
        rich(asked, *protection_line(file), *([excluded] if excluded else [])),
        approvals_so_far(file, policy),
    ]


def _why(file: CaseFile, policy: Policy) -> list[Inline]:
    asked, rung = file.verdict.rung, file.case.rung
    reason = in_short(file.verdict, policy, heard=asked is Rung.HEAR and rung in {Rung.WARN, Rung.DECIDE})
    why = NO_LONGER.format(why=reason) if asked is Rung.RECORD is not rung else reason
    tally = TALLY.format(reports=reports(file.all_reports), reps=reps(file.reporters))
    worth = shorten(one_line(file.customer.worth or ""), LONGEST_WORTH)
    return joined([[bold(tally)], [why], *([[worth]] if worth else [])], " · ")


def _asked(file: CaseFile) -> list[Inline]:
    hearing = hearing_of(file)
    if hearing:
        return filled(HEARS, by=person(hearing.taken_by))
    template = DELIVER if file.case.rung is Rung.WARN and issued(file) else ASKED[file.case.rung]
    people = joined(([group(each) if is_group(each) else person(each)] for each in file.asked), " ")
    return filled(template, people=people or [MANAGERS])
