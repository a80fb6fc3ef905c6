"""What managers do with a case: read it, warn, drop or keep."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.desk.acting import look, read_case
from bot.desk.decide import drop, keep, look_before_drop
from bot.desk.desk import Desk
from bot.desk.drafts import draft_drop, draft_warning
from bot.desk.warn import issue_warning, mark_delivered, not_now
from bot.rules.files import CaseFile
from bot.rules.values import Rung
from handlers import payloads
from handlers.edge import Forms
from handlers.views import forms
from handlers.views.aside import take_back_form
from handlers.views.blocks import View
from handlers.views.outcomes import done
from handlers.views.reports import reports_view

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Managing:
    """The listeners of a case's buttons and forms. Each click is checked by the desk before its form opens."""

    desk: Desk
    forms: Forms

    def read(self, ack: Ack, body: Body) -> None:
        """[Read in full]: every report of the case, whole."""
        by, number, _ = payloads.case_click(body)
        self.forms.open(body, reports_view(read_case(self.desk, by, number), self.desk.policy))
        ack()

    def ask_drop(self, ack: Ack, body: Body) -> None:
        """[Approve drop]: the form, with the letter drafted; for who has approved, whether they take it back."""
        by, number, _ = payloads.case_click(body)
        case = look_before_drop(self.desk, by, number)
        given = next((each for each in case.approvals if each.by == by.user), None)
        self.forms.open(body, take_back_form(case, given) if given else self._drop_form(case))
        ack()

    def ask_keep(self, ack: Ack, body: Body) -> None:
        """[Keep customer]: the form."""
        case = self._looked(body, Rung.DECIDE)
        self.forms.open(body, forms.keep_form(case, self.desk.policy, self.desk.today()))
        ack()

    def ask_warning(self, ack: Ack, body: Body) -> None:
        """[Issue warning]: the form, with the letter drafted."""
        case = self._looked(body, Rung.WARN)
        self.forms.open(body, forms.warning_form(case, self.desk.policy, draft_warning(self.desk, case)))
        ack()

    def ask_delivered(self, ack: Ack, body: Body) -> None:
        """[Mark delivered]: how and when."""
        self.forms.open(body, forms.delivered_form(self._looked(body, Rung.WARN), self.desk.clock()))
        ack()

    def ask_not_now(self, ack: Ack, body: Body) -> None:
        """[Not now]: why."""
        self.forms.open(body, forms.not_now_form(self._looked(body, Rung.WARN)))
        ack()

    def drop(self, ack: Ack, body: Body) -> BoltResponse:
        """The drop form was sent."""
        return self._done(ack, drop(self.desk, payloads.drop(body)))

    def keep(self, ack: Ack, body: Body) -> BoltResponse:
        """The keep form was sent."""
        return self._done(ack, keep(self.desk, payloads.keep(body)))

    def warn(self, ack: Ack, body: Body) -> BoltResponse:
        """The warning's letter was sent."""
        return self._done(ack, issue_warning(self.desk, payloads.issue_warning(body)))

    def delivered(self, ack: Ack, body: Body) -> BoltResponse:
        """How and when the warning was delivered."""
        return self._done(ack, mark_delivered(self.desk, payloads.mark_delivered(body, self.desk.clock())))

    def not_now(self, ack: Ack, body: Body) -> BoltResponse:
        """Why there is no warning this time."""
        return self._done(ack, not_now(self.desk, payloads.not_now(body)))

    def _drop_form(self, case: CaseFile) -> View:
        return forms.drop_form(case, self.desk.policy, draft_drop(self.desk, case), self.desk.today())

    def _looked(self, body: Body, rung: Rung) -> CaseFile:
        by, number, _ = payloads.case_click(body)
        return look(self.desk, by, number, rung)

    def _done(self, ack: Ack, case: CaseFile) -> BoltResponse:
        return ack(response_action="update", view=done(case))
