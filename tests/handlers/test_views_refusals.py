"""Every refusal says what is the case and what to do."""

import re
from dataclasses import replace

import pytest

from bot.rules import refusals
from bot.rules.cases import Outcome
from bot.rules.customers import LikelyCustomer
from bot.rules.decisions import Ending
from bot.rules.objections import Answer
from bot.rules.refusals import (
    AlreadyClosed,
    AlreadyDecided,
    AlreadyLearnt,
    AlreadyObjected,
    AlreadyReviewed,
    AlreadySent,
    AnotherRecord,
    Became,
    CallAnswered,
    CustomerChanged,
    Denial,
    HeardAlready,
    HearingTaken,
    MeantAnother,
    MergedSince,
    NoCareContact,
    NotEntitled,
    NothingToObject,
    NothingToReview,
    NotInForce,
    NotReady,
    NotRecorded,
    NotWarned,
    NotYours,
    ObjectionClosed,
    OtherWorkspace,
    Outdated,
    Refusal,
    TooLate,
    Unknown,
    Wrong,
    WrongRung,
)
from handlers.names import BlockId
from handlers.shared.refusals import beside_fields, refusal_text, refusal_view
from handlers.shared.trouble import failure_view
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import texts

LIKELY = (LikelyCustomer(1, "Zenith Corp", "clear"), LikelyCustomer(2, "Tom & Co", "clear"))
MADE = (
    sample.DROP,
    sample.KEEP,
    replace(sample.KEEP, conditions=("written_only",)),
    replace(sample.KEEP, conditions=()),
)
SAID: list[Refusal] = [
    *(NotEntitled(bar, 12) for bar in Denial),
    *(AlreadyDecided(12, "U0PRIYA", sample.NOW, made) for made in MADE),
    *(AlreadyClosed(12, outcome, sample.NOW) for outcome in Outcome),
    WrongRung(12),
    *(NotWarned(12, n, kinds) for n in (1, 2) for kinds in ((), sample.POLICY.zero_tolerance())),
    HearingTaken(12, "U0PRIYA", sample.NOW),
    HeardAlready(12),
    AlreadySent(12, "U0BRAD", sample.NOW),
    NothingToObject(12),
    AlreadyObjected(12, "U0BRAD", sample.NOW),
    Outdated(12, 4, (sample.a_report(215),)),
    NothingToReview(12),
    *(NotInForce(12, how, sample.NOW) for how in Ending),
    AlreadyReviewed(12, "U0BRAD", sample.NOW),
    ObjectionClosed(12, sample.NOW),
    *(AlreadyObjected(12, "U0BRAD", sample.NOW, answer) for answer in (None, *Answer)),
    AlreadyLearnt(12, "U0PRIYA", sample.NOW),
    MergedSince(8),
    *(CustomerChanged(became, "<Zenith> *Corp*") for became in Became),
    NotYours(214),
    NoCareContact(),
    TooLate(214),
    *(CallAnswered("U0ANA", sample.NOW, by) for by in ("U0PRIYA", None)),
    Unknown("case", 12),
    Wrong({"letter": "Please say more.", "review_on": "Too late."}),
    MeantAnother("Zenit", LIKELY),
    AnotherRecord(),
    OtherWorkspace(),
    NotReady(),
    NotRecorded(),
]


@pytest.mark.parametrize("refusal", SAID, ids=repr)
def test_every_refusal_has_a_text_in_whole_sentences(refusal: Refusal) -> None:
    said = refusal_text(refusal)
    assert re.search(r"[.?]$", said)
    assert "!" not in re.sub(r"<!date", "", said)
    assert "{" not in re.sub(r"<!date[^>]*>", "", said)
    assert said in texts(refusal_view(refusal))


def test_no_refusal_is_without_a_text() -> None:
    named = {each for each in vars(refusals).values() if isinstance(each, type) and issubclass(each, Refusal)}
    assert {type(refusal) for refusal in SAID} == {each for each in named if not named & {*each.__subclasses__()}}


def test_the_second_person_reads_whose_decision_it_was_and_when() -> None:
    dropped, kept, *_ = (refusal_text(AlreadyDecided(12, "U0PRIYA", sample.NOW, made)) for made in MADE)
    assert dropped.startswith("<@U0PRIYA> decided to drop the customer, <!date^1763650800^")
    assert "from 30 Nov 2025. That stands; what you sent was not recorded." in dropped
    assert "to keep the customer with conditions (2), <!date" in kept


def test_a_refusal_about_a_field_is_shown_beside_it() -> None:
    wrong = Wrong({"letter": "Please say more.", "evidence": "Not a link.", "at": "Not yet."})
    assert beside_fields(wrong) == {
        BlockId.LETTER: "Please say more.",
        BlockId.LINKS: "Not a link.",
        BlockId.DELIVERED_AT: "Not yet.",
    }
    assert beside_fields(NotWarned(12)) == {}


def test_names_that_may_be_meant_are_named_as_they_are_written() -> None:
    said = beside_fields(MeantAnother("Zenit", LIKELY))[BlockId.CUSTOMER]
    assert said.startswith("Did you mean Zenith Corp or Tom & Co?")


def test_an_unexpected_error_is_ours_and_has_a_reference() -> None:
    said = " ".join(texts(failure_view("7f3a11c2")))
    assert "nothing was recorded" in said
    assert "7f3a11c2" in said
    assert "<" not in " ".join(texts(failure_view("<!here>")))
