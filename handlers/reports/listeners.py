"""What reps do: report, find the customer's name, take a report back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.rules.people import Person
from bot.usecases.context import Desk
from bot.usecases.customers.look_up import open_customer
from bot.usecases.reports.check_ins import answer_check_in
from bot.usecases.reports.report import report
from bot.usecases.reports.withdraw import withdraw
from handlers.blockkit.links import Quote
from handlers.errors import Forms
from handlers.parsing import people as parsing_people
from handlers.parsing.buttons import customer_click
from handlers.reports import parse as reports_parse
from handlers.reports import receipt as reports_receipt
from handlers.reports.form import report_form
from handlers.reports.parse import new_report, options_query, quoted, report_prefill
from handlers.shared.customer_field import customer_options

Body = dict[str, Any]
MOST_OPTIONS = 20


@dataclass(frozen=True, slots=True)
class Reporting:
    """The listeners of the report form. `met` is told who opened it, so that the loop reads who they are."""

    desk: Desk
    forms: Forms
    met: Callable[[Person], None]

    def command(self, ack: Ack, body: Body) -> None:
        """`/report-abuse [customer]`: open the form, before anything else."""
        self._open(body, typed=report_prefill(body))
        ack()

    def ask(self, ack: Ack, body: Body) -> None:
        """[Report a customer] in the App Home."""
        self._open(body)
        ack()

    def ask_about(self, ack: Ack, body: Body) -> None:
        """[Report them] where somebody has looked a customer up: the form with the name filled in."""
        by, number = customer_click(body)
        self._open(body, typed=open_customer(self.desk, by, number).customer.name)
        ack()

    def shortcut(self, ack: Ack, body: Body) -> None:
        """*Report customer* under a message: the form with the message quoted."""
        self._open(body, quote=quoted(body))
        ack()

    def options(self, ack: Ack, body: Body) -> None:
        """The customer's field while somebody types."""
        team, typed = options_query(body)
        with self.desk.read(team) as record:
            likely = record.customers.likely(typed, MOST_OPTIONS)
        ack(options=customer_options(likely, typed))

    def submit(self, ack: Ack, body: Body) -> BoltResponse:
        """The form was sent: record it, and say in its place what was recorded and what happens next."""
        receipt = report(self.desk, new_report(body, self.desk.clock()))
        return ack(response_action="update", view=reports_receipt.receipt(receipt, self.desk.policy))

    def withdraw(self, ack: Ack, body: Body) -> None:
        """[Withdraw] under one's own report; the message itself then says so."""
        withdraw(self.desk, reports_parse.withdraw(body))
        ack()

    def answer(self, ack: Ack, body: Body) -> None:
        """A button under the question how they are; the message itself then says what was answered."""
        answer_check_in(self.desk, reports_parse.answer_check_in(body))
        ack()

    def _open(self, body: Body, typed: str | None = None, quote: Quote | None = None) -> None:
        offers_care = self.desk.firm.care_contact is not None
        view = report_form(self.desk.policy, self.desk.clock(), offers_care=offers_care, typed=typed, quote=quote)
        person = parsing_people.person(body)
        self.forms.open(body, view)
        self.met(person)
