"""Somebody hears both sides before anything is decided: the policy asks for it, or a manager does."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.business_time import due
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.hearings import Finding, Hearing
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import HeardAlready, HearingTaken, NotEntitled, Wrong, WrongRung
from bot.usecases.context import Context, new_salt
from bot.usecases.hearings.commands import HearBothSides, TakeHearing, TakeOver
from bot.usecases.permissions.permissions import refuse_unless_entitled
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import plan
from bot.usecases.shared.stale_messages import show_case
from bot.usecases.shared.verdicts import end_hearing
from storage.transaction import Transaction

NOT_THEM = _(
    "They can't hear this case: please pick a manager who reported nothing in it and does not own the account."
)


def take_hearing(context: Context, command: TakeHearing) -> CaseFile:
    """Become the owner of the hearing that the policy asks for. Asked twice, it answers the same.

    Raises:
        HearingTaken: somebody else was first; it can be taken over.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Unknown, NotRecorded: see `lock_case`.
    """
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case = lock_case(tx, context, command.by, command.case, Rung.HEAR, now)
        newest = tx.hearings.newest(case.number)
        if newest and newest.under_way:
            refuse_anothers(newest, command.by)
        else:
            hearing = tx.hearings.begin(case.number, command.by.user, now, new_salt())
            _note(tx, context, case, hearing, command.by, Act.TAKE_HEARING, {})
        return case_file(tx, context, case.number)


def take_over(context: Context, command: TakeOver) -> CaseFile:
    """Become the owner of a hearing that somebody else has taken, and say why. Asked twice, it answers the same.

    Raises:
        Wrong: no word why.
        WrongRung: no hearing is under way.
        NotEntitled, AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `lock_case`.
    """
    words = command.words.strip()
    if not words:
        raise Wrong({"words": _("Please say in a sentence why you take it over. They read this.")})
    now = context.clock()
    with context.begin(command.by.team) as tx:
        case = lock_case(tx, context, command.by, command.case, Rung.HEAR, now)
        before = under_way(tx, case)
        if before.taken_by != command.by.user:
            end_hearing(tx, replace(before, ended_at=now, ended_by=command.by.user, finding=Finding.HANDED_OVER), now)
            salt = new_salt()
            hearing = tx.hearings.begin(case.number, command.by.user, now, salt, asked_by=before.asked_by, words=words)
            facts: dict[str, object] = {"from": before.taken_by, "words": seal(salt, words)}
            _note(tx, context, case, hearing, command.by, Act.TAKE_OVER_HEARING, facts)
        return case_file(tx, context, case.number)


def hear_both_sides(context: Context, command: HearBothSides) -> CaseFile:
    """Before a decision, both sides are heard: once in a case, and it extends the deadline. Only a hearing does.

    Asked twice by the same manager for the same one, it answers the same.

    Raises:
        Wrong: nothing to clear up is named, or whoever is to take it may not act on the case.
        HeardAlready: it has been done in this case.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Unknown, NotRecorded: see `lock_case`.
    """
    words = command.words.strip()
    if not words:
        raise Wrong({"words": _("Please say in a sentence what is to be cleared up.")})
    now = context.clock()
    with context.begin(command.by.team) as tx:
        if not _asked_before(tx, command):
            case = lock_case(tx, context, command.by, command.case, Rung.DECIDE, now)
            _refuse_heard(tx, case)
            _refuse_taker(tx, context, command, case, now)
            _ask(tx, context, case, replace(command, words=words))
        return case_file(tx, context, command.case)


def under_way(tx: Transaction, case: Case) -> Hearing:
    """The hearing whose outcome is awaited. Raises `WrongRung` where there is none."""
    newest = tx.hearings.newest(case.number)
    if newest is None or not newest.under_way:
        raise WrongRung(case.number)
    return newest


def refuse_anothers(hearing: Hearing, by: Person) -> None:
    """Raises `HearingTaken` unless this is the person's own hearing."""
    if hearing.taken_by != by.user:
        raise HearingTaken(hearing.case, hearing.taken_by, hearing.taken_at)


def check_hear_both_sides(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `hear_both_sides` raises, its fields aside."""
    _refuse_heard(tx, lock_case(tx, context, by, number, Rung.DECIDE, now))


def check_take_over(tx: Transaction, context: Context, by: Person, number: int, now: datetime) -> None:
    """Raises what `take_over` raises, its field aside."""
    under_way(tx, lock_case(tx, context, by, number, Rung.HEAR, now))


def _asked_before(tx: Transaction, command: HearBothSides) -> bool:
    tx.customers.lock(tx.cases.get(command.case).customer)
    newest = tx.hearings.newest(command.case)
    if newest is None or not newest.under_way:
        return False
    return (newest.asked_by, newest.taken_by) == (command.by.user, command.taker)


def _refuse_heard(tx: Transaction, case: Case) -> None:
    if any(hearing.asked_by or hearing.heard_both for hearing in tx.hearings.of_case(case.number)):
        raise HeardAlready(case.number)


def _refuse_taker(tx: Transaction, context: Context, command: HearBothSides, case: Case, now: datetime) -> None:
    taker = Person(command.by.team, command.taker, command.by.team)
    try:
        refuse_unless_entitled(tx, context, taker, case, now)
    except NotEntitled as refusal:
        raise Wrong({"taker": NOT_THEM}) from refusal


def _ask(tx: Transaction, context: Context, case: Case, command: HearBothSides) -> None:
    now, salt = context.clock(), new_salt()
    hearing = tx.hearings.begin(case.number, command.taker, now, salt, asked_by=command.by.user, words=command.words)
    extended = due(max(case.due_at, now), context.policy.deadlines.extension, context.policy.hours)
    moved = tx.cases.move(case, Rung.HEAR, extended, urgent=case.urgent)
    facts: dict[str, object] = {
        "taken_by": command.taker,
        "due_at": extended.isoformat(),
        "words": seal(salt, command.words),
    }
    _note(tx, context, moved, hearing, command.by, Act.HEAR_BOTH_SIDES, facts)
    plan(tx, context, case, moved, now)
    if command.taker != command.by.user:
        tx.notices.want(NoticeKind.HEARING, hearing.number, command.taker, now)


def _note(
    tx: Transaction, context: Context, case: Case, hearing: Hearing, by: Person, act: Act, facts: dict[str, object]
) -> None:
    named = {"case": case.number, "hearing": hearing.number} | facts
    tx.audit.append(case.customer, by.user, act, named, hearing.taken_at)
    tx.cases.touch(case.number)
    show_case(tx, context, case, hearing.taken_at)
