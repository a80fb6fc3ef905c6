"""What managers do about their own part in a case: step aside, or take back an approval."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.desk.approvals import take_back
from bot.desk.desk import Desk
from bot.desk.recuse import look_to_recuse, recuse
from handlers import payloads
from handlers.edge import Forms
from handlers.views import aside

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stakes:
    """The listeners of [Recuse me], and of the form that stands behind a second press of [Approve drop]."""

    desk: Desk
    forms: Forms

    def ask(self, ack: Ack, body: Body) -> None:
        """[Recuse me]: the form, with room for a reason."""
        by, number, _ = payloads.case_click(body)
        self.forms.open(body, aside.recuse_form(look_to_recuse(self.desk, by, number)))
        ack()

    def recuse(self, ack: Ack, body: Body) -> BoltResponse:
        """Somebody steps aside."""
        return ack(response_action="update", view=aside.recused(recuse(self.desk, payloads.recuse(body))))

    def take_back(self, ack: Ack, body: Body) -> BoltResponse:
        """Somebody takes their approval back."""
        return ack(response_action="update", view=aside.taken_back(take_back(self.desk, payloads.take_back(body))))
