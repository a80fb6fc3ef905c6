"""The buttons of a weekly summary."""

import re
from typing import Final

from bot.desk.people import Person
from bot.rules.week import Week
from handlers.payloads.people import person
from handlers.payloads.reading import Malformed, shaped

_WEEK: Final = re.compile(r"week:([0-9]{6}):([CG][A-Z0-9]{1,30})", re.ASCII)


def week_click(body: object) -> tuple[Person, Week, str]:
    """A click on a summary's button: who, which week, and the channel it was summed up in. Raises `Malformed`."""
    key, channel = shaped(_WEEK, body, "actions", 0, "value").removeprefix("week:").split(":")
    try:
        return person(body), Week.of_key(int(key)), channel
    except ValueError:
        raise Malformed("week") from None
