"""Before anything opens for somebody who is not known yet, their profile is read from Slack, if there is time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from handlers.dispatcher import PROFILE_PATIENCE, Asks
from handlers.names import ActionId, CallbackId, Command, Event, Shortcut
from tests.builders import TEAM, FrozenClock, a_context, a_profile, reported
from tests.handlers.direct import app_of, noting_slack, over_socket, request
from tests.handlers.view_limits import texts

if TYPE_CHECKING:
    from bot.rules.people import Person
    from storage.database import Database

OPENINGS: Final = {
    Command.REPORT: CallbackId.REPORT_FORM,
    **dict.fromkeys((Shortcut.REPORT, Shortcut.REPORT_FROM_ANYWHERE), CallbackId.REPORT_FORM),
    ActionId.HOME_REPORT: CallbackId.REPORT_FORM,
    Command.CUSTOMER: CallbackId.LOOK_UP_FORM,
    ActionId.HOME_LOOK_UP: CallbackId.LOOK_UP_FORM,
}
GUESTS, TRY_AGAIN = "Guests of this workspace can't do this", "I do not know yet whether you are a member"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("says", ["nothing", "a member", "a guest"])
def test_who_may_not_hears_it_before_a_form_opens_and_only_a_strangers_first_request_waits(
    database: Database, says: str
) -> None:
    context = a_context(database, FrozenClock())
    reported(context)
    waits: list[float] = []

    def read_profile(person: Person, patience: float) -> None:
        waits.append(patience)
        if says != "nothing":
            with context.begin(TEAM) as tx:
                tx.people.save_profiles([a_profile(person.user, context.clock(), guest=says == "a guest")])

    with noting_slack() as slack:
        app = app_of(context, slack, Asks(lambda: TEAM, read_profile))
        for number, (name, form) in enumerate(OPENINGS.items()):
            for _ in range(2):
                assert over_socket(app, request(name, f"U0NEW{number}"))[0] == 200
            for view in slack.taken():
                may = says == "a member" or (says == "nothing" and form is CallbackId.REPORT_FORM)
                assert view["callback_id"] == (form if may else CallbackId.NOTE), name
                assert may or {"nothing": TRY_AGAIN, "a guest": GUESTS}[says] in " ".join(texts(view))
            assert waits == [PROFILE_PATIENCE, PROFILE_PATIENCE if says == "nothing" else 0.0], name
            waits.clear()
        assert over_socket(app, request(Event.HOME_OPENED, "U0NEWEST"))[0] == 200
        assert waits == [0.0]
