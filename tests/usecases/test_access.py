"""Who read a case in full is on record before they see it, once a day and version, and never lost."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.rules.people import Person
from bot.rules.refusals import HearingTaken, NotEntitled, NotRecorded
from bot.usecases.customers.look_up import timeline
from bot.usecases.hearings.hear import TakeHearing, take_hearing
from bot.usecases.shared.access import see_case
from handlers.button_values import CaseClick
from handlers.entry_points import ENTRY_POINTS
from handlers.names import ActionId
from storage.tables.audit import audit
from tests.builders import TEAM, audit_problems, opened, read_case, read_from_slack, reported, rows, someone

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bot.usecases.context import Context
    from storage.database import Database
    from storage.transaction import Transaction
    from tests.builders import FrozenClock


def reads(database: Database) -> list[tuple[str, int, int]]:
    return [(row.actor, row.facts["case"], row.facts["version"]) for row in rows(database, audit) if row.act == "read"]


def read(context: Context, user: str, case: int) -> None:
    assert see_case(context, someone(user), case, 1).file.case.number == case


def test_a_read_is_on_record_once_for_each_person_day_and_version(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = opened(context).number
    for user in ("U0PRIYA", "U0PRIYA", "U0RUTH"):
        read(context, user, case)
    assert reads(database) == [("U0PRIYA", case, 1), ("U0RUTH", case, 1)]
    reported(context, "U0JOE")
    read(context, "U0PRIYA", case)
    clock.forward(days=1)
    read_from_slack(context)
    read(context, "U0RUTH", case)
    assert reads(database)[2:] == [("U0PRIYA", case, 2), ("U0RUTH", case, 2)]
    listed = timeline(context, someone("U0RUTH"), 1, 1).page.items
    assert "read" not in {entry.act for entry in listed}


def test_who_opens_a_hearings_outcome_reads_what_was_reported(context: Context, database: Database) -> None:
    case = opened(context, doubted=True).number
    take_hearing(context, TakeHearing(someone("U0PRIYA"), case))
    row = next(each for each in ENTRY_POINTS if each.name is ActionId.RECORD_OUTCOME)
    version = read_case(context, case).case.version
    assert row.view is not None
    for user, refused in (("U0PRIYA", False), ("U0PRIYA", False), ("U0RUTH", True), ("U0JOE", True)):
        click = CaseClick(someone(user), case, version)
        with pytest.raises((HearingTaken, NotEntitled)) if refused else nullcontext():
            assert "He screamed until" in str(row.view(row.use_case(context, click), context, click))
    assert reads(database) == [("U0PRIYA", case, version)]


def test_who_may_not_read_leaves_no_entry(context: Context, database: Database) -> None:
    case = opened(context).number
    with pytest.raises(NotEntitled):
        see_case(context, someone("U0JOE"), case, 1)
    assert reads(database) == []


def test_what_cannot_be_recorded_is_not_shown(context: Context, database: Database) -> None:
    case = opened(context).number

    def refuse(_: str) -> AbstractContextManager[Transaction]:
        raise NotRecorded

    with pytest.raises(NotRecorded):
        see_case(replace(context, begin=refuse), someone("U0PRIYA"), case, 1)
    read(context, "U0PRIYA", case)  # known by now, so nothing is written
    see_case(replace(context, begin=refuse), Person(TEAM, "U0PRIYA", TEAM, "V0"), case, 1)
    assert len(reads(database)) == 1


@pytest.mark.usefixtures("tamper")
def test_a_read_cut_out_of_the_log_is_found(context: Context, database: Database) -> None:
    read(context, "U0PRIYA", opened(context).number)
    with database.engine.begin() as connection:
        connection.execute(audit.delete().where(audit.c.act == "read"))
    assert [problem for problem in audit_problems(database) if "was cut off" in problem]
