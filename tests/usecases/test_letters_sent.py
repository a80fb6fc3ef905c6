"""Every letter is asked about until it is marked as sent, and what is said of it is true."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.audit import Act
from bot.rules.evidence_pack.archive import unzipped
from bot.rules.evidence_pack.pack import evidence_pack
from bot.rules.notices import Notice
from bot.rules.objections import Answer
from bot.rules.people import Person
from bot.rules.refusals import AlreadySent, Denial, NotEntitled, Unknown, Wrong
from bot.rules.sent_letters import Letter, LetterKind
from bot.rules.warnings import Delivery
from bot.usecases.cases.evidence_pack import pack_contents
from bot.usecases.cases.letters import MarkSent, mark_sent, read_letters, request_letter
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.customers.look_up import customer_file
from bot.usecases.delivery.content import content
from bot.usecases.home.home import home_file
from bot.usecases.shared.read_models import report_file
from handlers.cases.letters import letter_view
from storage.db.mapping import value_of
from storage.tables.decisions import sent_letter
from storage.tables.outbox import notice
from tests.builders import TEAM, denied, dropped, read_case, reported, someone, warned
from tests.later import DAY, Later, written_only


def to_send(later: Later, case: int) -> Letter | None:
    return read_case(later.context, case).decision_history.to_send


def asked(later: Later) -> set[str]:
    """Who was asked by direct message to send a letter."""
    return {user for user, _ in later.shown("letter")}


def waiting(later: Later, user: str) -> int:
    with later.context.read(TEAM) as tx:
        overview = home_file(tx, later.context, someone(user)).overview
    assert overview
    return sum(item.kind == "letter" for item in overview.first)


def test_who_decided_is_asked_for_the_letter_on_each_business_day_until_it_is_sent(later: Later) -> None:
    case = later.dropped()  # on Friday 20 November
    history = read_case(later.context, case).decision_history
    assert history.to_send
    assert (history.to_send.kind, history.senders) == (LetterKind.DECISION, ("U0PRIYA",))
    assert waiting(later, "U0PRIYA") == waiting(later, "U0BRAD") == 1
    later.go_to(later.clock() + timedelta(hours=1))
    assert asked(later) == set()
    later.go_to(later.clock() + 6 * DAY)
    assert asked(later) == {"U0PRIYA"}
    assert len(later.shown("letter")) == 3  # Monday to Wednesday, when the firm closes
    after = later.sent(case)
    assert after.decision_history.to_send is None
    assert after.decision_history.letters[0].sent
    assert (waiting(later, "U0PRIYA"), later.planned("letter")) == (0, [])
    later.go_to(later.clock() + 10 * DAY)
    assert len(later.shown("letter")) == 3
    assert (Act.SEND_LETTER in dict(map(reversed, later.acts())), len(later.rows(sent_letter))) == (True, 1)


def test_the_answer_to_an_objection_takes_the_place_of_the_letter_before_it(later: Later) -> None:
    case = later.dropped()
    later.objects(case)
    later.answer(case, Answer.CHANGED, terms=written_only())
    letter = to_send(later, case)
    assert letter
    assert (letter.kind, letter.by) == (LetterKind.ANSWER, "U0BRAD")
    after = later.sent(case, letter=LetterKind.ANSWER)
    assert after.decision_history.to_send is None
    assert [bool(each.sent) for each in after.decision_history.letters] == [True, False]
    later.sent(case)  # the first one had gone all the same, and that may be said later


@pytest.mark.parametrize("answer", [Answer.STANDS, Answer.CANCELLED])
def test_an_answer_is_asked_for_also_where_it_ends_the_decision(later: Later, answer: Answer) -> None:
    case = later.dropped()
    later.sent(case)
    later.objects(case)
    later.answer(case, answer)
    letter = to_send(later, case)
    assert letter
    assert letter.kind is LetterKind.ANSWER


def test_a_warnings_letter_is_taken_as_a_file_as_long_as_it_is_kept(later: Later) -> None:
    reported(later.context)
    case = reported(later.context, "U0JOE").case
    assert case
    case = warned(later.context, case.number).case.number
    request_letter(later.context, someone("U0PRIYA"), case, LetterKind.WARNING)
    with pytest.raises(Unknown):
        later.sent(case, letter=LetterKind.WARNING)
    assert "actions" in [block["type"] for block in letter_view(read_case(later.context, case))["blocks"]]
    erase_customer(later.context, EraseCustomer(TEAM, 1, "root"))
    with pytest.raises(Unknown):
        request_letter(later.context, someone("U0PRIYA"), case, LetterKind.WARNING)
    assert "actions" not in [block["type"] for block in letter_view(read_case(later.context, case))["blocks"]]


def test_nobody_is_asked_to_send_a_letter_that_was_erased(later: Later) -> None:
    case = later.dropped()
    later.wake_at(later.clock() + DAY)
    later.objects(case)
    later.answer(case, Answer.CHANGED, terms=written_only())
    erase_customer(later.context, EraseCustomer(TEAM, 1, "root"))
    later.go_to(later.clock() + 10 * DAY)
    assert (to_send(later, case), waiting(later, "U0BRAD"), asked(later)) == (None, 0, set())
    for kind in LetterKind:
        with pytest.raises(Unknown):
            later.sent(case, letter=kind)
        with pytest.raises(Unknown):
            request_letter(later.context, someone("U0PRIYA"), case, kind)
    assert "actions" not in [block["type"] for block in letter_view(read_case(later.context, case))["blocks"]]


def test_a_letter_is_not_asked_for_once_it_would_not_be_true_any_more(later: Later) -> None:
    lapsed = later.kept()
    later.go_to(later.clock() + 200 * DAY)
    assert (to_send(later, lapsed), later.planned("letter")) == (None, [])
    before = len(later.shown("letter"))
    later.go_to(later.clock() + 10 * DAY)
    assert len(later.shown("letter")) == before


def test_a_newer_decision_makes_an_older_letter_moot(later: Later) -> None:
    first = later.kept()
    for rep in ("U0ANA", "U0JOE"):
        case = reported(later.context, rep).case
        assert case
    second = case.number
    assert second != first
    dropped(later.context, second)
    assert to_send(later, first) is None
    assert to_send(later, second)


def test_keeping_without_conditions_asks_for_no_letter(later: Later) -> None:
    case = later.kept(conditions=(), letter="")
    assert (to_send(later, case), later.planned("letter")) == (None, [])


def test_where_who_decided_may_not_act_any_more_the_other_managers_are_asked(later: Later) -> None:
    case = later.dropped()
    edit = EditCustomer(someone("U0BRAD"), 1, read_case(later.context, case).customer.name, "U0PRIYA", "", "")
    edit_customer(later.context, edit)
    later.go_to(later.clock() + 4 * DAY)
    assert asked(later) == {"U0BRAD", "U0CARLA"}
    with pytest.raises(NotEntitled):
        later.sent(case)
    assert later.sent(case, by="U0BRAD").decision_history.to_send is None


def test_a_letter_that_nobody_may_send_is_said_where_operators_and_directors_look(later: Later) -> None:
    case, number = later.dropped(), 1
    name = read_case(later.context, case).customer.name
    edit_customer(later.context, EditCustomer(someone("U0BRAD"), number, name, "U0PRIYA", "", ""))
    firm = replace(later.context.firm, managers=("U0PRIYA",), directors=("U0PRIYA",))
    alone = replace(later, context=replace(later.context, firm=firm))
    alone.go_to(later.clock() + 4 * DAY)
    assert asked(later) == set()
    assert later.database.cases_left_to_nobody() == (case,)
    later.go_to(later.clock() + DAY)
    assert (asked(later), later.database.cases_left_to_nobody()) == ({"U0BRAD", "U0CARLA"}, ())
    alone.go_to(later.clock() + 4 * DAY)
    assert later.database.cases_left_to_nobody() == (case,)
    later.sent(case, by="U0BRAD")
    assert later.database.cases_left_to_nobody() == ()
    later.objects(case, by="U0BRAD")
    assert later.database.cases_left_to_nobody() == ()


def test_a_letter_is_marked_once_by_one_of_two_and_not_before_it_was_written(later: Later) -> None:
    case = later.dropped()
    early = MarkSent(someone("U0PRIYA"), case, LetterKind.DECISION, Delivery.POST, later.clock() - DAY)
    with pytest.raises(Wrong) as wrong:
        mark_sent(later.context, early)
    assert wrong.value.fields.keys() == {"at"}
    once = MarkSent(someone("U0PRIYA"), case, LetterKind.DECISION, Delivery.POST, later.clock())
    for _ in range(2):
        mark_sent(later.context, once)
    for by in ("U0BRAD", "U0PRIYA"):
        with pytest.raises(AlreadySent) as first:
            later.sent(case, by=by)
        assert first.value.by == "U0PRIYA"
    with pytest.raises(Unknown):
        later.sent(case, letter=LetterKind.ANSWER)
    assert len(later.rows(sent_letter)) == 1


def test_reps_are_asked_not_to_break_the_news_until_the_letter_is_sent(later: Later) -> None:
    case = later.dropped()

    def letter_owed_by() -> tuple[str | None, ...]:
        with later.context.read(TEAM) as tx:
            card = customer_file(tx, later.context, someone("U0ANA"), 1, later.clock())
            return card.letter_owed_by, report_file(tx, later.context, 1).letter_owed_by

    assert letter_owed_by() == ("U0PRIYA", "U0PRIYA")
    assert reported(later.context, "U0ANA").letter_owed_by == "U0PRIYA"
    later.sent(case)
    assert letter_owed_by() == (None, None)


@pytest.mark.parametrize("first_sent", [True, False])
@pytest.mark.parametrize(("answer", "sender"), [(Answer.STANDS, None), (Answer.CHANGED, "U0BRAD")])
def test_a_customer_who_objected_knows_of_the_decision_until_it_is_changed(
    later: Later, answer: Answer, sender: str | None, *, first_sent: bool
) -> None:
    case = later.dropped()
    if first_sent:
        later.sent(case)
    later.objects(case)
    with later.context.read(TEAM) as tx:
        assert report_file(tx, later.context, 1).letter_owed_by is None
    later.answer(case, answer, terms=written_only() if answer is Answer.CHANGED else None)
    with later.context.read(TEAM) as tx:
        assert report_file(tx, later.context, 1).letter_owed_by == sender


def test_whoever_has_a_stake_reads_a_letter_once_it_has_gone(later: Later) -> None:
    case, owner = later.dropped(), someone("U0CARLA")
    later.sent(case)
    later.objects(case)
    later.answer(case, Answer.CHANGED, terms=written_only())
    edit = EditCustomer(someone("U0BRAD"), 1, read_case(later.context, case).customer.name, owner.user, "", "")
    edit_customer(later.context, edit)
    request_letter(later.context, owner, case, LetterKind.DECISION)
    with denied(Denial.OWNER):
        request_letter(later.context, owner, case, LetterKind.ANSWER)
    read = [letter.kind for letter in read_letters(later.context, owner, case).decision_history.letters]
    assert read == [LetterKind.DECISION]
    assert len(read_letters(later.context, someone("U0BRAD"), case).decision_history.letters) == 2
    later.sent(case, by="U0BRAD", letter=LetterKind.ANSWER)
    assert len(read_letters(later.context, owner, case).decision_history.letters) == 2


def test_who_has_got_a_stake_since_the_click_gets_no_letter_that_has_not_gone(later: Later) -> None:
    """Slack may have been away for hours by then. Once it has gone, everybody who manages may have it."""
    case, by = later.dropped(), someone("U0CARLA")
    request_letter(later.context, by, case, LetterKind.DECISION)
    (asked,) = [value_of(Notice, row, in_doubt=False) for row in later.rows(notice) if row.kind == "letter_file"]

    def file() -> Letter | None:
        with later.context.read(TEAM) as tx:
            return content(tx, later.context, asked).letter

    assert file()
    edit_customer(later.context, EditCustomer(someone("U0BRAD"), 1, "Zenith Corp", by.user, "", ""))
    assert file() is None
    later.sent(case)
    assert file()


def test_a_manager_gets_a_letter_as_a_file_and_that_is_on_record(later: Later) -> None:
    case, by = later.dropped(), someone("U0BRAD")
    request_letter(later.context, by, case, LetterKind.DECISION)
    request_letter(later.context, by, case, LetterKind.DECISION)
    assert [user for user, _ in later.shown("letter_file")] == ["U0BRAD"]
    assert later.acts().count(("U0BRAD", Act.EXPORT)) == 1
    with pytest.raises(Unknown):
        request_letter(later.context, by, case, LetterKind.ANSWER)
    with pytest.raises(NotEntitled):
        request_letter(later.context, Person(TEAM, "U0MIA", TEAM), case, LetterKind.DECISION)


def test_the_evidence_pack_says_whether_a_letter_was_sent(later: Later) -> None:
    case = later.dropped()

    def said() -> str:
        with later.context.read(TEAM) as tx:
            contents = pack_contents(tx, case)
        return unzipped(evidence_pack(contents, None))["report.html"].decode()

    assert "The record has no proof that it was sent." in said()
    later.sent(case)
    assert "Sent by post, " in said()
    assert "no proof that it was sent" not in said().partition("Warning 1")[0]
