"""A call for backup: whom it goes to next, how long it counts, and what the rep's words say of name and place."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.backup import BackupCall, Circle, HowEnded, NotCalled, first_name_in, names_in, place_in
from bot.rules.policy.backup_rules import BackupRules
from bot.rules.refusals import NotRecorded
from bot.rules.reports import Place
from bot.rules.troubles import DatabaseTrouble
from tests.rules.samples import NOW

SECOND, MOMENT = timedelta(seconds=1), timedelta(microseconds=1)
RULES = BackupRules(wider_after_seconds=60, alone_after_seconds=200)
CALL = BackupCall(1, 0, "U0ANA", NOW, "Zenith, desk 2", Circle.LEADS, ("U0LEE",))


@pytest.mark.parametrize(("at", "wider"), [*enumerate(Circle)])
def test_each_circle_is_wider_than_those_before_it_and_than_no_other(at: int, wider: Circle) -> None:
    assert [wider.is_wider_than(other) for other in Circle] == [n < at for n in range(len(Circle))]


def test_a_call_is_late_once_every_circle_had_its_time_and_two_more_rounds_have_passed() -> None:
    assert RULES.late_after == 320 * SECOND
    assert replace(RULES, alone_after_seconds=100).late_after == 300 * SECOND  # three circles take longer than that
    assert not CALL.is_late(NOW + 320 * SECOND, RULES)
    assert CALL.is_late(NOW + 320 * SECOND + MOMENT, RULES)


def test_calling_again_means_the_same_call_until_the_rep_is_alone_counted_from_when_somebody_came() -> None:
    taken = replace(CALL, taken_by="U0LEE", taken_at=NOW + 30 * SECOND)
    for call, since in ((CALL, NOW), (taken, NOW + 30 * SECOND)):
        assert [call.is_joined(since + span, RULES) for span in (-MOMENT, 0 * SECOND)] == [False, True]
        assert [call.is_joined(since + 200 * SECOND - span, RULES) for span in (MOMENT, 0 * SECOND)] == [True, False]
        ended = replace(call, ended_by="U0ANA", ended_at=since, ended_how=HowEnded.CALMED)
        assert not ended.is_joined(since, RULES)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("on the PHONE", Place.PHONE),
        ("a call", Place.PHONE),
        ("line 4", Place.PHONE),
        ("by e-mail", Place.EMAIL),
        ("in the chat", Place.CHAT),
        *((f"at the {word.title()}", Place.IN_PERSON) for word in ("desk", "counter", "door", "room", "lobby", "shop")),
        ("in person", Place.IN_PERSON),
        *((word, Place.SOCIAL_MEDIA) for word in ("Social media", "facebook", "Instagram", "TWITTER")),
        ("somewhere", None),
        ("", None),
    ],
)
def test_the_place_is_recognised_in_the_words_of_a_call(words: str, place: Place | None) -> None:
    assert place_in(words) is place


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("  Zenith", [("Zenith", "", True)]),
        (
            "Zenith , desk 2, by the door ",
            [
                ("Zenith, desk 2, by the door", "", False),
                ("Zenith, desk 2", "by the door", False),
                ("Zenith", "desk 2, by the door", True),
                ("desk 2, by the door", "Zenith", False),
                ("desk 2", "Zenith, by the door", True),
                ("by the door", "Zenith, desk 2", True),
            ],
        ),
    ],
)
def test_each_stretch_from_comma_to_comma_may_be_a_name_the_longest_and_the_first_before_the_others(
    typed: str, found: list[tuple[str, str, bool]]
) -> None:
    assert [*names_in(typed)] == found


def test_names_are_looked_for_between_four_commas_and_no_more() -> None:
    assert {each.name for each in names_in("a,b,c,d,e,f,g") if each.single} == {"a", "b", "c", "d", "e,f,g"}


@pytest.mark.parametrize(("typed", "name"), [("Zenith , desk 2", "Zenith"), ("  Zenith", "Zenith"), (" , desk 2", "")])
def test_what_stands_before_the_first_comma_is_the_first_name(typed: str, name: str) -> None:
    assert first_name_in(typed) == name


def test_nobody_could_be_called_because_of_what_is_wrong_with_the_database() -> None:
    why = NotRecorded(DatabaseTrouble.UNKNOWN, "53100")
    refusal = NotCalled(why, "Leave the room.")
    assert (refusal.trouble, refusal.code, refusal.alone) == (DatabaseTrouble.UNKNOWN, "53100", "Leave the room.")
    assert refusal.args == why.args == (DatabaseTrouble.UNKNOWN,)
    assert (NotRecorded().trouble, NotRecorded().code) == (DatabaseTrouble.UNKNOWN, "")


def test_a_call_waits_until_somebody_comes_or_it_ends() -> None:
    taken, ended = replace(CALL, taken_at=NOW), replace(CALL, ended_at=NOW)
    both = replace(taken, ended_at=NOW)
    assert [(call.is_open, call.waits) for call in (CALL, taken, ended, both)] == [
        (True, True),
        (True, False),
        (False, False),
        (False, False),
    ]
