from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.sandbox.clock import Clock
from bot.sandbox.errors import RateLimited, SlackError
from bot.sandbox.expiring_ids import ResponseUrls, Triggers
from bot.sandbox.rates import Rates


class Ticks:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_two_messages_of_one_moment_have_different_timestamps() -> None:
    clock = Clock(lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert [clock.ts(), clock.ts()] == ["1795338000.000000", "1795338000.000001"]


def test_a_trigger_lives_three_seconds() -> None:
    ticks = Ticks()
    triggers = Triggers(ticks)
    in_time, late = triggers.issue("U0ANA"), triggers.issue("U0ANA")
    ticks.seconds += 3
    assert triggers.exchange(in_time) == "U0ANA"
    ticks.seconds += 0.01
    with pytest.raises(SlackError, match="expired_trigger_id"):
        triggers.exchange(late)


def test_a_trigger_lives_as_long_as_the_sandbox_waits_for_an_ack() -> None:
    ticks = Ticks()
    triggers = Triggers(ticks)
    triggers.lifetime = lambda: 120
    late = triggers.issue("U0ANA")
    ticks.seconds += 120
    assert triggers.exchange(late) == "U0ANA"


def test_a_response_url_lives_thirty_minutes() -> None:
    ticks = Ticks()
    response_urls = ResponseUrls(ticks)
    key = response_urls.issue("C0SUPPORT", "U0ANA")
    ticks.seconds += 30 * 60
    response_urls.use(key)
    ticks.seconds += 1
    with pytest.raises(SlackError, match="expired_url"):
        response_urls.use(key)


def test_a_method_has_so_many_calls_in_any_minute_and_says_how_long_to_wait() -> None:
    ticks = Ticks()
    rates = Rates(ticks)
    rates.count("chat.update", 2)
    ticks.seconds += 30
    rates.count("chat.update", 2)
    with pytest.raises(RateLimited) as refused:
        rates.count("chat.update", 2)
    assert refused.value.headers == {"Retry-After": "30"}
    ticks.seconds += 30
    rates.count("chat.update", 2)


def test_a_channel_takes_one_message_a_second() -> None:
    ticks = Ticks()
    rates = Rates(ticks)
    rates.count_post("C0SUPPORT")
    ticks.seconds += 0.99
    with pytest.raises(RateLimited):
        rates.count_post("C0SUPPORT")
    ticks.seconds += 0.01
    rates.count_post("C0SUPPORT")
