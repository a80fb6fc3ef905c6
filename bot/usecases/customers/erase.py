"""Erasing personal data on request: a customer's names and every free text, or a colleague's own data.

Facts, numbers, times and seals stay, so that counts and the audit log stay complete. See docs/decisions/erasing.md.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.rules.audit import Act
from bot.rules.backup import names_in
from bot.rules.customer_cards import CustomerOnRecord
from bot.rules.erasure import ERASE, CannotErase, Erased, Forgotten, instead_of_text
from bot.rules.name_matching import strict_key
from bot.usecases.context import Context, new_salt
from bot.usecases.shared.access import record_for_workspace
from bot.usecases.shared.conclude import Done, conclude
from bot.usecases.shared.letters_to_send import plan_letters
from storage.transaction import Transaction

OPEN_CASE = (
    "Management has not decided case {case} about them yet, and needs the reports for that. End the case first, or "
    "add --even-with-an-open-case. Nothing was erased."
)
CHANGED = "Customer {number} has changed since they were found. Look at them again. Nothing was erased."
STILL_HERE = "As far as Slack says, {user} still works here. Deactivate them in Slack first. Nothing was erased."
NOTHING_KNOWN = "Nothing of {user}'s own is on record; what they wrote about customers stays with those."


@dataclass(frozen=True, slots=True)
class EraseCustomer:
    """What is to be erased. `by`: the operating system's user. `seen`: the record as they found it.

    `dry_run`: carry it out, count, and take it all back.
    """

    team: str
    number: int
    by: str
    seen: CustomerOnRecord | None = None
    even_with_an_open_case: bool = False
    dry_run: bool = False


def erase_customer(context: Context, command: EraseCustomer) -> Erased:
    """Erase names, references and every free text about the customer and records merged into them, salts included.

    Every message that showed any of it will say that it was erased. Run again, it erases what came since.

    Raises:
        CannotErase: the customer's case is still open, or the record is no longer as it was found.
        Unknown, NotRecorded: nothing was erased.
    """
    with _taken_back(dry_run=command.dry_run), context.begin(command.team) as tx:
        customer = lock_with_merged(tx, command.number)
        if command.seen and command.seen != tx.cards.on_record(tx.customers.get(command.number)):
            raise CannotErase(CHANGED.format(number=command.number))
        case = tx.cases.open_about(customer)
        if case and not command.even_with_an_open_case:
            raise CannotErase(OPEN_CASE.format(case=case.number))
        done = erase_everything(tx, context, tx.cards.with_merged(customer), ERASE, {"by": command.by})
        if command.dry_run:
            raise _TakenBack
    return done


def erase_person(
    context: Context, team: str, user: str, by: str, packs: Collection[int] = (), *, dry_run: bool = False
) -> Forgotten:
    """Erase a colleague's own data: their Slack profile, whether they asked for support, how they said they are, why
    they stepped aside.

    `by`: the operating system's user. `packs`: the cases of which managers were sent an evidence pack that names them:
    it is deleted in Slack. `dry_run`: carry it out, count, and take it all back.

    What they wrote about customers is the firm's record and stays until the customer is erased.

    Raises:
        CannotErase: they still work here, or nothing of theirs is on record.
        NotRecorded: nothing was erased.
    """
    with context.read(team) as tx:
        _refuse_while_here(tx, user)
        customers = tx.erasures.customers_with_own(user)
    own = [_erase_own(context, team, user, customer, by, dry_run=dry_run) for customer in customers]
    with _taken_back(dry_run=dry_run), context.begin(team) as tx:
        _refuse_while_here(tx, user)
        now = context.clock()
        answers, known = tx.erasures.erase_check_in_answers(user, now), tx.erasures.erase_profile(user)
        if not (own or answers or known):
            raise CannotErase(NOTHING_KNOWN.format(user=user))
        tx.sent_files.erase_packs(packs, now)
        record_for_workspace(tx, ERASE, Act.ERASE, {"person": user, "by": by}, now)
        if dry_run:
            raise _TakenBack
    return Forgotten(sum(recusals for recusals, _ in own), sum(reports for _, reports in own), answers, known)


def _refuse_while_here(tx: Transaction, user: str) -> None:
    """Raises CannotErase for a colleague who has not left, as far as Slack says."""
    profile = tx.people.profile(user)
    if profile and not profile.deactivated:
        raise CannotErase(STILL_HERE.format(user=user))


def _erase_own(context: Context, team: str, user: str, customer: int, by: str, *, dry_run: bool) -> tuple[int, int]:
    """Erase what a colleague said of themselves in one customer's records: reasons of recusals, wishes for support.

    Each customer is a transaction of its own: it holds no other up, and a run that was interrupted is run again.
    """
    with _taken_back(dry_run=dry_run), context.begin(team) as tx:
        _refuse_while_here(tx, user)
        number = tx.customers.lock(customer).number
        recusals = tx.erasures.erase_recusal_texts(user, customer, instead_of_text(context.today()))
        reports = tx.erasures.erase_support(user, customer)
        if recusals or reports:
            conclude(tx, context, Done(Act.ERASE, ERASE, number, {"person": user, "by": by}), context.clock())
        if dry_run:
            raise _TakenBack
    return recusals, reports


class _TakenBack(Exception):  # noqa: N818 - the end of a dry run
    """A dry run has counted what there is: the transaction ends with nothing changed."""


@contextmanager
def _taken_back(*, dry_run: bool) -> Iterator[None]:
    """Let a dry run end its transaction with an exception, so that nothing of it stays."""
    try:
        yield
    except _TakenBack:
        if not dry_run:
            raise


def lock_with_merged(tx: Transaction, number: int) -> int:
    """Lock the customer and all records merged into theirs, those first, as a report about one of them does.

    Returns the customer whom this record was merged into, or this one.
    """
    customer = tx.customers.current(tx.customers.get(number)).number
    for each in reversed(tx.cards.with_merged(customer)):
        tx.customers.lock(each)
    return customer


def erase_everything(
    tx: Transaction, context: Context, customers: tuple[int, ...], actor: str, facts: Mapping[str, object]
) -> Erased:
    """Erase names and texts of these records of one customer, which are locked; an entry of this actor tells of it."""
    now = context.clock()
    erase_calls(tx, context, calls_naming(tx, customers[0]), actor, facts, now)
    files = tx.erasures.count_files(customers)
    tx.files.forget_about(customers)
    rows = tx.erasures.erase_texts(customers, instead_of_text(context.today()), new_salt())
    for customer in customers:
        tx.erasures.erase_names(customer)
        conclude(tx, context, Done(Act.ERASE, actor, customer, {"texts": rows, **facts}), now)
    plan_letters(tx, context, customers[0], now)
    tx.erasures.refresh_mentions(customers, now)
    tx.sent_files.erase_about(customers, now)
    return Erased(customers, rows, files)


def erase_calls(
    tx: Transaction, context: Context, numbers: Collection[int], actor: str, facts: Mapping[str, object], now: datetime
) -> None:
    """Erase the words of these calls for backup, which were about nobody on record; an entry tells of it."""
    for number in numbers:
        tx.backup_calls.erase_words(number, instead_of_text(context.today()), now)
    if numbers:
        record_for_workspace(tx, actor, Act.ERASE, {"texts": len(numbers), **facts}, now)


def calls_naming(tx: Transaction, customer: int) -> list[int]:
    """The calls for backup that named the customer, by a name of theirs, before they were on record."""
    names = (tx.customers.get(customer).name, *tx.cards.former_names(customer))
    keys = {strict_key(name) for name in names} - {""}
    found = tx.backup_calls.words_about_nobody()
    return [number for number, words, _ in found if keys & {strict_key(each.name) for each in names_in(words)}]
