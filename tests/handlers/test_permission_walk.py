"""Every way in, by everybody, in each state: who may is let in, who may not is refused, before a form opens.

The expected answers are written down here from what the product promises, not asked of the code.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import pytest

from bot.rules.refusals import NotEntitled, NotYours, OtherWorkspace, Refusal, Wrong
from bot.usecases.shared.fields import refusing
from bot.usecases.shared.record_keys import holding_to
from handlers.backup.parse import HOW
from handlers.button_values import case_value, check_in_value, customer_value, merger_value, review_value
from handlers.dispatcher import Dispatcher
from handlers.entry_points import ENTRY_POINTS
from handlers.names import ActionId, BlockId, CallbackId, Command, Event, ListName, Shortcut
from handlers.record_keys import with_keys
from handlers.shared.letter_values import letter_value
from storage.database import Database
from tests.builders import TEAM, FrozenClock, a_context, read_case
from tests.handlers import payload_samples as sample
from tests.handlers.direct import request
from tests.handlers.walk_record import (
    ONLY_WITH_STAKE,
    USERS,
    WALKED,
    WITH_STAKE,
    Matters,
    filled,
    read_everybody,
    undoing,
)
from tests.slack.every_form import ASKS, OpenForm, keys_in, letter_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.context import Context
    from handlers.entry_point import Name
    from tests.handlers.direct import Json

Record: TypeAlias = "tuple[Context, Matters, FrozenClock]"
ROWS: Final = {row.name: row for row in ENTRY_POINTS}
OTHER: Final = {"id": "T0OTHER", "domain": "other"}
NO_MEMBERS: Final = {"guest", "outsider", "other workspace", "unknown", "deactivated"}
MEMBERS: Final = USERS.keys() - NO_MEMBERS
SENT_AGAIN: Final = {(CallbackId.RECUSE_FORM, "recused")}  # it is answered as the first time, and changes nothing
IN_TIME, OVERDUE, NO_MANAGER_LEFT = "in time", "overdue", "every manager has a stake"
STATES: Final = (IN_TIME, OVERDUE, NO_MANAGER_LEFT)


@dataclass(frozen=True)
class Rule:
    """Who may use a way in. `managers`: who of the managers; `directors`: in which states the directors may too."""

    anybody: frozenset[str] = frozenset()
    managers: tuple[str, ...] = ()
    directors: tuple[str, ...] = ()

    def may(self, role: str, state: str) -> bool:
        """Whether somebody in this role may, in this state."""
        listed = WITH_STAKE if state == NO_MANAGER_LEFT else (*WITH_STAKE, "manager", "approver")
        return (
            role in self.anybody
            or (role in self.managers and role in listed)
            or (role == "director" and state in self.directors)
        )


EVERYBODY: Final = Rule(frozenset(USERS.keys() - {"other workspace"}))
REPS: Final = Rule(frozenset({*MEMBERS, "unknown"}))  # somebody whom the bot has not read yet may report
CARDS: Final = Rule(frozenset(MEMBERS))  # any full member looks a customer up
CARE: Final = Rule(frozenset({"care contact"}))
# Whoever was asked in a call of the other rep; who has a stake was not. A profile that was not read yet is no reason.
CALLED: Final = Rule(frozenset({"manager", "approver", "director", "lead", "unknown"}))
CALLER: Final = Rule(frozenset({"other rep"}))
OWN: Final = Rule(frozenset({"reporter"}))  # only who made the report
MANAGEMENT: Final = Rule(managers=(*WITH_STAKE, "manager", "approver"), directors=STATES)  # figures and lists
NO_STAKE: Final = Rule(managers=("manager", "approver"), directors=STATES)  # who has a stake takes no part
# Managers without a stake; the directors once the deadline has passed, or no manager is left.
DECIDERS: Final = Rule(managers=("manager", "approver"), directors=(OVERDUE, NO_MANAGER_LEFT))
# Whoever took no part: the approver issued the warning, and decided.
TOOK_NO_PART: Final = Rule(managers=("manager",), directors=(OVERDUE, NO_MANAGER_LEFT))


@dataclass(frozen=True)
class Way:
    """A way in, the form that it opens and the letter behind that, who may use them, and what it names."""

    name: Name
    rule: Rule
    value: str = ""
    form: CallbackId | None = None
    letter: CallbackId | None = None


def ways(context: Context, made: Matters) -> Iterator[Way]:
    """Every row of the table, each about a record to which it applies."""

    def case(matter: str) -> str:
        number = made.cases[matter]
        return case_value(number, read_case(context, number).case.version)

    decided = read_case(context, made.cases["decided"]).decision
    assert decided
    up = review_value(made.cases["decided"], decided.review_on)
    open_, closed = customer_value(made.customers["Decide"]), customer_value(made.customers["Decided"])
    guarded, asked = customer_value(made.customers["Warned"]), check_in_value(made.report, 1)
    week, timeline = "week:202646:C0MANAGE", f"list:timeline:{made.customers['Decided']}:1"
    call = f"backup:{made.call}"
    A, C = ActionId, CallbackId  # noqa: N806 - as short as the table needs them
    yield from (
        Way(Command.REPORT, REPS, form=C.REPORT_FORM), Way(A.HOME_REPORT, REPS),
        *(Way(each, REPS) for each in Shortcut), Way(A.REPORT_THEM, CARDS, closed),
        Way(A.REPORT_TYPED, REPS, "typed:Nobody Ltd"), Way(BlockId.CUSTOMER, REPS, "Dec"),
        Way(Command.BACKUP, REPS), Way(A.HOME_BACKUP, REPS), Way(A.BACKUP_ABOUT, REPS, closed),
        Way(A.MAY_BE_CALLED, REPS), Way(A.NOT_AVAILABLE, REPS), Way(A.BACKUP_TAKE, CALLED, call),
        *(Way(each, CALLER, call) for each in (*HOW, A.BACKUP_REPORT)),
        Way(A.WITHDRAW, OWN, f"report:{made.report}"),
        Way(A.CHECK_IN_FINE, OWN, asked), Way(A.CHECK_IN_TALK, OWN, asked), Way(A.CHECK_IN_DECLINE, OWN, asked),
        Way(A.TALKED, CARE, f"report:{made.report}"),
        Way(ListName.CASE, NO_STAKE, f"list:case:{made.cases['to decide']}:1"),
        Way(A.RECUSE, NO_STAKE, case("to decide"), C.RECUSE_FORM),
        Way(A.SEND_FILES, NO_STAKE, f"report:{made.report}"),
        Way(A.EVIDENCE_PACK, NO_STAKE, case("to decide")),
        Way(A.ISSUE_WARNING, DECIDERS, case("to warn"), C.WARNING_FORM),
        Way(A.MARK_DELIVERED, DECIDERS, case("issued"), C.DELIVERED_FORM),
        Way(A.NOT_NOW, DECIDERS, case("to warn"), C.NOT_NOW_FORM), Way(A.READ_LETTER, MANAGEMENT, case("warned")),
        Way(A.MARK_SENT, NO_STAKE, letter_value(made.cases["decided"], "decision"), C.SENT_FORM),
        *(Way(A.READ_LETTER, NO_STAKE, case(matter)) for matter in ("issued", "decided")),
        Way(A.READ_LETTER, MANAGEMENT, case("drop objected to")),
        Way(A.DOWNLOAD_LETTER, NO_STAKE, letter_value(made.cases["decided"], "decision")),
        Way(A.DOWNLOAD_LETTER, MANAGEMENT, letter_value(made.cases["drop objected to"], "decision")),
        Way(A.SET_PROTECTION, DECIDERS, case("to warn"), C.SET_PROTECTION_FORM),
        Way(A.LIFT_PROTECTION, DECIDERS, case("to decide"), C.LIFT_PROTECTION_FORM),
        Way(A.TAKE_HEARING, DECIDERS, case("to hear")),
        Way(A.TAKE_OVER, DECIDERS, case("being heard"), C.TAKE_OVER_FORM),
        Way(A.HEAR_BOTH_SIDES, DECIDERS, case("to decide"), C.HEAR_FORM),
        Way(A.RECORD_OUTCOME, DECIDERS, case("being heard"), C.OUTCOME_FORM),
        Way(A.APPROVE_DROP, DECIDERS, case("to decide"), C.DROP_FORM, C.DROP_LETTER_FORM),
        Way(C.TAKE_BACK_FORM, DECIDERS, case("to decide")),
        Way(A.KEEP_CUSTOMER, DECIDERS, case("to decide"), C.KEEP_FORM, C.KEEP_LETTER_FORM),
        Way(A.RENEW, DECIDERS, up, C.RENEW_FORM), Way(A.LET_LAPSE, DECIDERS, up, C.LAPSE_FORM),
        Way(A.LOOK_BACK, NO_STAKE, case("decided"), C.LESSON_FORM),
        Way(A.RECORD_OBJECTION, NO_STAKE, case("warned"), C.OBJECTION_FORM),
        Way(A.RECORD_OBJECTION, NO_STAKE, case("decided"), C.OBJECTION_FORM),
        *(Way(A.ANSWER_OBJECTION, TOOK_NO_PART, case(matter), C.ANSWER_FORM, C.ANSWER_LETTER_FORM)
          for matter in ("warning objected to", "drop objected to")),
        Way(Command.CUSTOMER, CARDS, "Decided"), Way(A.HOME_LOOK_UP, CARDS, form=C.LOOK_UP_FORM),
        Way(A.HOME_MAY_DO, CARDS),
        Way(BlockId.FIND, CARDS, "Dec"), Way(A.OPEN_CUSTOMER, CARDS, closed),
        Way(A.EDIT_CUSTOMER, NO_STAKE, closed, C.EDIT_CUSTOMER_FORM),
        Way(A.EDIT_CUSTOMER, DECIDERS, open_, C.EDIT_CUSTOMER_FORM),
        Way(A.SET_CUSTOMER_SAFEGUARD, DECIDERS, open_, C.SET_CUSTOMER_SAFEGUARD_FORM),
        Way(A.LIFT_CUSTOMER_SAFEGUARD, NO_STAKE, guarded, C.LIFT_CUSTOMER_SAFEGUARD_FORM),
        Way(A.MERGE, NO_STAKE, closed, C.MERGE_FORM, C.MERGE_BOTH_FORM), Way(A.MERGE_ALIKE, DECIDERS, closed),
        Way(A.UNDO_MERGE, DECIDERS, merger_value(made.merger)),
        Way(A.SET_SAFEGUARD, DECIDERS, case("to warn"), C.SET_SAFEGUARD_FORM),
        Way(A.LIFT_SAFEGUARD, DECIDERS, case("warned"), C.LIFT_SAFEGUARD_FORM),
        Way(Event.HOME_OPENED, EVERYBODY), Way(Event.USER_CHANGE, EVERYBODY),
        Way(Event.MENTION, EVERYBODY), Way(Event.MESSAGE, EVERYBODY), Way(ListName.MINE, CARDS),
        Way(ListName.QUEUE, MANAGEMENT), Way(ListName.STANDING, MANAGEMENT, "list:standing:dropped:1"),
        Way(ListName.TIMELINE, NO_STAKE, timeline),
        Way(A.WEEK_AS_TABLE, MANAGEMENT, week),
    )  # fmt: skip


class Walker:
    """Sends requests as somebody; everything happens and nothing stays."""

    def __init__(self, context: Context) -> None:
        self.context = undoing(context)
        self.dispatcher = Dispatcher(self.context, Any, ASKS)  # no view reaches Slack

    def answer(self, name: Name, body: Json) -> tuple[str, Any]:
        """ "done" with what is shown; "denied" to this person; or "refused", as it would be to anybody."""
        row = ROWS[name]
        try:
            found = self.dispatcher._ours(body)
            parsed, wrong = self.dispatcher._parsed(row, found.body)
            held = refusing(holding_to(self.context, found.keys), wrong)
            result = row.use_case(held, parsed)
            return "done", row.view(result, held, parsed) if row.view else None
        except (NotEntitled, NotYours, OtherWorkspace) as denial:
            return "denied", denial
        except Refusal as refusal:
            return "refused", refusal

    def keyed(self, value: str) -> str:
        return str(with_keys({"value": value}, keys_in(self.context))["value"])


def by(role: str, body: Json) -> Json:
    """The same request by somebody in this role."""
    home = TEAM if role not in {"outsider", "other workspace"} else "T0OTHER"
    user = {"id": USERS[role], "username": role, "name": role, "team_id": home}
    match body:
        case {"command": _}:
            sent = body | {"user_id": USERS[role], "team_id": home}
        case {"event": {"user": {}}}:
            sent = body | {"event": body["event"] | {"user": user}}
        case {"event": _}:
            sent = body | {"event": body["event"] | {"user": USERS[role]}}
        case _:
            sent = body | {"user": user}
    if role != "other workspace":
        return sent
    moved = sent | ({"team": OTHER} if "team" in sent else {"team_id": "T0OTHER"})
    return moved | {"view": moved["view"] | {"app_installed_team_id": "T0OTHER"}} if "view" in moved else moved


def requests(walker: Walker, made: Matters) -> Iterator[tuple[Way, Name, Json]]:
    """Each way in and each form behind one, with a request by somebody who may, the form filled in."""
    keys = keys_in(walker.context)
    for way in ways(walker.context, made):
        is_typed = isinstance(way.name, BlockId | Command)
        user = "U0BRAD" if way.name is ActionId.TAKE_OVER else USERS["manager"]  # who took the hearing until now
        opening = request(way.name, user, way.value if is_typed else walker.keyed(way.value))
        yield way, way.name, opening
        if way.form:
            said, view = walker.answer(way.name, opening)
            assert said == "done", (way, view)
            form = OpenForm(way.form, sample.PRIYA, with_keys(view, keys), keys)
            duplicate = {BlockId.FIND: sample.picked(f"known:{made.customers['Duplicate']}")}
            answers = duplicate if way.form is CallbackId.MERGE_FORM else {}
            yield way, way.form, form.sent(**answers)
            if way.form is CallbackId.KEEP_FORM:
                view = form.view | form.sent()["view"]
                ticked = sample.click(ActionId.TICK_CONDITIONS, "", sample.PRIYA, view=view)
                yield Way(ActionId.TICK_CONDITIONS, EVERYBODY), ActionId.TICK_CONDITIONS, ticked
            if way.letter:
                yield way, way.letter, letter_of(walker.context, form, way.letter, **answers).sent()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Record]:
    file, clock = tmp_path_factory.mktemp("walk") / "backstop.db", FrozenClock()
    file.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite:///{file}")
    made = filled(database, clock)
    yield a_context(database, clock, WALKED), made, clock
    database.close()


@pytest.fixture(scope="module")
def sent(record: Record) -> list[tuple[Way, Name, Json]]:
    context, made, _ = record
    read_everybody(context)
    return list(requests(Walker(context), made))


def test_no_way_in_is_left_out(sent: list[tuple[Way, Name, Json]]) -> None:
    assert {name for _, name, _ in sent} == ROWS.keys()


def test_there_is_somebody_in_every_role_and_each_state_lets_somebody_in_and_keeps_somebody_out() -> None:
    assert len(set(USERS)) == 17
    assert all(any(DECIDERS.may(role, state) for role in USERS) for state in STATES)
    assert DECIDERS.may("director", OVERDUE)
    assert not DECIDERS.may("director", IN_TIME)
    assert not NO_STAKE.may("manager", NO_MANAGER_LEFT)


@contextmanager
def walking(record: Record, state: str) -> Iterator[Walker]:
    """Requests at a time and in a firm in which the cases are in this state."""
    context, _, clock = record
    began = clock.time
    clock.forward(days=20 if state == OVERDUE else 0)
    read_everybody(context)
    firm = ONLY_WITH_STAKE if state == NO_MANAGER_LEFT else WALKED
    yield Walker(replace(context, firm=firm))
    clock.time = began


@pytest.mark.parametrize("state", STATES)
def test_who_may_is_let_in_and_who_may_not_reads_so_before_a_form_opens(
    record: Record, sent: list[tuple[Way, Name, Json]], state: str
) -> None:
    wrong, done = [], set()
    with walking(record, state) as walker:
        for way, name, body in sent:
            for role in USERS:
                said, why = walker.answer(name, by(role, body))
                done.update([name] if said == "done" else [])
                if not fits(way, name, role, state, said):
                    wrong.append(f"{name!r} by {role}: {said}, {why!r}")
    assert wrong == []
    if state == IN_TIME:
        assert done == ROWS.keys()


def fits(way: Way, name: Name, role: str, state: str, said: str) -> bool:
    """Whether the answer is the expected one."""
    if way.rule.may(role, state):
        return said != "denied"
    if (name, role) in SENT_AGAIN:
        return said in {"done", "denied"}  # wrongly filled in it is not the same form
    return said == "denied"


def wrongly_filled(body: Json) -> Iterator[Json]:
    """The form with nothing in it, and with every text too long."""
    fields = {block: each[block] for block, each in body["view"]["state"]["values"].items()}
    empty = {
        block: {key: each if key == "type" else None for key, each in field.items()} for block, field in fields.items()
    }
    long = {block: field | ({"value": "x" * 5_000} if "value" in field else {}) for block, field in fields.items()}
    for filled_in in (empty, long):
        values = {block: {block: field} for block, field in filled_in.items()}
        yield body | {"view": body["view"] | {"state": {"values": values}}}


@pytest.mark.parametrize("state", STATES)
def test_who_may_not_send_a_form_reads_that_before_what_is_wrong_in_it(
    record: Record, sent: list[tuple[Way, Name, Json]], state: str
) -> None:
    named, wrong = set(), []
    right = [(way, name, body) for way, name, body in sent if isinstance(name, CallbackId)]
    forms = [(way, name, wrongly) for way, name, body in right for wrongly in wrongly_filled(body)]
    with walking(record, state) as walker:
        for way, name, body in forms:
            for role in USERS:
                said, why = walker.answer(name, by(role, body))
                named.update([name] if isinstance(why, Wrong) else [])
                if not fits(way, name, role, state, said):
                    wrong.append(f"{name!r} by {role}: {said}, {why!r}")
    assert wrong == []
    if state == IN_TIME:
        assert named == {name for _, name, _ in forms} - {CallbackId.TAKE_BACK_FORM}
