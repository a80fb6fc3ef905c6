"""Letters to the customer: whoever is to send one is asked until it is marked as sent. Each can be had as a file."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.language import _
from bot.rules.audit import Act
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.cases import Case, Left
from bot.rules.fields import CLOCK_SKEW, PastMoment
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.refusals import AlreadySent, Denial, NotEntitled, Unknown, Wrong
from bot.rules.sent_letters import Letter, LetterKind, SentLetter
from bot.rules.warnings import Delivery
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import (
    Available,
    refuse_unless_manager,
    refuse_unless_without_stake,
    stakes_in,
)
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.conclude import Done, conclude, conclude_left, done_in, is_recorded
from bot.usecases.shared.fields import refuse_wrong_fields
from bot.usecases.shared.letters_to_send import letter_to_send, letters_about, plan_letters, who_sends
from bot.usecases.shared.read_models import case_file, recorded_case
from storage.transaction import Transaction

BEFORE_IT_WAS_WRITTEN = _("This is before the letter was written. Please check the date and the time.")


@dataclass(frozen=True, slots=True)
class MarkSent:
    """The letter was sent at `at`."""

    by: Person
    case: int
    letter: LetterKind
    how: Delivery
    at: PastMoment


def mark_sent(context: Context, command: MarkSent) -> RecordedCase:
    """Put on record that a letter was sent: from then on nobody is asked for it. Idempotent.

    Raises:
        Wrong: the time is in the future, or before the letter was written.
        AlreadySent: it has been marked.
        NotEntitled: as `refuse_unless_without_stake`.
        Unknown: the case has no such letter, or it was erased.
        NotRecorded.
    """
    refuse_wrong_fields(context, command, check_letters, command.case)
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        refuse_unless_without_stake(tx, context, command.by, case.customer, now, case.number)
        letter = _letter(tx, case, command.letter)
        if not is_recorded(tx, command.by, Act.SEND_LETTER):
            if letter.sent:
                raise AlreadySent(case.number, letter.sent.by, letter.sent.at)
            if command.at < letter.at - CLOCK_SKEW:
                raise Wrong({"at": BEFORE_IT_WAS_WRITTEN})
            _record(tx, context, case, letter, command, now)
        return recorded_case(tx, context, command.by, case.number)


def _record(tx: Transaction, context: Context, case: Case, letter: Letter, command: MarkSent, now: datetime) -> None:
    sent_at = min(max(command.at, letter.at), now)  # a form has whole minutes only
    tx.sent_letters.add(SentLetter(case.number, letter.kind, command.how, sent_at, command.by.user, now))
    plan_letters(tx, context, case.customer, now)
    facts = {"letter": letter.kind.value, "how": command.how.value, "sent_at": sent_at.isoformat()}
    conclude(tx, context, done_in(case, command.by, Act.SEND_LETTER, facts), now)


def check_letters(tx: Transaction, context: Context, by: Person, number: int) -> None:
    """Raises as `mark_sent`, except Wrong and AlreadySent."""
    case, now = lock_case(tx, context, number)
    refuse_unless_without_stake(tx, context, by, case.customer, now, number)


def ask_for_letter(tx: Transaction, context: Context, number: int) -> None:
    """Scheduled for each business day: message whoever is to send the letter, until it is sent or says nothing true.

    Where nobody is left who may send it, operators and directors are notified, as of an open case.
    """
    case, now = lock_case(tx, context, number)
    letter = letter_to_send(tx, case)
    if letter is None:
        return
    round_ = int(now.timestamp()) // 60
    for user in who_sends(tx, context, case, letter):
        before = tx.sent_notices.last_round(NoticeKind.LETTER, number, user)
        for each in filter(None, (before, round_)):  # the message of the day before shrinks to a line
            tx.notices.refresh(NoticeKind.LETTER, number, user, now, customer=case.customer, round_=each)
    _note_who_is_left(tx, context, case, now)
    plan_letters(tx, context, case.customer, now)


def _note_who_is_left(tx: Transaction, context: Context, case: Case, now: datetime) -> None:
    """Store whether anybody may send the letter. While an objection waits, who may answer it is what counts as well."""
    objection, available = tx.objections.of_case(case.number), Available(tx, context, case)
    left = Left.MANAGERS if available.has_enough(context.firm.management, 1) else Left.NOBODY
    if (left is Left.NOBODY) is (case.left is Left.NOBODY) or (
        left is Left.MANAGERS and objection and objection.is_open
    ):
        return
    tx.cases.set_left(case.number, left)
    conclude_left(tx, context, case, left, available.excluded, now)


def read_letters(context: Context, by: Person, number: int) -> CaseFile:
    """*Read the letter*: the case with its letters; for whoever has a stake, with those that have gone to the customer.

    What the customer has is no secret from who looks after the account; who reported what is in none of them.

    Raises NotEntitled for whoever is no manager, and for a stake where no letter has gone; Unknown.
    """
    with context.read(by.team) as tx:
        case, now = lock_case(tx, context, number)
        refuse_unless_manager(tx, context, by, now)
        file, denial = case_file(tx, context, number), stakes_in(tx, context, case.customer, now).get(by.user)
    return _only_gone(file, denial) if denial else file


def _only_gone(file: CaseFile, denial: Denial) -> CaseFile:
    case, history = file.case, file.decision_history
    letters = tuple(letter for letter in history.letters if letter.sent)
    warnings = tuple(each for each in file.warnings if each.delivered_at and (case.is_open or each.case == case.number))
    if not (letters or warnings):
        raise NotEntitled(denial, case.number)
    return replace(file, warnings=warnings, decision_history=replace(history, letters=letters))


def request_letter(context: Context, by: Person, number: int, kind: LetterKind) -> None:
    """[Download]: send the letter to the manager as a file, at most once a minute. It is on record who took it.

    Raises NotEntitled for whoever is no manager, and for a stake unless it has gone; Unknown, NotRecorded.
    """
    with context.begin(by.team) as tx:
        case, now = lock_case(tx, context, number)
        refuse_unless_manager(tx, context, by, now)
        letter = _kept(tx, case, kind)
        if letter is None:
            raise Unknown("letter", case.number)
        if not letter.sent:
            refuse_unless_without_stake(tx, context, by, case.customer, now, number)
        minute = int(now.timestamp()) // 60
        once = f"letter-{number}-{kind}-{minute}"
        if is_recorded(tx, by, Act.EXPORT, once):
            return
        facts = {"what": "letter", "case": number, "letter": kind.value}
        conclude(tx, context, Done(Act.EXPORT, by.user, case.customer, facts, by.form, once), now)
        round_ = len(LetterKind) * minute + [*LetterKind].index(kind)
        tx.notices.refresh(NoticeKind.LETTER_FILE, number, by.user, now, round_=round_)


def letter_in_file(tx: Transaction, number: int, round_: int) -> Letter | None:
    """The letter that was asked for as a file; None where it was erased since."""
    return _kept(tx, tx.cases.get(number), [*LetterKind][round_ % len(LetterKind)])


def _kept(tx: Transaction, case: Case, kind: LetterKind) -> Letter | None:
    """The letter, unless it was erased; of a warning as it was issued, which is delivered instead of sent."""
    if kind is not LetterKind.WARNING:
        letters = letters_about(tx, case)
        return next((letter for letter in letters if letter.kind is kind and not letter.erased), None)
    warning = tx.warnings.of_case(case.number)
    if warning is None or warning.erased:
        return None
    how, at, by = warning.delivered_how, warning.delivered_at, warning.delivered_by
    sent = SentLetter(case.number, kind, how, at, by, at) if how and at and by else None
    return Letter(kind, warning.letter, warning.issued_by, warning.issued_at, sent)


def _letter(tx: Transaction, case: Case, kind: LetterKind) -> Letter:
    """One that is marked as sent. Raises Unknown."""
    found = None if kind is LetterKind.WARNING else _kept(tx, case, kind)
    if found is None:
        raise Unknown("letter", case.number)
    return found
