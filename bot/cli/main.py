"""The command line: `python -m bot COMMAND`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot import logs
from bot.app import Bot, assemble, sentence
from bot.cli.customers_file import load as load_customers
from bot.cli.policy import Progress, Replay, as_json, as_table
from bot.cli.record import add_erase, add_export, erase, export
from bot.cli.serve import run, until_told
from bot.cli.summary import last_week, post_week, show_week
from bot.http_server import CannotListenError
from bot.policy_file.load import PolicyError
from bot.policy_file.load import load as load_policy
from bot.rules.customer_import import CannotImport
from bot.rules.erasure import CannotErase
from bot.rules.refusals import NotRecorded
from bot.rules.weeks import Week
from bot.settings.load import Settings, SettingsError, load
from bot.usecases.audit import broken_chains
from bot.usecases.customers.import_list import enrol
from bot.usecases.transport import RateLimited, Refused, Unanswered
from handlers.client.checkup import checkup
from handlers.client.posting import posting_client
from handlers.manifest import as_text, manifest
from storage.database import Database
from storage.migrate import NewerThanTheCode, migrate

DOTENV = Path(".env")
SANDBOX_PORT = 8010
AWAY = "The database cannot be used: it is locked, read-only, full or not there. See DATABASE_URL."
WRONG = (SettingsError, PolicyError, CannotImport, CannotErase, NewerThanTheCode, CannotListenError, ValueError)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code. What is wrong is said on stderr, all at once, with code 2."""
    chosen = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return command(chosen)
    except NotRecorded:
        print(AWAY, file=sys.stderr)
    except WRONG as error:
        print(error, file=sys.stderr)
    return 2


def now() -> datetime:
    """The real clock. Everywhere else it is handed in."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads it


def _serve(_: argparse.Namespace) -> int:
    """Run the bot against the Slack of the settings."""
    logs.configure()
    settings = _settings()
    bot = assemble(settings, now)
    run(bot, settings.host, settings.port, until_told(), lambda url: print(f"Backstop listens on {url}", flush=True))
    return 0


def _sandbox(chosen: argparse.Namespace) -> int:
    """Run the bot against a local Slack in the browser: no account, no token, no network."""
    from bot.cli.sandbox import play  # noqa: PLC0415 - a Slack to play with is no part of what serves: 12 MB

    logs.configure()
    play(now, port=chosen.port, empty=chosen.empty, say=lambda words: print(words, flush=True))
    return 0


def _check(_: argparse.Namespace) -> int:
    """Say whether tokens, scopes, channels, people, the database and the policy are right."""
    settings = _settings()
    policy = load_policy(settings.policy_file, settings.timezone)
    print(f"ok   The policy can be used (digest {policy.digest[:12]}).")
    database = Database(settings.database_url.get_secret_value())
    print(f"ok   The database is up to date (revision {migrate(database)}).")
    with database.outbox() as outbox:
        troubles = outbox.troubles()
    for trouble in troubles:
        print(f"MEND {sentence(trouble)}")
    client = posting_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    app_token = settings.slack_app_token
    findings = checkup(client, settings, app_token.get_secret_value() if app_token else None)
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'MEND'} {finding.what}{'' if finding.ok else ' ' + finding.mend}")
    return 0 if not troubles and all(finding.ok for finding in findings) else 1


def _manifest(chosen: argparse.Namespace) -> int:
    """Print an app manifest to paste where a Slack app is made."""
    print(as_text(manifest(chosen.url)))
    return 0


def _policy_check(chosen: argparse.Namespace) -> int:
    """Say what is wrong with a policy file, all at once."""
    policy = load_policy(chosen.file, "UTC")
    print(f"{chosen.file} can be used: {len(policy.categories)} categories, digest {policy.digest[:12]}.")
    return 0


def _policy_replay(chosen: argparse.Namespace) -> int:
    """Run another policy over the record: who would have been warned, heard, put to a decision, and when."""
    settings = _settings()
    policy = load_policy(chosen.file, settings.timezone)
    database = Database(settings.database_url.get_secret_value())
    migrate(database)
    since = policy.hours.at(chosen.since, time()) if chosen.since else None
    run_ = Replay(database, policy, since, Progress(lambda words: print(words, file=sys.stderr, flush=True)))
    (as_json if chosen.json else as_table)(run_, print)
    return 0


def _migrate(_: argparse.Namespace) -> int:
    """Bring the database up to date."""
    print(f"The database is at revision {migrate(_database())}.")
    return 0


def _customers_import(chosen: argparse.Namespace) -> int:
    """Take customers over from a CSV file: name, crm_reference, worth, owner. All of it, or nothing."""
    listed = load_customers(chosen.file)
    bot = assemble(_settings(), now)
    done = enrol(bot.context, chosen.team or _team(bot), listed)
    bot.database.close()
    print(f"{done.added} added, {done.changed} changed, {done.unchanged} as they were.")
    return 0


def _team(bot: Bot) -> str:
    try:
        return bot.worker.find_team()
    except (RateLimited, Refused, Unanswered) as failure:
        words = f"Slack does not say which workspace the token is for ({failure}). Name it: --team T…"
        raise ValueError(words) from failure


def _summary(chosen: argparse.Namespace) -> int:
    """Show a week's summary here, or post it where the weekly summary goes."""
    bot = assemble(_settings(), now)
    week = chosen.week or last_week(bot)
    try:
        if chosen.post:
            return 0 if post_week(bot, chosen.team or _team(bot), week, print) else 1
        known = bot.database.teams()
        show_week(bot, chosen.team or (known[0] if len(known) == 1 else _team(bot)), week, print)
        return 0
    finally:
        bot.database.close()


def _export(chosen: argparse.Namespace) -> int:
    """Hand out everything on record about a customer, or the whole workspace."""
    return export(chosen, _settings(), now)


def _erase(chosen: argparse.Namespace) -> int:
    """Erase a customer's names and every text about them, or what is a colleague's own. The audit log stays whole."""
    return erase(chosen, _settings(), now)


def _audit_verify(_: argparse.Namespace) -> int:
    """Check every chain of the audit log against itself and against the record."""
    database = _database()
    migrate(database)
    broken = list(broken_chains(database))
    database.close()
    for words in broken:
        print(words)
    print("The audit log is whole." if not broken else f"{len(broken)} broken.")
    return 1 if broken else 0


def _week(written: str) -> Week:
    try:
        return Week.parse(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{written!r} is no day; write it as 2026-01-31") from None


def _settings() -> Settings:
    return load(os.environ, DOTENV)


def _database() -> Database:
    return Database(_settings().database_url.get_secret_value())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Backstop stands behind customer-service reps.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "serve", _serve)
    sandbox = _add(commands, "sandbox", _sandbox)
    sandbox.add_argument("--port", type=int, default=SANDBOX_PORT, help=f"where the page is ({SANDBOX_PORT})")
    sandbox.add_argument("--empty", action="store_true", help="without the firm's story")
    _add(commands, "check", _check)
    made = _add(commands, "manifest", _manifest)
    made.add_argument("--url", help="the bot's public address, https://…; without it, for Socket Mode")
    _add(commands, "migrate", _migrate)
    policy = commands.add_parser("policy", help="Work with policy files.").add_subparsers(required=True)
    _add(policy, "check", _policy_check).add_argument("file", type=Path)
    other = _add(policy, "replay", _policy_replay)
    other.add_argument("file", type=Path)
    other.add_argument("--since", type=_day, help="count only what came out from this day on: 2026-01-31")
    other.add_argument("--json", action="store_true", help="one JSON document instead of a table")
    customers = commands.add_parser("customers", help="Work with customers.").add_subparsers(required=True)
    listed = _add(customers, "import", _customers_import)
    listed.add_argument("file", type=Path)
    listed.add_argument("--team", help="the workspace's ID, T…; without it, Slack is asked")
    summary = _add(commands, "summary", _summary)
    summary.add_argument("--week", type=_week, help="which one: 2026-W47; without it, the last one that is over")
    summary.add_argument("--post", action="store_true", help="post it, or correct it where it stands")
    summary.add_argument(
        "--team", help="the workspace's ID, T…; without it, Slack is asked where the record has several"
    )
    add_export(_add(commands, "export", _export))
    add_erase(_add(commands, "erase", _erase))
    audit = commands.add_parser("audit", help="Work with the audit log.").add_subparsers(required=True)
    _add(audit, "verify", _audit_verify)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run_: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=run_.__doc__, description=run_.__doc__)
    parser.set_defaults(run=run_)
    return parser
