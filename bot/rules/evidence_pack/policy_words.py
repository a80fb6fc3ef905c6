"""What the policy says, in words, and how each verdict came about. Part of `verify.py`."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from bot.rules.evidence_pack.markup import bullets, heading, note, shown, table
from bot.rules.evidence_pack.record import Record, Row
from bot.rules.evidence_pack.words import RUNGS, called
from bot.rules.policy.reasons import sentence
from bot.rules.policy.verdicts import Reason

Body = dict[str, Any]
AT_ONCE: Final = "goes to a decision at once"
NOT_ADDED: Final = (
    "Reports that were about another record then, or are no part of this pack, counted as well: the points are as the "
    "record has them."
)
WHOLE: Final = "Every setting of this policy, word for word, is in <code>case.json</code> under the digest {digest}."
WEEK: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TERMS: Final[tuple[Callable[[Body], str], ...]] = (
    lambda body: (
        "Severity: "
        + ", ".join(f"{each['name'].lower()} counts {_times(each['times'])}" for each in _by_times(body))
        + "."
    ),
    lambda body: (
        f"A report has points for {body['points_expire_after']} days. A warning is valid for "
        f"{body['warnings_expire_after']} days from its delivery."
    ),
    lambda body: f"A warning is due from {body['warn_at_points']} points on, while none is valid.",
    lambda body: (
        f"A decision is due where a report of {body['decide_at_points']} points or more comes after "
        f"{_warnings(body)}, and at least {_many(body['decide_reporters'], 'different rep')} reported the customer."
    ),
    lambda body: (
        "While fewer warnings are valid, such a report asks for the next one."
        if body.get("warnings_before_decision", 1) > 1
        else ""
    ),
    lambda _: (
        "Both sides are heard first where a safeguard is on record, where the step would rest on a possible "
        f"misunderstanding, or where too few reps reported. Conduct that {AT_ONCE} needs no warning and no hearing."
    ),
    lambda body: f"A drop takes {_many(body['approvals_to_drop'], 'approval')}; one person may keep the customer.",
    lambda body: (
        f"Management has {_span(body['deadlines']['warn'])} to warn, {_span(body['deadlines']['hear'])} to hear both "
        f"sides, {_span(body['deadlines']['decide'])} to decide, and {_span(body['deadlines']['zero_tolerance'])} "
        f"where the conduct {AT_ONCE}. Hearing both sides before a decision adds "
        f"{_span(body['deadlines']['extension'])}."
    ),
    lambda body: " ".join(
        f"{kind['name']}: {_span(kind['decide'])} to decide." for kind in _items(body, "categories") if kind["decide"]
    ),
    lambda body: (
        f"The customer may object to a warning within {_span(body['dispute_within'])}, and to a decision within "
        f"{_span(body['appeal_within'])}."
    ),
    lambda body: (
        f"A decision is reviewed after {_many(body['review_after_months'], 'month')}, and runs no longer than "
        f"{_many(body['longest_months'], 'month')} unless it is renewed."
    ),
    lambda body: (
        f"The form proposes that a drop takes effect after {_many(body['notice_days'], 'day')}. Managers are asked to "
        f"renew a decision {_span(body['review_notice'])} before its review, and what they learnt from a drop "
        f"{_many(body['follow_up_after_months'], 'month')} after it took effect."
    ),
    lambda body: (
        f"Managers are reminded after {body['deadlines']['reminder']:.0%} of the time. Directors decide what is late."
    ),
    lambda body: (
        f"Business hours: {', '.join(WEEK[each] for each in body['hours']['days'])}, {body['hours']['opens'][:5]} to "
        f"{body['hours']['closes'][:5]}, {body['hours']['zone']}."
    ),
)
"""A sentence each, from the policy's settings."""


def verdicts(record: Record) -> Iterator[str]:
    """Each verdict with its reasons, and the reports and points that it was made from."""
    rows = record.all("verdict")
    yield heading(2, f"What the policy said ({len(rows)})")
    for row in rows:
        yield heading(3, f"{record.moment(row['at'])}: {shown(called(RUNGS, row['rung']))}")
        body = record.policies.get(row["policy"], {})
        yield bullets(shown(_reason(rule, facts, body)) for rule, facts in row["reasons"])
        counted = _counted(record, row, body)
        total = f"{_many(row['points'], 'point')} by {_many(row['reporters'], 'rep')}"
        if sum(points for *_, points in counted) == row["points"]:
            lines = [(str(number), shown(conduct), how, str(points)) for number, conduct, how, points in counted]
            yield table(("Report", "Conduct", "Points", ""), lines) if lines else ""
        else:
            yield note(NOT_ADDED)
        yield note(f"Together {total} · entry {row['n']} of the log · policy <code>{shown(row['policy'][:16])}</code>")


def policies(record: Record) -> Iterator[str]:
    """Each policy by which the case was judged."""
    for digest, body in record.policies.items():
        yield heading(2, "The policy as it was")
        yield table(("Conduct", "What is meant", "Points"), (_category(each) for each in _items(body, "categories")))
        yield bullets(map(shown, terms(body)))
        for part, title in (("conditions", "Conditions"), ("safeguards", "Safeguards")):
            yield heading(3, title)
            yield bullets(f"<b>{shown(each['name'])}.</b> {shown(each['words'])}" for each in _items(body, part))
        yield heading(3, "Reasons for a drop")
        yield bullets(map(shown, body.get("reason_classes", {}).values()))
        yield note(WHOLE.format(digest=f"<code>{shown(digest)}</code>"))


def _counted(record: Record, row: Row, body: Body) -> list[tuple[int, str, str, int]]:
    """The reports that had points at the time of a verdict: number, conduct, how they are reckoned, points."""
    now, found = datetime.fromisoformat(row["at"]), []
    for report in record.all("report"):
        lasts = timedelta(days=body.get("points_expire_after", 0))
        over = [each for each in (report["withdrawn_at"], report["discounted_at"]) if each]
        is_live = not any(datetime.fromisoformat(each) <= now for each in over)
        happened, reported = (datetime.fromisoformat(report[each]) for each in ("happened_at", "reported_at"))
        kind = body.get("categories", {}).get(report["category"])
        grade = body.get("severities", {}).get(report["severity"])
        if is_live and reported <= now < happened + lasts and kind and grade:
            points, times = kind["points"], grade["times"]
            conduct = f"{kind['name']}, {grade['name'].lower()}"
            found.append((report["number"], conduct, f"{points}, times {times}", points * times))
    return found


class _Called:
    def __init__(self, body: Body) -> None:
        self.name = str(body["name"])


class _Wording:
    """As much of a policy as the sentences need."""

    def __init__(self, body: Body) -> None:
        self.categories = {key: _Called(each) for key, each in body.get("categories", {}).items()}


def _reason(rule: str, facts: dict[str, Any], body: Any) -> str:  # noqa: ANN401 - see `_Wording`
    wording: Any = _Wording(body)
    try:
        return str(sentence(Reason(rule, facts), wording))
    except (KeyError, TypeError, ValueError):  # a rule of another release
        return f"{rule}: {facts}"


def _category(kind: Body) -> tuple[str, str, str]:
    points = f"{kind['points']}, {AT_ONCE}" if kind["zero_tolerance"] else str(kind["points"])
    return shown(kind["name"]), shown(kind["explanation"]), points


def _items(body: Body, part: str) -> list[Body]:
    return [each for each in body.get(part, {}).values() if isinstance(each, dict)]


def _by_times(body: Body) -> list[Body]:
    return sorted(body["severities"].values(), key=lambda each: int(each["times"]))


def terms(body: Body) -> Iterator[str]:
    """The sentences of a policy's settings, as far as it has them."""
    return (said for term in TERMS if (said := _term(term, body)))


def _term(term: Callable[[Body], str], body: Body) -> str:
    try:
        return term(body)
    except (KeyError, TypeError, IndexError):  # a policy of another release
        return ""


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _warnings(body: Body) -> str:
    asked = body.get("warnings_before_decision", 1)
    return "a valid warning" if asked == 1 else f"{asked} valid warnings"


def _span(span: Body) -> str:
    return _many(span["amount"], str(span["unit"]))


def _many(number: int, of: str) -> str:
    return f"{number} {of}" if number == 1 else f"{number} {of}s"
