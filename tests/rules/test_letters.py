"""The drafted letters say all that the published policies ask for, and always fit the form."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.conditions import LONGEST_VALUE, Details
from bot.rules.decisions import Choice
from bot.rules.letter_texts import TELL_US, in_letters
from bot.rules.letters import (
    LONGEST,
    Addressed,
    answer_about_warning,
    answer_letter,
    conditions_letter,
    drop_letter,
    warning_letter,
)
from bot.rules.objections import Answer, Terms
from bot.rules.policy.policy import Letterhead, Policy
from bot.rules.policy.verdicts import Incident, Severity
from bot.rules.reports import Place, Report
from bot.rules.text import units
from tests.rules.samples import POLICY, incident, report

REPORTS = [
    report(incident(3, "payment_withheld", days_ago=8), Place.EMAIL),
    report(incident(5, severity=Severity.SEVERE, days_ago=0)),
    report(incident(1, days_ago=40, by="U0JOE"), Place.IN_PERSON),
]
LONG = 10_000
TEXTS = POLICY.texts
DISPUTE, APPEAL, EMERGENCY = (in_letters(POLICY, text) for text in (TEXTS.dispute, TEXTS.appeal, TEXTS.emergency))
DROPPED = Terms(Choice.DROP, date(2027, 5, 22), date(2026, 12, 1))
HELD = Terms(Choice.KEEP, date(2027, 5, 22), None, ("written_only",), (("written_only", "1 High Street"),))
# As long as a policy file may make them, and in another alphabet.
WORDY = replace(
    POLICY,
    categories={
        key: replace(category, unacceptable="ж" * 200, change=f"{key} ".ljust(200, "ж"))
        for key, category in POLICY.categories.items()
    },
    texts=replace(
        POLICY.texts,
        **dict.fromkeys(("emergency", "dispute", "appeal"), "{address}".ljust(109, "ж")),
        complain="ж" * 150,
    ),
    firm=Letterhead("ж" * 100, "ж" * 200, "ж" * 100),
    conditions={
        f"{key}{n}": replace(condition, key=f"{key}{n}", name="ж" * 75, letter="{value}".ljust(200, "ж"))
        for n in (1, 2)
        for key, condition in POLICY.conditions.items()
    },
)


def to(policy: Policy = POLICY, name: str = "Zenith Corp") -> Addressed:
    return Addressed(name, policy, date(2026, 11, 22))


def warn(reports: list[Report], policy: Policy = POLICY, name: str = "Zenith Corp") -> str:
    return warning_letter(to(policy, name), reports, date(2026, 12, 4), 0)


def drop(reports: list[Report], policy: Policy = POLICY, name: str = "Zenith Corp", **changed: Any) -> str:  # noqa: ANN401 - the letter's own keywords
    usual = {
        "reason_class_name": "Abuse after a warning",
        "warning_date": date(2026, 10, 13),
        "effective_on": date(2026, 11, 30),
        "review_on": date(2027, 5, 22),
        "objection_until": date(2026, 12, 4),
    }
    return drop_letter(to(policy, name), reports, **usual | changed)


def every_letter(policy: Policy) -> list[str]:
    """A letter of each kind."""
    terms = {"answer": Answer.STANDS, "rationale": "The recording says so.", "before": Choice.DROP, "terms": DROPPED}
    return [
        warn(REPORTS, policy),
        drop(REPORTS, policy),
        conditions_letter(to(policy), REPORTS, HELD, date(2026, 12, 4)),
        answer_letter(to(policy), **terms, decided_on=date(2026, 11, 22)),
    ]


def test_letters_name_the_address_of_the_firm_where_they_ask_to_write_to_it() -> None:
    named = replace(POLICY, firm=Letterhead("Fenwick", "1 High Street\n Leeds"))
    for letter in every_letter(named)[:3]:
        assert "Write to us at 1 High Street, Leeds, and say what you" in letter
        assert "letter came from" not in letter
    assert "you can still reach us at 1 High Street, Leeds." in every_letter(named)[1]
    for letter in every_letter(POLICY)[:3]:
        assert "Write to us at the address that this letter came from, and say what you" in letter


def test_every_letter_says_whom_else_the_customer_may_turn_to_where_the_policy_does() -> None:
    said = "You may also complain to the Ombudsman: ombudsman.example."
    assert all(said not in letter for letter in every_letter(POLICY))
    named = replace(POLICY, texts=replace(POLICY.texts, complain=said))
    assert all(f"\n\n{said}\n\nYours" in letter for letter in every_letter(named))


def test_a_warning_lists_incidents_with_dates_and_places_in_order_of_time() -> None:
    assert (
        "- 11 October 2026, in person: shouting at, swearing at or insulting a member of our staff\n"
        "- 12 November 2026, by e-mail: holding back a payment that was due\n"
        "- 20 November 2026, on the phone: shouting at, swearing at or insulting a member of our staff\n"
    ) in warn(REPORTS)


def test_a_warning_asks_for_each_change_once_and_says_what_happens_otherwise() -> None:
    letter = warn(REPORTS)
    assert letter.count("speak to our staff without shouting, swearing or insults") == 1
    assert "pay what is due on time" in letter
    assert "we may end our business with you" in letter


def test_a_warning_says_how_to_object_and_how_long_it_is_valid() -> None:
    letter = warn(REPORTS)
    assert f"object to this warning, once, until 4 December 2026. {DISPUTE}" in letter
    assert (
        "We will answer within 2 business days after we hear from you. Until we answer, the warning stays valid."
        in letter
    )
    assert "valid for 12 months from the day you receive it" in letter
    assert "disability" in letter
    short = replace(POLICY, warnings_expire_after=POLICY.warnings_expire_after / 5)
    assert "valid for 73 days" in warn(REPORTS, short)


def test_a_drop_letter_says_reason_action_dates_objection_and_emergency_contact() -> None:
    letter = drop(REPORTS)
    for expected in (
        "We are ending our business with you on 30 November 2026.",
        "Abuse after a warning. We warned you on 13 October 2026.",
        "Until 22 May 2027. Then this decision ends, and you may do business with us again, unless we renew it",
        (
            f"object to this decision, once, until 4 December 2026. {APPEAL} Somebody who was not "
            "involved will look at it. We will answer within 10 business days after we hear from you. Until we answer, "
            f"the decision stands. {TELL_US}"
        ),
        EMERGENCY,
    ):
        assert expected in letter


def answer(
    answer: Answer,
    terms: Terms = HELD,
    rationale: str = "He has left.",
    addressed: Addressed | None = None,
    before: Choice = Choice.DROP,
) -> str:
    return answer_letter(
        addressed or to(), answer=answer, rationale=rationale, before=before, terms=terms, decided_on=date(2026, 11, 2)
    )


def conditions(
    reports: list[Report],
    policy: Policy = POLICY,
    name: str = "Zenith Corp",
    keys: tuple[str, ...] = ("written_only", "gone"),
    details: Details = (("written_only", "care@larkspur.example"),),
) -> str:
    terms = Terms(Choice.KEEP, date(2027, 5, 22), None, keys, details)
    return conditions_letter(to(policy, name), reports, terms, date(2026, 12, 4))


def test_a_letter_about_conditions_names_them_and_why_and_until_when() -> None:
    letter = conditions(REPORTS)
    for expected in (
        "on conditions. From now on:\n- Please contact us in writing only, at care@larkspur.example. We do not",
        "\n- gone\n\nWhy",
        "by e-mail: holding back a payment that was due",
        "Until 22 May 2027. Then we work with you as before, unless we renew the conditions and tell you why.",
        (
            f"object to this decision, once, until 4 December 2026. {APPEAL} Somebody who was not "
            "involved will look at it. We will answer within 10 business days after we hear from you. Until we answer, "
            "the decision stands."
        ),
    ):
        assert expected in letter


def test_a_condition_says_in_a_letter_what_the_customer_is_to_do() -> None:
    kept = conditions(REPORTS, keys=tuple(POLICY.conditions), details=(("one_contact", "Priya Shah"),))
    assert "- Please deal only with Priya Shah, who looks after you here.\n" in kept
    assert "- Two of us will be present whenever we meet you or speak with you.\n" in kept
    assert "- Please contact us in writing only, at …. We" in kept  # the manager fills it in
    own = replace(POLICY.conditions["written_only"], name="A deposit", letter="", asks="How much?")
    assert "- A deposit: £500\n" in conditions(
        REPORTS, replace(POLICY, conditions={"deposit": own}), keys=("deposit",), details=(("deposit", "£500"),)
    )


@pytest.mark.parametrize(
    ("how", "terms", "said"),
    [
        (Answer.STANDS, DROPPED, "The decision stands. The decision holds until 22 May 2027."),
        (Answer.CANCELLED, DROPPED, "We have cancelled the decision. We go on working with you as before.\n"),
        (
            Answer.CHANGED,
            DROPPED,
            "We are ending our business with you on 1 December 2026. The decision holds until 22",
        ),
        (Answer.CHANGED, HELD, "at 1 High Street. We do not take calls from you.\nThe decision holds until 22"),
    ],
)
def test_an_answer_says_what_comes_of_the_objection_and_why(how: Answer, terms: Terms, said: str) -> None:
    letter = answer(how, terms)
    assert "You objected to our decision of 2 November 2026 to end our business with you. Somebody" in letter
    assert "to go on working with you on conditions only." in answer(how, terms, before=Choice.KEEP)
    assert said in letter
    assert "Why\nHe has left.\n" in letter


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (True, "The warning stands. It is valid until 22 November 2027."),
        (False, "We have cancelled the warning. It is no longer valid."),
    ],
)
def test_an_answer_about_a_warning_says_whether_it_is_valid_and_why(stands: bool, said: str) -> None:  # noqa: FBT001
    days = {"issued_on": date(2026, 11, 22), "valid_until": date(2027, 11, 22)}
    letter = answer_about_warning(to(), stands=stands, rationale="x" * LONG, **days)
    assert "You objected to our warning of 22 November 2026. Somebody who was not involved" in letter
    assert said in letter
    assert "Why\nxxx" in letter
    assert units(letter) == LONGEST - 1  # there is room for so much of the reason


def test_an_answer_names_conditions_in_brief_before_it_cuts_the_reason_why() -> None:
    long = answer(Answer.CHANGED, replace(HELD, conditions=tuple(POLICY.conditions)), "x" * 2_200)
    assert "x" * 2_200 in long
    assert "- Never alone\n" in long


def test_a_drop_letter_says_that_illness_and_the_like_were_considered_as_the_form_asks() -> None:
    assert "Before we decided, we considered whether an illness, a disability" in drop(REPORTS)


def test_a_letter_says_no_more_of_an_episode_than_every_report_of_its_kind_does() -> None:
    """Nobody had warned a customer who is warned for the first time, or answered them before."""
    first = warn([report(incident(1, category)) for category in ("payment_withheld", "persistent_contact", "other")])
    assert "until we warned you" not in first
    assert "had answered" not in first
    assert "had said" not in warn([report(incident(1, "unreasonable_demands"))])


def test_a_drop_letter_without_a_warning_mentions_none() -> None:
    assert "warned you" not in drop([report(incident(1, "threat"))], warning_date=None)


def test_a_reason_that_ends_with_a_full_stop_does_not_end_with_two() -> None:
    for reason in ("Abuse after a warning.", "Rule X", "Rule X."):
        assert f"Our reason: {reason.rstrip('.')}. We warned" in drop(REPORTS, reason_class_name=reason)


def test_letters_name_no_rep_and_quote_no_narrative() -> None:
    for letter in (warn(REPORTS), drop(REPORTS), conditions(REPORTS)):
        assert "U0" not in letter
        assert "He shouted." not in letter


def test_letters_leave_out_void_incidents() -> None:
    letter = warn([*REPORTS, report(incident(9, "persistent_contact", void=True))])
    assert "again and again" not in letter
    assert "more episode" not in letter


def test_of_many_incidents_the_heaviest_are_named_and_the_others_counted() -> None:
    many = [report(incident(n, "other", days_ago=n)) for n in range(1, 40)]
    letter = warn([*many, report(incident(40, "discrimination", Severity.SEVERE, days_ago=99))])
    assert "13 August 2026, on the phone: discriminatory" in letter
    assert "- and 34 more episodes\n" in letter
    assert "- and one more episode\n" in warn(many[:7])


@pytest.mark.parametrize("n", [2, 3])
def test_the_same_conduct_on_the_same_day_is_said_once_with_how_often(n: int) -> None:
    letter = drop([*(report(incident(number, days_ago=9)) for number in range(n)), report(incident(9, days_ago=10))])
    lines = [line for line in letter.split("\n") if line.startswith("- ")]
    assert len(lines) == 2
    often = {2: "twice", 3: "3 times"}[n]
    assert lines[1].startswith(f"- 11 November 2026, on the phone, {often}: ")
    assert lines[1].partition(": ")[2] == lines[0].partition(": ")[2]
    assert "more episode" not in letter


def test_the_day_of_an_incident_is_in_the_firms_zone() -> None:
    tokyo = replace(POLICY, hours=replace(POLICY.hours, zone="Pacific/Kiritimati"))
    assert "- 21 November 2026, on the phone" in warn([report(incident(1, days_ago=0))], tokyo)


LARKSPUR = replace(POLICY, firm=Letterhead("Larkspur Ltd", "1 High Street\nYork YO1 7AA", "Priya Shah, Customer Care"))


@pytest.mark.parametrize(
    "letter", [warn, drop, conditions, lambda _, policy: answer(Answer.STANDS, DROPPED, addressed=to(policy))]
)
def test_a_letter_says_who_writes_and_who_signs_as_far_as_the_policy_does(
    letter: Callable[[list[Report], Policy], str],
) -> None:
    signed = letter(REPORTS, LARKSPUR)
    assert signed.startswith("Larkspur Ltd\n1 High Street\nYork YO1 7AA\n\n22 November 2026\n\nDear Zenith Corp,\n\n")
    assert signed.endswith("\n\nYours sincerely\n\nPriya Shah, Customer Care\nLarkspur Ltd\n")
    plain = letter(REPORTS, POLICY)
    assert plain.startswith("22 November 2026\n\nDear Zenith Corp,\n\n")
    assert plain.endswith("\n\nYours sincerely\n")
    named = letter(REPORTS, replace(POLICY, firm=Letterhead(name="Larkspur Ltd")))
    assert named.startswith("Larkspur Ltd\n\n22 November 2026\n\n")
    assert named.endswith("\n\nYours sincerely\n\nLarkspur Ltd\n")
    assert "\n\n\n" not in signed + plain + named


reports = st.builds(
    report,
    st.builds(
        incident,
        st.integers(1, 10**9),
        st.sampled_from(sorted(POLICY.categories)),
        st.sampled_from(Severity),
        days_ago=st.integers(0, 400),
        void=st.booleans(),
    ),
    st.sampled_from(Place),
)


@given(st.lists(reports, max_size=40), st.sampled_from([POLICY, WORDY]), st.sampled_from(["Zenith", "ж" * LONG]))
def test_letters_always_fit_the_form(incidents: list[Report], policy: Policy, name: str) -> None:
    assert len(warn(incidents, policy, name)) < LONGEST
    assert len(drop(incidents, policy, name, reason_class_name="ж" * 75)) < LONGEST
    all_of_them = tuple(policy.conditions)
    values = tuple((key, "ж" * LONGEST_VALUE) for key in all_of_them if policy.conditions[key].asks)
    assert len(conditions(incidents, policy, name, all_of_them, values)) < LONGEST
    for how in Answer:
        assert len(answer(how, rationale=name * 3, addressed=to(policy, name))) < LONGEST


def test_a_letter_names_as_many_incidents_as_there_is_room_for() -> None:
    def of(number: int, category: str) -> Report:
        at = REPORTS[0].reported_at - timedelta(days=number)
        return report(Incident(number, "U0ANA", category, Severity.SEVERE, at))

    letter = warn([of(n, category) for n, category in enumerate(WORDY.categories)], WORDY)
    assert 2 <= letter.count("on the phone") < 6
    assert "more episodes" in letter


def test_the_drafts_are_these_letters_and_nothing_else() -> None:
    """Word for word, since a customer and perhaps a court reads them."""
    without = drop([REPORTS[2]], warning_date=None)
    assert (
        "Why\nOur reason: Abuse after a warning. After conduct like this we do not warn first. This is what happened:\n"
        "- 11 October 2026, in person: shouting" in without
    )


def test_each_change_asked_for_has_a_line_of_its_own() -> None:
    asked = warn(REPORTS).partition("From now on, please:\n")[2].partition("\n\n")[0].split("\n")
    assert len(asked) == 2
    assert all(line.startswith("- ") for line in asked)


@pytest.mark.parametrize(("days", "words"), [(365, "12 months"), (366, "12 months"), (364, "364 days"), (1, "1 day")])
def test_how_long_a_warning_is_valid_in_words(days: int, words: str) -> None:
    assert f"valid for {words} from" in warn(REPORTS, replace(POLICY, warnings_expire_after=timedelta(days=days)))


def wording(length: int) -> Policy:
    """A policy whose words for one kind of conduct are as long as this."""
    abuse = replace(POLICY.categories["verbal_abuse"], unacceptable="x" * length)
    return replace(POLICY, categories=POLICY.categories | {"verbal_abuse": abuse})


@pytest.mark.parametrize(("length", "named"), [(3_000, 0), (1_400, 1), (700, 2), (510, 3), (300, 5), (20, 6)])
def test_the_heaviest_incidents_are_named_as_far_as_they_fit(length: int, named: int) -> None:
    letter = warn([report(incident(n, days_ago=n)) for n in range(1, 9)], wording(length))
    assert letter.count("x" * length) == named
    assert f"- and {8 - named} more episodes" in letter


def test_a_draft_is_shorter_than_the_form_allows() -> None:
    def draft(length: int) -> str:
        return warn([REPORTS[2]], wording(length))

    room = LONGEST - len(draft(1))
    assert len(draft(room)) == LONGEST - 1
    assert "x" not in draft(room + 1).replace("next", "")


def test_conditions_are_named_in_brief_where_their_sentences_do_not_fit() -> None:
    def draft(length: int) -> str:
        wordy = replace(POLICY.conditions["written_only"], letter="x" * length)
        return conditions([], replace(POLICY, conditions={"written_only": wordy}), keys=("written_only",))

    room = LONGEST - len(draft(1))
    assert len(draft(room)) == LONGEST - 1
    assert "xx" not in draft(room + 1)
