"""The question whom a rep means, where a customer on record is nearly called as they typed."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from bot.language import _
from bot.rules.customers import LikelyCustomer
from bot.rules.name_matching import strict_key
from bot.rules.refusals import MeantAnother
from handlers.blockkit.blocks import Block, View, field, option, radio_buttons
from handlers.blockkit.text import one_line, shorten
from handlers.names import BlockId, OptionValue
from handlers.parsing.reading import optional
from handlers.shared.customer_field import known_option
from handlers.shared.sent_form import shown_again

DID_YOU_MEAN: Final = _("Did you mean …?")
ASKED_WHY: Final = _(
    "A customer on record has nearly the same name. If it is the same customer, pick it: their warnings are under "
    "that name."
)
SOMEBODY_ELSE: Final = _("No, somebody new: {name}")
LONGEST_NEW: Final = 50


def did_you_mean(typed: str, likely: Sequence[LikelyCustomer]) -> Block:
    """Radio buttons: the customers on record with their standing, and somebody else unless one has this very name."""
    about = asked_about(typed)
    known = [known_option(each, f"{OptionValue.KNOWN}{each.number}:{about}") for each in likely]
    exact = any(strict_key(each.name) == strict_key(typed) for each in likely)
    new = option(SOMEBODY_ELSE.format(name=shorten(one_line(typed), LONGEST_NEW)), f"{OptionValue.NEW}{about}")
    return field(BlockId.DID_YOU_MEAN, DID_YOU_MEAN, radio_buttons([*known, *([] if exact else [new])]), hint=ASKED_WHY)


def asked_about(typed: str) -> str:
    """What an answer carries, so that it is not taken for one about another name."""
    return hashlib.sha256(strict_key(typed).encode()).hexdigest()[:12]


def form_that_asks(sent: Any, refusal: MeantAnother) -> View | None:  # noqa: ANN401 - as it came from Slack
    """The form that was `sent`, with the question below the customer; None if it is no form.

    See `shown_again`.
    """
    question = did_you_mean(refusal.typed, refusal.likely)

    def asked(blocks: list[Any]) -> list[Block]:
        found: list[Block] = []
        for block in blocks:
            if optional(block, "block_id") != BlockId.DID_YOU_MEAN:
                found.append(block)
            if optional(block, "block_id") == BlockId.CUSTOMER:
                found.append(question)
        return found

    return shown_again(sent, asked)
