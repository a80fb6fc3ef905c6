"""What a rep may say and do when the customer gets in touch again, in the firm's own sentences.

A message has the one thing to do; a customer's card, which is read before a call, has everything.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from bot.language import _, ngettext
from bot.rules.conditions import user_in
from bot.rules.decisions import Choice, Decision
from bot.rules.policy.ending_rules import EndingRule
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.policy.policy import Policy
from bot.rules.protection import Protection
from handlers.blockkit.blocks import Block, Element, Inline, bold, bullets, filled, joined, line, person, rich, words
from handlers.blockkit.text import day, shorten
from handlers.shared.conditions import worded

IF_THEY_CALL: Final = _("If they get in touch again.")
# Translators: {words} are sentences of the firm's own, in quotation marks.
SET_BOUNDARY: Final = _("You may set a boundary: {words}")
END_CONTACT: Final = _("If it goes on, you may end the contact: {words}")
END_AT_ONCE_TOO: Final = _("You may also end the contact at once: {words}")
# Translators: {words} is a sentence of the firm's own, in quotation marks.
AFTER_A_THREAT: Final = _("End the contact at once, and get your manager. You may say: {words}")
BEFORE: Final = _("Before {day} you may end the contact at the first raised voice: {words}")
OR_ELSE: Final = _("Or pass them to {who}.")
FROM_THEN_ON: Final = _("From {day} on: {words}")
FROM_NOW_ON: Final = _("You may say: {words}")
NO_LETTER: Final = _("They do not have our letter yet, so say nothing of it, and pass them to {who}.")
NO_LETTER_OF_CONDITIONS: Final = _("They do not have our letter about this yet. If they ask, pass them to {who}.")
IF_THEY_THREATEN: Final = _("If they threaten anybody, end the contact at once and get your manager.")
NEEDS_PATIENCE: Final = _("Needs patience:")
MOST_WORDS: Final = 3
HELD_TO: Final = _("These conditions apply:")
IN_A_MESSAGE: Final = 3  # conditions
AND_MORE: Final = _("and more: see /customer")
# Translators: {again} is "If they get in touch again" in bold; {words} are sentences of the firm's own, as above.
AGAIN: Final = _("If they get in touch again")
SAY_AND_END: Final = _("{again}, you may say: {words} If it goes on, end the contact.")
UNTIL_DECIDED: Final = _("Until management has decided:")
END_LIKEWISE: Final = _("{again}, you may end the contact in the same way.")
SAY: Final = _("{again}: you may say {words}")
AS_FOLLOWS: Final = _("{again}:")
END_AT_ONCE: Final = _("{again}: end the contact at once and get your manager. You may say: {words}")
END_NOW: Final = _("{again}: end the contact at once and get your manager.")
SAY_NOTHING: Final = _("{again}: they do not have our letter yet, so say nothing of it, and pass them to {who}.")
END_OR_PASS_ON: Final = _(
    "{again} before {day}: you may end the contact at the first raised voice, or pass them to {who}."
)


def guidance(
    decision: Decision | None,
    policy: Policy,
    now: datetime,
    patience: Sequence[str] = (),
    *,
    conduct: str | None = None,
    threatened: bool = False,
    letter_owed_by: str | None = None,
    gone: frozenset[str] = frozenset(),
    protection: Protection | None = None,
) -> Block:
    """What to do from now on. `decision`: the one in force. `patience`: the safeguards' sentences for reps.

    `conduct`: the category that was reported. `threatened`: the customer has threatened or attacked somebody, so nobody
    is asked to set them a boundary. `letter_owed_by`: who is to send them our letter, which they do not have yet.
    `gone`: colleagues who have left, whom the conditions may name. `protection`: what holds until it is decided.
    Where that is in writing only, it says itself what to say on a call.
    """
    if decision and decision.choice is Choice.DROP:
        return rich(
            _letter_not_sent(policy, letter_owed_by)
            if letter_owed_by
            else _dropped(decision, policy, policy.hours.local_date(now))
        )
    conditions: Sequence[Element] = _conditions(decision, policy, gone) if decision else ()
    if letter_owed_by:
        conditions = (*conditions, line(*filled(NO_LETTER_OF_CONDITIONS, who=person(letter_owed_by))))
    if threatened:
        said = filled(FROM_NOW_ON, words=_quoted(policy.texts.when_threatened))
        after = line(IF_THEY_THREATEN, " ", *said) if conditions else _after_a_threat(policy)
        return rich(*_patience(patience), *conditions, after)
    if protection and protection.kind is ProtectionKind.WRITTEN_ONLY and policy.interim.say:
        return rich(*_patience(patience), *conditions, line(*_end(policy, conduct, held_to=False)))
    return rich(*_patience(patience), *conditions, _boundary(decision, policy, conduct, gone))


def what_to_do(
    decision: Decision | None,
    policy: Policy,
    now: datetime,
    patience: Sequence[str] = (),
    *,
    conduct: str,
    threatened: bool = False,
    letter_owed_by: str | None = None,
    gone: frozenset[str] = frozenset(),
    has_ended: bool = False,
    protection: Protection | None = None,
) -> Block:
    """The same for a message: a drop, interim protection, conditions, a threat, safeguards, else the kind of conduct.

    `has_ended`: the rep has ended the contact within the policy, and needs no words for it.

    Conditions were decided after the threat, and say who deals with the customer: only another threat ends a contact.
    """
    if decision and decision.choice is Choice.DROP:
        nothing = _again(SAY_NOTHING, who=person(letter_owed_by)) if letter_owed_by else None
        said = nothing or _dropped_in_brief(decision, policy, policy.hours.local_date(now))
        return rich(said, *until_decided(protection, policy))
    held_to: list[list[Inline]] = _texts(decision, policy, gone) if decision else []
    more: list[list[Inline]] = [[AND_MORE]] if held_to[IN_A_MESSAGE:] else []
    more += [[shorten(words, 300)] for words in patience[:MOST_WORDS]]
    todo = [*held_to[:IN_A_MESSAGE], *more]
    listed = [bullets([line(*each) for each in todo])] if todo else []
    listed += [line(*filled(NO_LETTER_OF_CONDITIONS, who=person(letter_owed_by)))] if letter_owed_by else []
    heading = [_again(AS_FOLLOWS)] if listed else []  # the protection says itself when it holds
    listed = [*until_decided(protection, policy), *listed]
    if threatened and held_to:
        return rich(_again(AS_FOLLOWS), *listed, line(IF_THEY_THREATEN))
    if threatened:
        said = _again(END_AT_ONCE, words=_quoted(policy.texts.when_threatened))
        return rich(_again(END_NOW), *listed) if listed or has_ended else rich(said)
    if listed:
        return rich(*heading, *listed)
    say = _again(SAY_AND_END, words=_quoted(_by_kind(policy, conduct)))
    return rich(_again(END_LIKEWISE) if has_ended else say)


def until_decided(protection: Protection | None, policy: Policy, *, says: bool = False) -> list[Element]:
    """The interim protection in force; nothing if there is none. `says`: with what reps may say of it."""
    if protection is None or protection.kind is None:
        return []
    rules = policy.interim
    holds: list[Inline] = [bold(UNTIL_DECIDED), f" {shorten(rules.words(protection.kind), 300)}"]
    may_say = says and rules.say and protection.kind is ProtectionKind.WRITTEN_ONLY
    return [line(*holds, *([" ", *filled(FROM_NOW_ON, words=_quoted(rules.say))] if may_say else []))]


def _again(template: str, **values: Inline) -> Element:
    return line(*filled(template, again=bold(AGAIN), **values))


def _dropped_in_brief(decision: Decision, policy: Policy, today: date) -> Element:
    last = decision.effective_on
    if last is None or last <= today:
        return _again(SAY, words=_quoted(policy.texts.when_dropped))
    return _again(END_OR_PASS_ON, day=day(last), who=person(decision.by))


def _by_kind(policy: Policy, conduct: str | None) -> str:
    return (policy.category(conduct).boundary if conduct else "") or policy.texts.boundary


def _patience(patience: Sequence[str]) -> list[Element]:
    """The safeguards' sentences for reps, who do not see the notes."""
    return [line(bold(NEEDS_PATIENCE), f" {shorten(words, 300)}") for words in patience[:MOST_WORDS]]


def _boundary(decision: Decision | None, policy: Policy, conduct: str | None, gone: frozenset[str]) -> Element:
    """By the condition that says what to say; else by the kind of conduct; else what holds for all."""
    says = _say(decision, policy, gone) if decision else []
    template = FROM_NOW_ON if says else SET_BOUNDARY
    boundary = filled(template, words=says or _quoted(_by_kind(policy, conduct)))
    return line(*joined([[bold(IF_THEY_CALL)], boundary, _end(policy, conduct, held_to=bool(says))], " "))


def _end(policy: Policy, conduct: str | None, *, held_to: bool) -> list[Inline]:
    """When the policy lets reps end the contact, and in which words. `held_to`: conditions come before the conduct."""
    kind = None if held_to or conduct is None else conduct
    words = _quoted((policy.category(kind).end_contact if kind else "") or policy.texts.end_contact)
    step = policy.ending.first_step(kind) if kind else None
    if step is EndingRule.AFTER_REPETITION:
        n = policy.ending.minutes
        after = ngettext(
            "If it goes on for {n:,} minute, you may end the contact: {words}",
            "If it goes on for {n:,} minutes, you may end the contact: {words}",
            n,
        )
        return filled(after, n=n, words=words)
    return filled(END_AT_ONCE_TOO if step is EndingRule.AT_ONCE else END_CONTACT, words=words)


def _say(decision: Decision, policy: Policy, gone: frozenset[str]) -> list[Inline]:
    """What the first condition that has such a sentence lets reps say; nothing if none has, or names who is gone."""
    known, values = policy.conditions, dict(decision.details)
    here = [key for key in decision.conditions if key in known and user_in(values.get(key, "")) not in gone]
    key = next((key for key in here if known[key].say), None)
    if key is None:
        return []
    said = worded(f"“{known[key].say}”", values.get(key), most=302)
    return [words(each, italic=True) if isinstance(each, str) else each for each in said]


def _after_a_threat(policy: Policy) -> Element:
    said = filled(AFTER_A_THREAT, words=_quoted(policy.texts.when_threatened))
    return line(bold(IF_THEY_CALL), " ", *said)


def _dropped(decision: Decision, policy: Policy, today: date) -> Element:
    when_dropped = _quoted(policy.texts.when_dropped)
    if decision.effective_on is None or decision.effective_on <= today:
        end = filled(END_CONTACT, words=_quoted(policy.texts.end_contact))
        return line(*joined([[bold(IF_THEY_CALL)], filled(FROM_NOW_ON, words=when_dropped), end], " "))
    last = day(decision.effective_on)
    before = filled(BEFORE, day=last, words=_quoted(policy.texts.end_contact))
    pass_on = filled(OR_ELSE, who=person(decision.by))
    from_then_on = filled(FROM_THEN_ON, day=last, words=when_dropped)
    return line(*joined([[bold(IF_THEY_CALL)], before, pass_on, from_then_on], " "))


def _letter_not_sent(policy: Policy, sender: str) -> Element:
    """Nobody tells a customer on the phone that they are dropped: the letter does."""
    say_nothing = filled(NO_LETTER, who=person(sender))
    end = filled(END_CONTACT, words=_quoted(policy.texts.end_contact))
    return line(*joined([[bold(IF_THEY_CALL)], say_nothing, end], " "))


def _conditions(decision: Decision, policy: Policy, gone: frozenset[str]) -> Sequence[Element]:
    if not decision.conditions:
        return ()
    return line(bold(HELD_TO)), bullets([line(*text) for text in _texts(decision, policy, gone)])


def _texts(decision: Decision, policy: Policy, gone: frozenset[str]) -> list[list[Inline]]:
    known, values = policy.conditions, dict(decision.details)
    return [
        worded(known[key].words, values.get(key), gone) if key in known else [shorten(key, 120)]
        for key in decision.conditions[:10]
    ]


def _quoted(text: str) -> Element:
    return words(f"“{shorten(text, 300)}”", italic=True)
