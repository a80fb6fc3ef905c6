"""Colleagues whom conditions name, such as a customer's one contact: whether they are still here, and what follows."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from bot.rules.conditions import user_in
from bot.rules.decisions import Decision
from bot.rules.refusals import Denial
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.permissions.permissions import profile_denial
from storage.transaction import Transaction

LEFT: Final = frozenset({Denial.DEACTIVATED, Denial.OUTSIDER})


def contacts(tx: Transaction) -> frozenset[str]:
    """Whom the decisions in force name."""
    return frozenset(tx.cases.contacts())


def contacts_gone(tx: Transaction, decision: Decision | None) -> frozenset[str]:
    """Of the colleagues whom this decision names, those who have left."""
    named = [user for _, value in decision.details if (user := user_in(value))] if decision else []
    profiles = tx.people.profiles(named) if named else {}
    return frozenset(user for user, profile in profiles.items() if profile_denial(profile) in LEFT)


def contacts_changed(tx: Transaction, users: Collection[str], now: datetime) -> None:
    """Some of these people may have left, or come back: show it, and ask managers about each decision at once."""
    named = tx.cases.contacts() if users else {}
    for case, customer in sorted({each for user in users for each in named.get(user, ())}):
        tx.notices.refresh_about(customer, now)
        tx.scheduled_tasks.set(TaskKind.REVIEW, case, now)
