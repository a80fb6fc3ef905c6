"""What managers do to judge fairly: hear both sides, keep safeguards, look at disputed warnings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.rules.case_files import CaseFile
from bot.usecases.context import Desk
from bot.usecases.customers.safeguards import lift_safeguard, look_at_safeguards, set_safeguard
from bot.usecases.hearings.hear import hear_both_sides, look_before_hearing, look_to_take_over, take_hearing, take_over
from bot.usecases.hearings.outcome import look_before_outcome, record_outcome
from bot.usecases.objections.disputes import look_at_disputable, look_at_dispute, record_dispute, settle_dispute
from bot.usecases.shared.case_access import read_case
from handlers.blockkit.blocks import View
from handlers.customers import parse as customers_parse
from handlers.customers.safeguards import lift_form, safeguard_lifted, safeguard_set, set_form
from handlers.errors import Forms
from handlers.hearings import parse as hearings_parse
from handlers.hearings.views import hear_form, outcome_form, take_over_form
from handlers.objections import parse as objections_parse
from handlers.objections.dispute import dispute_form, disputed, settle_form, settled
from handlers.objections.parse import dispute_click
from handlers.parsing.buttons import case_click, chosen_from_menu
from handlers.parsing.reading import Malformed
from handlers.shared.confirmations import done
from handlers.warnings.letter import letter_view

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hearings:
    """The listeners of hearings."""

    desk: Desk
    forms: Forms

    def take(self, ack: Ack, body: Body) -> None:
        """[Take the hearing]: the notice itself then says whose it is."""
        take_hearing(self.desk, hearings_parse.take_hearing(body))
        ack()

    def ask_take_over(self, ack: Ack, body: Body) -> None:
        """[Take over]: why."""
        by, number, _ = case_click(body)
        self.forms.open(body, take_over_form(look_to_take_over(self.desk, by, number), self.desk.policy))
        ack()

    def ask_hear(self, ack: Ack, body: Body) -> None:
        """[Hear both sides]: who, and about what."""
        by, number, _ = case_click(body)
        file = look_before_hearing(self.desk, by, number)
        self.forms.open(body, hear_form(file, self.desk.policy, by.user))
        ack()

    def ask_outcome(self, ack: Ack, body: Body) -> None:
        """[Record the outcome]: what came out."""
        by, number, _ = case_click(body)
        self.forms.open(body, outcome_form(look_before_outcome(self.desk, by, number), self.desk.policy))
        ack()

    def take_over(self, ack: Ack, body: Body) -> BoltResponse:
        """Somebody takes a hearing over."""
        return _shown(ack, done(take_over(self.desk, hearings_parse.take_over(body))))

    def hear(self, ack: Ack, body: Body) -> BoltResponse:
        """Both sides are to be heard before a decision."""
        return _shown(ack, done(hear_both_sides(self.desk, hearings_parse.hear_both_sides(body))))

    def outcome(self, ack: Ack, body: Body) -> BoltResponse:
        """What came of a hearing."""
        return _shown(ack, done(record_outcome(self.desk, hearings_parse.record_outcome(body))))


@dataclass(frozen=True, slots=True)
class Safeguards:
    """The listeners of safeguards."""

    desk: Desk
    forms: Forms

    def ask_set(self, ack: Ack, body: Body) -> None:
        """[Set a safeguard]: which, and what is known."""
        self.forms.open(body, set_form(self._looked(body), self.desk.policy))
        ack()

    def ask_lift(self, ack: Ack, body: Body) -> None:
        """[Lift a safeguard]: which, and why."""
        self.forms.open(body, lift_form(self._looked(body), self.desk.policy))
        ack()

    def set(self, ack: Ack, body: Body) -> BoltResponse:
        """A safeguard was sent."""
        return _shown(ack, safeguard_set(set_safeguard(self.desk, customers_parse.set_safeguard(body))))

    def lift(self, ack: Ack, body: Body) -> BoltResponse:
        """A safeguard is no longer needed."""
        return _shown(ack, safeguard_lifted(lift_safeguard(self.desk, customers_parse.lift_safeguard(body))))

    def _looked(self, body: Body) -> CaseFile:
        by, number, _ = case_click(body)
        return look_at_safeguards(self.desk, by, number)


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands behind the three dots: each is what a button for it would be."""

    listeners: Mapping[str, Callable[[Ack, Body], None]]

    def choose(self, ack: Ack, body: Body) -> None:
        """Something was picked from the menu."""
        chosen = chosen_from_menu(body)
        if chosen not in self.listeners:
            raise Malformed("actions", 0, "selected_option", "value")
        self.listeners[chosen](ack, body)


@dataclass(frozen=True, slots=True)
class Letters:
    """The listeners of a warning's letter, and of what is disputed in it."""

    desk: Desk
    forms: Forms

    def read(self, ack: Ack, body: Body) -> None:
        """[Read the letter]: to read in full and to copy."""
        by, number, _ = case_click(body)
        self.forms.open(body, letter_view(read_case(self.desk, by, number)))
        ack()

    def ask_dispute(self, ack: Ack, body: Body) -> None:
        """[Record a dispute]: what is disputed."""
        by, number, _ = case_click(body)
        self.forms.open(body, dispute_form(look_at_disputable(self.desk, by, number)))
        ack()

    def ask_settle(self, ack: Ack, body: Body) -> None:
        """[Settle the dispute]: what becomes of the warning."""
        by, number = dispute_click(body)
        self.forms.open(body, settle_form(look_at_dispute(self.desk, by, number)))
        ack()

    def dispute(self, ack: Ack, body: Body) -> BoltResponse:
        """What a customer disputes."""
        return _shown(ack, disputed(record_dispute(self.desk, objections_parse.record_dispute(body))))

    def settle(self, ack: Ack, body: Body) -> BoltResponse:
        """What became of a disputed warning."""
        return _shown(ack, settled(settle_dispute(self.desk, objections_parse.settle_dispute(body))))


def _shown(ack: Ack, view: View) -> BoltResponse:
    return ack(response_action="update", view=view)
