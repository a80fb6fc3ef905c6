"""A week's name, and how its figures compare with the week before, in words."""

from typing import Final

from bot.language import _, ngettext
from bot.rules.date_text import month
from bot.rules.weeks import Week

# Translators: the days of a week: within a month, across two months, and across two years.
IN_A_MONTH: Final = _("Week {number}, {first} to {last} {month} {year}")
IN_TWO_MONTHS: Final = _("Week {number}, {first} {first_month} to {last} {month} {year}")
IN_TWO_YEARS: Final = _("Week {number}, {first} {first_month} {first_year} to {last} {month} {year}")
JUST: Final = _("less than a business day late")
AS_MANY: Final = _("as many as the week before")
# Translators: of a figure that is nought in both weeks.
AS_IN: Final = _("as in the week before")
NO_CHANGE: Final = _("{now:,} (no change)")
UP: Final = _("{now:,} (up {n:,})")
DOWN: Final = _("{now:,} (down {n:,})")


def title(week: Week) -> str:
    """Such as "Week 47, 16 to 22 November 2026"; month and year are named twice only where they change."""
    first, last = week.monday, week.sunday
    template = IN_A_MONTH if first.month == last.month else IN_TWO_MONTHS
    template = template if first.year == last.year else IN_TWO_YEARS
    began = {"first": first.day, "first_month": month(first), "first_year": first.year}
    return template.format(number=week.number, **began, last=last.day, month=month(last), year=last.year)


def more_or_fewer(now: int, before: int) -> str:
    """How a count compares with the week before."""
    if now == before:
        return AS_MANY if now else AS_IN
    n = abs(now - before)
    if now > before:
        return ngettext("{n:,} more than the week before", "{n:,} more than the week before", n).format(n=n)
    return ngettext("{n:,} fewer than the week before", "{n:,} fewer than the week before", n).format(n=n)


def up_or_down(now: int, before: int) -> str:
    """A count and how it compares with the week before."""
    if now == before:
        return NO_CHANGE.format(now=now)
    return (UP if now > before else DOWN).format(now=now, n=abs(now - before))


def days_late(days: float) -> str:
    """How long something is overdue, in whole business days."""
    n = int(days)
    return ngettext("{n:,} business day late", "{n:,} business days late", n).format(n=n) if n else JUST
