"""Two messages are equal if they say the same; the time at which they were rendered does not matter."""

from dataclasses import replace
from datetime import timedelta

from bot.rules.home import HomeFile
from bot.usecases.context import Firm
from bot.usecases.transport import Attachment, Message
from handlers.home.home import home
from tests.handlers import view_samples as sample

FIRM = Firm("C0MANAGE", ("S0MANAGERS",), ("S0DIRECTORS",))


def test_two_messages_are_equal_if_only_their_time_differs() -> None:
    as_of_block, later = section("As of 9"), section("As of 10")
    first = Message("", [section("One case"), as_of_block], as_of_block=as_of_block)
    assert first.digest() == Message("", [section("One case"), later], as_of_block=later).digest()
    assert first.digest() != Message("", [section("Two cases"), as_of_block], as_of_block=as_of_block).digest()
    assert first.digest() != Message("said", [section("One case"), as_of_block], as_of_block=as_of_block).digest()
    assert first.digest() != Message("", [section("One case"), as_of_block]).digest()


def test_two_files_are_equal_if_name_and_content_are() -> None:
    first, same, other = (Message("Table", [], Attachment("week.csv", content)) for content in (b"1", b"1", b"2"))
    assert first.digest() == same.digest()
    assert first.digest() != other.digest()


def test_an_app_home_an_hour_later_is_equal_but_says_another_time() -> None:
    now = HomeFile("U0ANA", sample.NOW)
    first, later = (home(each, sample.POLICY, FIRM, ()) for each in (now, replace(now, at=now.at + timedelta(hours=1))))
    assert first.blocks != later.blocks
    assert first.digest() == later.digest()
    assert first.digest() != home(replace(now, no_access=True), sample.POLICY, FIRM, ()).digest()


def section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}
