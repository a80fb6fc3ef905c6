"""Drafts of the two letters to a customer. A manager edits them before they go out; the texts stand here.

What they say follows the published policies on unacceptable conduct: a warning says what was unacceptable, with
examples and dates, the change asked for, what happens otherwise and how to dispute the facts; a decision says the
reason, the exact action, from when and for how long, the review and how to appeal. No rep is named and no narrative
quoted: both are the manager's to add.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final

from bot.rules.policy import Policy
from bot.rules.values import Place, Report
from bot.rules.words import day

LONGEST: Final = 2_900  # characters: a form's text field takes 3,000, and editing needs room
MOST_NAMED: Final = 6
NAME_SHOWN: Final = 140  # characters, as long as a customer's name can be

PLACES: Final = {
    Place.PHONE: "on the phone",
    Place.EMAIL: "by e-mail",
    Place.CHAT: "in a chat",
    Place.IN_PERSON: "in person",
    Place.SOCIAL_MEDIA: "on social media",
}
EPISODE: Final = "- {day}, {place}: {conduct}"
FURTHER: Final = ("- and one more such episode", "- and {n} more such episodes")

WARNING: Final = """\
{firm}{today}

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
"""

DROP: Final = """\
{firm}Dear {customer},

We are ending our business with you on {effective_on}.

Why
{reason}.{warned} What we rest this on:
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
"""
WARNED: Final = " We warned you on {day}."


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

    Of many reports the heaviest are told and the others counted; those that are void are left out.
    """
    return _fitting(
        lambda most: WARNING.format(
            firm=_head(firm, "\n"),
            today=day(issued_on),
            customer=customer_name[:NAME_SHOWN],
            episodes=_episodes(reports, policy, most),
            changes=_changes(reports, policy, most),
            dispute_until=day(dispute_until),
            dispute=policy.texts.dispute,
            valid=_valid(policy.warnings_expire_after),
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

    `warning_date`: when the warning that went unheeded was delivered, if there was one.
    """
    return _fitting(
        lambda most: DROP.format(
            firm=_head(firm, "\n\n"),
            customer=customer_name[:NAME_SHOWN],
            effective_on=day(effective_on),
            reason=reason_class_name,
            warned=WARNED.format(day=day(warning_date)) if warning_date else "",
            episodes=_episodes(reports, policy, most),
            review_on=day(review_on),
            appeal_until=day(appeal_until),
            appeal=policy.texts.appeal,
            emergency=policy.texts.emergency,
        )
    )


def _fitting(draft: Callable[[int], str]) -> str:
    """The draft that names as many episodes as there is room for."""
    return next((letter for most in range(MOST_NAMED, 0, -1) if len(letter := draft(most)) < LONGEST), draft(0))


def _head(firm: str, gap: str) -> str:
    return f"{firm[:NAME_SHOWN]}{gap}" if firm else ""


def _heaviest(reports: Sequence[Report], policy: Policy, most: int) -> list[Report]:
    """The heaviest reports that weigh, and of equals the latest, in the order in which they happened."""
    weighing = [report for report in reports if not report.incident.void]
    weighing.sort(key=lambda report: (policy.points(report.incident), report.incident.happened_at), reverse=True)
    return sorted(weighing[:most], key=lambda report: report.incident.happened_at)


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
    return "\n".join([*lines, *([FURTHER[further > 1].format(n=further)] if further else [])])


def _changes(reports: Sequence[Report], policy: Policy, most: int) -> str:
    named = _heaviest(reports, policy, most)
    changes = dict.fromkeys(policy.category(report.incident.category).change for report in named)
    return "\n".join(f"- {change}" for change in changes)


def _valid(span: timedelta) -> str:
    return "12 months" if span.days in {365, 366} else f"{span.days} days"
