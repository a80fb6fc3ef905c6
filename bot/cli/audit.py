"""`audit verify`: what does not fit together in the audit log and the database."""

import argparse

from bot.cli.shared import load_settings, open_database
from bot.usecases.audit import audit_problems


def run(_: argparse.Namespace) -> int:
    """Check every chain of the audit log against itself and against the record."""
    with open_database(load_settings()) as database:
        problems = list(audit_problems(database))
    for problem in problems:
        print(problem)
    print(f"{len(problems)} broken." if problems else "The audit log is whole.")
    return 1 if problems else 0
