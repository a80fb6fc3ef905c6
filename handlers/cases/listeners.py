"""What managers do with a case: read it, warn, drop or keep."""

from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.rules.case_files import CaseFile
from bot.rules.policy.verdicts import Rung
from bot.usecases.context import Desk
from bot.usecases.decisions.decide import drop, keep, look_before_drop
from bot.usecases.shared.case_access import look, read_case
from bot.usecases.shared.letters import draft_drop, draft_warning
from bot.usecases.warnings.warn import issue_warning, mark_delivered, not_now
from handlers.blockkit.blocks import View
from handlers.decisions import forms as decision_forms
from handlers.decisions import parse as decisions_parse
from handlers.decisions.approval import take_back_form
from handlers.errors import Forms
from handlers.parsing.buttons import case_click
from handlers.shared.confirmations import done
from handlers.shared.report_lines import reports_view
from handlers.warnings import forms as warning_forms
from handlers.warnings import parse as warnings_parse

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Managing:
    """The listeners of a case's buttons and forms. Each click is checked by the desk before its form opens."""

    desk: Desk
    forms: Forms

    def read(self, ack: Ack, body: Body) -> None:
        """[Read in full]: every report of the case, whole."""
        by, number, _ = case_click(body)
        self.forms.open(body, reports_view(read_case(self.desk, by, number), self.desk.policy))
        ack()

    def ask_drop(self, ack: Ack, body: Body) -> None:
        """[Approve drop]: the form, with the letter drafted; for who has approved, whether they take it back."""
        by, number, _ = case_click(body)
        case = look_before_drop(self.desk, by, number)
        given = next((each for each in case.approvals if each.by == by.user), None)
        self.forms.open(body, take_back_form(case, given) if given else self._drop_form(case))
        ack()

    def ask_keep(self, ack: Ack, body: Body) -> None:
        """[Keep customer]: the form."""
        case = self._looked(body, Rung.DECIDE)
        self.forms.open(body, decision_forms.keep_form(case, self.desk.policy, self.desk.today()))
        ack()

    def ask_warning(self, ack: Ack, body: Body) -> None:
        """[Issue warning]: the form, with the letter drafted."""
        case = self._looked(body, Rung.WARN)
        self.forms.open(body, warning_forms.warning_form(case, self.desk.policy, draft_warning(self.desk, case)))
        ack()

    def ask_delivered(self, ack: Ack, body: Body) -> None:
        """[Mark delivered]: how and when."""
        self.forms.open(body, warning_forms.delivered_form(self._looked(body, Rung.WARN), self.desk.clock()))
        ack()

    def ask_not_now(self, ack: Ack, body: Body) -> None:
        """[Not now]: why."""
        self.forms.open(body, warning_forms.not_now_form(self._looked(body, Rung.WARN)))
        ack()

    def drop(self, ack: Ack, body: Body) -> BoltResponse:
        """The drop form was sent."""
        return self._done(ack, drop(self.desk, decisions_parse.drop(body)))

    def keep(self, ack: Ack, body: Body) -> BoltResponse:
        """The keep form was sent."""
        return self._done(ack, keep(self.desk, decisions_parse.keep(body)))

    def warn(self, ack: Ack, body: Body) -> BoltResponse:
        """The warning's letter was sent."""
        return self._done(ack, issue_warning(self.desk, warnings_parse.issue_warning(body)))

    def delivered(self, ack: Ack, body: Body) -> BoltResponse:
        """How and when the warning was delivered."""
        return self._done(ack, mark_delivered(self.desk, warnings_parse.mark_delivered(body, self.desk.clock())))

    def not_now(self, ack: Ack, body: Body) -> BoltResponse:
        """Why there is no warning this time."""
        return self._done(ack, not_now(self.desk, warnings_parse.not_now(body)))

    def _drop_form(self, case: CaseFile) -> View:
        return decision_forms.drop_form(case, self.desk.policy, draft_drop(self.desk, case), self.desk.today())

    def _looked(self, body: Body, rung: Rung) -> CaseFile:
        by, number, _ = case_click(body)
        return look(self.desk, by, number, rung)

    def _done(self, ack: Ack, case: CaseFile) -> BoltResponse:
        return ack(response_action="update", view=done(case))
