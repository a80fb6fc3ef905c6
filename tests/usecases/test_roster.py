"""The record's copy of groups and profiles is renewed with few statements, however many people there are."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest

from bot.health import Health
from bot.problems import ProblemKind
from bot.rules.people import ChangedProfile, Profile
from bot.rules.scheduled_tasks import TaskKind
from bot.usecases.context import Context
from bot.usecases.roster import PROFILES_AT_ONCE, Roster, profile_changed, save_profiles, settings_read
from bot.usecases.scheduler import Scheduler
from bot.usecases.transport import NoSuchEntry, RateLimited, Refused, TransportError, Unanswered
from bot.watch import DatabaseWatch
from bot.worker import Worker
from storage.database import Database
from storage.tables.outbox import notice, step
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
            raise Unanswered("fatal_error")
        self.asked.append(user)
        return a_profile(user, now, guest=user in self.guests)


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
    Roster(context, people).refresh(TEAM)  # no more of Slack is asked


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
    assert counts[0] <= 15


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
    Roster(elsewhere, Unread()).refresh(TEAM)
    assert who_is_left_is_asked(database) == {case}
    with context.read(TEAM) as tx:
        assert tx.people.behind(["S0OTHER"]) == ("U0ANA",)


class Unread:
    """A group that nobody is in."""

    def members_of(self, group: str) -> tuple[str, ...]:
        return () if group == "S0UNREAD" else ("U0X",)

    def profile(self, user: str, team: str, now: datetime) -> Profile:
        assert team == TEAM
        return a_profile(user, now)


def test_profiles_are_kept_several_in_one_transaction(context: Context, database: Database, clock: FrozenClock) -> None:
    commits: list[None] = []
    database.changed = lambda: commits.append(None)
    renew(context, People(some(50)))
    assert {row.user for row in rows(database, person) if row.read_at == clock()} >= set(some(50))
    assert len(commits) == 1 + -(-51 // PROFILES_AT_ONCE)  # the group; and the director


def test_what_was_read_before_slack_did_not_answer_is_kept(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    people = People(some(50), gives=PROFILES_AT_ONCE + 3)
    renew(context, people)
    assert {row.user for row in rows(database, person) if row.read_at == clock()} == set(people.asked)
    people.gives = 1_000
    clock.forward(seconds=1)
    renew(context, people)
    assert len(people.asked) == 52  # nobody twice; and the director and the care contact


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


class Answers:
    """A Slack that answers for some entries with an error, and counts how often it is asked about each."""

    def __init__(self, **errors: TransportError) -> None:
        self.errors = errors
        self.asked: list[str] = []

    def members_of(self, group: str) -> tuple[str, ...]:
        self._ask(group)
        return ("U0GOOD",)

    def profile(self, user: str, team: str, now: object) -> Profile:
        assert team == TEAM
        self._ask(user)
        return a_profile(user, now)

    def _ask(self, entry: str) -> None:
        self.asked.append(entry)
        if entry in self.errors:
            raise self.errors[entry]


NAMED = ("S0GONE", "S0GOOD", "U0GONE", "U0MGR1")


def a_roster(context: Context, slack: Answers) -> Roster:
    firm = replace(context.firm, managers=NAMED, directors=(), care_contact="U0CORA")
    return Roster(replace(context, firm=firm), slack)  # no more of Slack is asked


@pytest.mark.parametrize("error", [NoSuchEntry("no_such_subteam"), Refused("plan_upgrade_required")])
def test_a_group_that_slack_refuses_stops_nobody_else_and_is_named(
    context: Context, clock: FrozenClock, error: Refused
) -> None:
    slack = Answers(S0GONE=error)
    roster = a_roster(context, slack)
    roster.refresh(TEAM)
    assert sorted(slack.asked) == ["S0GONE", "S0GOOD", "U0CORA", "U0GONE", "U0GOOD", "U0MGR1"]
    with context.read(TEAM) as tx:
        assert tx.people.behind(["S0GOOD"]) == ("U0GOOD",)
        assert ("S0GONE" in tx.people.groups_read_at(["S0GONE"])) is isinstance(error, NoSuchEntry)
    assert roster.named_in_vain(TEAM) == {"S0GONE": str(error)}
    slack.errors.clear()
    clock.forward(seconds=31)
    roster.refresh(TEAM)
    assert roster.named_in_vain(TEAM) == {}


def test_somebody_whom_slack_does_not_know_stops_nobody_else_can_do_nothing_and_keeps_their_name(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([replace(a_profile("U0GONE", clock()), name="Brad Young")])
    clock.forward(hours=1)
    slack = Answers(U0GONE=NoSuchEntry("user_not_found"))
    roster = a_roster(context, slack)
    roster.refresh(TEAM)
    assert {"U0GOOD", "U0MGR1", "U0CORA"} <= set(slack.asked)
    assert roster.named_in_vain(TEAM) == {"U0GONE": "user_not_found"}
    assert [(row.user, row.name) for row in rows(database, person) if row.deactivated] == [("U0GONE", "Brad Young")]


def test_a_warning_names_whoever_the_settings_name_in_vain(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    with context.begin(TEAM) as tx:
        left = a_profile("U0CORA", clock(), deactivated=True)
        tx.people.save_profiles([left, a_profile("U0MGR1", clock(), guest=True)])
    roster = a_roster(context, Answers(S0GONE=NoSuchEntry("no_such_subteam")))
    roster.refresh(TEAM)
    unused = cast("Any", None)
    worker = Worker(unused, roster, Scheduler(context, database), lambda: TEAM)
    worker.roster.problem = ""
    health = Health(database, worker, DatabaseWatch(database.try_to_write))
    assert health.warnings() == []  # until Slack has said which workspace this is
    worker.roster._team = TEAM
    whys = {
        "MANAGERS": ("S0GONE, which Slack refuses to show (no_such_subteam)", "U0MGR1, who is a guest"),
        "CARE_CONTACT": ("U0CORA, whose account at Slack is deactivated",),
    }
    said = [warning.says for warning in health.warnings() if warning.kind is ProblemKind.SETTING]
    assert said == [
        f"{setting} names {why}. Take them out of {setting}, or name somebody else."
        for setting, each in whys.items()
        for why in each
    ]


def test_a_care_contact_may_be_somebody_from_outside(context: Context, clock: FrozenClock) -> None:
    slack = Answers()
    roster = a_roster(context, slack)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile(user, clock(), guest=True) for user in ("U0CORA", "U0MGR1")])
    assert roster.named_in_vain(TEAM) == {"U0MGR1": "guest"}


def test_a_pause_for_profiles_holds_up_no_group_and_nobody_is_asked_about_meanwhile(
    context: Context, clock: FrozenClock
) -> None:
    slack = Answers(U0GONE=RateLimited(60))
    roster = a_roster(context, slack)
    roster.refresh(TEAM)
    asked = len(slack.asked)
    clock.forward(seconds=31)
    roster.refresh(TEAM)
    roster.refresh_person(TEAM, "U0MGR1")
    assert slack.asked[asked:] == ["S0GONE", "S0GOOD"]
    slack.errors.clear()
    clock.forward(seconds=31)
    roster.refresh(TEAM)
    assert "U0MGR1" in slack.asked[asked:]


@pytest.mark.parametrize("error", [RateLimited(60), Unanswered("timeout")])
def test_a_pause_or_no_answer_for_groups_holds_up_no_profile_and_is_reported(
    context: Context, error: TransportError
) -> None:
    slack = Answers(S0GONE=error, S0GOOD=error)
    with pytest.raises(type(error)):
        a_roster(context, slack).refresh(TEAM)
    assert {"U0GONE", "U0MGR1", "U0CORA"} <= set(slack.asked)
    assert ("S0GOOD" in slack.asked) is isinstance(error, Unanswered)


def test_what_slack_says_of_somebody_on_record_is_stored_without_asking_and_of_others_nothing(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    case = opened(context, category="threat").number
    people = People(some(2))
    renew(context, people)
    run_due_tasks(context, database)
    clock.forward(minutes=10)
    said = a_profile("U0001", clock(), guest=True)
    with counted(database) as strangers:
        for number in range(300):
            stranger = a_profile(f"U0STRANGER{number}", clock(), guest=True)
            profile_changed(context, ChangedProfile(TEAM, stranger))
    assert not [text for text in strangers if not text.startswith("SELECT")]
    profile_changed(context, ChangedProfile(TEAM, said))
    assert who_is_left_is_asked(database) == {case}
    late = replace(said, guest=False, read_at=clock() - timedelta(minutes=1))
    profile_changed(context, ChangedProfile(TEAM, late))  # said before, and arrived after
    ahead = replace(said, read_at=clock() + timedelta(minutes=1))
    clock.forward(seconds=1)
    profile_changed(context, ChangedProfile(TEAM, ahead))
    with context.read(TEAM) as tx:
        assert tx.people.profile("U0001") == replace(said, read_at=clock())
        assert tx.people.profile("U0STRANGER1") is None
    assert people.asked.count("U0001") == 1


def test_an_event_that_does_not_say_where_somebody_belongs_makes_nobody_an_outsider(
    context: Context, clock: FrozenClock
) -> None:
    renew(context, People(some(2)))
    clock.forward(minutes=1)
    said = replace(a_profile("U0001", clock(), guest=True), outsider=True)
    profile_changed(context, ChangedProfile(TEAM, said, says_where=False))
    with context.read(TEAM) as tx:
        found = tx.people.profile("U0001")
    assert found
    assert (found.guest, found.outsider) == (True, False)
    assert found.read_at < clock()  # it is as long as before since Slack said where they belong


def test_whoever_opens_their_home_again_and_again_is_asked_about_once(context: Context, clock: FrozenClock) -> None:
    slack = Answers()
    roster = a_roster(context, slack)
    for _ in range(5):
        roster.refresh_person(TEAM, "U0VISITOR")
    assert slack.asked == ["U0VISITOR"]
    clock.forward(minutes=31)
    roster.refresh_person(TEAM, "U0VISITOR")
    assert slack.asked == ["U0VISITOR"] * 2


def test_what_asked_somebody_to_decide_is_drawn_again_when_they_may_act_no_more_and_when_they_may_again(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    renew(context, People(("U0BRAD",)))
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0BRAD", clock())])
    case = opened(context, "U0ANA", category="threat").number
    run_due_tasks(context, database)
    clock.forward(seconds=31)

    def drawn_again(act: Callable[[], None]) -> bool:
        def version() -> int:
            return next(each.wanted for each in rows(database, notice) if (each.kind, each.subject) == ("asked", case))

        before = version()
        act()
        return version() > before

    def leaves() -> None:
        save_profiles(context, TEAM, [replace(a_profile("U0BRAD", clock()), deactivated=True)])

    def starts() -> None:
        with context.begin(TEAM) as tx:
            settings_read(tx, context)

    assert not drawn_again(lambda: renew(context, People(("U0BRAD",))))
    clock.forward(seconds=31)
    assert drawn_again(lambda: renew(context, People(())))
    clock.forward(seconds=31)
    assert drawn_again(lambda: renew(context, People(("U0BRAD",))))
    assert drawn_again(leaves)
    assert drawn_again(starts)
    assert drawn_again(lambda: save_profiles(context, TEAM, [a_profile("U0BRAD", clock())]))
