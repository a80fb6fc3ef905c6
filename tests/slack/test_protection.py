"""Interim protection, over HTTP: who reads it at once, and a manager who lifts and sets it in two touches."""

import pytest

from bot.sandbox.form import FormErrors
from bot.sandbox.server import Sandbox
from tests.slack.steps import people, pressed, reports
from tests.slack.test_touches import Cost

HERE, UNTIL = "C0MANAGE", "Until management has decided: Contact in writing only. Take no calls."


def test_it_stands_at_once_on_the_card_in_the_messages_and_in_the_notice_until_it_is_decided(firm: Sandbox) -> None:
    ana, joe, mia, priya = people(firm, "ANA", "JOE", "MIA", "PRIYA")
    reports(ana)
    assert "in writing only" not in priya.message(HERE, "Warn Zenith Corp?").text
    form = joe.command("/report-abuse", "Zenith Corp")
    conduct = {"What kind of conduct?": "Threat of violence", "How serious?": "Severe"}
    form.fill(conduct | {"What happened?": "He will come."})
    form.submit()
    assert UNTIL in form.text()
    for rep in (ana, joe):
        assert "Your report on Zenith Corp" in rep.direct_message(UNTIL).text
    assert UNTIL in mia.command("/customer", "Zenith Corp").text()
    notice = priya.message(HERE, "Until then, in writing only.")
    form = pressed(priya, notice, "Keep customer")
    form.fill({"Why?": "He has apologised to both."})
    form.submit()
    for rep in (ana, joe):
        assert UNTIL not in rep.direct_message("we keep them").text
    assert UNTIL not in mia.command("/customer", "Zenith Corp").text()


def test_a_manager_lifts_it_and_sets_it_in_two_touches_with_a_reason(firm: Sandbox) -> None:
    ana, brad, priya = people(firm, "ANA", "BRAD", "PRIYA")
    reports(ana, category="Threat of violence")
    for button, reason, shown in (
        ("Lift protection", "He only writes.", "@U0PRIYA lifted the protection."),
        ("Set protection", "He has called again.", "Until then, in writing only."),
    ):
        cost, notice = Cost(), priya.message(HERE, "Drop or keep Zenith Corp?")
        form = cost.press(priya, notice, button)
        with pytest.raises(FormErrors):
            form.submit()
        cost.send(form, reason=reason)
        assert cost.within({"touches": 2, "inputs": 1, "words": 150})
        assert priya.message(HERE, shown).ts == notice.ts
    seen = pressed(brad, priya.message(HERE, "Drop or keep"), "See the case").text()
    assert "Interim protection lifted by @U0PRIYA" in seen
    assert "“He only writes.”" in seen
    assert "Your report on Zenith Corp" in ana.direct_message(UNTIL).text


def test_a_form_that_was_open_while_a_report_came_in_says_so_and_is_sent_again(firm: Sandbox) -> None:
    ana, joe, priya, brad = people(firm, "ANA", "JOE", "PRIYA", "BRAD")
    reports(ana, category="Threat of violence")
    notice = priya.message(HERE, "Drop or keep Zenith Corp?")
    form, other = pressed(priya, notice, "Lift protection"), pressed(brad, notice, "Lift protection")
    reports(joe, narrative="He rang at night.")
    form.fill({"Why?": "He only writes."})
    form.submit()
    assert "New since you opened this form" in form.text()
    assert "He rang at night." in form.text()
    form.submit()
    assert "the interim protection is lifted" in form.text()
    other.fill({"Why?": "He only writes."})
    other.submit()
    assert "@U0PRIYA lifted the interim protection" in other.text()
    assert "Nothing else was recorded" in other.text()


def test_who_has_a_stake_reads_so(firm: Sandbox) -> None:
    brad, priya = people(firm, "BRAD", "PRIYA")
    reports(brad, category="Threat of violence")
    notice = priya.message(HERE, "Drop or keep Zenith Corp?")
    assert "You have reported this customer" in pressed(brad, notice, "Lift protection").text()
