"""Managers who decide every case while the bot is killed, and the count of their decisions."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.sandbox.client import NotPossible
from bot.sandbox.form import FormErrors
from bot.sandbox.person import NoForm, Person
from storage.tables.audit import audit
from storage.tables.decisions import decision
from tests.slack.steps import with_letter

if TYPE_CHECKING:
    import random
    import threading
    from collections.abc import Sequence

    from bot.sandbox.form import Form
    from bot.sandbox.person import Message
    from storage.database import Database
    from tests.slack.counting import Findings

MANAGERS = ("U0PRIYA", "U0BRAD")
NOT_NOW = (NoForm, FormErrors, NotPossible, OSError)
KEEP, DROP = "Keep customer", "Approve drop"
FIELDS = {
    KEEP: {"Why?": "It was said in anger."},
    DROP: {
        "Why?": "A threat is a threat.",
        "Reason": "Violence or the threat of it",
        "Safeguards": ["I have considered the safeguards"],
    },
}
CASE = re.compile(r"case (\d+)", re.IGNORECASE)


class Manager:
    """Takes a case that waits, decides it, often in the same moment as the other one, and sends some forms twice."""

    def __init__(self, url: str, user: str, dice: random.Random) -> None:
        self.person = Person(url, user, deadline=2)
        self.decided: dict[int, str] = {}
        self._dice = dice

    def work(self, over: threading.Event) -> None:
        """Until it is over."""
        while not over.wait(self._dice.uniform(0.2, 0.8)):
            try:
                self._decide()
            except NOT_NOW:
                continue  # the bot is down, or the other one was first: the next look shows how it stands

    def _decide(self) -> None:
        waiting = [seen for seen in self.person.channel("C0MANAGE") if KEEP in seen.buttons]
        if not waiting:
            return
        seen = waiting[0]  # both take the oldest, so that they meet
        choice = self._dice.choice((KEEP, DROP))
        form = self.person.press(seen, choice)
        if form is not None:
            self._send(form, seen, choice)
            form.cancel()

    def _send(self, form: Form, seen: Message, choice: str) -> None:
        if form.title != choice:
            return
        form.fill(FIELDS[choice]).submit(twice=self._dice.random() < 0.3)
        with_letter(form, twice=self._dice.random() < 0.3)
        number = CASE.search(seen.text)
        if form.title == "Recorded" and number:
            self.decided[int(number[1])] = choice


def count_decisions(database: Database, managers: Sequence[Manager], found: Findings) -> None:
    """Whether each decision that a manager was told of stands, and each case was decided once."""
    with database.engine.connect() as connection:
        on_record = {row.case: row.by for row in connection.execute(select(decision))}
        noted = Counter(row.facts["case"] for row in connection.execute(select(audit).where(audit.c.act == "decide")))
    received = [(case, manager.person.user_id) for manager in managers for case in manager.decided]
    found.decisions = len(on_record)
    found.decisions_lost = sum(1 for case, by in received if on_record.get(case) != by)
    found.decisions_doubled = sum(times - 1 for times in noted.values()) + sum(
        times - 1 for times in Counter(case for case, _ in received).values()
    )
