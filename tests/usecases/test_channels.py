"""What asks for something in a channel that management has left is asked again in the present one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.rules.objections import Answer
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.processes import ThisProcess
from storage.tables.outbox import notice
from tests.builders import TEAM, opened, reported, rows, someone, warned
from tests.later import OPENS, Later

if TYPE_CHECKING:
    from storage.database import Database

OLD, NEW = "C0MANAGE", "C0BOSSES"


def moved(later: Later) -> Later:
    """The same firm, whose management meets in another channel now."""
    ThisProcess(later.context).start(TEAM)
    there = replace(later.context, firm=replace(later.context.firm, management_channel=NEW))
    ThisProcess(there).start(TEAM)
    return Later(there, later.clock, later.database)


def asked(database: Database, channel: str) -> set[tuple[str, int, int]]:
    return {(row.kind, row.subject, row.round) for row in rows(database, notice) if row.target == channel}


def test_an_objection_and_its_case_come_along_and_an_answered_one_stays(later: Later, objected: int) -> None:
    assert ("objection", objected, 0) in asked(later.database, OLD)
    there = moved(later)
    assert asked(later.database, NEW) == {("objection", objected, 0)}
    there.answer(objected, Answer.STANDS)
    assert ("objection", objected, 0) not in asked(moved(later).database, "C0OTHER")


def test_an_open_objection_to_a_warning_comes_along(later: Later) -> None:
    reported(later.context, "U0ANA", "Zenith Corp")
    case = opened(later.context, "U0JOE", "Zenith Corp").number
    warned(later.context, case)
    record_objection(later.context, RecordObjection(someone("U0PRIYA"), case, "By phone", "Nobody screamed."))
    moved(later)
    assert ("objection", case, 0) in asked(later.database, NEW)


def test_a_review_comes_along_until_it_is_answered(later: Later) -> None:
    case = later.dropped()
    later.go_to(OPENS)
    there = moved(later)
    assert ("review", case, 0) in asked(later.database, NEW)
    there.renew(case)
    other = replace(there.context, firm=replace(there.context.firm, management_channel="C0OTHER"))
    ThisProcess(other).start(TEAM)
    assert asked(later.database, "C0OTHER") == {("followup", case, 0)}  # what was learnt is still asked
