"""How many statements an act takes, which holds up other writers: the same number however large the firm is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.decisions.decide import drop
from bot.usecases.warnings.warn import IssueWarning, issue_warning
from storage.database import Database
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    a_drop,
    a_profile,
    a_report,
    before_a_decision,
    opened,
    report,
    someone,
)
from tests.statements import counted

MOST_FOR_A_DROP = 45


def a_firm_of(database: Database, clock: FrozenClock, managers: int) -> Context:
    """Half of the managers are in a group, the others are listed one by one; all have been read from Slack."""
    grouped, listed = ([f"U0{kind}{n}" for n in range(managers // 2)] for kind in ("G", "L"))
    firm = replace(FIRM, managers=("S0MANAGERS", "U0PRIYA", *listed))
    context = a_context(database, clock, firm)
    with context.begin(TEAM) as tx:
        tx.people.save_group("S0MANAGERS", ("U0BRAD", *grouped), clock())
        for user in (*grouped, *listed):
            tx.people.save_profiles([a_profile(user, clock())])
    return context


def handing_in_a_drop(context: Context, clock: FrozenClock, name: str) -> Callable[[], object]:
    command = a_drop(context, before_a_decision(context, clock, name))
    return lambda: drop(context, command)


def approving_a_drop_first(context: Context, clock: FrozenClock, name: str) -> Callable[[], object]:
    two = replace(context, policy=replace(context.policy, approvals_to_drop=2))
    command = a_drop(context, before_a_decision(context, clock, name))
    return lambda: drop(two, command)


def reporting(context: Context, clock: FrozenClock, name: str) -> Callable[[], object]:
    before_a_decision(context, clock, name)
    new = a_report(context, "U0JOE", name)
    return lambda: report(context, new)


def issuing_a_warning(context: Context, _: FrozenClock, name: str) -> Callable[[], object]:
    command = IssueWarning(someone("U0PRIYA"), opened(context, "U0ANA", name).number, "Please stop.")
    return lambda: issue_warning(context, command)


def stepping_aside(context: Context, _: FrozenClock, name: str) -> Callable[[], object]:
    command = Recuse(someone("U0PRIYA"), opened(context, "U0ANA", name).number, "They are my neighbour.")
    return lambda: recuse(context, command)


ACTS = (handing_in_a_drop, approving_a_drop_first, reporting, issuing_a_warning, stepping_aside)


@pytest.mark.parametrize("prepare", ACTS, ids=lambda prepare: prepare.__name__)
def test_an_act_takes_the_same_statements_however_many_managers_there_are(
    database: Database, clock: FrozenClock, prepare: Callable[[Context, FrozenClock, str], Callable[[], object]]
) -> None:
    taken = []
    for managers in (2, 300):
        act = prepare(a_firm_of(database, clock, managers), clock, f"Firm of {managers}")
        with counted(database) as statements:
            act()
        taken.append(list(statements))
    assert len(taken[0]) == len(taken[1])
    assert len(taken[0]) <= MOST_FOR_A_DROP
