"""What conditions ask for: the fields, how they are read, and the sentences in which the answers stand."""

import re
from typing import Final

from bot.language import _
from bot.rules.conditions import FIELD, LONGEST_VALUE, NAME, UNSAID, VALUE, Details, proposed, user_in
from bot.rules.policy.policy import Policy, Wording
from handlers.blockkit.blocks import Block, Inline, checkboxes, field, filled, line_input, option, person, user_select
from handlers.blockkit.text import one_line, shorten
from handlers.names import BlockId
from handlers.parsing.form import Form

CONDITIONS: Final = _("Conditions")
# Translators: {condition} is such as "One named contact".
OR_A_NAME: Final = _("Or a name")
NO_LONGER_HERE: Final = _("{who} (no longer here)")
# Translators: whom reps pass a customer to instead, as in "Pass them to {value}."
INSTEAD: Final = _("a manager ({who} is no longer here)")
_FIELD: Final = re.compile(f"{FIELD}([a-z][a-z0-9_]{{0,49}})(?:{NAME})?", re.ASCII)


def condition_fields(
    policy: Policy,
    held: tuple[str, ...] = (),
    details: Details = (),
    *,
    label: str = CONDITIONS,
    hint: str | None = None,
) -> list[Block]:
    """The conditions to tick, and for each that asks for something, a field. `held`: those ticked already."""
    options = {key: option(each.name, key, _without_value(each.words)) for key, each in policy.conditions.items()}
    ticked = [options[key] for key in held if key in options]
    boxes = checkboxes(list(options.values())) | ({"initial_options": ticked} if ticked else {})
    asking = [each for each in policy.conditions.values() if each.asks]
    known = dict(details)
    return [
        field(BlockId.CONDITIONS, label, boxes, hint=hint, optional=True),
        *(block for each in asking for block in _asked(each, known.get(each.key) or proposed(each, policy))),
    ]


def value_fields(policy: Policy, held: tuple[str, ...], details: Details, gone: frozenset[str]) -> list[Block]:
    """A field for each value that these conditions ask for, empty where it names a colleague who is gone."""
    asking, known = [key for key in held if key in policy.conditions and policy.conditions[key].asks], dict(details)
    values = {key: "" if user_in(known.get(key, "")) in gone else known.get(key, "") for key in asking}
    return [block for key, value in values.items() for block in _asked(policy.conditions[key], value)]


def _asked(condition: Wording, value: str) -> list[Block]:
    name, user = f"{FIELD}{condition.key}", user_in(value)
    text = line_input(LONGEST_VALUE, "" if user else value)
    if condition.asks_for == "text":
        return [field(name, condition.asks, text, optional=True)]
    return [
        field(name, condition.asks, user_select(user), optional=True),
        field(f"{name}{NAME}", OR_A_NAME, text, optional=True),
    ]


def details(form: Form) -> Details:
    """What was answered, by condition. Raises `Malformed`."""
    found: dict[str, str] = {}
    for block in form.fields(_FIELD):
        user, key = form.optional_user(block), block.removeprefix(FIELD).removesuffix(NAME)
        value = f"@{user}" if user else form.line(block)
        found[key] = value if user else found.get(key) or value
    return tuple((key, value) for key, value in found.items() if value)


def worded(text: str, value: str | None, gone: frozenset[str] = frozenset(), *, most: int = 200) -> list[Inline]:
    """A sentence of the policy, with the answer in its place; a colleague is mentioned, or a manager if they left."""
    shown = _said(value, gone, INSTEAD)
    parts = shorten(text, most).split(VALUE)
    return [each for n, part in enumerate(parts) for each in ((*shown, part) if n else (part,)) if each]


def named(condition: Wording, value: str | None, gone: frozenset[str] = frozenset()) -> list[Inline]:
    """A condition's name, and the answer behind it."""
    name = shorten(condition.name, 75)
    return [name, ": ", *_said(value, gone, NO_LONGER_HERE)] if condition.asks else [name]


def _said(value: str | None, gone: frozenset[str], if_gone: str) -> list[Inline]:
    user = user_in(value) if value else None
    if user:
        return filled(if_gone, who=person(user)) if user in gone else [person(user)]
    return [shorten(one_line(value or ""), LONGEST_VALUE) or UNSAID]


def _without_value(words: str) -> str:
    return words.replace(f"{VALUE}.", UNSAID).replace(VALUE, UNSAID)  # "…." reads as four points
