"""What people do in many tests over HTTP: report a customer, press a button."""

import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.sandbox.form import Form
from bot.sandbox.person import Home, Message, Person
from bot.sandbox.server import Sandbox
from tests.builders import PATIENCE

NOT_SURE_YET = "I could not confirm just now"


def people(firm: Sandbox, *users: str) -> list[Person]:
    return [Person(firm.url, f"U0{user}") for user in users]


def reports(
    rep: Person,
    customer: str = "Zenith Corp",
    *,
    category: str = "Verbal abuse",
    severity: str = "Serious",
    narrative: str = "He shouted at me.",
    doubted: bool = False,
) -> None:
    form = rep.command("/report-abuse", customer)
    form.fill({"What kind of conduct?": category, "How serious?": severity, "What happened?": narrative})
    if doubted:
        form.fill({"Anything else?": ["It may have been a misunderstanding"]})
    form.submit()
    form.cancel()


def pressed(person: Person, seen: Home | Message, button: str) -> Form:
    """The form that a button opens.

    Right after the clock was turned, and on a busy machine, the bot may ask to press it again.
    """
    end = time.monotonic() + PATIENCE
    while True:
        form = person.press(seen, button)
        assert form is not None
        if NOT_SURE_YET not in form.text() or time.monotonic() > end:
            return form
        form.cancel()


def with_letter(form: Form, *, twice: bool = False) -> None:
    """Send the drafted letter, where the form asks for one in a second step."""
    if form.title == "The letter":
        form.submit(twice=twice)


def is_ready(sandbox: Sandbox) -> bool:
    try:
        with urlopen(sandbox.bot_url.replace("/slack/events", "/readyz")) as answer:  # noqa: S310 - our own bot
            return bool(answer.status == HTTPStatus.OK)
    except HTTPError:
        return False


def wait_until_ready(sandbox: Sandbox) -> None:
    """Return once the bot takes reports. A busy machine takes longer for an ack than Slack would wait."""
    sandbox._bot.timeout = PATIENCE
    assert soon(lambda: is_ready(sandbox))


def soon(holds: Callable[[], bool], within: float = PATIENCE, every: float = 0.02) -> bool:
    """Whether it holds within so many seconds; asked `every` so often, since what is asked may be a call of Slack's."""
    end = time.monotonic() + within
    while not holds() and time.monotonic() < end:
        time.sleep(every)
    return holds()


def content(url: str) -> bytes:
    """A file that somebody was sent."""
    request = Request(url, headers={"Sec-Fetch-Site": "same-origin"})  # noqa: S310 - a sandbox's own address
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - likewise
        return bytes(answer.read())
