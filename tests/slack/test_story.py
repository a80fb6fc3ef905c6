"""The main job over HTTP: signed requests in, messages out, and nothing but the local Slack between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.form import FormErrors
from bot.sandbox.person import Person

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

SHOUTED = {"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He screamed."}
ODD = "<!channel> <@U0PRIYA> & *bold* `code` مرحبا 👋 " + "x" * 2900


def test_a_report_sent_twice_is_one_report_with_one_message_each(firm: Sandbox) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    form = ana.command("/report-abuse", "Zenith Corp")
    form.fill(SHOUTED)
    form.submit(twice=True)
    assert "Recorded as report 1 about" in form.text()
    assert "1 report by 1 rep" in priya.message("C0MANAGE", "Warn Zenith Corp?").text
    assert "Management has until" in ana.direct_message("Your report on Zenith Corp").text
    assert len(ana.direct_messages()) == 1
    assert len(priya.channel("C0MANAGE")) == 1


def test_what_a_rep_wrote_is_shown_whole_and_as_text(firm: Sandbox) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    form = ana.command("/report-abuse", "Zenith & Söhne")
    form.fill(SHOUTED | {"What happened?": ODD})
    form.submit()
    notice = priya.message("C0MANAGE", "Warn Zenith & Söhne?")
    assert "<!channel>" not in notice.raw["text"]
    assert "&lt;!channel&gt;" in notice.raw["text"]
    whole = priya.press(notice, "See the case")
    assert whole is not None
    assert ODD in whole.text()


def test_a_message_is_reported_with_its_words_and_its_link(firm: Sandbox) -> None:
    joe, priya = Person(firm.url, "U0JOE"), Person(firm.url, "U0PRIYA")
    said = Person(firm.url, "U0OLEK").say("C0SUPPORT", "You are all useless")
    form = joe.shortcut(said, "Report customer")
    form.fill({"Customer": "Other Corp", "What kind of conduct?": "Verbal abuse", "How serious?": "Serious"})
    form.submit()
    whole = priya.press(priya.message("C0MANAGE", "Warn Other Corp?"), "See the case")
    assert whole is not None
    assert "You are all useless" in whole.text()
    assert f"/archives/C0SUPPORT/p{said.ts.replace('.', '')}" in str(whole.view)


def test_what_an_integration_posted_is_quoted_as_people_read_it(firm: Sandbox) -> None:
    joe = Person(firm.url, "U0JOE")
    said = joe.integration(
        "C0SUPPORT", attachments=[{"pretext": "An e-mail", "text": "You are *all* useless &amp; slow"}]
    )
    form = joe.shortcut(said, "Report customer")
    assert str(form.value("What happened?")["value"]).endswith("An e-mail\nYou are *all* useless & slow")


def test_a_customer_is_reported_from_anywhere_in_slack(firm: Sandbox) -> None:
    form = Person(firm.url, "U0JOE").global_shortcut("Report a customer")
    form.fill(SHOUTED | {"Customer": "Other Corp"})
    form.submit()
    assert "Recorded as report" in form.text()


def test_a_guest_is_informed_before_a_form_opens_that_they_may_not_report(firm: Sandbox) -> None:
    form = Person(firm.url, "U0GUS").command("/report-abuse", "Zenith Corp")
    assert form.title == "Nothing has changed"
    assert "full member" in form.text()
    assert Person(firm.url, "U0PRIYA").channel("C0MANAGE") == []


def test_a_name_too_long_is_answered_beside_its_field(firm: Sandbox) -> None:
    form = Person(firm.url, "U0ANA").command("/report-abuse", "Z" * 200)
    form.fill(SHOUTED)
    with pytest.raises(FormErrors) as refused:
        form.submit()
    assert "200 characters" in refused.value.errors["Customer"]


def test_links_and_files_are_kept_as_evidence(firm: Sandbox) -> None:
    ana, priya = Person(firm.url, "U0ANA"), Person(firm.url, "U0PRIYA")
    form = ana.command("/report-abuse", "Zenith Corp")
    form.fill(SHOUTED | {"Links": "https://example.com/call/17", "Files": ("voice.txt", b"He said it again.")})
    form.submit()
    whole = priya.press(priya.message("C0MANAGE", "Warn Zenith Corp?"), "See the case")
    assert whole is not None
    assert "https://example.com/call/17" in str(whole.view)
    assert "voice.txt" in whole.text()
