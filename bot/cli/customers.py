"""`customers import`: customers from a CSV file."""

import argparse
from contextlib import closing
from pathlib import Path

from bot.app import assemble
from bot.cli.customers_file import load
from bot.cli.shared import load_settings, now, team_of_token
from bot.usecases.customers.import_list import import_customers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `customers import`."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--team", help="the workspace's ID, T…; without it, Slack is asked")


def run(chosen: argparse.Namespace) -> int:
    """Take customers over from a CSV file: name, crm_reference, worth, owner. Nothing of it where a line is wrong."""
    listed = load(chosen.file)
    bot = assemble(load_settings(), now)
    with closing(bot.database):
        done = import_customers(bot.context, chosen.team or team_of_token(bot), listed)
    print(f"{done.added} added, {done.changed} changed, {done.unchanged} as they were.")
    return 0
