"""The buttons of a weekly summary."""

import re
from typing import Final

from bot.rules.people import Person
from bot.rules.weeks import Week
from handlers.parsing.people import person
from handlers.parsing.reading import Malformed, shaped

_WEEK: Final = re.compile(r"week:([0-9]{6}):([CG][A-Z0-9]{1,30})", re.ASCII)


def week_click(body: object) -> tuple[Person, Week, str]:
    """A click on a summary's button: who, which week, and the channel it was summed up in. Raises `Malformed`."""
    key, channel = shaped(_WEEK, body, "actions", 0, "value").removeprefix("week:").split(":")
    try:
        return person(body), Week.of_key(int(key)), channel
    except ValueError:
        raise Malformed("week") from None
