"""Each mistake that a policy file can hold is named with its key, its line and its mend."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy_file.load import BUILT_IN, PolicyError, parse
from bot.policy_file.messages import PolicyProblem

TEXT = BUILT_IN.read_text(encoding="utf-8")

# A wrong value: the key, its built-in value, the wrong value, and a part of the message and of the mend.
WRONG_VALUES = {
    "text for a number": ("ladder.warn_at_points", "4 ", '"4" ', "whole number", "= 4"),
    "a broken number": ("ladder.decide_reporters", "2", "2.5", "whole number", "= 2"),
    "too small a number": ("ladder.warn_at_points", "4 ", "0 ", "1 or more", "= 4"),
    "too large a number": ("ladder.points_expire_after_days", "365", "9999", "3650 or less", "= 365"),
    "points that no report has": (
        "ladder.decide_at_points", "2", "13", "the most points of a report are 12", "write 12 or less"
    ),
    "no approval": ("decisions.approvals_to_drop", "1", "0", "1 or more", "= 1"),
    "eleven approvals": ("decisions.approvals_to_drop", "1", "11", "10 or less", "= 1"),
    "a review after the end": (
        "decisions.longest_months", "12", "5",
        "lapses after 5 months, before its review after 6", "longest_months as long",
    ),
    "a reminder at once": ("deadlines.reminder", "0.5", "0", "more than 0", "= 0.5"),
    "a reminder at the end": ("deadlines.reminder", "0.5", "1.0", "less than 1", "= 0.5"),
    "a reminder in words": ("deadlines.reminder", "0.5", '"half"', "a number", "= 0.5"),
    "no span": ("deadlines.decide", '"2 business days"', '"2 days"', "no span", "2 business days"),
    "a number for a span": ("deadlines.decide", '"2 business days"', "2", "no span", "4 hours"),
    "no zone": ("business.zone", '""', '"Europe/Lodnon"', "no time zone", "Europe/London"),
    "no days": ("business.days", '["mon", "tue", "wed", "thu", "fri"]', "[]", "no entries", '["mon", "tue"'),
    "no weekday": ("business.days", '["mon", "tue",', '["monday", "tue",', "'mon', 'tue'", '["mon", "tue"'),
    "closing before opening": ("business.closes", '"17:00"', '"08:00"', "before it opens", "after the"),
    "no time": ("business.opens", '"09:00"', '"nine"', "no time of day", "09:00"),
    "holidays of a place that is spelt alike": (
        "business.holidays_of", '""', '"gb-eng"', "no such country or region", "GB-ENG",
    ),
    "holidays of nowhere": (
        "business.holidays_of", '""', '"Atlantis!"', "no such country or region", "ISO 3166",
    ),
    "a holiday in quotes": ("business.holidays", "[]", '["2026-12-25"]', "without quotes", "[]"),
    "an empty text": ("categories.verbal_abuse.name", '"Verbal abuse"', '" "', "is empty", "Verbal abuse"),
    "a name too long for an option": (
        "categories.verbal_abuse.name", '"Verbal abuse"', f'"{"x" * 76}"',
        "more than 75 characters", "Verbal abuse",
    ),
    "an explanation too long for an option": (
        "categories.verbal_abuse.explanation", '"Shouting, swearing or insults at somebody"', f'"{"x" * 76}"',
        "more than 75 characters", "Shouting, swearing",
    ),
    "a text too long for the letters": (
        "texts.dispute", '"Write', f'"{"x" * 300}', "more than 300 characters", "say what you remember"
    ),
    "an address misspelt in a letter": (
        "texts.appeal", '"Write to us at {address}', '"Write to {adress}', "only {address}", "other { and }"
    ),
    "an ending for no kind of conduct": (
        "ending.at_once", '["discrimination"', '["rudeness"', "no [categories.rudeness]", "by their keys"
    ),
    "a kind for which a contact may be ended at once, and again": (
        "ending.after_warning", '["verbal_abuse"', '["threat"', "“threat” stands under at_once already", "one of"
    ),
    "no list of endings": ("ending.at_once", '["discrimination", "threat", "assault"]', '"threat"', "a list", "threat"),
    "no minute of repetition": ("ending.minutes", "10", "0", "1 or more", "= 10"),
    "protection at no rung": ("interim.at", '["decide"]', '["decided"]', "'hear' or 'decide'", '["decide"]'),
    "no such protection": ("interim.protection", '"written_only"', '"none"', "'written_only' or", "written_only"),
    "protection in no words": ("interim.not_alone", '"Never alone', '"" # ', "is empty", "Never alone"),
    "no truth value": ("categories.verbal_abuse.zero_tolerance", "false", '"no"', "true or", "false"),
    "a severity with fewer points": ("severities.severe.times", "3", "1", "fewer points than", "write 2"),
}  # fmt: skip

# Any mistake: a built-in text, what replaces it, the key that is named, and a part of the message and of the mend.
MISTAKES = {
    **{
        name: (f"{where.rpartition('.')[2]} = {old}", f"{where.rpartition('.')[2]} = {new}", where, what, mend)
        for name, (where, old, new, what, mend) in WRONG_VALUES.items()
    },
    "a key with a capital": (
        "[categories.threat]", "[categories.Threat]",
        "categories.Threat", "is no key", "such a section",
    ),
    "a misspelt key": (
        "review_after_months =", "reveiw_after_months =",
        "decisions.reveiw_after_months", "no such key", "mean review_after_months?",
    ),
    "a misspelt key of one's own category": (
        "[categories.threat]", "[categories.rudeness]\nnam = 'Rude'\n[categories.threat]",
        "categories.rudeness.nam", "no such key", "mean name?",
    ),
    "a key that makes no sense": (
        "reminder = 0.5", "reminder = 0.5\nxyz = 1",
        "deadlines.xyz", "no such key", "known here: warn, hear",
    ),
    "an unknown severity": (
        "[severities.minor]", "[severities.mild]\ntimes = 1\n[severities.minor]",
        "severities.mild", "no such key", "known here: minor",
    ),
    "other of zero tolerance": (
        'points = 1\nzero_tolerance = false\nunacceptable = "conduct',
        'points = 1\nzero_tolerance = true\nunacceptable = "conduct',
        "categories.other.zero_tolerance", "cannot be of zero tolerance", "write false",
    ),
    "a reason class that is a section": (
        "[reason_classes]", "[reason_classes.x]\n[reason_classes]",
        "reason_classes.x", "text in quotes", "Conduct",
    ),
}  # fmt: skip


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


# What is no TOML, and what else is wrong: the replaced texts, and how the line begins and the key of each problem.
SLIPS = {
    "two slips and a wrong value": (
        (
            ("warn_at_points = 4 ", "warn_at_points 4 "),
            ('opens = "09:00"', 'opens = "nine"'),
            ("notice_days = 8", "notice_days ="),
        ),
        [("warn_at_points", ""), ("opens", "business.opens"), ("notice_days", "")],
    ),
    "a header: its section is not missing": (
        (("[deadlines]", "[deadlines"), ("notice_days = 8", "notice_days = -8")),
        [("[deadlines", ""), ("notice_days", "decisions.notice_days")],
    ),
    "a list that is not closed, named at its own line": (
        (('"fri"]', '"fri"'), ("reminder = 0.5", "reminder = 5")),
        [("reminder", "deadlines.reminder"), ("days", "")],
    ),
    "a key that stands there twice": (
        (("reminder = 0.5", "reminder = 0.5\nreminder = 0.4"), ("notice_days = 8", "notice_days = -8")),
        [("reminder = 0.4", ""), ("notice_days", "decisions.notice_days")],
    ),
}


@pytest.mark.parametrize(("replaced", "expected"), SLIPS.values(), ids=SLIPS)
def test_what_is_no_toml_hides_nothing_else_that_is_wrong(
    replaced: tuple[tuple[str, str], ...], expected: list[tuple[str, str]]
) -> None:
    text = TEXT
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(PolicyError) as refused:
        parse(text, "UTC")
    lines = text.split("\n")
    for problem, (begins, where) in zip(refused.value.problems, expected, strict=True):
        assert problem.line
        assert lines[problem.line - 1].startswith(begins)
        assert problem.where == where


@given(st.integers(0, len(TEXT)), st.integers(0, 200), st.text("[]{}\"'=,.#\n\\ a1", max_size=8))
def test_whatever_is_cut_out_or_put_in_there_is_a_policy_or_a_problem_at_a_line(at: int, cut: int, put_in: str) -> None:
    text = TEXT[:at] + put_in + TEXT[at + cut :]
    problems = problems_of(text)
    assert problems or parse(text, "UTC").categories
    assert {problem.line for problem in problems} <= {None, *range(1, text.count("\n") + 2)}


def problems_of(text: str) -> list[PolicyProblem]:
    try:
        parse(text, "UTC")
    except PolicyError as refused:
        return refused.problems
    return []
