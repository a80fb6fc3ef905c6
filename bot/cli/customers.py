"""`customers import`: customers from a CSV file."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.cli.customers_file import load
from bot.cli.shared import context_of, load_settings, open_database, open_to_read, team_of_token
from bot.rules.customer_import import COLUMNS, Imported, ImportLine, Planned, SameName, changed_fields
from bot.rules.refusals import NotRecorded
from bot.usecases.context import Context
from bot.usecases.customers.import_list import import_customers, would_import

DONE: Final = "{added:,} added, {changed:,} changed, {unchanged:,} as they were."
WOULD: Final = "{added:,} would be added, {changed:,} changed, {unchanged:,} stay as they are. Nothing was imported."
CHANGES: Final = "line {line}: {name!r} (customer {number}): {fields}"
STOPPED: Final = "Stopped after {done:,} of {total:,} lines. Run the same command again to continue."
PROGRESS: Final = "{done:,} of {total:,} lines"
LONG: Final = 1_000  # lines of which it is said how far the import is


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `customers import`."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--team", help="the workspace's ID, T…; without it, Slack is asked")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--columns",
        nargs="+",
        type=_column,
        default=[],
        metavar="OURS=THEIRS",
        help='what the file calls our columns: name="Account Name" crm_reference="Account ID"; others are left out',
    )
    parser.add_argument(
        "--same-name",
        type=SameName,
        choices=list(SameName),
        help="a name on record that has another reference in the list: two customers, or one under a new reference",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object with the figures")


def run(chosen: argparse.Namespace) -> int:
    """Take customers over from a CSV file: name, crm_reference, worth, owner. Nothing of it where a line is wrong."""
    listed = load(chosen.file, dict(chosen.columns), _say)
    with _opened(chosen) as (context, team):
        done = (_tried if chosen.dry_run else _imported)(context, team, listed, chosen)
    figures = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
    print(json.dumps(figures) if chosen.json else (WOULD if chosen.dry_run else DONE).format(**figures))
    return 0


@contextmanager
def _opened(chosen: argparse.Namespace) -> Iterator[tuple[Context, str]]:
    """The record, to read for a trial and else brought up to date; and the workspace."""
    settings = load_settings(chosen.env_file)
    with open_to_read(chosen.env_file) if chosen.dry_run else open_database(settings) as database:
        yield context_of(settings, database), chosen.team or team_of_token(settings)


def _tried(context: Context, team: str, listed: Sequence[ImportLine], chosen: argparse.Namespace) -> Imported:
    outcomes: Counter[str] = Counter()
    for each in would_import(context, team, listed, chosen.same_name):
        outcomes[each.outcome] += 1
        if each.known and each.outcome == "changed" and not chosen.json:
            print(_change(each))
    return Imported(outcomes["added"], outcomes["changed"], outcomes["unchanged"])


def _change(planned: Planned) -> str:
    known, after = planned.known or planned.after, planned.after
    fields = [f"{name} {getattr(known, name)!r} → {getattr(after, name)!r}" for name in changed_fields(known, after)]
    return CHANGES.format(line=planned.listed.line, name=known.name, number=known.number, fields=", ".join(fields))


def _imported(context: Context, team: str, listed: Sequence[ImportLine], chosen: argparse.Namespace) -> Imported:
    done = 0

    def progress(lines: int) -> None:
        nonlocal done
        if lines * 20 // len(listed) > done * 20 // len(listed) and len(listed) > LONG:
            _say(PROGRESS.format(done=lines, total=len(listed)))
        done = lines

    try:
        return import_customers(context, team, listed, chosen.same_name, progress)
    except (NotRecorded, KeyboardInterrupt):
        _say(STOPPED.format(done=done, total=len(listed)))
        raise


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _column(text: str) -> tuple[str, str]:
    ours, _, theirs = text.partition("=")
    if ours not in COLUMNS or not theirs.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is not OURS=THEIRS; ours are {', '.join(COLUMNS)}")
    return ours, theirs
