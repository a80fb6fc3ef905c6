"""Deadlines in business time: a reminder at half, an escalation at the end and on each later business day."""

import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app import render_function
from bot.rules.business_time import Span, Unit, due
from bot.rules.cases import Outcome
from bot.rules.customers import Standing
from bot.rules.hearings import Finding
from bot.rules.notices import SENT_AGAIN, Notice, NoticeKind
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.refusals import Denial, NotRecorded
from bot.rules.scheduled_tasks import ScheduledTask
from bot.usecases.cases.deadlines import deadline_passed, remind
from bot.usecases.context import Context
from bot.usecases.hearings.hear import HearBothSides, hear_both_sides
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.roster import save_profiles
from bot.usecases.scheduler import Scheduler
from bot.usecases.shared.read_models import case_file, report_file
from bot.usecases.shared.schedule import allowed, has_own_time
from storage.database import Database
from storage.db.mapping import value_of
from storage.tables.audit import audit
from storage.tables.outbox import notice, step
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    a_profile,
    before_a_decision,
    denied,
    dropped,
    kept,
    opened,
    read_case,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    warned,
)
from tests.storage.sessions import waiting

LONDON = "Europe/London"
MANAGERS = {"U0PRIYA", "U0BRAD", "U0CARLA"}


def test_the_kind_of_conduct_with_the_least_time_to_decide_sets_the_deadline(
    context: Context, clock: FrozenClock
) -> None:
    kinds = context.policy.categories
    day = Span(1, Unit.BUSINESS_DAY)
    own = kinds | {"discrimination": replace(kinds["discrimination"], decide=day)}
    policy = replace(context.policy, categories=own)
    quick = replace(context, policy=policy)
    number = before_a_decision(quick, clock)
    assert read_case(quick, number).case.due_at == due(clock(), policy.deadlines.decide, policy.hours)
    reported(quick, "U0ANA", category="other")
    assert read_case(quick, number).case.due_at == due(clock(), policy.deadlines.decide, policy.hours)
    reported(quick, "U0ANA", category="discrimination")
    assert read_case(quick, number).case.due_at == due(clock(), day, policy.hours)
    reported(quick, "U0ANA", category="threat")
    assert read_case(quick, number).case.due_at == due(clock(), policy.deadlines.zero_tolerance, policy.hours)
    opens = before_a_decision(quick, clock, "Acme")
    assert read_case(quick, opens).case.due_at == due(clock(), policy.deadlines.decide, policy.hours)


def test_a_further_report_of_a_kind_with_a_time_of_its_own_gives_nobody_more_time(
    context: Context, clock: FrozenClock
) -> None:
    kinds, day = context.policy.categories, Span(1, Unit.BUSINESS_DAY)
    own = kinds | {"discrimination": replace(kinds["discrimination"], decide=day)}
    quick = replace(context, policy=replace(context.policy, categories=own))
    number = before_a_decision(quick, clock)
    reported(quick, "U0ANA", category="discrimination")
    due_at = read_case(quick, number).case.due_at
    clock.forward(days=3)  # to the day on which it is due
    for category in ("discrimination", "other"):
        reported(quick, "U0JOE", category=category)
        assert read_case(quick, number).case.due_at == due_at


def test_a_report_sets_the_time_to_decide_as_long_as_its_points_count(context: Context, clock: FrozenClock) -> None:
    kinds, day, moment = context.policy.categories, Span(1, Unit.BUSINESS_DAY), timedelta(microseconds=1)
    own = kinds | {"discrimination": replace(kinds["discrimination"], decide=day)}
    quick = replace(context, policy=replace(context.policy, categories=own))
    happened_at = clock()
    receipt = reported(quick, "U0ANA", category="discrimination", happened_at=happened_at)
    ends = happened_at + quick.policy.points_expire_after
    with quick.read(TEAM) as tx:
        for now, span in ((ends - moment, day), (ends, quick.policy.deadlines.decide)):
            assert allowed(tx, quick, receipt.customer.number, Rung.DECIDE, now, urgent=False) == span
            assert has_own_time(tx, quick, receipt.customer.number, now) is (span == day)


def test_a_kind_with_less_time_takes_nothing_of_what_a_hearing_has_added(context: Context, clock: FrozenClock) -> None:
    kinds, day = context.policy.categories, Span(1, Unit.BUSINESS_DAY)
    own = kinds | {"verbal_abuse": replace(kinds["verbal_abuse"], decide=day)}
    quick = replace(context, policy=replace(context.policy, categories=own))
    number = before_a_decision(quick, clock)
    asked = hear_both_sides(quick, HearBothSides(someone("U0BRAD"), number, "U0BRAD", "What led to the call?")).case
    outcome = RecordOutcome(someone("U0BRAD"), number, Finding.UPHELD, "He screamed.", "We had promised a refund.")
    back = record_outcome(quick, outcome).case
    assert (back.rung, back.due_at) == (Rung.DECIDE, asked.due_at)


def test_a_kind_with_the_usual_time_shortens_what_one_with_more_time_has(context: Context, clock: FrozenClock) -> None:
    kinds, week = context.policy.categories, Span(5, Unit.BUSINESS_DAY)
    own = kinds | {"verbal_abuse": replace(kinds["verbal_abuse"], decide=week)}
    slow = replace(context, policy=replace(context.policy, categories=own))
    number = before_a_decision(slow, clock)
    assert read_case(slow, number).case.due_at == due(clock(), week, slow.policy.hours)
    reported(slow, "U0ANA", category="discrimination")
    assert read_case(slow, number).case.due_at == due(clock(), slow.policy.deadlines.decide, slow.policy.hours)


def test_what_management_has_answered_does_not_shorten_the_next_case(context: Context, clock: FrozenClock) -> None:
    kinds, day = context.policy.categories, Span(1, Unit.BUSINESS_DAY)
    own = kinds | {"discrimination": replace(kinds["discrimination"], decide=day)}
    quick = replace(context, policy=replace(context.policy, categories=own))
    number = before_a_decision(quick, clock)
    reported(quick, "U0ANA", category="discrimination")
    kept(quick, number)
    again = reported(quick, "U0ANA", category="verbal_abuse").case
    assert again is not None
    assert read_case(quick, again.number).case.rung is Rung.DECIDE
    assert again.due_at == due(clock(), quick.policy.deadlines.decide, quick.policy.hours)


class Office:
    """A scheduler, on a clock that the test sets."""

    def __init__(self, context: Context, database: Database, clock: FrozenClock) -> None:
        self.context, self.database, self.clock = context, database, clock
        self.scheduler = Scheduler(context, database)

    def until(self, moment: str) -> None:
        """Time passes while the bot runs."""
        end = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        while (coming := self.database.next_task_at()) is not None and coming <= end:
            self.clock.time = max(self.clock.time, coming)
            self.tick()
        self.clock.time = end

    def down_until(self, moment: str) -> None:
        """Time passes while the bot is down; then it starts."""
        self.clock.time = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        self.tick()

    def tick(self) -> None:
        run_due_tasks(self.context, self.database)

    def notices(self, kind: str) -> list[tuple[str, str]]:
        """The notices of this kind: when each was created, and whom it goes to."""
        found = sorted(rows(self.database, notice), key=lambda row: row.created_at)
        return [(f"{row.created_at:%a %d %H:%M}", row.target) for row in found if row.kind == kind]

    def asked(self) -> dict[str, set[str]]:
        """When managers were asked by direct message to act, and who."""
        found: dict[str, set[str]] = {}
        for at, target in self.notices("asked"):
            found.setdefault(at, set()).add(target)
        return found

    def acts(self) -> list[str]:
        """What scheduled tasks did about customers, in order."""
        found = sorted(rows(self.database, audit), key=lambda row: (row.at, row.n))
        return [row.act for row in found if row.actor == "clock" and row.act != "check in"]


@pytest.fixture
def office(context: Context, database: Database, clock: FrozenClock) -> Office:
    return Office(context, database, clock)


def test_a_reminder_at_half_and_an_escalation_at_the_deadline_and_each_business_day_after(office: Office) -> None:
    reported(office.context)  # Friday 10:00, to be warned by Tuesday 17:00
    office.until("2026-11-28T12:00")
    assert office.asked() == {"Mon 23 13:30": MANAGERS, "Tue 24 17:00": MANAGERS}
    assert office.notices("raised") == [
        ("Tue 24 17:00", "U0RUTH"),
        ("Wed 25 17:00", "U0RUTH"),
        ("Thu 26 17:00", "U0RUTH"),
        ("Fri 27 17:00", "U0RUTH"),
    ]
    assert office.notices("overdue") == [(f"{day} 17:00", "C0MANAGE") for day in ("Wed 25", "Thu 26", "Fri 27")]
    assert office.acts() == ["remind", "overdue", "overdue", "overdue", "overdue"]


def test_a_director_hears_of_late_cases_once_a_day_of_each_in_turn_and_the_newest_message_of_each_has_the_buttons(
    office: Office,
) -> None:
    for name in ("Zenith Corp", "Acme Ltd", "Borealis Foods"):
        reported(office.context, customer=name)
    office.until("2026-11-27T18:00")
    assert office.notices("raised") == [(f"{day} 17:00", "U0RUTH") for day in ("Tue 24", "Wed 25", "Thu 26", "Fri 27")]
    shown = []
    for row in sorted(rows(office.database, notice), key=lambda row: (row.subject, row.round)):
        if row.kind == NoticeKind.ESCALATION:
            with office.context.read(TEAM) as tx:
                drawn = render_function(office.context)(tx, value_of(Notice, row, in_doubt=False))
            shown.append((row.subject, any(block["type"] == "actions" for block in drawn.blocks)))
    assert [subject for subject, buttons in shown if buttons] == [1, 2, 3]
    assert sum(1 for _, buttons in shown if not buttons) == 1


def test_a_threat_that_nobody_decided_in_time_comes_to_a_director_at_once(office: Office) -> None:
    reported(office.context)
    office.until("2026-11-24T17:30")
    reported(office.context, customer="Acme Ltd", category="threat", severity=Severity.SEVERE)
    office.until("2026-11-24T23:00")
    assert office.notices("raised") == [("Tue 24 17:00", "U0RUTH"), ("Tue 24 21:30", "U0RUTH")]


def test_a_director_goes_on_hearing_of_each_late_case_one_after_the_other(office: Office) -> None:
    for name in ("Zenith Corp", "Acme Ltd", "Borealis Foods"):
        reported(office.context, customer=name)
    office.until("2026-12-01T18:00")  # the sixth business day on which they are late
    raised = sorted((row.created_at, row.subject) for row in rows(office.database, notice) if row.kind == "raised")
    assert [subject for _, subject in raised] == [1, 2, 3, 1, 2, 3]


def test_a_late_threat_comes_to_a_director_on_each_business_day_whatever_else_is_late(office: Office) -> None:
    reported(office.context)
    office.until("2026-11-24T17:30")
    reported(office.context, customer="Acme Ltd", category="threat", severity=Severity.SEVERE)
    office.until("2026-11-26T18:00")
    raised = sorted((row.created_at, row.subject) for row in rows(office.database, notice) if row.kind == "raised")
    by_day = [(f"{at:%a %d}", subject) for at, subject in raised]
    assert by_day == [("Tue 24", 1), ("Tue 24", 2), ("Wed 25", 1), ("Wed 25", 2), ("Thu 26", 1), ("Thu 26", 2)]


def test_a_threat_in_a_case_that_is_overdue_already_comes_to_a_director_at_once(office: Office) -> None:
    reported(office.context)
    office.until("2026-11-24T18:00")  # it was due at 17:00
    reported(office.context, category="threat", severity=Severity.SEVERE)
    office.until("2026-11-24T19:00")
    assert office.notices("raised") == [("Tue 24 17:00", "U0RUTH"), ("Tue 24 18:00", "U0RUTH")]
    assert office.notices("overdue") == [("Tue 24 18:00", "C0MANAGE")]
    reported(office.context, "U0BEN", category="other")
    office.until("2026-11-25T12:00")
    assert [at for at, _ in office.notices("raised")] == ["Tue 24 17:00", "Tue 24 18:00"]
    office.until("2026-11-25T18:00")
    assert office.notices("raised")[2:] == [("Wed 25 17:00", "U0RUTH")]


def test_a_late_case_whose_task_breaks_delays_no_other_one(office: Office) -> None:
    for name in ("Zenith Corp", "Acme Ltd"):
        reported(office.context, customer=name)
    office.until("2026-11-24T18:00")
    with office.context.begin(TEAM) as tx:
        broken = next(row for row in rows(office.database, step) if (row.kind, row.subject) == ("overdue", 2))
        task = ScheduledTask(TEAM, broken.kind, broken.subject, broken.at, broken.failures)
        tx.scheduled_tasks.broke(task, "KeyError", office.clock() + timedelta(days=30))
    office.until("2026-11-26T18:00")
    raised = sorted((row.created_at, row.subject) for row in rows(office.database, notice) if row.kind == "raised")
    assert [subject for _, subject in raised] == [1, 1, 1]


def test_what_was_sent_on_an_earlier_day_names_nobody_and_is_not_touched_again(office: Office) -> None:
    reported(office.context)
    office.until("2026-11-26T18:00")

    def wanted() -> dict[tuple[str, int], int]:
        found = (row for row in rows(office.database, notice) if row.kind in SENT_AGAIN)
        return {(row.kind, row.round): row.wanted for row in found}

    before = wanted()
    earlier = [key for key in before if key != (key[0], max(round_ for kind, round_ in before if kind == key[0]))]
    assert len(earlier) == 3
    reported(office.context, "U0JOE")
    after = wanted()
    assert {key for key in before if after[key] == before[key]} == {*earlier}
    for row in rows(office.database, notice):
        if (row.kind, row.round) in earlier:
            with office.context.read(TEAM) as tx:
                said = render_function(office.context)(tx, value_of(Notice, row, in_doubt=False))
            assert said.text == "Case 1 was still open, so I sent this message again further down."


def test_at_the_deadline_the_reps_message_is_drawn_again_and_says_that_it_is_late(office: Office) -> None:
    reported(office.context)
    for moment, late in (("2026-11-24T16:59", False), ("2026-11-24T17:00", True)):
        wanted = [row.wanted for row in rows(office.database, notice) if row.kind == NoticeKind.REPORT]
        office.until(moment)
        (row,) = (row for row in rows(office.database, notice) if row.kind == NoticeKind.REPORT)
        with office.context.read(TEAM) as tx:
            said = render_function(office.context)(tx, value_of(Notice, row, in_doubt=False)).text
        assert ("Late since" in said) == late
        assert [row.wanted] > wanted or not late


def test_nobody_reads_that_directors_know_of_it_once_none_of_them_is_there(office: Office) -> None:
    case = reported(office.context).case
    assert case
    office.until("2026-11-25T12:00")

    def received() -> bool:
        with office.context.read(TEAM) as tx:
            file, report = case_file(tx, office.context, case.number), report_file(tx, office.context, 1)
        assert file.overdue
        assert report.overdue
        assert file.directors_notified is report.directors_notified
        return file.directors_notified

    assert received()
    drawn = {row.subject: row.wanted for row in rows(office.database, notice) if row.kind == NoticeKind.REPORT}
    save_profiles(office.context, TEAM, [a_profile("U0RUTH", office.clock(), deactivated=True)])
    office.tick()
    assert not received()
    again = {row.subject: row.wanted for row in rows(office.database, notice) if row.kind == NoticeKind.REPORT}
    assert all(again[subject] > wanted for subject, wanted in drawn.items())


def test_no_message_is_sent_after_the_case_has_ended(office: Office) -> None:
    case = before_a_decision(office.context, office.clock)
    office.until("2026-11-25T18:00")
    read_from_slack(office.context)
    kept(office.context, case)
    before = {kind: sorted(office.notices(kind)) for kind in ("asked", "raised", "overdue")}
    office.until("2026-12-24T12:00")
    assert {kind: sorted(office.notices(kind)) for kind in before} == before


def test_a_threat_is_due_in_real_hours_at_night_and_at_the_weekend(office: Office) -> None:
    office.until("2026-11-21T22:00")
    reported(office.context, category="threat")  # Saturday night
    office.until("2026-11-24T12:00")
    assert office.asked() == dict.fromkeys(("Sat 21 22:00", "Sun 22 00:00", "Sun 22 02:00"), MANAGERS)
    assert office.notices("raised")[:2] == [("Sun 22 02:00", "U0RUTH"), ("Mon 23 17:00", "U0RUTH")]


@pytest.mark.parametrize(
    ("up_again", "asked", "raised", "repeated"),
    [
        ("2026-11-23T13:00", 0, [], 0),
        ("2026-11-23T20:00", 1, [], 0),
        ("2026-11-24T16:59", 1, [], 0),
        ("2026-11-24T17:00", 1, ["Tue 24 17:00"], 0),
        ("2026-11-29T09:00", 1, ["Sun 29 09:00"], 0),
        ("2027-02-01T09:00", 1, ["Mon 01 09:00"], 0),
    ],
)
def test_after_downtime_only_the_newest_missed_message_is_sent(
    office: Office, up_again: str, asked: int, raised: list[str], repeated: int
) -> None:
    reported(office.context)
    office.tick()
    office.down_until(up_again)
    assert len(office.asked()) == asked
    assert [when for when, _ in office.notices("raised")] == raised
    assert len(office.notices("overdue")) == repeated
    office.tick()
    assert [when for when, _ in office.notices("raised")] == raised


def test_after_downtime_an_overdue_case_is_escalated_once(office: Office) -> None:
    reported(office.context)
    office.until("2026-11-25T18:00")
    office.down_until("2026-12-02T09:00")  # a Wednesday, a week later
    assert office.notices("raised")[2:] == [("Wed 02 09:00", "U0RUTH")]
    office.until("2026-12-04T12:00")
    assert office.notices("raised")[3:] == [("Thu 03 17:00", "U0RUTH")]
    assert len(office.notices("overdue")) == 3


def test_a_task_that_two_schedulers_find_is_run_once(office: Office) -> None:
    reported(office.context)
    office.tick()
    office.clock.forward(days=4, hours=8)
    second = Scheduler(office.context, office.database)
    assert office.scheduler.tick()
    while second.tick() or office.scheduler.tick():
        pass
    assert len(office.notices("raised")) == 1


@pytest.mark.parametrize(
    ("opened", "reminded", "due"),
    [
        # The clocks go back on Sunday 25 October 2026, and forward on Sunday 28 March 2027.
        ("2026-10-23T09:00", "2026-10-26T13:30", "2026-10-27T17:00"),
        ("2027-03-26T10:00", "2027-03-29T12:30", "2027-03-30T16:00"),
    ],
)
def test_business_hours_follow_the_firms_time_zone_when_clocks_change(
    database: Database, opened: str, reminded: str, due: str
) -> None:
    clock = FrozenClock(datetime.fromisoformat(opened).replace(tzinfo=UTC))
    context = a_context(database, clock)
    hours = replace(context.policy.hours, zone=LONDON)
    office = Office(replace(context, policy=replace(context.policy, hours=hours)), database, clock)
    reported(office.context)
    office.until(due)
    assert list(office.asked()) == [f"{datetime.fromisoformat(each):%a %d %H:%M}" for each in (reminded, due)]
    assert [when for when, _ in office.notices("raised")] == [f"{datetime.fromisoformat(due):%a %d %H:%M}"]


def test_an_overdue_case_is_marked_and_directors_may_act_on_it(office: Office) -> None:
    case = before_a_decision(office.context, office.clock)
    with denied(Denial.NOT_YET):
        kept(office.context, case, "U0RUTH")
    office.until("2026-11-24T17:00")
    read_from_slack(office.context)
    assert read_case(office.context, case).overdue
    assert kept(office.context, case, "U0RUTH").case.outcome is Outcome.KEPT


def test_managers_may_still_act_on_an_overdue_case(office: Office) -> None:
    case = before_a_decision(office.context, office.clock)
    office.until("2026-11-26T17:00")
    read_from_slack(office.context)
    assert dropped(office.context, case).case.outcome is Outcome.DROPPED


def test_a_deadline_that_moves_is_the_one_that_counts(office: Office) -> None:
    reported(office.context)  # to be warned by Tuesday 17:00
    reported(office.context, "U0JOE", category="threat")  # to be decided by 14:00 today
    office.until("2026-11-20T14:00")
    assert list(office.asked()) == ["Fri 20 10:00", "Fri 20 12:00", "Fri 20 14:00"]
    assert office.notices("raised") == [("Fri 20 14:00", "U0RUTH")]


def test_an_urgent_case_keeps_its_deadline_when_the_threat_is_withdrawn(office: Office) -> None:
    reported(office.context)
    reported(office.context, "U0JOE", category="threat")  # to be decided by 14:00 today
    withdraw(office.context, Withdraw(someone("U0JOE"), 2))
    case = read_case(office.context, 1).case  # a warning alone would be due on Tuesday
    assert (case.rung, case.urgent, f"{case.due_at:%a %H:%M}") == (Rung.WARN, True, "Fri 14:00")


def test_a_report_that_is_withdrawn_and_made_again_postpones_no_decision(office: Office) -> None:
    warned(office.context, opened(office.context, "U0ANA").number)
    office.clock.forward(hours=1)
    case = opened(office.context, "U0ANA").number
    second = reported(office.context, "U0MIA").report  # to be decided by Tuesday 17:00
    office.until("2026-11-25T10:00")
    read_from_slack(office.context)
    withdraw(office.context, Withdraw(someone("U0MIA"), second))
    assert read_case(office.context, case).case.rung is Rung.HEAR
    reported(office.context, "U0MIA")
    again = read_case(office.context, case)
    assert (again.case.rung, f"{again.case.due_at:%a %H:%M}", again.overdue) == (Rung.DECIDE, "Tue 17:00", True)
    assert kept(office.context, case, "U0RUTH").case.outcome is Outcome.KEPT


def test_a_threat_makes_no_deadline_later(office: Office) -> None:
    reported(office.context)  # to be warned by Tuesday 17:00
    office.until("2026-11-24T16:00")
    reported(office.context, "U0JOE", category="threat")  # a threat alone would be due at 20:00
    case = read_case(office.context, 1).case
    assert (case.rung, case.urgent, f"{case.due_at:%a %H:%M}") == (Rung.DECIDE, True, "Tue 17:00")


def test_a_task_of_a_deadline_that_has_moved_escalates_nothing_and_one_that_comes_too_late_reminds_nobody(
    office: Office,
) -> None:
    case = opened(office.context)
    with office.context.begin(TEAM) as tx:
        deadline_passed(tx, office.context, case.number)
    office.clock.time = case.due_at
    with office.context.begin(TEAM) as tx:
        remind(tx, office.context, case.number)
    assert (office.notices("raised"), office.asked(), office.acts()) == ([], {}, [])


def test_a_case_is_not_escalated_to_a_director_with_a_stake(database: Database, clock: FrozenClock) -> None:
    firm = replace(FIRM, directors=("U0RUTH", "U0DAN"))
    office = Office(a_context(database, clock, firm), database, clock)
    reported(office.context, "U0RUTH")
    office.until("2026-11-24T17:00")
    assert office.notices("raised") == [("Tue 24 17:00", "U0DAN")]


def test_an_expired_warning_updates_the_standing_and_the_audit_log(office: Office) -> None:
    case = before_a_decision(office.context, office.clock)
    read_from_slack(office.context)
    kept(office.context, case, conditions=())
    file = read_case(office.context, case)
    assert file.customer.standing is Standing.WARNED
    (warning,) = file.warnings
    assert warning.expires_at is not None
    office.clock.time = warning.expires_at - timedelta(seconds=1)
    office.tick()
    assert "expire" not in office.acts()
    office.clock.time = warning.expires_at
    office.tick()
    assert read_case(office.context, case).customer.standing is Standing.CLEAR
    assert office.acts().count("expire") == 1


def test_the_last_points_expire_once_and_a_later_report_postpones_that(office: Office) -> None:
    reported(office.context, category="other")
    office.clock.forward(days=100)
    reported(office.context, category="other")
    office.clock.forward(days=300)
    office.tick()
    assert "expire" not in office.acts()
    office.clock.forward(days=70)
    office.tick()
    assert office.acts().count("expire") == 1
    assert "points_end" not in {row.kind for row in rows(office.database, step)}


def test_the_scheduler_gives_way_to_a_use_case_that_holds_the_lock(office: Office) -> None:
    reported(office.context)  # schedules a check who is left
    refused: list[BaseException] = []

    def tick() -> None:
        try:
            office.scheduler.tick()
        except NotRecorded as failure:
            refused.append(failure)

    clock = threading.Thread(target=tick)
    with office.context.begin(TEAM) as tx:
        tx.customers.lock(1)
        clock.start()
        if office.database.engine.dialect.name == "postgresql":  # on SQLite it finds no task before it has the lock
            url = office.database.engine.url.render_as_string(hide_password=False)
            while not refused and not waiting(url):
                time.sleep(0.01)
        tx.scheduled_tasks.set("left", 1, office.clock())
        clock.join()
    assert len(refused) == 1
    assert office.scheduler.tick()
