"""What people look at: the App Home, lists and their pages, a customer before the call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.rules.customer_cards import CustomerFile
from bot.rules.people import Person
from bot.usecases.context import Desk
from bot.usecases.customers.look_up import look_up, open_customer, timeline
from bot.usecases.home.home import awaiting_me, customers_standing, my_reports, open_home
from handlers import ids
from handlers.blockkit.blocks import View
from handlers.customers import parse as read
from handlers.customers.card import customer_view, look_up_form, not_found
from handlers.customers.timeline import timeline_view
from handlers.errors import Forms
from handlers.home.lists import my_reports_view, queue_view, standing_view
from handlers.parsing.buttons import customer_click
from handlers.parsing.people import home_visitor
from handlers.reports.parse import options_query
from handlers.shared.customer_field import found_options

Body = dict[str, Any]
MOST_OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Looking:
    """The listeners of all that is only looked at. `met` is told who looks, so that the loop reads who they are."""

    desk: Desk
    forms: Forms
    met: Callable[[Person], None]

    def home(self, body: Body) -> None:
        """Somebody opened the app: its Home shows the newest state at once."""
        by = home_visitor(body)
        open_home(self.desk, by)
        self.met(by)

    def command(self, ack: Ack, body: Body) -> None:
        """`/customer NAME`: the customer, a choice, or the nearest names; alone, how it is used."""
        by, typed = read.customer_named(body)
        self.forms.open(body, self._found(by, typed) if typed else look_up_form(hint=True))
        self.met(by)
        ack()

    def ask(self, ack: Ack, body: Body) -> None:
        """[Look up a customer]: which?"""
        self.forms.open(body, look_up_form(hint=True))
        ack()

    def options(self, ack: Ack, body: Body) -> None:
        """The field in which a customer on record is looked for."""
        team, typed = options_query(body)
        with self.desk.read(team) as record:
            likely = record.customers.likely(typed, MOST_OPTIONS)
        ack(options=found_options(likely))

    def find(self, ack: Ack, body: Body) -> BoltResponse:
        """The look-up form was sent: the customer in its place."""
        return ack(response_action="update", view=self._view(open_customer(self.desk, *read.customer_found(body))))

    def open(self, ack: Ack, body: Body) -> None:
        """[Open] beside a customer."""
        self.forms.open(body, self._view(open_customer(self.desk, *customer_click(body))))
        ack()

    def list(self, ack: Ack, body: Body) -> None:
        """A button that opens a list."""
        self.forms.open(body, self._list(body))
        ack()

    def turn(self, ack: Ack, body: Body) -> None:
        """[More], [Back]: another page in the same place."""
        self.forms.replace(body, self._list(body))
        ack()

    def _view(self, file: CustomerFile) -> View:
        return customer_view(file, self.desk.policy, self.desk.clock())

    def _found(self, by: Person, typed: str) -> View:
        found = look_up(self.desk, by, typed)
        return self._view(found) if isinstance(found, CustomerFile) else not_found(found)

    def _list(self, body: Body) -> View:
        asked, now = read.list_page(body), self.desk.clock()
        if asked.what == ids.TIMELINE:
            return timeline_view(timeline(self.desk, asked.by, asked.customer, asked.page), self.desk.policy)
        if asked.what == ids.STANDING:
            return standing_view(customers_standing(self.desk, asked.by, asked.standing, asked.page), asked.standing)
        if asked.what == ids.QUEUE:
            return queue_view(awaiting_me(self.desk, asked.by, asked.page), now)
        return my_reports_view(my_reports(self.desk, asked.by, asked.page), self.desk.policy, now)
