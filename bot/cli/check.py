"""`check`: what is right and wrong with the settings, Slack, the database and the policy."""

import argparse
import json
from collections.abc import Iterator

from bot.cli.shared import load_settings, open_to_read
from bot.health import broken_tasks, left_to_nobody
from bot.policy_file.load import load as load_policy
from bot.problems import away_text, refused_message
from bot.rules.refusals import NotRecorded
from bot.settings.load import Settings
from handlers.client.checkup import checkup
from handlers.client.transport import posting_client
from storage.db.revision import NEWEST, OtherRevision

Found = tuple[bool, str]
"""Whether it is right, and what it is; of what is wrong also what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `check`."""
    parser.add_argument("--json", action="store_true", help="one JSON array instead of lines")


def run(chosen: argparse.Namespace) -> int:
    """Say whether tokens, scopes, channels, people, the database and the policy are right. Changes nothing."""
    settings = load_settings()
    found: list[Found] = []
    for ok, what in _findings(settings):
        found.append((ok, what))
        if not chosen.json:
            print(f"{'ok  ' if ok else 'MEND'} {what}")
    if chosen.json:
        print(json.dumps([{"ok": ok, "what": what} for ok, what in found], ensure_ascii=False))
    return 0 if all(ok for ok, _ in found) else 1


def _findings(settings: Settings) -> Iterator[Found]:
    policy = load_policy(settings.policy_file, settings.timezone)
    yield True, f"The policy can be used (digest {policy.digest[:12]})."
    yield from _in_database()
    client = posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    app_token = settings.slack_app_token
    for finding in checkup(client, settings, app_token.get_secret_value() if app_token else None):
        yield finding.ok, finding.what if finding.ok else f"{finding.what} {finding.mend}"


def _in_database() -> Iterator[Found]:
    """What is right and wrong with the database and what is on record."""
    try:
        with open_to_read() as database:
            yield True, f"The database is up to date (revision {NEWEST})."
            with database.read_outbox() as outbox:
                messages = outbox.refused()
            found = [*map(refused_message, messages), *left_to_nobody(database), *broken_tasks(database)]
            wrong = [problem.says for problem in found]
    except NotRecorded as failure:
        wrong = [away_text(failure)]
    except (OtherRevision, ValueError) as failure:
        wrong = [f"{failure} `migrate` makes an empty one ready, and so does the first start of `serve`."]
    yield from ((False, sentence) for sentence in wrong)
