"""An erasure removes every name and text of a customer, and leaves every fact, count and seal."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from bot.app import render_function
from bot.cli.export import as_json, as_text, customer_export, workspace_lines
from bot.rules.audit_chain import Chain
from bot.rules.customer_cards import NotFound
from bot.rules.decisions import Hindsight
from bot.rules.erasure import CannotErase, Erased
from bot.rules.hearings import Finding
from bot.rules.home import QueueKind
from bot.rules.notices import Notice
from bot.rules.refusals import Refusal
from bot.rules.reports import CheckInAnswer, Evidence
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.erase import EraseCustomer, erase_customer, erase_person
from bot.usecases.customers.look_up import look_up
from bot.usecases.customers.merge import Merge, UndoMerge, merge, undo_merge
from bot.usecases.customers.safeguards import SetSafeguard, set_safeguard
from bot.usecases.decisions.lessons import RecordLesson, record_lesson
from bot.usecases.hearings.hear import HearBothSides, hear_both_sides
from bot.usecases.hearings.outcome import RecordOutcome, record_outcome
from bot.usecases.home.home import awaiting_me
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.reports.check_ins import AnswerCheckIn, answer_check_in
from bot.usecases.reports.withdraw import Withdraw, withdraw
from bot.usecases.warnings.warn import NotNow, not_now
from storage.db.digested_tables import DIGESTED
from storage.db.mapping import value_of
from storage.tables.audit import audit, audit_head
from storage.tables.backup import backup_call
from storage.tables.cases import hearing
from storage.tables.columns import metadata
from storage.tables.outbox import notice
from storage.tables.reports import check_in, report
from tests.builders import (
    FRIDAY,
    TEAM,
    a_profile,
    audit_problems,
    before_a_decision,
    dropped,
    kept,
    read_from_slack,
    reported,
    rows,
    run_due_tasks,
    someone,
    warned,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.usecases.context import Context
    from storage.database import Database
    from tests.builders import FrozenClock
    from tests.later import Later

SECRET = "quagga"  # in every text and name that is about the customer
NAME = f"Quibble {SECRET} Ltd"
FILE = Evidence("file", f"https://files.slack.com/{SECRET}.pdf", f"{SECRET}.pdf")


def attempt(act: Callable[[], object]) -> None:
    """Try something that may be refused."""
    try:
        act()
    except Refusal:
        return


def lived_through(context: Context, clock: FrozenClock, customer: str, words: str) -> int:
    """The last case of a customer who was warned, heard and dropped, and objected to both."""
    case = before_a_decision(context, clock, customer)
    call_backup(context, CallBackup(someone("U0ANA"), f"{customer}, {words} shouts"))
    attempt(lambda: record_objection(context, RecordObjection(someone("U0PRIYA"), case - 1, words, f"{words}: not me")))
    recuse(context, Recuse(someone("U0CARLA"), case, f"{words} is my neighbour"))
    heard = hear_both_sides(context, HearBothSides(someone("U0PRIYA"), case, "U0PRIYA", f"ask {words}"))
    outcome = RecordOutcome(
        someone("U0PRIYA"), heard.case.number, Finding.UPHELD, f"{words} A", f"{words} B", (), words
    )
    record_outcome(context, outcome)
    dropped(context, case, rationale=f"{words} again", letter=f"Dear {words}")
    set_safeguard(context, SetSafeguard(someone("U0PRIYA"), case, "health", f"{words} is unwell"))
    record_objection(context, RecordObjection(someone("U0BRAD"), case, f"{words} himself", f"{words} is sorry"))
    attempt(
        lambda: record_lesson(
            context, RecordLesson(someone("U0BRAD"), case, words, Hindsight.RIGHT, f"{words} line", words)
        )
    )
    reported(context, "U0ANA", customer, narrative=f"{words} rang.", evidence=(FILE,) if SECRET in words else ())
    return case


@pytest.fixture
def story(context: Context, clock: FrozenClock, database: Database) -> Database:
    """The customer whom this is about, and Zenith Corp, about whom nothing is to change."""
    lived_through(context, clock, NAME, f"Mr {SECRET}")
    details = EditCustomer(someone("U0PRIYA"), 1, f"New {SECRET}", "U0BRAD", f"£1 {SECRET}", f"CRM-{SECRET}")
    edit_customer(context, details)
    lived_through(context, clock, "Zenith Corp", "Zed")
    return database


def erased(context: Context, number: int = 1) -> Erased:
    return erase_customer(context, EraseCustomer(TEAM, number, "root", even_with_an_open_case=True))


def whole_file(database: Database) -> str:
    """All that can be read in the database's files."""
    database.vacuum()
    where = make_url(str(database.engine.url))
    if where.get_backend_name() == "sqlite":
        return Path(str(where.database)).read_bytes().decode("latin-1")
    return "\n".join(str(row) for table in metadata.tables.values() for row in rows(database, table))


def texts_of(database: Database, customer: str) -> str:
    with database.read(TEAM) as tx:
        found = customer_export(tx, int(customer), FRIDAY, with_names=True)
        return "\n".join([as_json(found), *as_text(found), *workspace_lines(tx)])


def drawn_messages(context: Context, database: Database) -> Iterator[str]:
    """The content of every message now."""
    with database.read(TEAM) as tx:
        for row in rows(database, notice):
            drawn = render_function(context)(tx, value_of(Notice, row, in_doubt=False))
            yield json.dumps([drawn.text, drawn.blocks])


def test_no_text_is_left_and_every_chain_is_whole(context: Context, story: Database) -> None:
    assert SECRET in whole_file(story)
    done = erased(context)
    assert (done.customers, done.files) == ((1,), 1)
    assert SECRET not in whole_file(story).lower()
    assert list(audit_problems(story)) == []
    assert SECRET not in texts_of(story, "1").lower()


@pytest.mark.parametrize("words", [f"{NAME.upper()}, {SECRET} shouts", f"in the lobby, {NAME}"])
def test_a_call_for_backup_that_named_them_before_they_were_on_record_is_erased_too(
    context: Context, database: Database, words: str
) -> None:
    for rep, typed in (("U0ANA", words), ("U0MIA", "Acme Ltd, at the desk")):
        call_backup(context, CallBackup(someone(rep), typed))
    assert [row.customer for row in rows(database, backup_call)] == [0, 0]
    reported(context, "U0ANA", NAME)
    reported(context, "U0ANA", "Acme Ltd")
    edit_customer(context, EditCustomer(someone("U0PRIYA"), 1, "Northwind", None, "", ""))
    erased(context)
    named, other = sorted(rows(database, backup_call), key=lambda row: row.number)
    assert (named.words[:6], named.salt) == ("Erased", "")
    assert other.words == "Acme Ltd, at the desk"
    assert SECRET not in whole_file(database)
    assert list(audit_problems(database)) == []


def test_what_a_condition_asked_for_is_erased_with_the_texts(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock, NAME)
    kept(context, case, details=(("written_only", f"{SECRET}@larkspur.example"),))
    assert SECRET in whole_file(database)
    erased(context)
    assert SECRET not in whole_file(database).lower()
    assert list(audit_problems(database)) == []


def test_facts_numbers_and_times_stay_and_others_are_left_alone(context: Context, story: Database) -> None:
    kept_facts = (report.c.number, report.c.customer, report.c.category, report.c.happened_at, report.c.reporter)
    with story.engine.connect() as connection:
        before = connection.execute(select(*kept_facts).order_by(report.c.number)).all()
        others = connection.execute(select(report).where(report.c.customer == 2)).all()
    with story.read(TEAM) as tx:
        zenith = list(tx.exports.about((2,)))
    erased(context)
    with story.engine.connect() as connection:
        assert connection.execute(select(*kept_facts).order_by(report.c.number)).all() == before
        assert connection.execute(select(report).where(report.c.customer == 2)).all() == others
    with story.read(TEAM) as tx:
        assert list(tx.exports.about((2,))) == zenith


def test_every_message_can_be_drawn_and_shows_when_it_was_erased(context: Context, story: Database) -> None:
    assert any(SECRET in drawn for drawn in drawn_messages(context, story))
    erased(context)
    drawn = list(drawn_messages(context, story))
    assert not any(SECRET in each.lower() for each in drawn)
    assert any("Erased on 20 Nov 2026." in each for each in drawn)
    assert any("Erased customer 1" in each for each in drawn)


def test_every_message_that_showed_it_is_edited(context: Context, story: Database) -> None:
    showing = {
        (row.kind, row.subject, row.target, row.round): row.wanted
        for row, drawn in zip(rows(story, notice), drawn_messages(context, story), strict=True)
        if SECRET in drawn.lower()
    }
    assert {kind for kind, *_ in showing} >= {"case", "report", "objection"}
    erased(context)
    wanted = {(row.kind, row.subject, row.target, row.round): row.wanted for row in rows(story, notice)}
    assert [key for key, before in showing.items() if wanted[key] <= before] == []


def test_an_erased_customer_is_no_longer_suggested_or_found(context: Context, story: Database) -> None:
    erased(context)
    for typed in (NAME, f"New {SECRET}", SECRET, "Quib", "erased", "Erased customer 1", "|ERASED 1"):
        with story.read(TEAM) as tx:
            assert 1 not in {each.number for each in tx.customers.likely(typed, 10)}, typed
            assert tx.customers.same(typed) is None
        found = look_up(context, someone("U0PRIYA"), typed)
        assert isinstance(found, NotFound)
        assert 1 not in {each.number for each in found.likely}


def test_the_same_name_is_a_new_customer_afterwards(context: Context, story: Database) -> None:
    erased(context)
    assert reported(context, customer=f"New {SECRET}").customer.number == 3
    assert list(audit_problems(story)) == []


def test_a_customer_with_an_open_case_is_erased_only_on_demand(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock, NAME)
    with pytest.raises(CannotErase, match=f"Management has not decided case {case} about them yet"):
        erase_customer(context, EraseCustomer(TEAM, 1, "root"))
    assert any(SECRET in row.name for row in rows(database, metadata.tables["customer"]))
    erased(context)
    read_from_slack(context)
    assert kept(context, case).decision is not None


def test_a_hearing_under_way_ends_as_usual_and_its_words_can_be_erased_too(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    case = before_a_decision(context, clock, NAME)
    hear_both_sides(context, HearBothSides(someone("U0PRIYA"), case, "U0PRIYA", f"ask {SECRET}"))
    erased(context)
    assert [bool(row.salt) for row in rows(database, hearing)] == [True]
    record_outcome(context, RecordOutcome(someone("U0PRIYA"), case, Finding.UPHELD, SECRET, SECRET, (), SECRET))
    erased(context)
    assert [bool(row.salt) for row in rows(database, hearing)] == [False]
    assert SECRET not in whole_file(database)


def test_the_log_says_who_and_when_and_nothing_more(context: Context, story: Database) -> None:
    erased(context)
    last = max((row for row in rows(story, audit) if row.customer == 1), key=lambda row: row.n)
    assert (last.actor, last.act, set(last.facts)) == ("erase", "erase", {"texts", "by"})
    assert [row.n for row in rows(story, audit_head) if row.customer == 1] == [last.n]


def test_merged_records_are_erased_with_the_customer_and_undoing_the_merger_brings_nothing_back(
    context: Context, database: Database
) -> None:
    first = reported(context, "U0ANA", NAME, narrative=SECRET).customer.number
    second = reported(context, "U0JOE", f"Other {SECRET}", narrative=SECRET).customer.number
    edit_customer(context, EditCustomer(someone("U0PRIYA"), second, f"Other {SECRET}", None, SECRET, SECRET))
    merge(context, Merge(someone("U0PRIYA"), second, first))
    assert erased(context, second).customers == (first, second)
    assert SECRET not in whole_file(database).lower()
    undo_merge(context, UndoMerge(someone("U0PRIYA"), 1))
    assert list(audit_problems(database)) == []
    assert SECRET not in whole_file(database).lower()


def test_a_duplicate_can_be_merged_into_an_erased_customer_and_the_chains_stay_whole(
    context: Context, database: Database
) -> None:
    first, second = (reported(context, who, name).customer.number for who, name in (("U0ANA", NAME), ("U0JOE", "Acme")))
    erased(context, first)
    merge(context, Merge(someone("U0PRIYA"), second, first))
    assert list(audit_problems(database)) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE report SET narrative = 'Erased on 20 Nov 2026.', evidence = '[]', salt = '' WHERE number = 1",
        "UPDATE report SET narrative = '', evidence = '[]', salt = '' WHERE number = 1",
        "UPDATE warning SET letter = 'Erased on 20 Nov 2026.', salt = '' WHERE number = 1",
    ],
)
@pytest.mark.usefixtures("tamper")
def test_a_text_that_only_looks_erased_is_found(story: Database, change: str) -> None:
    with story.engine.begin() as connection:
        connection.execute(text(change))
    assert len(list(audit_problems(story))) == 1


@pytest.mark.usefixtures("tamper")
def test_an_entry_of_another_kind_cannot_stand_for_an_erasure(context: Context, story: Database) -> None:
    """Somebody who writes into the log as well still has to say that it was an erasure."""
    with context.begin(TEAM) as tx:
        tx.erasures.erase_texts((1,), "Erased on 20 Nov 2026.", "fresh")
        tx.audit.append(1, "clock", "remind", {}, context.clock())
    found = list(audit_problems(story))
    assert f"{TEAM}, customer 1: report 1 was erased, and no entry says that it was." in found


@pytest.mark.usefixtures("tamper")
def test_a_change_of_the_words_that_replace_an_erased_text_is_found(context: Context, story: Database) -> None:
    erased(context)
    with story.engine.begin() as connection:
        connection.execute(text("UPDATE report SET narrative = 'He never called.' WHERE number = 1"))
    assert [words for words in audit_problems(story) if "report 1 was changed" in words]


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_an_erasure_leaves_chains_whole_and_no_text(
    context: Context, clock: FrozenClock, database: Database, seed: int
) -> None:
    chance = random.Random(seed)
    for one in (f"{SECRET} North", f"South {SECRET}"):
        reported(context, customer=one, narrative=SECRET)
    for _ in range(14):
        something(context, clock, chance)
    before = {row.number for row in rows(database, report)}
    for number in chance.sample((1, 2), 2):
        erased(context, number)
        assert list(audit_problems(database)) == []
    for _ in range(4):
        something(context, clock, chance, words="since then", names=("Acme", "Globex"))
    assert list(audit_problems(database)) == []
    assert SECRET not in whole_file(database).lower()
    assert {row.number for row in rows(database, report)} >= before


def something(
    context: Context,
    clock: FrozenClock,
    chance: random.Random,
    words: str = SECRET,
    names: tuple[str, ...] = (f"{SECRET} North", f"South {SECRET}"),
) -> None:
    """Any act of anybody; half of them are refused."""
    clock.forward(hours=chance.choice((1, 5, 30)))
    read_from_slack(context)
    manager, rep = someone(chance.choice(("U0PRIYA", "U0BRAD"))), chance.choice(("U0ANA", "U0JOE", "U0MIA"))
    case, one = chance.randint(1, 4), chance.choice(names)
    doubted = chance.random() < 0.3
    acts: list[Callable[[], object]] = [
        lambda: reported(
            context, rep, one, narrative=words, doubted=doubted, evidence=(Evidence("link", words, words),)
        ),
        lambda: reported(context, rep, one, narrative=words, category="threat"),
        lambda: warned(context, case, manager.user),
        lambda: not_now(context, NotNow(manager, case, 1, words)),
        lambda: kept(context, case, manager.user, rationale=words),
        lambda: dropped(context, case, manager.user, rationale=words, letter=words),
        lambda: recuse(context, Recuse(someone("U0CARLA"), case, words)),
        lambda: set_safeguard(context, SetSafeguard(manager, case, "health", words)),
        lambda: hear_both_sides(context, HearBothSides(manager, case, manager.user, words)),
        lambda: record_outcome(context, RecordOutcome(manager, case, Finding.UPHELD, words, words, (), words)),
        lambda: record_objection(context, RecordObjection(manager, case, words, words)),
        lambda: withdraw(context, Withdraw(someone(rep), case)),
        lambda: merge(context, Merge(manager, 2, 1)),
        lambda: undo_merge(context, UndoMerge(manager, 1)),
        lambda: reported(context, rep, one, narrative=words),
        lambda: reported(context, rep, one, narrative=words),
    ]
    attempt(chance.choice(acts))


def test_a_colleague_who_left_is_forgotten_and_what_they_wrote_about_customers_stays(
    context: Context, story: Database, clock: FrozenClock
) -> None:
    clock.forward(days=1, hours=1)
    run_due_tasks(context, story)
    asked = next(row for row in rows(story, check_in) if row.rep == "U0ANA")
    answer_check_in(context, AnswerCheckIn(someone("U0ANA"), asked.report, asked.round, CheckInAnswer.DECLINED))
    for user in ("U0ANA", "U0CARLA"):
        with pytest.raises(CannotErase, match="still works here"):
            erase_person(context, TEAM, user, "root")
        with context.begin(TEAM) as tx:
            tx.people.save_profiles([a_profile(user, clock(), deactivated=True)])
    forgotten = erase_person(context, TEAM, "U0ANA", "root")
    assert (forgotten.recusals, forgotten.reports, forgotten.check_ins, forgotten.known) == (0, 4, 1, True)
    assert erase_person(context, TEAM, "U0CARLA", "root").recusals == 2
    with pytest.raises(CannotErase, match="Nothing of U0CARLA's own"):
        erase_person(context, TEAM, "U0CARLA", "root")
    assert "is my neighbour" not in whole_file(story)
    assert f"Mr {SECRET} rang." in [row.narrative for row in rows(story, report)]
    assert not any(row.user == "U0ANA" for row in rows(story, metadata.tables["person"]))
    assert list(audit_problems(story)) == []


def test_a_report_that_was_erased_can_still_be_withdrawn(context: Context, database: Database) -> None:
    receipt = reported(context, "U0ANA", NAME)
    erased(context)
    withdraw(context, Withdraw(someone("U0ANA"), receipt.report))
    assert list(audit_problems(database)) == []


def test_an_unknown_customer_cannot_be_erased(context: Context) -> None:
    with pytest.raises(Refusal):
        erase_customer(context, EraseCustomer(TEAM, 77, "root"))


def test_of_a_colleague_who_left_nothing_tells_whether_they_asked_for_support(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    """Neither a row nor the log nor a message; also somebody who tries both answers finds no digest that fits."""
    reported(context, wants_support=True)
    reported(context, "U0JOE", wants_support=True)
    clock.forward(days=1, hours=1)
    run_due_tasks(context, database)
    answer_check_in(context, AnswerCheckIn(someone("U0ANA"), 1, 1, CheckInAnswer.TALK))
    before = min(rows(database, report), key=lambda row: row.number)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0ANA", clock(), deactivated=True)])
    erase_person(context, TEAM, "U0ANA", "root")
    assert {row.number: row.wants_support for row in rows(database, report)} == {1: False, 2: True}
    assert [(row.answer, row.care_at) for row in rows(database, check_in) if row.rep == "U0ANA"] == [(None, None)]
    care = [drawn for drawn in drawn_messages(context, database) if "talk to" in drawn and "get in touch with" in drawn]
    assert [("U0ANA" in drawn, "U0JOE" in drawn) for drawn in care if "no longer kept" not in drawn] == [(False, True)]
    log = json.dumps([[row.facts, row.rows] for row in rows(database, audit) if row.act != "erase"])
    assert "talk" not in log
    with database.read(TEAM) as tx:
        chain = Chain(TEAM, 1, tx.audit.chain_ends()[1].salt)
    facts = set()
    for asked in (True, False):
        for salt in ("", before.salt):
            tried = before._asdict() | {"wants_support": asked, "support_salt": salt}
            guess = DIGESTED["report"].digest(tried, chain)
            assert f'"{guess}"' not in log
            facts.add(guess.rpartition(":")[0])
    assert len(facts) == 1  # nothing but the seal depends on it
    assert list(audit_problems(database)) == []


def test_nobody_is_asked_for_a_letter_any_more_once_it_was_erased(later: Later) -> None:
    case = later.dropped()
    assert [(each.kind, each.case) for each in awaiting_me(later.context, someone("U0PRIYA"), 1).items] == [
        (QueueKind.LETTER, case)
    ]
    erase_customer(later.context, EraseCustomer(TEAM, 1, "ops"))
    assert awaiting_me(later.context, someone("U0PRIYA"), 1).items == ()
