"""The files that reps upload, over HTTP: private to who uploaded them in Slack, and sent to a manager by the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.reports import Evidence
from bot.sandbox.person import Person
from bot.usecases.cases.evidence_pack import request_pack
from bot.usecases.customers.erase import EraseCustomer, erase_customer
from bot.usecases.reports.files import RequestFiles, request_files
from bot.usecases.transport import FileGone, Unanswered
from handlers.client.files import _is_slacks, fetch
from tests.builders import TEAM, opened, someone
from tests.slack.assembled import assembled
from tests.slack.calling import order
from tests.slack.steps import content, people, pressed, soon

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.sandbox.form import Form
    from bot.sandbox.server import Sandbox

SHOT = b"\x89PNG a screenshot"
DETAILS = {"What kind of conduct?": "Threat of violence", "How serious?": "Severe", "What happened?": "He said it."}


def reported(rep: Person) -> None:
    form = rep.command("/report-abuse", "Zenith Corp")
    form.fill(DETAILS | {"Files": ("shot.png", SHOT)}).submit()
    form.cancel()


def settled(manager: Person) -> Form:
    """The case in full, once it is known what became of the file."""
    notice, opened = manager.message("C0MANAGE", "Zenith Corp"), []

    def is_settled() -> bool:
        while opened:
            opened.pop().cancel()
        opened.append(pressed(manager, notice, "See the case"))
        return "is being fetched" not in opened[-1].text()

    assert soon(is_settled, every=1)  # Slack opens a hundred forms a minute
    return opened[-1]


def test_a_manager_opens_what_a_rep_uploaded(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    order(firm, "files.info", "429", seconds=1)
    reported(ana)
    seen = settled(priya)
    seen.press("Send me the files")
    sent = priya.direct_message("A file of report 1: shot.png")
    assert content(sent.raw["files"][0]["url_private"]) == SHOT


FAULTS = (None, "500", "drop_after", "429")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("method", ["files.info", "chat.update", "files.delete"])
@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_sent_to_a_manager_is_deleted_in_slack_once_it_is_erased(
    sandbox: Sandbox, database_url: str, uploaded: str, method: str, fault: str | None
) -> None:
    firm = assembled(sandbox, database_url)
    bot, priya = firm.start(), Person(sandbox.url, "U0PRIYA")
    shot = Evidence("file", "", "shot.png", file=uploaded)
    case = opened(bot.context, "U0ANA", "Zenith Corp", category="threat", evidence=(shot,))
    bot.worker.fetch_file(TEAM)
    request_files(bot.context, RequestFiles(someone("U0PRIYA"), 1))
    request_pack(bot.context, someone("U0PRIYA"), case.number)
    firm.work()
    sent = [each for each in priya.direct_messages() if each.raw.get("files")]
    assert [each.raw["files"][0]["title"] for each in sent] == ["shot.png", "case-1.zip"]
    erase_customer(bot.context, EraseCustomer(TEAM, 1, "root", even_with_an_open_case=True))
    if fault:
        order(sandbox, method, fault)
    for _ in range(5):
        firm.work()
    now = {each.ts: each for each in priya.direct_messages()}
    for each in sent:
        assert now[each.ts].raw["files"][0]["mode"] == "tombstone"
        assert "erased from the record" in now[each.ts].text
    assert "shot.png" not in str([each.raw for each in now.values()])
    assert firm.behind() == 0
    firm.stop()


@pytest.mark.parametrize(
    ("address", "api", "may"),
    [
        ("https://files.slack.com/f", "https://slack.com/api/", True),
        ("https://files.slack-gov.com/f", "https://slack-gov.com/api/", True),
        ("https://files.slack.com/f", "https://slack.proxy.firm.co.uk/api/", True),
        ("http://proxy.firm.example:8080/f", "http://proxy.firm.example:8080/api/", True),
        ("https://evil.co.uk/f", "https://proxy.co.uk/api/", False),
        ("https://other.firm.example/f", "https://proxy.firm.example/api/", False),
        ("https://evil.example/f", "https://slack.com/api/", False),
        ("https://evilslack.com/f", "https://slack.com/api/", False),
        ("https://files.slack.com.evil.example/f", "https://slack.com/api/", False),
        ("https://slack.com@evil.example/f", "https://slack.com/api/", False),
        ("http://files.slack.com/f", "https://slack.com/api/", False),
    ],
)
def test_the_token_goes_to_slack_itself_also_where_the_api_is_behind_a_proxy(address: str, api: str, may: bool) -> None:  # noqa: FBT001 - parametrized
    assert _is_slacks(address, api) is may


def test_what_slack_does_not_have_any_more_is_said_in_the_case(firm: Sandbox) -> None:
    ana, priya = people(firm, "ANA", "PRIYA")
    order(firm, "files.info", "error:file_deleted")
    reported(ana)
    seen = settled(priya)
    assert "shot.png (could not be fetched from Slack: file_deleted)" in seen.text()
    assert "Send me the files" not in seen.buttons


@pytest.fixture
def uploaded(sandbox: Sandbox) -> str:
    return sandbox._state.files.add("shot.png", SHOT, "U0ANA").id


def test_a_file_is_fetched_with_the_token_and_no_more_of_it_than_may_be(slack: WebClient, uploaded: str) -> None:
    assert fetch(slack, uploaded, 1_000) == SHOT
    with pytest.raises(FileGone, match="too_large"):
        fetch(slack, uploaded, 5)
    with pytest.raises(FileGone, match="file_not_found"):
        fetch(slack, "F0NONE", 5)


def test_a_page_to_sign_in_is_no_file_and_the_token_is_not_sent_on(
    sandbox: Sandbox, slack: WebClient, uploaded: str
) -> None:
    sandbox._slack_urls._token = "xoxb-rotated"  # the API still takes ours
    with pytest.raises(Unanswered, match="http_302"):
        fetch(slack, uploaded, 1_000)


@pytest.mark.parametrize(
    "address", ["http://evil.example/f", "https://evil.example/f", "file:///etc/passwd", "ftp://x/f"]
)
def test_the_token_goes_to_no_other_host(sandbox: Sandbox, slack: WebClient, uploaded: str, address: str) -> None:
    sandbox._state.files.get(uploaded).url = address
    with pytest.raises(FileGone, match="address_not_slacks"):
        fetch(slack, uploaded, 1_000)
