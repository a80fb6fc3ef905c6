"""What stands about a customer, in lines that several views share. Every line is bounded, whatever the data."""

from collections.abc import Sequence
from typing import Final

from bot.rules.disputes import Dispute
from bot.rules.files import CaseFile, PastCase
from bot.rules.hearings import Hearing
from bot.rules.policy import Policy
from bot.rules.values import IssuedWarning, Safeguard
from bot.rules.words import sentence
from handlers.views.blocks import Element, Part, bullets, joined, line, person, strong, when
from handlers.views.labels import DELIVERIES, ENDINGS, FINDINGS, REMEDIES, STANDINGS
from handlers.views.text import DATE_ONLY, count, day, one_line, shorten

MOST_REASONS: Final = 4
MOST_SAFEGUARDS: Final = 2
MOST_PAST: Final = 3
EXCERPT: Final = 80  # characters of what each side said, in the notice


def standing_line(file: CaseFile) -> Element:
    """How the customer stands, what they are worth, and who looks after them."""
    customer = file.customer
    parts: list[Part] = ["Standing ", strong(STANDINGS[customer.standing])]
    parts += [" · worth ", strong(_brief(customer.worth, 60))] if customer.worth else []
    parts += [f" · {_brief(customer.crm_reference, 40)}"] if customer.crm_reference else []
    parts += [" · account owner ", person(customer.owner), " (takes no part)"] if customer.owner else []
    return line(*parts)


def tally(file: CaseFile) -> str:
    """How much has come together, in figures."""
    reports = count(len(file.reports) + file.older, "report", "reports")
    reps = count(file.reporters, "rep", "reps")
    return f"{reports} by {reps} in all, {count(file.verdict.points, 'point', 'points')} that count"


def reasons(file: CaseFile, policy: Policy) -> Element:
    """The policy's reasons, one a line."""
    said = [shorten(sentence(reason, policy), 200) for reason in file.verdict.reasons]
    return bullets([line(text) for text in _first(said, MOST_REASONS, "{n} more of the same kind")])


def warnings_line(warnings: Sequence[IssuedWarning], disputes: Sequence[Dispute] = ()) -> Element:
    """The newest warning, what became of it, and how many came before it."""
    if not warnings:
        return line(strong("Warning"), " none so far.")
    *earlier, newest = sorted(warnings, key=lambda warning: warning.number)
    before = [f" {count(len(earlier), 'earlier warning', 'earlier warnings')} on record."] if earlier else []
    return line(strong("Warning"), *_warning(newest), *_disputed(newest, disputes), *before)


def _disputed(warning: IssuedWarning, disputes: Sequence[Dispute]) -> Sequence[Part]:
    dispute = next((each for each in disputes if each.warning == warning.number), None)
    if dispute is None:
        return ()
    if dispute.remedy is None or dispute.settled_at is None:
        return " ", strong("The customer disputes it"), ", and nobody has settled that yet."
    return f" Disputed, and {REMEDIES[dispute.remedy]} ", when(dispute.settled_at, DATE_ONLY), "."


def _warning(warning: IssuedWarning) -> Sequence[Part]:
    issued: list[Part] = [" issued by ", person(warning.issued_by), " ", when(warning.issued_at, DATE_ONLY)]
    if warning.delivered_at is None or warning.delivered_how is None:
        return [*issued, ", not delivered yet: it counts only once it has reached the customer."]
    how = f", delivered {DELIVERIES[warning.delivered_how].lower()} "
    return [*issued, how, when(warning.delivered_at, DATE_ONLY), *_validity(warning), "."]


def _validity(warning: IssuedWarning) -> Sequence[Part]:
    if warning.withdrawn_at:
        return (", withdrawn since: it counts no more",)
    return (", valid until ", when(warning.expires_at, DATE_ONLY)) if warning.expires_at else ()


def safeguard_lines(safeguards: Sequence[Safeguard], policy: Policy) -> list[Element]:
    """The safeguards with their notes: managers see both."""
    if not safeguards:
        return [line(strong("Safeguards"), " none recorded.")]
    shown = _first([_safeguard(each, policy) for each in safeguards], MOST_SAFEGUARDS, "{n} more on record")
    return [line(strong("Safeguard"), " ", text) for text in shown]


def _safeguard(safeguard: Safeguard, policy: Policy) -> str:
    kind = policy.safeguards.get(safeguard.kind)
    name = kind.name if kind else safeguard.kind
    until = f" Until {day(safeguard.until)}." if safeguard.until else ""
    return f"{_brief(f'{name}: {safeguard.note or safeguard.words}', 130)}{until}"


def hearing_lines(file: CaseFile, most: int = EXCERPT) -> list[Element]:
    """What was heard in the case, or is being heard, each side in up to `most` characters."""
    told = [hearing for hearing in file.hearings if hearing.under_way or hearing.judged]
    return _hearing(told[-1], most) if told else []


def _hearing(hearing: Hearing, most: int) -> list[Element]:
    taken: list[Part] = [" taken by ", person(hearing.taken_by), " ", when(hearing.taken_at, DATE_ONLY)]
    asked: list[Part] = [", asked for by ", person(hearing.asked_by)] if hearing.asked_by else []
    words = [line(f"“{_brief(hearing.words, most)}”")] if hearing.words and hearing.under_way else []
    if hearing.under_way or hearing.finding is None:
        return [line(strong("Hearing"), *taken, *asked, "."), *words]
    found: list[Part] = [f" {FINDINGS[hearing.finding]}, heard by ", person(hearing.taken_by)]
    ended: list[Part] = [" ", when(hearing.ended_at, DATE_ONLY)] if hearing.ended_at else []
    sides = (("The rep: ", hearing.reps_side), ("The customer: ", hearing.customers_side), ("Why: ", hearing.why))
    said = [line(label, f"“{_brief(side, most)}”") for label, side in sides if side]
    return [line(strong("Both sides"), *found, *ended, "."), *said]


def past_line(past: Sequence[PastCase]) -> Element:
    """The customer's earlier cases and how they ended, newest first."""
    if not past:
        return line(strong("Earlier cases"), " none.")
    newest = sorted(past, key=lambda case: case.closed_at, reverse=True)[:MOST_PAST]
    ended: list[list[Part]] = [
        [f"case {case.number} {ENDINGS[case.outcome]} ", when(case.closed_at, DATE_ONLY)] for case in newest
    ]
    more = f" and {len(past) - MOST_PAST} more." if len(past) > MOST_PAST else "."
    return line(strong("Earlier cases"), " ", *joined(ended), more)


def _brief(text: str, limit: int) -> str:
    return shorten(one_line(text), limit)


def _first(items: Sequence[str], most: int, rest: str) -> list[str]:
    """The first items, and in place of the others a line that counts them."""
    return list(items) if len(items) <= most else [*items[: most - 1], rest.format(n=len(items) - most + 1)]
