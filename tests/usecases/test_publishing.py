"""The digest that is published each week: once, chained, and the only thing that finds a rewritten record."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select, update

from bot.cli.main import main
from bot.rules.audit import Act
from bot.rules.audit_chain import NO_HASH
from bot.rules.notices import NoticeKind
from bot.rules.weeks import Week
from bot.usecases.audit import Verification
from bot.usecases.weekly.summaries import post_summary, publish_digest
from storage.tables.decisions import decision
from storage.tables.outbox import notice, publication
from tests.builders import (
    FIRM,
    FRIDAY,
    TEAM,
    a_context,
    audit_problems,
    before_a_decision,
    dropped,
    kept,
    read_from_slack,
    reported,
    rows,
)
from tests.forging import append, recompute
from tests.later import MONDAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.context import Context
    from storage.database import Database
    from storage.transaction import Transaction
    from tests.builders import FrozenClock

W47, W48 = Week(2026, 47), Week(2026, 48)
CHANNEL = "C0SUMMARY"
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def publish(context: Context, week: Week) -> str:
    post_summary(context, TEAM, week)
    publish_digest(context, TEAM, week, CHANNEL)
    with context.read(TEAM) as tx:
        published = tx.publications.of_week(week, CHANNEL)
    assert published is not None
    return published.digest


@pytest.fixture
def context(database: Database, clock: FrozenClock) -> Context:
    return a_context(database, clock, replace(FIRM, summary_channel=CHANNEL))


@pytest.fixture
def published(context: Context, clock: FrozenClock) -> list[str]:
    """A decision, the week's digest, a report and another decision, the next week's digest, and a report since."""
    dropped(context, before_a_decision(context, clock))
    clock.time = MONDAY
    digests = [publish(context, W47)]
    read_from_slack(context)
    kept(context, before_a_decision(context, clock, "Acme Ltd"))
    clock.time = MONDAY + timedelta(days=7)
    digests.append(publish(context, W48))
    reported(context, "U0MIA", "Globex")
    return digests


def test_each_digest_is_published_once_with_the_one_before_in_it(
    published: list[str], context: Context, database: Database
) -> None:
    for week in (W47, W48):
        publish_digest(context, TEAM, week, CHANNEL)
    with context.read(TEAM) as tx:
        assert [each.digest for each in tx.publications.all_published()] == published
        assert [tx.publications.digest_before(number) for number in (1, 2)] == [NO_HASH, published[0]]
        assert (
            len(tx.publications.get(2).growth) == 2
        )  # the chains that have grown since: a customer's, and the one that the week is in
    assert {row.subject for row in rows(database, notice) if row.kind == NoticeKind.DIGEST} == {1, 2}
    assert list(audit_problems(database)) == []


def test_posting_a_summary_again_leaves_its_digest_as_it_is(
    published: list[str], context: Context, database: Database
) -> None:
    post_summary(context, TEAM, W47)
    publish_digest(context, TEAM, W47, CHANNEL)
    assert [row.digest for row in rows(database, publication)] == published
    assert [row.wanted for row in rows(database, notice) if row.kind == NoticeKind.DIGEST] == [1, 1]


def test_reports_and_publications_that_come_while_a_digest_is_made_contradict_nothing(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    """The ends are read before the transaction that stores their digest, since that takes long in a large record."""
    came = []

    @contextmanager
    def after_others(team: str) -> Iterator[Transaction]:
        if not came:
            came.append(reported(context, "U0JOE", "Somebody New"))
            publish_digest(context, TEAM, W47, "C0OTHER")
        with context.begin(team) as tx:
            yield tx

    reported(context)
    clock.time = MONDAY
    post_summary(context, TEAM, W47)
    elsewhere = replace(context, firm=replace(context.firm, summary_channel="C0OTHER"))
    post_summary(elsewhere, TEAM, W47)
    publish_digest(replace(context, begin=after_others), TEAM, W47, CHANNEL)
    assert [(row.number, row.channel) for row in rows(database, publication)] == [(1, "C0OTHER"), (2, CHANNEL)]
    assert list(audit_problems(database)) == []


@pytest.mark.usefixtures("tamper")
def test_a_record_that_was_written_again_is_found_only_by_the_digest_that_was_published(
    published: list[str], database: Database
) -> None:
    with database.engine.begin() as connection:
        connection.execute(
            update(decision).where(decision.c.choice == "drop").values(by="U0EVE", rationale="On a whim")
        )
    assert list(audit_problems(database)) != []
    recompute(database)
    assert list(audit_problems(database)) == []
    assert held(database, published) == []
    with database.engine.begin() as connection:  # nor does it help to leave the digest as Slack shows it
        connection.execute(update(publication).where(publication.c.number == 1).values(digest=published[0]))
    assert list(audit_problems(database)) == [
        f"{TEAM}, the record is not as it was when digest 1 was published, for week 2026-W47."
    ]
    assert held(database, published) == []


def held(database: Database, against: list[str]) -> list[tuple[int, int, int]]:
    """For each digest that the record still gives: its number, and how many publications and entries came since."""
    with database.read_all() as workspaces:
        [check] = [Verification(tx, against) for tx in workspaces]
        list(check.problems())
    return [(each.published.publication.number, each.later, each.entries_since) for each in check.held]


@SQLITE
@pytest.mark.usefixtures("tamper")
@pytest.mark.parametrize("act", [each for each in Act if each not in {Act.MERGE, Act.MERGED_INTO, Act.UNDO_MERGER}])
def test_no_entry_that_was_added_since_vouches_for_another_rationale_of_a_published_decision(
    published: list[str], database: Database, act: Act
) -> None:
    with database.engine.begin() as connection:
        theirs = decision.c.choice == "drop"
        connection.execute(update(decision).where(theirs).values(by="U0EVE", rationale="On a whim", letter="No."))
        [case] = connection.execute(select(decision.c.case).where(theirs)).scalars()
    append(database, act, f"decision {case}")
    with database.read_all() as workspaces:
        [said] = [[*Verification(tx, published).problems()] for tx in workspaces]
    assert [f"tells of decision {case}, which the act “{act}” does not change so" in line for line in said] == [True]


@SQLITE
@pytest.mark.usefixtures("tamper")
def test_an_entry_that_is_dated_back_is_found(published: list[str], database: Database) -> None:
    assert published
    append(database, Act.EXPIRE, "customer 1", FRIDAY)
    append(database, Act.EXPIRE, "customer 1", FRIDAY - timedelta(days=1))
    assert [line.rpartition(" entry ")[0] != "" for line in audit_problems(database)] == [True]


@SQLITE
@pytest.mark.usefixtures("tamper")
def test_a_decision_cannot_be_moved_to_another_customer_by_an_entry_in_their_chain(
    published: list[str], database: Database
) -> None:
    assert published
    with database.engine.begin() as connection:
        [case] = connection.execute(select(decision.c.case).where(decision.c.choice == "keep")).scalars()
        connection.execute(update(decision).where(decision.c.case == case).values(customer=1))
    append(database, Act.DECIDE, f"decision {case}")
    assert f"decision {case} was moved to another customer" in "\n".join(audit_problems(database))


@SQLITE
@pytest.mark.usefixtures("tamper")
def test_the_removal_of_all_publications_is_found_by_the_summaries(published: list[str], database: Database) -> None:
    with database.engine.begin() as connection:
        posted = update(notice).where(notice.c.kind == NoticeKind.SUMMARY)
        connection.execute(posted.values(ts="1.1", channel=CHANNEL))
    assert list(audit_problems(database)) == []
    with database.engine.begin() as connection:
        connection.execute(delete(publication))
        connection.execute(delete(notice).where(notice.c.kind == NoticeKind.DIGEST))
    removed = [f"the publication for week {week} was removed: its summary was posted." for week in (W47, W48)]
    assert list(audit_problems(database)) == [f"{TEAM}, {line}" for line in removed]
    assert published


def test_a_digest_that_the_record_gives_is_named_with_what_came_since(published: list[str], database: Database) -> None:
    (first, later, since), (second, last, newest) = held(database, published)
    assert (first, later, second, last) == (1, 1, 2, 0)
    assert since > newest > 0


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one setting that `audit verify` needs."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)


@SQLITE
@pytest.mark.usefixtures("settings")
def test_the_command_needs_the_database_alone_and_says_what_it_went_through(
    published: list[str], database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.close()
    assert main(["audit", "verify", "--against", f"`{published[0]}`", "--against", published[1].upper()]) == 0
    out = capsys.readouterr().out
    assert f"{TEAM}: customers 3, entries " in out
    assert f"Newest published digest: 2, week 2026-W48, 2026-11-30 09:00 UTC: {published[1]}" in out
    assert f"Digest {published[0]} is 1, week 2026-W47: the record contains all that it vouches for." in out
    assert out.endswith("The audit log is whole.\n")
    assert main(["audit", "verify", "--json", "--against", published[0]]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (found["whole"], found["problems"]) == (True, [])
    [workspace] = found["workspaces"]
    assert (workspace["team"], workspace["customers"], workspace["newest_published"]["number"]) == (TEAM, 3, 2)
    assert [(each["number"], each["before"], each["later"]) for each in workspace["against"]] == [(1, 0, 1)]


@SQLITE
@pytest.mark.usefixtures("settings", "published")
def test_the_command_says_that_what_was_published_is_not_on_record(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.close()
    assert main(["audit", "verify", "--against", "ab" * 32]) == 1
    out = capsys.readouterr().out
    assert f"The record does not contain what was published with the digest {'ab' * 32}" in out
    assert out.endswith("1 broken.\n")
    with pytest.raises(SystemExit):
        main(["audit", "verify", "--against", "abc"])
    assert "a digest has 64 digits and letters" in capsys.readouterr().err


@SQLITE
@pytest.mark.usefixtures("settings")
def test_the_command_refuses_what_is_not_there_and_creates_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'mistyped.db'}")
    assert main(["audit", "verify"]) == 2
    assert "mistyped.db, which DATABASE_URL names. Nothing was created." in capsys.readouterr().err
    assert not (tmp_path / "mistyped.db").exists()
    with closing(sqlite3.connect(tmp_path / "mistyped.db")) as connection:
        connection.execute("CREATE TABLE other (n)")
    assert main(["audit", "verify"]) == 2
    assert "There is no record of Backstop in this database" in capsys.readouterr().err


@SQLITE
@pytest.mark.usefixtures("settings")
def test_the_command_exits_with_3_where_nothing_is_on_record(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.close()
    assert main(["audit", "verify"]) == 3
    assert capsys.readouterr().err == "Nothing is on record: there is nothing to verify.\n"


@SQLITE
@pytest.mark.usefixtures("settings", "published")
@pytest.mark.parametrize(("revision", "said"), [("9999", "a later one brought it there"), ("0002", "development")])
def test_a_database_of_another_release_gets_a_sentence_and_stays_as_it_is(
    database: Database, database_url: str, revision: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database.close()
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()
        assert main(["audit", "verify"]) == 2
        assert said in capsys.readouterr().err
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)


@SQLITE
@pytest.mark.usefixtures("settings", "published")
def test_verifying_changes_no_byte_of_the_database(database: Database, database_url: str) -> None:
    database.vacuum()
    database.close()
    file = Path(database_url.removeprefix("sqlite:///"))
    before = file.read_bytes()
    assert main(["audit", "verify"]) == 0
    assert file.read_bytes() == before
