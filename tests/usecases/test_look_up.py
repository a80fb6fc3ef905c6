"""Looking a customer up: the right one, or a choice; what reps may read, and what managers may change."""

import pytest

from bot.rules.customer_cards import CustomerFile, NotFound
from bot.rules.customers import Standing
from bot.rules.decisions import Choice
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import Denial, NotEntitled, Unknown
from bot.usecases.context import Context
from bot.usecases.customers.edit import lift_customer_safeguard, set_customer_safeguard
from bot.usecases.customers.look_up import look_up, open_customer, timeline
from bot.usecases.customers.safeguards import LiftCustomerSafeguard, SetCustomerSafeguard
from bot.usecases.reports.withdraw import Withdraw, withdraw
from tests.builders import (
    FrozenClock,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_from_slack,
    reported,
    someone,
    warned,
    wrong,
)

ANA, PRIYA = someone("U0ANA"), someone("U0PRIYA")
MINOR = {"category": "unreasonable_demands", "severity": Severity.MINOR}


def found(context: Context, typed: str) -> CustomerFile:
    file = look_up(context, ANA, typed)
    assert isinstance(file, CustomerFile)
    return file


def not_found(context: Context, typed: str) -> NotFound:
    file = look_up(context, ANA, typed)
    assert isinstance(file, NotFound)
    return file


def test_a_card_says_that_there_was_a_threat_until_the_report_is_withdrawn(context: Context) -> None:
    reported(context)
    assert not found(context, "Zenith Corp").grave
    receipt = reported(context, category="threat")
    assert found(context, "Zenith Corp").grave
    withdraw(context, Withdraw(someone("U0ANA"), receipt.report))
    assert not found(context, "Zenith Corp").grave


@pytest.mark.parametrize("typed", ["Zenith Corp", "zenith  CORP.", "The Zenith Ltd", "zen", "nith"])
def test_a_name_that_only_one_customer_has_is_opened(context: Context, typed: str) -> None:
    for name in ("Zenith Corp", "Acme"):
        reported(context, customer=name)
    assert found(context, typed).customer.name == "Zenith Corp"


def test_several_are_a_choice_and_a_typo_is_asked_about(context: Context) -> None:
    for name in ("Zenith Corp", "Zenon Partners", "Acme"):
        reported(context, customer=name, **MINOR)
    several = not_found(context, "zen")
    assert several.matches
    assert {each.name for each in several.likely} == {"Zenith Corp", "Zenon Partners"}
    typo = not_found(context, "Zennith")
    assert not typo.matches
    assert typo.likely[0].name == "Zenith Corp"
    assert not not_found(context, "Quux").likely


@pytest.mark.parametrize("typed", ["nobody", "Lightning Northwind", "north star"])
def test_a_name_that_is_like_no_other_suggests_nobody(context: Context, typed: str) -> None:
    for name in ("Northwind Travel", "Northern Lights Catering", "Zenith Corp"):
        reported(context, customer=name, **MINOR)
    assert not not_found(context, typed).likely


def test_a_rep_reads_how_the_customer_stands_and_only_their_own_reports(context: Context, clock: FrozenClock) -> None:
    kept(context, before_a_decision(context, clock))
    file = found(context, "Zenith Corp")
    assert file.customer.standing is Standing.RESTRICTED
    assert file.decision is not None
    assert (file.decision.choice, bool(file.decision.conditions)) == (Choice.KEEP, True)
    assert file.warned_until is not None
    assert [each.number for each in file.own] == [1]
    assert file.managers is None


def test_the_last_decision_is_shown_after_it_has_ended_too(context: Context, clock: FrozenClock) -> None:
    dropped(context, before_a_decision(context, clock))
    decision = found(context, "Zenith Corp").decision
    assert decision is not None
    assert decision.in_force
    clock.forward(days=400)
    assert found(context, "Zenith Corp").warned_until is None


def test_guests_and_outsiders_find_nobody(context: Context) -> None:
    reported(context)
    for who in (someone("U0GUS"), someone("U0OLEK", "T0OTHER")):
        with pytest.raises(NotEntitled):
            look_up(context, who, "Zenith Corp")
        with pytest.raises(NotEntitled):
            open_customer(context, who, 1)


def test_a_managers_timeline_goes_back_page_by_page_and_tells_nothing_of_check_ins(context: Context) -> None:
    for _ in range(15):
        reported(context, customer="Acme", **MINOR)
    first, second = (timeline(context, PRIYA, 1, n).page for n in (1, 2))
    assert [entry.facts["report"] for entry in (*first.items, *second.items)] == list(range(15, 0, -1))
    assert (first.pages, first.total) == (2, 15)


def test_a_safeguard_is_set_and_lifted_without_any_case(context: Context, clock: FrozenClock) -> None:
    reported(context, **MINOR)
    form = SetCustomerSafeguard(PRIYA, 1, "language", "Speaks little English.")
    file = set_customer_safeguard(context, form)
    assert set_customer_safeguard(context, form).managers == file.managers
    assert file.managers is not None
    assert [each.note for each in file.managers.safeguards] == ["Speaks little English."]
    assert found(context, "Zenith Corp").patience == (context.policy.safeguards["language"].words,)
    clock.forward(minutes=1)
    receipt = reported(context, "U0JOE")
    assert receipt.case is not None
    assert receipt.case.rung is Rung.HEAR
    file = lift_customer_safeguard(
        context, LiftCustomerSafeguard(someone("U0PRIYA"), 1, 1, "They have an interpreter now.")
    )
    assert file.managers is not None
    assert not file.managers.safeguards


def test_only_managers_without_a_stake_set_a_safeguard(context: Context, clock: FrozenClock) -> None:
    reported(context, "U0BRAD")
    for by, denial in (("U0ANA", Denial.NOT_A_MANAGER), ("U0BRAD", Denial.REPORTER)):
        with denied(denial):
            set_customer_safeguard(context, SetCustomerSafeguard(someone(by), 1, "health", "A stroke."))
    with wrong({"kind", "note", "until"}):
        set_customer_safeguard(
            context, SetCustomerSafeguard(PRIYA, 1, "gossip", " ", clock().date().replace(year=2020))
        )
    with pytest.raises(Unknown):
        lift_customer_safeguard(context, LiftCustomerSafeguard(PRIYA, 1, 7, "None."))


def test_a_warned_customer_is_shown_as_warned_until_it_expires(context: Context, clock: FrozenClock) -> None:
    case = opened(context)
    warned(context, case.number)
    assert found(context, "Zenith Corp").warned_until == clock() + context.policy.warnings_expire_after
    read_from_slack(context)
