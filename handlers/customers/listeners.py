"""What managers change about a customer. Each form stands in the customer's place, and the customer in its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.rules.customer_cards import CustomerFile
from bot.usecases.context import Desk
from bot.usecases.customers.edit import describe, guard, look_at_customer, unguard
from bot.usecases.customers.merge import merge, undo_merge
from handlers.blockkit.blocks import View
from handlers.customers import parse as read
from handlers.customers.card import customer_view
from handlers.customers.forms import describe_form, guard_form, merge_form, unguard_form
from handlers.errors import Forms
from handlers.parsing.buttons import customer_click

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keeping:
    """The listeners of the buttons under a customer, and of the forms behind them."""

    desk: Desk
    forms: Forms

    def ask_describe(self, ack: Ack, body: Body) -> None:
        """[Edit]: the name, the owner, the value."""
        self._ask(ack, body, describe_form)

    def ask_guard(self, ack: Ack, body: Body) -> None:
        """[Set a safeguard]: which, and what is known."""
        self._ask(ack, body, lambda file: guard_form(file, self.desk.policy))

    def ask_unguard(self, ack: Ack, body: Body) -> None:
        """[Lift a safeguard]: which, and why."""
        self._ask(ack, body, lambda file: unguard_form(file, self.desk.policy))

    def ask_merge(self, ack: Ack, body: Body) -> None:
        """[Merge a duplicate]: which?"""
        self._ask(ack, body, merge_form)

    def describe(self, ack: Ack, body: Body) -> BoltResponse:
        """The form about the customer was sent."""
        return self._done(ack, describe(self.desk, read.describe(body)))

    def guard(self, ack: Ack, body: Body) -> BoltResponse:
        """A safeguard was sent."""
        return self._done(ack, guard(self.desk, read.guard(body)))

    def unguard(self, ack: Ack, body: Body) -> BoltResponse:
        """A safeguard is no longer needed."""
        return self._done(ack, unguard(self.desk, read.unguard(body)))

    def merge(self, ack: Ack, body: Body) -> BoltResponse:
        """Which record is the duplicate."""
        return self._done(ack, merge(self.desk, read.merge(body)))

    def undo_merge(self, ack: Ack, body: Body) -> None:
        """[Undo] beside a merger."""
        self.forms.replace(body, self._view(undo_merge(self.desk, read.undo_merge(body))))
        ack()

    def _ask(self, ack: Ack, body: Body, form: Callable[[CustomerFile], View]) -> None:
        self.forms.replace(body, form(look_at_customer(self.desk, *customer_click(body))))
        ack()

    def _done(self, ack: Ack, file: CustomerFile) -> BoltResponse:
        return ack(response_action="update", view=self._view(file))

    def _view(self, file: CustomerFile) -> View:
        return customer_view(file, self.desk.policy, self.desk.clock(), done=True)
