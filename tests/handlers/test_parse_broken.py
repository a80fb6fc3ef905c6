"""Any one thing wrong in a real payload: a value comes out, or one of the two failures, and nothing else."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.refusals import Wrong
from handlers.button_values import case_click, menu_item, week_click
from handlers.customers.parse import lift_safeguard, set_safeguard
from handlers.decisions.parse import drop, drop_terms, keep, keep_terms
from handlers.hearings.parse import hear_both_sides, record_outcome, take_hearing, take_over
from handlers.names import ActionId, BlockId
from handlers.objections.parse import answer_objection, answer_terms, record_objection
from handlers.parsing.form import Form
from handlers.parsing.people import changed_profile, home_visitor, sender, typed_so_far, wrote
from handlers.parsing.reading import Malformed
from handlers.reports.parse import new_report, quoted, report_prefill, withdraw
from handlers.warnings.parse import issue_warning, mark_delivered, not_now
from tests.handlers import payload_samples as sample
from tests.handlers.forms_read import parsed, said

NOW = datetime.fromtimestamp(sample.NOON, UTC)
Path = tuple[Any, ...]
Parser = tuple[Callable[[Any], object], sample.Json]


def form(parser: Callable[[Form], object]) -> Callable[[Any], object]:
    """Reads a form, and says what is wrong in it."""

    def read_form(body: Any) -> object:  # noqa: ANN401 - anything
        said(parser, body, NOW)
        return parsed(parser, body)

    return read_form


PARSERS: dict[str, Parser] = {
    "new_report": (form(new_report), sample.report_form()),
    "drop_terms": (form(drop_terms), sample.drop_form()),
    "drop": (form(drop), sample.drop_letter_form()),
    "keep_terms": (form(keep_terms), sample.keep_form()),
    "keep": (form(keep), sample.keep_letter_form()),
    "issue_warning": (form(issue_warning), sample.warning_form()),
    "mark_delivered": (form(mark_delivered), sample.delivered_form()),
    "not_now": (form(not_now), sample.not_now_form()),
    "week_click": (week_click, sample.click(ActionId.WEEK_AS_TABLE, "week:202647:C0MANAGE")),
    "case_click": (case_click, sample.click(ActionId.KEEP_CUSTOMER, "case:12:3")),
    "take_hearing": (take_hearing, sample.click(ActionId.TAKE_HEARING, "case:12:3")),
    "take_over": (form(take_over), sample.take_over_form()),
    "hear_both_sides": (form(hear_both_sides), sample.hear_form()),
    "record_outcome": (form(record_outcome), sample.outcome_form()),
    "set_safeguard": (form(set_safeguard), sample.safeguard_form()),
    "lift_safeguard": (form(lift_safeguard), sample.lift_safeguard_form()),
    "record_objection": (form(record_objection), sample.objection_form()),
    "answer_terms": (form(answer_terms), sample.answer_form()),
    "answer_objection": (form(answer_objection), sample.answer_letter_form("case:12:3:stands")),
    "menu": (case_click, sample.menu_click()),
    "menu_item": (menu_item, sample.menu_click()),
    "withdraw": (withdraw, sample.click(ActionId.WITHDRAW, "report:214", user=sample.ANA)),
    "quoted": (quoted, sample.message_action()),
    "typed_so_far": (typed_so_far, sample.suggestion()),
    "report_prefill": (report_prefill, sample.command()),
    "person": (sender, sample.command()),
    "home_visitor": (
        home_visitor,
        sample.event({"type": "app_home_opened", "user": "U0ANA", "tab": "home"}),
    ),
    "wrote": (wrote, sample.event({"type": "app_mention", "user": "U0ANA", "ts": "1763726400.000100"})),
    "changed_profile": (changed_profile, sample.event({"type": "user_change", "user": sample.ANA})),
}
WILD = (None, True, 0, -1, 10**30, 1.5, float("nan"), "", " ", "x" * 5_000, "\ud800", "a\0b", "{", [], {}, [None], [[]])

everything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def paths(body: object, path: Path = ()) -> Iterator[Path]:
    children = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths(child, (*path, key))


def changed(body: sample.Json, path: Path, change: Callable[[Any, Any], None]) -> sample.Json:
    whole = deepcopy(body)
    parent: Any = whole
    for step in path[:-1]:
        parent = parent[step]
    change(parent, path[-1])
    return whole


def read(parser: Callable[[Any], object], body: object) -> object:
    """The value, or the failure, whichever of the two is meant to happen."""
    try:
        return parser(body)
    except (Malformed, Wrong) as failure:
        return failure


@pytest.mark.parametrize("name", PARSERS)
def test_the_whole_payload_is_read(name: str) -> None:
    parser, body = PARSERS[name]
    assert not isinstance(read(parser, body), Exception)


@pytest.mark.parametrize("name", PARSERS)
def test_a_payload_cut_anywhere_is_read_or_turned_away(name: str) -> None:
    parser, body = PARSERS[name]
    for path in paths(body):
        outcome = read(parser, changed(body, path, lambda parent, key: parent.__delitem__(key)))
        assert not isinstance(outcome, Wrong) or "state" in path, path


@pytest.mark.parametrize("name", PARSERS)
def test_a_payload_with_anything_wild_anywhere_is_read_or_turned_away(name: str) -> None:
    parser, body = PARSERS[name]
    for path in paths(body):
        for wild in WILD:
            read(parser, changed(body, path, lambda parent, key, wild=wild: parent.__setitem__(key, wild)))


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_a_payload_with_any_json_anywhere_is_read_or_turned_away(name: str, data: st.DataObject) -> None:
    parser, body = PARSERS[name]
    path, wild = data.draw(st.sampled_from(list(paths(body)))), data.draw(everything)
    read(parser, changed(body, path, lambda parent, key: parent.__setitem__(key, wild)))


@pytest.mark.parametrize("wild", WILD)
def test_a_body_that_is_no_payload_at_all_is_turned_away(wild: object) -> None:
    for parser, _ in PARSERS.values():
        with pytest.raises(Malformed):
            parser(wild)


@pytest.mark.parametrize("field", sample.report_form()["view"]["state"]["values"])
def test_a_form_without_one_of_its_fields_is_taken_or_says_which(field: str) -> None:
    body = sample.report_form()
    del body["view"]["state"]["values"][field]
    taken = read(lambda form: parsed(new_report, form), body)
    if isinstance(taken, Wrong):
        assert set(taken.fields) == {field}
    else:  # the use case says that a narrative is missing
        assert field in {BlockId.NARRATIVE, BlockId.LINKS, BlockId.FILES, BlockId.ENDED, BlockId.CHECKS}
