"""Somebody hears both sides before anything is decided: the policy asks for it, or a manager does."""

from dataclasses import replace
from datetime import datetime

from bot.language import _
from bot.rules.audit_chain import seal
from bot.rules.business_time import due
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.hearings import Finding, Hearing
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import HeardAlready, HearingTaken, NotEntitled, Wrong, WrongRung
from bot.usecases.context import Desk, new_salt
from bot.usecases.hearings.commands import HearBothSides, TakeHearing, TakeOver
from bot.usecases.permissions.permissions import refuse_unless_entitled
from bot.usecases.shared.case_access import take_up
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.schedule import plan
from bot.usecases.shared.stale_messages import show_case
from bot.usecases.shared.verdicts import end_hearing
from storage.transaction import Transaction

NOT_THEM = _(
    "They can't hear this case: please pick a manager who reported nothing in it and does not own the account."
)


def take_hearing(desk: Desk, command: TakeHearing) -> CaseFile:
    """Become the owner of the hearing that the policy asks for. Asked twice, it answers the same.

    Raises:
        HearingTaken: somebody else was first; it can be taken over.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Unknown, NotRecorded: see `take_up`.
    """
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case = take_up(record, desk, command.by, command.case, Rung.HEAR, now)
        newest = record.hearings.newest(case.number)
        if newest and newest.under_way:
            refuse_anothers(newest, command.by)
        else:
            hearing = record.hearings.begin(case.number, command.by.user, now, new_salt())
            _note(record, desk, case, hearing, command.by, "take hearing", {})
        return case_file(record, desk, case.number)


def take_over(desk: Desk, command: TakeOver) -> CaseFile:
    """Become the owner of a hearing that somebody else has taken, and say why. Asked twice, it answers the same.

    Raises:
        Wrong: no word why.
        WrongRung: no hearing is under way.
        NotEntitled, AlreadyDecided, AlreadyClosed, Unknown, NotRecorded: see `take_up`.
    """
    words = command.words.strip()
    if not words:
        raise Wrong({"words": _("Please say in a sentence why you take it over. They read this.")})
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        case = take_up(record, desk, command.by, command.case, Rung.HEAR, now)
        before = under_way(record, case)
        if before.taken_by != command.by.user:
            end_hearing(
                record, replace(before, ended_at=now, ended_by=command.by.user, finding=Finding.HANDED_OVER), now
            )
            salt = new_salt()
            hearing = record.hearings.begin(
                case.number, command.by.user, now, salt, asked_by=before.asked_by, words=words
            )
            facts: dict[str, object] = {"from": before.taken_by, "words": seal(salt, words)}
            _note(record, desk, case, hearing, command.by, "take over hearing", facts)
        return case_file(record, desk, case.number)


def hear_both_sides(desk: Desk, command: HearBothSides) -> CaseFile:
    """Before a decision, both sides are heard: once in a case, and it extends the deadline. Only a hearing does.

    Asked twice by the same manager for the same one, it answers the same.

    Raises:
        Wrong: nothing to clear up is named, or whoever is to take it may not act on the case.
        HeardAlready: it has been done in this case.
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Unknown, NotRecorded: see `take_up`.
    """
    words = command.words.strip()
    if not words:
        raise Wrong({"words": _("Please say in a sentence what is to be cleared up.")})
    now = desk.clock()
    with desk.begin(command.by.team) as record:
        if not _asked_before(record, command):
            case = take_up(record, desk, command.by, command.case, Rung.DECIDE, now)
            _refuse_heard(record, case)
            _refuse_taker(record, desk, command, case, now)
            _ask(record, desk, case, replace(command, words=words))
        return case_file(record, desk, command.case)


def under_way(record: Transaction, case: Case) -> Hearing:
    """The hearing whose outcome is awaited. Raises `WrongRung` where there is none."""
    newest = record.hearings.newest(case.number)
    if newest is None or not newest.under_way:
        raise WrongRung(case.number)
    return newest


def refuse_anothers(hearing: Hearing, by: Person) -> None:
    """Raises `HearingTaken` unless this is the person's own hearing."""
    if hearing.taken_by != by.user:
        raise HearingTaken(hearing.case, hearing.taken_by, hearing.taken_at)


def look_before_hearing(desk: Desk, by: Person, number: int) -> CaseFile:
    """What the form of *Hear both sides* shows. Raises as `hear_both_sides`, fields aside."""
    with desk.read(by.team) as record:
        _refuse_heard(record, take_up(record, desk, by, number, Rung.DECIDE, desk.clock()))
        return case_file(record, desk, number)


def look_to_take_over(desk: Desk, by: Person, number: int) -> CaseFile:
    """What the form of *Take over* shows. Raises as `take_over`, fields aside."""
    with desk.read(by.team) as record:
        under_way(record, take_up(record, desk, by, number, Rung.HEAR, desk.clock()))
        return case_file(record, desk, number)


def _asked_before(record: Transaction, command: HearBothSides) -> bool:
    record.customers.lock(record.cases.get(command.case).customer)
    newest = record.hearings.newest(command.case)
    if newest is None or not newest.under_way:
        return False
    return (newest.asked_by, newest.taken_by) == (command.by.user, command.taker)


def _refuse_heard(record: Transaction, case: Case) -> None:
    if any(hearing.asked_by or hearing.heard_both for hearing in record.hearings.of_case(case.number)):
        raise HeardAlready(case.number)


def _refuse_taker(record: Transaction, desk: Desk, command: HearBothSides, case: Case, now: datetime) -> None:
    taker = Person(command.by.team, command.taker, command.by.team)
    try:
        refuse_unless_entitled(record, desk, taker, case, now)
    except NotEntitled as refusal:
        raise Wrong({"taker": NOT_THEM}) from refusal


def _ask(record: Transaction, desk: Desk, case: Case, command: HearBothSides) -> None:
    now, salt = desk.clock(), new_salt()
    hearing = record.hearings.begin(
        case.number, command.taker, now, salt, asked_by=command.by.user, words=command.words
    )
    extended = due(max(case.due_at, now), desk.policy.deadlines.extension, desk.policy.hours)
    moved = record.cases.move(case, Rung.HEAR, extended, urgent=case.urgent)
    facts: dict[str, object] = {
        "taken_by": command.taker,
        "due_at": extended.isoformat(),
        "words": seal(salt, command.words),
    }
    _note(record, desk, moved, hearing, command.by, "hear both sides", facts)
    plan(record, desk, case, moved, now)
    if command.taker != command.by.user:
        record.notices.want("hearing", hearing.number, command.taker, now)


def _note(
    record: Transaction, desk: Desk, case: Case, hearing: Hearing, by: Person, act: str, facts: dict[str, object]
) -> None:
    named = {"case": case.number, "hearing": hearing.number} | facts
    record.audit.append(case.customer, by.user, act, named, hearing.taken_at)
    record.cases.touch(case.number)
    show_case(record, desk, case, hearing.taken_at)
