"""The buttons of a weekly summary."""

import pytest

from bot.rules.weeks import Week
from handlers.button_values import week_click, week_value
from handlers.names import ActionId
from handlers.parsing.reading import Malformed
from tests.handlers import payload_samples as sample


def test_a_click_carries_the_week_and_the_channel_of_its_button() -> None:
    by, week, channel = week_click(sample.click(ActionId.WEEK_AS_TABLE, week_value(Week(2026, 53), "G0MANAGE")))
    assert (by.user, week, channel) == ("U0PRIYA", Week(2026, 53), "G0MANAGE")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "week:202647",
        "week:202654:C0MANAGE",
        "week:000047:C0MANAGE",
        "week:202647:U0ANA",
        "case:12:3",
        "week:2026470:C0",
    ],
)
def test_a_value_that_no_button_carries_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        week_click(sample.click(ActionId.WEEK_AS_TABLE, value))
