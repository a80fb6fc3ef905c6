"""A manager hears both sides before anything is decided, because the policy or another manager asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act, salted_digest
from bot.rules.business_time import due
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.fields import Words
from bot.rules.hearings import Finding, Hearing
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.rules.refusals import HeardAlready, HearingTaken, NotEntitled, WrongRung
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import refuse_unless_decider
from bot.usecases.shared.case_access import lock_case, lock_case_at_rung, refuse_unless_at_rung
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.fields import refuse, refuse_wrong_fields, wrong_fields
from bot.usecases.shared.protection import follow_policy
from bot.usecases.shared.read_models import recorded_case
from bot.usecases.shared.schedule import schedule_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TakeHearing:
    """A manager takes the hearing that the policy asks for."""

    by: Person
    case: int


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Another manager takes over a hearing. `words`: why. `hearing`: the one that they saw; None: whichever it is."""

    by: Person
    case: int
    words: Words
    hearing: int | None = None


@dataclass(frozen=True, slots=True)
class HearBothSides:
    """Before a decision, `taker` is to hear both sides. `words`: what to clear up."""

    by: Person
    case: int
    taker: str
    words: Words


NOT_THEM = _(
    "They may not hear this case. Please pick a manager who has not reported this customer, has not looked after "
    "the account and is not recused."
)


def take_hearing(context: Context, command: TakeHearing) -> RecordedCase:
    """Take the hearing that the policy asks for. Idempotent. Raises as `lock_case_at_rung`; also HearingTaken."""
    with context.begin(command.by.team) as tx:
        case, now = lock_case_at_rung(tx, context, command.by, command.case, Rung.HEAR)
        newest = tx.hearings.newest(case.number)
        if newest and newest.under_way:
            refuse_anothers(newest, command.by)
        else:
            hearing = tx.hearings.begin(case.number, command.by.user, now, new_salt())
            _conclude(tx, context, case, hearing, command.by, Act.TAKE_HEARING, {})
        return recorded_case(tx, context, command.by, case.number)


def take_over(context: Context, command: TakeOver) -> RecordedCase:
    """Take over a hearing that somebody else has taken: they are notified by a message. Idempotent.

    Raises as `lock_case_at_rung`; also Wrong, WrongRung (no hearing is under way) and HearingTaken: it was taken over
    since the form opened, so it would be taken from somebody whom the form did not name.
    """
    refuse_wrong_fields(context, command, check_take_over, command.case)
    words = command.words.strip()
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.TAKE_OVER_HEARING):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.HEAR, now)
            before = under_way(tx, case)
            if command.hearing not in {None, before.number}:
                refuse_anothers(before, command.by)
            if before.taken_by != command.by.user:
                _take_over(tx, context, case, before, replace(command, words=words), now)
        ended = (each for each in tx.hearings.of_case(case.number) if each.finding is Finding.HANDED_OVER)
        had = [each.taken_by for each in ended if each.ended_by == command.by.user]
        return replace(recorded_case(tx, context, command.by, case.number), taken_from=had[-1] if had else None)


def _take_over(
    tx: Transaction, context: Context, case: Case, before: Hearing, command: TakeOver, now: datetime
) -> None:
    tx.hearings.end(replace(before, ended_at=now, ended_by=command.by.user, finding=Finding.HANDED_OVER))
    salt = new_salt()
    hearing = tx.hearings.begin(case.number, command.by.user, now, salt, asked_by=before.asked_by, words=command.words)
    facts = {"from": before.taken_by, "words": salted_digest(salt, command.words)}
    _conclude(tx, context, case, hearing, command.by, Act.TAKE_OVER_HEARING, facts)
    new = (NoticeKind.HEARING, before.number, before.taken_by, now)  # an edit of what asked them notifies nobody
    tx.notices.refresh(*new, customer=case.customer, round_=1)


def hear_both_sides(context: Context, command: HearBothSides) -> RecordedCase:
    """Ask for a hearing before a decision. It extends the deadline, and is possible once in a case. Idempotent.

    Also where the hearing was in a case that a merger has ended for this one.

    Raises as `lock_case_at_rung`; also Wrong (no words, or the taker may not act on the case) and HeardAlready.
    """
    words = command.words.strip()
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.HEAR_BOTH_SIDES):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.DECIDE, now)
            _refuse_heard(tx, case)
            refuse(wrong_fields(context, command) | _wrong_taker(tx, context, command, case, now))
            _ask(tx, context, case, replace(command, words=words), now)
        return recorded_case(tx, context, command.by, command.case)


def under_way(tx: Transaction, case: Case) -> Hearing:
    """The hearing of the case that has no outcome yet. Raises WrongRung if there is none."""
    newest = tx.hearings.newest(case.number)
    if newest is None or not newest.under_way:
        raise WrongRung(case.number)
    return newest


def refuse_anothers(hearing: Hearing, by: Person) -> None:
    """Raises HearingTaken unless this person has taken the hearing."""
    if hearing.taken_by != by.user:
        raise HearingTaken(hearing.case, hearing.taken_by, hearing.taken_at)


def check_hear_both_sides(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `hear_both_sides`, but for Wrong."""
    _refuse_heard(tx, lock_case_at_rung(tx, context, by, number, Rung.DECIDE)[0])


def check_take_over(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `take_over`, but for Wrong."""
    under_way(tx, lock_case_at_rung(tx, context, by, number, Rung.HEAR)[0])


def _refuse_heard(tx: Transaction, case: Case) -> None:
    if any(hearing.asked_by or hearing.heard_both for hearing in tx.hearings.behind(case.number)):
        raise HeardAlready(case.number)


def _wrong_taker(
    tx: Transaction, context: Context, command: HearBothSides, case: Case, now: datetime
) -> dict[str, str]:
    taker = Person(command.by.team, command.taker, command.by.team)
    try:
        refuse_unless_decider(tx, context, taker, case, now)
    except NotEntitled:
        return {"taker": NOT_THEM}
    return {}


def _ask(tx: Transaction, context: Context, case: Case, command: HearBothSides, now: datetime) -> None:
    salt = new_salt()
    hearing = tx.hearings.begin(case.number, command.taker, now, salt, asked_by=command.by.user, words=command.words)
    extended = due(max(case.due_at, now), context.policy.deadlines.extension, context.policy.hours)
    moved = tx.cases.move(case, Rung.HEAR, extended, urgent=case.urgent)
    schedule_case(tx, context, case, moved, now)
    follow_policy(tx, context, moved, now)
    facts = {
        "taken_by": command.taker,
        "due_at": extended.isoformat(),
        "words": salted_digest(salt, command.words),
    }
    _conclude(tx, context, moved, hearing, command.by, Act.HEAR_BOTH_SIDES, facts)
    if command.taker != command.by.user:
        tx.notices.refresh(NoticeKind.HEARING, hearing.number, command.taker, now, customer=case.customer)


def _conclude(
    tx: Transaction, context: Context, case: Case, hearing: Hearing, by: Person, act: Act, facts: Mapping[str, object]
) -> None:
    done = done_in(case, by, act, {"hearing": hearing.number, **facts})
    conclude(tx, context, done, hearing.taken_at)
