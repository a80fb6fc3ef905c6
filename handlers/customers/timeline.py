"""What has happened with a customer, entry by entry, as the audit log tells it."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.language import _, ngettext
from bot.rules.audit_acts import Act
from bot.rules.customer_cards import Timeline, Told
from bot.rules.decisions import Choice
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rung, Severity
from handlers.blockkit.blocks import Block, Element, TextPiece, View, note, paragraph, person, strong, when
from handlers.blockkit.text import one_line, shorten
from handlers.names import CallbackId, ListName
from handlers.shared.labels import name_of
from handlers.shared.list_lines import turning

NOTHING: Final = _("Nothing has happened yet.")
# Translators: in the place of who did it: the policy or the clock.
BY_ITSELF: Final = _("by itself")
ACTS: Final[Mapping[str, str]] = {
    Act.WITHDRAW: _("Report {report} withdrawn"),
    Act.ISSUE_WARNING: _("Warning issued"),
    Act.DELIVER_WARNING: _("Warning delivered"),
    Act.NOT_NOW: _("No warning for now"),
    Act.APPROVE_DROP: _("Drop approved, another approval is needed"),
    Act.TAKE_APPROVAL_BACK: _("Approval taken back"),
    Act.RECUSE: _("Stepped aside from case {case}"),
    Act.REMIND: _("Managers reminded of case {case}"),
    Act.OVERDUE: _("Case {case} overdue, the directors told"),
    Act.LEFT: _("Who may act on case {case} changed"),
    Act.EXPIRE: _("What counted has expired"),
    Act.LAPSE: _("The decision lapsed"),
    Act.LET_LAPSE: _("The decision was let lapse"),
    Act.RENEW: _("The decision was renewed"),
    Act.ASK_FOR_REVIEW: _("The customer asked for a review"),
    Act.APPEAL_OVERDUE: _("The review asked for is overdue"),
    Act.ANSWER_APPEAL: _("The review was answered"),
    Act.ASK_WHAT_WAS_LEARNT: _("Managers asked what was learnt"),
    Act.LEARN: _("What was learnt is on record"),
    Act.RECORD_DISPUTE: _("The customer disputes a warning"),
    Act.SETTLE_DISPUTE: _("The dispute was settled"),
    Act.SET_SAFEGUARD: _("Safeguard {safeguard} set"),
    Act.LIFT_SAFEGUARD: _("Safeguard {safeguard} lifted"),
    Act.SAFEGUARD_LAPSES: _("Safeguard {safeguard} ended"),
    Act.RECORD_OUTCOME: _("Both sides were heard"),
    Act.DESCRIBE: _("Edited: {changed}"),
    Act.IMPORT: _("Taken over from the firm's list"),
    Act.MERGE: _("Record {duplicate} merged into this one"),
    Act.MERGED_INTO: _("Merged into record {into}"),
    Act.ERASE: _("What was personal was erased"),
    Act.UNDO_MERGER: _("The merger of record {duplicate} undone"),
}
REPORTED: Final = _("Report {report}: {category}, {severity}")
DECIDED: Final = {
    Choice.DROP: _("Decided in case {case}: drop"),
    Choice.KEEP: _("Decided in case {case}: keep"),
}
STEPS: Final[Mapping[str, str]] = {
    # Translators: what the policy asks for: a record and nothing more, a warning, a hearing, a decision.
    Rung.RECORD: _("record"),
    Rung.WARN: _("warn"),
    Rung.HEAR: _("hear"),
    Rung.DECIDE: _("decide"),
}
FIELDS: Final = {
    # Translators: what was edited about a customer.
    "name": _("name"),
    "owner": _("owner"),
    "worth": _("worth"),
    "crm_reference": _("CRM reference"),
}


def timeline_view(found: Timeline, policy: Policy) -> View:
    """A page of it, newest first."""
    items = [_entry(each, policy, own=each.customer == found.customer.number) for each in found.page.items]
    what = f"{ListName.TIMELINE}:{found.customer.number}"
    title = paragraph(strong(name_of(found.customer)))
    return note(CallbackId.LIST, _("Timeline"), [title, *(items or [paragraph(NOTHING)]), *turning(found.page, what)])


def _entry(told: Told, policy: Policy, *, own: bool) -> Block:
    who: Element = person(told.actor) if told.actor[:1] in {"U", "W"} else {"type": "text", "text": BY_ITSELF}
    said: list[TextPiece] = [when(told.at), " · ", who]
    elsewhere = [] if own else [" · ", _("record {number}").format(number=told.customer)]
    return paragraph(strong(_what(told, policy)), *_verdict(told.facts), "\n", *said, *elsewhere)


def _what(told: Told, policy: Policy) -> str:
    if told.act in _SAYS:
        return _brief(_SAYS[told.act](told.facts, policy))
    template = ACTS.get(told.act)
    known = {name: _plain(value, FIELDS) for name, value in told.facts.items()}
    try:
        return _brief(template.format(**known)) if template else told.act.capitalize()
    except KeyError:
        return told.act.capitalize()


def _brief(said: str) -> str:
    return shorten(one_line(said), 200)


def _plain(value: object, called: Mapping[str, str]) -> str:
    """A value of the audit log, or several, as people call them."""
    values = value if isinstance(value, list) else [value]
    return ", ".join(called.get(str(each), str(each)) for each in values)


def _report(facts: Mapping[str, object], policy: Policy) -> str:
    category = shorten(one_line(policy.category(str(facts.get("category"))).name), 75)
    severity = policy.severities[Severity(str(facts.get("severity")))].name.lower()
    return REPORTED.format(report=facts.get("report"), category=category, severity=shorten(severity, 20))


def _decision(facts: Mapping[str, object], policy: Policy) -> str:
    del policy
    choice = Choice.DROP if facts.get("choice") == Choice.DROP else Choice.KEEP
    return DECIDED[choice].format(case=facts.get("case"))


def _verdict(facts: Mapping[str, object]) -> list[TextPiece]:
    step, points = facts.get("rung"), facts.get("points")
    if step is None or not isinstance(points, int):
        return []
    said = ngettext("the policy says: {step}, {n:,} point", "the policy says: {step}, {n:,} points", points)
    return [" · ", _brief(said.format(step=_plain(step, STEPS), n=points))]


_SAYS: Final[Mapping[str, Callable[[Mapping[str, object], Policy], str]]] = {Act.REPORT: _report, Act.DECIDE: _decision}
