"""`export endings`: the contacts that reps ended within the policy, for whoever keeps figures of quality."""

import argparse
import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from bot.cli.export import write_lines
from bot.cli.shared import now, open_as_it_is, recorded_team, system_user
from bot.usecases.shared.access import record_export
from handlers.weekly.csv_table import cell
from storage.transaction import Transaction

HEAD: Final = ("report", "time", "reference")
WOULD: Final = "The export would contain {n}. Nothing was exported."


def run_endings(chosen: argparse.Namespace) -> int:
    """List the contacts that reps ended within the policy, to be left out of figures: report, time and reference."""
    with open_as_it_is(chosen.env_file, to_read=chosen.dry_run) as database:
        team = recorded_team(chosen.team, database)
        if not chosen.dry_run:
            record_export(database, team, (), {"what": "endings", "by": system_user()}, now())
        with database.read(team) as tx:
            lines = list(_as_csv(tx))
    n = len(lines) - 1
    counted = f"{n:,} ended contact{'' if n == 1 else 's'}"
    if chosen.dry_run:
        print(WOULD.format(n=counted))
    else:
        write_lines(chosen.out, lines, counted)
    return 0


def _as_csv(tx: Transaction) -> Iterator[str]:
    """The table, a line each. Times are in UTC."""
    yield _line(HEAD)
    for report, at, reference in tx.exports.endings():
        yield _line((report, f"{at:%Y-%m-%dT%H:%MZ}", reference))


def _line(cells: tuple[object, ...]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="").writerow([cell(each) for each in cells])
    return written.getvalue()
