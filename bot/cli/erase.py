"""`erase`: deletes a customer's names and texts, or a colleague's own data. It asks for confirmation first."""

import argparse
import sys
from typing import Final

from bot.cli.finding import description, find_exactly
from bot.cli.shared import context_of, load_settings, open_as_it_is, recorded_team, system_user
from bot.rules.erasure import CannotErase
from bot.rules.refusals import NotRecorded
from bot.usecases.context import Context
from bot.usecases.customers.erase import EraseCustomer, erase_customer, erase_person
from bot.usecases.delivery.files import packs_naming
from storage.database import Database

SURE: Final = (
    "Found: {found}.\nEvery name and text about them is erased for good: reports, letters, rationales, notes, "
    "evidence. Facts and times stay. Backups stay as they are. Type {number} to continue: "
)
SURE_OF_PERSON: Final = (
    "What {user} said about themselves, and what Slack said about them, is erased for good. What they wrote about "
    "customers "
    "stays. Type {user} to continue: "
)
LEFT_AS_IT_WAS: Final = "Not confirmed. Nothing was erased."
NOT_ASKED: Final = "There is nobody here to ask whether you are sure. Add --yes. Nothing was erased."
FOUND: Final = "Found: {found}.\n"
WOULD: Final = (
    "Texts in {rows} records, and every name, would be erased, {files} files left in Slack. Nothing was erased."
)
IN_SLACK: Final = (
    " `serve` edits its messages in Slack, and deletes the files that it sent. Copies that somebody downloaded stay, "
    "and so does what people wrote in Slack themselves."
)
WOULD_PERSON: Final = "This would be erased of what is {user}'s own: {what}. Nothing was erased."
DONE: Final = "Customer {number} is erased: names and texts, in records: {rows}." + IN_SLACK
FILES: Final = (
    " {files} files that reps uploaded were evidence: the people who uploaded them have to delete them in Slack."
)
PERSON_DONE: Final = "What was {user}'s own is erased: {what}." + IN_SLACK
OF_PERSON: Final = "{recusals} reasons, {reports} answers about support, {check_ins} answers to check-ins, the profile"
TRACES: Final = " The database was in use: stop the bot, and let SQLite rewrite its file with VACUUM."
REMNANTS: Final = (
    " The database was in use, so traces may be left in its file: stop the bot, and run `erase` again with "
    "--customer {number}."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `erase`."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--customer", metavar="NAME|NUMBER", help="a customer: names and every free text about them")
    whose.add_argument("--number", type=int, metavar="N", help="the same, by number, where a name may mean several")
    whose.add_argument("--person", metavar="U…", help="a colleague who left: what is their own")
    parser.add_argument(
        "--even-with-an-open-case", action="store_true", help="also while management still has to decide"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say who was found, and count")
    parser.add_argument("--yes", action="store_true", help="without asking first")
    parser.add_argument("--team", help="the workspace's ID, T…; needed only where the record has several")


def run(chosen: argparse.Namespace) -> int:
    """Erase a customer's names and every text about them, or what is a colleague's own. The audit log stays whole."""
    settings = load_settings(chosen.env_file)
    with open_as_it_is(chosen.env_file) as database:
        context = context_of(settings, database)
        team = recorded_team(chosen.team, database)
        erase = _erase_person if chosen.person else _erase_customer
        result = erase(database, context, team, chosen)
    print(result)
    return 0


def _erase_customer(database: Database, context: Context, team: str, chosen: argparse.Namespace) -> str:
    """Erase a customer and return what to print. Raises CannotErase, and ValueError as `find_exactly`."""
    with database.read(team) as tx:
        seen = tx.cards.on_record(find_exactly(tx, chosen.customer, chosen.number))
    number, found = seen.customer.number, description(seen)
    if not (chosen.yes or chosen.dry_run):
        _confirm(SURE.format(found=found, number=number), str(number))
    even, dry_run = chosen.even_with_an_open_case, chosen.dry_run
    done = erase_customer(context, EraseCustomer(team, number, system_user(), seen, even, dry_run))
    if chosen.dry_run:
        return FOUND.format(found=found) + WOULD.format(rows=done.rows, files=done.files)
    files = FILES.format(files=done.files) if done.files else ""
    remnants = "" if _vacuum(database) else REMNANTS.format(number=number)
    return (
        (FOUND.format(found=found) if chosen.yes else "")
        + DONE.format(number=number, rows=done.rows)
        + files
        + remnants
    )


def _erase_person(database: Database, context: Context, team: str, chosen: argparse.Namespace) -> str:
    """Erase a colleague's own data and return what to print. Raises CannotErase."""
    user = chosen.person
    if not (chosen.yes or chosen.dry_run):
        _confirm(SURE_OF_PERSON.format(user=user), user)
    with database.read(team) as tx:
        packs = packs_naming(tx, user)
    done = erase_person(context, team, user, system_user(), packs, dry_run=chosen.dry_run)
    what = OF_PERSON.format(recusals=done.recusals, reports=done.reports, check_ins=done.check_ins)
    if chosen.dry_run:
        return WOULD_PERSON.format(user=user, what=what)
    return PERSON_DONE.format(user=user, what=what) + ("" if _vacuum(database) else TRACES)


def _confirm(question: str, expected: str) -> None:
    """Ask in the terminal. Raises CannotErase unless the answer is the expected one."""
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline()
    if not answer:
        sys.stderr.write("\n")
        raise CannotErase(NOT_ASKED)
    if answer.strip() != expected:
        raise CannotErase(LEFT_AS_IT_WAS)


def _vacuum(database: Database) -> bool:
    """Remove what was erased from the database's files. Returns whether nothing of it is left."""
    try:
        database.vacuum()
    except NotRecorded:
        return False
    return True
