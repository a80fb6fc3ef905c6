"""No message goes on saying what an act has made untrue: each is drawn before and after it, at the same time."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot.rules.backup import HowEnded
from bot.rules.decisions import Choice
from bot.rules.objections import Answer, Terms
from bot.rules.people import Profile
from bot.rules.policy.verdicts import Severity
from bot.usecases.backup.answer import EndCall, end_backup
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.home.home import open_home
from bot.usecases.roster import Roster, save_profiles
from storage.database import Database
from storage.tables.outbox import notice
from tests.builders import (
    TEAM,
    FrozenClock,
    a_profile,
    before_a_decision,
    dropped,
    opened,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
)
from tests.later import MONDAY, REVIEW_ON, Later
from tests.left_behind import drawn, left_behind
from tests.statements import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.transaction import Transaction

GUEST, LEFT, LEFT_AS_GUEST = {"guest": True}, {"deactivated": True}, {"guest": True, "deactivated": True}


def becomes(context: Context, user: str, marks: dict[str, bool]) -> None:
    """Slack says it of them."""
    save_profiles(context, TEAM, [a_profile(user, context.clock(), **marks)])


def changed_and_left_behind(
    context: Context, database: Database, act: Callable[[], object]
) -> tuple[set[str], list[object]]:
    """The kinds of message that say something else after the act and what is due then, and those left behind."""
    run_due_tasks(context, database)
    before = drawn(context, database)
    act()
    run_due_tasks(context, database)
    after = drawn(context, database)
    changed = {key[0] for key, was in before.items() if key in after and after[key].digest != was.digest}
    return changed, [*left_behind(before, after)]


@pytest.mark.parametrize("how", [LEFT, GUEST])
def test_who_is_to_send_a_letter_is_named_as_it_is_once_its_author_is_none_of_the_managers_any_more(
    later: Later, database: Database, how: dict[str, bool]
) -> None:
    later.dropped()
    later.go_to(MONDAY + timedelta(days=1))
    act = partial(becomes, later.context, "U0PRIYA", how)
    changed, stale = changed_and_left_behind(later.context, database, act)
    assert changed >= {"case", "report", "letter"}
    assert stale == []


def test_who_is_no_manager_any_more_reads_no_more_of_a_letter(
    later: Later, database: Database, clock: FrozenClock
) -> None:
    later.dropped()
    later.go_to(MONDAY + timedelta(days=1))
    clock.forward(minutes=5)
    read_from_slack(later.context)
    clock.forward(minutes=1)
    refresh = partial(Roster(later.context, OnlyBrad()).refresh, TEAM)
    changed, stale = changed_and_left_behind(later.context, database, refresh)
    assert changed >= {"case", "report", "letter"}
    assert stale == []


class OnlyBrad:
    """What Slack says: Brad alone is in the managers' group."""

    def members_of(self, _: str) -> tuple[str, ...]:
        return ("U0BRAD",)

    def profile(self, user: str, _: str, now: datetime) -> Profile:
        return a_profile(user, now)


def brad_leaves(context: Context) -> None:
    becomes(context, "U0BRAD", LEFT)


def brad_owns_the_account(context: Context) -> None:
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Zenith Corp", "U0BRAD", "", ""))


def brad_owns_another_record_that_is_merged_into_theirs(context: Context) -> None:
    merge(context, Merge(someone("U0PRIYA"), 2, 1))


@pytest.mark.parametrize(
    "nobody_is_left", [brad_leaves, brad_owns_the_account, brad_owns_another_record_that_is_merged_into_theirs]
)
def test_an_objection_goes_to_the_directors_at_once_where_no_manager_is_left_who_may_answer_it(
    objected: int, later: Later, database: Database, nobody_is_left: Callable[[Context], None]
) -> None:
    def directors_asked() -> list[int]:
        return [row.subject for row in rows(database, notice) if row.kind == "objection" and row.target == "U0RUTH"]

    context = later.context
    becomes(context, "U0CARLA", LEFT)
    reported(context, "U0ANA", "Zenit Corporatoin", category="unreasonable_demands", severity=Severity.MINOR)
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 2, "Zenit Corporatoin", "U0BRAD", "", ""))
    run_due_tasks(context, database)
    assert directors_asked() == []
    changed, stale = changed_and_left_behind(context, database, partial(nobody_is_left, context))
    assert changed >= {"objection"}
    assert stale == []
    assert directors_asked() == [objected]
    becomes(context, "U0JOE", LEFT)
    becomes(context, "U0BRAD", LEFT)
    run_due_tasks(context, database)
    assert directors_asked() == [objected]  # once


def test_the_last_manager_who_reports_the_customer_leaves_the_objection_to_the_directors_at_once(
    objected: int, later: Later, database: Database
) -> None:
    becomes(later.context, "U0CARLA", LEFT)
    run_due_tasks(later.context, database)
    reported(later.context, "U0BRAD", "Zenith Corp", category="unreasonable_demands", severity=Severity.MINOR)
    run_due_tasks(later.context, database)
    asked = {row.target: row.subject for row in rows(database, notice) if row.kind == "objection"}
    assert asked.get("U0RUTH") == objected


def test_an_objection_that_nobody_may_answer_is_named_so_until_somebody_is_back(
    objected: int, later: Later, database: Database
) -> None:
    for user in ("U0BRAD", "U0CARLA", "U0RUTH"):
        becomes(later.context, user, LEFT)
    run_due_tasks(later.context, database)
    assert database.cases_left_to_nobody() == (objected,)
    for user, asked_again in (("U0RUTH", True), ("U0BRAD", False)):
        before = asked_to_answer(database)
        changed, stale = changed_and_left_behind(later.context, database, partial(becomes, later.context, user, {}))
        assert "objection" in changed
        assert stale == []
        assert database.cases_left_to_nobody() == ()
        assert (asked_to_answer(database) != before) is asked_again


def asked_to_answer(database: Database) -> list[tuple[str, int]]:
    return sorted((row.target, row.round) for row in rows(database, notice) if row.kind == "objection")


@pytest.mark.parametrize("answer", [Answer.CHANGED, Answer.CANCELLED])
def test_who_has_a_report_in_a_case_of_another_customer_sees_in_their_home_what_became_of_it(
    later: Later, database: Database, answer: Answer
) -> None:
    """It joined the case by a merger that was undone once the case had ended."""
    context = later.context
    case = before_a_decision(context, later.clock)
    becomes(context, "U0LEA", {})
    reported(context, "U0LEA", "Zenit Corporatoin", category="unreasonable_demands", severity=Severity.MINOR)
    merge(context, Merge(someone("U0BRAD"), 2, 1))
    dropped(context, case, review_on=REVIEW_ON)
    undo_merge(context, UndoMerge(someone("U0BRAD"), 1))
    later.sent(case)
    later.go_to(MONDAY)
    later.objects(case)
    open_home(context, someone("U0LEA"))
    terms = Terms(Choice.KEEP, REVIEW_ON, None, ("written_only",), (("written_only", "us@larkspur.example"),))
    act = partial(later.answer, case, answer, terms=terms if answer is Answer.CHANGED else None)
    changed, stale = changed_and_left_behind(context, database, act)
    assert "home" in changed
    assert stale == []


def renamed(context: Context) -> None:
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Larkspur", None, "", ""))


def erased(context: Context) -> None:
    erase_customer(context, EraseCustomer(TEAM, 1, "ops"))


@pytest.mark.parametrize("act", [renamed, erased])
def test_a_notice_that_says_whom_a_customer_looks_like_follows_when_that_one_is_renamed_or_erased(
    context: Context, database: Database, act: Callable[[Context], None]
) -> None:
    reported(context, "U0ANA", "Zenith Corp", category="unreasonable_demands")
    opened(context, "U0JOE", "Zenit Corp", category="threat")
    changed, stale = changed_and_left_behind(context, database, partial(act, context))
    assert changed >= {"case"}
    assert stale == []


def test_a_guest_who_leaves_is_named_as_somebody_who_has_left(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    before_a_decision(context, clock)
    becomes(context, "U0BRAD", GUEST)
    act = partial(becomes, context, "U0BRAD", LEFT_AS_GUEST)
    changed, stale = changed_and_left_behind(context, database, act)
    assert changed == {"case"}
    assert stale == []


def test_a_contact_of_the_customer_who_was_a_guest_and_leaves_is_replaced_by_a_manager(
    later: Later, database: Database
) -> None:
    case = later.kept(conditions=("one_contact",), details=(("one_contact", "@U0MIA"),))
    later.sent(case)
    becomes(later.context, "U0MIA", GUEST)
    act = partial(becomes, later.context, "U0MIA", LEFT_AS_GUEST)
    changed, stale = changed_and_left_behind(later.context, database, act)
    assert changed >= {"case", "report"}
    assert stale == []
    assert "review" in {row.kind for row in rows(database, notice)}


def test_check_ins_offer_no_care_contact_who_was_a_guest_and_left(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    becomes(context, "U0CORA", GUEST)
    reported(context)
    clock.forward(days=1, hours=1)
    read_from_slack(context)
    act = partial(becomes, context, "U0CORA", LEFT_AS_GUEST)
    changed, stale = changed_and_left_behind(context, database, act)
    assert changed == {"checkin"}
    assert stale == []


@pytest.mark.parametrize(("was", "becomes_"), [(GUEST, {}), ({}, GUEST)])
def test_a_rep_reads_of_their_report_while_they_are_a_colleague(
    context: Context, database: Database, was: dict[str, bool], becomes_: dict[str, bool]
) -> None:
    reported(context, "U0NEW")
    becomes(context, "U0NEW", was)
    act = partial(becomes, context, "U0NEW", becomes_)
    changed, stale = changed_and_left_behind(context, database, act)
    assert "report" in changed
    assert stale == []


@pytest.mark.parametrize("typed", ["Zenith Corp, on the phone", "in the lobby"])
def test_the_message_about_a_call_offers_no_report_that_was_made(
    context: Context, clock: FrozenClock, database: Database, typed: str
) -> None:
    call = call_backup(context, CallBackup(someone("U0ANA"), typed)).call
    clock.forward(minutes=5)
    end_backup(context, EndCall(someone("U0ANA"), call.number, HowEnded.CALMED))
    changed, stale = changed_and_left_behind(context, database, partial(reported, context, "U0ANA", "Zenith Corp"))
    assert "backup_rep" in changed
    assert stale == []


@pytest.mark.parametrize("typed", ["Zenit Corp, on the phone", "in the lobby"])
def test_a_call_for_backup_searches_for_no_name_while_others_wait(
    context: Context, database: Database, typed: str
) -> None:
    reported(context)
    taken: list[str] = []

    @contextmanager
    def begin(team: str) -> "Iterator[Transaction]":
        with counted(database) as statements, database.begin(team) as tx:
            yield tx
        taken.extend(statements)

    call_backup(replace(context, begin=begin), CallBackup(someone("U0JOE"), typed))
    assert taken
    assert not [each for each in taken if "customer_gram" in each]
