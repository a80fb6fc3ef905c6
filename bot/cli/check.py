"""`check`: what is right and wrong with the settings, Slack, the database and the policy."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from bot.app import firm_of
from bot.cli.shared import load_settings, now, open_to_read
from bot.health import broken_tasks, left_to_nobody
from bot.policy_file.load import load as load_policy
from bot.problems import COPIED, away_text, refused_message
from bot.rules.refusals import NotRecorded
from bot.settings.load import Settings
from bot.usecases.processes import is_copied_here
from handlers.client.checkup import checkup
from handlers.client.transport import posting_client
from handlers.live.every_view import every_view
from handlers.live.trial import Trial
from storage.db.revision import NEWEST, OtherRevision
from storage.db.sqlite_file import sqlite_file_of

NOT_SERVED: Final = "No request from Slack has come yet: `serve` has not run on this database."
STARTED: Final = " since `serve` started on {at:%Y-%m-%d at %H:%M} UTC"
ASKED: Final = f"A request from Slack has come{STARTED}."
NOT_ASKED: Final = f"No request from Slack has come{STARTED} (half a minute may pass): type /report-abuse in Slack."
SIGNED: Final = " The signing secret proves itself with the first, which must be signed with it."
PROVEN: Final = " It was signed with the signing secret, which is therefore right."

Found = tuple[bool, str]
"""Whether it is right, and what it is; of what is wrong also what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `check`."""
    parser.add_argument("--json", action="store_true", help="one JSON array instead of lines")
    parser.add_argument("--live", action="store_true", help="try it on Slack itself; the output holds no names")


def run(chosen: argparse.Namespace) -> int:
    """Say whether tokens, scopes, channels, people, the database and the policy are right. Changes nothing.

    With --live it also posts a message to each channel, finds, edits and deletes it, and asks Slack about every view.
    """
    settings = load_settings(chosen.env_file)
    found: list[Found] = []
    try:
        for ok, what in _findings(settings, chosen):
            found.append((ok, what))
            if not chosen.json:
                print(f"{'ok  ' if ok else 'MEND'} {what}", flush=True)
    except KeyboardInterrupt as stopped:
        print(f"Stopped. {stopped}".strip(), file=sys.stderr)
        raise
    if chosen.json:
        print(json.dumps([{"ok": ok, "what": what} for ok, what in found], ensure_ascii=False))
    return 0 if all(ok for ok, _ in found) else 1


def _findings(settings: Settings, chosen: argparse.Namespace) -> Iterator[Found]:
    policy = load_policy(settings.policy_file, settings.timezone)
    yield True, f"The policy can be used (digest {policy.digest[:12]})."
    file = sqlite_file_of(settings.database_url.get_secret_value())
    for ok, what in _in_database(chosen.env_file, is_signed=not settings.slack_app_token):
        yield ok, what.replace(str(file.path), "…") if chosen.live and file else what  # a path often holds a name
    client = posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    app_token = settings.slack_app_token
    findings = checkup(client, settings, app_token.get_secret_value() if app_token else None, named=not chosen.live)
    trial = Trial(client, settings, now, time.sleep)
    views = partial(every_view, policy, firm_of(settings), now=now())
    for finding in chain(findings, trial.run(views) if chosen.live else ()):
        yield finding.ok, finding.what if finding.ok else f"{finding.what} {finding.mend}"


def _in_database(env_file: Path, *, is_signed: bool = True) -> Iterator[Found]:
    """What is right and wrong with the database and what is on record. `is_signed`: Slack's requests are."""
    try:
        with open_to_read(env_file) as database:
            yield True, f"The database is up to date (revision {NEWEST})."
            with database.read_all() as workspaces:
                copied = any(is_copied_here(tx, place) for tx in workspaces) if (place := database.place()) else False
            yield True, _asked(database.last_start(), is_signed=is_signed)
            with database.read_outbox() as outbox:
                messages = outbox.refused()
            found = [*map(refused_message, messages), *left_to_nobody(database), *broken_tasks(database)]
            wrong = [*([COPIED] if copied else []), *(problem.says for problem in found)]
    except NotRecorded as failure:
        wrong = [away_text(failure)]
    except (OtherRevision, ValueError) as failure:
        wrong = [f"{failure} `migrate` makes an empty one ready, and so does the first start of `serve`."]
    yield from ((False, sentence) for sentence in wrong)


def _asked(last: tuple[datetime, bool] | None, *, is_signed: bool) -> str:
    """Whether a request of Slack's has come to the `serve` that started last."""
    at, asked = last or (None, False)
    words = (ASKED if asked else NOT_ASKED).format(at=at) if at else NOT_SERVED
    return words + (PROVEN if asked else SIGNED) if is_signed else words
