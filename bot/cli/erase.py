"""`erase`: a customer's names and texts, or a colleague's own data, asked about first."""

import sys
from collections.abc import Callable
from typing import Final

from bot.cli.find_customer import find
from bot.rules.erasure import CannotErase
from bot.rules.refusals import NotRecorded
from bot.usecases.context import Context
from bot.usecases.customers.erase import erase_customer, erase_person
from storage.database import Database

Say = Callable[[str], None]
Ask = Callable[[str], str]

SURE: Final = (
    "Every name and text about customer {number}, {name}, is erased for good: reports, letters, rationales, notes, "
    "evidence. Facts and times stay. Backups are not touched. Type {number} to go on: "
)
SURE_OF_PERSON: Final = (
    "What {user} said of themselves, and what Slack told of them, is erased for good. What they wrote about customers "
    "stays. Type {user} to go on: "
)
LEFT_AS_IT_WAS: Final = "Not confirmed. Nothing was erased."
NOT_ASKED: Final = "Nobody can be asked here whether this is meant. Say --yes. Nothing was erased."
DONE: Final = "Customer {number} is erased: names and texts, in records: {rows}. `serve` edits the messages in Slack."
FILES: Final = " {files} uploaded files were evidence: delete them in Slack."
PERSON_DONE: Final = (
    "What was {user}'s own is erased: {rows} reasons, {check_ins} answers to check-ins, and the profile."
)
REMNANTS: Final = (
    " The database was in use, so that traces may be left in its file: stop the bot, and say `erase` again with "
    "--customer {number}."
)


def wipe_customer(
    database: Database, context: Context, team: str, who: str, ask: Ask | None, *, whatever_is_open: bool
) -> str:
    """Erase a customer by name or number; the line that says what came of it. `ask`: None where nobody is asked.

    Raises:
        CannotErase: a case is open, or whoever was asked did not confirm.
        ValueError: nobody is called so.
    """
    with database.read(team) as tx:
        customer = find(tx, who)
    if ask:
        _confirmed(ask, SURE.format(number=customer.number, name=customer.name), str(customer.number))
    done = erase_customer(context, team, customer.number, even_with_an_open_case=whatever_is_open)
    said = DONE.format(number=customer.number, rows=done.rows)
    said += FILES.format(files=done.files) if done.files else ""
    return said if _scrubbed(database) else said + REMNANTS.format(number=customer.number)


def wipe_person(database: Database, context: Context, team: str, user: str, ask: Ask | None) -> str:
    """Erase what is a colleague's own; the line that says what came of it. Raises CannotErase."""
    if ask:
        _confirmed(ask, SURE_OF_PERSON.format(user=user), user)
    done = erase_person(context, team, user)
    _scrubbed(database)
    return PERSON_DONE.format(user=user, rows=done.rows, check_ins=done.check_ins)


def ask_here(question: str) -> str:
    """Ask whoever sits at the terminal."""
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        sys.stderr.write("\n")
        raise CannotErase(NOT_ASKED)
    return answer


def _confirmed(ask: Ask, question: str, expected: str) -> None:
    if ask(question).strip() != expected:
        raise CannotErase(LEFT_AS_IT_WAS)


def _scrubbed(database: Database) -> bool:
    """Whether nothing of what was erased is left in the database's files."""
    try:
        database.scrub()
    except NotRecorded:
        return False
    return True
