"""Each query about a week uses an index, so that ten years of reports are never read in full."""

import re
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from storage.weekly import figures as week
from storage.weekly import lists as week_lists

LARGE = ("report", "matter", "decision", "warning", "check_in", "customer")
QUESTIONS = {
    f"{module.__name__}.{name}": question
    for module in (week, week_lists)
    for name, question in vars(module).items()
    if name.isupper() and hasattr(question, "subquery") and hasattr(question, "compile")
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_large_table_is_read_in_full(name: str, migrated_file: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated_file}")
    lists = {each: [1] for each in re.findall(r"__\[POSTCOMPILE_(\w+)\]", str(QUESTIONS[name]))}
    asked = QUESTIONS[name].params(our_team="", **lists).compile(engine, compile_kwargs={"render_postcompile": True})
    with engine.connect() as connection:
        values = ("",) * len(asked.positiontup or ())
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values)]
    engine.dispose()
    assert plan
    assert [line for line in plan if re.match(rf"SCAN ({'|'.join(LARGE)})\b", line)] == []
