"""The notice of a case in the management channel."""

from typing import Final

from bot.language import _
from bot.rules.case_files import CaseFile
from bot.rules.cases import Outcome
from bot.rules.decisions import Choice, Decision
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rung
from bot.usecases.transport import Message
from handlers.blockkit.blocks import (
    LONGEST_TITLE,
    Block,
    Inline,
    actions,
    bold,
    button,
    context_block,
    filled,
    header,
    joined,
    paragraph,
    person,
    quote,
    rich,
    section,
    when,
)
from handlers.blockkit.fallback_text import message
from handlers.blockkit.text import day, escape, shorten
from handlers.button_values import customer_value
from handlers.names import ActionId
from handlers.shared.case_brief import case_in_brief, who_acts
from handlers.shared.case_buttons import case_buttons, ended_buttons, issued
from handlers.shared.conditions import named
from handlers.shared.customer_lines import (
    warnings_line,
)
from handlers.shared.deadline_lines import deadline
from handlers.shared.decision_lines import changed_title, decision_history_blocks, letter_lines, whose_letter
from handlers.shared.labels import DELIVER, OUTCOMES, RUNGS, name_of

RATIONALE: Final = 2_200
RATIONALE_IN_BRIEF: Final = 900  # if there is an objection or a review as well
DECIDED: Final = _("Decided by {people}")
ENDED_BY: Final = _("By {by}")
BY_POLICY: Final = _("Ended by the policy")
# Translators: of a new name; {customer} is a customer on record who is nearly called so.
LOOKS_LIKE: Final = _("Looks like {customer}.")
CASE: Final = _("case {case}")
TAKES_EFFECT: Final = _("Takes effect {day}")
TOOK_EFFECT: Final = _("In effect since {day}")
REVIEW: Final = _("Review {day}")
# Translators: {conditions} is the word in bold.
CONDITIONS: Final = _("{conditions} {names}.")
BY_RULES: Final = {
    Outcome.WITHDRAWN: _("All reports were withdrawn, so nothing is left to decide."),
}


def case_notice(file: CaseFile, policy: Policy) -> Message:
    """All that management needs to act, with the buttons of the rung; for a case that has ended, how it ended."""
    return _open(file, policy) if file.case.is_open else _ended(file, policy)


def _open(file: CaseFile, policy: Policy) -> Message:
    return message(
        header(title(file)),
        context_block(deadline(file)),
        _looks_like(file),
        *case_in_brief(file, policy),
        *who_acts(file, policy),
        actions(*case_buttons(file)),
    )


def _looks_like(file: CaseFile) -> Block | None:
    """That the name may be mistyped, with a button that merges the two records."""
    if file.looks_like is None:
        return None
    said = section(LOOKS_LIKE.format(customer=f"*{escape(name_of(file.looks_like))}*"))
    return said | {"accessory": button(_("Merge"), ActionId.MERGE_ALIKE, customer_value(file.customer.number))}


def title(file: CaseFile) -> str:
    """What is asked, or how the case ended, and whom it is about: a name that is too long for a title is cut."""
    if file.case.outcome:
        template = changed_title(file) or OUTCOMES[file.case.outcome]
    elif file.case.rung is Rung.WARN and issued(file):
        template = DELIVER
    else:
        template = RUNGS[file.case.rung]
    return template.format(customer=shorten(name_of(file.customer), LONGEST_TITLE - len(template.format(customer=""))))


def _ended(file: CaseFile, policy: Policy) -> Message:
    """How it ended. Later reports do not redraw this message, so it shows nothing that they would change."""
    rationale = _rationale(file)
    return message(
        header(title(file)),
        paragraph(*_ended_by(file)),
        rich(quote(shorten(rationale, _room(file)))) if rationale else None,
        paragraph(*said) if (said := whose_letter(file)) else None,
        *_terms(file, policy),
        *decision_history_blocks(file.decision, file.decision_history),
        actions(*ended_buttons(file)),
    )


def _ended_by(file: CaseFile) -> list[Inline]:
    case: list[Inline] = [CASE.format(case=file.case.number)]
    if file.decision:
        people = joined([person(user)] for user in (file.decision.by, *file.decision.approved_by))
        return joined([filled(DECIDED, people=people), [when(file.decision.at)], case], " · ")
    at: list[Inline] = [when(file.case.closed_at)] if file.case.closed_at else []
    by = file.closing.by if file.closing else None
    if by:
        return joined([filled(ENDED_BY, by=person(by)), at, case], " · ")
    said = BY_RULES.get(file.case.outcome) if file.case.outcome else None
    return joined([[f"{said} ", *at], case] if said else [[BY_POLICY], at, case], " · ")


def _rationale(file: CaseFile) -> str | None:
    if file.decision:
        return file.decision.rationale
    return file.closing.rationale if file.closing else None


def _room(file: CaseFile) -> int:
    return RATIONALE_IN_BRIEF if file.decision_history.reviews or file.decision_history.objection else RATIONALE


def _terms(file: CaseFile, policy: Policy) -> list[Block]:
    decision = file.decision
    if decision is None:
        warned = file.case.outcome is Outcome.WARNED
        said = [*warnings_line(file.warnings, file.objections, file.at), *letter_lines(file.decision_history)]
        return [rich(*said)] if warned and said else []
    since, today = decision.effective_on, policy.hours.local_date(file.at)
    says = [(TOOK_EFFECT if since <= today else TAKES_EFFECT).format(day=day(since))] if since else []
    says += [REVIEW.format(day=day(decision.review_on))] if decision.binds and decision.in_force else []
    if decision.reason_class and decision.choice is Choice.DROP:
        says.append(shorten(policy.reason_classes.get(decision.reason_class, decision.reason_class), 75))
    return [*([paragraph(" · ".join(says))] if says else []), *_conditions(decision, policy, file.gone)]


def _conditions(decision: Decision, policy: Policy, gone: frozenset[str]) -> list[Block]:
    if not decision.conditions:
        return []
    known, values = policy.conditions, dict(decision.details)
    names = joined(
        named(known[key], values.get(key), gone) if key in known else [shorten(key, 75)]
        for key in decision.conditions[:10]
    )
    return [paragraph(*filled(CONDITIONS, conditions=bold(_("Conditions")), names=names))]
