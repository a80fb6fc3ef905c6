"""Backup: who is asked and when, who comes, how it ends, and what is said when nobody could be reached."""

from dataclasses import replace
from functools import partial

import pytest

from bot.app import render_function
from bot.rules.audit import Act
from bot.rules.backup import BackupCall, BackupFigures, CallFile, Circle, HowEnded
from bot.rules.evidence_pack.archive import unzipped
from bot.rules.evidence_pack.contents import REPORT
from bot.rules.evidence_pack.pack import evidence_pack
from bot.rules.evidence_pack.words import CALLS_ENDED
from bot.rules.notices import Notice
from bot.rules.refusals import CallAnswered, Denial
from bot.rules.reports import Place
from bot.rules.weeks import Week
from bot.usecases.backup.answer import (
    EndCall,
    SetAvailable,
    TakeCall,
    begun_by_call,
    end_backup,
    set_available,
    take_call,
)
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.backup.calls import CallerMessage
from bot.usecases.cases.evidence_pack import pack_contents
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.customers.retention import schedule_retention
from bot.usecases.roster import save_profiles
from bot.usecases.transport import Message
from bot.usecases.weekly.summaries import figures_of
from handlers.backup.messages import ENDED
from handlers.shared.refusals import refusal_text
from handlers.weekly.csv_table import as_csv
from handlers.weekly.summary_notice import week_text
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.backup import backup_call
from storage.tables.outbox import notice
from tests.builders import (
    FIRM,
    TEAM,
    FrozenClock,
    a_context,
    a_customer,
    a_profile,
    at_once,
    audit_problems,
    denied,
    opened,
    refusals_of,
    reported,
    rows,
    run_due_tasks,
    someone,
)

LEADS = replace(FIRM, leads=("U0JOE", "U0MIA"))


@pytest.fixture
def context(database: Database, clock: FrozenClock) -> Context:
    return a_context(database, clock, LEADS)


def called(context: Context, user: str = "U0ANA", typed: str = "", customer: int = 0) -> CallFile:
    return call_backup(context, CallBackup(someone(user), typed, customer))


def asked(database: Database) -> list[str]:
    """Who has a message about the call, in the order in which they were asked."""
    found = sorted((row for row in rows(database, notice) if row.kind == "backup"), key=lambda row: row.created_at)
    return [row.target for row in found]


def received(database: Database) -> list[int]:
    return sorted(row.round for row in rows(database, notice) if row.kind == "backup_rep")


def drawn(context: Context, kind: str, target: str, subject: int = 1) -> Message:
    """The first message of this kind about the call, as it is to be shown now."""
    with context.read(TEAM) as tx:
        shown = Notice(
            TEAM,
            kind,
            subject,
            target,
            0,
            target,
            "1.0",
            "tag",
            "",
            1,
            0,
            0,
            in_doubt=False,
            created_at=context.clock(),
        )
        return render_function(context)(tx, shown)


def call_now(context: Context, number: int = 1) -> BackupCall:
    with context.read(TEAM) as tx:
        return tx.backup_calls.get(number)


def forward(context: Context, clock: FrozenClock, database: Database, seconds: float) -> None:
    clock.forward(seconds=seconds)
    run_due_tasks(context, database)


def test_the_leads_are_asked_at_once_and_the_rep_reads_whom_i_wrote_to(context: Context, database: Database) -> None:
    file = called(context)
    assert asked(database) == ["U0JOE", "U0MIA"]
    assert received(database) == [0]
    assert file.call.asked == ("U0JOE", "U0MIA")
    assert all(row.urgent for row in rows(database, notice))


def test_without_leads_the_managers_are_asked(database: Database, clock: FrozenClock) -> None:
    called(a_context(database, clock))
    assert sorted(asked(database)) == ["U0BRAD", "U0CARLA", "U0PRIYA"]


def test_a_circle_after_the_other_is_asked_until_somebody_comes(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    circles = [call_now(context).circle]
    for _ in range(4):
        forward(context, clock, database, 60)
        circles.append(call_now(context).circle)
    assert circles == [Circle.LEADS, Circle.MANAGERS, Circle.DIRECTORS, Circle.CHANNEL, Circle.CHANNEL]
    assert asked(database)[-1] == "C0MANAGE"
    assert len(asked(database)) == len(set(asked(database))) == 7


def test_nobody_is_asked_any_more_once_somebody_comes(context: Context, clock: FrozenClock, database: Database) -> None:
    called(context)
    take_call(context, TakeCall(someone("U0MIA"), 1))
    forward(context, clock, database, 600)
    assert asked(database) == ["U0JOE", "U0MIA"]
    assert received(database) == [0, 1]


def test_after_three_minutes_the_rep_reads_what_to_do_alone(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    forward(context, clock, database, 179)
    assert received(database) == [0]
    forward(context, clock, database, 1)
    assert received(database) == [0, 2]


def test_no_more_than_twenty_are_asked_at_once(database: Database, clock: FrozenClock) -> None:
    many = tuple(f"U0L{n:02}" for n in range(25))
    context = a_context(database, clock, replace(FIRM, leads=many))
    called(context)
    assert asked(database) == list(many[:20])
    forward(context, clock, database, 60)
    assert call_now(context).asked == (*many[:20], "U0CARLA", "U0BRAD", "U0PRIYA", *many[20:])


def test_with_a_hundred_leads_the_managers_come_after_a_minute_and_the_channel_after_three(
    database: Database, clock: FrozenClock
) -> None:
    """So many leads would take five minutes, and then nobody is asked any more."""
    context = a_context(database, clock, replace(FIRM, leads=tuple(f"U0L{n:02}" for n in range(100))))
    called(context)
    so_far = [call_now(context)]
    for _ in range(3):
        forward(context, clock, database, 60)
        so_far.append(call_now(context))
    assert [call.circle for call in so_far] == [Circle.LEADS, Circle.MANAGERS, Circle.DIRECTORS, Circle.CHANNEL]
    assert [len(call.asked) for call in so_far] == [20, 40, 60, 60]
    assert {"U0PRIYA", "U0BRAD", "U0CARLA", "U0RUTH"} <= {*so_far[-1].asked}
    assert asked(database)[-1] == FIRM.management_channel


@pytest.mark.parametrize("user", ["U0JOE", "U0MIA"])
def test_who_calls_is_not_asked(context: Context, database: Database, user: str) -> None:
    called(context, user)
    assert asked(database) == [other for other in ("U0JOE", "U0MIA") if other != user]


def test_what_was_typed_is_not_read_by_a_lead_with_a_stake_in_whom_it_may_mean(
    context: Context, database: Database
) -> None:
    """Which of two customers it is nobody can be asked now: both leads are called, and one has reported one of them."""
    reported(context, "U0JOE", "Zenith Corp")
    with context.begin(TEAM) as tx:
        a_customer(tx, "Zenith Ltd", context.clock())
    called(context, typed="Zenith, he screams at me")
    assert asked(database) == ["U0JOE", "U0MIA"]
    assert "screams" not in drawn(context, "backup", "U0JOE").text
    assert "screams" in drawn(context, "backup", "U0MIA").text


def test_a_name_that_is_like_none_on_record_is_read_by_all_who_are_called(context: Context) -> None:
    reported(context, "U0JOE", "Zenith Corp")
    called(context, typed="Globex, he screams at me")
    assert all("screams" in drawn(context, "backup", lead).text for lead in ("U0JOE", "U0MIA"))


def test_a_lead_with_a_stake_in_the_customer_is_not_asked_and_cannot_come(context: Context, database: Database) -> None:
    reported(context, "U0JOE", "Zenith Corp")
    called(context, typed="Zenith Corp")
    assert asked(database) == ["U0MIA"]
    with denied(Denial.NOT_CALLED):
        take_call(context, TakeCall(someone("U0JOE"), 1))


def test_who_said_that_they_are_not_available_is_not_asked_until_they_are(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    set_available(context, SetAvailable(someone("U0JOE"), available=False))
    called(context)
    assert asked(database) == ["U0MIA"]
    end_backup(context, EndCall(someone("U0ANA"), 1, HowEnded.STOOD_DOWN))
    clock.forward(seconds=1)
    set_available(context, SetAvailable(someone("U0JOE"), available=True))
    called(context)
    assert call_now(context, 2).asked == ("U0JOE", "U0MIA")


def test_guests_and_people_who_left_are_not_asked(context: Context, database: Database, clock: FrozenClock) -> None:
    save_profiles(
        context, TEAM, [a_profile("U0JOE", clock(), guest=True), a_profile("U0MIA", clock(), deactivated=True)]
    )
    called(context)
    assert sorted(asked(database)) == ["U0BRAD", "U0CARLA", "U0PRIYA"]


def test_where_nobody_is_left_the_channel_is_asked_at_once_and_notified(database: Database, clock: FrozenClock) -> None:
    """Whatever the policy says of @here: without it the message would notify nobody at all."""
    context = a_context(database, clock, replace(FIRM, managers=("U0ANA",), directors=("U0ANA",)))
    assert not context.policy.backup.here
    called(context)
    assert asked(database) == ["C0MANAGE"]
    assert "<!here>" in drawn(context, "backup", "C0MANAGE").text


def test_a_guest_cannot_call_and_somebody_who_is_not_known_yet_can(context: Context, database: Database) -> None:
    with denied(Denial.GUEST):
        called(context, "U0GUS")
    file = called(context, "U0NEW", "Zenith Corp")
    assert (file.call.customer, file.call.words) == (0, "Zenith Corp")
    assert asked(database)


@pytest.mark.parametrize(
    ("typed", "about", "words"),
    [
        ("zenith corp", 1, ""),
        ("Zenith", 1, ""),
        ("Zenit Corp, on the phone", 1, "on the phone"),
        ("at the desk", 0, "at the desk"),
        ("at the desk, Zenith Corp", 1, "at the desk"),
        ("at the desk, zenit corp, he is shouting", 1, "at the desk, he is shouting"),
        ("Smith, Jones & Co", 2, ""),
        ("Smith, Jones & Co, by phone", 2, "by phone"),
        ("by phone, Zenith Corp, Smith", 1, "by phone, Smith"),
        ("Somebody else, by chat", 0, "Somebody else, by chat"),
        ("", 0, ""),
    ],
)
def test_what_was_typed_names_a_known_customer_or_is_kept_as_it_is(
    context: Context, clock: FrozenClock, typed: str, about: int, words: str
) -> None:
    with context.begin(TEAM) as tx:
        a_customer(tx, "Zenith Corp", clock())
        a_customer(tx, "Smith, Jones & Co", clock())
    file = called(context, typed=typed)
    assert (file.call.customer, file.call.words) == (about, words)


@pytest.mark.parametrize("typed", ["at the desk, Zenith", "Acme Ltd, Zenith Corp", "Zenith, at the desk"])
def test_who_has_a_stake_in_anybody_named_reads_no_words(context: Context, clock: FrozenClock, typed: str) -> None:
    """Whatever stands first: where several are named, nobody can be asked who is meant."""
    with context.begin(TEAM) as tx:
        for name in ("Zenith Corp", "Zenith Corporation", "Acme Ltd"):
            a_customer(tx, name, clock())
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Zenith Corp", "U0MIA", "", ""))
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 2, "Zenith Corporation", "U0MIA", "", ""))
    called(context, typed=typed)
    said = drawn(context, "backup", "U0MIA").text
    assert "Zenith" not in said


def test_pressing_again_joins_the_same_call(context: Context, database: Database, clock: FrozenClock) -> None:
    called(context)
    clock.forward(seconds=30)
    assert called(context, typed="Zenith Corp").call.number == 1
    take_call(context, TakeCall(someone("U0MIA"), 1))
    assert called(context).call.taken_by == "U0MIA"
    assert len(rows(database, backup_call)) == 1


def test_calling_long_after_is_another_call_and_asks_everybody_again(
    context: Context, database: Database, clock: FrozenClock
) -> None:
    called(context)
    clock.forward(minutes=10)
    assert called(context).call.number == 2
    assert call_now(context).ended_how is HowEnded.OVER
    assert asked(database).count("U0JOE") == 2


def test_pressed_twice_at_the_same_moment_it_is_one_call(context: Context, database: Database) -> None:
    at_once(*(partial(called, context) for _ in range(6)))
    assert [row.number for row in rows(database, backup_call)] == [1]


def test_of_many_who_press_at_once_exactly_one_comes(context: Context, database: Database) -> None:
    called(context)
    for _ in range(3):
        who = ("U0JOE", "U0MIA", "U0PRIYA", "U0BRAD", "U0CARLA", "U0RUTH")
        refused = refusals_of(*(partial(take_call, context, TakeCall(someone(user), 1)) for user in who))
        winner = call_now(context).taken_by
        assert winner in who
        assert {(type(each), vars(each)["by"]) for each in refused} == {(CallAnswered, winner)}
    taken = [row for row in rows(database, audit) if row.act == Act.TAKE_BACKUP]
    assert [row.actor for row in taken] == [call_now(context).taken_by]


def test_who_presses_twice_is_answered_as_the_first_time(context: Context, database: Database) -> None:
    called(context)
    for _ in range(2):
        take_call(context, TakeCall(someone("U0MIA"), 1))
    assert sum(row.act == Act.TAKE_BACKUP for row in rows(database, audit)) == 1


def test_whoever_was_not_asked_cannot_come_and_nobody_but_the_two_can_end_it(context: Context) -> None:
    called(context)
    for user in ("U0ANA", "U0CORA", "U0NEW"):
        with denied(Denial.NOT_CALLED):
            take_call(context, TakeCall(someone(user), 1))
    with denied(Denial.NOT_CALLED):
        end_backup(context, EndCall(someone("U0JOE"), 1, HowEnded.CALMED))
    take_call(context, TakeCall(someone("U0MIA"), 1))
    with denied(Denial.NOT_CALLED):
        end_backup(context, EndCall(someone("U0JOE"), 1, HowEnded.CALMED))
    end_backup(context, EndCall(someone("U0MIA"), 1, HowEnded.CALMED))
    with pytest.raises(CallAnswered):
        end_backup(context, EndCall(someone("U0ANA"), 1, HowEnded.EMERGENCY))
    with pytest.raises(CallAnswered):
        take_call(context, TakeCall(someone("U0JOE"), 1))
    assert call_now(context).ended_how is HowEnded.CALMED


def test_a_manager_who_reads_it_in_the_channel_can_come(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    forward(context, clock, database, 240)
    take_call(context, TakeCall(someone("U0PRIYA"), 1))
    assert call_now(context).taken_by == "U0PRIYA"


def test_a_call_that_nobody_ends_is_over_after_an_hour(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    clock.forward(minutes=2)
    take_call(context, TakeCall(someone("U0MIA"), 1))
    forward(context, clock, database, 59 * 60)
    assert call_now(context).is_open
    forward(context, clock, database, 60)
    assert (call_now(context).ended_how, call_now(context).ended_by) == (HowEnded.OVER, None)


def test_a_call_that_slack_was_never_informed_of_was_missed_and_nobody_else_is_asked(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    forward(context, clock, database, 3600)
    assert call_now(context).ended_how is HowEnded.MISSED
    assert asked(database) == ["U0JOE", "U0MIA"]
    assert received(database) == [0, 2]


def test_the_rep_is_asked_once_for_a_report_unless_they_made_one(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for number, reports in ((1, False), (2, True)):
        called(context)
        end_backup(context, EndCall(someone("U0ANA"), number, HowEnded.CONTACT_ENDED))
        if reports:
            clock.forward(hours=1)
            reported(context)
        forward(context, clock, database, 90_000)
    assert [(row.subject, row.round) for row in rows(database, notice) if row.round == 3] == [(1, 3)]


def asked_about(database: Database) -> list[int]:
    """The calls about which a report was asked for."""
    return [row.subject for row in rows(database, notice) if row.round == CallerMessage.REPORT]


def test_a_call_that_ended_by_itself_is_asked_about_once_too(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    take_call(context, TakeCall(someone("U0MIA"), 1))
    for _ in range(3):
        forward(context, clock, database, 90_000)
    assert [row for row in received(database) if row == CallerMessage.REPORT] == [CallerMessage.REPORT]
    assert "Report what happened" in str(drawn(context, "backup_rep", "U0ANA"))


def test_a_missed_call_is_asked_about_once_too_and_offers_the_report_before(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    forward(context, clock, database, 3600)
    assert call_now(context).ended_how is HowEnded.MISSED
    assert "Report what happened" in str(drawn(context, "backup_rep", "U0ANA"))
    forward(context, clock, database, 90_000)
    assert received(database).count(CallerMessage.REPORT) == 1


def test_whoever_called_twice_about_the_same_is_asked_once(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for _ in range(2):
        called(context)
        clock.forward(minutes=10)
    for _ in range(3):
        forward(context, clock, database, 90_000)
    assert asked_about(database) == [2]


def test_whoever_called_twice_and_stood_down_at_last_is_asked_about_the_first(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context)
    clock.forward(minutes=10)
    called(context)
    end_backup(context, EndCall(someone("U0ANA"), 2, HowEnded.STOOD_DOWN))
    forward(context, clock, database, 2 * 90_000)
    assert asked_about(database) == [1]


def test_a_report_about_somebody_else_is_not_the_one_that_is_waited_for(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    with context.begin(TEAM) as tx:
        a_customer(tx, "Zenith Corp", clock())
    called(context, typed="Zenith Corp")
    end_backup(context, EndCall(someone("U0ANA"), 1, HowEnded.CONTACT_ENDED))
    clock.forward(hours=1)
    reported(context, customer="Hollow Reed")
    assert "Report what happened" in str(drawn(context, "backup_rep", "U0ANA"))
    forward(context, clock, database, 90_000)
    assert received(database) == [0, 3]
    reported(context)
    assert "You have reported it." in drawn(context, "backup_rep", "U0ANA").text


def test_a_call_that_ended_by_itself_is_not_said_to_need_nobody(context: Context, clock: FrozenClock) -> None:
    called(context)
    take_call(context, TakeCall(someone("U0MIA"), 1))
    clock.forward(minutes=10)
    called(context)  # they need more than who came
    for lead in ("U0JOE", "U0MIA"):
        said = drawn(context, "backup", lead).text
        assert "<@U0ANA>'s call of" in said
        assert "no longer needed" not in said
    with pytest.raises(CallAnswered) as refused:
        take_call(context, TakeCall(someone("U0JOE"), 1))
    assert "no longer needed" not in refusal_text(refused.value)


def test_a_false_alarm_is_asked_about_no_more(context: Context, clock: FrozenClock, database: Database) -> None:
    called(context)
    end_backup(context, EndCall(someone("U0ANA"), 1, HowEnded.STOOD_DOWN))
    forward(context, clock, database, 90_000)
    assert received(database) == [0]


def test_a_report_is_begun_with_what_is_known(context: Context, clock: FrozenClock) -> None:
    with context.begin(TEAM) as tx:
        a_customer(tx, "Zenith Corp", clock())
        tx.people.save_profiles([replace(a_profile("U0MIA", clock()), name="Mia Okafor")])
    called(context, typed="Zenith Corp, at the front desk")
    take_call(context, TakeCall(someone("U0MIA"), 1))
    begun = begun_by_call(context, someone("U0ANA"), 1)
    assert (begun.typed, begun.happened_at, begun.place) == ("Zenith Corp", clock(), Place.IN_PERSON)
    assert "Mia Okafor" in begun.narrative
    with denied(Denial.NOT_CALLED):
        begun_by_call(context, someone("U0JOE"), 1)


def test_the_log_says_who_was_asked_when_and_who_came(context: Context, clock: FrozenClock, database: Database) -> None:
    reported(context, "U0ANA", "Zenith Corp")
    called(context, typed="Zenith Corp")
    forward(context, clock, database, 60)
    take_call(context, TakeCall(someone("U0PRIYA"), 1))
    end_backup(context, EndCall(someone("U0PRIYA"), 1, HowEnded.TAKEN_OVER))
    said = [(row.customer, row.actor, row.act) for row in rows(database, audit) if "backup" in row.act]
    assert sorted(said) == sorted(
        [
            (1, "U0ANA", "call backup"),
            (1, "clock", "widen backup"),
            (1, "U0PRIYA", "take backup"),
            (1, "U0PRIYA", "end backup"),
        ]
    )


def test_the_words_of_old_calls_are_erased(context: Context, clock: FrozenClock, database: Database) -> None:
    with context.begin(TEAM) as tx:
        a_customer(tx, "Zenith Corp", clock())
    called(context, typed="somebody in the lobby")
    called(context, "U0PRIYA", "Zenith Corp, in the lobby")
    forward(context, clock, database, 60)
    schedule_retention(context, TEAM)
    clock.forward(days=7 * 365)
    run_due_tasks(context, database)
    assert {(row.words[:6], row.salt) for row in rows(database, backup_call)} == {("Erased", "")}


def test_the_week_says_how_often_how_fast_and_how_often_nobody_came_and_no_reps_name(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for number, (rep, seconds) in enumerate((("U0ANA", 20), ("U0NEW", 90), ("U0CORA", 40)), 1):
        called(context, rep)
        clock.forward(seconds=seconds)
        take_call(context, TakeCall(someone("U0MIA"), number))
        end_backup(context, EndCall(someone("U0MIA"), number, HowEnded.CALMED))
    called(context)
    end_backup(context, EndCall(someone("U0ANA"), 4, HowEnded.STOOD_DOWN))
    called(context)
    forward(context, clock, database, 3600)
    with context.read(TEAM) as tx:
        figures = figures_of(tx, context, Week(2026, 47), clock())
        nothing = figures_of(tx, context, Week(2026, 46), clock())
    assert figures.backup == BackupFigures(calls=5, unanswered=1, median=40.0, slowest=90.0)
    assert nothing.backup == BackupFigures()
    said = week_text(figures, context.policy)
    assert (
        "Nobody came to 1 call for backup · 5 calls for backup · answered after 40 seconds, at most 90 seconds" in said
    )
    assert "U0" not in said
    gauges = database.gauges(clock())
    assert (gauges.calls, gauges.calls_taken, gauges.calls_missed, gauges.calls_waiting) == (5, 3, 1, 0)


@pytest.mark.parametrize("nobody", [False, True])
def test_of_fewer_than_three_reps_the_week_tells_neither_how_often_nor_how_fast(
    context: Context, clock: FrozenClock, database: Database, *, nobody: bool
) -> None:
    for number, rep in enumerate(("U0ANA", "U0NEW", "U0ANA"), 1):
        called(context, rep)
        clock.forward(seconds=20)
        take_call(context, TakeCall(someone("U0MIA"), number))
        end_backup(context, EndCall(someone("U0MIA"), number, HowEnded.CALMED))
    if nobody:
        called(context)
        forward(context, clock, database, 3600)
    with context.read(TEAM) as tx:
        figures = figures_of(tx, context, Week(2026, 47), clock())
    assert figures.backup == BackupFigures(calls=None, unanswered=int(nobody))
    said = week_text(figures, context.policy)
    assert [line for line in said.splitlines() if "backup" in line] == ["Nobody came to 1 call for backup"] * nobody
    assert "second" not in said
    table = as_csv(figures, context.policy).decode("utf-8-sig")
    assert "backup,calls,by fewer than three reps" in table
    assert "seconds until somebody came,," in table


@pytest.mark.parametrize("becomes", ["renamed", "merged", "erased"])
def test_a_call_goes_on_whatever_becomes_of_the_customers_record_meanwhile(
    context: Context, clock: FrozenClock, database: Database, becomes: str
) -> None:
    with context.begin(TEAM) as tx:
        zenith, other = (a_customer(tx, name, clock()) for name in ("Zenith Corp", "Hollow Reed"))
    called(context, typed="Zenith Corp, on the phone")
    clock.forward(seconds=1)
    match becomes:
        case "renamed":
            edit_customer(context, EditCustomer(someone("U0PRIYA"), zenith, "Zenith Holding", "", "", ""))
        case "merged":
            merge(context, Merge(someone("U0PRIYA"), zenith, other))
        case _:
            erase_customer(context, EraseCustomer(TEAM, zenith, "root"))
    name = {"renamed": "Zenith Holding", "merged": "Hollow Reed"}.get(becomes, "Erased customer 1")
    assert name in drawn(context, "backup", "U0JOE").text
    forward(context, clock, database, 60)
    take_call(context, TakeCall(someone("U0PRIYA"), 1))
    end_backup(context, EndCall(someone("U0ANA"), 1, HowEnded.CONTACT_ENDED))
    assert begun_by_call(context, someone("U0ANA"), 1).typed == name
    assert list(audit_problems(database)) == []


def test_of_who_comes_and_who_needs_nobody_at_the_same_moment_each_reads_what_holds(context: Context) -> None:
    for number in range(1, 4):
        called(context)
        refused = refusals_of(
            partial(take_call, context, TakeCall(someone("U0JOE"), number)),
            partial(end_backup, context, EndCall(someone("U0ANA"), number, HowEnded.STOOD_DOWN)),
        )
        call = call_now(context, number)
        assert call.ended_how is HowEnded.STOOD_DOWN
        assert [type(each) for each in refused] == ([] if call.taken_by else [CallAnswered])


def test_leads_in_a_group_that_slack_does_not_know_any_more_are_no_dead_end(
    database: Database, clock: FrozenClock
) -> None:
    called(a_context(database, clock, replace(FIRM, leads=("S0GONE",))))
    assert sorted(asked(database)) == ["U0BRAD", "U0CARLA", "U0PRIYA"]


def test_a_call_of_somebody_whose_account_is_deactivated_meanwhile_can_be_answered_and_ended(context: Context) -> None:
    called(context)
    save_profiles(context, TEAM, [a_profile("U0ANA", context.clock(), deactivated=True)])
    take_call(context, TakeCall(someone("U0MIA"), 1))
    end_backup(context, EndCall(someone("U0MIA"), 1, HowEnded.CONTACT_ENDED))
    with denied(Denial.DEACTIVATED):
        called(context)


def test_a_lead_whose_account_is_deactivated_meanwhile_does_not_come(context: Context) -> None:
    called(context)
    save_profiles(context, TEAM, [a_profile("U0MIA", context.clock(), deactivated=True)])
    with denied(Denial.DEACTIVATED):
        take_call(context, TakeCall(someone("U0MIA"), 1))


def test_calls_about_customers_of_other_names_who_are_not_on_record_are_asked_about_each(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for typed in ("Globex, on the phone", "Initech", "initech, by chat", ""):
        called(context, typed=typed)
        clock.forward(minutes=10)
    forward(context, clock, database, 2 * 90_000)
    forward(context, clock, database, 2 * 90_000)
    assert asked_about(database) == [1, 3, 4]


def test_a_customer_who_came_on_record_by_the_report_after_a_call_is_asked_about_no_more(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    for number, typed in ((1, "Globex, on the phone"), (2, "Initech")):
        called(context, typed=typed)
        end_backup(context, EndCall(someone("U0ANA"), number, HowEnded.CONTACT_ENDED))
        clock.forward(minutes=10)
    reported(context, customer="Globex")
    reported(context, "U0JOE", customer="Initech")
    forward(context, clock, database, 90_000)
    assert asked_about(database) == [2]


def test_a_call_made_before_the_customer_was_on_record_is_in_the_evidence_pack_of_their_case(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    called(context, typed="Globex, on the phone")
    clock.forward(seconds=40)
    take_call(context, TakeCall(someone("U0MIA"), 1))
    end_backup(context, EndCall(someone("U0MIA"), 1, HowEnded.CONTACT_ENDED))
    called(context, "U0JOE", "Globex")  # who makes no report
    clock.forward(minutes=5)
    case = opened(context, customer="Globex", category="threat")
    run_due_tasks(context, database)
    with context.read(TEAM) as tx:
        contents = pack_contents(tx, case.number)
    (call,) = contents.case["rows"]["backup_call"]
    assert (call["number"], call["words"]) == (1, "Globex, on the phone")
    page = unzipped(evidence_pack(contents, None))[REPORT].decode()
    assert "after 40 seconds" in page
    assert "Call 1, made before the customer was on record, was found to be about them" in page
    assert list(audit_problems(database)) == []
    forward(context, clock, database, 2 * 90_000)
    assert CallerMessage.REPORT not in [row.round for row in rows(database, notice) if row.target == "U0ANA"]
    assert list(audit_problems(database)) == []


def test_how_a_call_ended_reads_alike_in_the_messages_and_in_an_evidence_pack() -> None:
    said = {how.value: words.removesuffix(".") for how, words in ENDED.items() if how is not HowEnded.MISSED}
    assert {how: words for how, words in CALLS_ENDED.items() if how != HowEnded.MISSED} == said
