"""How a rep is asked how they are, and what the care contact reads of it."""

from dataclasses import replace

import pytest

from bot.rules.reports import CareRequest, CheckIn, CheckInAnswer
from bot.sandbox.block_kit.check import check_message
from bot.usecases.transport import Message
from handlers.button_values import check_in_value
from handlers.names import ActionId
from handlers.parsing.reading import Malformed
from handlers.reports.check_ins import care_notice, check_in_notice
from handlers.reports.parse import answer_check_in
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import every, message_problems

ASKED = CheckIn(214, "U0ANA", 1, sample.NOW + sample.DAY)
SECRET = "He screamed until I hung up."


def drawn(check_in: CheckIn, care: str | None = "U0CORA", name: str = "Zenith Corp") -> Message:
    customer = replace(sample.CUSTOMER, name=name)
    return check_in_notice(check_in, sample.a_report(narrative=SECRET), customer, care)


def buttons(message: Message) -> list[str]:
    return [each["text"]["text"] for each in every(message.blocks) if each.get("type") == "button"]


def test_the_question_names_the_customer_and_has_three_answers() -> None:
    message = drawn(ASKED)
    assert message.text.startswith("How are you today? You reported Zenith Corp on <!date^")
    assert buttons(message) == ["I'm fine", "I would like someone to talk to", "Please don't ask"]
    assert drawn(replace(ASKED, round=2)).text.startswith("How are you by now?")


def test_someone_to_talk_to_is_offered_only_where_there_is_somebody() -> None:
    assert buttons(drawn(ASKED, care=None)) == ["I'm fine", "Please don't ask"]


@pytest.mark.parametrize(
    ("answered", "says", "left"),
    [
        (replace(ASKED, answer=CheckInAnswer.FINE), "Good to hear.", ["I would like someone to talk to"]),
        (replace(ASKED, answer=CheckInAnswer.DECLINED), "I won't ask again.", ["I would like someone to talk to"]),
        (replace(ASKED, care_at=sample.NOW), "I have asked <@U0CORA> to get in touch with you.", []),
        (replace(ASKED, answer=CheckInAnswer.FINE, care_at=sample.NOW), "I have asked <@U0CORA>", []),
    ],
)
def test_an_answer_is_confirmed_and_someone_to_talk_to_stays_on_offer(
    answered: CheckIn, says: str, left: list[str]
) -> None:
    message = drawn(answered)
    assert says in message.text
    assert buttons(message) == left
    assert "You need not answer" not in message.text


def test_who_asked_reads_what_to_do_when_the_care_contact_is_gone() -> None:
    said = drawn(replace(ASKED, care_at=sample.NOW), care=None).text
    assert "The person I asked to get in touch has left since. If nobody did, please turn to" in said


@pytest.mark.parametrize("later", [False, True])
def test_the_care_contact_reads_who_and_nothing_of_what_happened(later: bool) -> None:  # noqa: FBT001 - parametrized
    said = care_notice(CareRequest(214, "U0ANA"), later=later).text
    assert said.startswith("<@U0ANA> ")
    assert "as soon as you can" in said
    assert "Zenith" not in said
    assert SECRET not in said


def test_slack_takes_any_name_and_parses_none() -> None:
    for name in sample.DANGEROUS:
        message = drawn(ASKED, name=name[:140])
        assert message_problems(message) == []
        check_message(message.text, message.blocks)
        assert "<!channel>" not in message.text


def a_click(action: str, value: str) -> dict[str, object]:
    user = {"id": "U0ANA", "team_id": "T0FIRM"}
    return {"team": {"id": "T0FIRM"}, "user": user, "actions": [{"action_id": action, "value": value}]}


@pytest.mark.parametrize(
    ("action", "answer"),
    [
        (ActionId.CHECK_IN_FINE, CheckInAnswer.FINE),
        (ActionId.CHECK_IN_TALK, CheckInAnswer.TALK),
        (ActionId.CHECK_IN_DECLINE, CheckInAnswer.DECLINED),
    ],
)
def test_a_buttons_value_is_read_back(action: str, answer: CheckInAnswer) -> None:
    command = answer_check_in(a_click(action, check_in_value(214, 2)))
    assert (command.by.user, command.report, command.round, command.answer) == ("U0ANA", 214, 2, answer)


@pytest.mark.parametrize(
    ("action", "value"),
    [
        (ActionId.CHECK_IN_FINE, "checkin:0:1"),
        (ActionId.CHECK_IN_FINE, "checkin:1:3"),
        (ActionId.CHECK_IN_FINE, "checkin:1:1\n"),
        (ActionId.CHECK_IN_FINE, "report:1"),
        (ActionId.WITHDRAW, "checkin:1:1"),
    ],
)
def test_what_no_button_of_ours_carries_is_refused(action: str, value: str) -> None:
    with pytest.raises(Malformed):
        answer_check_in(a_click(action, value))
