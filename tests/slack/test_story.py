"""The whole story through Bolt over HTTP, against the sandbox's Slack."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.running import sandboxed
from bot.sandbox import Sandbox
from bot.sandbox.person import Person


def real_clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def firm() -> Iterator[Sandbox]:
    with sandboxed(real_clock, 0, threading.Event()) as sandbox:
        yield sandbox


def test_three_reps_report_and_a_manager_drops_the_customer(firm: Sandbox) -> None:
    ana, joe, mia, priya = (Person(firm.url, user) for user in ("U0ANA", "U0JOE", "U0MIA", "U0PRIYA"))
    form = ana.command("/report-abuse", "Zenith Corp")
    print(form.title, form.text())
    form.fill({"What kind of conduct?": "Verbal abuse", "How serious?": "Serious", "What happened?": "He screamed."})
    form.submit()
    print(form.text())
    notice = priya.message("C0MANAGE", "Zenith Corp")
    print(notice.text)
    print(notice.buttons)
    print(ana.direct_message("Zenith Corp").text)
