from __future__ import annotations

import json
import threading
from contextlib import closing
from datetime import timedelta
from queue import Queue
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.sandbox.client import NotPossible
from bot.sandbox.demo import Demo, serve
from bot.sandbox.form import FormErrors
from bot.sandbox.form_field import Pick
from bot.sandbox.person import NoForm, NotSeen, Person
from tests.builders import PATIENCE
from tests.slack.calling import get_json, post_json
from tests.slack.conftest import TOKEN
from tests.slack.office import real_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slack_sdk import WebClient

    from bot.sandbox.server import Sandbox

Json = dict[str, Any]


@pytest.fixture
def demo(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox with the demo bot."""
    server = serve(Demo(sandbox.api_url, TOKEN))
    sandbox.bot_url = f"http://127.0.0.1:{server.server_port}/slack/events"
    yield sandbox
    server.shutdown()
    server.server_close()


class Page:
    """An open page: the events that reach it."""

    def __init__(self, sandbox: Sandbox, user_id: str) -> None:
        self._stream = urlopen(f"{sandbox.url}sandbox/events?as={user_id}", timeout=PATIENCE)  # noqa: S310 - our sandbox
        assert self._stream.readline() == b": here\n"
        self._events: Queue[Json] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._stream:
            if line.startswith(b"data: "):
                self._events.put(json.loads(line[6:]))
        self._stream.close()

    def next(self, kind: str) -> Json:
        """The next event of a kind; what comes before it is passed over."""
        while (event := self._events.get(timeout=PATIENCE))["type"] != kind:
            pass
        return event

    def close(self) -> None:
        """Wait until the sandbox ended the stream."""
        self._reader.join(PATIENCE)


def test_the_state_lists_what_a_person_sees(sandbox: Sandbox) -> None:
    seen = get_json(f"{sandbox.url}sandbox/state?as=U0GUS")
    assert [(channel["name"], channel["kind"]) for channel in seen["channels"]] == [
        ("support", "channel"),
        ("Backstop", "dm"),
    ]
    assert seen["app"]["commands"][0]["command"] == "/report-abuse"
    roles = {user["id"]: user["role"] for user in seen["users"]}
    assert (roles["U0ANA"], roles["U0GUS"], roles["U0OLEK"], roles["U0BACKSTOP"]) == (
        "member", "guest", "outsider", "app",
    )  # fmt: skip
    assert seen["clock"]["offset_seconds"] == 0


def test_what_somebody_has_not_looked_at_is_counted(sandbox: Sandbox, person: Callable[[str], Person]) -> None:
    def unread() -> int:
        channels = get_json(f"{sandbox.url}sandbox/state?as=U0JOE")["channels"]
        return int(next(channel["unread"] for channel in channels if channel["id"] == "C0SUPPORT"))

    for text in ("one", "two"):
        person("U0ANA").say("C0SUPPORT", text)
    assert unread() == 2
    person("U0JOE").channel("C0SUPPORT")
    assert unread() == 0


def test_a_page_hears_of_everything_that_concerns_its_person(
    sandbox: Sandbox, slack: WebClient, person: Callable[[str], Person]
) -> None:
    ana, priya = Page(sandbox, "U0ANA"), Page(sandbox, "U0PRIYA")
    ts = slack.chat_postMessage(channel="C0SUPPORT", text="one", metadata={"event_type": "n", "event_payload": {}})[
        "ts"
    ]
    heard = ana.next("message")
    assert (heard["channel"], heard["message"]["text"]) == ("C0SUPPORT", "one")
    assert "metadata" not in heard["message"]
    slack.chat_update(channel="C0SUPPORT", ts=ts, text="two")
    assert ana.next("message_changed")["message"]["text"] == "two"
    slack.chat_delete(channel="C0SUPPORT", ts=ts)
    assert ana.next("message_deleted")["ts"] == ts
    slack.chat_postEphemeral(channel="C0SUPPORT", user="U0PRIYA", text="not for Ana")
    slack.chat_postEphemeral(channel="C0SUPPORT", user="U0ANA", text="psst")
    heard = ana.next("ephemeral")["message"]
    assert (heard["text"], heard["ephemeral"]) == ("psst", True)
    slack.chat_postMessage(channel="U0ANA", text="for you")
    assert ana.next("channel")["channel"]["kind"] == "dm"
    slack.views_publish(user_id="U0ANA", view={"type": "home", "blocks": []})
    assert ana.next("home")["view"]["type"] == "home"
    slack.chat_postMessage(channel="C0MANAGE", text="among us")
    assert priya.next("message")["message"]["text"] == "one"
    assert priya.next("message")["message"]["text"] == "among us"
    person("U0ANA").forward(hours=1)
    assert ana.next("clock")["offset_seconds"] == priya.next("clock")["offset_seconds"] == 3600
    sandbox.stop()
    ana.close()
    priya.close()


def test_a_page_hears_of_a_form_that_opens_and_of_a_bot_that_fails(demo: Sandbox) -> None:
    with closing(Page(demo, "U0ANA")) as page:
        form = Person(demo.url, "U0ANA").command("/customer", "x")
        assert page.next("views")["stack"][0]["id"] == form.view["id"]
        form.cancel()
        assert page.next("views")["stack"] == []
        demo.bot_url = "http://127.0.0.1:1/"
        with pytest.raises(NoForm):
            Person(demo.url, "U0ANA").command("/customer", "x")
        assert "dispatch_failed" in page.next("notice")["text"]
        demo.stop()


def test_every_input_of_the_demo_can_be_filled_in(demo: Sandbox) -> None:
    form = Person(demo.url, "U0ANA").command("/customer", "x")
    form.fill(
        {
            "Customer": Pick("New customer: Foo"),
            "What happened?": "They shouted.",
            "Short": "words",
            "E-mail": "ana@firm.example",
            "Address": "https://firm.example",
            "Number": 7,
            "One fruit": "Cher",
            "Some fruit": ["Apple", "Cherry"],
            "Somebody": "Priya Raman",
            "Some people": ["joe", "U0MIA"],
            "How serious?": "banana",
            "Also": "Apple",
            "Day": "2026-11-22",
            "Time": "09:30",
            "Moment": 1763802000,
            "Files": [("a.txt", b"a"), ("b.txt", b"b")],
        }
    )
    with pytest.raises(NotPossible, match="Kiwi"):
        form.fill({"One fruit": "Kiwi"})
    with pytest.raises(NotPossible, match="no field is called"):
        form.fill({"Colour": "red"})
    assert form.value("Some people")["selected_users"] == ["U0JOE", "U0MIA"]
    form.fill({"What happened?": "wrong"})
    with pytest.raises(FormErrors) as refused:
        form.submit()
    assert refused.value.errors == {"What happened?": "Say something else."}
    form.fill({"What happened?": "They shouted."}).submit()
    assert (form.title, form.text()) == ("Thank you", "Recorded. Nobody has to put up with that.")


def test_a_message_is_read_and_pressed_by_its_words(demo: Sandbox) -> None:
    ana = Person(demo.url, "U0ANA")
    with pytest.raises(NoForm, match="Posted"):
        ana.command("/customer", "message")
    message = ana.message("C0SUPPORT", "bold italic strike code a link")
    assert message.buttons == ["Beside", "Primary", "Danger", "Link"]
    assert "case 12 · due Tuesday" in message.text
    assert "<!channel>" in message.text
    ana.press(message, "Danger")
    assert "ana used danger" in ana.ephemeral("C0SUPPORT", "danger").text
    with pytest.raises(NotPossible, match="no button says"):
        ana.press(message, "Nothing")
    form = ana.shortcut(message, "Report customer")
    assert form.title == "Every input"


def test_a_home_tab_is_opened_and_pressed(demo: Sandbox) -> None:
    home = Person(demo.url, "U0ANA").home()
    assert home.text.startswith("Welcome home")
    assert Person(demo.url, "U0ANA").press(home, "Press") is None


def test_waiting_ends_at_the_deadline_with_what_there_is(sandbox: Sandbox) -> None:
    ana = Person(sandbox.url, "U0ANA", deadline=0.1)
    ana.say("C0SUPPORT", "hello")
    with pytest.raises(NotSeen, match="hello"):
        ana.message("C0SUPPORT", "good-bye")


def test_the_clock_goes_forward_only(sandbox: Sandbox, person: Callable[[str], Person]) -> None:
    real, before = real_clock(), sandbox.now()
    after = person("U0ANA").forward(days=7, hours=1)
    passed = real_clock() - real
    assert timedelta() <= after - before - timedelta(days=7, hours=1) <= passed
    assert sandbox.now() >= after
    with pytest.raises(HTTPError, match="400") as refused:
        post_json(f"{sandbox.url}sandbox/clock", {"forward_seconds": -1})
    refused.value.close()


def test_a_file_is_the_apps_and_the_pages_and_nobody_elses(sandbox: Sandbox) -> None:
    body = {"as": "U0ANA", "name": "a.txt", "content_base64": "aGVsbG8="}
    url = post_json(f"{sandbox.url}sandbox/upload", body)["url_private"]
    for headers in ({"Authorization": f"Bearer {TOKEN}"}, {"Sec-Fetch-Site": "same-origin"}):
        with urlopen(Request(url, headers=headers), timeout=PATIENCE) as answer:  # noqa: S310 - our sandbox
            assert answer.read() == b"hello"
    with pytest.raises(HTTPError, match="404") as refused:  # sent to a page where people sign in, which is not here
        get_json(url)
    refused.value.close()
