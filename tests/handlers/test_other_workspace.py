"""A request for another workspace than the token's is refused before anything opens or is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from sqlalchemy import select

from handlers.dispatcher import Asks
from handlers.entry_points import ENTRY_POINTS
from handlers.names import ActionId, CallbackId, Command, Event
from handlers.parsing.people import sender, workspace
from handlers.rows_by_value import ROWS_BY_VALUE
from storage.tables.columns import metadata
from tests.builders import TEAM, FrozenClock, a_context
from tests.handlers import payload_samples as sample
from tests.handlers.direct import app_of, noting_slack, over_http, over_socket, request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handlers.concurrency import LimitedApp
    from storage.database import Database
    from tests.handlers.direct import Json, NotingSlack

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER: Final = {"id": "T0OTHER", "domain": "other"}
NAMES: Final = [row.name for row in ENTRY_POINTS] + [name for name in ROWS_BY_VALUE if isinstance(name, ActionId)]
BELONGS: Final = "This Backstop belongs to another workspace"
GRID: Final = {"id": "E0ORG", "name": "Org"}


@pytest.fixture(scope="module")
def slack() -> Iterator[NotingSlack]:
    with noting_slack() as slack:
        yield slack


@pytest.fixture
def app(database: Database, slack: NotingSlack) -> LimitedApp:
    return app_of(a_context(database, FrozenClock()), slack)


def everything(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        return [list(connection.execute(select(table))) for table in metadata.sorted_tables]


def elsewhere(body: Json) -> Json:
    """The same request in another workspace in which the app is installed too."""
    moved = body | ({"team": OTHER} if "team" in body else {"team_id": OTHER["id"]})
    return moved | {"view": body["view"] | {"app_installed_team_id": OTHER["id"]}} if "view" in body else moved


def org_wide(body: Json) -> Json:
    """The same request from an app that is installed for a whole organisation: no workspace is named."""
    moved = body | ({"team": None} if "team" in body else {"team_id": None}) | {"enterprise": GRID}
    view = {"app_installed_team_id": None, "team_id": None}
    return moved | {"view": body["view"] | view, "is_enterprise_install": True} if "view" in body else moved


def refused(name: object, status: int, answer: Json) -> bool:
    match name:
        case CallbackId():
            return BELONGS in str(answer["view"]) and answer["response_action"] == "update"
        case Command():
            return status == 200 and answer["text"].startswith(BELONGS)
        case Event():
            return (status, answer) == (200, {})
        case _:
            return (status, answer) == (403, {}) or answer == {"options": []}


@on_sqlite
@pytest.mark.parametrize("moved", [elsewhere, org_wide])
@pytest.mark.parametrize("send", [over_http, over_socket])
def test_no_way_in_opens_or_records_anything_for_another_workspace(
    database: Database,
    app: LimitedApp,
    slack: NotingSlack,
    send: Callable[[LimitedApp, Json], tuple[int, Json]],
    moved: Callable[[Json], Json],
) -> None:
    slack.taken()
    before = everything(database)
    for name in NAMES:
        body = moved(request(name, "U0PRIYA", "case:1:1"))
        if send is over_http and "command" in body:
            body = {key: value for key, value in body.items() if value is not None and key != "enterprise"}
        assert refused(name, *send(app, body)), name
    assert slack.calls == []
    assert everything(database) == before


@on_sqlite
def test_the_same_requests_of_our_workspace_are_not_refused_for_that(app: LimitedApp) -> None:
    for name in NAMES:
        status, answer = over_socket(app, request(name, "U0PRIYA", "case:1:1"))
        assert BELONGS not in str(answer), name
        assert status != 403, name


@on_sqlite
def test_until_slack_has_said_which_workspace_is_ours_nothing_is_done_and_a_form_stays(
    database: Database, slack: NotingSlack
) -> None:
    slack.taken()
    app = app_of(a_context(database, FrozenClock()), slack, Asks(lambda: "", lambda *_: None))
    before = everything(database)
    for name in NAMES:
        body = request(name, "U0PRIYA", "case:1:1")
        if isinstance(name, CallbackId):
            body["view"]["blocks"] = [{"type": "input", "block_id": "why"}]
            assert "not ready yet" in over_socket(app, body)[1]["errors"]["why"], name
        elif isinstance(name, Command):
            assert "not ready yet" in over_socket(app, body)[1]["text"], name
        else:
            assert over_socket(app, body) in ((500, {}), (200, {"options": []})), name
    assert slack.calls == []
    assert everything(database) == before


def test_the_view_says_for_which_workspace_a_form_is_and_the_sender_is_an_outsider() -> None:
    """As Slack sends it when somebody of another firm sends a form that was opened in a shared channel."""
    body = sample.submission("drop_form", "case:12:3", {"id": "U0OLEK"}) | {"team": OTHER}
    assert workspace(body) == TEAM
    assert (sender(body).team, sender(body).home_team, sender(body).is_from_elsewhere) == (TEAM, "T0OTHER", True)


def test_a_click_on_our_message_in_a_shared_channel_is_for_our_workspace_and_by_an_outsider() -> None:
    """As in slackapi/java-slack-sdk#1041: `team` is the workspace of the app that posted the message."""
    body = request(ActionId.APPROVE_DROP, "U0OLEK", "case:12:3", home="T0OTHER")
    assert workspace(body) == TEAM
    assert sender(body).is_from_elsewhere


@pytest.mark.parametrize("team", [None, 7, [], {}, {"id": None}, {"id": 7}, "T0FIRM"])
def test_a_workspace_of_no_known_shape_is_no_workspace(team: object) -> None:
    body = request(ActionId.APPROVE_DROP) | {"team": team}
    assert workspace(body) == ""
