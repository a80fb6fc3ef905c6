"""What became of the decision about Zenith Corp: fixed samples, and wild ones for property tests."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from hypothesis import strategies as st

from bot.rules.case_files import CaseFile, DecisionHistory
from bot.rules.cases import Left
from bot.rules.decisions import Choice, Decision, Ending, Hindsight, Lesson, Review, Reviewed
from bot.rules.objections import Answer, Objection, Terms
from bot.rules.sent_letters import Letter, LetterKind, SentLetter
from bot.rules.warnings import Delivery
from tests.handlers import view_samples as sample
from tests.handlers.view_samples import DAY, DROP, KEEP, NOW

DUE_ON: Final = date(2026, 5, 22)
OBJECTION: Final = Objection(
    case=12,
    customer=7,
    warning=None,
    recorded_by="U0CARLA",
    recorded_at=NOW + 5 * DAY,
    contact="Their director, by letter",
    words="The man who shouted has left the company.",
    due_at=NOW + 19 * DAY,
)
BEFORE: Final = Terms(Choice.DROP, DUE_ON, date(2025, 11, 30))
RENEWED: Final = Review(12, 0, Reviewed.RENEWED, "U0BRAD", NOW + 170 * DAY, "It went on.", DUE_ON, date(2026, 11, 22))
LAPSED: Final = Review(12, 0, Reviewed.LAPSED, None, NOW + 183 * DAY, "", DUE_ON)
LET_LAPSE: Final = Review(12, 0, Reviewed.LET_LAPSE, "U0BRAD", NOW + 170 * DAY, "They have apologised.", DUE_ON)
LESSON: Final = Lesson(
    12, "U0PRIYA", NOW + 40 * DAY, "Three reps had stopped reporting.", Hindsight.PARTLY, "Warn earlier.", "£18,000"
)


def answered(answer: Answer) -> Objection:
    before = BEFORE if answer is Answer.CHANGED else None
    by = None if answer is Answer.MOOT else "U0BRAD"
    why = None if answer is Answer.MOOT else "He was the only one who shouted."
    at = NOW + 10 * DAY
    return replace(OBJECTION, answer=answer, answered_by=by, answered_at=at, rationale=why, before=before)


def decided(decision: Decision = DROP, after: DecisionHistory | None = None) -> CaseFile:
    file = sample.dropped() if decision.choice is Choice.DROP else sample.kept()
    made = replace(decision, objection_until=NOW + 16 * DAY)
    return replace(file, decision=made, decision_history=after or DecisionHistory())


def ended(how: Ending, after: DecisionHistory, decision: Decision = DROP) -> CaseFile:
    file = decided(decision, after)
    return replace(file, decision=replace(decision, ended_at=NOW + 183 * DAY, ended_how=how))


NOT_SENT: Final = Letter(LetterKind.DECISION, "Dear Zenith Corp, …", "U0PRIYA", NOW, asked=True)
SENT: Final = tuple(
    replace(NOT_SENT, asked=False, sent=SentLetter(12, LetterKind.DECISION, how, NOW + DAY, "U0BRAD", NOW + 2 * DAY))
    for how in Delivery
)
ANSWER_NOT_SENT: Final = replace(NOT_SENT, kind=LetterKind.ANSWER, by="U0BRAD")

STATES: Final[dict[str, CaseFile]] = {
    "a drop in time for an objection": decided(after=DecisionHistory(may_object_until=NOW + 16 * DAY)),
    "a plain keep": decided(replace(KEEP, conditions=())),
    "objected to": decided(after=DecisionHistory(objection=OBJECTION)),
    "overdue": decided(after=DecisionHistory(objection=OBJECTION, left=Left.DIRECTORS, overdue=True)),
    "no manager left": decided(after=DecisionHistory(objection=OBJECTION, left=Left.DIRECTORS)),
    "nobody left": decided(after=DecisionHistory(objection=OBJECTION, left=Left.NOBODY)),
    "stands": decided(after=DecisionHistory(objection=answered(Answer.STANDS))),
    "changed": decided(KEEP, DecisionHistory(objection=answered(Answer.CHANGED))),
    "cancelled": ended(Ending.CANCELLED, DecisionHistory(objection=answered(Answer.CANCELLED))),
    "moot": ended(Ending.LAPSED, DecisionHistory((LAPSED,), objection=answered(Answer.MOOT))),
    "renewed": decided(replace(DROP, review_on=date(2026, 11, 22)), DecisionHistory((RENEWED,), since=2)),
    "lapsed": ended(Ending.LAPSED, DecisionHistory((LAPSED,))),
    "let lapse": ended(Ending.LET_LAPSE, DecisionHistory((LET_LAPSE,)), KEEP),
    "letter not sent": decided(after=DecisionHistory(letters=(NOT_SENT,), senders=("U0PRIYA",))),
    "nobody left to send it": decided(KEEP, DecisionHistory(letters=(NOT_SENT,))),
    **{f"letter sent {each.sent.how}": decided(after=DecisionHistory(letters=(each,))) for each in SENT if each.sent},
    "answer not sent": decided(
        after=DecisionHistory(
            objection=answered(Answer.STANDS), letters=(ANSWER_NOT_SENT, SENT[0]), senders=("U0BRAD", "U0CARLA")
        )
    ),
    "letter not waited for": decided(after=DecisionHistory(letters=(replace(NOT_SENT, asked=False),))),
    "learnt from": decided(after=DecisionHistory(lesson=LESSON)),
}

wild_terms = st.builds(
    Terms,
    choice=st.sampled_from(Choice),
    review_on=sample.wild_day,
    effective_on=st.none() | sample.wild_day,
    conditions=st.just(()),
)
wild_objections = st.builds(
    Objection,
    case=st.just(12),
    customer=st.just(7),
    warning=st.none(),
    recorded_by=sample.wild_user,
    recorded_at=sample.wild_moment,
    contact=sample.wild_name,
    words=sample.wild_long,
    due_at=sample.wild_moment,
    escalations=st.integers(0, 99),
    answer=st.none() | st.sampled_from(Answer),
    answered_by=st.none() | sample.wild_user,
    answered_at=st.none() | sample.wild_moment,
    rationale=st.none() | sample.wild_long,
    before=st.none() | wild_terms,
)
wild_reviews = st.builds(
    Review,
    case=st.just(12),
    n=st.integers(0, 9),
    outcome=st.sampled_from(Reviewed),
    by=st.none() | sample.wild_user,
    at=sample.wild_moment,
    reason=sample.wild_long,
    due_on=sample.wild_day,
    until=st.none() | sample.wild_day,
).map(lambda made: replace(made, by=None if made.outcome is Reviewed.LAPSED else made.by or "U0BRAD"))
wild_lessons = st.builds(
    Lesson,
    case=st.just(12),
    by=sample.wild_user,
    at=sample.wild_moment,
    learnt=sample.wild_long,
    hindsight=st.sampled_from(Hindsight),
    line=sample.wild_long.map(lambda text: text[:200]),
    worth=sample.wild_name,
)
wild_histories = st.builds(
    DecisionHistory,
    reviews=st.lists(wild_reviews, max_size=4).map(tuple),
    since=st.integers(0, 10**6),
    objection=st.none() | wild_objections,
    may_object_until=st.none() | sample.wild_moment,
    left=st.sampled_from(Left),
    overdue=st.booleans(),
    lesson=st.none() | wild_lessons,
)
wild_bound = st.builds(
    lambda made, until, at, how: replace(made, objection_until=until, ended_at=at, ended_how=how if at else None),
    sample.wild_decisions,
    st.none() | sample.wild_moment,
    st.none() | sample.wild_moment,
    st.sampled_from(Ending),
)


def _decided(files: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda file, made, after: replace(file, decision=made, decision_history=after),
        files,
        wild_bound,
        wild_histories,
    )


wild_decided = _decided(sample.wild_files)
wild_decided_reports = _decided(sample.wild_report_files)
