"""What a condition asks for: one value, such as who the one contact is, which stands in its sentences."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from bot.rules.fields import FILL_IN, text_problem
from bot.rules.people import USER_ID
from bot.rules.policy.policy import Policy, Wording

VALUE: Final = "{value}"  # in the policy's sentences
UNSAID: Final = "…"  # where nothing is known
LONGEST_VALUE: Final = 100
FIELD: Final = "value:"  # before the condition's key: the name of the field
NAME: Final = ":name"  # after it: the name of the field for somebody who is not in Slack
Details: TypeAlias = tuple[tuple[str, str], ...]
"""By condition, what was answered: a text, or a colleague as "@" and their user ID."""


def asked_details(conditions: Sequence[str], details: Details, policy: Policy) -> Details:
    """Of these answers, those that these conditions ask for."""
    known = dict(details)
    asking = [key for key in conditions if key in policy.conditions and policy.conditions[key].asks]
    return tuple((key, known.get(key, "").strip()) for key in asking)


def wrong_details(conditions: Sequence[str], details: Details, policy: Policy) -> dict[str, str]:
    """What is wrong with the answers, by the names of their fields."""
    asked = asked_details(conditions, details, policy)
    problems = {_field(policy.conditions[key], value): text_problem(value, LONGEST_VALUE) for key, value in asked}
    return {name: problem or FILL_IN for name, problem in problems.items() if problem}


def _field(condition: Wording, value: str) -> str:
    typed_name = condition.asks_for == "person" and value and not user_in(value)
    return f"{FIELD}{condition.key}{NAME if typed_name else ''}"


def user_in(value: str) -> str | None:
    """The colleague whom a value names. "@Umbrella", an account elsewhere that somebody typed, is none."""
    return value[1:] if value.startswith("@") and USER_ID.fullmatch(value[1:]) else None


def proposed(condition: Wording, policy: Policy) -> str:
    """The value that the form proposes; "{address}" in it is the firm's address."""
    return condition.default.replace("{address}", policy.firm.address_on_one_line)[:LONGEST_VALUE]
