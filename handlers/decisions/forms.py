"""The forms of a decision: dropping and keeping a customer, and taking back an approval."""

from datetime import date, timedelta
from typing import Final

from bot.language import _
from bot.rules.business_time import add_months
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.decisions import Approval, Decision
from bot.rules.policy.policy import Policy
from bot.usecases.context import Context
from bot.usecases.shared.letters import draft_drop
from handlers.blockkit.blocks import (
    Element,
    View,
    checkboxes,
    date_input,
    field,
    option,
    paragraph,
    plain_text,
    rich,
    select,
    text_input,
)
from handlers.button_values import CaseClick
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.shared.case_header import case_form, case_summary, customer_and_case
from handlers.shared.confirmations import confirmation, recorded_view
from handlers.shared.deadline_lines import first_approval

WHY: Final = _("Why?")
APPROVAL_WAITS: Final = _(
    "Your approval waits for another manager's. To keep the customer instead, close this and press Keep customer."
)
LONGEST_APPROVAL: Final = 1_000  # characters of an approval's rationale
WHY_DROP: Final = _("What decided it, and what was tried before. The reps read this.")
CONSIDERED_HINT: Final = _(
    "Illness, disability, language, a crisis: could it explain the conduct, and would help mend it?"
)
THE_LETTER: Final = _("The letter to the customer")
DROP_LETTER_HINT: Final = _("Edit it as you see fit. You send it yourself.")
CONDITIONS_HINT: Final = _("Reps see these before they pick up the phone.")
REVIEW_HINT: Final = _("The decision lapses on this day unless it is renewed.")


def drop_form(file: CaseFile, policy: Policy, letter: str, today: date) -> View:
    """*Approve drop*, filled in with what the first manager has approved, if one has.

    `letter`: the draft. `today`: the firm's calendar day.
    """
    given = file.approvals[0].drop if file.approvals else None
    submit = _("Approve drop") if policy.approvals_to_drop > 1 else _("Drop customer")
    effective_on = (given and given.effective_on) or today + timedelta(days=policy.notice_days)
    review = given.review_on if given else add_months(today, policy.review_after_months)
    considered = checkboxes([option(_("I have considered the safeguards"), OptionValue.CONSIDERED)])
    return case_form(
        file,
        (CallbackId.DROP_FORM, _("Approve drop"), submit),
        case_summary(file, policy),
        *([first_approval(file.approvals[0], LONGEST_APPROVAL)] if given else []),
        field(BlockId.RATIONALE, WHY, text_input(placeholder=WHY_DROP)),
        field(BlockId.REASON_CLASS, _("Reason class"), _classes(policy, given)),
        field(BlockId.EFFECTIVE_ON, _("Takes effect"), date_input(max(today, effective_on))),
        # Translators: the day of the review.
        field(BlockId.REVIEW_ON, _("Review"), date_input(review), hint=REVIEW_HINT),
        field(BlockId.SAFEGUARDS, _("Safeguards"), considered, hint=CONSIDERED_HINT),
        field(BlockId.LETTER, THE_LETTER, text_input((given and given.letter) or letter), hint=DROP_LETTER_HINT),
    )


def keep_form(file: CaseFile, policy: Policy, today: date) -> View:
    """*Keep customer*. `today`: the firm's calendar day."""
    review = add_months(today, policy.review_after_months)
    conditions = checkboxes([option(each.name, key, each.words) for key, each in policy.conditions.items()])
    return case_form(
        file,
        (CallbackId.KEEP_FORM, _("Keep customer"), _("Keep customer")),
        case_summary(file, policy),
        field(BlockId.RATIONALE, WHY, text_input(placeholder=_("What speaks for keeping them. The reps read this."))),
        field(BlockId.CONDITIONS, _("Conditions"), conditions, hint=CONDITIONS_HINT, optional=True),
        field(BlockId.REVIEW_ON, _("Review"), date_input(review), hint=REVIEW_HINT),
    )


def take_back_form(file: CaseFile, given: Approval) -> View:
    """*Approve drop* by somebody who has approved already."""
    return case_form(
        file,
        (CallbackId.TAKE_BACK_FORM, _("Your approval"), _("Take it back")),
        rich(customer_and_case(file)),
        first_approval(given, LONGEST_APPROVAL),
        paragraph(APPROVAL_WAITS),
    )


def approval_taken_back(file: RecordedCase) -> View:
    """After *Take it back*."""
    if not file.case.is_open:  # the form was sent again later
        return recorded_view(file)
    return confirmation(file.customer, _("{customer}. Your approval counts no longer. The case stays open."))


def _classes(policy: Policy, given: Decision | None) -> Element:
    classes = {key: option(name, key) for key, name in policy.reason_classes.items()}
    initial = classes.get(given.reason_class) if given and given.reason_class else None
    return select(list(classes.values()), initial) | {"placeholder": plain_text(_("Pick the closest"))}


def drop_or_take_back(case: CaseFile, context: Context, click: CaseClick) -> View:
    """*Approve drop*: the form of a drop with the letter drafted, or the form that takes one's own approval back."""
    given = next((each for each in case.approvals if each.by == click.by.user), None)
    if given:
        return take_back_form(case, given)
    return drop_form(case, context.policy, draft_drop(context, case), context.today())
