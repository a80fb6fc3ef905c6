"""*What you may do*: what the policy says to reps, from the App Home. `policy show --for staff` prints more of it."""

from collections.abc import Iterable
from typing import Final

from bot.language import _, ngettext
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Block, View, bullets, header, line, note, rich
from handlers.blockkit.text import OR, listed, shorten
from handlers.names import CallbackId

WHAT_YOU_MAY_DO: Final = _("What you may do")
MOST_KINDS: Final = 10
LONGEST: Final = 300  # of a line
BOUNDARY: Final = _("Set a boundary: “{words}”")
END_CONTACT: Final = _("End the contact: “{words}”")
# Translators: {kind} is a kind of conduct, {words} what a rep may say then.
OF_A_KIND: Final = _("{kind}: “{words}”")
WHEN_DROPPED: Final = _("When a customer who was dropped gets in touch: “{words}”")
NOBODY_COMES: Final = _("When you have called for backup and nobody comes: {words}")
AT_ONCE: Final = _("You may end the contact at once: {kinds}")
AFTER_WARNING: Final = _("You may end it after one clear warning: {kinds}")
WHAT_FOLLOWS: Final = (
    _("Every report stays on record. Nothing happens to a customer by itself: managers decide, by a deadline."),
    _("If it may have been a misunderstanding, say so in the form: both sides are heard before a warning."),
    _("Whoever reported the customer or owns the account does not decide."),
    _("I write to you what was decided, and why. You may withdraw a report while its case is open."),
)


def what_you_may_do_view(policy: Policy) -> View:
    """What reps may say and when they may end a contact, what to report, and what follows, in the policy's words."""
    kinds = list(policy.categories.values())[:MOST_KINDS]
    return note(
        CallbackId.NOTE,
        WHAT_YOU_MAY_DO,
        [
            _list([*_may_say(policy), *_may_end(policy)]),
            header(_("What to report")),
            _list(f"{kind.name}: {kind.explanation}" for kind in kinds),
            header(_("What follows")),
            _list(WHAT_FOLLOWS),
        ],
    )


def _may_say(policy: Policy) -> Iterable[str]:
    texts, kinds = policy.texts, list(policy.categories.values())[:MOST_KINDS]
    yield BOUNDARY.format(words=texts.boundary)
    yield from (OF_A_KIND.format(kind=kind.name, words=kind.boundary) for kind in kinds if kind.boundary)
    yield END_CONTACT.format(words=texts.end_contact)
    yield from (OF_A_KIND.format(kind=kind.name, words=kind.end_contact) for kind in kinds if kind.end_contact)
    if grave := policy.zero_tolerance():
        yield OF_A_KIND.format(kind=listed(list(grave), OR), words=texts.when_threatened)
    yield WHEN_DROPPED.format(words=texts.when_dropped)
    yield NOBODY_COMES.format(words=policy.backup.alone)


def _may_end(policy: Policy) -> Iterable[str]:
    ending = policy.ending
    minutes = ngettext(
        "You may end it once the same has gone on for {n} minute: {kinds}",
        "You may end it once the same has gone on for {n} minutes: {kinds}",
        ending.minutes,
    )
    for text, keys in (
        (AT_ONCE, ending.at_once),
        (AFTER_WARNING, ending.after_warning),
        (minutes, ending.after_repetition),
    ):
        if keys:
            yield text.format(n=ending.minutes, kinds=", ".join(policy.category(key).name for key in keys))


def _list(texts: Iterable[str]) -> Block:
    return rich(bullets([line(shorten(text, LONGEST)) for text in texts]))
