"""What managers may do after a decision or a delivered warning: reviews, appeals, lessons, disputes."""

from collections.abc import Callable, Iterator

from bot.rules.decisions import Choice, Hindsight
from bot.rules.objections import AppealAnswer, Remedy, Terms
from bot.usecases.context import Context
from bot.usecases.decisions.lessons import RecordLesson, record_lesson
from bot.usecases.decisions.reviews import LetLapse, Renew, let_lapse, renew
from bot.usecases.objections.appeal_answers import AnswerAppeal, answer_appeal
from bot.usecases.objections.appeals import RecordAppeal, record_appeal
from bot.usecases.objections.disputes import RecordDispute, SettleDispute, record_dispute, settle_dispute
from storage.tables import decisions as tables_decisions
from storage.tables.cases import dispute, warning
from storage.tables.decisions import appeal
from tests.year.chance import Chance
from tests.year.facts import Facts, Row

Acts = Iterator[tuple[float, Callable[..., object], object]]


def about_decisions(context: Context, known: Facts, chance: Chance) -> Acts:
    made = known.of(tables_decisions.decision)
    for decision in chance.random.sample(made, min(3, len(made))):
        yield from _reviews(context, chance, decision)
        yield from _appeals(context, known, chance, decision)
        sent = chance.words(), chance.one_of([*Hindsight]), chance.words(210), chance.words(150)
        yield 0.1, record_lesson, RecordLesson(chance.manager(), decision.case, *sent)
    yield from _disputes(known, chance)


def _reviews(context: Context, chance: Chance, decision: Row) -> Acts:
    due_on = decision.review_on
    until = due_on.replace(day=1) if chance.now_and_then(0.1) else chance.review_day(context)
    yield 0.3, renew, Renew(chance.manager(), decision.case, due_on, chance.words(), until)
    yield 0.08, let_lapse, LetLapse(chance.manager(), decision.case, due_on, chance.words())


def _appeals(context: Context, known: Facts, chance: Chance, decision: Row) -> Acts:
    asked = known.of(appeal, lambda row: row.case == decision.case)
    sent = chance.words(150), chance.words()
    yield 0.1 if asked else 0.4, record_appeal, RecordAppeal(chance.manager(), decision.case, *sent)
    if asked:
        answer = chance.one_of(
            (AppealAnswer.UPHELD, AppealAnswer.CHANGED, AppealAnswer.CHANGED, AppealAnswer.OVERTURNED)
        )
        terms = _terms(context, chance, decision) if answer is AppealAnswer.CHANGED else None
        yield (
            0.5,
            answer_appeal,
            AnswerAppeal(chance.manager(), decision.case, answer, chance.words(), chance.words(), terms),
        )


def _terms(context: Context, chance: Chance, decision: Row) -> Terms:
    choice = chance.one_of([*Choice])
    conditions = tuple(chance.random.sample([*context.policy.conditions], chance.one_of((0, 1, 2))))
    effective_on = chance.day(context, 0, 30) if chance.now_and_then(0.5) else decision.effective_on
    return Terms(choice, chance.review_day(context), effective_on, conditions)


def _disputes(known: Facts, chance: Chance) -> Acts:
    given = known.of(warning, lambda row: row.delivered_at)
    if given:
        yield 0.3, record_dispute, RecordDispute(chance.manager(), chance.one_of(given).case, chance.words())
    made = known.of(dispute)
    if made:
        remedy = chance.one_of([*Remedy])
        number = chance.one_of(made).number
        yield 0.6, settle_dispute, SettleDispute(chance.manager(), number, remedy, chance.words(), chance.words())
