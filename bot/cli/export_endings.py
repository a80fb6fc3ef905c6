"""`export endings`: the contacts that reps ended within the policy, for whoever keeps figures of quality."""

import argparse
import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from bot.cli.export import exporting, write_lines
from handlers.weekly.csv_table import cell
from storage.transaction import Transaction

HEAD: Final = ("report", "time", "reference")
WOULD: Final = "The export would contain {n}. Nothing was exported."


def run_endings(chosen: argparse.Namespace) -> int:
    """List the contacts that reps ended within the policy, to be left out of figures: report, time and reference."""
    with exporting(chosen, "endings") as tx:
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
