"""A week's name, and how its figures compare with the week before, in words."""

from typing import Final

from bot.rules.week import Week
from handlers.views.text import count

JUST: Final = "less than a business day late"


def title(week: Week) -> str:
    """Such as "Week 47, 16 to 22 November 2026"; month and year are named twice only where they change."""
    first, last = week.monday, week.sunday
    month = "" if first.month == last.month else f" {first:%B}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"Week {week.number}, {first.day}{month}{year} to {last.day} {last:%B} {last.year}"


def more_or_fewer(now: int, before: int) -> str:
    """How a count compares, to go before "the week before"."""
    if now == before:
        return "as many as" if now else "as in"
    return f"{now - before:,} more than" if now > before else f"{before - now:,} fewer than"


def up_or_down(now: int, before: int) -> str:
    """A count and how it compares with the week before."""
    if now == before:
        return f"{now:,} (no change)"
    return f"{now:,} (up {now - before:,})" if now > before else f"{now:,} (down {before - now:,})"


def days_late(days: float) -> str:
    """How long something is overdue, in whole business days."""
    return f"{count(int(days), 'business day', 'business days')} late" if days >= 1 else JUST
