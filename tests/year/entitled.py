"""Who may act on a case at a moment, derived from the rows, independently of the use cases."""

from datetime import datetime

from bot.rules.policy.verdicts import Rung
from storage.tables.cases import recusal
from storage.tables.reports import report
from tests.builders import FIRM
from tests.year.facts import Facts, Row
from tests.year.office import GUESTS, People

MANAGERS = frozenset(entry for entry in FIRM.managers if entry.startswith("U"))
DIRECTORS = frozenset(FIRM.directors)


def wrong_deciders(known: Facts, people: People, made: Row, case_before: Row, approvals: int) -> list[str]:
    """Problems with who decided or approved; empty if all of them may."""
    who = [made.by, *made.approved_by]
    wrong = [f"{user} {why}" for user in who for why in _denials(known, people, case_before, user)]
    if len(set(who)) < len(who):
        wrong.append(f"{who} counts somebody twice")
    if made.choice == "drop" and len(who) < approvals:
        wrong.append(f"{who} are too few to drop")
    may = _listed(known, people, case_before, made.at, approvals)
    return [*wrong, *(f"{user} is nobody to decide" for user in [made.by] if user not in may)]


def _denials(known: Facts, people: People, case: Row, user: str) -> list[str]:
    reported = {row.reporter for row in known.of(report, lambda row: row.case == case.number)}
    recused = {row.by for row in known.of(recusal, lambda row: row.case == case.number)}
    denials = {
        "reported in the case": user in reported,
        "owns the account": user == known.customer(case.customer).owner,
        "stepped aside": user in recused,
        "is a guest": user in GUESTS,
        "has left": user in people.gone,
    }
    return [why for why, holds in denials.items() if holds]


def _listed(known: Facts, people: People, case: Row, now: datetime, approvals: int) -> frozenset[str]:
    """The managers, and the directors if the case is overdue or too few managers are left."""
    managers = MANAGERS | people.group
    left = [user for user in managers if not _denials(known, people, case, user)]
    needed = approvals if case.rung == Rung.DECIDE else 1
    return managers | DIRECTORS if now >= case.due_at or len(left) < needed else frozenset(managers)
