"""Looking a customer up: before picking up the phone, or to see what has happened with them."""

from datetime import datetime

from bot.rules.case_files import Likely
from bot.rules.customer_cards import CustomerFile, ForManagers, NotFound, Timeline
from bot.rules.customers import Customer
from bot.rules.home import page_of
from bot.rules.name_matching import likeness
from bot.rules.people import Person
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import bar_from_managing, refuse_strangers, refuse_unless_manager
from bot.usecases.shared.read_models import patience
from storage.transaction import Transaction

MOST_SUGGESTED = 20
MANY = 6  # names to choose from
HOLDS = 0.7  # of 1: from here on a name holds what was typed; see `likeness`
OWN = 3  # of somebody's own reports, the newest
A_PAGE = 12  # entries of a timeline


def look_up(context: Context, by: Person, typed: str) -> CustomerFile | NotFound:
    """The customer of this name; those whom it may mean where it is not sure; the nearest names where it is none.

    Raises:
        NotEntitled: a guest, an outsider, a bot.
    """
    with context.read(by.team) as tx:
        refuse_strangers(tx, by)
        same = tx.customers.same(typed)
        found = (same.number,) if same else tuple(each.number for each in tx.customers.alike(typed))
        if len(found) == 1:
            return customer_file(tx, context, by, found[0], context.clock())
        likely = tx.customers.likely(typed, MANY)
        holding = tuple(each for each in likely if likeness(typed, each.known_as or each.name) >= HOLDS)
        if len(holding) == 1:
            return customer_file(tx, context, by, holding[0].number, context.clock())
        return NotFound(typed, holding or _nearest(tx, typed, likely), matches=bool(holding))


def open_customer(context: Context, by: Person, number: int) -> CustomerFile:
    """The customer, or the one whom they were merged into. Raises NotEntitled and Unknown."""
    with context.read(by.team) as tx:
        refuse_strangers(tx, by)
        return customer_file(tx, context, by, number, context.clock())


def timeline(context: Context, by: Person, number: int, page: int) -> Timeline:
    """A page of what has happened with the customer, newest first. Raises NotEntitled for whoever does not manage."""
    with context.read(by.team) as tx:
        refuse_unless_manager(tx, context, by, context.clock())
        customer = tx.customers.current(tx.customers.get(number))
        chains = tx.lookups.chains(customer.number)
        told = page_of(
            page, A_PAGE, tx.lookups.count_told(chains), lambda most, skip: tx.lookups.told(chains, most, skip)
        )
        return Timeline(customer, told)


def customer_file(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> CustomerFile:
    """What this person sees of the customer, or of the one whom they were merged into."""
    customer = tx.customers.current(tx.customers.get(number))
    number = customer.number
    warned = [w.expires_at for w in tx.warnings.delivered(number) if w.counts_at(now)]
    decision = tx.lookups.last_decision(number)
    return CustomerFile(
        customer=customer,
        decision=decision,
        asked=tx.cases.open_about(number),
        warned_until=max(warned, default=None),
        patience=patience(tx.safeguards.about(number, now)),
        own=tx.lookups.own(by.user, number, OWN),
        former=tx.lookups.former_names(number),
        appeal=tx.appeals.of_case(decision.case) if decision else None,
        managers=None if bar_from_managing(tx, context, by, now) else _for_managers(tx, customer, now),
    )


def _for_managers(tx: Transaction, customer: Customer, now: datetime) -> ForManagers:
    reports, reporters = tx.reports.tally(customer.number)
    return ForManagers(
        reports=reports,
        reporters=reporters,
        safeguards=tx.safeguards.about(customer.number, now),
        mergers=tx.mergers.standing(customer.number),
    )


def _nearest(tx: Transaction, typed: str, likely: tuple[Likely, ...]) -> tuple[Likely, ...]:
    return likely or tx.customers.nearest(typed, MANY)


def suggest_customers(context: Context, team: str, typed: str) -> tuple[Likely, ...]:
    """The customers whom the name typed so far may mean, the most likely first."""
    with context.read(team) as tx:
        return tx.customers.likely(typed, MOST_SUGGESTED)
