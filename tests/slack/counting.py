"""Counts what is in the record and in Slack, after the bot was killed or frozen."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from difflib import unified_diff
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import select

from bot.app import assemble, render_function
from bot.rules.notices import Notice, NoticeKind
from bot.sandbox.workspace import FIRM
from storage.tables.audit import audit
from storage.tables.outbox import notice
from storage.tables.reports import report, verdict
from tests.builders import audit_problems
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from slack_sdk import WebClient

    from bot.settings.load import Settings
    from storage.database import Database

SETTLED_WITHIN = 420.0  # seconds: a lease, a rest, and whatever Slack's pace has piled up


@dataclass
class Findings:
    """The counts. Everything from `lost` on has to be 0."""

    kills: int = 0
    forms: int = 0
    acked: int = 0
    withdrawn: int = 0
    decisions: int = 0
    messages: int = 0
    lost: int = 0
    half_written: int = 0
    recorded_twice: int = 0
    decisions_lost: int = 0
    decisions_doubled: int = 0
    doubled: int = 0
    never_sent: int = 0
    old_state: int = 0
    old_states: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    still_behind: int = 0
    exit_code: int = 0

    def faults(self) -> dict[str, object]:
        """What is not as it should be."""
        numbers = asdict(self)
        return {name: numbers[name] for name in list(numbers)[list(numbers).index("lost") :] if numbers[name]}


class WhatSomebodyDid(Protocol):
    """What somebody told and was told: all their stories, the numbers of those acked, and what they took back."""

    stories: list[str]
    acked: dict[str, int]
    withdrawn: set[int]


def settled(database: Database) -> int:
    """How many messages and scheduled tasks are still behind when nothing is left to do, or time is up."""
    end = time.monotonic() + SETTLED_WITHIN
    while True:
        now = real_clock()
        figures = database.gauges(now)
        behind = figures.behind + (figures.next_step is not None and figures.next_step <= now)
        if not behind or time.monotonic() > end:
            return behind
        time.sleep(0.2)


def count_reports(database: Database, reps: Iterable[WhatSomebodyDid], found: Findings) -> None:
    """Whether each report that was acked is on record, whole, once, and the log with it."""
    with database.engine.connect() as connection:
        received = {row.narrative: row for row in connection.execute(select(report))}
        numbers = Counter(row.narrative for row in connection.execute(select(report.c.narrative)))
        judged = {row.report for row in connection.execute(select(verdict.c.report))}
        noted = {row.facts["report"] for row in connection.execute(select(audit).where(audit.c.act == "report"))}
        asked = {row.subject for row in connection.execute(select(notice).where(notice.c.kind == "report"))}
    taken_back = {row.number for row in received.values() if row.withdrawn_at}
    acked = {story: number for rep in reps for story, number in rep.acked.items()}
    found.forms = sum(len(rep.stories) for rep in reps)
    found.acked = len(acked)
    found.withdrawn = len(taken_back)
    found.lost = sum(1 for story, number in acked.items() if story not in received or received[story].number != number)
    found.lost += sum(len(rep.withdrawn - taken_back) for rep in reps)
    found.half_written = sum(1 for row in received.values() if row.number not in judged & noted & asked)
    found.broken = list(audit_problems(database))
    found.recorded_twice = sum(count - 1 for count in numbers.values())


def count_messages(database: Database, settings: Settings, slack: WebClient, found: Findings) -> None:
    """Whether each message stands in Slack once, and says what it has to say by now."""
    there = _messages(slack)
    drawn = _drawn(database, settings)
    found.messages = len(drawn)
    found.doubled = sum(len(texts) - 1 for texts in there.values())
    found.never_sent = sum(1 for tag in drawn if tag not in there)
    both = [(there[tag][0], text) for tag, text in drawn.items() if tag in there]
    old = [each for each in both if each[0] != each[1]]
    found.old_state = len(old)
    found.old_states = ["\n".join(unified_diff(*(text.splitlines() for text in each), lineterm="")) for each in old]


def _messages(slack: WebClient) -> dict[str, list[str]]:
    """By the tag in its metadata, each message of the bot's."""
    people = [user.id for user in FIRM.users if not user.bot]
    directs = [str(slack.conversations_open(users=[user])["channel"]["id"]) for user in people]
    by_tag: dict[str, list[str]] = {}
    for message in (message for channel in ("C0MANAGE", *directs) for message in _history(slack, channel)):
        if "metadata" in message:
            by_tag.setdefault(message["metadata"]["event_payload"]["key"], []).append(message["text"])
    return by_tag


def _history(slack: WebClient, channel: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = slack.conversations_history(channel=channel, include_all_metadata=True, limit=200, cursor=cursor)
        yield from page["messages"]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            return


def _drawn(database: Database, settings: Settings) -> dict[str, str]:
    """By tag, what each message has to say by now. A Home is no message."""
    bot = assemble(settings, real_clock)
    render, texts = render_function(bot.context), {}
    with database.engine.connect() as connection:
        rows = list(connection.execute(select(notice).where(notice.c.kind != NoticeKind.HOME)))
    for row in rows:
        named = {name: getattr(row, name, None) for name in Notice.__dataclass_fields__}
        with database.read(row.team) as tx:
            texts[row.tag] = render(tx, Notice(**(named | {"in_doubt": False}))).text
    bot.database.close()
    return texts
