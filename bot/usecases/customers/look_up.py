"""Looking a customer up, before picking up the phone or to see what has happened with them."""

from contextlib import suppress
from datetime import datetime

from bot.rules.customer_cards import CustomerFile, ForManagers, NotFound, Timeline
from bot.rules.customers import LikelyCustomer, patience
from bot.rules.home import page_of
from bot.rules.name_matching import likeness
from bot.rules.people import Person
from bot.rules.refusals import NotRecorded
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import (
    may_take_part,
    refuse_unless_manager,
    refuse_unless_member,
    refuse_unless_rep,
    refuse_unless_without_stake,
)
from bot.usecases.shared.contacts import contacts_gone
from bot.usecases.shared.letters_to_send import who_owes_letter
from storage.transaction import Transaction

MOST_SUGGESTED = 20
MANY = 6  # names to choose from
HOLDS = 0.7  # the least `likeness`, of 1, at which a name holds what was typed
OWN = 3  # of somebody's own reports, the newest
A_PAGE = 12  # entries of a timeline


def look_up(context: Context, by: Person, typed: str) -> CustomerFile | NotFound:
    """The customer of this name; else the customers it may mean, none if no name is like it.

    Raises:
        NotEntitled: a guest, an outsider, a bot, somebody who is not known yet.
    """
    with context.read(by.team) as tx:
        refuse_unless_member(tx, by, context.clock())
        same = tx.customers.same(typed)
        found = (same.number,) if same else tuple(each.number for each in tx.customers.alike(typed))
        if len(found) == 1:
            return customer_file(tx, context, by, found[0], context.clock())
        likely = tx.customers.likely(typed, MANY)
        holding = tuple(each for each in likely if likeness(typed, each.known_as or each.name) >= HOLDS)
        if len(holding) == 1:
            return customer_file(tx, context, by, holding[0].number, context.clock())
        return NotFound(typed, holding or likely, matches=bool(holding))


def open_customer(context: Context, by: Person, number: int) -> CustomerFile:
    """The customer, or the one they were merged into. Raises NotEntitled, Unknown."""
    with context.read(by.team) as tx:
        refuse_unless_member(tx, by, context.clock())
        return customer_file(tx, context, by, number, context.clock())


def timeline(context: Context, by: Person, number: int, page: int) -> Timeline:
    """A page of what has happened with the customer, newest first, for managers without a stake: it names reps.

    Raises NotEntitled, Unknown.
    """
    with context.read(by.team) as tx:
        refuse_unless_manager(tx, context, by, context.clock())
        customer = tx.customers.current(tx.customers.get(number))
        refuse_unless_without_stake(tx, context, by, customer.number, context.clock())
        chains = tx.cards.with_merged(customer.number)
        entries = page_of(
            page, A_PAGE, tx.cards.count_entries(chains), lambda most, skip: tx.cards.entries(chains, most, skip)
        )
        return Timeline(customer, entries)


def customer_file(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> CustomerFile:
    """What this person sees of the customer, or of the one they were merged into.

    Managers with a stake see what reps see, and are offered nothing else.
    """
    customer = tx.customers.current(tx.customers.get(number))
    number = customer.number
    warned = [w.expires_at for w in tx.warnings.delivered(number) if w.is_valid_at(now)]
    valid = [each for each in tx.reports.incidents(number) if not each.void]
    decision, safeguards = tx.cards.last_decision(number), tx.safeguards.about(number, now)
    managers = None
    if may_take_part(tx, context, by, number, now):
        managers = ForManagers(*tx.reports.count(number), safeguards, tx.mergers.in_effect(number))
    return CustomerFile(
        customer=customer,
        decision=decision,
        open_case=tx.cases.open_about(number),
        warned_until=max(warned, default=None),
        patience=patience(safeguards),
        own=tx.cards.own_reports(by.user, number, OWN),
        former=tx.cards.former_names(number),
        objection=tx.objections.of_case(decision.case) if decision else None,
        managers=managers,
        grave=context.policy.zero_tolerance(each.category for each in valid),
        letter_owed_by=who_owes_letter(tx, context, decision),
        gone=contacts_gone(tx, decision),
        protection=tx.protections.in_force(number),
        conduct=max(valid, key=lambda each: (each.happened_at, each.number)).category if valid else None,
    )


def suggest_customers(context: Context, by: Person, typed: str) -> tuple[LikelyCustomer, ...]:
    """The customers that the name typed so far may mean, the most likely first. Raises as `refuse_unless_member`."""
    with context.read(by.team) as tx:
        refuse_unless_member(tx, by, context.clock())
        return tx.customers.likely(typed, MOST_SUGGESTED)


def suggest_to_rep(context: Context, by: Person, typed: str) -> tuple[LikelyCustomer, ...]:
    """The same while somebody reports; nobody to a person who is not known yet. Raises as `refuse_unless_rep`.

    While the record cannot be read, nobody: what they typed is looked up when they send it.
    """
    with suppress(NotRecorded), context.read(by.team) as tx:
        known = refuse_unless_rep(tx, by, context.clock())
        return tx.customers.likely(typed, MOST_SUGGESTED) if known else ()
    return ()
