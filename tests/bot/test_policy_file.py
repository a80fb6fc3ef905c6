"""A policy file is used as a whole or not at all. Everything wrong with it is named at once, with its line."""

import re
import tomllib
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.cli.policy_page import for_hr
from bot.policy_file.load import BUILT_IN, PolicyError, as_text, load, parse
from bot.policy_file.messages import PolicyProblem
from bot.policy_file.schema import PolicyFile
from bot.rules.business_time import Hours, Span, Unit
from bot.rules.policy.policy import Letterhead
from bot.rules.policy.policy_body import policy_from_body
from bot.rules.policy.verdicts import Severity

TEXT = BUILT_IN.read_text(encoding="utf-8")
REFERENCE = (Path(__file__).parents[2] / "docs/policy.md").read_text(encoding="utf-8")


def changed(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def problems(text: str) -> list[PolicyProblem]:
    with pytest.raises(PolicyError) as refused:
        parse(text, "Europe/London")
    assert str(refused.value) == as_text(refused.value.problems)
    return refused.value.problems


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_built_in_policy_has_the_documented_values() -> None:
    policy = load(None, "Europe/London")
    points = {key: category.points for key, category in policy.categories.items() if not category.zero_tolerance}
    assert points == {
        "verbal_abuse": 2,
        "discrimination": 4,
        "public_abuse": 2,
        "persistent_contact": 1,
        "unreasonable_demands": 1,
        "payment_withheld": 1,
        "other": 1,
    }
    assert [key for key, category in policy.categories.items() if category.zero_tolerance] == ["threat", "assault"]
    assert [policy.severities[severity].times for severity in Severity] == [1, 2, 3]
    assert (policy.warn_at_points, policy.decide_at_points, policy.decide_reporters) == (4, 2, 2)
    assert policy.points_expire_after == policy.warnings_expire_after == timedelta(days=365)
    assert (str(policy.deadlines.decide), str(policy.deadlines.zero_tolerance)) == ("2 business days", "4 hours")
    assert (policy.review_after_months, policy.longest_months, policy.approvals_to_drop) == (6, 12, 1)
    assert (policy.deadlines.reminder, policy.appeal_within) == (0.5, Span.parse("10 business days"))
    assert policy.hours == Hours("Europe/London", frozenset(range(5)), time(9), time(17))


def test_the_zone_of_the_file_takes_precedence_over_the_setting() -> None:
    assert load(None, "Asia/Tokyo").hours.zone == "Asia/Tokyo"
    assert parse(changed('zone = ""', 'zone = "America/New_York"'), "Asia/Tokyo").hours.zone == "America/New_York"
    assert parse(re.sub('zone = "".*', "", TEXT), "Asia/Tokyo").hours.zone == "Asia/Tokyo"


def test_holidays_and_times_may_be_dates_and_times_of_toml() -> None:
    text = changed("holidays = []", "holidays = [\n  2026-12-25,\n  2026-12-28,\n]")
    hours = parse(text.replace('opens = "09:00"', "opens = 08:30:00"), "UTC").hours
    assert (hours.holidays, hours.opens) == (frozenset({date(2026, 12, 25), date(2026, 12, 28)}), time(8, 30))


def test_a_file_is_read_from_disk_also_as_windows_saves_it(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load(path, "UTC") == load(None, "UTC")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "policy.toml"
    if content:
        path.write_bytes(content)
    with pytest.raises(PolicyError, match="the file cannot be read") as refused:
        load(path, "UTC")
    assert refused.value.problems[0].where == str(path)


def test_a_missing_key_is_named_at_its_section() -> None:
    text = re.sub(r"hear = .*\n", "", TEXT, count=1)
    assert problems(text) == [
        PolicyProblem(
            "deadlines.hear",
            line_with(text, "[deadlines]"),
            "is missing",
            'the built-in policy has hear = "2 business days"',
        )
    ]


def test_a_missing_section_has_no_line() -> None:
    text = TEXT[: TEXT.index("[safeguards.health]")]
    mend = "the built-in policy has such a section: copy it and change it"
    assert problems(text) == [PolicyProblem("safeguards", None, "is missing", mend)]


def test_a_value_where_a_section_belongs_is_named() -> None:
    text = "texts = 1\n" + TEXT[: TEXT.index("[texts]")] + TEXT[TEXT.index("[severities.minor]") :]
    assert [(p.where, p.line, p.what) for p in problems(text)] == [("texts", 1, "must be a section")]


def test_a_policy_without_other_is_refused() -> None:
    found = problems(changed("[categories.other]", "[categories.others]"))
    assert [(p.where, p.what) for p in found] == [("categories", "there is no [categories.other]")]


def test_a_ladder_that_no_report_can_reach_is_refused() -> None:
    assert [p.where for p in problems(re.sub(r"(?m)^points = \d", "points = 0", TEXT))] == ["ladder.decide_at_points"]


def test_points_of_zero_tolerance_alone_do_not_make_a_ladder_reachable() -> None:
    heavy = re.sub(r"points = \d(\s+zero_tolerance = true)", r"points = 90\1", TEXT)
    assert parse(heavy.replace("decide_at_points = 2 ", "decide_at_points = 12 "), "UTC").decide_at_points == 12
    found = problems(heavy.replace("decide_at_points = 2 ", "decide_at_points = 13 "))
    assert [p.where for p in found] == ["ladder.decide_at_points"]


def test_more_conditions_than_a_form_has_tick_boxes_are_refused() -> None:
    more = "".join(f'[conditions.c{n}]\nname = "C"\nwords = "W"\n' for n in range(6))
    assert [(p.where, p.what) for p in problems(TEXT + more)] == [("conditions", "has more than 10 entries")]


def test_the_holidays_of_a_region_are_dates_of_the_policy_beside_those_that_are_listed() -> None:
    text = changed("holidays = []", "holidays = [2026-12-24]").replace('holidays_of = ""', 'holidays_of = "GB-ENG"')
    policy = parse(text, "Europe/London")
    days = sorted(policy.hours.holidays)
    assert {date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28), date(2045, 12, 25)} <= set(days)
    assert {day.year for day in days} == set(range(2026, 2046))
    assert date(2026, 12, 28).isoformat() in policy.body()["hours"]["holidays"]
    assert policy_from_body(policy.body()).digest == policy.digest


def test_a_category_may_say_how_long_a_decision_about_it_takes() -> None:
    assert parse(TEXT, "UTC").categories["other"].decide is None
    own = parse(changed("[categories.other]", '[categories.other]\ndecide = "1 business day"'), "UTC")
    assert own.categories["other"].decide == Span(1, Unit.BUSINESS_DAY)
    assert any("Something else: 1 business day to decide." in line for line in for_hr(own))


def test_holidays_that_leave_a_year_without_work_are_refused() -> None:
    every = ", ".join((date(2026, 1, 1) + timedelta(n)).isoformat() for n in range(365))
    found = problems(changed("holidays = []", f"holidays = [{every}]"))
    assert [(p.where, p.what) for p in found] == [("business.holidays", "the holidays leave no business day in 2026")]


def test_every_problem_is_named_at_once_in_the_order_of_the_lines() -> None:
    text = changed("warn_at_points = 4 ", "warn_at_points = 0 ").replace("reminder = 0.5", "reminder = 2")
    text = text.replace("longest_months = 12", "longest_months = 1").replace("times = 3", "times = 1")
    found = problems(text.replace("decide_at_points = 2", "decide_at_pionts = 2"))
    assert [problem.where for problem in found] == [
        *("ladder.decide_at_points", "ladder.warn_at_points", "ladder.decide_at_pionts"),
        *("deadlines.reminder", "decisions.longest_months", "severities.severe.times"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("reminder = 0.5", "reminder = ", "this is not TOML: invalid value"),
        ("reminder = 0.5", "reminder = 0.5\nreminder = 0.6", "the same key or section stands here a second time"),
        ("[categories.assault]", "[categories.threat]", "the same key or section stands here a second time"),
        ("[categories.assault]", "[categories.assault", "this is not TOML"),
    ],
)
def test_invalid_toml_is_named_with_its_line(old: str, new: str, what: str) -> None:
    text = changed(old, new)
    (found,) = problems(text)
    assert found.what.startswith(what)
    assert found.line == TEXT[: TEXT.index(old)].count("\n") + 1 + new.count("\n")


def test_an_unterminated_string_is_named_where_it_begins() -> None:
    text = changed('boundary = "I want to help you.', 'boundary = """I want to help you.')
    (found,) = problems(text)
    assert (found.line, found.what) == (
        TEXT[: TEXT.index("boundary =")].count("\n") + 1,
        "this is not TOML: unterminated string",
    )


def test_the_command_line_prints_each_problem_on_a_line() -> None:
    found = [
        PolicyProblem("ladder.warn_at_pionts", 12, "there is no such key", "did you mean warn_at_points?"),
        PolicyProblem("texts", None, "is missing", "copy it"),
        PolicyProblem("", 3, "this is not TOML", "check the quotes"),
        PolicyProblem("", None, "odd", "look"),
    ]
    assert as_text(found).splitlines() == [
        "The policy has 4 problems:",
        "  line 12, ladder.warn_at_pionts: there is no such key. Did you mean warn_at_points?",
        "  texts: is missing. Copy it.",
        "  line 3: this is not TOML. Check the quotes.",
        "  the file: odd. Look.",
    ]
    assert as_text(found[:1]).startswith("The policy has one problem:\n")


@given(st.text(max_size=200))
def test_any_text_that_is_no_policy_has_its_problems_named(text: str) -> None:
    assert problems(text)


@given(st.data())
def test_a_value_of_another_type_is_always_named_with_its_line(data: st.DataObject) -> None:
    numbered = TEXT.splitlines()
    at = data.draw(st.sampled_from([n for n, line in enumerate(numbered) if re.match(r"\w+ = ", line)]))
    other = data.draw(st.sampled_from(["1979-05-27", "-1", "true", "[[]]", "{}", "nan", "inf", "''", "1e9"]))
    key = numbered[at].split(" = ")[0]
    same = {
        **dict.fromkeys(("zero_tolerance", "here", "severe"), "true"),
        **dict.fromkeys(("zone", "name", "address", "signature", "default", "complain", "holidays_of"), "''"),
    }
    if same.get(key) == other:
        return
    text = "\n".join([*numbered[:at], f"{key} = {other}", *numbered[at + 1 :]])
    assert at + 1 in {problem.line for problem in problems(text)}


def keys(model: type[BaseModel]) -> set[str]:
    names: set[str] = set()
    for name, field in model.model_fields.items():
        inner = [
            kind for kind in (field.annotation, *getattr(field.annotation, "__args__", ())) if isinstance(kind, type)
        ]
        names |= {name}.union(*(keys(kind) for kind in inner if issubclass(kind, BaseModel)))
    return names


def test_the_reference_explains_every_key() -> None:
    explained = set(re.findall(r"\w+", " ".join(re.findall(r"`[^`]+`", REFERENCE))))
    assert keys(PolicyFile) - explained == set()


def test_the_reference_shows_the_values_of_the_built_in_policy() -> None:
    rows = dict(re.findall(r"(?m)^\| `(\w+)` \| `([^`]+)` \|", REFERENCE))
    built_in = tomllib.loads(TEXT)
    sections = "ladder deadlines business decisions retention evidence backup ending interim"
    flat = {
        key: value
        for section in sections.split()
        for key, value in built_in[section].items()
        if key not in {"alone", "written_only", "not_alone", "say"}  # sentences
    }
    assert {key: tomllib.loads(f"x = {value}")["x"] for key, value in rows.items()} == flat


def test_the_firm_may_name_itself_for_letters_or_not() -> None:
    assert parse(TEXT, "UTC").firm == Letterhead()
    without = re.sub(r"(?s)\[firm\].*?\n\n", "", TEXT)
    assert parse(without, "UTC").firm == Letterhead()
    named = TEXT.replace('address = ""', 'address = """\n1 High Street\nYork\n"""')
    assert parse(named, "UTC").firm == Letterhead(address="1 High Street\nYork")
    (problem,) = problems(TEXT.replace('signature = ""', f'signature = "{"x" * 101}"'))
    assert str(problem).endswith(
        'firm.signature: has more than 100 characters. The built-in policy has signature = "".'
    )
    assert policy_from_body(parse(named, "UTC").body()).firm.address == "1 High Street\nYork"
    wordy = TEXT.replace('address = ""', f'address = "{"x" * 200}"').replace('"Write to us at {', f'"{"x" * 70} {{', 1)
    (problem,) = problems(wordy)
    assert problem.where == "texts.dispute"
    assert problem.what == "has more than 300 characters with the address in it"
