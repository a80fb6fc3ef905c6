"""`migrate`: the newest schema for the database."""

import argparse

from bot.cli.shared import load_settings
from storage.database import Database
from storage.migrate import migrate


def run(chosen: argparse.Namespace) -> int:
    """Bring the database up to date."""
    revision = migrate(Database(load_settings(chosen.env_file).database_url.get_secret_value()))
    print(f"The database is at revision {revision}.")
    return 0
