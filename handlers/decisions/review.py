"""The review of a decision: the message that asks for it, and the forms to renew it or let it lapse."""

from datetime import date, timedelta
from typing import Final

from bot.language import _, ngettext
from bot.rules.business_time import add_months
from bot.rules.case_files import CaseFile, RecordedCase
from bot.rules.decisions import Decision, lapses_at, latest_review
from bot.rules.policy.policy import Policy
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    actions,
    bold,
    button,
    context_block,
    date_input,
    field,
    filled,
    form,
    header,
    joined,
    line,
    paragraph,
    person,
    rich,
    text_input,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import day, moment
from handlers.button_values import review_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_buttons import see_case
from handlers.shared.case_header import customer_and_case
from handlers.shared.conditions import value_fields
from handlers.shared.confirmations import confirmation
from handlers.shared.customer_lines import safeguard_kinds, standing_line
from handlers.shared.decision_lines import decision_sentence, rationale_quote, review_lines
from handlers.shared.labels import name_of

RATIONALE: Final = 700
TITLE: Final = _("Review: {customer}")
# Translators: a decision that has ended.
ENDED: Final = _("Decision ended: {customer}")
ENDS: Final = _("It ends at the close of business on {day} unless a manager renews it.")
# Translators: {who} is a colleague whom a condition names as the customer's contact.
HAS_LEFT: Final = _("{who} is no longer here, and a condition names them. Please press Renew and name somebody else.")
OVERTAKEN: Final = _("The decision was cancelled after an objection, so there is nothing to review.")
WHY_RENEW: Final = _("Why do you renew it? This goes on record, and the reps read it.")
WHY_LAPSE: Final = _("What has changed? This goes on record, and the reps read it.")
NEXT_HINT: Final = _("{latest} at the latest. The decision ends on this day unless a manager renews it again.")
# Translators: {customer}'s name, in bold; the decision about them stays.
STAYS: Final = _(
    "{customer}: the decision is renewed. The next review is on {day}. Please write to the customer that it goes on, "
    "until when, and why: I draft no letter for that. I tell the reps in their direct messages."
)
OVER: Final = _("{customer}: the decision has ended. It stays on record. I tell the reps in their direct messages.")


def review_notice(file: CaseFile, policy: Policy, round_: int) -> Message:
    """Asks managers to renew the decision or let it lapse; later says what they did. `round_`: which review, from 0."""
    decision = file.decision
    if decision is None:
        return message(header(TITLE.format(customer=name_of(file.customer))))
    if round_ < len(file.decision_history.reviews):
        review = file.decision_history.reviews[round_]
        title = _("Decision renewed: {customer}") if review.until else ENDED
        return message(header(title.format(customer=name_of(file.customer))), rich(*review_lines(review)), _case(file))
    if not decision.in_force:
        return message(header(ENDED.format(customer=name_of(file.customer))), paragraph(OVERTAKEN), _case(file))
    return _asked(file, policy, decision)


def renew_form(file: CaseFile, policy: Policy, decision: Decision, today: date) -> View:
    """*Renew*. `today`: the firm's calendar day."""
    latest = latest_review(today, policy)
    proposed = min(latest, max(add_months(today, policy.review_after_months), decision.review_on + timedelta(days=1)))
    return _form(
        file,
        decision,
        (CallbackId.RENEW_FORM, _("Renew the decision"), _("Renew")),
        field(BlockId.REASON, _("Why?"), text_input(placeholder=WHY_RENEW)),
        *value_fields(policy, decision.conditions, decision.details, file.gone),
        field(BlockId.REVIEW_ON, _("Next review"), date_input(proposed), hint=NEXT_HINT.format(latest=day(latest))),
    )


def lapse_form(file: CaseFile, decision: Decision) -> View:
    """*Let it lapse*."""
    return _form(
        file,
        decision,
        (CallbackId.LAPSE_FORM, _("Let it lapse"), _("Let it lapse")),
        paragraph(
            _(
                "The decision ends at once. What was reported stays on record. New reports are handled as for any "
                "customer."
            )
        ),
        field(BlockId.REASON, _("Why?"), text_input(placeholder=WHY_LAPSE)),
    )


def review_recorded(file: RecordedCase) -> View:
    """After *Renew* or *Let it lapse*."""
    decision = file.decision
    if decision is None or not decision.in_force:
        return confirmation(file.customer, OVER)
    return confirmation(file.customer, STAYS, day=day(decision.review_on))


def _asked(file: CaseFile, policy: Policy, decision: Decision) -> Message:
    due = _("Renew by {at} · case {case}").format(at=moment(lapses_at(decision, policy)), case=file.case.number)
    value = review_value(file.case.number, decision.review_on)
    renew = button(_("Renew"), ActionId.RENEW, value, primary=True)
    read = see_case(file)
    return message(
        header(TITLE.format(customer=name_of(file.customer))),
        context_block(due),
        paragraph(*filled(HAS_LEFT, who=joined([person(user)] for user in sorted(file.gone)))) if file.gone else None,
        rich(line(*decision_sentence(file), " ", ENDS.format(day=day(decision.review_on)))),
        rich(rationale_quote(file, RATIONALE)),
        rich(standing_line(file), _since(file), *safeguard_kinds(file.safeguards, policy)),
        actions(renew, button(_("Let it lapse"), ActionId.LET_LAPSE, value), read),
    )


def _since(file: CaseFile) -> Element:
    n = file.decision_history.since
    counting = ngettext("{n:,} report.", "{n:,} reports.", n).format(n=n)
    return line(bold(_("Since the decision.")), " ", counting if n else _("No report."))


def _case(file: CaseFile) -> Block:
    return context_block(_("Case {case}").format(case=file.case.number))


def _form(file: CaseFile, decision: Decision, names: tuple[str, str, str], *blocks: Block) -> View:
    callback, title, submit = names
    top = rich(customer_and_case(file), line(*decision_sentence(file)), rationale_quote(file, RATIONALE))
    return form(callback, title, submit, [top, *blocks], review_value(file.case.number, decision.review_on))
