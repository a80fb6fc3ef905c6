"""From when and until when a warning counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.warnings import IssuedWarning
from tests.rules.samples import DAY, NOW, warning

MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("since_delivery", "valid"),
    [(-MOMENT, False), (timedelta(), True), (365 * DAY - MOMENT, True), (365 * DAY, False)],
)
def test_a_warning_is_valid_from_its_delivery_to_just_before_it_expires(
    since_delivery: timedelta, *, valid: bool
) -> None:
    seen = warning(days_ago=0)
    issued = IssuedWarning(1, 1, "Please stop.", "U0PRIYA", NOW - DAY, NOW, expires_at=NOW + 365 * DAY)
    for each in (seen, issued):
        assert each.is_valid_at(NOW + since_delivery) is valid
    assert not replace(issued, withdrawn_at=NOW).is_valid_at(NOW + since_delivery)


def test_a_warning_that_was_not_delivered_is_not_valid() -> None:
    issued = IssuedWarning(1, 1, "Please stop.", "U0PRIYA", NOW - DAY)
    assert not issued.is_valid_at(NOW)
    assert not replace(issued, delivered_at=NOW - DAY).is_valid_at(NOW)
    assert not replace(issued, expires_at=NOW + DAY).is_valid_at(NOW)
