"""Whoever writes to the bot gets help once, by direct message, and only who may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.app import render_function
from bot.rules.notices import Notice, NoticeKind
from bot.usecases.home.help import Wrote, answer_with_help
from bot.usecases.transport import Message, RetryLater
from storage.db.mapping import value_of
from storage.tables.outbox import notice
from tests.builders import TEAM, FrozenClock, a_profile, rows, someone

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.database import Database

NEW, MINUTE = "U0NEW", 29_395_440
HELP, STRANGER = "/report-abuse and the customer", "for full members of the workspace only"


def asked(database: Database) -> list[Notice]:
    return [value_of(Notice, row, in_doubt=False) for row in rows(database, notice) if row.kind == NoticeKind.HELP]


def answered(context: Context, database: Database) -> Message:
    """What the one answer says now."""
    (only,) = asked(database)
    with database.read(TEAM) as tx:
        return render_function(context)(tx, only)


def known(context: Context, **marks: bool) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile(NEW, context.clock(), **marks)])


def test_what_comes_again_or_within_a_minute_has_one_answer(context: Context, database: Database) -> None:
    known(context)
    for minute in (MINUTE, MINUTE, MINUTE + 1):
        answer_with_help(context, Wrote(someone(NEW), minute))
    assert [each.round for each in asked(database)] == [MINUTE, MINUTE + 1]


def test_what_no_person_wrote_is_not_answered(context: Context, database: Database) -> None:
    answer_with_help(context, None)
    known(context, bot=True)
    answer_with_help(context, Wrote(someone(NEW), MINUTE))
    assert asked(database) == []


@pytest.mark.parametrize(
    ("marks", "says"), [({}, HELP), ({"guest": True}, STRANGER), ({"outsider": True}, STRANGER), (None, STRANGER)]
)
def test_help_waits_until_it_is_known_who_asked_but_not_without_end(
    context: Context, clock: FrozenClock, database: Database, marks: dict[str, bool] | None, says: str
) -> None:
    answer_with_help(context, Wrote(someone(NEW), MINUTE))
    with pytest.raises(RetryLater):
        answered(context, database)
    if marks is None:
        clock.time += timedelta(minutes=10)
    else:
        known(context, **marks)
    assert says in answered(context, database).text
