"""Drafts of the two letters to a customer. A manager edits them before they are sent.

Their contents follow published policies on unacceptable conduct. A warning says what was unacceptable, with examples
and dates, the change asked for, what happens otherwise, and how to dispute the facts. A decision says the reason, the
exact action, from when and for how long, when it is reviewed, and how to appeal. A draft names no rep and quotes no
narrative; the manager may add them.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from bot.language import _, ngettext
from bot.rules.fields import LONGEST_NAME, LONGEST_TEXT
from bot.rules.policy.policy import Policy
from bot.rules.reports import Place, Report
from bot.rules.text import day, units

LONGEST: Final = LONGEST_TEXT - 100  # the manager needs room to edit
MOST_NAMED: Final = 6

PLACES: Final = {
    # Translators: where something happened, as in "- 20 November 2026, on the phone: threats".
    Place.PHONE: _("on the phone"),
    Place.EMAIL: _("by e-mail"),
    Place.CHAT: _("in a chat"),
    Place.IN_PERSON: _("in person"),
    Place.SOCIAL_MEDIA: _("on social media"),
}
EPISODE: Final = _("- {day}, {place}: {conduct}")

WARNING: Final = _("""\
{today}

Dear {customer},

This is a formal warning about conduct towards our staff.

What happened
{episodes}

You may be firm with us, and you may complain. But we do not accept conduct like this, whatever the reason for it.

What we ask of you
From now on, please:
{changes}

What happens otherwise
If it happens again while this warning counts, we will consider ending our business with you.

If you see it differently
You may dispute the facts until {dispute_until}. {dispute} If a health condition, a disability or a difficulty with \
the language plays a part, please tell us: we will look for a way that works for you.

How long this counts
This warning counts for {valid} from the day you receive it. After that it lapses by itself.

Yours sincerely
""")

DROP: Final = _("""\
Dear {customer},

We are ending our business with you on {effective_on}.

Why
{why} What we rest this on:
{episodes}

What this means
From {effective_on} on we take no new orders from you and do not answer calls or messages, except as said below. \
What we owe each other up to that day stays owed.

How long this holds
We will look at this again on {review_on}. It lapses then unless we renew it and tell you why. Anything new will be \
judged for what it is.

How to appeal
You may appeal once, until {appeal_until}. {appeal} If a health condition, a disability or a difficulty with the \
language plays a part, please tell us.

In an emergency
{emergency}

Yours sincerely
""")
# Translators: a sentence that is one reason of the firm's, such as "Abuse after a warning".
REASON: Final = _("{reason}.")
WARNED: Final = _("We warned you on {day}.")


def warning_letter(
    customer_name: str,
    reports: Sequence[Report],
    policy: Policy,
    issued_on: date,
    dispute_until: date,
    *,
    firm: str = "",
) -> str:
    """A draft of a formal warning, in plain text and under `LONGEST` characters.

    Names the heaviest incidents and counts the others. Void ones are left out.
    """
    return _fitting(
        lambda most: (
            _head(firm, "\n")
            + WARNING.format(
                today=day(issued_on),
                customer=customer_name[:LONGEST_NAME],
                episodes=_episodes(reports, policy, most),
                changes=_changes(reports, policy, most),
                dispute_until=day(dispute_until),
                dispute=policy.texts.dispute,
                valid=_valid(policy.warnings_expire_after),
            )
        )
    )


def drop_letter(
    customer_name: str,
    reports: Sequence[Report],
    policy: Policy,
    *,
    reason_class_name: str,
    warning_date: date | None,
    effective_on: date,
    review_on: date,
    appeal_until: date,
    firm: str = "",
) -> str:
    """A draft of the letter that ends the relationship, in plain text and under `LONGEST` characters.

    `warning_date`: when the warning before it was delivered, if there was one.
    """
    return _fitting(
        lambda most: (
            _head(firm, "\n\n")
            + DROP.format(
                customer=customer_name[:LONGEST_NAME],
                effective_on=day(effective_on),
                why=_why(reason_class_name, warning_date),
                episodes=_episodes(reports, policy, most),
                review_on=day(review_on),
                appeal_until=day(appeal_until),
                appeal=policy.texts.appeal,
                emergency=policy.texts.emergency,
            )
        )
    )


def _fitting(draft: Callable[[int], str]) -> str:
    """The draft that names as many incidents as there is room for."""
    return next((letter for most in range(MOST_NAMED, 0, -1) if units(letter := draft(most)) < LONGEST), draft(0))


def _head(firm: str, gap: str) -> str:
    return f"{firm[:LONGEST_NAME]}{gap}" if firm else ""


def _why(reason: str, warned_on: date | None) -> str:
    warned = f" {WARNED.format(day=day(warned_on))}" if warned_on else ""
    return f"{REASON.format(reason=reason)}{warned}"


def _heaviest(reports: Sequence[Report], policy: Policy, most: int) -> list[Report]:
    """Up to `most` incidents with the most points, of equals the latest, in the order in which they happened."""
    valid = [report for report in reports if not report.incident.void]
    valid.sort(key=lambda report: (policy.points(report.incident), report.incident.happened_at), reverse=True)
    return sorted(valid[:most], key=lambda report: report.incident.happened_at)


def _episodes(reports: Sequence[Report], policy: Policy, most: int) -> str:
    named = _heaviest(reports, policy, most)
    further = sum(not report.incident.void for report in reports) - len(named)
    lines = [
        EPISODE.format(
            day=day(policy.hours.local_date(report.incident.happened_at)),
            place=PLACES[report.place],
            conduct=policy.category(report.incident.category).unacceptable,
        )
        for report in named
    ]
    more = ngettext("- and one more such episode", "- and {n} more such episodes", further).format(n=further)
    return "\n".join([*lines, *([more] if further else [])])


def _changes(reports: Sequence[Report], policy: Policy, most: int) -> str:
    named = _heaviest(reports, policy, most)
    changes = dict.fromkeys(policy.category(report.incident.category).change for report in named)
    return "\n".join(f"- {change}" for change in changes)


def _valid(span: timedelta) -> str:
    if span.days in {365, 366}:
        return _("12 months")
    return ngettext("{n} day", "{n} days", span.days).format(n=span.days)
