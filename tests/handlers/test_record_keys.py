"""A button means the record that somebody saw, or is refused: after a restored backup, and in a second installation."""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select

from bot.app import render_function
from bot.rules.notices import NoticeKind
from bot.rules.refusals import AnotherRecord
from bot.rules.weeks import Week
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.customers.merge import Merge, merge
from bot.usecases.delivery.delivery import Delivery
from bot.usecases.weekly.summaries import post_summary
from handlers.backup.parse import HOW
from handlers.button_values import case_value, list_action
from handlers.entry_points import ENTRY_POINTS
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.record_keys import with_keys, without_keys
from handlers.rows_by_value import ROWS_BY_VALUE
from storage.database import Database
from storage.tables.columns import metadata
from tests.builders import (
    TEAM,
    FrozenClock,
    a_context,
    opened,
    read_case,
    read_from_slack,
    reported,
    someone,
    version_of,
)
from tests.handlers import payload_samples as sample
from tests.handlers.direct import app_of, noting_slack, over_socket, request
from tests.handlers.view_limits import every, texts
from tests.slack.every_form import OpenForm, keys_in, open_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.rules.records import RecordName
    from bot.usecases.context import Context
    from tests.handlers.direct import Json, NotingSlack

CASE, REVIEW, CUSTOMER = "case:1:1", "review:1:2027-05-20", "customer:1"
REPORT, CHECK_IN, MERGER, WEEK = "report:1", "checkin:1:1", "merger:1", "week:202646:C0MANAGE"
CALL = "backup:1"
TIMELINE, IN_FULL, ITEM = "list:timeline:1:1", "list:case:1:1", "set_safeguard:case:1:1"
NAMES_A_RECORD: Final[Mapping[Any, str]] = {
    **dict.fromkeys((
        ActionId.ISSUE_WARNING, ActionId.MARK_DELIVERED, ActionId.NOT_NOW, ActionId.APPROVE_DROP,
        ActionId.KEEP_CUSTOMER, ActionId.RECUSE, ActionId.READ_LETTER, ActionId.TAKE_HEARING,
        ActionId.TAKE_OVER, ActionId.EVIDENCE_PACK, ActionId.SET_PROTECTION, ActionId.LIFT_PROTECTION,
        ActionId.HEAR_BOTH_SIDES, ActionId.RECORD_OUTCOME, ActionId.SET_SAFEGUARD, ActionId.LIFT_SAFEGUARD,
        ActionId.RECORD_OBJECTION, ActionId.ANSWER_OBJECTION,
        ActionId.LOOK_BACK, CallbackId.TAKE_BACK_FORM,
    ), CASE),
    **dict.fromkeys((ActionId.MARK_SENT, ActionId.DOWNLOAD_LETTER), "case:1:decision"),
    **dict.fromkeys((
        ActionId.OPEN_CUSTOMER, ActionId.REPORT_THEM, ActionId.EDIT_CUSTOMER, ActionId.SET_CUSTOMER_SAFEGUARD,
        ActionId.LIFT_CUSTOMER_SAFEGUARD, ActionId.MERGE, ActionId.MERGE_ALIKE, ActionId.BACKUP_ABOUT,
    ), CUSTOMER),
    **dict.fromkeys((ActionId.RENEW, ActionId.LET_LAPSE), REVIEW),
    **dict.fromkeys((ActionId.CHECK_IN_FINE, ActionId.CHECK_IN_TALK, ActionId.CHECK_IN_DECLINE), CHECK_IN),
    ActionId.WEEK_AS_TABLE: WEEK,
    **dict.fromkeys((ActionId.TURN_ON, ActionId.TURN_BACK, ListName.TIMELINE), TIMELINE),
    ListName.CASE: IN_FULL,
    **dict.fromkeys((ActionId.BACKUP_TAKE, ActionId.BACKUP_REPORT, *HOW), CALL),
    ActionId.UNDO_MERGE: MERGER,
    ActionId.WITHDRAW: REPORT,
    ActionId.SEND_FILES: REPORT,
    ActionId.TALKED: REPORT,
    ActionId.MORE: ITEM,
}  # fmt: skip
NAMES_NONE: Final = {
    ActionId.HOME_REPORT, ActionId.HOME_LOOK_UP, ActionId.HOME_MAY_DO, ActionId.HOME_BACKUP, ActionId.MAY_BE_CALLED,
    ActionId.NOT_AVAILABLE, ActionId.REPORT_TYPED, ActionId.TICK_CONDITIONS, ListName.MINE, ListName.QUEUE,
    ListName.STANDING, *Command, *Shortcut, *Event, BlockId.CUSTOMER, BlockId.FIND,
}  # fmt: skip
GONE: Final = "This message does not fit the record any more"
KEY: Final = "0123456789abcdef"
MOST_SECONDS: Final = 60
KEYED_OR_PLAIN: Final = re.compile(
    r".*~[0-9a-f]{16}(?:[0-9a-f]{8}){0,2}|list:(mine|queue|standing:[a-z_]+):[0-9]+|(new|typed|too_long):.*|\{.*\}",
    re.DOTALL,
)


@pytest.fixture(scope="module")
def slack() -> Iterator[NotingSlack]:
    with noting_slack() as slack:
        yield slack


@contextmanager
def record(file: Path) -> Iterator[tuple[Database, Context]]:
    database = Database(f"sqlite:///{file}")
    yield database, a_context(database, FrozenClock())
    database.close()


def filled(context: Context) -> list[OpenForm]:
    """One record at least of each kind that a button or a form names, and every form open, about one of them."""
    clock = context.clock
    assert isinstance(clock, FrozenClock)
    forms = open_forms(context, clock)
    for name in ("Apex", "Apex Again"):
        reported(context, "U0ANA", name, category="other")
    with context.read(TEAM) as tx:
        into, duplicate = (tx.customers.same(name) for name in ("Apex", "Apex Again"))
    assert into
    assert duplicate
    merge(context, Merge(someone("U0PRIYA"), duplicate.number, into.number))
    post_summary(context, TEAM, Week(2026, 46))
    call_backup(context, CallBackup(someone("U0ANA")))
    return forms


def rows(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        return [list(connection.execute(select(table))) for table in metadata.sorted_tables]


def requests(context: Context, forms: Sequence[OpenForm]) -> Iterator[tuple[object, Json]]:
    """Each request that names a record, as a view of this record would send it, and what it comes from."""
    keys = keys_in(context)
    for name, value in NAMES_A_RECORD.items():
        yield name, request(name, "U0PRIYA", with_keys({"value": value}, keys)["value"])
    for form in forms:
        yield form.name, form.sent()


def answered(said: tuple[int, Json], slack: NotingSlack) -> str:
    return " ".join([*texts(said[1].get("view", {})), *(text for view in slack.taken() for text in texts(view))])


def unkeyed(node: object) -> set[str]:
    """The values with a number in what is shown that bear no key, and are neither a page of a list nor typed."""
    values = {each.get(name) for each in every(node) for name in ("value", "private_metadata")}
    numbered = {value for value in values if isinstance(value, str) and re.search(r":[0-9]", value)}
    return {value for value in numbered if not KEYED_OR_PLAIN.fullmatch(value)}


def test_in_a_second_installation_no_button_and_no_form_means_a_record_with_the_same_number(
    tmp_path: Path, migrated_file: Path, slack: NotingSlack
) -> None:
    first, second = tmp_path / "first.db", tmp_path / "second.db"
    for file in (first, second):
        shutil.copy(migrated_file, file)
    with record(first) as (ours, here), record(second) as (theirs, there):
        filled(there)
        sent = list(requests(here, filled(here)))
        before, app = rows(theirs), app_of(there, slack)
        for name, body in sent:
            assert GONE in answered(over_socket(app, body), slack), name
        assert rows(theirs) == before
        before, app = rows(ours), app_of(here, slack)
        assert unkeyed(list(drawn(ours, here).values())) == set()
        for name, body in sent:
            said = over_socket(app, body)
            assert unkeyed([slack.views, said[1].get("view")]) == set(), name
            assert GONE not in answered(said, slack), name
        assert rows(ours) != before
    there_are = {row.name for row in ENTRY_POINTS} | {name for name in ROWS_BY_VALUE if isinstance(name, ActionId)}
    assert {name for name, _ in sent} == there_are - NAMES_NONE


def drawn(database: Database, context: Context) -> dict[tuple[str, int], Json]:
    """The blocks of every message that the delivery has to send, by kind and subject."""
    unused: Any = None  # nothing is sent
    render, clock = render_function(context), context.clock
    assert isinstance(clock, FrozenClock)
    delivery, blocks = Delivery(database.outbox, database.read, render, unused, clock), {}
    for _ in range(MOST_SECONDS):
        clock.forward(seconds=1)  # Slack takes a message a second in one channel
        while job := delivery.claim():
            with context.read(TEAM) as tx:
                blocks[job.notice.kind, job.notice.subject] = render(tx, job.notice).blocks
    return blocks


def _name(action: str) -> ActionId | ListName:
    return ListName.CASE if action == list_action(ListName.CASE) else ActionId(action)


def pressed(blocks: Json) -> list[Json]:
    """The requests that the buttons and menus among these blocks make when a manager presses them."""
    buttons = [each for each in every(blocks) if each.get("type") == "button"]
    items = [option["value"] for each in every(blocks) if each.get("type") == "overflow" for option in each["options"]]
    return [
        *(request(_name(each["action_id"]), "U0PRIYA", each["value"]) for each in buttons),
        *(request(ActionId.MORE, "U0PRIYA", item) for item in items),
    ]


def test_after_a_restored_backup_the_old_notice_refuses_and_the_new_one_of_the_same_number_acts(
    tmp_path: Path, migrated_file: Path, slack: NotingSlack
) -> None:
    file, backup = tmp_path / "backstop.db", tmp_path / "backup.db"
    shutil.copy(migrated_file, file)
    with record(file) as (database, context):
        opened(context, "U0ANA", "Acme", category="threat")
        database.engine.dispose()
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(file, backup)
        lost = opened(context, "U0ANA", "Zenith Corp", category="threat").number
        old = pressed(drawn(database, context)[NoticeKind.CASE, lost])
    with record(backup) as (database, context):
        assert GONE not in answered(over_socket(app_of(context, slack), old[0]), slack)  # nobody has its number yet
        assert opened(context, "U0JOE", "Apex Ltd", category="threat").number == lost
        app, before = app_of(context, slack), rows(database)
        assert len(old) >= 5
        for body in old:
            assert GONE in answered(over_socket(app, body), slack), body["actions"]
        assert rows(database) == before
        for body in pressed(drawn(database, context)[NoticeKind.CASE, lost]):
            assert GONE not in answered(over_socket(app, body), slack), body["actions"]


def key_of_all(names: Iterable[RecordName]) -> dict[RecordName, str]:
    return dict.fromkeys(names, KEY)


@pytest.mark.parametrize("value", ["case:1:1", "customer:1", "known:1", "list:timeline:1:2", "x:case:1:1", "report:1"])
def test_a_value_without_its_key_is_refused(value: str) -> None:
    with pytest.raises(AnotherRecord):
        without_keys(request(ActionId.RECUSE, value=value))
    assert without_keys(request(ActionId.RECUSE, value=f"{value}~{KEY}")).body == request(ActionId.RECUSE, value=value)


@pytest.mark.parametrize(
    "value", ["case:0:1", "list:mine:1", "new:case:1:1", "typed:known:5", "typed:known:5~" + KEY, ""]
)
def test_what_names_no_record_stays_as_it_is(value: str) -> None:
    body = request(ActionId.RECUSE, value=value)
    assert without_keys(body) == (body, {})
    assert with_keys(body, key_of_all) is body


def test_one_record_under_two_keys_is_refused_and_what_somebody_typed_is_left_alone() -> None:
    about = f"customer:1~{KEY}"
    body = request(CallbackId.MERGE_FORM, value=about, find=sample.picked("known:1~" + KEY[::-1]))
    with pytest.raises(AnotherRecord):
        without_keys(body)
    body = request(CallbackId.EDIT_CUSTOMER_FORM, value=about, owner=sample.typed("case:1:1"))
    assert without_keys(body).body["view"]["state"] == body["view"]["state"]


def test_after_a_restored_backup_an_old_form_of_the_same_case_and_version_shows_the_reports_first(
    tmp_path: Path, migrated_file: Path, slack: NotingSlack
) -> None:
    """Another report has made the case the version that it was when the form was opened."""
    file, backup = tmp_path / "backstop.db", tmp_path / "backup.db"
    shutil.copy(migrated_file, file)
    with record(file) as (database, context):
        read_from_slack(context)
        case = opened(context, "U0ANA", "Acme", category="threat").number
        database.engine.dispose()
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(file, backup)
        reported(context, "U0JOE", "Acme", narrative="This is lost.")
        version = version_of(context, case)
        button = with_keys({"value": case_value(case, version)}, keys_in(context))["value"]
        over_socket(app_of(context, slack), request(ActionId.KEEP_CUSTOMER, "U0PRIYA", button))
        view = slack.taken()[-1]
        form = OpenForm(CallbackId.KEEP_FORM, sample.PRIYA, view, keys_in(context))
        sent = form.sent(**{BlockId.CONDITIONS: {"type": "checkboxes", "selected_options": []}})
        sent["view"] |= {name: view[name] for name in ("title", "submit", "close")}
    with record(backup) as (database, context):
        reported(context, "U0MIA", "Acme", narrative="Nobody has read this.")
        assert version_of(context, case) == version
        _, answer = over_socket(app_of(context, slack), sent)
        assert "Nobody has read this." in " ".join(texts(answer["view"]))
        assert read_case(context, case).case.is_open
        again = sent | {"view": sent["view"] | {"private_metadata": answer["view"]["private_metadata"]}}
        over_socket(app_of(context, slack), again)
        assert not read_case(context, case).case.is_open
