"""What is personal is erased, on request: a customer's names and every free text, a colleague's own data.

Facts, numbers, times and seals stay, so that counts and the audit log stay whole. See docs/decisions/erasing.md.
"""

from datetime import datetime

from bot.rules.audit_acts import Act
from bot.rules.erasure import ERASE, CannotErase, Erased, Forgotten, instead_of_text
from bot.usecases.context import Context, new_salt
from bot.usecases.shared.stale_messages import show_homes
from storage.transaction import Transaction

OPEN_CASE = (
    "Case {case} about them is still before management, and what was reported is needed to judge it. "
    "End it first, or say --even-with-an-open-case. Nothing was erased."
)
STILL_HERE = "As far as Slack says, {user} still works here. Deactivate them in Slack first. Nothing was erased."
NOTHING_KNOWN = "Nothing of {user}'s own is on record; what they wrote about customers stays with those."


def erase_customer(context: Context, team: str, number: int, *, even_with_an_open_case: bool = False) -> Erased:
    """Names, references and every free text about the customer are gone, salts and all, also those of merged records.

    Every message that showed any of it is to show that it was erased. Done again, it erases what came since.

    Raises:
        CannotErase: management still has a case about the customer before it.
        Unknown: there is no such customer.
        NotRecorded: nothing was erased.
    """
    now = context.clock()
    with context.begin(team) as tx:
        customer = tx.customers.lock(number).number
        case = tx.cases.open_about(customer)
        if case and not even_with_an_open_case:
            raise CannotErase(OPEN_CASE.format(case=case.number))
        chains = tx.lookups.chains(customer)
        done = _erase(tx, context, chains, now)
        if case:
            tx.cases.touch(case.number)
    return done


def erase_person(context: Context, team: str, user: str) -> Forgotten:
    """A colleague's own data is gone: what Slack told of them, how they said they are, why they stepped aside.

    What they wrote about customers is the firm's record and stays until the customer is erased.

    Raises:
        CannotErase: they still work here, or nothing of theirs is on record.
        NotRecorded: nothing was erased.
    """
    now = context.clock()
    with context.begin(team) as tx:
        profile = tx.people.profile(user)
        if profile and not profile.deactivated:
            raise CannotErase(STILL_HERE.format(user=user))
        customers = tx.erasures.stakes_of(user)
        for customer in customers:
            tx.customers.lock(customer)
        rows = tx.erasures.stakes_texts(user, instead_of_text(context.today()))
        done = Forgotten(rows, tx.erasures.check_ins_of(user, now), tx.erasures.profile_of(user))
        if not (done.rows or done.check_ins or done.known):
            raise CannotErase(NOTHING_KNOWN.format(user=user))
        for customer in customers:
            tx.audit.append(customer, ERASE, Act.ERASE, {"person": user}, now)
        tx.erasures.show_again(customers, now)
    return done


def _erase(tx: Transaction, context: Context, chains: tuple[int, ...], now: datetime) -> Erased:
    for number in sorted(chains[1:]):
        tx.customers.lock(number)
    files = tx.erasures.files_about(chains)
    rows = tx.erasures.texts_about(chains, instead_of_text(context.today()), new_salt())
    for number in chains:
        tx.erasures.names_of(number)
        tx.audit.append(number, ERASE, Act.ERASE, {"texts": rows}, now)
    tx.erasures.show_again(chains, now)
    show_homes(tx, context, chains, now)
    return Erased(chains, rows, files)
