"""Erasing personal data on request: a customer's names and every free text, or a colleague's own data.

Facts, numbers, times and seals stay, so that counts and the audit log stay complete. See docs/decisions/erasing.md.
"""

from bot.rules.audit import Act
from bot.rules.erasure import ERASE, CannotErase, Erased, Forgotten, instead_of_text
from bot.usecases.context import Context, new_salt
from bot.usecases.shared.conclude import Done, conclude
from storage.transaction import Transaction

OPEN_CASE = (
    "Case {case} about them is still before management, and what was reported is needed to judge it. "
    "End it first, or say --even-with-an-open-case. Nothing was erased."
)
STILL_HERE = "As far as Slack says, {user} still works here. Deactivate them in Slack first. Nothing was erased."
NOTHING_KNOWN = "Nothing of {user}'s own is on record; what they wrote about customers stays with those."


def erase_customer(context: Context, team: str, number: int, *, even_with_an_open_case: bool = False) -> Erased:
    """Erase names, references and every free text about the customer and records merged into them, salts included.

    Every message that showed any of it will say that it was erased. Run again, it erases what came since.

    Raises:
        CannotErase: the customer's case is still open.
        Unknown, NotRecorded: nothing was erased.
    """
    with context.begin(team) as tx:
        customer = _lock(tx, number)
        case = tx.cases.open_about(customer)
        if case and not even_with_an_open_case:
            raise CannotErase(OPEN_CASE.format(case=case.number))
        return _erase(tx, context, tx.cards.with_merged(customer))


def erase_person(context: Context, team: str, user: str) -> Forgotten:
    """Erase a colleague's own data: their Slack profile, how they said they are, why they stepped aside.

    What they wrote about customers is the firm's record and stays until the customer is erased.

    Raises:
        CannotErase: they still work here, or nothing of theirs is on record.
        NotRecorded: nothing was erased.
    """
    with context.begin(team) as tx:
        profile = tx.people.profile(user)
        if profile and not profile.deactivated:
            raise CannotErase(STILL_HERE.format(user=user))
        customers = tx.erasures.customers_recused_from(user)
        for customer in customers:
            tx.customers.lock(customer)
        now = context.clock()
        rows = tx.erasures.erase_recusal_texts(user, instead_of_text(context.today()))
        done = Forgotten(rows, tx.erasures.erase_check_in_answers(user, now), tx.erasures.erase_profile(user))
        if not (done.rows or done.check_ins or done.known):
            raise CannotErase(NOTHING_KNOWN.format(user=user))
        for customer in customers:
            conclude(tx, context, Done(Act.ERASE, ERASE, customer, {"person": user}), now)
    return done


def _lock(tx: Transaction, number: int) -> int:
    """Lock the customer and all records merged into theirs, those first, as a report about one of them does."""
    customer = tx.customers.current(tx.customers.get(number)).number
    for each in reversed(tx.cards.with_merged(customer)):
        tx.customers.lock(each)
    return customer


def _erase(tx: Transaction, context: Context, customers: tuple[int, ...]) -> Erased:
    now = context.clock()
    files = tx.erasures.count_files(customers)
    rows = tx.erasures.erase_texts(customers, instead_of_text(context.today()), new_salt())
    for customer in customers:
        tx.erasures.erase_names(customer)
        conclude(tx, context, Done(Act.ERASE, ERASE, customer, {"texts": rows}), now)
    tx.erasures.refresh_mentions(customers, now)
    return Erased(customers, rows, files)
