"""Whatever is wrong in a form is said at once beside its field, over HTTP and on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from handlers.names import BlockId, CallbackId
from tests.handlers import payload_samples as sample
from tests.slack.every_form import ROWS, Desk, OpenForm, desk_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.database import Database

Json = dict[str, Any]

WITHOUT_FIELDS: Final = {CallbackId.TAKE_BACK_FORM}
UNSEEN: Final = ("", " \n\t ", "\u200b\u2060\ufeff", "\u3164", "\u202e", "\x07")
UNSTORABLE: Final = ("a\0b", "a\ud800b")
NO_LINKS: Final = (
    "javascript:alert(1)",
    "https://x.example/" + "y" * 483,
    "\n".join(f"https://x.example/{n}" for n in range(11)),
)
WRONG_NAMES: Final = ("typed:  ", "new:\u200b", "typed:!?", "typed:a\0b", "too_long:141")
KEPT_IN_THE_POLICY: Final = {BlockId.CATEGORY, BlockId.REASON_CLASS, BlockId.KIND, BlockId.CONDITIONS}
HARMLESS: Final = {  # with the choices that `OpenForm.sent` makes, nothing is wrong with these
    (CallbackId.ANSWER_FORM, BlockId.EFFECTIVE_ON): {"0001-01-01", "9999-12-31"},
    (CallbackId.DROP_FORM, BlockId.EFFECTIVE_ON): {"9999-12-31"},  # with it the review is wrong as well
}


def wrong_values(form: OpenForm, block: Json) -> list[Json]:
    """Everything that can be wrong with this field alone."""
    name, element, required = block["block_id"], block["element"], not block["optional"]
    gone = name in KEPT_IN_THE_POLICY
    match element["type"]:
        case "plain_text_input":
            most = element["max_length"]
            long = ["x" * (most + 1), "😀" * (most // 2 + 1)]
            texts = [*(UNSEEN if required else ()), *UNSTORABLE, *long, *(NO_LINKS if name == BlockId.LINKS else ())]
            found = [sample.typed(each) for each in texts]
        case "datepicker":
            days = {"0001-01-01", "9999-12-31"} - HARMLESS.get((form.name, name), set())
            found = [{"selected_date": day} for day in [*([None] if required else []), *sorted(days)]]
        case "datetimepicker":
            found = [{"selected_date_time": at} for at in (None, 0, 4_000_000_000)]
        case "users_select":
            found = [{"selected_user": user} for user in ((None, "U0ANA", "U0GUS") if required else ())]
        case "external_select":
            names = WRONG_NAMES if name == BlockId.CUSTOMER else ()
            found = [{"selected_option": None}, *(sample.picked(value) for value in names)]
        case "checkboxes" | "multi_static_select":
            found = [*([sample.ticked("gone")] if gone else []), *([sample.ticked()] if required else [])]
        case "static_select" | "radio_buttons":
            none = [{"selected_option": None}] if required or element["type"] == "radio_buttons" else []
            found = [*none, *([sample.picked("gone")] if gone else [])]
        case _:
            found = []
    return found


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    with desk_on(database) as desk:
        yield desk


def assert_named(form: OpenForm, changed: dict[str, Json], errors: dict[str, str]) -> None:
    """Every changed field is named, and no other.

    Where a choice of the terms of a decision was not made, the others cannot be judged: they depend on one another.
    What a condition asks for is judged only where that condition was picked.
    """
    not_made = {name for name, value in changed.items() if None in value.values()}
    asked = {name for name in changed if name.startswith("value:")} if BlockId.CONDITIONS in changed else set()
    if form.name is CallbackId.ANSWER_FORM and not_made:
        assert not_made <= set(errors) <= set(changed)
    elif asked:
        assert set(changed) - asked <= set(errors) <= set(changed), (form.name, changed, errors)
    else:
        assert set(errors) == set(changed), (form.name, changed, errors)
    assert all(said.endswith((".", "?")) for said in errors.values())


def asked_for(changed: dict[str, Json]) -> dict[str, Json]:
    """With the conditions picked that ask for what was changed: otherwise nobody looks at it."""
    keys = sorted({name.split(":")[1] for name in changed if name.startswith("value:")})
    return {BlockId.CONDITIONS: sample.ticked(*keys), **changed} if keys else changed


def test_every_wrong_field_of_a_form_is_named_in_one_answer_and_nothing_is_recorded(desk: Desk) -> None:
    """All fields wrong at once, with each wrong value in turn; then any of them."""
    wrong = {form: {name: wrong_values(form, block) for name, block in form.inputs.items()} for form in desk.forms}
    for form, values in wrong.items():
        for turn in range(max(map(len, values.values()))):
            changed = {name: found[turn % len(found)] for name, found in values.items() if found}
            assert_named(form, changed, desk.errors(form, **asked_for(changed)))

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def named(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(desk.forms))
        possible = [name for name, found in wrong[form].items() if found]
        names = data.draw(st.sets(st.sampled_from(possible), min_size=1, max_size=2))
        changed = {name: data.draw(st.sampled_from(wrong[form][name])) for name in sorted(names)}
        assert_named(form, changed, desk.errors(form, **asked_for(changed)))

    named()
    assert desk.record() == desk.before


def test_a_day_that_was_not_picked_hides_no_other_mistake(desk: Desk) -> None:
    """It took a second answer to hear of the details that a condition asks for."""
    asking = [form for form in desk.forms if {BlockId.REVIEW_ON, "value:written_only"} <= set(form.inputs)]
    tried = [form for form in asking if form.name is not CallbackId.ANSWER_FORM]  # see `assert_named`
    assert CallbackId.KEEP_FORM in {form.name for form in tried}
    for form in tried:
        changed = {BlockId.REVIEW_ON: {"selected_date": None}, "value:written_only": sample.typed("a\0b")}
        assert set(desk.errors(form, **asked_for(changed))) == set(changed), form.name
    assert desk.record() == desk.before


def test_a_text_of_just_the_length_that_its_field_allows_is_taken(desk: Desk) -> None:
    """An emoji counts as two. Every form that has fields is among those that are tried."""
    assert {form.name for form in desk.forms} == {
        name for name in ROWS if isinstance(name, CallbackId)
    } - WITHOUT_FIELDS
    for form in desk.forms:
        limits = {
            name: block["element"]["max_length"]
            for name, block in form.inputs.items()
            if block["element"]["type"] == "plain_text_input" and name != BlockId.LINKS
        }
        status, answer = desk.post(
            form.sent(**{name: sample.typed("😀" * (most // 2)) for name, most in limits.items()})
        )
        assert (status, answer["response_action"]) == (200, "update"), (form.name, answer)
    assert desk.record() != desk.before


def test_a_form_without_fields_is_replaced_when_it_cannot_be_recorded(desk: Desk, database: Database) -> None:
    case = next(form for form in desk.forms if form.name is CallbackId.DROP_FORM).view["private_metadata"]
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE approval RENAME TO gone"))
    status, answer = desk.post(sample.submission(CallbackId.TAKE_BACK_FORM, case, sample.PRIYA))
    assert (status, answer["response_action"]) == (200, "update")
    assert "nothing was recorded" in str(answer["view"])
