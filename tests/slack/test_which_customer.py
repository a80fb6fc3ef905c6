"""A typo makes no new customer: the form asks whom the rep means, when it is prefilled and when it is sent."""

import pytest

from bot.sandbox.form import Form, FormErrors
from bot.sandbox.form_field import Pick
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from tests.slack.steps import people, pressed, reports

QUESTION = "Did you mean …?"
FILLED = {"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He shouted."}
TYPED = {
    "Northwind": "Northwind Travel",
    "Zenith Copr": "Zenith Corp",
    "zenth": "Zenith Corp",
    "Lakspur": "Larkspur Hotels",
    "Borialis": "Borealis Foods",
    "Ḻarkspur Hotel GmbH": "Larkspur Hotels",
}


@pytest.fixture
def ana(firm: Sandbox) -> Person:
    ana, joe = people(firm, "ANA", "JOE")
    for name in sorted(set(TYPED.values())):
        reports(joe, name)
    return ana


def offered(form: Form) -> list[str]:
    block = next(block for block in form.view["blocks"] if block.get("block_id") == "did_you_mean")
    return [option["text"]["text"] for option in block["element"]["options"]]


def standing(form: Form) -> str:
    block = next(block for block in form.view["blocks"] if block.get("block_id") == "did_you_mean")
    return str(block["element"]["options"][0]["description"]["text"])


@pytest.mark.parametrize("typed", TYPED)
def test_a_prefilled_name_that_is_nearly_one_on_record_is_asked_about(ana: Person, typed: str) -> None:
    form = ana.command("/report-abuse", typed)
    assert offered(form) == [TYPED[typed], f"No, somebody new: {typed}"]
    assert standing(form) == "Clear"
    form.fill({**FILLED, QUESTION: TYPED[typed]})
    form.submit()
    assert TYPED[typed] in ana.message(ana.dm, "Your report on").text


def test_whoever_means_somebody_new_says_so(ana: Person) -> None:
    form = ana.command("/report-abuse", "Northwind")
    with pytest.raises(FormErrors):
        form.fill(FILLED).submit()
    form.fill({QUESTION: "No, somebody new: Northwind"}).submit()
    assert "Your report on Northwind" in ana.message(ana.dm, "Your report on").text
    assert "Northwind Travel" not in ana.message(ana.dm, "Your report on").text


def test_what_was_filled_in_stays_where_the_form_asks_once_it_is_sent(ana: Person) -> None:
    form = ana.command("/report-abuse")
    form.fill({**FILLED, "Customer": Pick("New customer: Lakspur")})
    form.submit()
    assert form.title == "Report a customer"
    assert offered(form) == ["Larkspur Hotels", "No, somebody new: Lakspur"]
    assert form.value("What happened?")["value"] == "He shouted."
    form.fill({QUESTION: "Larkspur Hotels"}).submit()
    assert "Larkspur Hotels" in ana.message(ana.dm, "Your report on").text


def test_an_answer_about_another_name_is_none(ana: Person) -> None:
    form = ana.command("/report-abuse", "Northwind")
    form.fill({**FILLED, QUESTION: "Northwind Travel", "Customer": Pick("New customer: Borialis")})
    form.submit()
    assert offered(form) == ["Borealis Foods", "No, somebody new: Borialis"]
    form.fill({QUESTION: "Borealis Foods"}).submit()
    assert "Borealis Foods" in ana.message(ana.dm, "Your report on").text


def test_a_name_like_none_on_record_asks_nothing(ana: Person) -> None:
    form = ana.command("/report-abuse", "Pemberton Dental")
    assert QUESTION not in form.labels
    form.fill(FILLED).submit()
    assert "Pemberton Dental" in ana.message(ana.dm, "Your report on").text


def test_who_is_picked_in_the_list_is_meant_whatever_was_asked_before(ana: Person) -> None:
    form = ana.command("/report-abuse", "Northwind")
    form.fill({**FILLED, QUESTION: "No, somebody new: Northwind", "Customer": "Zenith Corp"})
    form.submit()
    assert "Zenith Corp" in ana.message(ana.dm, "Your report on").text


def test_a_name_that_looks_mistyped_is_merged_from_the_notice(ana: Person, firm: Sandbox) -> None:
    (priya,) = people(firm, "PRIYA")
    form = ana.command("/report-abuse", "Lakspur")
    said = {**FILLED, "What kind of conduct?": "Threat of violence", QUESTION: "No, somebody new: Lakspur"}
    form.fill(said).submit()
    assert "about Lakspur (new)" in form.text()
    notice = priya.message("C0MANAGE", "Drop or keep Lakspur?")
    assert "Looks like Larkspur Hotels." in notice.text
    merging = pressed(priya, notice, "Merge")
    assert "Larkspur Hotels stays." in merging.text()
    merging.submit()
    assert "Lakspur is the duplicate." in merging.text()
    merging.fill({"Are these two one customer?": "Yes, one and the same"}).submit()
    assert "Lakspur was merged into this record." in merging.text()
    assert "Looks like" not in priya.message("C0MANAGE", "Drop or keep Larkspur Hotels?").text


def test_a_name_that_nobody_reports_any_more_is_not_offered(ana: Person) -> None:
    form = ana.command("/report-abuse", "Lakspur")
    form.fill({**FILLED, QUESTION: "No, somebody new: Lakspur"}).submit()
    form.cancel()
    assert offered(ana.command("/report-abuse", "lakspurr")) == [
        "Lakspur",
        "Larkspur Hotels",
        "No, somebody new: lakspurr",
    ]
    ana.form().cancel()
    ana.press(ana.direct_message("Your report on Lakspur"), "Withdraw")
    ana.direct_message("You withdrew it")
    assert offered(ana.command("/report-abuse", "lakspurr")) == ["Larkspur Hotels", "No, somebody new: lakspurr"]
