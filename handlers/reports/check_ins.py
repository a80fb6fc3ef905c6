"""The check-in with a rep, and the message to the care contact."""

from dataclasses import replace
from typing import Final

from bot.language import _
from bot.rules.customers import Customer
from bot.rules.reports import CareRequest, CheckIn, CheckInAnswer, Report
from bot.usecases.transport import Message
from handlers.blockkit.blocks import Element, Inline, actions, bold, button, filled, paragraph, person, when
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import DATE_ON
from handlers.button_values import check_in_value, report_value
from handlers.names import ActionId
from handlers.shared.labels import name_of
from handlers.shared.sentences import ON_THEIR_WAY

HOW_ARE_YOU: Final = {1: _("How are you today?"), 2: _("How are you by now?")}
REPORTED: Final = _("You reported {customer} on {day}.")
NO_NEED: Final = _(
    "What happened can stay on your mind. You need not answer. I do not tell managers what you say here."
)
GLAD: Final = _("You said that you are fine. Good to hear.")
LEFT_ALONE: Final = _("I won't ask again. You can report as before, and I will tell you what management does.")
NOBODY_ANY_MORE: Final = _(
    "You asked for someone to talk to. The person I asked to get in touch has left since. If nobody did, please "
    "turn to a colleague or a manager you trust."
)

ASKED_REPORTING: Final = _("{who} asked for a break or someone to talk to, when reporting a customer.")
ASKED_LATER: Final = _(
    "{who} would like someone to talk to. They said so when I asked how they are, after they had reported a customer."
)
TALKED: Final = _("You talked to them on {day}. What was said is not recorded.")
NO_LONGER_KEPT: Final = _("Somebody asked for someone to talk to. The name is no longer kept.")
PLEASE_WRITE: Final = _("Please get in touch with them as soon as you can. They know that I have asked you.")


def check_in_notice(check_in: CheckIn, report: Report, customer: Customer, care_contact: str | None) -> Message:
    """The question with its buttons, or the answer. Someone to talk to is offered until the rep asks for it."""
    buttons = _buttons(check_in, offers_care=care_contact is not None and check_in.care_at is None)
    return message(
        paragraph(
            bold(HOW_ARE_YOU[check_in.round]),
            " ",
            *filled(REPORTED, customer=name_of(customer), day=when(report.reported_at, DATE_ON)),
        ),
        *(paragraph(*said) for said in _said(check_in, care_contact)),
        actions(*buttons) if buttons else None,
    )


def care_notice(content: CareRequest | None, *, later: bool = False) -> Message:
    """To the care contact: who asks for someone to talk to, and nothing about the report. None: that was erased.

    `later`: they asked in a check-in instead of the report form.
    """
    if content is None:
        return replace(message(paragraph(NO_LONGER_KEPT)), forgotten=True)
    asked = filled(ASKED_LATER if later else ASKED_REPORTING, who=person(content.rep))
    if content.talked_at:
        return message(paragraph(*asked), paragraph(*filled(TALKED, day=when(content.talked_at, DATE_ON))))
    talked = button(_("I have talked to them"), ActionId.TALKED, report_value(content.report))
    return message(paragraph(*asked), paragraph(PLEASE_WRITE), actions(talked))


def _said(check_in: CheckIn, care_contact: str | None) -> list[list[Inline]]:
    said: list[list[Inline]] = []
    if check_in.care_at:
        said.append(filled(ON_THEIR_WAY, who=person(care_contact)) if care_contact else [NOBODY_ANY_MORE])
    if check_in.answer is CheckInAnswer.DECLINED:
        said.append([LEFT_ALONE])
    elif check_in.answer is CheckInAnswer.FINE and not check_in.care_at:
        said.append([GLAD])
    return said or [[NO_NEED]]


def _buttons(check_in: CheckIn, *, offers_care: bool) -> list[Element]:
    value = check_in_value(check_in.report, check_in.round)
    asked = check_in.answer is None and check_in.care_at is None
    fine = button(_("I'm fine"), ActionId.CHECK_IN_FINE, value)
    talk = button(_("I would like someone to talk to"), ActionId.CHECK_IN_TALK, value)
    decline = button(_("Please don't ask"), ActionId.CHECK_IN_DECLINE, value)
    return [*([fine] if asked else []), *([talk] if offers_care else []), *([decline] if asked else [])]
