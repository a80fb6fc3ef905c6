"""How long a text may be, as forms say it beside a field."""

from bot.language import _, ngettext


def characters(number: int) -> str:
    """A length: 140 characters."""
    return ngettext("{n:,} character", "{n:,} characters", number).format(n=number)


def too_long(length: int, limit: int) -> str:
    """What is said of a text that does not fit."""
    return _("Up to {characters} fit here; this has {length:,}.").format(characters=characters(limit), length=length)
