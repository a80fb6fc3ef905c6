"""What elements share: confirmations, placeholders, options, and rules about initial values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.block_kit.limits import LIMITS
from bot.sandbox.block_kit.schema import Check, SchemaProblem, Shape, exactly_one, items, one_of, string, text, url
from bot.sandbox.elements import options_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

ACTION_ID = string(LIMITS["action_id.max_length"])
PLACEHOLDER = text(LIMITS["select.placeholder.max_length"])
CONFIRM = Shape(
    {
        "title": text(LIMITS["confirmation.title.max_length"]),
        "text": text(LIMITS["confirmation.text.max_length"], "plain_text", "mrkdwn"),
        "confirm": text(LIMITS["confirmation.confirm.max_length"]),
        "deny": text(LIMITS["confirmation.deny.max_length"]),
    },
    {"style": one_of("primary", "danger")},
)
DISPATCH = Shape(
    {}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
)  # fmt: skip


def option(*kinds: str, **more: Check) -> Shape:
    """An option whose text is of one of these kinds."""
    return Shape(
        {"text": text(LIMITS["option.text.max_length"], *kinds), "value": string(LIMITS["option.value.max_length"])},
        {"description": text(LIMITS["option.description.max_length"], *kinds), **more},
    )


PLAIN_OPTION = option()
MRKDWN_OPTION = option("plain_text", "mrkdwn")
GROUP = Shape(
    {
        "label": text(LIMITS["option_group.label.max_length"]),
        "options": items(PLAIN_OPTION, LIMITS["option_group.options.max_items"]),
    }
)
OPTIONS = items(PLAIN_OPTION, LIMITS["select.options.max_items"])
GROUPS = items(GROUP, LIMITS["select.option_groups.max_items"])
OFFERED = items(PLAIN_OPTION, LIMITS["select.options.max_items"], least=0)  # perhaps nothing matches the typed text
OFFERED_GROUPS = items(GROUP, LIMITS["select.option_groups.max_items"], least=0)


SLACK_FILE = Shape({}, {"id": string(255), "url": url()}, (exactly_one("id", "url"),))


def initial_is_offered(element: Json, at: str) -> Iterator[SchemaProblem]:
    """The rule that an initial option is exactly one of the options."""
    offered = options_of(element)
    if "initial_option" in element and element["initial_option"] not in offered:
        yield SchemaProblem("must match one of the options", f"{at}/initial_option")
    chosen = element.get("initial_options", [])
    for index, initial in enumerate(chosen if isinstance(chosen, list) else []):
        if initial not in offered:
            yield SchemaProblem("must match one of the options", f"{at}/initial_options/{index}")


def lengths_agree(element: Json, at: str) -> Iterator[SchemaProblem]:
    """The rule that min_length is not greater than max_length."""
    shortest, longest = element.get("min_length"), element.get("max_length")
    if isinstance(shortest, int) and isinstance(longest, int) and shortest > longest:
        yield SchemaProblem("must not be greater than max_length", f"{at}/min_length")
