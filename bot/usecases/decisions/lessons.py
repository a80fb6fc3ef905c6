"""What the firm learns from a drop. Firms seldom ask why they lost an account, so management is asked once."""

from dataclasses import dataclass
from typing import Annotated

from bot.rules.audit import CLOCK, Act, salted_digest
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.decisions import Choice, Ending, Hindsight, Lesson
from bot.rules.fields import LONGEST_LINE, OptionalLine, Text, Words
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import AlreadyLearnt
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_without_stake
from bot.usecases.shared.conclude import Done, conclude, done_in, is_recorded
from bot.usecases.shared.decisions_in_force import lock_decision
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordLesson:
    """What was learnt from a drop. `worth`: of the account, a year; may be empty. `line`: for the weekly summary."""

    by: Person
    case: int
    learnt: Words
    hindsight: Hindsight
    line: Annotated[str, Text(LONGEST_LINE)]
    worth: OptionalLine = ""


def ask_for_lesson(tx: Transaction, context: Context, number: int) -> None:
    """Scheduled some months after a drop took effect: ask management, unless an objection has undone the drop."""
    case, decision = lock_decision(tx, number)
    if decision.choice is not Choice.DROP or decision.ended_how is Ending.CANCELLED:
        return
    now, target = context.clock(), context.firm.management_channel
    conclude(tx, context, Done(Act.ASK_WHAT_WAS_LEARNT, CLOCK, case.customer, {"case": number}), now)
    tx.notices.refresh(NoticeKind.LESSON, number, target, now, customer=case.customer)


def record_lesson(context: Context, command: RecordLesson) -> RecordedCase:
    """Record what was learnt. Idempotent.

    Raises:
        Wrong: a field is invalid.
        AlreadyLearnt: a lesson has been recorded.
        NothingToReview: nobody was dropped in the case.
        NotEntitled: as `refuse_unless_without_stake`.
        Unknown, NotRecorded.
    """
    refuse_wrong_fields(context, command, check_lesson, command.case)
    with context.begin(command.by.team) as tx:
        case = _lock_case(tx, context, command.by, command.case)
        if not is_recorded(tx, command.by, Act.LEARN):
            _refuse_learnt(tx, command.case)
            _record(tx, context, case, command)
        return recorded_case(tx, context, command.by, command.case)


def check_lesson(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `record_lesson`, except Wrong."""
    _lock_case(tx, context, by, number)
    _refuse_learnt(tx, number)


def _refuse_learnt(tx: Transaction, number: int) -> None:
    lesson = tx.lessons.of_case(number)
    if lesson:
        raise AlreadyLearnt(number, lesson.by, lesson.at)


def _lock_case(tx: Transaction, context: Context, by: Person, number: int) -> Case:
    case = lock_decision(tx, number)[0]
    refuse_unless_without_stake(tx, context, by, case.customer, context.clock(), number)
    return case


def _record(tx: Transaction, context: Context, case: Case, command: RecordLesson) -> None:
    now, salt = context.clock(), new_salt()
    learnt, line, worth = command.learnt.strip(), command.line.strip(), command.worth.strip()
    tx.lessons.add(Lesson(case.number, command.by.user, now, learnt, command.hindsight, line, worth), salt)
    facts = {
        "hindsight": command.hindsight.value,
        "learnt": salted_digest(salt, learnt),
        "worth": salted_digest(salt, worth),
        "line": salted_digest(salt, line),
    }
    conclude(tx, context, done_in(case, command.by, Act.LEARN, facts), now)
