"""*Report customer* in a thread: the other messages can be chosen, where the bot may read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.person import Person
from handlers.blockkit.quote import CARRIED, Nearby, Quote
from handlers.client.threads import with_nearby
from tests.slack.calling import order
from tests.slack.conftest import TOKEN
from tests.slack.office import counts, patient_client

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.sandbox.form import Form
    from bot.sandbox.person import Message
    from bot.sandbox.server import Sandbox

BOXES = "Other messages of the thread"
HERE = "C0SUPPORT"


def thread(sandbox: Sandbox, replies: int = 3) -> list[Message]:
    """Somebody's message, and replies to it, oldest first."""
    ana, joe = Person(sandbox.url, "U0ANA"), Person(sandbox.url, "U0JOE")
    first = joe.say(HERE, "Zenith is on the phone")
    return [first, *(ana.say(HERE, f"reply {n}", thread_ts=first.ts) for n in range(1, replies + 1))]


def may_read(sandbox: Sandbox) -> None:
    sandbox._state.conversations[HERE].members.add("U0BACKSTOP")


def opened(firm: Sandbox, message: Message) -> Form:
    return Person(firm.url, "U0ANA").shortcut(message, "Report customer")


def offered(form: Form) -> list[str]:
    """The descriptions of the boxes, or none where there is no such field."""
    blocks = [block for block in form.view["blocks"] if block.get("block_id") == "nearby"]
    return [box["description"]["text"] for block in blocks for box in block["element"]["options"]]


def test_the_others_are_offered_with_who_and_when_and_what_is_chosen_is_kept(firm: Sandbox) -> None:
    may_read(firm)
    said = thread(firm)
    form = opened(firm, said[2])
    assert offered(form) == ["Zenith is on the phone", "reply 1", "reply 3"]
    boxes = next(block for block in form.view["blocks"] if block.get("block_id") == "nearby")["element"]["options"]
    assert boxes[0]["text"]["text"].startswith("<@U0JOE> <!date^")
    form.fill({"Customer": "Zenith Corp", "What kind of conduct?": "Verbal abuse", "How serious?": "Serious"})
    form.fill({"What happened?": "He shouted.", BOXES: ["@U0JOE"]})
    form.submit()
    form.cancel()
    person = Person(firm.url, "U0PRIYA")
    seen = person.press(person.message("C0MANAGE", "Zenith Corp"), "See the case")
    assert seen is not None
    assert "Zenith is on the phone" in seen.text()
    assert "reply 1" not in seen.text()
    shown = json.dumps(seen.view)
    assert [f"/archives/{HERE}/p{each.ts.replace('.', '')}" in shown for each in said] == [True, False, True, False]


@pytest.mark.parametrize("kind", ["error:missing_scope", "error:not_in_channel", "429", "500", "drop_before", "slow"])
def test_where_it_may_not_or_cannot_soon_the_form_opens_all_the_same(firm: Sandbox, kind: str) -> None:
    may_read(firm)
    said = thread(firm)
    order(firm, "conversations.replies", kind, seconds=2)
    assert offered(opened(firm, said[1])) == []


def test_in_a_channel_without_the_bot_and_outside_a_thread_nothing_is_offered(firm: Sandbox) -> None:
    firm._state.conversations[HERE].members.discard("U0BACKSTOP")
    said = thread(firm)
    assert offered(opened(firm, said[1])) == []
    may_read(firm)
    alone = Person(firm.url, "U0JOE").say(HERE, "alone")
    before = counts(firm).get("conversations.replies", 0)
    assert offered(opened(firm, alone)) == []
    assert counts(firm).get("conversations.replies", 0) == before


def test_on_the_first_message_its_replies_are_offered(firm: Sandbox) -> None:
    may_read(firm)
    first, *_ = thread(firm)
    there = next(each for each in Person(firm.url, "U0ANA").channel(HERE) if each.ts == first.ts)
    assert offered(opened(firm, there)) == ["reply 1", "reply 2", "reply 3"]


def test_of_many_the_first_and_the_nearest_are_offered(sandbox: Sandbox, slack: WebClient) -> None:
    may_read(sandbox)
    said = thread(sandbox, 30)
    quote = with_nearby(slack, Quote("x", HERE, said[20].ts, thread=said[0].ts))
    texts = [each.text for each in quote.nearby]
    assert texts[0] == "Zenith is on the phone"
    assert len(texts) == 10
    assert {"reply 19", "reply 21"} <= {*texts}
    assert "reply 20" not in texts
    assert len(quote.metadata) <= CARRIED


def test_in_a_thread_of_several_pages_what_follows_is_found(sandbox: Sandbox, slack: WebClient) -> None:
    may_read(sandbox)
    said = thread(sandbox, 230)
    quote = with_nearby(slack, Quote("x", HERE, said[220].ts, thread=said[0].ts))
    texts = [each.text for each in quote.nearby]
    assert texts[0] == "Zenith is on the phone"
    assert {"reply 221", "reply 229"} <= {*texts}


def test_what_an_integration_wrote_is_offered_by_its_name_and_what_has_no_words_is_not(sandbox: Sandbox) -> None:
    may_read(sandbox)
    said = thread(sandbox, 1)
    Person(sandbox.url, "U0ANA").integration(
        HERE, thread_ts=said[0].ts, username="Zendesk", attachments=[{"text": "angry"}]
    )
    Person(sandbox.url, "U0ANA").integration(HERE, thread_ts=said[0].ts)
    quote = with_nearby(patient_client(sandbox, TOKEN), Quote("x", HERE, said[1].ts, thread=said[0].ts))
    assert [(each.writer, each.text) for each in quote.nearby] == [
        ("U0JOE", "Zenith is on the phone"),
        ("Zendesk", "angry"),
    ]


def test_what_the_form_carries_fits_whatever_was_written() -> None:
    for char in ('"', "\\", "\n", "😀", "é"):
        nearby = tuple(Nearby(f"176372600{n}.000100", "U0JOE", char * 3_000) for n in range(10))
        carried = Quote("", HERE, "1763726000.000100", "https://firm.slack.com/", nearby=nearby).metadata
        assert len(carried.encode("utf-16-le")) // 2 <= 3_000
        found: dict[str, Any] = json.loads(carried)
        assert len(found["nearby"]) == 10
