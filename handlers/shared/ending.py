"""What a rep reads about a contact that they ended within the policy. Of any other contact nothing is said."""

from typing import Final

from bot.language import _
from bot.rules.policy.ending_rules import EndingRule
from bot.rules.reports import Report
from handlers.blockkit.blocks import Block, paragraph

# Translators: {number} is of the rep's report; they may name it where figures of quality or satisfaction are kept.
WITHIN: Final = {
    EndingRule.AT_ONCE: _(
        "You ended the contact at once: that is within our policy and does not count against you (report {number})."
    ),
    EndingRule.AFTER_WARNING: _(
        "You ended the contact after a clear warning: "
        "that is within our policy and does not count against you (report {number})."
    ),
    EndingRule.AFTER_REPETITION: _(
        "You ended the contact after long repetition: "
        "that is within our policy and does not count against you (report {number})."
    ),
}


IN_BRIEF: Final = _("You ended it within our policy: that does not count against you (report {number}).")


def ended_within(rule: EndingRule | None, report: int) -> list[Block]:
    """That it does not count against them, with the number of their report; nothing without a rule that allowed it."""
    return [paragraph(WITHIN[rule].format(number=report))] if rule else []


def ended_in_brief(report: Report) -> list[Block]:
    """The same for a message, also where it was a misunderstanding: the rep did not know.

    Of a report that they withdrew nothing is said.
    """
    says = report.ended_within and not report.withdrawn_at
    return [paragraph(IN_BRIEF.format(number=report.incident.number))] if says else []
