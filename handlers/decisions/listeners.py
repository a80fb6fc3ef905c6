"""What [Approve drop] opens."""

from bot.rules.case_files import CaseFile
from bot.usecases.context import Context
from bot.usecases.shared.letters import draft_drop
from handlers.blockkit.blocks import View
from handlers.button_values import CaseClick
from handlers.decisions.approval import take_back_form
from handlers.decisions.forms import drop_form


def drop_or_take_back(case: CaseFile, context: Context, click: CaseClick) -> View:
    """The form of a drop with the letter drafted; for who has approved it already, whether they take that back."""
    given = next((each for each in case.approvals if each.by == click.by.user), None)
    if given:
        return take_back_form(case, given)
    return drop_form(case, context.policy, draft_drop(context, case), context.today())
