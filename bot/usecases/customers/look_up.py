"""Looking a customer up: before picking up the phone, or to see what has happened with them."""

from datetime import datetime

from bot.rules.case_files import Likely
from bot.rules.customer_cards import CustomerFile, ForManagers, NotFound, Timeline
from bot.rules.customers import Customer
from bot.rules.home import page_of
from bot.rules.name_matching import likeness
from bot.rules.people import Person
from bot.usecases.context import Desk
from bot.usecases.permissions.permissions import bar_from_managing, refuse_strangers, refuse_unless_manager
from bot.usecases.shared.read_models import patience
from storage.transaction import Transaction

MANY = 6  # names to choose from
HOLDS = 0.7  # of 1: from here on a name holds what was typed; see `likeness`
OWN = 3  # of somebody's own reports, the newest
A_PAGE = 12  # entries of a timeline


def look_up(desk: Desk, by: Person, typed: str) -> CustomerFile | NotFound:
    """The customer of this name; those whom it may mean where it is not sure; the nearest names where it is none.

    Raises:
        NotEntitled: a guest, an outsider, a bot.
    """
    with desk.read(by.team) as record:
        refuse_strangers(record, by)
        same = record.customers.same(typed)
        found = (same.number,) if same else tuple(each.number for each in record.customers.alike(typed))
        if len(found) == 1:
            return customer_file(record, desk, by, found[0], desk.clock())
        likely = record.customers.likely(typed, MANY)
        holding = tuple(each for each in likely if likeness(typed, each.known_as or each.name) >= HOLDS)
        if len(holding) == 1:
            return customer_file(record, desk, by, holding[0].number, desk.clock())
        return NotFound(typed, holding or _nearest(record, typed, likely), matches=bool(holding))


def open_customer(desk: Desk, by: Person, number: int) -> CustomerFile:
    """The customer, or the one whom they were merged into. Raises NotEntitled and Unknown."""
    with desk.read(by.team) as record:
        refuse_strangers(record, by)
        return customer_file(record, desk, by, number, desk.clock())


def timeline(desk: Desk, by: Person, number: int, page: int) -> Timeline:
    """A page of what has happened with the customer, newest first. Raises NotEntitled for whoever does not manage."""
    with desk.read(by.team) as record:
        refuse_unless_manager(record, desk, by, desk.clock())
        customer = record.customers.current(record.customers.get(number))
        chains = record.lookups.chains(customer.number)
        told = page_of(
            page, A_PAGE, record.lookups.count_told(chains), lambda most, skip: record.lookups.told(chains, most, skip)
        )
        return Timeline(customer, told)


def customer_file(record: Transaction, desk: Desk, by: Person, number: int, now: datetime) -> CustomerFile:
    """What this person sees of the customer, or of the one whom they were merged into."""
    customer = record.customers.current(record.customers.get(number))
    number = customer.number
    warned = [w.expires_at for w in record.warnings.delivered(number) if w.counts_at(now)]
    decision = record.lookups.last_decision(number)
    return CustomerFile(
        customer=customer,
        decision=decision,
        asked=record.cases.open_about(number),
        warned_until=max(warned, default=None),
        patience=patience(record.safeguards.about(number, now)),
        own=record.lookups.own(by.user, number, OWN),
        former=record.lookups.former_names(number),
        appeal=record.appeals.of_case(decision.case) if decision else None,
        managers=None if bar_from_managing(record, desk, by, now) else _for_managers(record, customer, now),
    )


def _for_managers(record: Transaction, customer: Customer, now: datetime) -> ForManagers:
    reports, reporters = record.reports.tally(customer.number)
    return ForManagers(
        reports=reports,
        reporters=reporters,
        safeguards=record.safeguards.about(customer.number, now),
        mergers=record.mergers.standing(customer.number),
    )


def _nearest(record: Transaction, typed: str, likely: tuple[Likely, ...]) -> tuple[Likely, ...]:
    return likely or record.customers.nearest(typed, MANY)
