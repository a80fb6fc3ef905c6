"""The commands `export` and `erase`: what they are told, and where what they say goes."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from bot.app import firm_of
from bot.cli.erase import ask_here, wipe_customer, wipe_person
from bot.cli.export import as_json, as_text, dossier, lines
from bot.policy_file.load import load as load_policy
from bot.settings.load import Settings
from bot.usecases.context import Clock, Context
from storage.database import Database
from storage.migrate import migrate

STDOUT: Final = "-"
EXPORTED: Final = "Exported {what} to {where}."
TAKEN: Final = "{where} is there already, and may be the only copy of another export. Name another file."
NOT_WRITTEN: Final = "{where} cannot be written: {why}. Name another file."
JSON_LINES: Final = "--all writes JSON Lines; leave --format out."


def add_export(parser: argparse.ArgumentParser) -> None:
    """What `export` is told."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--customer", metavar="NAME|NUMBER", help="one customer, with all that is on record about them")
    what.add_argument("--all", action="store_true", help="the whole workspace, as JSON Lines")
    parser.add_argument("--out", default=STDOUT, metavar="FILE", help="where to; without it, to the terminal")
    parser.add_argument("--format", choices=("json", "text"), help="of one customer: text to be read, or JSON (text)")
    parser.add_argument("--team", help="the workspace's ID, T…; needed only where the record has several")


def add_erase(parser: argparse.ArgumentParser) -> None:
    """What `erase` is told."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--customer", metavar="NAME|NUMBER", help="a customer: names and every free text about them")
    whose.add_argument("--person", metavar="U…", help="a colleague who left: what is their own")
    parser.add_argument("--even-with-an-open-case", action="store_true", help="although management is still to judge")
    parser.add_argument("--yes", action="store_true", help="without asking first")
    parser.add_argument("--team", help="the workspace's ID, T…; needed only where the record has several")


def export(chosen: argparse.Namespace, settings: Settings, clock: Clock) -> int:
    """Carry out `export`. Raises ValueError with the mend."""
    if chosen.all and chosen.format:
        raise ValueError(JSON_LINES)
    with _database(settings) as database, database.read(the_team(chosen, database)) as tx:
        if chosen.all:
            return _written(chosen.out, lines(tx), "the workspace")
        found = dossier(tx, chosen.customer, clock())
    reports = len(found["reports"])
    whom = f"customer {found['customer']['number']}, with {reports} report{'' if reports == 1 else 's'},"
    return _written(chosen.out, [as_json(found)] if chosen.format == "json" else as_text(found), whom)


def erase(chosen: argparse.Namespace, settings: Settings, clock: Clock) -> int:
    """Carry out `erase`. Raises CannotErase and ValueError with the mend."""
    policy = load_policy(settings.policy_file, settings.timezone)
    with _database(settings) as database:
        context = Context(database.begin, database.read, policy, firm_of(settings), clock)
        said = _erased(chosen, database, context)
    sys.stdout.write(f"{said}\n")
    return 0


def _erased(chosen: argparse.Namespace, database: Database, context: Context) -> str:
    ask, team = None if chosen.yes else ask_here, the_team(chosen, database)
    if chosen.person:
        return wipe_person(database, context, team, chosen.person, ask)
    whatever = chosen.even_with_an_open_case
    return wipe_customer(database, context, team, chosen.customer, ask, whatever_is_open=whatever)


def the_team(chosen: argparse.Namespace, database: Database) -> str:
    """The workspace that is meant. Raises ValueError where it is not known which."""
    known = database.teams()
    if chosen.team in known:
        return str(chosen.team)
    if chosen.team:
        raise ValueError(f"Nothing is on record of workspace {chosen.team}.")
    if len(known) != 1:
        names = ", ".join(known)
        raise ValueError(f"Name the workspace, --team T…: {names}." if known else "Nothing is on record yet.")
    return known[0]


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.database_url.get_secret_value())
    try:
        migrate(database)
        yield database
    finally:
        database.close()


def _written(where: str, what: Iterable[str], said: str) -> int:
    with _open(where) as out:
        for line in what:
            out.write(f"{line}\n")
    if where != STDOUT:
        sys.stdout.write(f"{EXPORTED.format(what=said, where=where)}\n")
    return 0


@contextmanager
def _open(where: str) -> Iterator[TextIO]:
    """A new file that nobody else on the machine can read, or the terminal."""
    if where == STDOUT:
        yield sys.stdout
        return
    try:
        with open(where, "x", encoding="utf-8", opener=_private) as file:
            yield file
    except FileExistsError:
        raise ValueError(TAKEN.format(where=where)) from None
    except OSError as error:
        raise ValueError(NOT_WRITTEN.format(where=where, why=error.strerror)) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
