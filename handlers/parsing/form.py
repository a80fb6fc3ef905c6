"""Reads the fields of a form that was sent. Only their shape: what is wrong with a value, the use case says."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from bot.rules.fields import CHOOSE, FILL_IN, is_blank, is_storable
from bot.rules.people import USER_ID, Person
from handlers.blockkit.text import one_line
from handlers.parsing.people import sender
from handlers.parsing.reading import Malformed, matching, member_of, optional, record_number, string, value_at

_FAR: Final = 253_402_300_799  # the last second of the year 9999
_LONGEST_OPTION: Final = 150  # Slack's limit
_METADATA: Final = ("view", "private_metadata")
_NEVER: Final = datetime.min.replace(tzinfo=UTC)

_Kind = TypeVar("_Kind", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was sent. Anything that Slack would never send raises `Malformed`.

    A choice that has to be made and was not is noted in `problems`, by block ID. Its function returns a value of the
    right type, and whoever reads the form passes that to nobody.
    """

    body: object
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def by(self) -> Person:
        """Who sent it."""
        return sender(self.body)

    @property
    def metadata(self) -> str:
        """What the form was opened with."""
        return "" if optional(self.body, *_METADATA) is None else string(self.body, *_METADATA)

    def typed(self, block: str) -> str:
        """The text without outer spaces; "" if nothing was typed that can be seen."""
        found = self._value(block, "value")
        if found is not None and not isinstance(found, str):
            raise Malformed(block)
        return "" if found is None or is_blank(found) else found.strip()

    def line(self, block: str) -> str:
        """The text on one line."""
        return on_one_line(self.typed(block))

    def chosen(self, block: str) -> str:
        """The value of the option that was picked."""
        found = self._required(block, "selected_option", CHOOSE)
        return "" if found is None else _option(found)

    def optional_choice(self, block: str) -> str | None:
        """The value of the option that was picked; None if none was."""
        found = self._value(block, "selected_option")
        return None if found is None else _option(found)

    def member(self, block: str, kind: type[_Kind]) -> _Kind:
        """The member of an enumeration that was picked."""
        value = self.chosen(block)
        return next(iter(kind)) if block in self.problems else member_of(kind, value)

    def number(self, block: str, prefix: str = "") -> int:
        """The number of the record that was picked; in the option's value it follows the prefix."""
        value = self.chosen(block)
        if block in self.problems:
            return 0
        if not value.startswith(prefix):
            raise Malformed(block)
        return record_number(value.removeprefix(prefix))

    def ticked(self, block: str) -> tuple[str, ...]:
        """The values of all options that were picked, each once."""
        found = self._value(block, "selected_options")
        return tuple(dict.fromkeys(_option(option) for option in _listed(found, block)))

    def attached(self, block: str) -> list[object]:
        """The uploaded files as Slack describes them."""
        return _listed(self._value(block, "files"), block)

    def day(self, block: str) -> date:
        """The day that was picked."""
        self._required(block, "selected_date", FILL_IN)
        return self.optional_day(block) or date.min

    def optional_day(self, block: str) -> date | None:
        """The day that was picked; None if none was."""
        found = self._value(block, "selected_date")
        if found is None:
            return None
        try:
            return date.fromisoformat(string({block: found}, block))
        except ValueError:
            raise Malformed(block, "selected_date") from None

    def user(self, block: str) -> str:
        """The ID of the colleague who was picked."""
        self._required(block, "selected_user", CHOOSE)
        return self.optional_user(block) or ""

    def optional_user(self, block: str) -> str | None:
        """The ID of the colleague who was picked; None if nobody was."""
        found = self._value(block, "selected_user")
        return None if found is None else matching(USER_ID, {block: found}, block)

    def moment(self, block: str) -> datetime:
        """The date and time that were picked, in UTC."""
        found = self._required(block, "selected_date_time", FILL_IN)
        if found is None:
            return _NEVER
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _FAR:
            raise Malformed(block, "selected_date_time")
        return datetime.fromtimestamp(found, UTC)

    def fields(self, named: re.Pattern[str]) -> list[str]:
        """The IDs of the fields that are named so, in order; Slack may leave out those that are empty."""
        found = optional(self.body, "view", "state", "values")
        return sorted(each for each in found if named.fullmatch(each)) if isinstance(found, dict) else []

    def has_field(self, block: str) -> bool:
        """Whether the form has this field: some are left out when there is nothing to pick."""
        return optional(self.body, "view", "state", "values", block) is not None

    def _value(self, block: str, key: str) -> object:
        """None also where Slack leaves the field out, as it does with optional ones."""
        return optional(self.body, "view", "state", "values", block, block, key)

    def _required(self, block: str, key: str, problem: str) -> object:
        found = self._value(block, key)
        if found is None:
            self.problems[block] = problem
        return found


def on_one_line(text: str) -> str:
    """The text on one line; a text that cannot be stored stays as it is, so that it is refused."""
    return one_line(text) if is_storable(text) else text


def _option(found: object) -> str:
    value = value_at(found, "value")
    if not isinstance(value, str) or len(value) > _LONGEST_OPTION:
        raise Malformed("value")
    return value


def _listed(found: object, block: str) -> list[object]:
    if found is None:
        return []
    if not isinstance(found, list):
        raise Malformed(block)
    return found
