"""`check`: what is right and wrong with the settings, Slack, the database and the policy."""

import argparse

from bot.cli.shared import load_settings
from bot.health import broken_tasks, left_to_nobody
from bot.policy_file.load import load as load_policy
from bot.problems import away_text, refused_message
from bot.rules.refusals import NotRecorded
from bot.settings.load import Settings
from handlers.client.checkup import checkup
from handlers.client.transport import posting_client
from storage.database import Database
from storage.migrate import migrate


def run(_: argparse.Namespace) -> int:
    """Say whether tokens, scopes, channels, people, the database and the policy are right."""
    settings = load_settings()
    policy = load_policy(settings.policy_file, settings.timezone)
    print(f"ok   The policy can be used (digest {policy.digest[:12]}).")
    wrong = _check_database(settings)
    client = posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    app_token = settings.slack_app_token
    findings = checkup(client, settings, app_token.get_secret_value() if app_token else None)
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'MEND'} {finding.what}{'' if finding.ok else ' ' + finding.mend}")
    return 0 if not wrong and all(finding.ok for finding in findings) else 1


def _check_database(settings: Settings) -> bool:
    """Say what is wrong with the database and what is on record. Returns whether anything is. Raises OtherRevision."""
    database = Database(settings.database_url.get_secret_value())
    try:
        print(f"ok   The database is up to date (revision {migrate(database)}).")
        with database.outbox() as outbox:
            messages = outbox.refused()
        found = [*map(refused_message, messages), *left_to_nobody(database), *broken_tasks(database)]
        wrong = [problem.says for problem in found]
    except NotRecorded as failure:
        wrong = [away_text(failure)]
    finally:
        database.close()
    for sentence in wrong:
        print(f"MEND {sentence}")
    return bool(wrong)
