"""What people look at in a random walk. Each answers READ where it showed more than everybody may see."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.rules.people import Person
from bot.rules.sent_letters import LetterKind
from bot.usecases.cases.evidence_pack import request_pack
from bot.usecases.cases.letters import read_letters, request_letter
from bot.usecases.context import Context
from bot.usecases.customers.look_up import open_customer, timeline
from bot.usecases.decisions.decide import Drop, Keep, draft_for_drop, keep_or_draft
from bot.usecases.objections.answer import AnswerObjection, draft_for_answer
from bot.usecases.reports.files import RequestFiles, request_files
from bot.usecases.shared.access import see_case
from bot.usecases.shared.letters import Drafted
from bot.usecases.warnings.warn import IssueWarning, draft_for_warning
from tests.builders import TEAM

READ = "read"
Act = tuple[float, Callable[..., object], Any]
"""How likely it is, the use case, and its command, which says who in `by`."""


@dataclass(frozen=True)
class AboutCustomer:
    """Somebody looks at a customer."""

    by: Person
    customer: int


@dataclass(frozen=True)
class AboutCase:
    """Somebody looks at a case."""

    by: Person
    case: int


@dataclass(frozen=True)
class AboutLetter:
    """Somebody takes a letter as a file."""

    by: Person
    case: int
    letter: LetterKind


def read_timeline(context: Context, asked: AboutCustomer) -> str:
    """READ: it names who reported."""
    timeline(context, asked.by, asked.customer, 1)
    return READ


def read_card(context: Context, asked: AboutCustomer) -> str:
    """READ if it shows more than reps see."""
    return READ if open_customer(context, asked.by, asked.customer).managers else ""


def read_case(context: Context, asked: AboutCase) -> str:
    """READ: it shows every report, and who made it."""
    see_case(context, asked.by, asked.case, 1)
    return READ


def read_letter(context: Context, asked: AboutCase) -> str:
    """READ if it shows a letter that has not gone to the customer."""
    file = read_letters(context, asked.by, asked.case)
    all_gone = all(letter.sent for letter in file.decision_history.letters)
    return "" if all_gone and all(each.delivered_at for each in file.warnings) else READ


def take_letter(context: Context, asked: AboutLetter) -> str:
    """READ if it had not gone to the customer."""
    with context.read(TEAM) as tx:
        warning = tx.warnings.of_case(asked.case)
        gone = {each.letter for each in tx.sent_letters.of_case(asked.case)}
    request_letter(context, asked.by, asked.case, asked.letter)
    gone |= {LetterKind.WARNING} if warning and warning.delivered_at else set()
    return "" if asked.letter in gone else READ


def take_pack(context: Context, asked: AboutCase) -> str:
    """READ: it has everything."""
    request_pack(context, asked.by, asked.case)
    return READ


def take_files(context: Context, asked: RequestFiles) -> str:
    """READ: it is what a rep uploaded."""
    request_files(context, asked)
    return READ


def draft(context: Context, sent: Drop | Keep | IssueWarning | AnswerObjection) -> str:
    """The first step of two. READ: the letter is drafted from the reports, or stands beside them."""
    match sent:
        case Drop():
            draft_for_drop(context, sent)
        case Keep():
            return READ if isinstance(keep_or_draft(context, sent), Drafted) else ""
        case IssueWarning():
            draft_for_warning(context, sent.by, sent.case)
        case AnswerObjection():
            draft_for_answer(context, sent)
    return READ
