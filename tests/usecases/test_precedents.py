"""Past cases of other customers beside one that is to be decided."""

from dataclasses import replace
from typing import Any

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.precedents import Precedent
from bot.usecases.context import Context
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.case_access import check_manager, for_form
from bot.usecases.shared.read_models import case_file
from tests.builders import FrozenClock, before_a_decision, dropped, kept, read_from_slack, reported, someone, warned


def similar(context: Context, case: int) -> dict[str, Precedent]:
    read_from_slack(context)
    return {each.name: each for each in for_form(context, someone("U0PRIYA"), case, check_manager, case_file).similar}


def test_a_decision_sees_how_similar_cases_of_others_ended_and_whether_it_went_on(
    context: Context, clock: FrozenClock
) -> None:
    acme = before_a_decision(context, clock, "Acme Ltd")
    kept(context, acme)
    dropped(context, before_a_decision(context, clock, "Borealis Foods"))
    clock.forward(days=1)
    read_from_slack(context)
    reported(context, "U0ANA", "Acme Ltd", category="payment_withheld")
    found = similar(context, before_a_decision(context, clock, "Zenith Corp"))
    assert {name: (each.outcome, each.since) for name, each in found.items()} == {
        "Acme Ltd": (Outcome.KEPT, 1),
        "Borealis Foods": (Outcome.DROPPED, 0),
    }
    like = found["Acme Ltd"]
    assert like.conditions == (next(iter(context.policy.conditions)),)
    assert (like.by.category, like.by.points, like.by.reporters) == ("verbal_abuse", 12, 3)
    assert like.by.standing is Standing.WARNED


def test_a_customers_own_cases_and_those_that_nobody_judged_are_no_precedent(
    context: Context, clock: FrozenClock
) -> None:
    warned(context, _case(reported(context, customer="Acme Ltd")))
    reported(context, customer="Larkspur Hotels")
    found = similar(context, before_a_decision(context, clock, "Zenith Corp"))
    assert set(found) == {"Acme Ltd"}


def test_only_an_open_decision_is_compared(context: Context, clock: FrozenClock) -> None:
    warned(context, _case(reported(context, customer="Acme Ltd")))
    to_warn = _case(reported(context, customer="Larkspur Hotels"))
    assert similar(context, to_warn) == {}
    case = before_a_decision(context, clock, "Zenith Corp")
    assert similar(context, case) != {}
    dropped(context, case)
    assert similar(context, case) == {}


def test_what_others_do_later_changes_no_notice_until_the_case_itself_goes_on(
    context: Context, clock: FrozenClock
) -> None:
    """Else each decision and each report would leave the notices of all cases like it on an old state."""
    kept(context, before_a_decision(context, clock, "Acme Ltd"))
    waiting = before_a_decision(context, clock, "Zenith Corp")
    shown = similar(context, waiting)
    assert {name: each.since for name, each in shown.items()} == {"Acme Ltd": 0}
    clock.forward(days=1)
    read_from_slack(context)
    told = reported(context, "U0ANA", "Acme Ltd", category="payment_withheld")
    dropped(context, before_a_decision(context, clock, "Borealis Foods"))
    assert similar(context, waiting) == shown
    reported(context, "U0MIA", "Zenith Corp", category="payment_withheld")
    now = similar(context, waiting)
    assert {name: each.since for name, each in now.items()} == {"Acme Ltd": 1, "Borealis Foods": 0}
    clock.forward(minutes=5)
    withdraw(context, Withdraw(someone("U0ANA"), told.report))
    assert similar(context, waiting) == now


def _case(receipt: Any) -> int:  # noqa: ANN401 - a receipt with a case
    assert receipt.case is not None
    return int(replace(receipt.case).number)
