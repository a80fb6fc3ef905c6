"""The policy as a page in Markdown: for HR to read and sign, or for staff to know what they may do."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from bot.rules.evidence_pack.policy_words import AT_ONCE, terms
from bot.rules.letter_texts import in_letters
from bot.rules.policy.policy import Category, Policy, Wording
from bot.rules.policy.verdicts import Rung

SIGNATURE: Final = "Name: ____________________  Date: ______________  Signature: ____________________"
HOW_TO_REPORT: Final = (
    "In Slack, type /report-abuse and the customer's name, or choose “Report customer” in the menu of a message.",
    "If it may have been a misunderstanding, say so in the form: then a manager hears both sides before a warning.",
    "You may withdraw a report while its case is open.",
)
NOT_BY_ITSELF: Final = (
    "Every report stays on record. Nothing happens to a customer by itself: managers decide, by a deadline.",
    "Nobody who reported the customer or owns the account may decide.",
    "The bot tells the rep in a direct message what managers decided, and why.",
)


ASKED: Final = {Rung.WARN: "to warn", Rung.HEAR: "to hear both sides", Rung.DECIDE: "to decide"}


def for_hr(policy: Policy) -> Iterator[str]:
    """The lines of a page that says what the whole policy says, with room to sign it."""
    yield f"# {policy.firm.name or 'Our firm'}: what we do when customers abuse our staff"
    yield from ("", f"This is policy {policy.digest[:12]}: each step on record names the policy that asked for it.")
    sections: tuple[tuple[str, Iterable[str]], ...] = (
        ("What staff may do", _may_do(policy)),
        ("What staff report, and its points", _conduct(policy)),
        ("What happens then", (*NOT_BY_ITSELF, *_rules(policy))),
        ("What a customer who is kept may have to do", map(_condition, policy.conditions.values())),
        ("Why a customer may need more patience", map(_wording, policy.safeguards.values())),
        ("Why a customer may be dropped", policy.reason_classes.values()),
        ("What letters say", _letters(policy)),
        ("How long we keep personal data", _retention(policy)),
    )
    for heading, lines in sections:
        yield from _section(heading, lines)
    yield from ("", "## Approved by", "", SIGNATURE, "", SIGNATURE)


def for_staff(policy: Policy) -> Iterator[str]:
    """The lines of a page for reps: what they may do, what they report and how, and what follows."""
    yield f"# {policy.firm.name or 'Our firm'}: when a customer abuses you"
    yield from _section("What you may do without asking anybody", _may_do(policy))
    yield from _section("What to report", map(_kind, _kinds(policy)))
    yield from _section("How to report", HOW_TO_REPORT)
    yield from _section("What happens then", (*NOT_BY_ITSELF, *_rules(policy)))
    yield from _section("How long we keep what you wrote", _retention(policy))


def _section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("", f"## {heading}", "")
    yield from (f"- {each}" for each in lines)


def _may_do(policy: Policy) -> Iterator[str]:
    texts, backup = policy.texts, policy.backup
    channel = " with @here" if backup.here else ""
    yield "While it happens, call for help with /backup or “Get backup” in Slack."
    yield (
        f"If nobody comes within {_many(backup.wider_after_seconds, 'second')}, the bot asks more people: managers, "
        f"directors, and the management channel{channel}."
    )
    yield f"If nobody comes within {_many(backup.alone_after_seconds, 'second')}: {backup.alone}"
    yield f"Set the customer a boundary: “{texts.boundary}”"
    yield from (f"{kind.name}: “{kind.boundary}”" for kind in _kinds(policy) if kind.boundary)
    yield f"End the contact: “{texts.end_contact}”"
    yield from (f"{kind.name}: “{kind.end_contact}”" for kind in _kinds(policy) if kind.end_contact)
    yield from _may_end(policy)
    yield from _until_decided(policy)
    if grave := policy.zero_tolerance():
        yield f"{', '.join(grave)}: “{texts.when_threatened}”"
    yield f"When a customer who was dropped gets in touch: “{texts.when_dropped}”"


def _may_end(policy: Policy) -> Iterator[str]:
    ending = policy.ending
    for when, keys in (
        ("at once", ending.at_once),
        ("after one clear warning", ending.after_warning),
        (f"once it has gone on for {_many(ending.minutes, 'minute')}", ending.after_repetition),
    ):
        if keys:
            yield f"You may end it {when}: {', '.join(policy.category(key).name for key in keys)}."


def _until_decided(policy: Policy) -> Iterator[str]:
    """The interim protection: when it is set by itself, and what each kind says, which a manager may set as well."""
    rules = policy.interim
    when = [*(ASKED[rung] for rung in rules.at), *(["about anything severe"] if rules.severe else [])]
    kind = rules.protection.value.replace("_", " ")
    if when:
        yield f"From when management is asked {', or '.join(when)}, until it has answered: {kind}."
    yield f"In writing only means: {rules.written_only} You may say: “{rules.say}”"
    yield f"Not alone means: {rules.not_alone}"
    yield f"A manager may set or lift this before the answer, with a reason. What is set then: {kind}."


def _rules(policy: Policy) -> Iterator[str]:
    yield from terms(policy.body())
    for year, days in groupby(sorted(policy.hours.holidays), key=lambda day: day.year):
        yield f"Days off in {year}: {', '.join(f'{day:%d %B}' for day in days)}."


def _kinds(policy: Policy) -> Iterable[Category]:
    return policy.categories.values()


def _kind(kind: Category) -> str:
    return f"{kind.name}: {kind.explanation}"


def _conduct(policy: Policy) -> Iterator[str]:
    for kind in _kinds(policy):
        yield f"{_kind(kind)}. Points: {kind.points}{f'; {AT_ONCE}' if kind.zero_tolerance else ''}."
    for severity in policy.severities.values():
        yield f"{severity.name} ({severity.explanation}): the points times {severity.times}."
    evidence = policy.evidence
    yield f"A report may have {_many(evidence.files, 'file')} of up to {evidence.file_mb} MB."


def _condition(condition: Wording) -> str:
    said = {"Staff may say": condition.say, "The letter says": condition.letter, "Asked when it is set": condition.asks}
    more = "".join(f" {who}: “{words}”" for who, words in said.items() if words)
    proposed = f" Proposed: {condition.default}." if condition.default else ""
    return f"{_wording(condition)}{more}{proposed}"


def _wording(wording: Wording) -> str:
    return f"{wording.name}: {wording.words}"


def _letters(policy: Policy) -> Iterator[str]:
    texts, firm = policy.texts, policy.firm
    for where, what in (
        ("Name at the top", firm.name),
        ("Address below it", firm.address),
        ("Signed by", firm.signature),
    ):
        yield f"{where}: {what or '(nothing)'}"
    for kind in _kinds(policy):
        yield f"{kind.name}: we name it “{kind.unacceptable}”, and ask: “From now on, please {kind.change}.”"
    yield f"How to object to a warning: “{in_letters(policy, texts.dispute)}”"
    yield f"How to object to a decision: “{in_letters(policy, texts.appeal)}”"
    yield f"What stays possible: “{in_letters(policy, texts.emergency)}”"
    yield f"To whom else they may turn: {texts.complain or '(nothing)'}"


def _retention(policy: Policy) -> Iterator[str]:
    kept = policy.retention
    yield f"What people wrote: {_many(kept.texts_months, 'month')} from the end of the case."
    yield f"Files: {_many(kept.files_months, 'month')} from the report."
    yield f"Whether a rep asked for support: {_many(kept.support_months, 'month')}."
    yield f"A dropped customer's name and details: {_many(kept.dropped_months, 'month')} from the end of the decision."


def _many(number: int, of: str) -> str:
    return f"{number} {of}{'' if number == 1 else 's'}"
