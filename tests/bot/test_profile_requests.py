"""A request may wait until somebody's profile was read; what Slack refuses for one person holds up nobody."""

import threading

import pytest

from bot.profile_requests import ProfileRequests
from bot.rules.people import Person
from bot.usecases.transport import RateLimited, Refused

ANA, GUS = (Person("T0FIRM", user, "T0FIRM") for user in ("U0ANA", "U0GUS"))
LONG = 30.0  # seconds, of which none is waited for


def served(requests: ProfileRequests, refuses: dict[str, Exception], rounds: int) -> list[str]:
    """The people who were read in so many rounds."""
    read: list[str] = []

    def profile(team: str, user: str) -> None:
        assert team == "T0FIRM"
        read.append(user)
        if user in refuses:
            raise refuses[user]

    left = iter(range(rounds))
    requests.serve(profile, lambda: next(left, None) is not None)
    return read


def test_who_waits_goes_on_once_the_profile_was_read_or_refused() -> None:
    requests, passed = ProfileRequests(), []
    for person in (GUS, ANA):
        waiting = threading.Thread(target=lambda who=person: (requests.ask(who, LONG), passed.append(who.user)))
        waiting.start()
        while requests._queue.empty():
            pass
        assert served(requests, {"U0GUS": Refused("user_not_found")}, 1) == [person.user]
        waiting.join(LONG)
    assert passed == ["U0GUS", "U0ANA"]


def test_who_does_not_wait_is_read_later_and_waiting_ends_by_itself() -> None:
    requests = ProfileRequests()
    requests.ask(GUS, 0.0)
    requests.ask(ANA, 0.01)
    requests.wake()
    assert served(requests, {"U0GUS": Refused("user_not_visible")}, 3) == ["U0GUS", "U0ANA"]


def test_a_pause_that_slack_asks_for_ends_the_reading_and_the_wait() -> None:
    requests = ProfileRequests()
    requests.ask(GUS, 0.0)
    requests.ask(ANA, 0.0)
    with pytest.raises(RateLimited):
        served(requests, {"U0GUS": RateLimited(30.0)}, 2)
    assert served(requests, {}, 1) == ["U0ANA"]
