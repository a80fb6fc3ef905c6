"""The forms behind a case's buttons. Each repeats on top who it is about and why, so that nobody decides blind."""

from datetime import date, timedelta
from typing import Final

from bot.language import _
from bot.rules.business_time import add_months
from bot.rules.case_files import CaseFile
from bot.rules.decisions import Decision
from bot.rules.policy.policy import Policy
from handlers.blockkit.blocks import Element, View, day_input, field, one_of, option, plain, some_of, text_input
from handlers.names import BlockId, CallbackId, OptionValue
from handlers.shared.case_header import at_stake, case_form
from handlers.shared.deadline_lines import first_approval

WHY: Final = _("Why?")
APPROVED: Final = 1_000  # characters of what the first to approve said
WHY_DROP: Final = _("What decided it, and what was tried before. The reps read this.")
WHY_KEEP: Final = _("What speaks for keeping them. The reps read this.")
CONSIDERED: Final = _("I have considered the safeguards")
CONSIDERED_HINT: Final = _(
    "Illness, disability, language, a crisis: could it explain the conduct, and would help mend it?"
)
THE_LETTER: Final = _("The letter to the customer")
DROP_LETTER_HINT: Final = _("Edit it as you see fit. You send it yourself.")
CONDITIONS_HINT: Final = _("Reps see these before they pick up the phone.")
REVIEW_HINT: Final = _("The decision lapses on this day unless it is renewed.")


def drop_form(file: CaseFile, policy: Policy, letter: str, today: date) -> View:
    """*Approve drop*, with all that a drop must say. `letter`: the draft. `today`: the firm's calendar day.

    After another manager's approval it opens with what they have approved.
    """
    given = file.approvals[0].drop if file.approvals else None
    takes_effect = today + timedelta(days=policy.notice_days)
    review = given.review_on if given else add_months(today, policy.review_after_months)
    return case_form(
        file,
        (
            CallbackId.DROP_FORM,
            _("Approve drop"),
            _("Approve drop") if policy.approvals_to_drop > 1 else _("Drop customer"),
        ),
        at_stake(file, policy),
        *([first_approval(file.approvals[0], APPROVED)] if given else []),
        field(BlockId.RATIONALE, WHY, text_input(placeholder=WHY_DROP)),
        field(BlockId.REASON_CLASS, _("Reason class"), _classes(policy, given)),
        field(
            BlockId.EFFECTIVE_ON,
            _("Takes effect"),
            day_input(max(today, (given and given.effective_on) or takes_effect)),
        ),
        # Translators: the day of the review.
        field(BlockId.REVIEW_ON, _("Review"), day_input(review), hint=REVIEW_HINT),
        field(BlockId.SAFEGUARDS, _("Safeguards"), _considered(), hint=CONSIDERED_HINT),
        field(BlockId.LETTER, THE_LETTER, text_input((given and given.letter) or letter), hint=DROP_LETTER_HINT),
    )


def keep_form(file: CaseFile, policy: Policy, today: date) -> View:
    """*Keep customer*, with the policy's conditions to pick from. `today`: the firm's calendar day."""
    return case_form(
        file,
        (CallbackId.KEEP_FORM, _("Keep customer"), _("Keep customer")),
        at_stake(file, policy),
        field(BlockId.RATIONALE, WHY, text_input(placeholder=WHY_KEEP)),
        field(BlockId.CONDITIONS, _("Conditions"), _conditions(policy), hint=CONDITIONS_HINT, optional=True),
        field(
            BlockId.REVIEW_ON, _("Review"), day_input(add_months(today, policy.review_after_months)), hint=REVIEW_HINT
        ),
    )


def _classes(policy: Policy, given: Decision | None) -> Element:
    classes = {key: option(name, key) for key, name in policy.reason_classes.items()}
    initial = classes.get(given.reason_class) if given and given.reason_class else None
    return one_of(list(classes.values()), initial) | {"placeholder": plain(_("Pick the closest"))}


def _considered() -> Element:
    return some_of([option(CONSIDERED, OptionValue.CONSIDERED)])


def _conditions(policy: Policy) -> Element:
    return some_of([option(each.name, key, each.words) for key, each in policy.conditions.items()])
