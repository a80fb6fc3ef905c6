"""The benchmarks are run by hand, so this holds what they stand on: their own Slack, bot, bare listener and reports."""

import sqlite3
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from storage.tables.cases import objection
from tests.benchmarks import looking, summary
from tests.benchmarks.__main__ import PARTS, main
from tests.benchmarks.answers import _bare, _took
from tests.benchmarks.firm import a_firm, signed_report
from tests.benchmarks.table import in_turn, over


def test_the_bot_of_the_benchmarks_records_a_report_and_the_bare_listener_answers_one() -> None:
    with a_firm() as (_, bot), _bare() as port:
        for each in (bot.port, port):
            with closing(HTTPConnection("127.0.0.1", each)) as connection:
                _took(connection, signed_report("Zenith Corp"))  # raises for any other answer
        assert bot.recorded() == 1


def test_the_records_of_the_benchmarks_have_every_column_that_is_needed(migrated_file: Path, tmp_path: Path) -> None:
    """A new column stopped three parts of the bench, and nobody saw it."""
    summary.filled(tmp_path / "decade.db", 1_000)
    (tmp_path / "looking.db").write_bytes(migrated_file.read_bytes())
    engine = create_engine(f"sqlite:///{tmp_path / 'looking.db'}")  # which does not ask for the cases themselves
    with engine.begin() as connection:
        looking.second_looks(connection)
        assert connection.scalar(select(func.count()).select_from(objection)) == 2 * looking.AGAIN
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "decade.db")) as filled:
        assert filled.execute("SELECT count(*) FROM report").fetchone() == (1_000,)


def test_a_part_that_is_not_there_gets_a_sentence_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["rest", "speed"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said == f"There is no part speed. The parts are {', '.join(PARTS)}.\n"


def test_a_line_is_the_median_of_the_rounds_ratios_whichever_way_the_machine_drifts() -> None:
    ours, floors = iter([0.002, 0.030, 0.008]), iter([0.001, 0.010, 0.002])
    line = over("a report", in_turn(lambda: next(ours), lambda: next(floors), 3), "sqlite3", 2.9)
    assert (line.figure, line.floor) == ("3.00 (2.00 to 4.00; 8 ms)", "2 ms: sqlite3")
    assert (line.to_reach, line.reached) == ("≤ 2.90", False)
