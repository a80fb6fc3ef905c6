"""Every form that is sent twice, as by two clicks or a lost answer, is recorded once and answered the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from handlers.names import CallbackId
from tests.slack.every_form import Desk, OpenForm, desk_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database

CHANGES_NOTHING: Final = {
    CallbackId.LOOK_UP_FORM,
    # Their second step decides; that the reports were read is on record once.
    CallbackId.DROP_FORM,
    CallbackId.ANSWER_FORM,
    CallbackId.MERGE_FORM,
}
# Forms about one case or decision: what the first of them does, the others are too late for.
FIRST_OF: Final = (
    (
        CallbackId.DROP_LETTER_FORM,
        CallbackId.KEEP_LETTER_FORM,
        CallbackId.KEEP_FORM,
        CallbackId.RECUSE_FORM,
        CallbackId.HEAR_FORM,
    ),
    (CallbackId.OBJECTION_FORM, CallbackId.RENEW_FORM, CallbackId.LAPSE_FORM),
    (CallbackId.WARNING_FORM, CallbackId.SET_SAFEGUARD_FORM),
    (CallbackId.NOT_NOW_FORM, CallbackId.SET_SAFEGUARD_FORM),
    (CallbackId.DELIVERED_FORM, CallbackId.SET_PROTECTION_FORM),
    (CallbackId.TAKE_OVER_FORM, CallbackId.OUTCOME_FORM, CallbackId.LIFT_PROTECTION_FORM),
    (
        CallbackId.EDIT_CUSTOMER_FORM,
        CallbackId.SET_CUSTOMER_SAFEGUARD_FORM,
        CallbackId.MERGE_FORM,
        CallbackId.MERGE_BOTH_FORM,
    ),
)
TURNS: Final = range(max(map(len, FIRST_OF)))  # so that each of these is the first in one of them
# Each report is one of its own: a second window is a second report. What is set is set, so these may change it again.
EACH_COUNTS: Final = {CallbackId.REPORT_FORM, CallbackId.EDIT_CUSTOMER_FORM}
# These ask for a state, and it is so: by whomever, and however often.
IS_SO: Final = {
    CallbackId.TAKE_BACK_FORM,
    CallbackId.TAKE_OVER_FORM,
    CallbackId.SET_SAFEGUARD_FORM,
    CallbackId.SET_CUSTOMER_SAFEGUARD_FORM,
    CallbackId.MERGE_BOTH_FORM,
}


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with desk_on(database) as desk:
        yield desk


def all_in(desk: Desk, turn: int) -> Iterator[OpenForm]:
    """Each form that somebody may still send; of those about one case, another comes first in each turn."""
    first = {forms[turn % len(forms)] for forms in FIRST_OF}
    begun: set[CallbackId] = set()
    for form in sorted(desk.forms, key=lambda form: form.name not in first):
        if not any(form.name in each and begun.intersection(each) for each in FIRST_OF):
            begun.add(form.name)
            yield form


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_form_is_among_those_that_are_sent(desk: Desk) -> None:
    sent = {form.name for turn in TURNS for form in all_in(desk, turn)}
    assert sent == {form.name for form in desk.forms}


@pytest.mark.parametrize("turn", TURNS)
def test_a_form_sent_twice_is_recorded_once_and_from_a_second_window_it_hears_that_it_was(
    desk: Desk, turn: int
) -> None:
    """Nobody reads *Recorded* of what they sent from a second window: it may say something else than what was."""
    for form in all_in(desk, turn):
        before = desk.entries()
        first = desk.post(form.sent())
        after = desk.entries()
        assert first[1]["response_action"] == "update"
        assert (after == before) is (form.name in CHANGES_NOTHING), (form.name, first)
        again = form.sent()
        again["view"]["hash"] = "2.def"
        assert desk.post(form.sent()) == first, form.name
        assert desk.entries() == after, form.name
        if form.name not in EACH_COUNTS:
            refused = desk.post(again) != first
            assert refused is (form.name not in CHANGES_NOTHING | IS_SO), form.name
            assert desk.entries() == after, form.name
