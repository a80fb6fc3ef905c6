"""Letters drafted for a case, for a manager to edit: from the reports, and from the answers that were given."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Generic, TypeVar

from bot.rules.business_time import due
from bot.rules.case_files import CaseFile
from bot.rules.conditions import user_in
from bot.rules.decisions import objection_deadline
from bot.rules.letters import (
    Addressed,
    answer_about_warning,
    answer_letter,
    conditions_letter,
    drop_letter,
    warning_letter,
)
from bot.rules.objections import Answer, Terms
from bot.rules.people import Person
from bot.usecases.context import Context

Command = TypeVar("Command")


@dataclass(frozen=True, slots=True)
class Drafted(Generic[Command]):
    """The letter that goes with what somebody is about to decide. Nothing is recorded yet."""

    file: CaseFile
    command: Command
    letter: str


def draft_warning(context: Context, file: CaseFile) -> str:
    """A formal warning about the reports of the case."""
    policy, now = context.policy, context.clock()
    until = policy.hours.local_date(due(now, policy.dispute_within, policy.hours))
    warned = sum(warning.is_valid_at(now) for warning in file.warnings)
    return warning_letter(_to(context, file), file.reports, until, warned)


def draft_drop(context: Context, file: CaseFile, *, effective_on: date, review_on: date, reason_class: str) -> str:
    """A letter that ends the relationship on these terms.

    Of several managers who approve the same terms, each reads the letter as the one before left it; on a later day its
    own dates are those of that day: the day of the letter, and until when the customer may object.
    """
    policy = context.policy
    hours, delivered = policy.hours, [w.delivered_at for w in file.warnings if w.delivered_at and not w.withdrawn_at]

    def drafted(at: datetime) -> str:
        return drop_letter(
            Addressed(file.customer.name, policy, hours.local_date(at)),
            file.reports,
            reason_class_name=policy.reason_classes[reason_class],
            warning_date=hours.local_date(max(delivered)) if delivered else None,
            effective_on=effective_on,
            review_on=review_on,
            objection_until=hours.local_date(objection_deadline(at, policy)),
        )

    letter, given = drafted(context.clock()), file.approvals[-1] if file.approvals else None
    if given and given.drop.letter and given.is_for(effective_on, review_on, reason_class):
        return _with_dates_of(letter, given.drop.letter, drafted(given.drop.at))
    return letter


def _with_dates_of(draft: str, letter: str, its_draft: str) -> str:
    """The letter with each line that this draft says otherwise than its own one as the draft says it."""
    old, new = its_draft.splitlines(), draft.splitlines()
    if len(old) != len(new):
        return draft
    other = dict(zip(old, new, strict=True))
    return "\n".join(other.get(line, line) for line in letter.splitlines())


def draft_conditions(context: Context, by: Person, file: CaseFile, terms: Terms) -> str:
    """A letter to a customer who is kept on these terms."""
    return conditions_letter(_to(context, file), file.reports, _in_words(context, by, terms), _objection_until(context))


def draft_answer(
    context: Context, by: Person, file: CaseFile, answer: Answer, rationale: str, terms: Terms | None
) -> str:
    """An answer to the customer's objection. `terms`: those to which the decision is changed, if it is.

    Where a warning is changed, it is the warning as it was issued, for the manager to correct.
    """
    to, hours, warning = _to(context, file), context.policy.hours, file.warning
    if file.decision:
        return answer_letter(
            to,
            answer=answer,
            rationale=rationale,
            before=file.decision.choice,
            terms=_in_words(context, by, terms or Terms.of(file.decision)),
            decided_on=hours.local_date(file.decision.at),
        )
    if warning is None or warning.expires_at is None or answer is Answer.CHANGED:
        return warning.letter if warning else ""
    return answer_about_warning(
        to,
        stands=answer is Answer.STANDS,
        rationale=rationale,
        issued_on=hours.local_date(warning.issued_at),
        valid_until=hours.local_date(warning.expires_at),
    )


def _in_words(context: Context, by: Person, terms: Terms) -> Terms:
    """The terms with colleagues by name, as far as Slack has said it."""
    users = {value: user for _, value in terms.details if (user := user_in(value))}
    if not users:
        return terms
    with context.read(by.team) as tx:
        profiles = tx.people.profiles(sorted(users.values()))
    names = {value: profiles[user].name if user in profiles else "" for value, user in users.items()}
    return replace(terms, details=tuple((key, names.get(value, value)) for key, value in terms.details))


def _to(context: Context, file: CaseFile) -> Addressed:
    return Addressed(file.customer.name, context.policy, context.today())


def _objection_until(context: Context) -> date:
    return context.policy.hours.local_date(objection_deadline(context.clock(), context.policy))
