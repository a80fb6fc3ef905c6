"""Requests of every kind with anything wrong in them, through the bot's own door: what came of each."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import Counter
from contextlib import closing, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.http_server import application
from bot.logs import JsonLines
from bot.rules.sent_letters import LetterKind
from bot.rules.weeks import Week
from bot.usecases.backup.call import CallBackup, call_backup
from bot.usecases.home.home import open_home
from handlers.button_values import (
    call_value,
    case_value,
    check_in_value,
    customer_value,
    merger_value,
    report_value,
    review_value,
    week_value,
)
from handlers.entry_points import ENTRY_POINTS
from handlers.names import ActionId, CallbackId, Event, ListName
from handlers.record_keys import with_keys
from handlers.requests import answer
from handlers.rows_by_value import ROWS_BY_VALUE
from handlers.shared.letter_values import letter_value
from handlers.signatures import SignedRequests
from storage.tables.columns import metadata
from storage.tables.decisions import decision
from tests.builders import TEAM, FrozenClock, a_context, a_profile, rows, someone
from tests.handlers import payload_samples as sample
from tests.handlers.direct import app_of, noting_slack, request
from tests.handlers.test_parse_broken import WILD, Path, everything, paths
from tests.signed import InProcess
from tests.slack.every_form import keys_in, open_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from handlers.concurrency import LimitedApp
    from storage.database import Database

Json = dict[str, Any]

AT_ONCE: Final = 25
WORD: Final = "hunter2"  # in every text that somebody types
PICTURES: Final = {"notice", "pace", "member", "person", "user_group"}  # what is to be drawn, and who is who in Slack
NOBODYS: Final[tuple[Json, ...]] = (
    sample.submission(CallbackId.DROP_FORM, "case:1:1", sample.PRIYA) | {"type": "view_closed", "is_cleared": True},
    {"type": "app_rate_limited", "team_id": TEAM, "minute_rate_limited": 1},
    {"type": "url_verification", "challenge": WORD},
    {"type": "shortcut", "callback_id": WORD, "trigger_id": "1.2.3", "team": sample.FIRM, "user": sample.ANA},
    {"ssl_check": "1", "token": WORD},
    sample.event({"type": "message", "text": WORD, "user": "U0ANA", "channel": "C0MANAGE", "ts": "1.2"}),
)


class Sender(NamedTuple):
    """Who sends it. `None` leaves the one who is entitled."""

    user: str | None = None
    home: str = TEAM
    team: str = TEAM


ENTITLED: Final = Sender()
UNENTITLED: Final = (
    Sender("U0GUS"),  # a guest
    Sender("U0EVE", "T0OTHER"),  # of another firm, in a shared channel
    Sender("U0ANA", "T0OTHER", "T0OTHER"),  # of another workspace, where the same IDs may mean others
)


class Wrong(NamedTuple):
    """One request: which kind, who sends it, and what is done to it. The numbers are cut to what there is."""

    base: int
    sender: int
    way: int  # over HTTP as a form or as JSON, over a socket, or as bytes with one of them changed
    places: list[tuple[int, int]]  # where, and which value of the pool; the first of the pool leaves it out


wrongs: Final = st.lists(
    st.builds(
        Wrong,
        st.integers(0, 999),
        st.integers(0, 5),
        st.integers(0, 9),
        st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 31)), max_size=3),
    ),
    min_size=AT_ONCE,
    max_size=AT_ONCE,
)
strange: Final = st.lists(everything, min_size=4, max_size=4)


@dataclass
class Door:
    """The bot in this process, on a record of its own, and what was noticed so far."""

    database: Database
    app: LimitedApp
    post: InProcess
    bases: Sequence[Json]
    observer: sqlite3.Connection
    log: Log
    statuses: Counter[int] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    changes: int = 0

    def __post_init__(self) -> None:
        self._version, self._record = self._now(), self.record()

    def send(self, wrong: Wrong, strange: Sequence[Any]) -> None:
        """Send it. Raises AssertionError for an error of the server, an unentitled change, or a word in the log.

        `strange`: more values for the pool.
        """
        sender = UNENTITLED[wrong.sender] if wrong.sender < len(UNENTITLED) else ENTITLED
        base = self.bases[wrong.base % len(self.bases)]
        body = _sent_by(base, sender)
        pool = (*WILD, *strange)
        for place, value in wrong.places:
            body = _change(body, place, value, pool)
        status = self._answered(wrong, body)
        assert status < 500, (status, wrong, body)
        self.statuses[status] += 1
        self.taken[_kind(base)] += status == 200
        self.ways[_name(base)] += status == 200
        self._check_record(wrong, sender, body)
        assert not self.log.received, (self.log.received, body)

    def record(self) -> dict[str, list[Any]]:
        """Everything on record, but for what is to be drawn."""
        tables = [table for table in metadata.sorted_tables if table.name not in PICTURES]
        with self.database.engine.connect() as connection:
            return {table.name: list(connection.execute(select(table))) for table in tables}

    def _answered(self, wrong: Wrong, body: Any) -> int:  # noqa: ANN401 - any JSON
        if wrong.way < 3:
            return answer(self.app, lambda: body).status
        if wrong.way < 6 and isinstance(body, dict) and "command" in body:
            return self.post(_fields(body))[0]
        raw = json.dumps(body).encode() if wrong.way < 5 else urlencode({"payload": json.dumps(body)}).encode()
        if wrong.way == 9 and wrong.places:
            place, value = wrong.places[0]
            at = place % max(len(raw), 1)
            raw = raw[:at] + bytes([value * 8 % 256]) + raw[at + 1 :] if value % 2 else raw[:at]
        return self.post(raw)[0]

    def _check_record(self, wrong: Wrong, sender: Sender, body: object) -> None:
        if (version := self._now()) == self._version:
            return
        before, self._version, self._record = self._record, version, self.record()
        if before != self._record:
            self.changes += 1
            assert sender is ENTITLED, (wrong, sender, body)

    def _now(self) -> int:
        """A number that is another once somebody else has changed the file."""
        return int(self.observer.execute("PRAGMA data_version").fetchone()[0])


class Log(logging.Handler):
    """Every line as the bot would write it; keeps those in which somebody's word is."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonLines())
        self.received: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line if somebody's word is in it."""
        if WORD in (line := self.format(record)):
            self.received.append(line)


def send_many(door: Door, number: int) -> None:
    """Send so many that hypothesis thinks of. Raises what `Door.send` raises, with the request."""

    # A simpler example is not looked for: each request finds the record as those before it left it.
    @settings(
        max_examples=number // AT_ONCE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        database=None,
    )
    @given(requests=wrongs, odd=strange)
    def sent(requests: list[Wrong], odd: list[Any]) -> None:
        for each in requests:
            door.send(each, odd)

    sent()


@contextmanager
def door_on(database: Database) -> Iterator[Door]:
    """A record with something for each button, and the bot that takes requests about it. The database is SQLite."""
    clock, log = FrozenClock(), Log()
    context = a_context(database, clock)
    forms = [_with_words(form.sent()) for form in open_forms(context, clock)]
    with context.begin(TEAM) as tx:  # somebody who was not read yet may be a colleague, and may call for backup
        tx.people.save_profiles([a_profile("U0EVE", clock(), outsider=True)])
    open_home(context, someone("U0ANA"))
    call_backup(context, CallBackup(someone("U0JOE"), WORD))
    file = database.engine.url.database
    logging.getLogger().addHandler(log)
    try:
        with noting_slack() as slack, closing(sqlite3.connect(str(file))) as observer:
            app = app_of(context, slack)
            post = InProcess(application(SignedRequests(app, "shhh"), list, bytes))
            bases = with_keys(
                [*forms, *_others([row.case for row in rows(database, decision)]), *NOBODYS], keys_in(context)
            )
            yield Door(database, app, post, bases, observer, log)
    finally:
        logging.getLogger().removeHandler(log)


def _others(decided: Sequence[int]) -> Iterator[Json]:
    """Every way in that is no form, with each value that a button can have. `decided`: cases with a letter."""
    week = Week.of_key(202647)
    values = (
        *(case_value(case, version) for case in (1, 2, 3) for version in (1, 2)),
        report_value(1), review_value(3, FrozenClock()().date()), customer_value(1), merger_value(1),
        check_in_value(1, 1), week_value(week, "C0MANAGE"), call_value(1), f"typed:{WORD}", WORD,
        *(letter_value(case, LetterKind.DECISION) for case in decided),
    )  # fmt: skip
    lists = {ListName.CASE: "1:1", ListName.TIMELINE: "1:1", ListName.STANDING: "warned:1"}
    for row in ENTRY_POINTS:
        if isinstance(row.name, ActionId):
            yield from (request(row.name, "U0PRIYA", value) for value in values)
        elif isinstance(row.name, ListName):
            yield request(row.name, "U0PRIYA", f"list:{row.name}:{lists.get(row.name, '1')}")
        elif not isinstance(row.name, CallbackId):
            yield request(row.name, "U0ANA", WORD)
    yield request(CallbackId.TAKE_BACK_FORM, "U0PRIYA", case_value(1, 1))
    for name in ROWS_BY_VALUE[ActionId.MORE].rows:
        yield request(ActionId.MORE, "U0PRIYA", f"{name}:{case_value(1, 1)}")
    for button in (ActionId.TURN_ON, ActionId.TURN_BACK):
        yield request(button, "U0PRIYA", "list:queue:1") | {"view": {"id": "V0LIST", "type": "modal"}}


def _with_words(body: Json) -> Json:
    """The form with a word in each text that somebody typed."""
    for entry in body["view"]["state"]["values"].values():
        for value in entry.values():
            if value["type"] == "plain_text_input" and value.get("value"):
                value["value"] = f"{value['value']} {WORD}"
    return body


def _sent_by(base: Json, sender: Sender) -> Json:
    body = deepcopy(base)
    if sender.user is None:
        return body
    for whose, name in ((body, "user"), (body.get("event"), "user"), (body, "user_id")):
        if isinstance(whose, dict) and isinstance(whose.get(name), dict):
            whose[name] = {"id": sender.user, "team_id": sender.home}
        elif isinstance(whose, dict) and name in whose:
            whose[name] = sender.user
    for whose, name in ((body, "team_id"), (body.get("view"), "app_installed_team_id")):
        if isinstance(whose, dict) and name in whose:
            whose[name] = sender.team
    if "team" in body:
        body["team"] = {"id": sender.team, "domain": "firm"}
    return body


def _change(body: Any, place: int, value: int, pool: Sequence[Any]) -> Any:  # noqa: ANN401 - any JSON
    """The body with one thing changed, or something else in its stead."""
    there: list[Path] = list(paths(body))
    if not there or place % (len(there) + 1) == len(there):
        return pool[value % len(pool)] if value > 24 else body
    path = there[place % (len(there) + 1)]
    parent = body
    for step in path[:-1]:
        parent = parent[step]
    if value == 0:
        del parent[path[-1]]
    else:
        parent[path[-1]] = deepcopy(pool[value % len(pool)])
    return body


def _fields(body: Json) -> bytes:
    texts = {name: value for name, value in body.items() if isinstance(value, str)}
    return urlencode(texts, errors="replace").encode()


def _name(base: Json) -> str:
    """Which way in it comes by."""
    match base:
        case {"event": {"type": "message"}}:
            return Event.MESSAGE
        case {"actions": [{"action_id": name}]} | {"action_id": name} | {"command": name} | {"event": {"type": name}}:
            return str(name).removeprefix("list:")
        case {"view": {"callback_id": name}} | {"callback_id": name}:
            return str(name)
    return ""


def _kind(base: Json) -> str:
    return str(base.get("type", "command"))
