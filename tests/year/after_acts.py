"""What managers may do after a decision or a delivered warning: reviews, lessons, objections."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from bot.rules.decisions import Choice, Hindsight
from bot.rules.objections import Answer, Terms
from bot.rules.sent_letters import LetterKind
from bot.rules.warnings import Delivery
from bot.usecases.cases.letters import MarkSent, mark_sent
from bot.usecases.context import Context
from bot.usecases.decisions.lessons import RecordLesson, record_lesson
from bot.usecases.decisions.reviews import LetLapse, Renew, let_lapse, renew
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from storage.tables import decisions as tables_decisions
from storage.tables.cases import objection, warning
from tests.year.chance import DETAILS, Chance
from tests.year.facts import Facts, Row

Acts = Iterator[tuple[float, Callable[..., object], object]]


def about_decisions(context: Context, known: Facts, chance: Chance) -> Acts:
    made = known.of(tables_decisions.decision)
    for decision in chance.random.sample(made, min(3, len(made))):
        yield from _reviews(context, chance, decision)
        yield from _objections(context, known, chance, decision)
        sent = chance.words(), chance.one_of([*Hindsight]), chance.words(210), chance.words(150)
        yield 0.1, record_lesson, RecordLesson(chance.manager(), decision.case, *sent)
        letter, at = chance.one_of([*LetterKind]), context.clock() - timedelta(minutes=chance.one_of((0, 1, 90)))
        yield 0.5, mark_sent, MarkSent(chance.manager(), decision.case, letter, chance.one_of([*Delivery]), at)
    yield from _to_warnings(known, chance)


def _reviews(context: Context, chance: Chance, decision: Row) -> Acts:
    due_on = decision.review_on
    until = due_on.replace(day=1) if chance.now_and_then(0.1) else chance.review_day(context)
    yield 0.3, renew, Renew(chance.manager(), decision.case, due_on, chance.words(), until)
    yield 0.08, let_lapse, LetLapse(chance.manager(), decision.case, due_on, chance.words())


def _objections(context: Context, known: Facts, chance: Chance, decision: Row) -> Acts:
    asked = known.of(objection, lambda row: row.case == decision.case)
    sent = chance.words(150), chance.words()
    yield 0.1 if asked else 0.4, record_objection, RecordObjection(chance.manager(), decision.case, *sent)
    if asked:
        answer = chance.one_of((Answer.STANDS, Answer.CHANGED, Answer.CHANGED, Answer.CANCELLED))
        terms = _terms(context, chance, decision) if answer is Answer.CHANGED else None
        seen = decision.review_on.toordinal() - (30 if chance.now_and_then(0.1) else 0)
        said = answer, chance.words(), chance.words(), terms, seen
        yield 0.5, answer_objection, AnswerObjection(chance.manager(), decision.case, *said)


def _terms(context: Context, chance: Chance, decision: Row) -> Terms:
    choice = chance.one_of([*Choice])
    conditions = tuple(chance.random.sample([*context.policy.conditions], chance.one_of((0, 1, 2))))
    effective_on = chance.day(context, 0, 30) if chance.now_and_then(0.5) else decision.effective_on
    return Terms(choice, chance.review_day(context), effective_on, conditions, DETAILS)


def _to_warnings(known: Facts, chance: Chance) -> Acts:
    given = known.of(warning, lambda row: row.delivered_at)
    if given:
        sent = chance.words(150), chance.words()
        yield 0.3, record_objection, RecordObjection(chance.manager(), chance.one_of(given).case, *sent)
    made = known.of(objection, lambda row: row.warning)
    if made:
        answer = chance.one_of((Answer.STANDS, Answer.CHANGED, Answer.CANCELLED))
        case = chance.one_of(made).case
        yield 0.6, answer_objection, AnswerObjection(chance.manager(), case, answer, chance.words(), chance.words())
