"""The files that reps upload: fetched from Slack into the record, and sent to managers who ask for them.

Slack shows a file to nobody but who uploaded it. Fetching waits for Slack, so no transaction is open meanwhile.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.rules.audit import CLOCK, Act
from bot.rules.notices import NoticeKind
from bot.rules.people import Person
from bot.rules.policy.policy import MOST_FILES
from bot.rules.reports import Evidence, FileToFetch, Report
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import refuse_unless_without_stake
from bot.usecases.shared.conclude import Done, conclude, is_recorded
from bot.usecases.transport import FileGone, RateLimited, Refused, Slack, Unanswered
from storage.transaction import Transaction

LEASE: Final = timedelta(minutes=2)  # another process, or this one after a kill, tries it again after that
IDLE: Final = 5.0  # seconds between two looks at a record without files to fetch
LONGEST_WAIT: Final = timedelta(hours=1)
GIVES_UP_AFTER: Final = timedelta(days=14)
OUT_OF_REACH: Final = "not_fetched_in_time"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches one file after the other."""

    context: Context
    slack: Slack

    def fetch_next(self, team: str) -> float:
        """Fetch the next file that is due. Returns for how many seconds to wait then. Raises NotRecorded."""
        now = self.context.clock()
        with self.context.read(team) as tx:
            file = tx.files.next()
        if file is None or file.next_try_at > now:
            return IDLE
        with self.context.begin(team) as tx:
            tx.files.try_at(file, now + LEASE)
        return self._fetch(team, file, now)

    def _fetch(self, team: str, file: FileToFetch, now: datetime) -> float:
        try:
            content = self.slack.file(file.file, self.context.policy.evidence.file_bytes)
        except FileGone as gone:
            self._settle(team, file, None, str(gone))
        except RateLimited as pause:
            self._not_fetched(team, file, now, timedelta(seconds=pause.seconds), "a pause")
            return pause.seconds
        except (Refused, Unanswered) as failure:
            wait = _wait(file, now)
            self._not_fetched(team, file, now, wait, str(failure))
            return min(wait.total_seconds(), IDLE)
        else:
            self._settle(team, file, content, "")
        return 0

    def _not_fetched(self, team: str, file: FileToFetch, now: datetime, wait: timedelta, error: str) -> None:
        """Try it again after `wait`, unless that has been done for long enough."""
        log.warning("a file was not fetched", extra={"ids": {"error": error}})
        if now - file.since > GIVES_UP_AFTER:
            self._settle(team, file, None, OUT_OF_REACH)
            return
        with self.context.begin(team) as tx:
            tx.files.try_at(file, now + wait)

    def _settle(self, team: str, file: FileToFetch, content: bytes | None, why: str) -> None:
        """Put on record what became of the file, unless it was erased meanwhile, or another process did."""
        with self.context.begin(team) as tx:
            tx.customers.lock(tx.reports.get(file.report).customer)
            report = tx.reports.get(file.report)
            waiting = [each for each in report.evidence if each.is_waiting and each.file == file.file]
            if not waiting:
                return
            if content is None:
                tx.files.forget(file)
            state = why if content is None else tx.files.keep(file, content)
            evidence = [replace(each, state=state) if each in waiting else each for each in report.evidence]
            tx.files.set_evidence(file.report, evidence)
            facts = {"report": file.report, "kept": content is not None}
            conclude(tx, self.context, Done(Act.KEEP_FILE, CLOCK, report.customer, facts), self.context.clock())


@dataclass(frozen=True, slots=True)
class RequestFiles:
    """A manager wants the files of a report."""

    by: Person
    report: int


def request_files(context: Context, command: RequestFiles) -> int:
    """Send the kept files of a report to a manager, by direct message, at most once a minute; how many there are.

    That they took them is on record. Raises NotEntitled for whoever has a stake; Unknown, NotRecorded.
    """
    by, number = command.by, command.report
    with context.begin(by.team) as tx:
        report = tx.reports.get(number)
        customer, now = tx.customers.lock(report.customer).number, context.clock()
        refuse_unless_may_open(tx, context, by, report, now)
        kept = [n for n, each in enumerate(uploads(report)) if each.digest]
        minute = int(now.timestamp()) // 60
        once = f"files-{number}-{minute}"
        if not is_recorded(tx, by, Act.EXPORT, once):
            facts = {"what": "files", "report": number}
            conclude(tx, context, Done(Act.EXPORT, by.user, customer, facts, by.form, once), now)
            for n in kept:
                tx.notices.refresh(NoticeKind.FILE, number, by.user, now, round_=minute * MOST_FILES + n)
    return len(kept)


def uploads(report: Report) -> list[Evidence]:
    """The files of a report in the order of its form, kept or not: a file keeps its place until all are erased."""
    return [each for each in report.evidence if each.file]


def requested_file(report: Report, round_: int) -> Evidence | None:
    """The file that a message of this round brings; None where it was erased. See `request_files`."""
    files, n = uploads(report), round_ % MOST_FILES
    return files[n] if n < len(files) and files[n].digest else None


def refuse_unless_may_open(tx: Transaction, context: Context, by: Person, report: Report, now: datetime) -> None:
    """Raises NotEntitled unless they may read the report in full."""
    for customer in who_is_reported(tx, report):
        refuse_unless_without_stake(tx, context, by, customer, now, tx.reports.case_of(report.incident.number))


def who_is_reported(tx: Transaction, report: Report) -> tuple[int, ...]:
    """The customer of a report, and the one whom they were merged into."""
    current = tx.customers.current(tx.customers.get(report.customer)).number
    return tuple(dict.fromkeys((report.customer, current)))


def _wait(file: FileToFetch, now: datetime) -> timedelta:
    """The longer it has been waited for, the longer until the next try."""
    return min(max(timedelta(minutes=1), (now - file.since) / 4), LONGEST_WAIT)
