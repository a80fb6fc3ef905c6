"""Who may act on a case at a moment, derived from the rows, independently of the use cases."""

from datetime import datetime, timedelta

from bot.rules.policy.verdicts import Rung
from storage.tables.cases import matter, recusal
from storage.tables.customers import customer, stake
from storage.tables.reports import report
from tests.builders import FIRM
from tests.year.facts import Facts, Row
from tests.year.office import GUESTS, People

MANAGERS = frozenset(entry for entry in FIRM.managers if entry.startswith("U"))
DIRECTORS = frozenset(FIRM.directors)
YEAR = timedelta(days=365)


def wrong_deciders(known: Facts, people: People, made: Row, case_before: Row, approvals: int) -> list[str]:
    """Problems with who decided or approved; empty if all of them may."""
    who = [made.by, *made.approved_by]
    wrong = [f"{user} {why}" for user in who for why in _denials(known, people, case_before, user, made.at)]
    if len(set(who)) < len(who):
        wrong.append(f"{who} counts somebody twice")
    if made.choice == "drop" and len(who) < approvals:
        wrong.append(f"{who} are too few to drop")
    may = _listed(known, people, case_before, made.at, approvals)
    return [*wrong, *(f"{user} is nobody to decide" for user in [made.by] if user not in may)]


def _denials(known: Facts, people: People, case: Row, user: str, now: datetime) -> list[str]:
    denials = {
        "has a stake": user in _stakes(known, case.customer, now),
        "is a guest": user in GUESTS,
        "has left": user in people.gone,
    }
    return [why for why, holds in denials.items() if holds]


def _stakes(known: Facts, about: int, now: datetime) -> set[str]:
    """Who reported the customer within a year, owns the account or owned it since, or stepped aside."""
    cases = {row.number: row for row in known.of(matter, lambda row: row.customer == about)}
    incidents = [
        row
        for row in known.of(report, lambda row: row.customer == about or row.case in cases)
        if row.discounted_at is None
        and (max(row.happened_at, row.reported_at) > now - YEAR or _is_open(known, row.case))
    ]
    kept = known.of(stake, lambda row: row.customer == about)
    joint = [row for row in kept if row.why == "reporter" and row.at > now - YEAR]
    since = min([row.happened_at for row in incidents] + [row.happened_at for row in joint], default=None)
    owned = {row.user for row in kept if row.why == "former_owner" and since is not None and row.at >= since}
    aside = {row.by for row in known.of(recusal, lambda row: row.case in cases)}
    aside |= {row.user for row in kept if row.why == "recused"}
    return {row.reporter for row in incidents} | {row.user for row in joint} | owned | aside | _owners(known, about)


def _owners(known: Facts, about: int) -> set[str]:
    """Who owns the record, or one that is merged into it."""
    merged = known.of(customer, lambda row: row.merged_into == about)
    return {known.customer(about).owner}.union(*(_owners(known, row.number) for row in merged))


def _is_open(known: Facts, case: int | None) -> bool:
    return case is not None and known.case(case).closed_at is None


def _listed(known: Facts, people: People, case: Row, now: datetime, approvals: int) -> frozenset[str]:
    """The managers, and the directors if the case is overdue or too few managers are left."""
    managers = MANAGERS | people.group
    left = [user for user in managers if not _denials(known, people, case, user, now)]
    needed = approvals if case.rung == Rung.DECIDE else 1
    return managers | DIRECTORS if now >= case.due_at or len(left) < needed else frozenset(managers)
