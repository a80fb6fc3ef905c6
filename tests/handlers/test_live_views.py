"""The views that `check --live` asks Slack about: all there are, whatever the firm's policy says."""

import json
from functools import cache
from typing import Any

import pytest

from bot.rules.notices import NoticeKind
from bot.sandbox.block_kit.check import check_message, check_view
from bot.usecases.context import Firm
from bot.usecases.transport import Message
from handlers.live.every_view import Drawn, every_view
from handlers.names import ActionId, BlockId, CallbackId
from handlers.notices import RENDERERS
from tests.handlers import view_samples as sample

FIRM = Firm("C0MANAGE", ("S0MANAGERS",), ("U0RUTH",), "U0CORA")
FILES_ALONE = {
    NoticeKind.TABLE,
    NoticeKind.PACK,
    NoticeKind.LETTER_FILE,
}  # these messages are a file with a line of text


@cache
def drawn(longest: bool = False) -> list[Drawn]:  # noqa: FBT001, FBT002 - which of the two policies
    policy = sample.longest_policy(sample.POLICY) if longest else sample.POLICY
    return [*every_view(policy, FIRM, "U0BACKSTOP", sample.NOW)]


def blocks(one: Drawn) -> list[dict[str, Any]]:
    return one.shown.blocks if isinstance(one.shown, Message) else one.shown["blocks"]


@pytest.mark.parametrize("longest", [False, True])
def test_slack_would_take_each_of_them_under_any_policy(longest: bool) -> None:  # noqa: FBT001 - likewise
    for one in drawn(longest):
        if isinstance(one.shown, Message) and one.name != "home":
            check_message(one.shown.text, one.shown.blocks)
        else:
            check_view({"type": "home", "blocks": blocks(one)} if one.name == "home" else one.shown, ("modal", "home"))


def test_every_button_field_and_form_is_among_them() -> None:
    said = json.dumps([one.shown if isinstance(one.shown, dict) else one.shown.blocks for one in drawn()])
    assert [name for name in (*CallbackId, *BlockId) if f'"{name}"' not in said] == []
    assert [name for name in ActionId if f'"{name}"' not in said and f'"{name}:' not in said] == []


def test_every_kind_of_message_is_among_them() -> None:
    names = {one.name for one in drawn()}
    others = {
        NoticeKind.OVERDUE: "overdue_note",
        NoticeKind.SUMMARY: "week_notice",
        NoticeKind.HOME: "home",
        NoticeKind.FILE: "file_message",
    }
    wanted = {kind: others.get(kind, f"{kind.name.lower()}_notice") for kind in NoticeKind if kind not in FILES_ALONE}
    assert {*NoticeKind} == {*RENDERERS}
    assert [kind for kind, name in wanted.items() if name not in names] == []


def test_no_shape_is_asked_about_twice_and_none_is_left_out() -> None:
    assert 80 < len(drawn()) < 200
