"""Statements are compiled once, and their values are converted as SQLAlchemy does it."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import Select
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import NullType

import storage
from storage.database import Database
from storage.db.executor import Executor
from storage.db.statements import statements_of
from storage.tables.outbox import notice, publication, step
from storage.tables.people import person
from storage.tables.reports import report

SET = step.insert()
PLANNED = select(step.c.kind, step.c.at).where(step.c.team == bindparam("our_team")).order_by(step.c.subject)
AMONG = select(step.c.subject).where(step.c.subject.in_(bindparam("numbers", expanding=True))).order_by(step.c.subject)
OF_OURS = select(func.count().label("n")).where(
    step.c.kind.in_(["remind", "due"]), step.c.team == bindparam("our_team")
)
LATER = update(step).where(step.c.subject == bindparam("which")).values(at=bindparam("to")).returning(step.c.at)
NOON = datetime(2026, 11, 20, 12, 0, 0, 250, tzinfo=UTC)


@pytest.fixture
def db(database: Database) -> Iterator[Executor]:
    with database.outbox() as outbox:
        outbox.db.change_all(SET, [a_step(n) for n in range(1, 6)])
        yield outbox.db


def a_step(number: int, kind: str = "remind") -> dict[str, Any]:
    return {"team": "T0FIRM", "kind": kind, "subject": number, "at": NOON + timedelta(days=number)}


def test_a_time_goes_in_from_any_zone_and_comes_out_in_utc(db: Executor) -> None:
    db.change(SET, a_step(6) | {"at": NOON.astimezone(timezone(timedelta(hours=9)))})
    assert db.all(PLANNED, {"our_team": "T0FIRM"})[-1].at == NOON
    assert db.connection.execute(PLANNED, {"our_team": "T0FIRM"}).all()[-1].at == NOON  # SQLAlchemy reads the same


def test_values_are_stored_as_sqlalchemy_stores_them(db: Executor) -> None:
    db.connection.execute(SET, a_step(7))
    db.change(SET, a_step(8) | {"at": a_step(7)["at"]})
    seventh, eighth = db.connection.exec_driver_sql("SELECT at FROM step WHERE subject > 6 ORDER BY subject").scalars()
    assert seventh == eighth


def test_a_list_may_have_any_length(db: Executor) -> None:
    for numbers in ([], [2], [1, 5], list(range(4)), list(range(2, 900)), [3]):
        assert [row.subject for row in db.all(AMONG, {"numbers": numbers})] == [n for n in numbers if 1 <= n <= 5]
    for length in range(200):
        assert len(db.all(AMONG, {"numbers": list(range(length))})) == len([n for n in range(length) if 1 <= n <= 5])


def test_lists_of_like_lengths_share_a_text_which_postgresql_then_prepares(db: Executor) -> None:
    prepared = statements_of(db.connection.dialect).ready(AMONG, {"numbers": []})
    texts = [prepared.bound_to({"numbers": list(range(length))}).text for length in range(10)]
    assert [texts.index(text) for text in texts] == [0, 1, 2, 3, 3, 5, 5, 5, 5, 9]


def test_column_gives_the_bare_values(db: Executor) -> None:
    assert db.column(AMONG, {"numbers": [4, 2]}) == [2, 4]
    assert db.column(AMONG, {"numbers": []}) == []


def test_a_list_of_the_statements_own_needs_no_value(db: Executor) -> None:
    assert db.one(OF_OURS, {"our_team": "T0FIRM"}).n == 5
    assert db.one(OF_OURS, {"our_team": "T0OTHER"}).n == 0


def test_booleans_texts_and_none_come_back_as_they_were(db: Executor) -> None:
    whole = {
        "team": "T",
        "user": "U",
        "guest": True,
        "outsider": False,
        "bot": False,
        "deactivated": True,
        "home_known": True,
        "name": "Ana",
    }
    db.change(person.insert(), whole | {"read_at": NOON})
    row = db.one(select(person), {})
    assert row._asdict() == whole | {"read_at": NOON}
    assert row.guest is True


def test_bytes_come_back_as_bytes(db: Executor) -> None:
    first = {"team": "T", "number": 1, "week": 202647, "channel": "C", "at": NOON, "digest": "d", "growth": b"\x00\xff"}
    db.change(publication.insert(), first)
    row = db.one(select(publication.c.growth, publication.c.digest), {})
    assert (bytes(row.growth), row.digest) == (b"\x00\xff", "d")


def test_a_missing_value_is_refused_and_not_taken_for_null(db: Executor) -> None:
    with pytest.raises(Exception, match="our_team"):
        db.all(PLANNED, {})
    db.all(PLANNED, {"our_team": "T0FIRM"})
    with pytest.raises((KeyError, psycopg.ProgrammingError), match="our_team"):
        db.all(PLANNED, {})


def test_an_update_gives_the_number_of_rows_or_the_rows_as_they_are_now(db: Executor) -> None:
    assert db.change(update(step).where(step.c.subject > bindparam("after")).values(kind="due"), {"after": 3}) == 2
    assert db.one(LATER, {"which": 1, "to": NOON}).at == NOON
    assert db.first(LATER, {"which": 99, "to": NOON}) is None


def test_an_inserted_row_has_the_given_columns_and_no_others(db: Executor) -> None:
    db.change(SET, a_step(8))
    db.change(SET, a_step(9) | {"error": "Broke"})
    errors = select(step.c.error).where(step.c.subject > bindparam("after")).order_by(step.c.subject)
    assert [row.error for row in db.all(errors, {"after": 7})] == [None, "Broke"]


def all_statements() -> Iterator[tuple[str, Any]]:
    """Every statement in a module of `storage` except the migrations."""
    for module in pkgutil.walk_packages(storage.__path__, "storage."):
        if not module.ispkg:
            for name, value in vars(importlib.import_module(module.name)).items():
                many = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
                for one in many:
                    statement = one[0] if isinstance(one, tuple) and one else one
                    if isinstance(statement, Select | UpdateBase):
                        yield f"{module.name}.{name}", statement


COUNTS = {"most", "skip"}  # whole numbers, which any driver takes as they are


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # inserts get their columns only when they are used
def test_every_bound_value_of_every_statement_has_a_type() -> None:
    statements = list(all_statements())
    assert len(statements) > 200
    untyped = {
        f"{name}: {bind_name}"
        for name, statement in statements
        for bind, bind_name in statement.compile(dialect=sqlite.dialect()).bind_names.items()
        if isinstance(bind.type, NullType) and bind_name not in COUNTS
    }
    assert untyped == set()


def test_an_untyped_time_is_detected() -> None:
    guessed = update(notice).values(next_try_at=func.coalesce(notice.c.next_try_at, bindparam("now")))
    compiled = guessed.compile(dialect=sqlite.dialect())
    assert any(isinstance(bind.type, NullType) for bind in compiled.bind_names)


def test_no_row_of_a_digested_table_is_deleted(database: Database) -> None:
    with pytest.raises(TypeError, match="nothing is deleted from report"), database.begin("T0FIRM") as tx:
        tx.reports.run(delete(report).where(report.c.number == 1))
