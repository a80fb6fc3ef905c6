"""Each mistake that a policy file can hold is named with its key, its line and its mend."""

import pytest

from bot.policy_file.load import BUILT_IN, PolicyError, parse

TEXT = BUILT_IN.read_text(encoding="utf-8")

# What is written instead of what; then the key that is named, a part of its line, what is said and what would mend it.
MISTAKES = {
    "text for a number": (
        "warn_at_points = 4 ",
        'warn_at_points = "4" ',
        "ladder.warn_at_points",
        "whole number",
        "= 4",
    ),
    "a broken number": (
        "decide_reporters = 2",
        "decide_reporters = 2.5",
        "ladder.decide_reporters",
        "whole number",
        "= 2",
    ),
    "too small a number": ("warn_at_points = 4 ", "warn_at_points = 0 ", "ladder.warn_at_points", "1 or more", "= 4"),
    "too large a number": (
        "points_expire_after_days = 365",
        "points_expire_after_days = 9999",
        "ladder.points_expire_after_days",
        "3650 or less",
        "= 365",
    ),
    "points that no report has": (
        "decide_at_points = 2",
        "decide_at_points = 13",
        "ladder.decide_at_points",
        "the heaviest one weighs 12 points",
        "write 12 or less",
    ),
    "no approval": (
        "approvals_to_drop = 1",
        "approvals_to_drop = 0",
        "decisions.approvals_to_drop",
        "1 or more",
        "= 1",
    ),
    "three approvals": (
        "approvals_to_drop = 1",
        "approvals_to_drop = 3",
        "decisions.approvals_to_drop",
        "2 or less",
        "= 1",
    ),
    "a review after the end": (
        "longest_months = 12",
        "longest_months = 5",
        "decisions.longest_months",
        "lapses after 5 months, before its review after 6",
        "longest_months as long",
    ),
    "a reminder at once": ("reminder = 0.5", "reminder = 0", "deadlines.reminder", "more than 0", "= 0.5"),
    "a reminder at the end": ("reminder = 0.5", "reminder = 1.0", "deadlines.reminder", "less than 1", "= 0.5"),
    "a reminder in words": ("reminder = 0.5", 'reminder = "half"', "deadlines.reminder", "a number", "= 0.5"),
    "no span": ('decide = "2 business days"', 'decide = "2 days"', "deadlines.decide", "no span", "2 business days"),
    "a number for a span": ('decide = "2 business days"', "decide = 2", "deadlines.decide", "no span", "4 hours"),
    "no zone": ('zone = ""', 'zone = "Europe/Lodnon"', "business.zone", "no time zone", "Europe/London"),
    "no days": ('["mon", "tue", "wed", "thu", "fri"]', "[]", "business.days", "no entries", '["mon", "tue"'),
    "no weekday": ('["mon", "tue",', '["monday", "tue",', "business.days", "'mon', 'tue'", '["mon", "tue"'),
    "closing before opening": (
        'closes = "17:00"',
        'closes = "08:00"',
        "business.closes",
        "before it opens",
        "after the",
    ),
    "no time": ('opens = "09:00"', 'opens = "nine"', "business.opens", "no time of day", "09:00"),
    "a holiday in quotes": ("holidays = []", 'holidays = ["2026-12-25"]', "business.holidays", "without quotes", "[]"),
    "an empty text": (
        'name = "Verbal abuse"',
        'name = " "',
        "categories.verbal_abuse.name",
        "is empty",
        "Verbal abuse",
    ),
    "a name too long for an option": (
        'name = "Verbal abuse"',
        f'name = "{"x" * 76}"',
        "categories.verbal_abuse.name",
        "more than 75 characters",
        "Verbal abuse",
    ),
    "an explanation too long for an option": (
        'explanation = "Shouting, swearing or insults at somebody"',
        f'explanation = "{"x" * 76}"',
        "categories.verbal_abuse.explanation",
        "more than 75 characters",
        "Shouting, swearing",
    ),
    "a text too long for the letters": (
        'dispute = "Write',
        f'dispute = "{"x" * 300}',
        "texts.dispute",
        "more than 300 characters",
        "say what you remember",
    ),
    "no truth value": (
        "zero_tolerance = false",
        'zero_tolerance = "no"',
        "categories.verbal_abuse.zero_tolerance",
        "true or",
        "false",
    ),
    "a severity that weighs less": ("times = 3", "times = 1", "severities.severe.times", "weigh less than", "write 2"),
    "a key with a capital": (
        "[categories.threat]",
        "[categories.Threat]",
        "categories.Threat",
        "is no key",
        "such a section",
    ),
    "a misspelt key": (
        "review_after_months =",
        "reveiw_after_months =",
        "decisions.reveiw_after_months",
        "no such key",
        "mean review_after_months?",
    ),
    "a misspelt key of one's own category": (
        "[categories.threat]",
        "[categories.rudeness]\nnam = 'Rude'\n[categories.threat]",
        "categories.rudeness.nam",
        "no such key",
        "mean name?",
    ),
    "a key that makes no sense": (
        "reminder = 0.5",
        "reminder = 0.5\nxyz = 1",
        "deadlines.xyz",
        "no such key",
        "known here: warn, hear",
    ),
    "an unknown severity": (
        "[severities.minor]",
        "[severities.mild]\ntimes = 1\n[severities.minor]",
        "severities.mild",
        "no such key",
        "known here: minor",
    ),
    "other of zero tolerance": (
        'points = 1\nzero_tolerance = false\nunacceptable = "conduct',
        'points = 1\nzero_tolerance = true\nunacceptable = "conduct',
        "categories.other.zero_tolerance",
        "cannot be of zero tolerance",
        "write false",
    ),
    "a reason class that is a section": (
        "[reason_classes]",
        "[reason_classes.x]\n[reason_classes]",
        "reason_classes.x",
        "text in quotes",
        "Conduct",
    ),
}


@pytest.mark.parametrize(("old", "new", "where", "what", "mend"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_key_its_line_and_its_mend(
    old: str, new: str, where: str, what: str, mend: str
) -> None:
    assert old in TEXT
    with pytest.raises(PolicyError) as refused:
        parse(TEXT.replace(old, new, 1), "Europe/London")
    found = next(problem for problem in refused.value.problems if problem.where == where)
    assert what in found.what
    assert mend in found.mend
    at = TEXT[: TEXT.index(old)].count("\n") + 1
    assert found.line is not None
    assert at <= found.line <= at + new.count("\n") + 1
