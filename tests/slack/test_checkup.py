"""`check`, over real HTTP against a small Slack that answers as each test says."""

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from queue import Queue
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from slack_sdk import WebClient

from bot.http_server import serve
from handlers.client.checkup import Finding, checkup
from handlers.names import SCOPES
from tests.builders import PATIENCE

USERS = {"U0PRIYA": {"real_name": "Priya Raman"}, "U0RUTH": {"real_name": "Ruth Okafor"}, "U0CORA": {"name": "cora"}}


@dataclass
class Slack:
    """Answers by method and by the ID asked for; a test changes what is in it."""

    scopes: str | None = ",".join(SCOPES)
    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=lambda: {**USERS})
    groups: dict[str, list[str]] = field(default_factory=lambda: {"S0MANAGERS": ["U0PRIYA", "U0BRAD"]})
    errors: dict[str, str] = field(default_factory=dict)
    org_wide: bool = False
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        method = environ["PATH_INFO"].removeprefix("/api/")
        args = {name: values[0] for name, values in parse_qs(environ["wsgi.input"].read().decode()).items()}
        self.asked.append(method)
        if self.broken:
            start("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<h1>a proxy that is not Slack</h1>"]
        scopes = [] if self.scopes is None else [("X-OAuth-Scopes", self.scopes)]
        start("200 OK", [("Content-Type", "application/json"), *scopes])
        error = self.errors.get(method)
        body = {"ok": False, "error": error} if error else self.answer(method, args)
        return [json.dumps(body).encode()]

    def answer(self, method: str, args: dict[str, str]) -> dict[str, Any]:
        if method == "conversations.info":
            return self.found("channel", self.channels, args["channel"], "channel_not_found")
        if method == "users.info":
            return self.found("user", self.users, args["user"], "user_not_found")
        if method == "usergroups.users.list":
            return self.found("users", self.groups, args["usergroup"], "no_such_subteam")
        names = {"user": "backstop", "team": "The Firm", "url": "wss://firm.example"}
        return {"ok": True, **names, "is_enterprise_install": self.org_wide}

    @staticmethod
    def found(name: str, among: dict[str, Any], key: str, error: str) -> dict[str, Any]:
        return {"ok": True, name: among[key]} if key in among else {"ok": False, "error": error}


@dataclass(frozen=True)
class Settings:
    management_channel: str = "C0MANAGE"
    summary_channel: str = "C0MANAGE"
    managers: tuple[str, ...] = ("U0PRIYA",)
    directors: tuple[str, ...] = ("U0PRIYA",)
    care_contact: str | None = None
    leads: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    confirm_posts: bool = True


def channel(**changes: object) -> dict[str, Any]:
    return {"name": "management", "is_member": True, "is_private": True, "is_archived": False} | changes


@pytest.fixture
def slack() -> Slack:
    return Slack(channels={"C0MANAGE": channel()})


@pytest.fixture
def client(slack: Slack) -> Iterator[WebClient]:
    stop, received = threading.Event(), Queue[str]()
    thread = threading.Thread(target=serve, args=(slack, "127.0.0.1", 0, stop), kwargs={"listening": received.put})
    thread.start()
    yield WebClient(
        "xoxb-hunter2", base_url=f"{received.get(timeout=PATIENCE)}api/", timeout=int(PATIENCE), retry_handlers=[]
    )
    stop.set()
    thread.join()


def wrong(findings: list[Finding]) -> list[Finding]:
    assert all(bool(finding.mend) is not finding.ok for finding in findings)
    assert all(finding.what.endswith(".") for finding in findings)
    return [finding for finding in findings if not finding.ok]


def the_wrong_one(findings: list[Finding]) -> str:
    (one,) = wrong(findings)
    return f"{one.what} {one.mend}"


def test_settings_that_are_right_are_confirmed_item_by_item(client: WebClient, slack: Slack) -> None:
    slack.channels["C0WEEKLY"] = channel(name="weekly", is_private=False)
    settings = Settings(
        summary_channel="C0WEEKLY",
        managers=("S0MANAGERS", "U0PRIYA"),
        directors=("U0RUTH", "U0PRIYA"),
        care_contact="U0CORA",
    )
    findings = checkup(client, settings, "xapp-1")
    assert wrong(findings) == []
    assert [finding.what for finding in findings] == [
        "SLACK_BOT_TOKEN: the bot is backstop in The Firm.",
        "Scopes: all 13 granted.",
        "Clock: this machine's clock agrees with Slack's.",
        "MANAGEMENT_CHANNEL: the bot is in #management.",
        "SUMMARY_CHANNEL: the bot is in #weekly.",
        "MANAGERS S0MANAGERS: a user group of 2.",
        "MANAGERS and DIRECTORS U0PRIYA: Priya Raman.",
        "DIRECTORS U0RUTH: Ruth Okafor.",
        "CARE_CONTACT U0CORA: cora.",
        "SLACK_APP_TOKEN: Socket Mode can connect.",
    ]


def test_nothing_is_listed_and_nothing_asked_twice(client: WebClient, slack: Slack) -> None:
    checkup(client, Settings())
    assert slack.asked == ["auth.test", "conversations.info", "users.info"]


def test_every_fault_is_found_at_once(client: WebClient, slack: Slack) -> None:
    slack.scopes = "commands"
    slack.channels.clear()
    slack.users.clear()
    slack.errors["apps.connections.open"] = "invalid_auth"
    subjects = [finding.what.split(":")[0] for finding in wrong(checkup(client, Settings(), "xapp-1"))]
    assert subjects == ["Scopes", "MANAGEMENT_CHANNEL", "MANAGERS and DIRECTORS U0PRIYA", "SLACK_APP_TOKEN"]


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked"])
def test_a_dead_token_is_the_only_finding_about_the_bot(client: WebClient, slack: Slack, error: str) -> None:
    slack.errors["auth.test"] = error
    received = the_wrong_one(checkup(client, Settings()))
    assert received.startswith("SLACK_BOT_TOKEN: Slack does not accept it. Copy it again")
    assert "hunter2" not in received


def test_a_dead_bot_token_does_not_hide_what_the_app_token_is_worth(client: WebClient, slack: Slack) -> None:
    slack.errors["auth.test"] = "invalid_auth"
    assert [finding.ok for finding in checkup(client, Settings(), "xapp-1")] == [False, True]


def test_an_app_that_is_installed_for_a_whole_organisation_is_reported(client: WebClient, slack: Slack) -> None:
    slack.org_wide = True
    received = the_wrong_one(checkup(client, Settings()))
    assert "the app is installed for a whole organisation, and Backstop serves one workspace" in received
    assert "install it in that workspace" in received


def test_a_care_contact_may_be_a_guest_and_may_not_have_left(client: WebClient, slack: Slack) -> None:
    slack.users["U0CORA"] = {**USERS["U0CORA"], "is_restricted": True}
    assert wrong(checkup(client, Settings(care_contact="U0CORA"))) == []
    slack.users["U0CORA"] = {**USERS["U0CORA"], "deleted": True}
    assert "cora is deactivated" in the_wrong_one(checkup(client, Settings(care_contact="U0CORA")))


def test_missing_scopes_are_named(client: WebClient, slack: Slack) -> None:
    slack.scopes = ", ".join(scope for scope in SCOPES if scope not in {"files:read", "im:write"})
    assert "not granted: files:read, im:write." in the_wrong_one(checkup(client, Settings()))


def test_a_server_that_does_not_name_the_scopes_is_reported(client: WebClient, slack: Slack) -> None:
    slack.scopes = None
    assert "Slack did not say which scopes the token has. Look at SLACK_API_URL" in the_wrong_one(
        checkup(client, Settings())
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_archived": True}, "#management is archived"),
        ({"is_member": False}, "the bot is not in #management"),
        ({"is_private": False}, "#management is public"),
        ({"is_ext_shared": True}, "#management is shared with another firm"),
    ],
)
def test_an_unfit_management_channel_is_reported(
    client: WebClient, slack: Slack, changes: dict[str, bool], words: str
) -> None:
    slack.channels["C0MANAGE"] = channel(**changes)
    assert words in the_wrong_one(checkup(client, Settings()))


def test_a_private_channel_without_the_bot_looks_to_it_like_none(client: WebClient, slack: Slack) -> None:
    slack.channels.clear()
    assert "/invite @Backstop" in the_wrong_one(checkup(client, Settings()))


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("deleted", "Priya Raman is deactivated"),
        ("is_bot", "is a bot"),
        ("is_restricted", "is a guest"),
        ("is_ultra_restricted", "is a guest"),
        ("is_stranger", "belongs to another workspace"),
    ],
)
def test_a_manager_who_could_not_decide_is_reported(client: WebClient, slack: Slack, flag: str, words: str) -> None:
    slack.users["U0PRIYA"] = {**USERS["U0PRIYA"], flag: True}
    assert words in the_wrong_one(checkup(client, Settings()))


def test_a_manager_whom_slack_does_not_know_is_reported(client: WebClient) -> None:
    assert "U0NOBODY: no such person" in the_wrong_one(checkup(client, Settings(managers=("U0NOBODY", "U0PRIYA"))))


def test_an_empty_and_a_missing_group_are_reported(client: WebClient, slack: Slack) -> None:
    slack.groups = {"S0EMPTY": []}
    found = wrong(checkup(client, Settings(managers=("S0EMPTY", "S0GONE", "U0PRIYA"))))
    assert ["nobody is in the user group" in found[0].what, "no such user group" in found[1].what] == [True, True]


def test_an_unknown_error_of_slacks_is_passed_on(client: WebClient, slack: Slack) -> None:
    slack.errors["users.info"] = "ekm_access_denied"
    assert "Slack says ekm_access_denied" in the_wrong_one(checkup(client, Settings()))


def test_a_server_that_is_not_slack_is_reported_as_unreachable(client: WebClient, slack: Slack) -> None:
    slack.broken = True
    assert "Slack cannot be reached" in the_wrong_one(checkup(client, Settings()))


def test_a_slack_that_does_not_answer_is_reported_as_unreachable() -> None:
    nowhere = WebClient("xoxb-1", base_url="http://127.0.0.1:1/api/", timeout=1, retry_handlers=[])
    assert "Slack cannot be reached" in the_wrong_one(checkup(nowhere, Settings()))
