"""The files that reps upload: fetched from Slack once, whatever fails, kept by digest, and sent to who may read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, update

from bot.rules.evidence_pack.archive import unzipped
from bot.rules.evidence_pack.pack import evidence_pack
from bot.rules.policy.policy import EvidenceLimits
from bot.rules.refusals import Denial, Wrong
from bot.rules.reports import Evidence, FileToFetch
from bot.usecases.cases.evidence_pack import pack_contents
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.delivery.content import content
from bot.usecases.reports.files import GIVES_UP_AFTER, IDLE, LEASE, Fetcher, RequestFiles, request_files
from bot.usecases.transport import FileGone, RateLimited, Refused, TransportError, Unanswered
from handlers.reports.files import file_message
from storage.db.mapping import value_of
from storage.tables.audit import audit
from storage.tables.outbox import notice
from storage.tables.reports import evidence_file
from tests.builders import (
    TEAM,
    FrozenClock,
    a_report,
    audit_problems,
    denied,
    opened,
    read_from_slack,
    reported,
    rows,
    someone,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.rules.notices import Notice
    from bot.usecases.context import Context
    from storage.database import Database

SHOT, CALL = b"\x89PNG screenshot", b"RIFF a call"
FILES = (
    Evidence("file", "https://firm.slack.com/files/F0SHOT", "shot.png", file="F0SHOT"),
    Evidence("link", "https://crm.example/1", "https://crm.example/1"),
    Evidence("file", "", "call", file="F0CALL"),
)


@dataclass
class Slack:
    """What Slack gives for each file: its content, or an error."""

    gives: dict[str, bytes | TransportError] = field(default_factory=lambda: {"F0SHOT": SHOT, "F0CALL": CALL})
    asked: list[str] = field(default_factory=list)

    def file(self, file: str, most: int) -> bytes:
        assert most == 10_000_000
        self.asked.append(file)
        found = self.gives[file]
        if isinstance(found, TransportError):
            raise found
        return found


@pytest.fixture
def report(context: Context) -> int:
    case = opened(context, "U0ANA", "Zenith Corp", category="threat", evidence=FILES)
    assert case.number == 1
    return 1


def fetch(context: Context, slack: Slack) -> list[float]:
    """Fetch until nothing is left to do now; the waits."""
    fetcher, waits = Fetcher(context, slack), [0.0]  # no more of Slack is asked
    while waits[-1] == 0:
        waits.append(fetcher.fetch_next(TEAM))
    return waits[1:]


def states(context: Context, number: int = 1) -> list[str]:
    with context.read(TEAM) as tx:
        return [each.state for each in tx.reports.get(number).evidence if each.kind == "file"]


def kept(*contents: bytes) -> list[str]:
    return [sha256(each).hexdigest() for each in contents]


def test_what_a_rep_uploaded_is_fetched_once_and_kept_by_its_digest(
    context: Context, database: Database, report: int
) -> None:
    slack = Slack()
    assert fetch(context, slack) == [0, 0, IDLE]
    assert states(context, report) == kept(SHOT, CALL)
    assert {row.file: row.content for row in rows(database, evidence_file)} == {"F0SHOT": SHOT, "F0CALL": CALL}
    assert [row.facts for row in rows(database, audit) if row.act == "keep file"] == [{"report": 1, "kept": True}] * 2
    fetch(context, slack)
    assert sorted(slack.asked) == ["F0CALL", "F0SHOT"]


@pytest.mark.parametrize("error", [Unanswered("timeout"), Refused("token_revoked"), Refused("missing_scope")])
def test_a_file_is_tried_again_until_slack_gives_it(
    context: Context, clock: FrozenClock, report: int, error: TransportError
) -> None:
    slack = Slack({"F0SHOT": error, "F0CALL": CALL})
    fetch(context, slack)
    clock.forward(seconds=30)
    fetch(context, slack)
    assert states(context, report) == ["", *kept(CALL)]
    slack.gives["F0SHOT"] = SHOT
    clock.forward(hours=1)
    fetch(context, slack)
    assert states(context, report) == kept(SHOT, CALL)


def test_a_pause_that_slack_asks_for_is_kept_to(context: Context, clock: FrozenClock, report: int) -> None:
    slack = Slack({"F0SHOT": RateLimited(45), "F0CALL": RateLimited(45)})
    assert fetch(context, slack) == [45]
    clock.forward(seconds=45)
    slack.gives = Slack().gives
    fetch(context, slack)
    assert states(context, report) == kept(SHOT, CALL)


def test_a_kill_while_a_file_is_fetched_loses_nothing(context: Context, clock: FrozenClock, report: int) -> None:
    class Killed(BaseException):
        """The process ends."""

    class Kills(Slack):
        def file(self, file: str, most: int) -> bytes:
            super().file(file, most)
            raise Killed

    with pytest.raises(Killed):
        fetch(context, Kills())
    slack = Slack()
    fetch(context, slack)
    assert len(slack.asked) == 1  # the other one is not tried at once: another process may be at it
    clock.time += LEASE
    fetch(context, slack)
    assert states(context, report) == kept(SHOT, CALL)


def test_what_cannot_be_fetched_is_said_in_the_report(
    context: Context, clock: FrozenClock, database: Database, report: int
) -> None:
    slack = Slack({"F0SHOT": FileGone("file_deleted"), "F0CALL": Unanswered("timeout")})
    fetch(context, slack)
    clock.time += GIVES_UP_AFTER + timedelta(hours=1)
    fetch(context, slack)
    assert states(context, report) == ["file_deleted", "not_fetched_in_time"]
    assert rows(database, evidence_file) == []


def test_a_file_that_is_too_large_is_named_before_anything_is_recorded(context: Context, database: Database) -> None:
    large = replace(FILES[0], size=10_000_001)
    with pytest.raises(Wrong) as refusal:
        reported(context, evidence=(large,))
    assert "“shot.png” has 11 MB; up to 10 MB of each are kept" in refusal.value.fields["evidence"]
    small = replace(context, policy=replace(context.policy, evidence=EvidenceLimits(10, 1)))
    with pytest.raises(Wrong):
        reported(small, evidence=(replace(large, size=1_000_001),))
    assert rows(database, evidence_file) == []


def sent(context: Context, database: Database) -> list[Any]:
    """The direct messages with files, as they are now."""
    found = sorted((row for row in rows(database, notice) if row.kind == "file"), key=lambda row: row.round)
    with context.read(TEAM) as tx:
        asked: list[Notice] = [_notice(row) for row in found]
        return [file_message(content(tx, context, each)) for each in asked]


def _notice(row: Any) -> Notice:  # noqa: ANN401 - a row
    from bot.rules.notices import Notice  # noqa: PLC0415 - only for its type above

    return value_of(Notice, row, in_doubt=row.doubt)


def test_a_manager_without_a_stake_gets_the_files_and_that_is_on_record(
    context: Context, database: Database, report: int
) -> None:
    fetch(context, Slack())
    for _ in range(2):  # within a minute
        assert request_files(context, RequestFiles(someone("U0PRIYA"), report)) == 2
    shot, call = sent(context, database)
    assert (shot.file.name, shot.file.content) == ("shot.png", SHOT)
    assert (call.file.name, call.file.content) == ("call.bin", CALL)
    assert shot.text == "A file of report 1: shot.png"
    taken = [(row.actor, row.facts) for row in rows(database, audit) if row.act == "export"]
    assert taken == [("U0PRIYA", {"what": "files", "report": 1})]


def test_the_file_that_was_asked_for_is_sent_whatever_becomes_of_the_others_before(
    context: Context, database: Database, report: int
) -> None:
    slack = Slack({"F0SHOT": Unanswered("timeout"), "F0CALL": CALL})
    while states(context, report)[1] == "":
        fetch(context, slack)
    assert request_files(context, RequestFiles(someone("U0PRIYA"), report)) == 1
    slack.gives["F0SHOT"] = SHOT
    with context.begin(TEAM) as tx:
        tx.files.try_at(FileToFetch(report, "F0SHOT", context.clock(), context.clock()), context.clock())
    fetch(context, slack)
    (call,) = sent(context, database)
    assert (call.file.name, call.file.content) == ("call.bin", CALL)


def test_who_has_a_stake_gets_none_also_where_it_came_after_the_click(
    context: Context, database: Database, report: int
) -> None:
    fetch(context, Slack())
    for user, denial in (("U0ANA", Denial.NOT_A_MANAGER), ("U0GUS", Denial.GUEST)):
        with denied(denial):
            request_files(context, RequestFiles(someone(user), report))
    request_files(context, RequestFiles(someone("U0PRIYA"), report))
    recuse(context, Recuse(someone("U0PRIYA"), 1, "They are my neighbours."))
    assert [each.file for each in sent(context, database)] == [None, None]
    with denied(Denial.RECUSED):
        request_files(context, RequestFiles(someone("U0PRIYA"), report))


@pytest.mark.usefixtures("tamper")
def test_audit_verify_finds_a_file_that_was_changed_or_removed(
    context: Context, database: Database, report: int
) -> None:
    fetch(context, Slack())
    assert list(audit_problems(database)) == []
    with database.engine.begin() as connection:
        connection.execute(update(evidence_file).where(evidence_file.c.file == "F0SHOT").values(content=b"another"))
        connection.execute(delete(evidence_file).where(evidence_file.c.file == "F0CALL"))
    assert list(audit_problems(database)) == [
        f"T0FIRM, customer 1: file F0SHOT of report {report} was changed.",
        f"T0FIRM, customer 1: file F0CALL of report {report} was removed.",
    ]


@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("values", [None, {"next_try_at": None}, {"next_try_at": 10}, {"since": -10}])
def test_audit_verify_finds_that_a_file_is_not_to_be_fetched_any_more(
    context: Context, clock: FrozenClock, database: Database, report: int, values: dict[str, int | None] | None
) -> None:
    """Its row is removed or says that it was fetched, it is put off, or given up with the next failure: in days."""
    fetch(context, Slack({"F0SHOT": SHOT, "F0CALL": Unanswered("timeout")}))
    assert [*audit_problems(database), *audit_problems(database, clock())] == []
    with database.engine.begin() as connection:
        change = delete(evidence_file) if values is None else update(evidence_file).values(**_moments(clock, values))
        connection.execute(change.where(evidence_file.c.file == "F0CALL"))
    said = f"T0FIRM, customer 1: file F0CALL of report {report} is not to be fetched as it should be."
    assert list(audit_problems(database, clock())) == [said]


def _moments(clock: FrozenClock, values: dict[str, int | None]) -> dict[str, datetime | None]:
    return {name: None if days is None else clock() + timedelta(days=days) for name, days in values.items()}


def test_erasing_the_customer_takes_the_files_along_also_those_still_to_be_fetched(
    context: Context, database: Database, report: int
) -> None:
    slack = Slack({"F0SHOT": SHOT, "F0CALL": Unanswered("timeout")})
    fetch(context, slack)
    with context.begin(TEAM) as tx:
        assert tx.files.content(report, "F0SHOT") == SHOT
    erase_customer(context, EraseCustomer(TEAM, 1, "root", even_with_an_open_case=True))
    assert rows(database, evidence_file) == []
    assert fetch(context, slack) == [IDLE]


def test_the_policys_time_for_files_takes_them_along(context: Context, clock: FrozenClock, database: Database) -> None:
    from bot.usecases.customers.retention import schedule_retention  # noqa: PLC0415 - used here alone
    from tests.builders import run_due_tasks  # noqa: PLC0415 - likewise

    reported(context, category="other", evidence=FILES)
    fetch(context, Slack())
    clock.forward(days=37 * 31)
    read_from_slack(context)
    schedule_retention(context, TEAM)
    run_due_tasks(context, database)
    assert rows(database, evidence_file) == []
    assert states(context) == []


def test_the_evidence_pack_has_the_files_and_finds_one_that_was_changed(context: Context, report: int) -> None:
    fetch(context, Slack())
    with context.read(TEAM) as tx:
        contents = pack_contents(tx, 1)
    files = unzipped(evidence_pack(contents, None))
    assert files[f"files/report-{report}-1.png"] == SHOT
    assert files[f"files/report-{report}-3"] == CALL
    assert b"files/report-1-1.png" in files["report.html"]


def test_a_report_that_is_sent_twice_expects_its_files_once(context: Context, database: Database) -> None:
    from bot.usecases.reports.report import report as report_it  # noqa: PLC0415 - the fixture has its name

    new = a_report(context, evidence=FILES)
    report_it(context, new)
    report_it(context, new)
    assert len(rows(database, evidence_file)) == 2
