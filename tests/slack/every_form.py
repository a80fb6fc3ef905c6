"""Every form of the table, opened on real records, filled in, and sent over HTTP as Slack sends it."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier
from sqlalchemy import select

from bot.http_server import application, serve
from bot.usecases.customers.safeguards import SetSafeguard, set_safeguard
from bot.usecases.hearings.hear import HearBothSides, hear_both_sides
from bot.usecases.objections.record import RecordObjection, record_objection
from bot.usecases.shared.record_keys import read_keys
from bot.usecases.warnings.warn import IssueWarning, issue_warning
from handlers.bolt import bolt_app
from handlers.button_values import case_value, customer_value, review_value
from handlers.dispatcher import Asks
from handlers.entry_points import ENTRY_POINTS
from handlers.names import EVENTS_PATH, ActionId, BlockId, CallbackId, Command
from handlers.parsing.form import Form
from handlers.record_keys import KeysOf, with_keys, without_keys
from handlers.shared.letter_values import letter_value
from handlers.signatures import SignedRequests
from storage.tables.audit import audit
from storage.tables.columns import metadata
from tests.builders import (
    PATIENCE,
    TEAM,
    FrozenClock,
    a_context,
    before_a_decision,
    dropped,
    read_case,
    reported,
    someone,
    warned,
)
from tests.handlers import payload_samples as sample
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.usecases.context import Context
    from storage.database import Database

Json = dict[str, Any]

SECRET: Final = "shhh"
ASKS: Final = Asks(lambda: TEAM, lambda *_: None)
NOWHERE: Final = "http://127.0.0.1:9/"  # no form calls Slack when it is sent
ROWS: Final = {row.name: row for row in ENTRY_POINTS}
BRAD: Final[Json] = {"id": "U0BRAD", "username": "brad", "name": "brad", "team_id": TEAM}
PRIYA: Final[Json] = sample.PRIYA


@dataclass(frozen=True, eq=False)
class OpenForm:
    """A form as somebody has it before them."""

    name: CallbackId
    user: Json = field(repr=False)
    view: Json = field(repr=False)
    keys: KeysOf = field(repr=False)

    @property
    def inputs(self) -> dict[str, Json]:
        """The input blocks by ID."""
        return {block["block_id"]: block for block in self.view["blocks"] if block["type"] == "input"}

    def sent(self, **changed: Json) -> Json:
        """What Slack sends: every field filled in as it can be recorded, but for those that are changed."""
        fields = {name: filled(block) for name, block in self.inputs.items()} | MENDED.get(self.name, {}) | changed
        body = sample.submission(self.name, self.view["private_metadata"], self.user, **fields)
        body["view"] |= {"blocks": self.view["blocks"], "id": f"V{self.name.replace('_', '').upper()}"}
        body["view"]["state"] = with_keys(body["view"]["state"], self.keys)
        return body


WHERE: Final = "value:written_only"
MENDED: Final[dict[CallbackId, dict[str, Json]]] = {
    CallbackId.OUTCOME_FORM: {BlockId.WHY: sample.typed("A bad line.")},
    CallbackId.ANSWER_FORM: {
        BlockId.ANSWER: sample.picked("changed"),
        BlockId.CONDITIONS: sample.ticked("written_only"),
        WHERE: sample.typed("care@x.example"),
    },
    CallbackId.EDIT_CUSTOMER_FORM: {BlockId.WORTH: sample.typed("£5 a year")},
    CallbackId.MERGE_FORM: {BlockId.FIND: sample.picked("known:2")},
}


def filled(block: Json) -> Json:
    """A field with what is proposed in it, else with the first that can be picked, or a word."""
    element, required = block["element"], not block["optional"]
    match element["type"]:
        case "plain_text_input":
            entry: Json = {"value": element.get("initial_value") or ("Words." if required else None)}
        case "static_select" | "radio_buttons":
            entry = {"selected_option": element.get("initial_option") or element["options"][0]}
        case "checkboxes" | "multi_static_select":
            ticked = required or block["block_id"] == BlockId.DISCOUNTED
            entry = {"selected_options": element.get("initial_options") or (element["options"][:1] if ticked else [])}
        case "datepicker":
            entry = {"selected_date": element.get("initial_date")}
        case "datetimepicker":
            entry = {"selected_date_time": element["initial_date_time"]}
        case "users_select":
            entry = {"selected_user": element.get("initial_user")}
        case "external_select":
            entry = {"selected_option": sample.option("known:1")}
        case _:
            entry = {"files": []}
    return {"type": element["type"]} | entry


def open_forms(context: Context, clock: FrozenClock) -> list[OpenForm]:
    """Each form that has a field, opened by somebody who may send it. The customers: one for each matter."""
    reported(context, "U0ANA", "Acme")
    reported(context, "U0ANA", "Acme Duplicate")
    to_warn, issued = _to_warn(context, "Warn"), _to_warn(context, "Issued")
    issue_warning(context, IssueWarning(someone("U0PRIYA"), issued, "Please stop."))
    to_decide, to_hear = (before_a_decision(context, clock, name) for name in ("Decide", "Hear"))
    hear_both_sides(context, HearBothSides(someone("U0PRIYA"), to_hear, "U0BRAD", "Who was it?"))
    valid, warned_too = (_to_warn(context, name) for name in ("Valid", "Warned"))
    for case in (valid, warned_too):
        warned(context, case)
        set_safeguard(context, SetSafeguard(someone("U0PRIYA"), case, "health", "Dementia."))
    ended, objected = (before_a_decision(context, clock, name) for name in ("Ended", "Objected"))
    for case in (ended, objected):
        dropped(context, case)
    record_objection(context, RecordObjection(someone("U0PRIYA"), objected, "By letter", "He left."))
    review = review_value(ended, read_case(context, ended).decision.review_on)
    opened = {
        CallbackId.WARNING_FORM: (ActionId.ISSUE_WARNING, _case(context, to_warn)),
        CallbackId.NOT_NOW_FORM: (ActionId.NOT_NOW, _case(context, to_warn)),
        CallbackId.DELIVERED_FORM: (ActionId.MARK_DELIVERED, _case(context, issued)),
        CallbackId.SENT_FORM: (ActionId.MARK_SENT, letter_value(ended, "decision")),
        CallbackId.DROP_FORM: (ActionId.APPROVE_DROP, _case(context, to_decide)),
        CallbackId.KEEP_FORM: (ActionId.KEEP_CUSTOMER, _case(context, to_decide)),
        CallbackId.RECUSE_FORM: (ActionId.RECUSE, _case(context, to_decide)),
        CallbackId.HEAR_FORM: (ActionId.HEAR_BOTH_SIDES, _case(context, to_decide)),
        CallbackId.TAKE_OVER_FORM: (ActionId.TAKE_OVER, _case(context, to_hear)),
        CallbackId.SET_PROTECTION_FORM: (ActionId.SET_PROTECTION, _case(context, issued)),
        CallbackId.LIFT_PROTECTION_FORM: (ActionId.LIFT_PROTECTION, _case(context, to_hear)),
        CallbackId.SET_SAFEGUARD_FORM: (ActionId.SET_SAFEGUARD, _case(context, to_warn)),
        CallbackId.LIFT_SAFEGUARD_FORM: (ActionId.LIFT_SAFEGUARD, _case(context, valid)),
        CallbackId.OBJECTION_FORM: (ActionId.RECORD_OBJECTION, _case(context, ended)),
        CallbackId.LESSON_FORM: (ActionId.LOOK_BACK, _case(context, ended)),
        CallbackId.RENEW_FORM: (ActionId.RENEW, review),
        CallbackId.LAPSE_FORM: (ActionId.LET_LAPSE, review),
        CallbackId.LOOK_UP_FORM: (ActionId.HOME_LOOK_UP, "look up"),
        CallbackId.EDIT_CUSTOMER_FORM: (ActionId.EDIT_CUSTOMER, customer_value(1)),
        CallbackId.SET_CUSTOMER_SAFEGUARD_FORM: (ActionId.SET_CUSTOMER_SAFEGUARD, customer_value(1)),
        CallbackId.LIFT_CUSTOMER_SAFEGUARD_FORM: (
            ActionId.LIFT_CUSTOMER_SAFEGUARD,
            customer_value(read_case(context, warned_too).customer.number),
        ),
        CallbackId.MERGE_FORM: (ActionId.MERGE, customer_value(1)),
    }
    by_brad = {
        CallbackId.OUTCOME_FORM: (ActionId.RECORD_OUTCOME, _case(context, to_hear)),
        CallbackId.ANSWER_FORM: (ActionId.ANSWER_OBJECTION, _case(context, objected)),
    }
    letters = {
        CallbackId.DROP_FORM: CallbackId.DROP_LETTER_FORM,
        CallbackId.KEEP_FORM: CallbackId.KEEP_LETTER_FORM,
        CallbackId.ANSWER_FORM: CallbackId.ANSWER_LETTER_FORM,
        CallbackId.MERGE_FORM: CallbackId.MERGE_BOTH_FORM,
    }
    report = OpenForm(
        CallbackId.REPORT_FORM, sample.ANA, _view(context, Command.REPORT, sample.command("")), keys_in(context)
    )
    first_steps = [
        OpenForm(form, user, _view(context, button, sample.click(button, value, user=user)), keys_in(context))
        for user, forms in ((PRIYA, opened), (BRAD, by_brad))
        for form, (button, value) in forms.items()
    ]
    second = [letter_of(context, form, letters[form.name]) for form in first_steps if form.name in letters]
    return [report, *first_steps, *second]


def letter_of(context: Context, form: OpenForm, second: CallbackId, **answers: Json) -> OpenForm:
    """The second step of a form, such as the letter that is drafted from the first."""
    kept = {BlockId.CONDITIONS: sample.ticked("written_only"), WHERE: sample.typed("care@x.example")}
    held = kept if form.name is CallbackId.KEEP_FORM else {}
    found, row = without_keys(form.sent(**held, **answers)), ROWS[form.name]
    command = row.parse(Form(found.body))
    assert row.view is not None
    view = with_keys(row.view(row.use_case(context, command), context, command), form.keys)
    return OpenForm(second, form.user, view, form.keys)


def _to_warn(context: Context, customer: str) -> int:
    """A case that awaits a warning."""
    reported(context, "U0ANA", customer)
    case = reported(context, "U0JOE", customer).case or reported(context, "U0MIA", customer).case
    assert case is not None
    return case.number


def _case(context: Context, case: int) -> str:
    return case_value(case, read_case(context, case).case.version)


def _view(context: Context, name: ActionId | Command, body: Json) -> Json:
    row = ROWS[name]
    parsed = row.parse(body)
    assert row.view is not None
    view: Json = with_keys(row.view(row.use_case(context, parsed), context, parsed), keys_in(context))
    return view


def keys_in(context: Context) -> KeysOf:
    """Finds the keys of records."""
    return lambda names: read_keys(context, TEAM, names)


class Post:
    """Posts requests to the bot over one connection, signed as Slack signs them."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)

    def __call__(self, body: Json) -> tuple[int, Json]:
        """The status, and the JSON that was answered."""
        raw = urlencode({"payload": json.dumps(body)}).encode()
        self.connection.request("POST", EVENTS_PATH, raw, self._headers(raw))
        response = self.connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text.startswith(b"{") else {}

    def _headers(self, raw: bytes) -> dict[str, str]:
        timestamp = str(int(real_clock().timestamp()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=raw)
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(signature),
        }


@contextmanager
def served(context: Context, api_url: str) -> Iterator[Post]:
    """The bot's own web server, with Slack at this address."""
    app = bolt_app(context, ASKS, token="xoxb-test", signing_secret=SECRET, api_url=api_url)
    web = application(SignedRequests(app, SECRET), list, bytes)
    stop, listening, addresses = threading.Event(), threading.Event(), list[str]()

    def heard(address: str) -> None:
        addresses.append(address)
        listening.set()

    thread = threading.Thread(target=serve, args=(web, "127.0.0.1", 0, stop), kwargs={"listening": heard})
    thread.start()
    assert listening.wait(PATIENCE)
    post = Post(addresses[0])
    yield post
    post.connection.close()
    stop.set()
    thread.join()


class Desk:
    """The forms, and what is on record."""

    def __init__(self, database: Database, forms: list[OpenForm], post: Post) -> None:
        self._database, self.forms, self.post = database, forms, post
        self.before = self.record()

    def record(self) -> dict[str, list[Any]]:
        with self._database.engine.connect() as connection:
            return {table.name: list(connection.execute(select(table))) for table in metadata.sorted_tables}

    def entries(self) -> list[Any]:
        """Of the audit log: whose, which and what."""
        found = select(audit.c.customer, audit.c.n, audit.c.act).order_by(audit.c.customer, audit.c.n)
        with self._database.engine.connect() as connection:
            return list(connection.execute(found))

    def errors(self, form: OpenForm, **changed: Json) -> dict[str, str]:
        """What is said beside the fields; the form stays as it is."""
        status, answer = self.post(form.sent(**changed))
        assert (status, answer.get("response_action")) == (200, "errors"), (form.name, changed, status, answer)
        errors: dict[str, str] = answer["errors"]
        return errors


@contextmanager
def desk_on(database: Database) -> Iterator[Desk]:
    """Every form open on a record of its own, and the bot that takes them."""
    clock = FrozenClock()
    context = a_context(database, clock)
    forms = open_forms(context, clock)
    with served(context, NOWHERE) as post:
        yield Desk(database, forms, post)
