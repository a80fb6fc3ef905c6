"""Two messages are equal for Slack where they say the same; when they were drawn does not count."""

from dataclasses import replace
from datetime import timedelta

from bot.rules.home import HomeFile
from bot.usecases.context import Firm
from bot.usecases.transport import Attachment, Message
from handlers.home.home import home
from tests.handlers import view_samples as sample

FIRM = Firm("C0MANAGE", ("S0MANAGERS",), ("S0DIRECTORS",))


def test_two_messages_are_equal_where_all_but_their_time_is() -> None:
    dated, later = section("As of 9"), section("As of 10")
    first = Message("", [section("One case"), dated], dated=dated)
    assert first.digest() == Message("", [section("One case"), later], dated=later).digest()
    assert first.digest() != Message("", [section("Two cases"), dated], dated=dated).digest()
    assert first.digest() != Message("said", [section("One case"), dated], dated=dated).digest()
    assert first.digest() != Message("", [section("One case"), dated]).digest()


def test_two_files_are_equal_where_name_and_content_are() -> None:
    first, same, other = (Message("Table", [], Attachment("week.csv", content)) for content in (b"1", b"1", b"2"))
    assert first.digest() == same.digest()
    assert first.digest() != other.digest()


def test_an_app_home_equals_itself_an_hour_later_and_says_another_time() -> None:
    now = HomeFile("U0ANA", sample.NOW)
    first, later = (home(each, sample.POLICY, FIRM, ()) for each in (now, replace(now, at=now.at + timedelta(hours=1))))
    assert first.blocks != later.blocks
    assert first.digest() == later.digest()
    assert first.digest() != home(replace(now, barred=True), sample.POLICY, FIRM, ()).digest()


def section(text: str) -> dict[str, object]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}
