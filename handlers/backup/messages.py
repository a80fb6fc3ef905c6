"""The messages of a call for backup: to who is asked, and to the rep."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.language import _, ngettext
from bot.rules.backup import BackupCall, CallFile, Circle, HowEnded
from bot.rules.people import is_user
from bot.rules.policy.backup_rules import BackupRules
from bot.usecases.backup.calls import CallerMessage
from bot.usecases.backup.messages import BackupContent
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    Inline,
    View,
    actions,
    bold,
    button,
    filled,
    joined,
    note,
    paragraph,
    person,
    when,
)
from handlers.blockkit.fallback_text import as_text, message
from handlers.blockkit.text import DATE_ON, TIME_ONLY, one_line, shorten
from handlers.button_values import call_value
from handlers.names import ActionId, CallbackId
from handlers.shared.labels import STANDINGS, shown_name

MOST_NAMED: Final = 5
HERE: Final = {"type": "broadcast", "range": "here"}  # notifies everybody in the channel who is active

NEEDED: Final = _("{caller} needs somebody now")
BE_THE_ONE: Final = _("{you}: the first who presses goes. {caller} sees at once who comes.")
IN_CHANNEL: Final = _("Nobody has come yet. The first who presses goes.")
IN_CHANNEL_AGAIN: Final = _("{people}: nobody has come yet. The first who presses goes.")
MISSED: Final = _("{caller} called for somebody at {at}, and this could not be sent in time. Please ask how they are.")
WITH_THEM: Final = _("{by} has been helping {caller} since {at}.")
YOU_ARE: Final = _("You have been helping {caller} since {at}. When it is over, please press how it ended.")
OVER: Final = _("{caller}'s call of {at} is over.")

CALLING: Final = _("I am calling somebody for you.")
ASKED: Final = _("I am asking {people}.")
THE_CHANNEL: Final = _("the management channel")
ASKED_CHANNEL: Final = _("I am asking in the management channel.")
READ_HERE: Final = _("You will read here who comes.")
READ_IN_MESSAGES: Final = _("A direct message from me will say who comes.")
COMES: Final = _("{by} is coming.")
CAME_THEN: Final = _("{by} came to your call of {at}, which is over.")
CAME: Final = _("{by} answered at {at} and is on the way. When it is over, please press how it ended.")
NOBODY: Final = _("Nobody has come yet.")
STILL: Final = _("Whoever I have asked can still come. If you need nobody any more, press No longer needed.")
NOT_SENT: Final = _(
    "I am sorry: when you called at {at}, my messages reached nobody in time. If you need somebody now, please "
    "call again."
)
IS_OVER: Final = _("Your call of {at} is over.")
BEGUN: Final = _("If you report what happened, I fill in the customer, the time and the place.")
ASKED_ONCE: Final = _("You called for somebody on {day}. Would you like to report what happened? I ask only once.")
REPORTED: Final = _("You have reported it.")
ENDED: Final[Mapping[HowEnded, str]] = {
    HowEnded.STOOD_DOWN: _("Help was no longer needed."),
    HowEnded.CALMED: _("The customer calmed down."),
    HowEnded.TAKEN_OVER: _("A colleague took over."),
    HowEnded.CONTACT_ENDED: _("The contact was ended."),
    HowEnded.EMERGENCY: _("The emergency services were called."),
    HowEnded.MISSED: "",
    HowEnded.OVER: _("Nobody said how it ended."),
}
# Translators: the buttons that say how it ended.
HOW: Final = (
    (ActionId.BACKUP_CALMED, _("Calmed down")),
    (ActionId.BACKUP_TAKEN_OVER, _("Taken over")),
    (ActionId.BACKUP_CONTACT_ENDED, _("Contact ended")),
    (ActionId.BACKUP_EMERGENCY, _("Emergency services called")),
)
STAND_DOWN: Final = _("No longer needed")
ON_IT: Final = _("I'm on it")
GET_BACKUP: Final = _("Get backup")


def backup_notice(content: BackupContent, reader: str, rules: BackupRules) -> Message:
    """To somebody who is asked to come, or to the management channel."""
    file, call = content.file, content.file.call
    if file.comes_late or call.ended_how is HowEnded.MISSED:
        return message(paragraph(*filled(MISSED, caller=person(call.caller), at=when(call.called_at, TIME_ONLY))))
    if call.waits:
        blocks = _asking(file, reader, rules)
    elif call.is_open:
        blocks = _taken(file, reader)
    else:
        blocks = [paragraph(*_over(call), " ", *_how(call))]
    return _sent(content, message(*blocks))


def backup_rep_notice(content: BackupContent, which: CallerMessage, rules: BackupRules) -> Message:
    """To the rep. Each `CallerMessage` is a message of its own, as an edit notifies nobody."""
    draw = {
        CallerMessage.STATUS: _status,
        CallerMessage.COMING: _coming,
        CallerMessage.ALONE: _alone,
        CallerMessage.REPORT: _asked_to_report,
    }
    return _sent(content, message(*draw[which](content.file, rules)))


def called_text(file: CallFile) -> str:
    """The answer to the command."""
    return as_text(_called(file))


def called_view(file: CallFile) -> View:
    """The same after a button."""
    return note(CallbackId.NOTE, GET_BACKUP, _called(file))


def _sent(content: BackupContent, drawn: Message) -> Message:
    return replace(drawn, forgotten=True) if content.not_sent else drawn


def _called(file: CallFile) -> list[Block]:
    call = file.call
    return [paragraph(*(_comes(call) or [bold(CALLING), " ", *_who(call), " ", READ_IN_MESSAGES]))]


def _asking(file: CallFile, reader: str, rules: BackupRules) -> list[Block]:
    """In the channel somebody is notified in any case: who was asked before, else everybody who is active."""
    call, caller, in_channel = file.call, person(file.call.caller), not is_user(reader)
    first: list[Inline] = [HERE, " "] if in_channel and (rules.here or not file.again) else []
    ask = filled(BE_THE_ONE, you=person(reader), caller=caller)
    if in_channel:
        again = [[person(user)] for user in file.again]
        ask = filled(IN_CHANNEL_AGAIN, people=joined(again)) if again else [IN_CHANNEL]
    return [
        paragraph(*first, *filled(NEEDED, caller=caller), *_about(file), " · ", when(call.called_at, TIME_ONLY)),
        paragraph(*ask),
        actions(button(ON_IT, ActionId.BACKUP_TAKE, call_value(call.number), primary=True)),
    ]


def _taken(file: CallFile, reader: str) -> list[Block]:
    call = file.call
    if reader == call.taken_by and call.taken_at:
        since = filled(YOU_ARE, caller=person(call.caller), at=when(call.taken_at, TIME_ONLY))
        return [paragraph(*since), *([paragraph(*about[1:])] if (about := _about(file)) else []), _buttons(call)]
    return [paragraph(*(_with_them(call) or _over(call)))]


def _status(file: CallFile, _rules: BackupRules) -> list[Block]:
    call = file.call
    if not call.is_open:
        return _after(file)
    about = _about(file)
    shown = [paragraph(*about[1:])] if about else []
    if comes := _comes(call):
        return [paragraph(*comes), *shown, _buttons(call)]
    return [paragraph(bold(CALLING), " ", *_who(call), " ", READ_HERE), *shown, actions(_stand_down(call))]


def _coming(file: CallFile, _rules: BackupRules) -> list[Block]:
    call = file.call
    if call.taken_by is None:
        return [paragraph(CALLING)]
    by, at = person(call.taken_by), when(call.called_at, TIME_ONLY)
    return [paragraph(*(filled(COMES, by=by) if call.is_open else filled(CAME_THEN, by=by, at=at)))]


def _alone(file: CallFile, rules: BackupRules) -> list[Block]:
    call = file.call
    if call.ended_how is HowEnded.MISSED:
        again = button(GET_BACKUP, ActionId.HOME_BACKUP, ActionId.HOME_BACKUP)
        return [paragraph(*filled(NOT_SENT, at=when(call.called_at, TIME_ONLY))), actions(again)]
    if comes := _comes(call):
        return [paragraph(*comes)]
    if not call.is_open:
        return [paragraph(*filled(IS_OVER, at=when(call.called_at, TIME_ONLY)))]
    return [paragraph(bold(NOBODY), " ", one_line(rules.alone)), paragraph(STILL), actions(_stand_down(call))]


def _asked_to_report(file: CallFile, _rules: BackupRules) -> list[Block]:
    if file.reported:
        return [paragraph(REPORTED)]
    return [paragraph(*filled(ASKED_ONCE, day=when(file.call.called_at, DATE_ON))), actions(_report(file.call))]


def _after(file: CallFile) -> list[Block]:
    call = file.call
    missed = call.ended_how is HowEnded.MISSED
    said = filled(NOT_SENT if missed else IS_OVER, at=when(call.called_at, TIME_ONLY))
    offer = [paragraph(REPORTED)] if file.reported else [paragraph(BEGUN), actions(_report(call))]
    return [paragraph(*said, " ", *_how(call)), *offer]


def _about(file: CallFile) -> list[Inline]:
    """Who and where, as far as known, each behind a dot."""
    found: list[Inline] = []
    if file.name:
        found += [" · ", bold(shorten(shown_name(file.name), 100))]
    if file.standing:
        found += [f" ({STANDINGS[file.standing]})"]
    return [*found, *([" · ", shorten(one_line(file.call.words), 200)] if file.call.words else [])]


def _who(call: BackupCall) -> list[Inline]:
    """Who was asked so far."""
    if not call.asked:
        return [ASKED_CHANNEL]
    more = len(call.asked) - MOST_NAMED
    people = [[person(user)] for user in call.asked[:MOST_NAMED]]
    rest = [[ngettext("{n:,} more", "{n:,} more", more).format(n=more)]] if more > 0 else []
    channel = [[THE_CHANNEL]] if call.circle is Circle.CHANNEL else []
    return filled(ASKED, people=joined([*people, *rest, *channel]))


def _comes(call: BackupCall) -> list[Inline]:
    if call.taken_by is None or call.taken_at is None:
        return []
    return filled(CAME, by=person(call.taken_by), at=when(call.taken_at, TIME_ONLY))


def _with_them(call: BackupCall) -> list[Inline]:
    if call.taken_by is None or call.taken_at is None:
        return []
    return filled(WITH_THEM, by=person(call.taken_by), caller=person(call.caller), at=when(call.taken_at, TIME_ONLY))


def _over(call: BackupCall) -> list[Inline]:
    return filled(OVER, caller=person(call.caller), at=when(call.called_at, TIME_ONLY))


def _how(call: BackupCall) -> list[Inline]:
    return [ENDED[call.ended_how]] if call.ended_how else []


def _buttons(call: BackupCall) -> Block:
    how = (button(words, action, call_value(call.number)) for action, words in HOW)  # one touch, as somebody is shaking
    return actions(*how, _stand_down(call))


def _stand_down(call: BackupCall) -> Element:
    return button(STAND_DOWN, ActionId.BACKUP_STAND_DOWN, call_value(call.number))


def _report(call: BackupCall) -> Element:
    return button(_("Report what happened"), ActionId.BACKUP_REPORT, call_value(call.number))
