"""Interim protection as it follows from a case: what the policy sets, and what goes over to another case."""

from dataclasses import replace
from datetime import datetime

from bot.rules.cases import Case
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.protection import Protection, is_called_for
from bot.usecases.context import Context, new_salt
from storage.transaction import Transaction


def follow_policy(tx: Transaction, context: Context, case: Case, now: datetime) -> ProtectionKind | None:
    """Put the customer under protection where the policy now says so; what was set, if anything was.

    It is done in the transaction that opens or moves the case. The case is open, and its reports have joined it.
    """
    rules, last = context.policy.interim, tx.protections.newest(case.number)
    if last and last.kind:
        return None
    severe = rules.severe and tx.protections.severe_since(case.number, last.version if last else 0)
    if not is_called_for(rules, case.rung, last, severe_since=severe):
        return None
    add(tx, case, last, rules.protection, now)
    return rules.protection


def add(
    tx: Transaction,
    case: Case,
    last: Protection | None,
    kind: ProtectionKind | None,
    now: datetime,
    by: str | None = None,
    reason: str = "",
    salt: str = "",
) -> None:
    """Store the entry after `last`. `by`: None: the policy."""
    n = last.n + 1 if last else 1
    tx.protections.add(Protection(case.number, n, now, by, kind, case.rung, case.version, reason), salt or new_salt())


def bring_protection(tx: Transaction, ended: Case, into: Case, now: datetime) -> None:
    """Of two cases that become one: what held in the one that ends holds in the other."""
    held, last = tx.protections.newest(ended.number), tx.protections.newest(into.number)
    if held and held.kind and not (last and last.kind):
        n = last.n + 1 if last else 1
        entry = replace(held, case=into.number, n=n, at=now, rung=into.rung, version=into.version)
        tx.protections.add(entry, new_salt())
