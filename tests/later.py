"""Builders for the tests of reviews, objections and lessons: a decision, and the time after it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table

from bot.rules.case_files import CaseFile
from bot.rules.customers import Standing
from bot.rules.decisions import Choice, Decision, Hindsight, Review
from bot.rules.objections import Answer, Objection, Terms
from bot.rules.sent_letters import LetterKind
from bot.rules.warnings import Delivery
from bot.usecases.cases.letters import MarkSent, mark_sent
from bot.usecases.context import Context
from bot.usecases.decisions.lessons import RecordLesson, record_lesson
from bot.usecases.decisions.reviews import LetLapse, Renew, let_lapse, renew
from bot.usecases.objections.answer import AnswerObjection, answer_objection
from bot.usecases.objections.record import RecordObjection, record_objection
from storage.database import Database
from storage.tables.audit import audit
from storage.tables.outbox import notice, step
from tests.builders import (
    TEAM,
    FrozenClock,
    before_a_decision,
    dropped,
    kept,
    read_case,
    read_from_slack,
    rows,
    run_due_tasks,
    someone,
)

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
REVIEW_ON = date(2027, 5, 20)  # a Thursday
OPENS = datetime(2027, 5, 6, 9, tzinfo=UTC)  # opening time, ten business days before
ENDS = datetime(2027, 5, 20, 17, tzinfo=UTC)
OBJECTION_UNTIL = datetime(2026, 12, 4, 17, tzinfo=UTC)  # ten business days after the decision on Friday 20 November


@dataclass(frozen=True)
class Later:
    """The use cases, their clock and their scheduler."""

    context: Context
    clock: FrozenClock
    database: Database

    def go_to(self, moment: datetime) -> None:
        """Let the bot run until this moment. Each task runs at its time."""
        while (due := self.database.next_task_at()) is not None and due <= moment:
            self.wake_at(max(due, self.clock()))
        self.wake_at(moment)

    def wake_at(self, moment: datetime) -> None:
        """Let the bot start again at this moment, after it was down."""
        self.clock.time = moment
        read_from_slack(self.context)
        run_due_tasks(self.context, self.database)

    def dropped(self, **changes: object) -> int:
        """A case in which Priya has dropped the customer."""
        case = before_a_decision(self.context, self.clock)
        dropped(self.context, case, **({"review_on": REVIEW_ON} | changes))
        return case

    def kept(self, **changes: object) -> int:
        """A case in which Priya has kept the customer with conditions."""
        case = before_a_decision(self.context, self.clock)
        kept(self.context, case, **({"review_on": REVIEW_ON} | changes))
        return case

    def renew(self, case: int, by: str = "U0BRAD", **changes: object) -> CaseFile:
        form: dict[str, Any] = {
            "due_on": REVIEW_ON,
            "reason": "They threatened us again.",
            "review_on": date(2027, 11, 22),
        }
        renew(self.context, Renew(someone(by), case, **(form | changes)))
        return read_case(self.context, case)

    def let_lapse(self, case: int, by: str = "U0BRAD", **changes: object) -> CaseFile:
        form: dict[str, Any] = {"due_on": REVIEW_ON, "reason": "They have apologised."}
        let_lapse(self.context, LetLapse(someone(by), case, **(form | changes)))
        return read_case(self.context, case)

    def objects(self, case: int, by: str = "U0PRIYA", **changes: object) -> CaseFile:
        form = {"contact": "Their director, by letter", "words": "The man who shouted has left the company."}
        record_objection(self.context, RecordObjection(someone(by), case, **(form | changes)))
        return read_case(self.context, case)

    def sent(self, case: int, by: str = "U0PRIYA", letter: LetterKind = LetterKind.DECISION) -> CaseFile:
        """The letter is marked as sent."""
        mark_sent(self.context, MarkSent(someone(by), case, letter, Delivery.POST, self.clock()))
        return read_case(self.context, case)

    def answer(
        self, case: int, answer: Answer, by: str = "U0BRAD", terms: Terms | None = None, **changes: object
    ) -> CaseFile:
        form: dict[str, Any] = {"rationale": "He was the only one who shouted.", "letter": "Dear Zenith Corp, …"}
        answer_objection(self.context, AnswerObjection(someone(by), case, answer, terms=terms, **(form | changes)))
        return read_case(self.context, case)

    def record_lesson(self, case: int, by: str = "U0PRIYA", **changes: object) -> CaseFile:
        form: dict[str, Any] = {
            "learnt": "We let it go on for too long.",
            "hindsight": Hindsight.RIGHT,
            "line": "Warn earlier: three reps had stopped reporting.",
            "worth": "£18,000",
        }
        record_lesson(self.context, RecordLesson(someone(by), case, **(form | changes)))
        return read_case(self.context, case)

    def decision(self, case: int) -> Decision:
        with self.context.read(TEAM) as tx:
            made = tx.cases.decision(case)
        assert made is not None
        return made

    def reviews(self, case: int) -> tuple[Review, ...]:
        with self.context.read(TEAM) as tx:
            return tx.reviews.of_case(case)

    def objection_of(self, case: int) -> Objection:
        with self.context.read(TEAM) as tx:
            made = tx.objections.of_case(case)
        assert made is not None
        return made

    def standing(self, customer: int = 1) -> Standing:
        with self.context.read(TEAM) as tx:
            return tx.customers.get(customer).standing

    def shown(self, kind: str) -> set[tuple[str, int]]:
        """Target and round of each notice of this kind."""
        return {(row.target, row.round) for row in self.rows(notice) if row.kind == kind}

    def wanted(self, kind: str) -> dict[tuple[str, int], int]:
        """The wanted version of the last notice of this kind, by target and subject."""
        return {(row.target, row.subject): row.wanted for row in self.rows(notice) if row.kind == kind}

    def rows_of(self, kind: str) -> dict[tuple[str, int], Any]:
        """The notices of this kind, by target and round."""
        return {(row.target, row.round): row for row in self.rows(notice) if row.kind == kind}

    def acts(self) -> list[tuple[str, str]]:
        """Actor and act of each entry of the audit log, in order."""
        return [(row.actor, row.act) for row in self.rows(audit)]

    def planned(self, kind: str) -> list[datetime]:
        return [row.at for row in self.rows(step) if row.kind == kind]

    def rows(self, table: Table) -> list[Any]:
        return rows(self.database, table)


def written_only(review_on: date = REVIEW_ON) -> Terms:
    return Terms(Choice.KEEP, review_on, None, ("written_only",), (("written_only", "care@larkspur.example"),))


DAY = timedelta(days=1)
