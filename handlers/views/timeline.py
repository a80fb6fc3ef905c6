"""What has happened with a customer, entry by entry, as the audit log tells it."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.rules.lookup import Timeline, Told
from bot.rules.policy import Policy
from bot.rules.values import Choice, Severity
from handlers.views import ids
from handlers.views.blocks import Block, Element, Part, View, note, paragraph, person, strong, when
from handlers.views.labels import name_of
from handlers.views.lists import turning
from handlers.views.text import one_line, shorten

NOTHING: Final = "Nothing has happened yet."
BY_ITSELF: Final = "by itself"
ACTS: Final = {
    "withdraw": "Report {report} withdrawn",
    "issue warning": "Warning issued",
    "deliver warning": "Warning delivered",
    "not now": "No warning for now",
    "approve drop": "Drop approved, another approval is needed",
    "take approval back": "Approval taken back",
    "recuse": "Stepped aside from case {case}",
    "remind": "Managers reminded of case {case}",
    "overdue": "Case {case} overdue, the directors told",
    "left": "Who may act on case {case} changed",
    "expire": "What counted has expired",
    "lapse": "The decision lapsed",
    "let lapse": "The decision was let lapse",
    "renew": "The decision was renewed",
    "ask for review": "The customer asked for a review",
    "appeal overdue": "The review asked for is overdue",
    "answer appeal": "The review was answered",
    "ask what was learnt": "Managers asked what was learnt",
    "learn": "What was learnt is on record",
    "record dispute": "The customer disputes a warning",
    "settle dispute": "The dispute was settled",
    "set safeguard": "Safeguard {safeguard} set",
    "lift safeguard": "Safeguard {safeguard} lifted",
    "safeguard lapses": "Safeguard {safeguard} ended",
    "record outcome": "Both sides were heard",
    "describe": "Edited: {changed}",
    "import": "Taken over from the firm's list",
    "merge": "Record {duplicate} merged into this one",
    "merged into": "Merged into record {into}",
    "erase": "What was personal was erased",
    "undo merger": "The merger of record {duplicate} undone",
}
RUNG: Final = "the policy says: {rung}, {points} points"


def timeline_view(found: Timeline, policy: Policy) -> View:
    """A page of it, newest first."""
    items = [_entry(each, policy, own=each.customer == found.customer.number) for each in found.page.items]
    what = f"{ids.TIMELINE}:{found.customer.number}"
    title = paragraph(strong(name_of(found.customer)))
    return note(ids.LIST, "Timeline", [title, *(items or [paragraph(NOTHING)]), *turning(found.page, what)])


def _entry(told: Told, policy: Policy, *, own: bool) -> Block:
    who: Element = person(told.actor) if told.actor[:1] in {"U", "W"} else {"type": "text", "text": BY_ITSELF}
    said: list[Part] = [when(told.at), " · ", who]
    elsewhere = [] if own else [f" · record {told.customer}"]
    return paragraph(strong(_what(told, policy)), *_verdict(told.facts), "\n", *said, *elsewhere)


def _what(told: Told, policy: Policy) -> str:
    if told.act in _SAYS:
        return _brief(_SAYS[told.act](told.facts, policy))
    template = ACTS.get(told.act)
    known = {name: _plain(value) for name, value in told.facts.items()}
    try:
        return _brief(template.format(**known)) if template else told.act.capitalize()
    except KeyError:
        return told.act.capitalize()


def _brief(said: str) -> str:
    return shorten(one_line(said), 200)


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _report(facts: Mapping[str, object], policy: Policy) -> str:
    category = shorten(one_line(policy.category(str(facts.get("category"))).name), 75)
    severity = policy.severities[Severity(str(facts.get("severity")))].name.lower()
    return f"Report {facts.get('report')}: {category}, {shorten(severity, 20)}"


def _decision(facts: Mapping[str, object], policy: Policy) -> str:
    del policy
    return f"Decided in case {facts.get('case')}: {'drop' if facts.get('choice') == Choice.DROP else 'keep'}"


def _verdict(facts: Mapping[str, object]) -> list[Part]:
    if "rung" not in facts or "points" not in facts:
        return []
    said = RUNG.format(rung=facts["rung"], points=facts["points"])
    return [f" · {_brief(said)}"]


_SAYS: Final[Mapping[str, Callable[[Mapping[str, object], Policy], str]]] = {"report": _report, "decide": _decision}
