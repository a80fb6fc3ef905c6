"""Where the policy asks for several approvals of a drop: each waits until the last one, of the same terms, decides.

Whoever approves other terms ends the approvals of the former ones: nobody has approved what they did not read. The
letter is that of the last form, which opens with the newest approval's.
"""

import json
from dataclasses import dataclass

from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import RecordedCase
from bot.rules.cases import Case
from bot.rules.decisions import Approval, Choice, Decision
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import valid_approvals
from bot.usecases.shared.case_access import lock_case, refuse_unless_at_rung
from bot.usecases.shared.conclude import conclude, done_in, is_recorded
from bot.usecases.shared.read_models import recorded_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TakeApprovalBack:
    """A manager withdraws their approval of a drop, before there are enough."""

    by: Person
    case: int


def other_approvers(tx: Transaction, context: Context, case: Case, decision: Decision) -> tuple[str, ...] | None:
    """Who approved this drop before, or None while more have to approve it. Keeping needs no other approval."""
    if decision.choice is Choice.KEEP:
        return ()
    approvals = valid_approvals(tx, context, case)
    others = tuple(given.by for given in approvals if given.by != decision.by and given.is_of(decision))
    return others if len(others) + 1 >= context.policy.approvals_to_drop else None


def record_approval(tx: Transaction, context: Context, case: Case, by: Person, drop: Decision) -> None:
    """Record the approval by a manager, instead of their former one and of those of other terms. It is new to others.

    The same approval from a second window changes nothing.
    """
    valid = valid_approvals(tx, context, case)
    if any(each.by == by.user and each.is_of(drop) and each.drop.letter == drop.letter for each in valid):
        return
    ended = [each.by for each in tx.approvals.of_case(case.number) if each.by == by.user or not each.is_of(drop)]
    for user in ended:
        tx.approvals.take_back(case.number, user, drop.at)
    tx.cases.touch(case.number)
    version, salt = tx.cases.get(case.number).version, new_salt()
    tx.approvals.add(Approval(drop, version), salt)
    facts = decision_facts(drop, salt) | {"version": version, "instead_of": ended}
    conclude(tx, context, done_in(case, by, Act.APPROVE_DROP, facts), drop.at)


def take_approval_back(context: Context, command: TakeApprovalBack) -> RecordedCase:
    """The manager's approval no longer counts. Idempotent. Raises as `lock_case_at_rung`."""
    with context.begin(command.by.team) as tx:
        case, now = lock_case(tx, context, command.case)
        if not is_recorded(tx, command.by, Act.TAKE_APPROVAL_BACK):
            refuse_unless_at_rung(tx, context, command.by, case, Rung.DECIDE, now)
            if tx.approvals.take_back(case.number, command.by.user, now):
                conclude(tx, context, done_in(case, command.by, Act.TAKE_APPROVAL_BACK), now)
        return recorded_case(tx, context, command.by, case.number)


def decision_facts(decision: Decision, salt: str) -> dict[str, object]:
    """What the audit log keeps of a decision; of free text only a seal."""
    return {
        "case": decision.case,
        "choice": decision.choice.value,
        "review_on": decision.review_on.isoformat(),
        "effective_on": decision.effective_on.isoformat() if decision.effective_on else None,
        "reason_class": decision.reason_class,
        "conditions": list(decision.conditions),
        "details": salted_digest(salt, json.dumps(decision.details)),
        "approved_by": list(decision.approved_by),
        "rationale": salted_digest(salt, decision.rationale),
        "letter": salted_digest(salt, decision.letter or ""),
    }
