"""The record's copy of groups and profiles is renewed with few statements, however many people there are."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.rules.people import Profile
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.roster import PROFILES_AT_ONCE, Roster
from bot.usecases.transport import Refused
from storage.database import Database
from storage.tables.outbox import step
from storage.tables.people import member, person
from tests.builders import FIRM, TEAM, FrozenClock, a_context, a_profile, opened, rows, run_due_tasks
from tests.statements import Count, counted

GROUP = "S0MANAGERS"


@dataclass
class People:
    """What Slack says: who is in the group, who is a guest, and how many profiles it gives before it refuses."""

    group: tuple[str, ...]
    guests: frozenset[str] = frozenset()
    gives: int = 1_000_000
    asked: list[str] = field(default_factory=list)

    def members_of(self, group: str) -> tuple[str, ...]:
        assert group == GROUP
        return self.group

    def profile(self, user: str, team: str, now: object) -> Profile:
        assert team == TEAM
        if len(self.asked) >= self.gives:
            raise Refused("fatal_error")
        self.asked.append(user)
        return a_profile(user, now, guest=user in self.guests)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def context(database: Database, clock: FrozenClock) -> Context:
    """A firm whose record was read from Slack yesterday."""
    context = a_context(database, clock, replace(FIRM, managers=(GROUP,)))
    clock.forward(days=1)
    return context


def renew(context: Context, people: People) -> None:
    Roster(context, people).refresh(TEAM)  # type: ignore[arg-type]  # no more of Slack is asked


def some(number: int) -> tuple[str, ...]:
    return tuple(f"U{index:04}" for index in range(number))


def members(database: Database) -> set[str]:
    return {row.user for row in rows(database, member)}


def renewed(context: Context, clock: FrozenClock, database: Database, before: People, after: People) -> Count:
    """The statements that it takes to renew the group, with every profile just read."""
    renew(context, before)
    run_due_tasks(context, database)
    with context.begin(TEAM) as tx:
        for user in after.group:
            tx.people.save_profiles([a_profile(user, clock())])
    clock.forward(seconds=31)
    with counted(database) as count:
        renew(context, after)
    return count


@pytest.mark.parametrize("number", [2, 60, 300])
def test_an_unchanged_group_takes_at_most_eight_statements_whatever_its_size(
    context: Context, clock: FrozenClock, database: Database, number: int
) -> None:
    opened(context, category="threat")
    people = People(some(number))
    assert len(renewed(context, clock, database, people, people)) <= 8
    with context.read(TEAM) as tx:
        assert tx.people.groups_read_at([GROUP]) == {GROUP: clock()}
    assert members(database) == set(some(number))


def test_a_changed_group_takes_as_many_statements_whatever_its_size_and_the_cases(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    counts = []
    for number, customer in ((2, "Zenith Corp"), (60, "Acme"), (300, "Globex")):
        opened(context, "U0ANA", customer, category="threat")
        changed = (*some(number)[1:], "U0NEW", "U0OTHER")
        counts.append(len(renewed(context, clock, database, People(some(number)), People(changed))))
        assert members(database) == set(changed)
    assert counts == [counts[0]] * 3
    assert counts[0] <= 10


def who_is_left_is_asked(database: Database) -> set[int]:
    return {row.subject for row in rows(database, step) if row.kind == TaskKind.WHO_IS_LEFT}


@pytest.mark.parametrize(
    ("after", "asked"),
    [(some(3), False), ((), True), (some(2), True), ((*some(3), "U0NEW"), True), (("U0000", "U0001", "U0NEW"), True)],
)
def test_who_is_left_is_asked_for_each_open_case_when_the_group_has_changed(
    context: Context, clock: FrozenClock, database: Database, after: tuple[str, ...], *, asked: bool
) -> None:
    cases = {opened(context, "U0ANA", name, category="threat").number for name in ("Zenith Corp", "Acme")}
    renewed(context, clock, database, People(some(3)), People(after))
    assert who_is_left_is_asked(database) == (cases if asked else set())


def test_a_group_that_is_read_for_the_first_time_counts_even_if_it_is_empty(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = opened(context, category="threat").number
    run_due_tasks(context, database)
    with context.begin(TEAM) as tx:
        tx.people.save_group("S0OTHER", ("U0ANA",), clock())
    elsewhere = replace(context, firm=replace(context.firm, managers=("S0UNREAD",), directors=()))
    Roster(elsewhere, Unread()).refresh(TEAM)  # type: ignore[arg-type]
    assert who_is_left_is_asked(database) == {case}
    with context.read(TEAM) as tx:
        assert tx.people.members(["S0OTHER"]) == ("U0ANA",)


class Unread:
    """A group that nobody is in."""

    def members_of(self, group: str) -> tuple[str, ...]:
        return () if group == "S0UNREAD" else ("U0X",)


def test_profiles_are_kept_several_in_one_transaction(context: Context, database: Database, clock: FrozenClock) -> None:
    commits: list[None] = []
    database.changed = lambda: commits.append(None)
    renew(context, People(some(50)))
    assert {row.user for row in rows(database, person) if row.read_at == clock()} >= set(some(50))
    assert len(commits) == 1 + -(-51 // PROFILES_AT_ONCE)  # the group; and the director


def test_what_was_read_before_slack_refused_is_kept(context: Context, database: Database, clock: FrozenClock) -> None:
    people = People(some(50), gives=PROFILES_AT_ONCE + 3)
    with pytest.raises(Refused):
        renew(context, people)
    assert {row.user for row in rows(database, person) if row.read_at == clock()} == set(people.asked)
    people.gives = 1_000
    clock.forward(seconds=1)
    renew(context, people)
    assert len(people.asked) == 51  # nobody twice


def test_whoever_became_a_guest_has_the_open_cases_checked_and_whoever_stayed_has_not(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    case = opened(context, category="threat").number
    renew(context, People(some(3)))
    run_due_tasks(context, database)
    clock.forward(minutes=45)
    renew(context, People(some(3)))
    assert who_is_left_is_asked(database) == set()
    clock.forward(minutes=45)
    renew(context, People(some(3), guests=frozenset({"U0002"})))
    assert who_is_left_is_asked(database) == {case}


def test_a_profile_is_not_read_again_before_half_its_life(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    people = People(some(3))
    renew(context, people)
    read = len(people.asked)
    clock.time += timedelta(minutes=20)
    renew(context, people)
    assert len(people.asked) == read
    assert members(database) == set(some(3))
