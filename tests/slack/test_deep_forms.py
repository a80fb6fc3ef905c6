"""A form that opens where three lie on top of one another already: Slack takes no fourth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from slack_sdk.errors import SlackApiError

from bot.usecases.context import Firm
from bot.usecases.transport import Message
from handlers.client.forms import Forms
from handlers.concurrency import RequestSlots
from handlers.live.every_view import every_view
from tests.handlers import view_samples as sample
from tests.slack.calling import order
from tests.slack.test_sandbox_views import trigger, trigger_in_form, view

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.sandbox.person import Person
    from bot.sandbox.server import Sandbox
    from tests.slack.scripted_bot import ScriptedBot

FIRM = Firm("C0MANAGE", ("S0MANAGERS",), ("U0RUTH",), "U0CORA")
ALL = {
    each.shown["callback_id"]: each.shown
    for each in every_view(sample.POLICY, FIRM, "U0BACKSTOP", sample.NOW)
    if not isinstance(each.shown, Message)
}


def stacked(slack: WebClient, scripted: ScriptedBot, ana: Person) -> list[dict[str, str]]:
    slack.views_open(trigger_id=trigger(scripted, ana), view=view("one"))
    for name in ("two", "three"):
        slack.views_push(trigger_id=trigger_in_form(scripted, ana), view=view(name))
    return stack(ana)


def stack(ana: Person) -> list[dict[str, str]]:
    return list(ana._client.get("views")["stack"])


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_of_our_forms_takes_the_place_of_the_topmost(
    slack: WebClient, scripted: ScriptedBot, ana: Person, name: str
) -> None:
    before = stacked(slack, scripted, ana)
    forms = Forms(slack, RequestSlots())
    forms.open({"view": before[-1], "trigger_id": trigger_in_form(scripted, ana)}, ALL[name])
    after = stack(ana)
    assert [each["id"] for each in after] == [each["id"] for each in before]
    assert (after[-1]["callback_id"], after[1]) == (name, before[1])


def test_another_refusal_of_slacks_is_none_of_these(
    sandbox: Sandbox, slack: WebClient, scripted: ScriptedBot, ana: Person
) -> None:
    before = stacked(slack, scripted, ana)
    order(sandbox, "views.push", "error:expired_trigger_id")
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        Forms(slack, RequestSlots()).open({"view": before[-1], "trigger_id": "1.2.3"}, view("four"))
    assert stack(ana) == before
