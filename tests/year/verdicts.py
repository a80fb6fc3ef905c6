"""Derives a verdict again from the rows, the policy stored with it, and its time."""

import json
from datetime import datetime

from sqlalchemy import select

from bot.rules.policy.assess import assess
from bot.rules.policy.policy_body import policy_from_body
from bot.rules.policy.verdicts import DeliveredWarning, History, Incident, Reason, Rung, Severity, Verdict
from storage.database import Database
from storage.tables.cases import warning
from storage.tables.customers import safeguard
from storage.tables.reports import policy, report
from tests.year.facts import Facts, Row


def derived(database: Database, known: Facts, said: Row) -> tuple[Verdict, Verdict]:
    """Before and after what else happened at the same moment: after downtime a decision may end then, too."""
    with database.engine.connect() as connection:
        body = connection.scalars(select(policy.c.body).where(policy.c.digest == said.policy)).one()
    rules = policy_from_body(json.loads(body))
    before, after = (history(known, said.customer, said.at, ended=ended) for ended in (False, True))
    return assess(before, rules, said.at), assess(after, rules, said.at)


def stored(said: Row) -> Verdict:
    return Verdict(
        Rung(said.rung),
        tuple(Reason(rule, facts) for rule, facts in said.reasons),
        said.points,
        said.reporters,
        said.urgent,
        said.policy,
        said.heaviest,
    )


def history(known: Facts, customer: int, at: datetime, *, ended: bool = True) -> History:
    """What was known of a customer then, provided nothing has changed since.

    `ended`: whether decisions that ended at this very moment had ended already.
    """
    given = known.of(warning, lambda row: row.customer == customer and row.delivered_at and not row.withdrawn_at)
    kept = known.of(safeguard, lambda row: row.customer == customer and not row.removed_at)
    return History(
        tuple(_incident(known, row, at, ended=ended) for row in known.of(report, lambda row: row.customer == customer)),
        tuple(DeliveredWarning(row.number, row.delivered_at, row.expires_at) for row in given),
        safeguarded=any(row.ends_at is None or at < row.ends_at for row in kept),
    )


def _incident(known: Facts, row: Row, at: datetime, *, ended: bool) -> Incident:
    made = None if row.case is None else known.decision(row.case)
    over = made is not None and made.ended_at is not None and (ended or made.ended_at < at)
    return Incident(
        row.number,
        row.reporter,
        row.category,
        Severity(row.severity),
        row.happened_at,
        doubted=row.doubted,
        void=bool(row.withdrawn_at or row.discounted_at),
        judged=made is not None and (made.choice == "keep" or over),
    )
