"""What a form must say to drop or keep a customer. What it says wrongly is refused, and nothing is decided."""

from datetime import date, timedelta

import pytest

from bot.rules.cases import Outcome
from bot.rules.refusals import NotWarned
from bot.usecases.context import Context
from bot.usecases.decisions.decide import draft_for_drop, keep, keep_or_draft
from tests.builders import (
    TEAM,
    FrozenClock,
    a_drop,
    a_keep,
    a_profile,
    before_a_decision,
    dropped,
    kept,
    read_case,
    read_from_slack,
    wrong,
)

TODAY, TOMORROW = date(2026, 11, 20), date(2026, 11, 21)
IN_A_YEAR = date(2027, 11, 20)  # the longest time that a decision runs
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def case(context: Context, clock: FrozenClock) -> int:
    return before_a_decision(context, clock)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"effective_on": TODAY, "review_on": TOMORROW}, set()),
        ({"effective_on": date(2026, 11, 19)}, {"effective_on"}),
        ({"effective_on": TOMORROW, "review_on": TOMORROW}, {"review_on"}),
        ({"effective_on": date(2026, 12, 24), "review_on": date(2026, 12, 1)}, {"review_on"}),
        ({"effective_on": TODAY, "review_on": TODAY}, {"review_on"}),
        ({"review_on": IN_A_YEAR}, set()),
        ({"review_on": IN_A_YEAR + timedelta(days=1)}, {"review_on"}),
        ({"rationale": " ", "letter": "\n"}, {"rationale", "letter"}),
        ({"reason_class": "dislike"}, {"reason_class"}),
        ({"safeguards_considered": False}, {"safeguards_considered"}),
    ],
)
def test_what_a_drop_must_say(context: Context, case: int, form: dict[str, object], fields: set[str]) -> None:
    if not fields:
        assert dropped(context, case, **form).case.outcome is Outcome.DROPPED
        return
    with wrong(fields):
        dropped(context, case, **form)
    with wrong(fields):  # before the letter is drafted, too
        draft_for_drop(context, a_drop(context, case, **form))
    assert read_case(context, case).decision is None


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"conditions": ("written_only", "one_contact")}, set()),
        ({"conditions": ("written_only", "be_nice")}, {"conditions"}),
        ({"review_on": TOMORROW}, set()),
        ({"review_on": TODAY}, {"review_on"}),
        ({"review_on": IN_A_YEAR}, set()),
        ({"review_on": IN_A_YEAR + timedelta(days=1)}, {"review_on"}),
        ({"rationale": " "}, {"rationale"}),
    ],
)
def test_what_keeping_must_say(context: Context, case: int, form: dict[str, object], fields: set[str]) -> None:
    if not fields:
        assert kept(context, case, **form).case.outcome is Outcome.KEPT
        return
    with wrong(fields):
        kept(context, case, **form)
    assert read_case(context, case).decision is None


@pytest.mark.parametrize(("before", "counts"), [(MOMENT, True), (timedelta(), False)])
def test_a_warning_backs_a_drop_up_to_the_moment_at_which_it_expires(
    context: Context, clock: FrozenClock, case: int, before: timedelta, *, counts: bool
) -> None:
    (warning,) = read_case(context, case).warnings
    assert warning.expires_at
    clock.time = warning.expires_at - before
    read_from_slack(context)
    if counts:
        assert dropped(context, case).case.outcome is Outcome.DROPPED
    else:
        with pytest.raises(NotWarned):
            dropped(context, case)


@pytest.mark.parametrize("mark", ["guest", "outsider", "bot", "deactivated"])
def test_nobody_is_named_as_the_one_contact_who_is_no_colleague(
    context: Context, clock: FrozenClock, mark: str
) -> None:
    case = before_a_decision(context, clock)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0OLEK", clock(), **{mark: True})])
    form = a_keep(context, case, conditions=("one_contact",), details=(("one_contact", "@U0OLEK"),))
    for send in (keep, keep_or_draft):
        with wrong({"value:one_contact"}):
            send(context, form)
    kept(context, case, conditions=("one_contact",), details=(("one_contact", "Olek, of the agency"),))


@pytest.mark.parametrize(("value", "field"), [("", ""), ("  ", ""), ("a\0b", ":name"), ("x" * 101, ":name")])
def test_a_name_that_is_wrong_is_said_beside_the_field_in_which_it_was_typed(
    context: Context, clock: FrozenClock, value: str, field: str
) -> None:
    case = before_a_decision(context, clock)
    with wrong({f"value:one_contact{field}"}):
        keep(context, a_keep(context, case, conditions=("one_contact",), details=(("one_contact", value),)))
