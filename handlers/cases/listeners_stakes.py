"""What managers do about their own part in a case: step aside, or take back an approval."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.usecases.cases.recuse import look_to_recuse, recuse
from bot.usecases.context import Desk
from bot.usecases.decisions.approvals import take_back
from handlers.cases import parse as cases_parse
from handlers.cases import recusal as aside
from handlers.decisions import parse as decisions_parse
from handlers.decisions.approval import taken_back
from handlers.errors import Forms
from handlers.parsing.buttons import case_click

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stakes:
    """The listeners of [Recuse me], and of the form that stands behind a second press of [Approve drop]."""

    desk: Desk
    forms: Forms

    def ask(self, ack: Ack, body: Body) -> None:
        """[Recuse me]: the form, with room for a reason."""
        by, number, _ = case_click(body)
        self.forms.open(body, aside.recuse_form(look_to_recuse(self.desk, by, number)))
        ack()

    def recuse(self, ack: Ack, body: Body) -> BoltResponse:
        """Somebody steps aside."""
        return ack(response_action="update", view=aside.recused(recuse(self.desk, cases_parse.recuse(body))))

    def take_back(self, ack: Ack, body: Body) -> BoltResponse:
        """Somebody takes their approval back."""
        return ack(
            response_action="update",
            view=taken_back(take_back(self.desk, decisions_parse.take_back(body))),
        )
