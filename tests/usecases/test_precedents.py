"""Similar past cases of other customers, shown with a case that is to be decided."""

from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.precedents import Precedent
from bot.usecases.context import Context
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.shared.case_access import check_reader, for_form
from bot.usecases.shared.read_models import case_file
from tests.builders import (
    FrozenClock,
    before_a_decision,
    dropped,
    kept,
    opened,
    read_from_slack,
    reported,
    someone,
    warned,
)


def similar(context: Context, case: int) -> dict[str, Precedent]:
    read_from_slack(context)
    return {each.name: each for each in for_form(context, someone("U0PRIYA"), case, check_reader, case_file).similar}


def test_similar_cases_show_how_they_ended_and_whether_it_went_on(context: Context, clock: FrozenClock) -> None:
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
    acme_case = found["Acme Ltd"]
    assert acme_case.conditions == (next(iter(context.policy.conditions)),)
    assert (acme_case.traits.category, acme_case.traits.points, acme_case.traits.reporters) == ("verbal_abuse", 12, 3)
    assert acme_case.traits.standing is Standing.WARNED


def test_a_customers_own_cases_and_open_cases_are_no_precedent(context: Context, clock: FrozenClock) -> None:
    warned(context, opened(context, customer="Acme Ltd").number)
    reported(context, customer="Larkspur Hotels")
    found = similar(context, before_a_decision(context, clock, "Zenith Corp"))
    assert set(found) == {"Acme Ltd"}


def test_only_a_case_to_be_decided_has_similar_cases(context: Context, clock: FrozenClock) -> None:
    warned(context, opened(context, customer="Acme Ltd").number)
    to_warn = opened(context, customer="Larkspur Hotels").number
    assert similar(context, to_warn) == {}
    case = before_a_decision(context, clock, "Zenith Corp")
    assert similar(context, case) != {}
    dropped(context, case)
    assert similar(context, case) == {}


def test_later_events_elsewhere_change_nothing_until_the_case_itself_changes(
    context: Context, clock: FrozenClock
) -> None:
    """Otherwise each decision and report would leave the notices of all similar cases on an old state."""
    kept(context, before_a_decision(context, clock, "Acme Ltd"))
    waiting = before_a_decision(context, clock, "Zenith Corp")
    shown = similar(context, waiting)
    assert {name: each.since for name, each in shown.items()} == {"Acme Ltd": 0}
    clock.forward(days=1)
    read_from_slack(context)
    receipt = reported(context, "U0ANA", "Acme Ltd", category="payment_withheld")
    dropped(context, before_a_decision(context, clock, "Borealis Foods"))
    assert similar(context, waiting) == shown
    reported(context, "U0MIA", "Zenith Corp", category="payment_withheld")
    now = similar(context, waiting)
    assert {name: each.since for name, each in now.items()} == {"Acme Ltd": 1, "Borealis Foods": 0}
    clock.forward(minutes=5)
    withdraw(context, Withdraw(someone("U0ANA"), receipt.report))
    assert similar(context, waiting) == now
