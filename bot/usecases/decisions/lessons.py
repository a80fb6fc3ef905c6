"""Looking back at a drop: firms seldom ask why they lost an account, so management is asked once."""

from datetime import datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.decisions import Choice, Ending, Lesson
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import AlreadyLearnt, Wrong
from bot.rules.text_length import characters
from bot.usecases.context import Context, new_salt
from bot.usecases.decisions.commands import Learn
from bot.usecases.permissions.permissions import refuse_unless_manager
from bot.usecases.shared.decisions_in_force import take_decision
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import CLOCK
from storage.transaction import Transaction

LONGEST_LINE = 200  # characters: a line of the weekly summary
LONGEST_WORTH = 140  # characters: as a customer's worth on record


def ask_what_was_learnt(tx: Transaction, context: Context, number: int) -> None:
    """Some time after a drop took effect management is asked, unless an appeal has undone it."""
    case, decision = take_decision(tx, number)
    if decision.choice is not Choice.DROP or decision.ended_how is Ending.OVERTURNED:
        return
    now = context.clock()
    tx.audit.append(case.customer, CLOCK, Act.ASK_WHAT_WAS_LEARNT, {"case": number}, now)
    tx.notices.want(NoticeKind.LESSON, number, context.firm.management_channel, now)


def learn(context: Context, command: Learn) -> CaseFile:
    """Keep what was learnt. Nothing is decided by it, so whoever has a stake may say it as well.

    Sent twice by the same manager, it answers the same.

    Raises:
        Wrong: a field cannot stand.
        AlreadyLearnt: somebody else has said it.
        NothingToReview: nobody was dropped in the case.
        NotEntitled: not a manager or director.
        Unknown, NotRecorded.
    """
    with context.begin(command.by.team) as tx:
        case = _allowed(tx, context, command.by, command.case)
        lesson = tx.lessons.of_case(command.case)
        if lesson is None:
            _refuse_wrong(command)
            _keep(tx, context, case, command)
        elif lesson.by != command.by.user:
            raise AlreadyLearnt(command.case, lesson.by, lesson.at)
        return case_file(tx, context, command.case)


def check_lesson(tx: Transaction, context: Context, by: Person, number: int, _: datetime) -> None:
    """Raises what `learn` raises, its fields aside; and where somebody has answered already."""
    _allowed(tx, context, by, number)
    lesson = tx.lessons.of_case(number)
    if lesson:
        raise AlreadyLearnt(number, lesson.by, lesson.at)


def _allowed(tx: Transaction, context: Context, by: Person, number: int) -> Case:
    refuse_unless_manager(tx, context, by, context.clock())
    return take_decision(tx, number)[0]


def _refuse_wrong(command: Learn) -> None:
    wrong = {}
    if not command.learnt.strip():
        wrong["learnt"] = _("Please say in a sentence or two what the firm can learn from it.")
    if not 0 < len(command.line.strip()) <= LONGEST_LINE or len(command.line.splitlines()) > 1:
        wrong["line"] = _("Please say it in one line, in up to {characters}.").format(
            characters=characters(LONGEST_LINE)
        )
    if len(command.worth.strip()) > LONGEST_WORTH:
        wrong["worth"] = _("Up to {characters} fit here. A figure is enough.").format(
            characters=characters(LONGEST_WORTH)
        )
    if wrong:
        raise Wrong(wrong)


def _keep(tx: Transaction, context: Context, case: Case, command: Learn) -> None:
    now, salt = context.clock(), new_salt()
    learnt, line, worth = command.learnt.strip(), command.line.strip(), command.worth.strip()
    tx.lessons.add(Lesson(case.number, command.by.user, now, learnt, command.hindsight, line, worth), salt)
    facts: dict[str, object] = {
        "case": case.number,
        "hindsight": command.hindsight.value,
        "learnt": seal(salt, learnt),
        "worth": seal(salt, worth),
        "line": seal(salt, line),
    }
    tx.audit.append(case.customer, command.by.user, Act.LEARN, facts, now)
    tx.notices.want_again(NoticeKind.LESSON, case.number, now)
