"""Numbers with their nouns, as sentences count them."""

from bot.language import ngettext


def reports(n: int) -> str:
    """Such as "3 reports"."""
    return ngettext("{n:,} report", "{n:,} reports", n).format(n=n)


def reps(n: int) -> str:
    """Such as "3 reps"."""
    return ngettext("{n:,} rep", "{n:,} reps", n).format(n=n)


def cases(n: int) -> str:
    """Such as "3 cases"."""
    return ngettext("{n:,} case", "{n:,} cases", n).format(n=n)


def reviews(n: int) -> str:
    """Such as "3 reviews"."""
    return ngettext("{n:,} review", "{n:,} reviews", n).format(n=n)


def objections(n: int) -> str:
    """Such as "3 objections"."""
    return ngettext("{n:,} objection", "{n:,} objections", n).format(n=n)


def letters(n: int) -> str:
    """Such as "3 letters to send"."""
    return ngettext("{n:,} letter to send", "{n:,} letters to send", n).format(n=n)
