"""Whether what people read is true: each statement of time, standing, count, person and next step, against the rows.

The statements are taken out of the drawn texts, and what is so is worked out here from the rows, not by the code that
draws. A message that stands in Slack must also say what it would say if it were drawn now: time makes some untrue.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.rules.notices import NoticeKind
from bot.rules.policy.policy import Policy
from bot.rules.text import MONTHS, SHORT_MONTHS
from bot.usecases.customers.look_up import customer_file
from handlers.blockkit.fallback_text import as_text
from handlers.customers.card import customer_view
from storage.tables.cases import objection, warning
from storage.tables.customers import customer
from storage.tables.decisions import decision, sent_letter
from storage.tables.reports import report
from tests.builders import FIRM, TEAM, someone
from tests.year.clock_checks import stands_as
from tests.year.facts import Facts, Row
from tests.year.office import Office
from tests.year.opened import opened, week_so_far, wrong_letters
from tests.year.pictures import Key, drawn, noticed

_MOMENT = re.compile(r"<!date\^(\d+)\^[^|>]*\|[^>]*>")
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join({*MONTHS, *SHORT_MONTHS})}) (\d{{4}})\b")
_AT = r"⟦([^⟧]+)⟧"
_TO_COME = re.compile(
    r"(?:\b[Bb]y|\b[Dd]ue|\b[Uu]ntil|Takes effect|\bBefore|(?:ending|end) the relationship on|review on|effect from) "
    + _AT
)
_GONE = re.compile(
    r"(?:\b[Ss]ince|Recorded|issued by <@\w+> on|delivered (?:by \S+|in person) on|expired on|was due"
    rf"|ended the relationship on) {_AT}"
)
# What a sentence says of the past although a day follows "by", "until" or "due".
_OF_THE_PAST = re.compile(r"\bwas\b|\bwere\b|\blate\b|[Oo]verdue|Renewed|Lapsed|had\b")
_TALLY = re.compile(r"\*?(\d[\d,]*) reports? by (\d[\d,]*) reps?")
_STANDING = {
    "clear": "clear",
    "warned": "warned",
    "under review": "under_review",
    "kept with conditions": "restricted",
    "dropped": "dropped",
}
_ACTS = {
    "look at it": "record",
    "warn them": "warn",
    "hear both sides": "hear",
    "decide whether to keep them": "decide",
}
_TIMELESS = frozenset({NoticeKind.SUMMARY, NoticeKind.TABLE, NoticeKind.DIGEST, NoticeKind.PACK})


@dataclass
class Statements:
    """`shown`: for each message, the version that was drawn last, and its text."""

    office: Office
    shown: dict[Key, tuple[int, str]] = field(default_factory=dict)

    def in_messages(self, known: Facts, changed: set[Key] | None = None) -> Iterator[str]:
        """What is untrue now in these messages and Homes, or in all of them. Each is drawn, and so noted as shown."""
        for row in noticed(self.office):
            key = (row.kind, row.subject, row.target, row.round)
            if row.kind not in _TIMELESS and (changed is None or key in changed):
                wrong = [*self._in_message(key, row, known)]
                yield from wrong if known.is_quiet() else ()  # what is due is said once the clock has run

    def _in_message(self, key: Key, row: Row, known: Facts) -> Iterator[str]:
        message = drawn(self.office, row)
        text = _read(block for block in message.blocks if block is not message.as_of_block)
        if "could not confirm" in text:
            return  # who manages cannot be asked of Slack just now: the Home says so, and nothing else
        where, policy = f"{row.kind} {row.subject} for {row.target}", self.office.policy
        yield from (f"{where}: {wrong}" for wrong in _about_time(text, known, policy))
        yield from (f"{where}: {wrong}" for wrong in _OF_KIND.get(row.kind, _nothing)(row, text, known, policy))
        wanted, before = self.shown.get(key, (0, ""))
        if wanted == row.wanted and before != text:
            yield f"{where} stands in Slack as {_differing(before, text)}"
        self.shown[key] = (row.wanted, text)

    def in_views(self, known: Facts) -> Iterator[str]:
        """What is untrue now in any card, in any case in full, form or letter, and in the week."""
        policy = self.office.policy
        yield from self._cards(known)
        yield from wrong_letters(self.office, known)
        for what, blocks in opened(self.office, known):
            yield from (f"{what}: {wrong}" for wrong in _about_time(_read(blocks), known, policy))
        yield from _week(week_so_far(self.office, known), known)

    def _cards(self, known: Facts) -> Iterator[str]:
        context = self.office.context
        with context.read(TEAM) as tx:
            for row in known.of(customer, lambda row: row.merged_into is None):
                for user in ("U0ANA", "U0PRIYA"):
                    file = customer_file(tx, context, someone(user), row.number, known.now)
                    text = as_text(customer_view(file, self.office.policy, known.now)["blocks"])
                    where = f"the card of {row.number} for {user}"
                    yield from (f"{where}: {wrong}" for wrong in _about_time(text, known, self.office.policy))
                    yield from (f"{where}: {wrong}" for wrong in _card(row, text, known))


def _read(blocks: Iterable[dict[str, Any]]) -> str:
    """The text; of a field what stands beside it. A Home has no text of its own, and its settings name a channel."""
    named = [block for block in blocks if '"type": "channel"' not in json.dumps(block)]
    fields = [block["hint"]["text"] for block in named if block.get("hint")]
    return "\n".join([as_text([block for block in named if block["type"] != "input"]), *fields])


def _about_time(text: str, known: Facts, policy: Policy) -> Iterator[str]:
    """What is to come must be to come, and what has been must have been, on the firm's day."""
    today = policy.hours.local_date(known.now)
    for sentence in re.split(r"(?<=[.:;])\s|\n| · ", _DAY.sub(_iso, _MOMENT.sub(r"⟦\1⟧", text))):
        if not _OF_THE_PAST.search(sentence):
            yield from (sentence for at in _TO_COME.findall(sentence) if _is_over(at, known.now, today))
        yield from (sentence for at in _GONE.findall(sentence) if not _has_begun(at, known.now, today))


def _iso(found: re.Match[str]) -> str:
    month = next(n % 12 for n, name in enumerate((*MONTHS, *SHORT_MONTHS)) if name == found[2]) + 1
    return f"⟦{date(int(found[3]), month, int(found[1])).isoformat()}⟧"


def _is_over(at: str, now: datetime, today: date) -> bool:
    return (
        date.fromisoformat(at) < today
        if "-" in at
        else datetime.fromtimestamp(int(at), UTC) < now - timedelta(seconds=1)
    )


def _has_begun(at: str, now: datetime, today: date) -> bool:
    return date.fromisoformat(at) <= today if "-" in at else datetime.fromtimestamp(int(at), UTC) <= now


def _case(row: Row, text: str, known: Facts, policy: Policy) -> Iterator[str]:
    del policy
    case, made = known.case(row.subject), known.decision(row.subject)
    if case.closed_at is None:
        yield from _counted(text, known, case.customer)
    decided = re.search(r"Decided by ((?:<@\w+>(?:, )?)+)", text)
    if decided and (not made or set(re.findall(r"<@(\w+)>", decided[1])) != {made.by, *made.approved_by}):
        yield f"{decided[0]}, and it was {made and (made.by, made.approved_by)}"
    given = {each.issued_by for each in known.of(warning, lambda each: each.customer == case.customer)}
    yield from (f"a warning by {by}" for by in re.findall(r"issued by <@(\w+)>", text) if by not in given)
    asked = known.of(objection, lambda each: each.case == row.subject and each.answered_by)
    said = r"<@(\w+)> answered the objection", r"after an objection by <@(\w+)>"
    for by in (found for pattern in said for found in re.findall(pattern, text)):
        if by not in {each.answered_by for each in asked}:
            yield f"an answer by {by}"
    yield from _of_letter(row.subject, text, known)
    overdue = case.closed_at is None and case.due_at <= known.now
    if ("Overdue since" in text) is not overdue:
        yield f"overdue: {overdue}"


def _of_letter(case: int, text: str, known: Facts) -> Iterator[str]:
    """A letter is said to be sent only where it was, by who marked it, and is asked for as long as it was not."""
    owed = known.letter_owed(case)
    if ("not sent yet" in text) is not (owed is not None):
        yield f"a letter not sent yet, and it is {owed}"
    marked = {row.by for row in known.of(sent_letter, lambda row: row.case == case)}
    named = re.findall(r"marked by <@(\w+)>", text)
    yield from (f"a letter marked as sent by {by}" for by in named if by not in marked)


def _said_of_decisions(text: str, decisions: Iterable[Row], known: Facts) -> Iterator[str]:
    """Reps read that the customer does not have our letter only as long as one is to be sent."""
    owed = [known.letter_owed(made.case) for made in decisions if made.ended_at is None]
    if "do not have our letter" in text and not any(owed):
        yield f"the customer does not have our letter, and {owed}"


def _letter(row: Row, text: str, known: Facts, policy: Policy) -> Iterator[str]:
    del policy
    rounds = [key[3] for key in known.wanted if key[:3] == (row.kind, row.subject, row.target)]
    owed, newest = known.letter_owed(row.subject), row.round == max(rounds)
    if "cannot act" not in text and ("Please send it" in text) is not (owed is not None and newest):
        yield f"asked for a letter, and it is {owed}"


def _counted(text: str, known: Facts, about: int) -> Iterator[str]:
    said = _TALLY.search(text)
    mine = known.of(report, lambda each: each.customer == about and each.withdrawn_at is None)
    counted = len(mine), len({each.reporter for each in mine})
    if said and (int(said[1].replace(",", "")), int(said[2].replace(",", ""))) != counted:
        yield f"{said[0]}, and there are {counted}"


def _report(row: Row, text: str, known: Facts, policy: Policy) -> Iterator[str]:
    mine = next(each for each in known.of(report) if each.number == row.subject)
    case = known.case(mine.case) if mine.case else None
    for act in re.findall(r"(?:has|have) until <[^>]*> to ([a-z ]+)", text):
        if case is None or case.closed_at or case.rung != _ACTS[act]:
            yield f"management is to {act}, and the case is {case}"
    if "not marked as delivered yet" in text and not known.of(
        warning, lambda each: each.case == mine.case and each.delivered_at is None
    ):
        yield "a warning that is not delivered yet"
    over = mine.happened_at + policy.points_expire_after <= known.now
    if "If more is reported" in text and over:
        yield "a report of long ago is said to lead to more"
    yield from _said_of_decisions(
        text, known.of(decision, lambda each: each.customer in {mine.customer, case and case.customer}), known
    )
    if ("misunderstanding, so your report" in text) is not bool(mine.discounted_at and not mine.withdrawn_at):
        yield f"discounted: {mine.discounted_at}"


def _this_week(known: Facts) -> list[Row]:
    local = known.now.astimezone(ZoneInfo(FIRM.summary_at.zone))
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), time(), local.tzinfo)
    return known.of(report, lambda each: each.reported_at >= monday and each.withdrawn_at is None)


def _week(text: str, known: Facts) -> Iterator[str]:
    said = re.search(r"(\d[\d,]*|No) reports?\b", text)
    counted = 0 if said is None or said[1] == "No" else int(said[1].replace(",", ""))
    if counted != len(_this_week(known)):
        yield f"the week has {counted} reports, and there were {len(_this_week(known))}"


def _home(row: Row, text: str, known: Facts, policy: Policy) -> Iterator[str]:
    del row, policy
    if "*This week*" not in text and "This week" not in text:
        return
    new = _this_week(known)
    said = _TALLY.search(text.partition("This week")[2].partition("Customers")[0])
    counted = (int(said[1].replace(",", "")), int(said[2].replace(",", ""))) if said else (0, 0)
    if counted != (len(new), len({each.reporter for each in new})):
        yield f"this week {counted}, and there were {len(new)}"


def _card(row: Row, text: str, known: Facts) -> Iterator[str]:
    said = re.search(r"Standing: ([a-z ]+)", text)
    is_so = stands_as(known, row).value
    if said is None or _STANDING[said[1].strip()] != is_so:
        yield f"{said and said[0]}, and they are {is_so}"
    open_case = next((case for case in known.open_cases() if case.customer == row.number), None)
    for act in re.findall(r"(?:has|have) until <[^>]*> to ([a-z ]+)", text):
        if open_case is None or open_case.rung != _ACTS[act]:
            yield f"management is to {act}, and the case is {open_case}"
    made = known.of(decision, lambda each: each.customer == row.number)
    yield from _said_of_decisions(text, made, known)
    last = max(made, key=lambda each: (each.at, each.case), default=None)
    if last and last.ended_at is None and known.letter_owed(last.case) and "do not have our letter" not in text:
        yield f"nothing of the letter that is to be sent in case {last.case}"
    if open_case and "anagement" not in text:
        yield "nothing of the open case"
    on_record = text.partition("On record: ")[2]
    yield from _counted(on_record, known, row.number) if on_record else ()


def _nothing(*_: object) -> Iterator[str]:
    return iter(())


def _differing(before: str, now: str) -> str:
    pairs = zip(before.split("\n"), now.split("\n"), strict=False)
    return next((f"{old!r}, and it would say {new!r}" for old, new in pairs if old != new), "more or less lines")


_OF_KIND = {NoticeKind.LETTER: _letter, NoticeKind.CASE: _case, NoticeKind.REPORT: _report, NoticeKind.HOME: _home}
