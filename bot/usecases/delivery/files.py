"""Reads what goes into a file that somebody asked for: a case's evidence pack, a report's file, a letter."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bot.rules.evidence_pack.pack import Contents
from bot.rules.notices import Notice
from bot.rules.reports import Evidence
from bot.rules.sent_letters import Letter
from bot.usecases.cases.evidence_pack import names_of, pack_contents
from bot.usecases.cases.letters import letter_in_file
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import stakes_in
from bot.usecases.reports.files import requested_file, who_is_reported
from bot.usecases.shared.case_access import customers_shown
from storage.transaction import Transaction


class LetterFile(NamedTuple):
    """A letter as a file. `letter` is None where it was erased, and until it has gone to who has a stake by now."""

    case: int
    letter: Letter | None


class PackContent(NamedTuple):
    """What goes into a case's evidence pack, and people's names by their IDs.

    `contents` is None for somebody who has a stake by now.
    """

    case: int
    contents: Contents | None
    names: Mapping[str, str]


class FileContent(NamedTuple):
    """A file of a report. `content` is None where it was erased, and for somebody who has a stake by now."""

    report: int
    evidence: Evidence | None
    content: bytes | None


def letter_file(tx: Transaction, context: Context, notice: Notice) -> LetterFile:
    """The letter, as it is kept now; until it has gone as `pack_content`."""
    letter, customer = letter_in_file(tx, notice.subject, notice.round), tx.cases.get(notice.subject).customer
    apart = letter and not letter.sent and _has_stake(tx, context, notice, [customer])
    return LetterFile(notice.subject, None if apart else letter)


def pack_content(tx: Transaction, context: Context, notice: Notice) -> PackContent:
    """Whoever took it may have a stake by now: it may be delivered long after the click."""
    if _has_stake(tx, context, notice, customers_shown(tx, notice.subject)):
        return PackContent(notice.subject, None, {})
    contents = pack_contents(tx, notice.subject)
    return PackContent(notice.subject, contents, names_of(tx, contents))


def packs_naming(tx: Transaction, user: str) -> tuple[int, ...]:
    """The cases of which somebody was sent an evidence pack that has this colleague's name, and what they said."""
    return tuple(case for case in tx.sent_files.packs() if user in pack_contents(tx, case).people.values())


def file_content(tx: Transaction, context: Context, notice: Notice) -> FileContent:
    """As `pack_content`."""
    report = tx.reports.get(notice.subject)
    file = requested_file(report, notice.round)
    if file is None or _has_stake(tx, context, notice, who_is_reported(tx, report)):
        return FileContent(notice.subject, None, None)
    return FileContent(notice.subject, file, tx.files.content(notice.subject, file.file))


def _has_stake(tx: Transaction, context: Context, notice: Notice, customers: Iterable[int]) -> bool:
    return any(notice.target in stakes_in(tx, context, customer, context.clock()) for customer in customers)
