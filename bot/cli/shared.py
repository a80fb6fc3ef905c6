"""What several commands need: the clock, the settings, the database, the workspace, and a customer by name."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.app import Bot
from bot.rules.customers import Customer
from bot.rules.refusals import Unknown
from bot.settings.load import Settings, load, load_database_url
from bot.usecases.transport import RateLimited, Refused, Unanswered
from storage.database import Database
from storage.db.engine import read_only
from storage.db.sqlite_file import sqlite_file_of
from storage.migrate import migrate, refuse_other_revisions
from storage.transaction import Transaction

DOTENV: Final = Path(".env")
NOBODY: Final = "No customer is called {who!r}.{nearest} Give the name as it is on record, or the number."
NO_NUMBER: Final = "There is no customer {who}. Numbers count from 1; `export --all` lists them."
SEVERAL: Final = "{who!r} may mean {several}. Give the number of the one you mean."
NO_FILE: Final = "There is no file {path}, which DATABASE_URL names. Nothing was created."
NEAREST: Final = " The nearest: {names}."
NAMES_SHOWN: Final = 3


def now() -> datetime:
    """The real clock. Everywhere else it is handed in."""
    return datetime.now(UTC)  # noqa: TID251 - nothing else reads the clock


def load_settings() -> Settings:
    """The settings of the environment and `.env`. Raises SettingsError."""
    return load(os.environ, DOTENV)


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """The database, brought up to date; closed at the end."""
    database = Database(settings.database_url.get_secret_value())
    try:
        migrate(database)
        yield database
    finally:
        database.close()


@contextmanager
def open_to_read() -> Iterator[Database]:
    """The database of DATABASE_URL, no other setting needed. Nothing is created, upgraded or changed.

    Raises SettingsError, OtherRevision, NotRecorded, and ValueError where there is no such file.
    """
    url = load_database_url(os.environ, DOTENV)
    file = sqlite_file_of(url)
    if file and not file.is_there:
        raise ValueError(NO_FILE.format(path=file.path))
    database = Database(read_only(url))
    try:
        refuse_other_revisions(database)
        yield database
    finally:
        database.close()


def recorded_team(team: str | None, database: Database) -> str:
    """The workspace with this ID, or the only one in the database. Raises ValueError if there is no such workspace."""
    known = database.teams()
    if team in known:
        return str(team)
    if team:
        raise ValueError(f"Nothing is on record of workspace {team}.")
    if len(known) != 1:
        names = ", ".join(known)
        raise ValueError(f"Name the workspace, --team T…: {names}." if known else "Nothing is on record yet.")
    return known[0]


def team_of_token(bot: Bot) -> str:
    """The workspace of the bot's token, as Slack says. Raises ValueError if Slack does not answer."""
    try:
        return bot.worker.find_team()
    except (RateLimited, Refused, Unanswered) as failure:
        words = f"Slack does not say which workspace the token is for ({failure}). Name it: --team T…"
        raise ValueError(words) from failure


def find_customer(tx: Transaction, who: str) -> Customer:
    """The customer with this number or name, or the one whom they were merged into.

    Raises ValueError if there is none, or if several customers may be meant.
    """
    if who.isascii() and who.isdigit():
        try:
            return tx.customers.current(tx.customers.get(int(who)))
        except Unknown:
            raise ValueError(NO_NUMBER.format(who=int(who))) from None
    same = tx.customers.same(who)
    if same:
        return same
    alike = tx.customers.alike(who)
    if len(alike) == 1:
        return tx.customers.get(alike[0].number)
    if alike:
        raise ValueError(SEVERAL.format(who=who, several=" or ".join(f"{each.number} ({each.name})" for each in alike)))
    names = ", ".join(f"{each.number} ({each.name})" for each in tx.customers.likely(who, NAMES_SHOWN))
    raise ValueError(NOBODY.format(who=who, nearest=NEAREST.format(names=names) if names else ""))
