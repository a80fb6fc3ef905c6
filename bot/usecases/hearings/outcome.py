"""The outcome of a hearing: the reports were a misunderstanding, or are upheld."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.cases import Case, Outcome
from bot.rules.fields import OptionalWords, is_blank
from bot.rules.hearings import Finding, Hearing, rung_after_upheld
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.usecases.context import Context
from bot.usecases.hearings.hear import refuse_anothers, under_way
from bot.usecases.shared.access import read_in_full
from bot.usecases.shared.case_access import lock_case, lock_case_at_rung, refuse_outdated, refuse_unless_at_rung
from bot.usecases.shared.conclude import conclude_by_verdict, done_in, is_recorded
from bot.usecases.shared.fields import refuse, wrong_fields
from bot.usecases.shared.read_models import case_file, recorded_case
from bot.usecases.shared.schedule import schedule_case
from bot.usecases.shared.verdicts import Assessment, due_at
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """The outcome of a hearing. `discounted`: the numbers of the reports that were a misunderstanding.

    `version`: of the case that whoever heard it saw.
    """

    by: Person
    case: int
    finding: Finding
    reps_side: OptionalWords
    customers_side: OptionalWords
    discounted: tuple[int, ...] = ()
    why: OptionalWords = ""
    version: int | None = None


def record_outcome(context: Context, command: RecordOutcome) -> RecordedCase:
    """Record what came of hearing both sides. Idempotent.

    A misunderstanding: from now on the reports named do not count, and their reporters read why. The policy is
    asked again: the case moves to the rung that holds now, or ends if nothing is left to do.
    Upheld: both sides are stored. The case goes on to a warning, or to a decision if a warning is valid.

    Raises as `lock_case`; also Wrong (a field is invalid), HearingTaken (somebody else has taken the hearing), Outdated
    and WrongRung (no hearing is under way).
    """
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.RECORD_OUTCOME):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.HEAR, now)
            hearing = under_way(tx, case)
            refuse_anothers(hearing, command.by)
            refuse_outdated(tx, context, command.by, case, command.version)
            upheld = command.finding is Finding.UPHELD
            wrong = _wrong_upheld(command) if upheld else _wrong_misunderstanding(tx, case, command)
            refuse(wrong | wrong_fields(context, command))
            _record(tx, context, case, command, _ended(hearing, command, now))
        return recorded_case(tx, context, command.by, command.case)


def reports_for_outcome(context: Context, click: tuple[Person, int, int]) -> CaseFile:
    """The case, with what was reported, for the form. Raises as `check_outcome` and `read_in_full`."""
    by, number, _version = click
    return read_in_full(context, by, number, lambda tx: case_file(tx, context, number), check_outcome)


def check_outcome(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `record_outcome`, but for Wrong."""
    refuse_anothers(under_way(tx, lock_case_at_rung(tx, context, by, number, Rung.HEAR)[0]), by)


def _ended(hearing: Hearing, command: RecordOutcome, now: datetime) -> Hearing:
    return replace(
        hearing,
        ended_at=now,
        ended_by=command.by.user,
        finding=command.finding,
        reps_side=command.reps_side.strip() or None,
        customers_side=command.customers_side.strip() or None,
        why=command.why.strip() or None,
    )


def _record(tx: Transaction, context: Context, case: Case, command: RecordOutcome, ended: Hearing) -> None:
    now, discounted = ended.ended_at or context.clock(), command.discounted
    tx.hearings.end(ended)
    for approval in tx.approvals.of_case(case.number):  # given without knowing this outcome
        tx.approvals.take_back(case.number, approval.by, now)
    for number in discounted:
        tx.reports.discount(number, ended.number, now)
    facts = _facts(tx, ended, discounted)
    done = done_in(case, command.by, Act.RECORD_OUTCOME, facts)
    conclude_by_verdict(
        tx,
        context,
        replace(done, changed=discounted),
        now,
        lambda assessment: _with_case_moved_on(tx, context, ended, assessment, now),
    )


def _with_case_moved_on(
    tx: Transaction, context: Context, hearing: Hearing, assessment: Assessment, now: datetime
) -> Assessment:
    """If the policy asks for nothing any more, a misunderstanding ends the case; an upheld matter goes on."""
    if assessment.verdict.rung is not Rung.RECORD or assessment.case is None:
        return assessment
    case = assessment.case
    if hearing.finding is Finding.MISUNDERSTANDING:
        salt = tx.hearings.salt(hearing.number)
        tx.cases.close(case.number, Outcome.MISUNDERSTANDING, now, hearing.ended_by, hearing.why, salt)
    else:
        rung = rung_after_upheld(assessment.verdict)
        due = due_at(tx, context, case.customer, rung, now, urgent=False)
        moved = tx.cases.move(case, rung, min(case.due_at, due) if case.urgent else due, urgent=case.urgent)
        schedule_case(tx, context, case, moved, now)
    return replace(assessment, case=tx.cases.get(case.number))


def _facts(tx: Transaction, ended: Hearing, discounted: tuple[int, ...]) -> dict[str, object]:
    salt = tx.hearings.salt(ended.number)
    return {
        "hearing": ended.number,
        "finding": str(ended.finding),
        "discounted": list(discounted),
        "reps_side": salted_digest(salt, ended.reps_side or ""),
        "customers_side": salted_digest(salt, ended.customers_side or ""),
        "why": salted_digest(salt, ended.why or ""),
    }


def _wrong_upheld(command: RecordOutcome) -> dict[str, str]:
    sides = {"reps_side": command.reps_side, "customers_side": command.customers_side}
    missing = _("Please write what both sides said before you uphold it.")
    wrong = {name: missing for name, side in sides.items() if is_blank(side)}
    if command.discounted:
        wrong["discounted"] = _("Upheld reports keep their points. Please untick these, or pick “A misunderstanding”.")
    return wrong


def _wrong_misunderstanding(tx: Transaction, case: Case, command: RecordOutcome) -> dict[str, str]:
    wrong = {}
    counting = {r.incident.number for r in tx.reports.of_case(case.number) if not r.incident.void}
    if not command.discounted:
        wrong["discounted"] = _("Please tick the reports that were a misunderstanding.")
    elif not counting.issuperset(command.discounted):
        wrong["discounted"] = _("One of these reports has been withdrawn. Please open the form again.")
    if is_blank(command.why):
        wrong["why"] = _("Please say in a sentence how it came about. The rep who reported it reads this.")
    return wrong
