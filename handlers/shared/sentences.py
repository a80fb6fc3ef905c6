"""Sentences that several views say alike."""

from datetime import date, datetime
from typing import Final

from bot.language import _
from bot.rules.decisions import Choice
from bot.rules.objections import Terms
from handlers.blockkit.blocks import Inline, filled, when
from handlers.blockkit.text import DATE_ON, day

# Translators: {act} is "warn them", "hear both sides" or the like.
MANAGEMENT_HAS_UNTIL: Final = _("Management has until {due} to {act}.")
# Translators: {act} likewise, {due} is a day.
MANAGEMENT_IS_LATE: Final = _("Late since {due}: management is to {act}.")
DIRECTORS_ARE_LATE: Final = _("Late since {due}: the directors are to {act}.")
ON_RECORD: Final = _("On record. If more is reported, management may have to act.")
EXPIRED: Final = _("On record. It happened so long ago that it has no points any more.")
# Translators: {choice} is such as "we keep them", in bold.
DECIDED: Final = _("Decided on {day} by {manager}: {choice}.")
OVER: Final = _("The decision has ended.")
ON_THEIR_WAY: Final = _("I have asked {who} to get in touch with you. You can write to them first, any time.")
NOBODY_FOR_CARE: Final = _(
    "There is no care contact any more who could get in touch with you. Please turn to a colleague or a manager "
    "you trust."
)
SAFETY: Final = _("If you or somebody else is in danger, call the emergency services now.")

# Translators: what was decided about a customer, as in "Decided on 5 Oct by Priya: we keep them".
_DROPPED: Final = _("we end the relationship")
_DROPPED_ON: Final = _("we end the relationship on {day}")
_DROPPED_SINCE: Final = _("we ended the relationship on {day}")
_KEPT: Final = _("we keep them")
_KEPT_WITH_CONDITIONS: Final = _("we keep them, with conditions")


def asked_of_management(act: str, due: datetime, now: datetime, late: str = MANAGEMENT_IS_LATE) -> list[Inline]:
    """What management has until when to do, or is late with. `late`: in which words."""
    if due > now:
        return filled(MANAGEMENT_HAS_UNTIL, act=act, due=when(due))
    return filled(late, act=act, due=when(due, DATE_ON))


def choice_in_words(terms: Terms, today: date) -> str:
    """What was decided, or changed to after an objection."""
    if terms.choice is Choice.KEEP:
        return _KEPT_WITH_CONDITIONS if terms.conditions else _KEPT
    if terms.effective_on is None:
        return _DROPPED
    return (_DROPPED_SINCE if terms.effective_on <= today else _DROPPED_ON).format(day=day(terms.effective_on))
