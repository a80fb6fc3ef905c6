"""What several commands need: the clock, the settings, the database, the workspace, and who runs the command."""

import argparse
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from bot.app import firm_of
from bot.policy_file.load import load as load_policy
from bot.rules.policy.policy import Policy
from bot.settings.load import (
    SettingProblem,
    Settings,
    SettingsError,
    load,
    load_database_url,
    load_policy_file,
    load_timezone,
)
from bot.usecases.context import Context
from bot.usecases.transport import RateLimited, Refused, Unanswered
from handlers.client.transport import SlackTransport, posting_client
from storage.database import Database
from storage.db.engine import read_only
from storage.db.sqlite_file import sqlite_file_of
from storage.migrate import migrate, refuse_other_revisions

DOTENV: Final = Path(".env")
NO_FILE: Final = "There is no file {path}, which DATABASE_URL names. Nothing was created."
TAKEN: Final = "{where} is there already, and is not overwritten. Name another file."
NOT_WRITTEN: Final = "{where} cannot be written: {why}. Name another file."


def now() -> datetime:
    """The real clock. Everywhere else it is handed in."""
    return datetime.now(UTC)  # noqa: TID251 - nothing else reads the clock


def add_env_file(parser: argparse.ArgumentParser) -> None:
    """The argument of every command that reads settings. `.env` need not be there; a file that is named must be."""
    words = "settings that the environment does not have, instead of those in .env"
    parser.add_argument("--env-file", type=_env_file, default=DOTENV, metavar="FILE", help=words)


def _env_file(text: str) -> Path:
    if not (path := Path(text)).is_file():  # nor a pipe, since it is read more than once
        raise SettingsError((SettingProblem("--env-file", f"there is no file {path}", "name one that is there"),))
    return path


def load_settings(env_file: Path) -> Settings:
    """The settings of the environment and the file. Raises SettingsError."""
    return load(os.environ, env_file)


def load_zone(env_file: Path) -> str:
    """The time zone, for what needs no other setting but the database's address. Raises SettingsError."""
    return load_timezone(os.environ, env_file)


def load_policy_in_force(env_file: Path) -> Policy:
    """The policy that POLICY_FILE names, or the built-in one. Raises SettingsError and PolicyError."""
    return load_policy(load_policy_file(os.environ, env_file), load_zone(env_file))


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
def open_to_read(env_file: Path) -> Iterator[Database]:
    """The database of DATABASE_URL, no other setting needed. Nothing is created, upgraded or changed.

    Raises SettingsError, OtherRevision, NotRecorded, and ValueError where there is no such file.
    """
    with open_as_it_is(env_file, to_read=True) as database:
        yield database


@contextmanager
def open_as_it_is(env_file: Path, *, to_read: bool = False) -> Iterator[Database]:
    """The same to add to what is on record: nothing is created or upgraded. Raises as `open_to_read`."""
    url = load_database_url(os.environ, env_file)
    file = sqlite_file_of(url)
    if file and not file.is_there:
        raise ValueError(NO_FILE.format(path=file.path))
    database = Database(read_only(url) if to_read else url)
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


def context_of(settings: Settings, database: Database) -> Context:
    """What use cases work with. Raises PolicyError."""
    policy = load_policy(settings.policy_file, settings.timezone)
    return Context(database.begin, database.read, policy, firm_of(settings), now)


def team_of_token(settings: Settings) -> str:
    """The workspace of the bot's token, as Slack says. Raises ValueError if Slack does not answer."""
    try:
        return SlackTransport(
            posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        ).team()
    except (RateLimited, Refused, Unanswered) as failure:
        words = f"Slack does not say which workspace the token is for ({failure}). Name it: --team T…"
        raise ValueError(words) from failure


def system_user() -> str:
    """Who runs the command, as the operating system knows them: for the audit log. No variable can say otherwise."""
    user = os.getuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # as in a container that is run under any number
        return str(user)


@contextmanager
def private_file(where: str) -> Iterator[BinaryIO]:
    """A new file that no other user of the machine can read. Raises ValueError if it cannot be made or written."""
    made = False
    try:
        with open(where, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            made = True
            yield file
    except FileExistsError:
        raise ValueError(TAKEN.format(where=where)) from None
    except OSError as error:
        if made:  # a part of an export is none
            Path(where).unlink()
        raise ValueError(NOT_WRITTEN.format(where=where, why=error.strerror)) from None
