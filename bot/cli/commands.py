"""Every command, and what makes one end with which exit code: see `bot/cli/main.py`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bot.cli import (
    audit,
    check,
    customers,
    erase,
    export,
    export_case,
    export_endings,
    manifest,
    migrate,
    policy,
    reconcile,
    sandbox,
    serve,
    setup,
    summary,
)  # fmt: skip
from bot.cli.shared import add_env_file
from bot.cli.version import version
from bot.http_server import CannotListenError
from bot.policy_file.load import PolicyError
from bot.problems import away_text
from bot.rules.customer_import import CannotImport
from bot.rules.erasure import CannotErase
from bot.rules.refusals import NotRecorded
from bot.settings.load import SettingsError
from storage.db.revision import OtherRevision
from storage.db.sqlite_file import FileInUse


class Command(NamedTuple):
    """A command. `run` returns the exit code, and its docstring is the help text. Most read settings."""

    name: str
    run: Callable[[argparse.Namespace], int]
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda _: None
    reads_settings: bool = True


COMMANDS: Final = (
    Command("setup", setup.run, setup.add_arguments, reads_settings=False),
    Command("serve", serve.run),
    Command("sandbox", sandbox.run, sandbox.add_arguments, reads_settings=False),
    Command("check", check.run, check.add_arguments),
    Command("manifest", manifest.run, manifest.add_arguments),
    Command("migrate", migrate.run),
    Command("reconcile", reconcile.run),
    Command("policy init", policy.run_init, policy.add_init_arguments, reads_settings=False),
    Command("policy show", policy.run_show, policy.add_show_arguments),
    Command("policy check", policy.run_check, policy.add_check_arguments, reads_settings=False),
    Command("policy replay", policy.run_replay, policy.add_replay_arguments),
    Command("customers import", customers.run, customers.add_arguments),
    Command("summary", summary.run, summary.add_arguments),
    Command("export customer", export.run_customer, export.add_customer_arguments),
    Command("export all", export.run_all, export.add_all_arguments),
    Command("export case", export_case.run_case, export_case.add_case_arguments),
    Command("export endings", export_endings.run_endings, export.add_all_arguments),
    Command("export verifier", export_case.run_verifier, reads_settings=False),
    Command("erase", erase.run, erase.add_arguments),
    Command("audit verify", audit.run, audit.add_arguments),
)
GROUPS: Final = {
    "policy": "Work with policy files.",
    "customers": "Work with customers.",
    "export": "Hand out what is on record.",
    "audit": "Work with the audit log.",
}
WRONG: Final = 2  # the exit code where somebody has to mend what was given; argparse has the same
AWAY: Final = os.EX_TEMPFAIL  # and of a database that cannot be used: trying again may help
REFUSALS: Final = (
    SettingsError, PolicyError, CannotImport, CannotErase, OtherRevision, FileInUse, CannotListenError, ValueError,
)  # fmt: skip


def run(arguments: Sequence[str]) -> int:
    """Run the command that the arguments name. Returns the exit code."""
    try:
        chosen = _parser().parse_args(arguments)
        code: int = chosen.run(chosen)
    except NotRecorded as failure:
        print(away_text(failure), file=sys.stderr)
        return AWAY
    except REFUSALS as error:
        print(error, file=sys.stderr)
        return WRONG
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="backstop", description="Backstop stands behind customer-service reps.")
    parser.add_argument("--version", action="version", version=version(), help="say which release and revision this is")
    menus = {"": parser.add_subparsers(required=True, metavar="COMMAND")}
    for command in COMMANDS:
        group, _, name = command.name.rpartition(" ")
        if group not in menus:
            menus[group] = menus[""].add_parser(group, help=GROUPS[group]).add_subparsers(required=True)
        words = command.run.__doc__
        own = menus[group].add_parser(name, help=words, description=words)
        own.set_defaults(run=command.run)
        command.add_arguments(own)
        if command.reads_settings:
            add_env_file(own)
    return parser
