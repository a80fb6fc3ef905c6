"""What came of a hearing: a misunderstanding, or upheld."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case, Outcome
from bot.rules.hearings import Finding, Hearing, onward
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import Wrong
from bot.usecases.context import Context
from bot.usecases.hearings.commands import RecordOutcome
from bot.usecases.hearings.hear import refuse_anothers, under_way
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import plan
from bot.usecases.shared.stale_messages import show_case
from bot.usecases.shared.verdicts import Judged, due_at, end_hearing, judge, note_verdict, settle, verdict_facts
from storage.transaction import Transaction


def record_outcome(context: Context, command: RecordOutcome) -> CaseFile:
    """Both sides were heard. Recorded twice by the same manager, it answers the same.

    A misunderstanding: the reports named weigh nothing from now on, their reporters are told why, and the policy is
    asked anew: the case ends where nothing is left, or moves to what holds now.
    Upheld: what each side said is kept, and the case goes on to a warning, or to a decision where one is valid.

    Raises:
        Wrong: a field cannot stand.
        HearingTaken: somebody else has taken the hearing.
        WrongRung: no hearing is under way.
        NotEntitled, AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `lock_case`.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        if not _recorded_before(tx, command):
            case = lock_case(tx, context, command.by, command.case, Rung.HEAR, now)
            hearing = under_way(tx, case)
            refuse_anothers(hearing, command.by)
            _refuse_wrong(tx, case, command)
            _record(tx, context, case, _ended(hearing, command, now), command.discounted)
        return case_file(tx, context, command.case)


def check_outcome(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `record_outcome` raises, its fields aside."""
    refuse_anothers(under_way(tx, lock_case(tx, context, by, number, Rung.HEAR, now)), by)


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


def _record(tx: Transaction, context: Context, case: Case, ended: Hearing, discounted: tuple[int, ...]) -> None:
    now = context.clock()
    end_hearing(tx, ended, now)
    for given in tx.approvals.of_case(case.number):  # by whoever had not heard this
        tx.approvals.take_back(case.number, given.by, now)
    for number in discounted:
        tx.reports.discount(number, ended.number, now)
    judged = _gone_on(tx, context, ended, judge(tx, context, tx.customers.get(case.customer), now))
    for number in discounted:
        tx.reports.changed(number, judged.case or case)
    facts = verdict_facts(judged) | {"case": case.number} | _facts(tx, ended, discounted)
    n = tx.audit.append(case.customer, ended.ended_by or "", Act.RECORD_OUTCOME, facts, now)
    note_verdict(tx, context, judged, case.customer, n, now)
    settle(tx, case.customer, now)
    show_case(tx, context, judged.case, now)


def _gone_on(tx: Transaction, context: Context, hearing: Hearing, judged: Judged) -> Judged:
    """Where the policy asks for nothing any more: a misunderstanding ends the case, what is upheld goes on."""
    if judged.verdict.rung is not Rung.RECORD or judged.case is None:
        return judged
    case, now = judged.case, context.clock()
    if hearing.finding is Finding.MISUNDERSTANDING:
        salt = tx.hearings.salt(hearing.number)
        tx.cases.close(case.number, Outcome.MISUNDERSTANDING, now, hearing.ended_by, hearing.why, salt)
    else:
        rung = onward(judged.verdict)
        moved = tx.cases.move(case, rung, due_at(context, rung, now, urgent=False), urgent=case.urgent)
        plan(tx, context, case, moved, now)
    return replace(judged, case=tx.cases.get(case.number))


def _facts(tx: Transaction, ended: Hearing, discounted: tuple[int, ...]) -> dict[str, object]:
    salt = tx.hearings.salt(ended.number)
    return {
        "hearing": ended.number,
        "finding": str(ended.finding),
        "discounted": list(discounted),
        "reps_side": seal(salt, ended.reps_side or ""),
        "customers_side": seal(salt, ended.customers_side or ""),
        "why": seal(salt, ended.why or ""),
    }


def _recorded_before(tx: Transaction, command: RecordOutcome) -> bool:
    tx.customers.lock(tx.cases.get(command.case).customer)
    newest = tx.hearings.newest(command.case)
    if newest is None or newest.ended_by != command.by.user or newest.finding is not command.finding:
        return False
    said = (command.reps_side.strip(), command.customers_side.strip(), command.why.strip())
    return said == (newest.reps_side or "", newest.customers_side or "", newest.why or "")


def _refuse_wrong(tx: Transaction, case: Case, command: RecordOutcome) -> None:
    upheld = command.finding is Finding.UPHELD
    wrong = _wrong_upheld(command) if upheld else _wrong_misunderstanding(tx, case, command)
    if wrong:
        raise Wrong(wrong)


def _wrong_upheld(command: RecordOutcome) -> dict[str, str]:
    sides = {"reps_side": command.reps_side, "customers_side": command.customers_side}
    wrong = {
        name: _("Before it is upheld, both sides have to be on record.")
        for name, side in sides.items()
        if not side.strip()
    }
    if command.discounted:
        wrong["discounted"] = _("What is upheld counts. Please untick these, or pick a misunderstanding.")
    return wrong


def _wrong_misunderstanding(tx: Transaction, case: Case, command: RecordOutcome) -> dict[str, str]:
    wrong = {}
    standing = {r.incident.number for r in tx.reports.of_case(case.number) if not r.incident.void}
    if not command.discounted:
        wrong["discounted"] = _("Please tick the reports that were a misunderstanding.")
    elif not standing.issuperset(command.discounted):
        wrong["discounted"] = _("One of these reports was withdrawn meanwhile. Please open the form again.")
    if not command.why.strip():
        wrong["why"] = _("Please say in a sentence how it came about. Whoever reported it reads this.")
    return wrong
