"""What a firm does with the bot, so that there is something in every table of its record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.rules.backup import HowEnded
from bot.rules.hearings import Finding
from bot.rules.objections import Answer
from bot.rules.policy.verdicts import Severity
from bot.rules.reports import CheckInAnswer, Evidence
from bot.rules.weeks import Week
from bot.usecases.backup.answer import EndCall, SetAvailable, TakeCall, end_backup, set_available, take_call
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.customers.safeguards import SetSafeguard, set_safeguard
from bot.usecases.hearings.hear import TakeHearing, take_hearing
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.home.help import greet
from bot.usecases.processes import ThisProcess
from bot.usecases.reports.check_ins import AnswerCheckIn, Talked, answer_check_in, talked
from bot.usecases.reports.files import Fetcher
from bot.usecases.weekly.summaries import publish_digest, schedule_summary
from tests.builders import (
    FIRM,
    FRIDAY,
    TEAM,
    FrozenClock,
    a_context,
    a_profile,
    before_a_decision,
    dropped,
    kept,
    opened,
    reported,
    someone,
)
from tests.later import DAY, MONDAY, OPENS, REVIEW_ON, Later

if TYPE_CHECKING:
    from bot.usecases.context import Context
    from storage.database import Database

YEAR: Final = 364 * DAY  # by so much earlier than in other tests, so that the record is of the past for every reader
ENDS: Final = OPENS - YEAR


class Slack:
    """Gives the file that a rep uploaded."""

    def file(self, *_: object) -> bytes:
        return b"a screenshot"


def fill(database: Database) -> None:
    """Half a year of a small firm: at its end one case waits, one customer is dropped, and one is kept."""
    clock = FrozenClock(FRIDAY - YEAR)
    later = Later(a_context(database, clock), clock, database)
    _first_day(later.context)
    dropped_case = _a_drop(later)
    _calls_for_backup(later.context)
    later.go_to(MONDAY - YEAR)
    _asked_how_they_are(later.context)
    _an_objection(later, dropped_case)
    later.go_to(MONDAY - YEAR + 7 * DAY)
    publish_digest(later.context, TEAM, Week(2025, 48), FIRM.summary_target)
    later.go_to(ENDS)
    later.renew(dropped_case, due_on=REVIEW_ON - YEAR, review_on=REVIEW_ON - YEAR / 2)
    _what_is_going_on(later)
    with database.outbox() as outbox:
        outbox.claim(clock(), timedelta(seconds=20))


def _first_day(context: Context) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0CORA", context.clock())])
        tx.installation.begin()
        greet(tx, context)
    ThisProcess(context).start(TEAM)
    schedule_summary(context, TEAM)


def _a_drop(later: Later) -> int:
    """By two managers, as a stricter policy asks for; one of their colleagues stepped aside."""
    number = before_a_decision(later.context, later.clock)
    recuse(later.context, Recuse(someone("U0RUTH"), number, "They are my neighbours."))
    strict = replace(later.context, policy=replace(later.context.policy, approvals_to_drop=2))
    for manager in ("U0PRIYA", "U0CARLA"):
        dropped(strict, number, manager, review_on=REVIEW_ON - YEAR)
    later.sent(number, by="U0CARLA")
    return number


def _calls_for_backup(context: Context) -> None:
    call_backup(context, CallBackup(someone("U0ANA"), "in the lobby"))
    take_call(context, TakeCall(someone("U0PRIYA"), 1))
    end_backup(context, EndCall(someone("U0PRIYA"), 1, HowEnded.CALMED))
    set_available(context, SetAvailable(someone("U0BRAD"), available=False))


def _asked_how_they_are(context: Context) -> None:
    answer_check_in(context, AnswerCheckIn(someone("U0ANA"), 1, 1, CheckInAnswer.TALK))
    talked(context, Talked(someone("U0CORA"), 1))


def _an_objection(later: Later, case: int) -> None:
    later.objects(case)
    later.answer(case, Answer.STANDS, by="U0BRAD")
    later.record_lesson(case, by="U0CARLA")


def _what_is_going_on(later: Later) -> None:
    """A customer who was heard, kept and merged with another, and a threat that waits for a decision."""
    context = later.context
    kept(context, before_a_decision(context, later.clock, "Acme"))
    doubted = opened(context, "U0ANA", "Globex", category="discrimination", doubted=True)
    take_hearing(context, TakeHearing(someone("U0PRIYA"), doubted.number))
    record_outcome(
        context, RecordOutcome(someone("U0PRIYA"), doubted.number, Finding.UPHELD, "As reported.", "A bad day.")
    )
    globex = doubted.customer
    set_safeguard(context, SetSafeguard(someone("U0PRIYA"), globex, "health", "Their daughter told us."))
    for owner, name in (("U0BRAD", "Globex plc"), ("U0PRIYA", "Globex plc")):
        edit_customer(context, EditCustomer(someone("U0PRIYA"), globex, name, owner, "", ""))
    double = reported(context, customer="Globex Ltd", category="other", severity=Severity.MINOR).customer.number
    merge(context, Merge(someone("U0CARLA"), double, globex))
    photo = Evidence("file", "", "photo.png", file="F0A")
    opened(context, "U0JOE", "Initech", category="threat", wants_support=True, evidence=(photo,))
    Fetcher(context, Slack()).fetch_next(TEAM)
