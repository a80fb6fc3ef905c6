"""A decision is up for review: the message that asks, and the forms behind its buttons."""

from datetime import date, timedelta
from typing import Final

from bot.language import _, ngettext
from bot.rules.business_time import add_months
from bot.rules.case_files import CaseFile
from bot.rules.decisions import Choice, Decision, lapses_at, latest_review
from bot.rules.policy.policy import Policy
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    Block,
    Element,
    View,
    actions,
    button,
    context,
    day_input,
    field,
    filled,
    form,
    header,
    line,
    note,
    paragraph,
    rich,
    strong,
    text_input,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import day, moment
from handlers.button_values import case_value, review_value
from handlers.names import ActionId, BlockId, CallbackId
from handlers.shared.case_header import who
from handlers.shared.customer_lines import safeguard_lines, standing_line
from handlers.shared.decision_lines import review_lines, what_stands, why_so
from handlers.shared.labels import name_of

RATIONALE: Final = 700
TITLE: Final = _("Review: {customer}")
RENEWED: Final = _("Renewed: {customer}")
# Translators: a decision that has ended.
ENDED: Final = _("Ended: {customer}")
CASE: Final = _("Case {case}")
DUE: Final = _("Renew by {at} · case {case}")
ENDS: Final = _("It ends with the business of {day} unless it is renewed.")
SINCE: Final = _("Since then.")
NO_REPORT: Final = _("No report.")
OVERTAKEN: Final = _("The decision was overturned on appeal, so there is nothing to review.")
# Translators: {people} are the managers who decided, with commas between them.
DECIDED: Final = {
    Choice.DROP: _("The customer was dropped, decided by {people} on {day}."),
    Choice.KEEP: _("The customer was kept with conditions, decided by {people} on {day}."),
}
DECIDED_FROM: Final = _("The customer was dropped, decided by {people} on {day}, with effect from {effect}.")
CHANGED: Final = {
    Choice.DROP: _("The customer was dropped, as changed on appeal by {people} on {day}."),
    Choice.KEEP: _("The customer was kept with conditions, as changed on appeal by {people} on {day}."),
}
CHANGED_FROM: Final = _(
    "The customer was dropped, as changed on appeal by {people} on {day}, with effect from {effect}."
)
WHY_RENEW: Final = _("What speaks for another term? It goes on record, and the reps read it.")
WHY_LAPSE: Final = _("What has changed? It goes on record, and the reps read it.")
NEXT: Final = _("Next review")
NEXT_HINT: Final = _("By {latest} at the latest. It lapses on this day unless it is renewed again.")
ENDS_NOW: Final = _(
    "The decision ends at once. What was reported stays on record; anything new is judged for what it is."
)
# Translators: {customer}'s name, in bold; the decision about them stays.
STAYS: Final = _(
    "{customer} stays as it was decided. The next review is on {day}. The reps are told in their direct messages."
)
OVER: Final = _("{customer}: the decision is over. The reps are told in their direct messages, and the history stays.")


def review_notice(file: CaseFile, policy: Policy, round_: int) -> Message:
    """Asks managers to renew the decision or let it lapse; afterwards what came of it. `round_`: which review."""
    decision = file.decision
    if decision is None:
        return message(header(TITLE.format(customer=name_of(file.customer))))
    if round_ < len(file.aftermath.reviews):
        review = file.aftermath.reviews[round_]
        title = RENEWED if review.until else ENDED
        return message(header(title.format(customer=name_of(file.customer))), rich(*review_lines(review)), _case(file))
    if not decision.in_force:
        return message(header(ENDED.format(customer=name_of(file.customer))), paragraph(OVERTAKEN), _case(file))
    return _asked(file, policy, decision)


def renew_form(file: CaseFile, policy: Policy, decision: Decision, today: date) -> View:
    """*Renew*. `today`: the firm's calendar day."""
    latest = latest_review(today, policy)
    proposed = max(add_months(today, policy.review_after_months), decision.review_on + timedelta(days=1))
    return _form(
        file,
        decision,
        (CallbackId.RENEW_FORM, _("Renew the decision"), _("Renew")),
        field(BlockId.REASON, _("Why?"), text_input(placeholder=WHY_RENEW)),
        field(BlockId.REVIEW_ON, NEXT, day_input(min(proposed, latest)), hint=NEXT_HINT.format(latest=day(latest))),
    )


def lapse_form(file: CaseFile, decision: Decision) -> View:
    """*Let it lapse*."""
    return _form(
        file,
        decision,
        (CallbackId.LAPSE_FORM, _("Let it lapse"), _("Let it lapse")),
        paragraph(ENDS_NOW),
        field(BlockId.REASON, _("Why?"), text_input(placeholder=WHY_LAPSE)),
    )


def reviewed(file: CaseFile) -> View:
    """After either form."""
    decision = file.decision
    name = strong(name_of(file.customer))
    if decision is None or not decision.in_force:
        return note(CallbackId.NOTE, _("Recorded"), [paragraph(*filled(OVER, customer=name))])
    return note(CallbackId.NOTE, _("Recorded"), [paragraph(*filled(STAYS, customer=name, day=day(decision.review_on)))])


def _asked(file: CaseFile, policy: Policy, decision: Decision) -> Message:
    due = DUE.format(at=moment(lapses_at(decision, policy)), case=file.case.number)
    value = review_value(file.case.number, decision.review_on)
    renew = button(_("Renew"), ActionId.RENEW, value, primary=True)
    read = button(_("Read in full"), ActionId.READ_IN_FULL, case_value(file.case.number, file.case.version))
    return message(
        header(TITLE.format(customer=name_of(file.customer))),
        context(due),
        rich(line(*what_stands(file), " ", ENDS.format(day=day(decision.review_on)))),
        rich(why_so(file, RATIONALE)),
        rich(standing_line(file), _since(file), *safeguard_lines(file.safeguards, policy)),
        actions(renew, button(_("Let it lapse"), ActionId.LET_LAPSE, value), read),
    )


def _since(file: CaseFile) -> Element:
    told = file.aftermath.since
    counting = ngettext("{n:,} report that counts.", "{n:,} reports that count.", told).format(n=told)
    return line(strong(SINCE), " ", counting if told else NO_REPORT)


def _case(file: CaseFile) -> Block:
    return context(CASE.format(case=file.case.number))


def _form(file: CaseFile, decision: Decision, named: tuple[str, str, str], *blocks: Block) -> View:
    callback, title, submit = named
    top = rich(*who(file), line(*what_stands(file)), why_so(file, RATIONALE))
    return form(callback, title, submit, [top, *blocks], review_value(file.case.number, decision.review_on))
