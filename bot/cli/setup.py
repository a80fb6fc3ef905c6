"""`setup`: from nothing to a running bot, in one conversation in the terminal."""

import argparse
import os
from collections.abc import Callable, Mapping
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

from pydantic_core import PydanticCustomError

from bot.cli import check, env_file
from bot.cli.shared import DOTENV, load_settings, open_database
from bot.problems import away_text
from bot.rules.refusals import NotRecorded
from bot.settings import fields
from handlers.client.checkup import WrongError
from handlers.client.directory import Directory, Entry, picked
from handlers.client.transport import posting_client
from handlers.manifest import as_json, manifest

Taken = TypeVar("Taken")
SLACKS_API: Final = "https://slack.com/api/"
NEW_APP: Final = "https://api.slack.com/apps?new_app=1&manifest_json="
MAKE_APP: Final = """\
Make the app at Slack: open this page, choose your workspace, press “Create”, then “Install to Workspace”.

{link}

If the page does not show the app's settings, choose “From a manifest” there and paste this:

{manifest}
"""
QUESTIONS: Final = {
    "SLACK_BOT_TOKEN": "Bot token (xoxb-…, under “OAuth & Permissions”)",
    "SLACK_SIGNING_SECRET": "Signing secret (under “Basic Information”)",
    "SLACK_APP_TOKEN": "App-level token (xapp-…, under “Basic Information”, with the scope connections:write)",
    "MANAGEMENT_CHANNEL": "Make a private channel for management, type /invite @Backstop there, and paste a link to it",
    "MANAGERS": "Who decides about customers? Names or user groups, separated by commas",
    "DIRECTORS": "Who decides what is late, or what no manager may? Without an answer, the managers",
    "LEADS": "Who is called when a rep needs somebody at once? Without an answer, the managers",
    "OPERATORS": "Who gets a message when the bot itself is in trouble? People, no groups. Without an answer, nobody",
    "CARE_CONTACT": "Who talks to reps who ask for it? One person. Without an answer, nobody",
    "TIMEZONE": "The firm's time zone",
}
ROLES: Final = ("MANAGERS", "DIRECTORS", "LEADS", "OPERATORS", "CARE_CONTACT")
REQUIRED: Final = QUESTIONS.keys() - {"DIRECTORS", "LEADS", "OPERATORS", "CARE_CONTACT"}
SECRETS: Final = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN")
NOTHING: Final = "-"  # the answer that takes away what was given
STOPPED: Final = "Stopped. Nothing was written."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `setup`."""
    parser.add_argument("--url", help="the bot's public address, https://…; without it, Socket Mode, which needs none")
    words = "ask nothing: take tokens from the environment or the file, and the rest from these options or the file"
    parser.add_argument("--yes", action="store_true", help=words)
    parser.add_argument("--management-channel", metavar="LINK", help="a link to the channel for cases, or its ID")
    for role in ROLES:
        parser.add_argument(f"--{role.lower().replace('_', '-')}", metavar="NAMES", help="names, @handles or IDs")
    parser.add_argument("--timezone", metavar="ZONE", help="such as Europe/London")
    parser.add_argument("--env-file", type=Path, default=DOTENV, metavar="FILE", help="the file to write (.env)")


def run(chosen: argparse.Namespace) -> int:
    """Lead from nothing to a running bot: the app at Slack, tokens, people, channel, the file, and a trial."""
    set_up(chosen)
    return _trial(chosen.env_file)


def set_up(chosen: argparse.Namespace) -> None:
    """Ask, and write the file. Raises ValueError for what cannot be taken, and where nothing could be asked."""
    options = {name.upper(): value for name, value in vars(chosen).items() if isinstance(value, str)}
    known = env_file.read(chosen.env_file)
    given = known | _of_environment(os.environ) | options
    served_over_http = "SLACK_BOT_TOKEN" in known and "SLACK_APP_TOKEN" not in given
    setup = Setup(given, asks=not chosen.yes, url=chosen.url, over_http=bool(chosen.url) or served_over_http)
    try:
        setup.run()
    except (EOFError, KeyboardInterrupt):
        raise ValueError(f"\n{STOPPED}") from None
    env_file.write(chosen.env_file, setup.values, setup.notes)
    print(f"\n{chosen.env_file} is written. No other user of this machine can read it.")


def _of_environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in (*SECRETS, "SLACK_API_URL", "CONFIRM_POSTS") if environ.get(name)}


def _trial(file: Path) -> int:
    try:
        with open_database(load_settings(file)):
            print("The database is ready. Now it is tried on Slack, which takes a few minutes:\n")
    except NotRecorded as failure:
        print(f"{away_text(failure)} The rest is tried on Slack, which takes a few minutes:\n")
    code = check.run(argparse.Namespace(env_file=file, live=True, json=False))
    option = "" if file == DOTENV else f" --env-file {file}"
    print(f"\nNow start the bot: backstop serve{option}" if code == 0 else f"\nThen: backstop check --live{option}")
    return code


class Setup:
    """One conversation. It leaves `values`, by setting, and `notes`: whom they name.

    `given`: what is known already, which Enter takes. Without `asks`, it is all that is taken. `url`: as `--url`.
    `over_http`: Slack calls the bot there, or at the address that its app has already.
    """

    def __init__(self, given: Mapping[str, str], *, asks: bool, url: str | None, over_http: bool) -> None:
        self.values: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self._given, self._asks, self._url, self._over_http = given, asks, url, over_http
        self._confirms = fields.switch(given.get("CONFIRM_POSTS", "on"))
        self._problems: list[str] = []

    def run(self) -> None:
        """Ask for everything. Raises ValueError for what was given and cannot be taken."""
        if self._asks and "SLACK_BOT_TOKEN" not in self._given:
            print(self._app())
        slack = self._answer("SLACK_BOT_TOKEN", self._slack)
        self._answer("SLACK_SIGNING_SECRET", fields.signing_secret)
        if slack:
            self._socket_mode(slack)
            self._answer("MANAGEMENT_CHANNEL", partial(self._channel, slack))
            self._people(slack)
        if self._problems:
            raise ValueError("\n".join([*self._problems, STOPPED]))

    def _app(self) -> str:
        content = manifest(self._url, confirms=self._confirms)
        return MAKE_APP.format(link=NEW_APP + quote(as_json(content), safe=""), manifest=as_json(content))

    def _slack(self, token: str) -> Directory:
        fields.bot_token(token)
        slack = Directory(posting_client(token, self._given.get("SLACK_API_URL", SLACKS_API)), self._confirms)
        print(f"The bot is {slack.bot()}.")
        return slack

    def _channel(self, slack: Directory, link: str) -> None:
        self.values["MANAGEMENT_CHANNEL"], self.notes["MANAGEMENT_CHANNEL"] = slack.channel(link)
        print(f"Cases will come to {self.notes['MANAGEMENT_CHANNEL']}.")

    def _socket_mode(self, slack: Directory) -> None:
        if self._over_http:
            self.values["SLACK_APP_TOKEN"] = ""
            print("There is no app-level token: Slack calls the bot at its public address.")
        else:
            self._answer("SLACK_APP_TOKEN", partial(_app_token, slack))

    def _people(self, slack: Directory) -> None:
        entries = slack.entries()
        groups = [f"  {each}" for each in entries if each.is_group]
        if self._asks and groups:
            print("\n".join(("\nUser groups:", *groups)))
        for role in ROLES:
            self._answer(role, partial(self._role, role, entries))
        managers = self.values["MANAGERS"].split(",")
        zones = [each.zone for each in sorted(entries, key=lambda each: each.id not in managers) if each.zone]
        self._answer("TIMEZONE", fields.zone, zones[0] if zones else "UTC")

    def _role(self, role: str, entries: tuple[Entry, ...], text: str) -> None:
        found = picked(text, entries)
        if role in {"OPERATORS", "CARE_CONTACT"} and any(each.is_group for each in found):
            raise WrongError("this takes people, no user groups", "name people")
        if role == "CARE_CONTACT" and len(found) > 1:
            raise WrongError("this takes one person", "name one")
        self.values[role] = ",".join(each.id for each in found)
        self.notes[role] = ", ".join(each.name for each in found)
        print(f"  {'; '.join(map(str, found))}")

    def _answer(self, name: str, take: Callable[[str], Taken], proposed: str = "") -> Taken | None:
        """What `take` makes of the answer; it is asked for until it can be taken. None if there is none."""
        given = self._given.get(name) or proposed
        while True:
            text = self._asked(name, given) if self._asks else given
            self.values[name] = text = "" if text == NOTHING else text
            if not text and name not in REQUIRED:
                return None
            try:
                return take(text)
            except WrongError as wrong:
                problem = _problem(name, wrong.what, wrong.mend)
            except PydanticCustomError as wrong:
                problem = _problem(name, **(wrong.context or {}))
            if not self._asks:
                self._problems.append(problem)
                return None
            print(problem)

    def _asked(self, name: str, given: str) -> str:
        shown = "as it is" if name in SECRETS else given
        take_away = "" if name in REQUIRED else f"; {NOTHING} for none"
        proposed = f" [{shown}{take_away}]" if given else ""
        return (getpass if name in SECRETS else input)(f"\n{QUESTIONS[name]}{proposed}: ").strip() or given


def _problem(name: str, what: str, mend: str) -> str:
    return f"{name}: {what}. {mend[0].upper()}{mend[1:]}{'' if mend.endswith('?') else '.'}"


def _app_token(slack: Directory, token: str) -> None:
    fields.app_token(token)
    print(f"{slack.socket_mode(token)}.")
