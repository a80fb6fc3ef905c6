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
