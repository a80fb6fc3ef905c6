"""What managers do once a decision was made: review it, put an appeal down and answer it, and look back."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.rules.objections import Answer
from bot.usecases.context import Desk
from bot.usecases.decisions.lessons import learn, look_at_lesson
from bot.usecases.decisions.reviews import let_lapse, look_at_review, renew
from bot.usecases.objections.appeal_answers import answer_appeal, look_at_appeal
from bot.usecases.objections.appeals import ask_for_review, look_at_appealable
from handlers.decisions import lesson, review
from handlers.decisions import parse as decisions_parse
from handlers.decisions.parse import review_click
from handlers.errors import Forms
from handlers.objections import appeal
from handlers.objections import parse as objections_parse
from handlers.parsing.buttons import case_click

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reviews:
    """The listeners of a review's buttons and forms."""

    desk: Desk
    forms: Forms

    def ask_renew(self, ack: Ack, body: Body) -> None:
        """[Renew]: why, and until when."""
        file, decision = look_at_review(self.desk, *review_click(body))
        self.forms.open(body, review.renew_form(file, self.desk.policy, decision, self.desk.today()))
        ack()

    def ask_lapse(self, ack: Ack, body: Body) -> None:
        """[Let it lapse]: why."""
        self.forms.open(body, review.lapse_form(*look_at_review(self.desk, *review_click(body))))
        ack()

    def renew(self, ack: Ack, body: Body) -> BoltResponse:
        """The decision stays in force."""
        return ack(response_action="update", view=review.reviewed(renew(self.desk, decisions_parse.renew(body))))

    def let_lapse(self, ack: Ack, body: Body) -> BoltResponse:
        """The decision ends."""
        return ack(
            response_action="update", view=review.reviewed(let_lapse(self.desk, decisions_parse.let_lapse(body)))
        )


@dataclass(frozen=True, slots=True)
class Appeals:
    """The listeners of [Ask for a review], and of an appeal's buttons and forms."""

    desk: Desk
    forms: Forms

    def ask(self, ack: Ack, body: Body) -> None:
        """[Ask for a review]: who asks, and what is new."""
        by, number, _ = case_click(body)
        self.forms.open(body, appeal.ask_form(look_at_appealable(self.desk, by, number), self.desk.policy))
        ack()

    def put_down(self, ack: Ack, body: Body) -> BoltResponse:
        """The customer appeals."""
        file = ask_for_review(self.desk, objections_parse.ask_for_review(body))
        return ack(response_action="update", view=appeal.put_down(file))

    def ask_uphold(self, ack: Ack, body: Body) -> None:
        """[Uphold]: why."""
        self._open(ack, body, Answer.UPHELD)

    def ask_change(self, ack: Ack, body: Body) -> None:
        """[Change]: to what, and why."""
        self._open(ack, body, Answer.CHANGED)

    def ask_overturn(self, ack: Ack, body: Body) -> None:
        """[Overturn]: why."""
        self._open(ack, body, Answer.OVERTURNED)

    def uphold(self, ack: Ack, body: Body) -> BoltResponse:
        """The decision stands."""
        return self._answered(ack, body, Answer.UPHELD)

    def change(self, ack: Ack, body: Body) -> BoltResponse:
        """The decision is another one now."""
        return self._answered(ack, body, Answer.CHANGED)

    def overturn(self, ack: Ack, body: Body) -> BoltResponse:
        """The decision is over."""
        return self._answered(ack, body, Answer.OVERTURNED)

    def _open(self, ack: Ack, body: Body, answer: Answer) -> None:
        by, number, _ = case_click(body)
        file = look_at_appeal(self.desk, by, number)
        self.forms.open(body, appeal.answer_form(file, self.desk.policy, answer, self.desk.today()))
        ack()

    def _answered(self, ack: Ack, body: Body, answer: Answer) -> BoltResponse:
        file = answer_appeal(self.desk, objections_parse.answer_appeal(body, answer))
        return ack(response_action="update", view=appeal.answered(file))


@dataclass(frozen=True, slots=True)
class Lessons:
    """The listeners of the look back at a drop."""

    desk: Desk
    forms: Forms

    def ask(self, ack: Ack, body: Body) -> None:
        """[Look back]: what was learnt."""
        by, number, _ = case_click(body)
        self.forms.open(body, lesson.lesson_form(look_at_lesson(self.desk, by, number)))
        ack()

    def learn(self, ack: Ack, body: Body) -> BoltResponse:
        """Something was learnt."""
        return ack(response_action="update", view=lesson.learnt(learn(self.desk, decisions_parse.learn(body))))
