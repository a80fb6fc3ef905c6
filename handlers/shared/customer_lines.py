"""Lines about a customer that several views share. Every line is bounded, whatever the data."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.language import _, ngettext
from bot.rules.case_files import CaseFile, PastCase
from bot.rules.customers import Safeguard
from bot.rules.hearings import Finding, Hearing
from bot.rules.objections import Objection
from bot.rules.policy.policy import Policy
from bot.rules.policy.reasons import sentence
from bot.rules.warnings import Delivery, IssuedWarning
from handlers.blockkit.blocks import Element, Inline, bold, bullets, filled, joined, line, person, when
from handlers.blockkit.text import DATE_ON, DATE_ONLY, day, listed, one_line, shorten
from handlers.shared.counts import reports, reps
from handlers.shared.labels import ENDINGS, STANDINGS
from handlers.shared.objection_lines import objection_sentence

MOST_REASONS: Final = 4
MOST_SAFEGUARDS: Final = 2
MOST_PAST: Final = 3
STANDING: Final = _("Standing: {standing}")
# Translators: what the customer's account is worth.
WORTH: Final = _("worth {worth}")
OWNER: Final = _("account owner {owner} (may not decide)")
TALLY: Final = _("{reports} by {reps} in all, {points}")
# Translators: {warning} is the word "Warning" in bold.
NOT_DELIVERED: Final = _(
    "{warning} issued by {by} on {issued}, not delivered yet: it is valid only once it has reached the customer."
)
# Translators: {how} is "by e-mail" or the like.
DELIVERED: Final = _("{warning} issued by {by} on {issued}, delivered {how} on {delivered}.")
VALID: Final = _("{warning} issued by {by} on {issued}, delivered {how} on {delivered}, valid until {until}.")
EXPIRED: Final = _("{warning} issued by {by} on {issued}, delivered {how} on {delivered}, expired on {until}.")
WITHDRAWN: Final = _("{warning} issued by {by} on {issued}, delivered {how} on {delivered}, cancelled since.")
HOW: Final = {
    # Translators: how a warning was delivered.
    Delivery.EMAIL: _("by e-mail"),
    Delivery.POST: _("by post"),
    Delivery.PHONE: _("by phone"),
    Delivery.IN_PERSON: _("in person"),
}
# Translators: {hearing} is the word "Hearing" in bold.
HEARING: Final = _("{hearing} taken by {by} on {at}.")
HEARING_ASKED: Final = _("{hearing} taken by {by} on {at}, asked for by {asker}.")
FINDINGS: Final = {
    # Translators: {sides} is "Both sides" in bold.
    Finding.UPHELD: _("{sides} heard by {by} on {at}: upheld."),
    Finding.MISUNDERSTANDING: _("{sides} heard by {by} on {at}: a misunderstanding."),
}
SAFEGUARD: Final = _("{kind}: {words}")
UNTIL: Final = _("Until {day}.")
# Translators: {earlier} is "Earlier cases" in bold.
CASES: Final = _("{earlier} {cases}.")
# Translators: {ended} is "warned" or the like.
CASE: Final = _("case {case}: {ended} ({at})")
SAYS: Final = (_("The rep: {words}"), _("The customer: {words}"), _("Why: {words}"))
EXCERPT: Final = 80  # characters of what each side said, in the notice


def standing_line(file: CaseFile) -> Element:
    """The customer's standing, what the account is worth, and its owner."""
    customer = file.customer
    parts = [filled(STANDING, standing=bold(STANDINGS[customer.standing]))]
    parts += [filled(WORTH, worth=bold(_brief(customer.worth, 60)))] if customer.worth else []
    parts += [[_brief(customer.crm_reference, 40)]] if customer.crm_reference else []
    parts += [filled(OWNER, owner=person(customer.owner))] if customer.owner else []
    return line(*joined(parts, " · "))


def tally(file: CaseFile) -> str:
    """How many reports, reps and points there are."""
    points = file.verdict.points
    counting = ngettext("{n:,} point", "{n:,} points", points).format(n=points)
    return TALLY.format(reports=reports(file.all_reports), reps=reps(file.reporters), points=counting)


def reasons(file: CaseFile, policy: Policy) -> Element:
    """The policy's reasons, one a line."""
    said = [shorten(sentence(reason, policy), 200) for reason in file.verdict.reasons]
    return bullets([line(text) for text in _first(said, MOST_REASONS, _more_reasons)])


def warnings_line(warnings: Sequence[IssuedWarning], objections: Sequence[Objection], now: datetime) -> list[Element]:
    """The newest warning, what has become of it, and how many there were before; nothing if there is none."""
    if not warnings:
        return []
    *earlier, newest = sorted(warnings, key=lambda warning: warning.number)
    n = len(earlier)
    before = ngettext("{n:,} earlier warning on record.", "{n:,} earlier warnings on record.", n).format(n=n)
    return [line(*_warning(newest, now), *_objected(newest, objections, now), *([f" {before}"] if earlier else []))]


def _objected(warning: IssuedWarning, objections: Sequence[Objection], now: datetime) -> list[Inline]:
    objection = next((each for each in objections if each.warning == warning.number), None)
    return [" ", *objection_sentence(objection, overdue=objection.due_at <= now)] if objection else []


def _warning(warning: IssuedWarning, now: datetime) -> list[Inline]:
    issued = {
        "warning": bold(_("Warning")),
        "by": person(warning.issued_by),
        "issued": when(warning.issued_at, DATE_ON),
    }
    if warning.delivered_at is None or warning.delivered_how is None:
        return filled(NOT_DELIVERED, **issued)
    at, how = when(warning.delivered_at, DATE_ON), HOW[warning.delivered_how]
    if warning.withdrawn_at:
        return filled(WITHDRAWN, **issued, delivered=at, how=how)
    if warning.expires_at is None:
        return filled(DELIVERED, **issued, delivered=at, how=how)
    template = EXPIRED if warning.expires_at <= now else VALID
    return filled(template, **issued, delivered=at, how=how, until=when(warning.expires_at, DATE_ON))


def safeguard_lines(safeguards: Sequence[Safeguard], policy: Policy) -> list[Element]:
    """The safeguards with their notes, as only managers see them."""
    shown = _first([_safeguard(each, policy) for each in safeguards], MOST_SAFEGUARDS, _more_safeguards)
    return [line(bold(_("Safeguard")), " ", text) for text in shown]


def safeguard_kinds(safeguards: Sequence[Safeguard], policy: Policy) -> list[Element]:
    """The same for a message in the channel, which owners of accounts may read: the kinds alone."""
    kinds = listed(list(dict.fromkeys(_brief(_kind(each, policy), 40) for each in safeguards))[:MOST_SAFEGUARDS])
    return [line(bold(_("Safeguard")), f" {kinds}")] if kinds else []


def _kind(safeguard: Safeguard, policy: Policy) -> str:
    kind = policy.safeguards.get(safeguard.kind)
    return kind.name if kind else safeguard.kind


def _safeguard(safeguard: Safeguard, policy: Policy) -> str:
    said = _brief(SAFEGUARD.format(kind=_kind(safeguard, policy), words=safeguard.note or safeguard.words), 130)
    return f"{said} {UNTIL.format(day=day(safeguard.until))}" if safeguard.until else said


def hearing_lines(file: CaseFile, most: int = EXCERPT) -> list[Element]:
    """The case's hearing, each side in up to `most` characters."""
    shown = [hearing for hearing in file.hearings if hearing.under_way or hearing.has_outcome]
    return _hearing(shown[-1], most) if shown else []


def _hearing(hearing: Hearing, most: int) -> list[Element]:
    if hearing.ended_at is None or hearing.finding is None:
        words = [line(f"“{_brief(hearing.words, most)}”")] if hearing.words else []
        return [line(*_taken(hearing)), *words]
    sides, at = bold(_("Both sides")), when(hearing.ended_at, DATE_ON)
    found = filled(FINDINGS[hearing.finding], sides=sides, by=person(hearing.taken_by), at=at)
    said = zip(SAYS, (hearing.reps_side, hearing.customers_side, hearing.why), strict=True)
    quotes = [line(*filled(template, words=f"“{_brief(words, most)}”")) for template, words in said if words]
    return [line(*found), *quotes]


def _taken(hearing: Hearing) -> list[Inline]:
    name, by, at = bold(_("Hearing")), person(hearing.taken_by), when(hearing.taken_at, DATE_ON)
    if hearing.asked_by is None:
        return filled(HEARING, hearing=name, by=by, at=at)
    return filled(HEARING_ASKED, hearing=name, by=by, at=at, asker=person(hearing.asked_by))


def past_line(past: Sequence[PastCase]) -> list[Element]:
    """The customer's earlier cases and how they ended, newest first; nothing if there are none."""
    if not past:
        return []
    earlier = bold(_("Earlier cases"))
    newest = sorted(past, key=lambda case: case.closed_at, reverse=True)[:MOST_PAST]
    cases = joined(
        filled(CASE, case=case.number, ended=ENDINGS[case.outcome], at=when(case.closed_at, DATE_ONLY))
        for case in newest
    )
    more = len(past) - MOST_PAST
    if more <= 0:
        return [line(*filled(CASES, earlier=earlier, cases=cases))]
    counted = ngettext("{earlier} {cases} and {n:,} more.", "{earlier} {cases} and {n:,} more.", more)
    return [line(*filled(counted, earlier=earlier, cases=cases, n=more))]


def _brief(text: str, limit: int) -> str:
    return shorten(one_line(text), limit)


def _first(items: Sequence[str], most: int, rest: Callable[[int], str]) -> list[str]:
    """The first items, and one that counts the rest."""
    return list(items) if len(items) <= most else [*items[: most - 1], rest(len(items) - most + 1)]


def _more_reasons(n: int) -> str:
    return ngettext("{n:,} more of the same kind", "{n:,} more of the same kind", n).format(n=n)


def _more_safeguards(n: int) -> str:
    return ngettext("{n:,} more on record", "{n:,} more on record", n).format(n=n)
