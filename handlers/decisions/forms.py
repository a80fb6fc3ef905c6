"""The forms of a decision: dropping and keeping a customer, and taking back an approval."""

from datetime import date, timedelta
from typing import Final

from bot.language import _
from bot.rules.business_time import add_months
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.decisions import Approval, Choice, Decision
from bot.rules.objections import Terms
from bot.rules.policy.policy import Policy
from bot.usecases.context import Context
from bot.usecases.decisions.decide import Drop, Keep
from bot.usecases.shared.letters import Drafted
from handlers.blockkit.blocks import (
    MOST_BOXES,
    Element,
    Inline,
    View,
    bold,
    checkboxes,
    date_input,
    field,
    filled,
    joined,
    line,
    option,
    paragraph,
    person,
    plain_text,
    radio_buttons,
    rich,
    select,
    text_input,
)
from handlers.blockkit.text import day
from handlers.button_values import CaseClick
from handlers.decisions.parse import Ticked
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.shared.case_header import about, case_form, customer_and_case
from handlers.shared.conditions import condition_fields
from handlers.shared.confirmations import confirmation, recorded_view
from handlers.shared.deadline_lines import approval
from handlers.shared.labels import name_of
from handlers.shared.letter_form import NEXT, Carried, letter_form, rationale_again
from handlers.shared.report_lines import to_quote_from

WHY: Final = _("Why?")
KEEP: Final = _("Keep customer")
APPROVAL_WAITS: Final = _(
    "Another manager has to approve this as well. To keep the customer instead, close this and press Keep customer."
)
LONGEST_APPROVALS: Final = 1_000  # characters of the rationales of the approvals given so far
WHY_DROP: Final = _("Why you drop them, and what was tried before. The reps read this.")
CONSIDERED_HINT: Final = _("Could illness, disability, language or a crisis be the reason? Could we help?")
DROP_ON: Final = _("Drop {customer} from {day}, until the review on {review}.")
OTHER_TERMS: Final = _(
    "{by} approved other dates or another reason. If you send this, that approval ends, and another manager has to "
    "approve yours."
)
SEVERAL_OTHER_TERMS: Final = _(
    "{people} approved other dates or another reason. If you send this, their approvals end and yours waits for others."
)
SAME_LETTER: Final = _("{by} approved the same, with this letter. If you change it, your letter is the one to send.")
REDATED: Final = _(
    "{by} approved the same on an earlier day. This is their letter with today's dates: please check them."
)
KEEP_ON: Final = _("Keep {customer} on conditions, until the review on {review}.")
CONDITIONS_HINT: Final = _("Reps see these before they pick up the phone. The letter to the customer comes next.")
REVIEW_HINT: Final = _("The decision ends on this day unless a manager renews it.")


def drop_form(file: CaseFile, policy: Policy, today: date) -> View:
    """*Approve drop*, filled in with what others have approved, if anybody has.

    `today`: the firm's calendar day.
    """
    given, most = (
        (file.approvals[-1].drop if file.approvals else None),
        LONGEST_APPROVALS // max(len(file.approvals), 1),
    )
    effective_on = (given and given.effective_on) or today + timedelta(days=policy.notice_days)
    review = given.review_on if given else add_months(today, policy.review_after_months)
    considered = checkboxes([option(_("I have considered the safeguards"), OptionValue.CONSIDERED)])
    return case_form(
        file,
        (CallbackId.DROP_FORM, _("Approve drop"), NEXT),
        about(file, policy),
        *(approval(each, most) for each in file.approvals),
        field(BlockId.RATIONALE, WHY, text_input(placeholder=WHY_DROP)),
        field(BlockId.REASON_CLASS, _("Reason"), _classes(policy, given)),
        field(BlockId.EFFECTIVE_ON, _("Takes effect"), date_input(max(today, effective_on))),
        # Translators: the day of the review.
        field(BlockId.REVIEW_ON, _("Review"), date_input(review), hint=REVIEW_HINT),
        field(BlockId.SAFEGUARDS, _("Safeguards"), considered, hint=CONSIDERED_HINT),
    )


def drop_letter_form(drafted: Drafted[Drop], policy: Policy) -> View:
    """The second step of *Approve drop*."""
    file, drop = drafted.file, drafted.command
    submit = _("Approve drop") if policy.approvals_to_drop > 1 else _("Drop customer")
    name = bold(name_of(file.customer))
    said = filled(DROP_ON, customer=name, day=day(drop.effective_on), review=day(drop.review_on))
    return letter_form(
        policy,
        (CallbackId.DROP_LETTER_FORM, submit),
        Carried(drop.case, drop.version, Terms(Choice.DROP, drop.review_on, drop.effective_on), drop.reason_class),
        drafted.letter,
        rich(line(*said), *([line(*_beside(drafted))] if file.approvals else [])),
        [rationale_again(WHY, drop.rationale)],
        [] if any(each.drop.letter == drafted.letter for each in file.approvals[-1:]) else to_quote_from(file, policy),
    )


def _beside(drafted: Drafted[Drop]) -> list[Inline]:
    """How what is about to be sent differs from what other managers approved."""
    drop, approvals = drafted.command, drafted.file.approvals
    given = approvals[-1]
    if not given.is_for(drop.effective_on, drop.review_on, drop.reason_class):
        if len(approvals) == 1:
            return filled(OTHER_TERMS, by=person(given.by))
        return filled(SEVERAL_OTHER_TERMS, people=joined([person(each.by)] for each in approvals))
    return filled(SAME_LETTER if given.drop.letter == drafted.letter else REDATED, by=person(given.by))


def keep_letter_form(drafted: RecordedCase | Drafted[Keep], policy: Policy) -> View:
    """The second step of *Keep customer* where there are conditions; else what is on record now."""
    if isinstance(drafted, RecordedCase):
        return recorded_view(drafted)
    file, keep = drafted.file, drafted.command
    said = filled(KEEP_ON, customer=bold(name_of(file.customer)), review=day(keep.review_on))
    return letter_form(
        policy,
        (CallbackId.KEEP_LETTER_FORM, KEEP),
        Carried(keep.case, keep.version, Terms(Choice.KEEP, keep.review_on, None, keep.conditions, keep.details)),
        drafted.letter,
        paragraph(*said),
        [rationale_again(WHY, keep.rationale)],
        to_quote_from(file, policy),
    )


def keep_form(file: CaseFile, policy: Policy, today: date) -> View:
    """*Keep customer*. `today`: the firm's calendar day."""
    review = add_months(today, policy.review_after_months)
    boxes, *asked = condition_fields(policy, hint=CONDITIONS_HINT)
    return case_form(
        file,
        (CallbackId.KEEP_FORM, KEEP, KEEP),
        about(file, policy),
        field(BlockId.RATIONALE, WHY, text_input(placeholder=_("Why you keep them. The reps read this."))),
        boxes | {"dispatch_action": True},
        *asked,
        field(BlockId.REVIEW_ON, _("Review"), date_input(review), hint=REVIEW_HINT),
    )


def keep_form_again(ticked: Ticked) -> View:
    """*Keep customer* once a condition is ticked, or none is any more: the button says which step comes next."""
    return ticked.form | {"submit": plain_text(NEXT if ticked.any else KEEP)}


def take_back_form(file: CaseFile, given: Approval) -> View:
    """*Approve drop* by somebody who has approved already."""
    return case_form(
        file,
        (CallbackId.TAKE_BACK_FORM, _("Your approval"), _("Take it back")),
        rich(customer_and_case(file)),
        approval(given, LONGEST_APPROVALS),
        paragraph(APPROVAL_WAITS),
    )


def approval_taken_back(file: RecordedCase) -> View:
    """After *Take it back*."""
    if not file.case.is_open:  # the form was sent again later
        return recorded_view(file)
    return confirmation(file.customer, _("{customer}: you have taken your approval back. The case stays open."))


def _classes(policy: Policy, given: Decision | None) -> Element:
    """One touch, as long as there are not too many of them."""
    classes = {key: option(name, key) for key, name in policy.reason_classes.items()}
    initial = classes.get(given.reason_class) if given and given.reason_class else None
    if len(classes) > MOST_BOXES:
        return select(list(classes.values()), initial) | {"placeholder": plain_text(_("Pick the closest"))}
    return radio_buttons(list(classes.values())) | ({"initial_option": initial} if initial else {})


def drop_or_take_back(case: CaseFile, context: Context, click: CaseClick) -> View:
    """*Approve drop*: the form of a drop, or the form that takes one's own approval back."""
    given = next((each for each in case.approvals if each.by == click.by.user), None)
    if given:
        return take_back_form(case, given)
    return drop_form(case, context.policy, context.today())
