"""Where the policy asks for two approvals of a drop: the first waits, another manager's decides.

The terms of a drop are those of the last form, which opens with the first one's.
"""

from dataclasses import dataclass

from bot.rules.audit import Act, salted_digest
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.decisions import Approval, Choice, Decision
from bot.rules.people import Person
from bot.rules.policy.verdicts import Rung
from bot.usecases.context import Context, new_salt
from bot.usecases.permissions.permissions import valid_approvals
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TakeApprovalBack:
    """A manager withdraws their approval of a drop, before there is a second one."""

    by: Person
    case: int


def other_approvers(tx: Transaction, context: Context, case: Case, decision: Decision) -> tuple[str, ...] | None:
    """Who approved a drop before, or None while more have to approve it. Keeping needs no other approval."""
    if decision.choice is Choice.KEEP:
        return ()
    others = tuple(given.by for given in valid_approvals(tx, context, case) if given.by != decision.by)
    return others if len(others) + 1 >= context.policy.approvals_to_drop else None


def record_approval(tx: Transaction, context: Context, case: Case, drop: Decision, seen: int) -> None:
    """Record the approval by a manager who saw version `seen`. A second one by the same manager changes nothing."""
    if any(given.by == drop.by for given in valid_approvals(tx, context, case)):
        return
    salt = new_salt()
    tx.approvals.add(Approval(drop, seen), salt)
    facts = decision_facts(drop, salt) | {"version": seen}
    tx.audit.append(case.customer, drop.by, Act.APPROVE_DROP, facts, drop.at)
    tx.cases.touch(case.number)
    show_case(tx, context, case, drop.at)


def take_approval_back(context: Context, command: TakeApprovalBack) -> CaseFile:
    """The manager's approval no longer counts. Idempotent. Raises as `lock_case`."""
    now, user = context.clock(), command.by.user
    with context.begin(command.by.team) as tx:
        case = lock_case(tx, context, command.by, command.case, Rung.DECIDE, now)
        if tx.approvals.take_back(case.number, user, now):
            tx.audit.append(case.customer, user, Act.TAKE_APPROVAL_BACK, {"case": case.number}, now)
            tx.cases.touch(case.number)
            show_case(tx, context, case, now)
        return case_file(tx, context, case.number)


def decision_facts(decision: Decision, salt: str) -> dict[str, object]:
    """What the audit log keeps of a decision; of free text only a seal."""
    return {
        "case": decision.case,
        "choice": decision.choice.value,
        "review_on": decision.review_on.isoformat(),
        "effective_on": decision.effective_on.isoformat() if decision.effective_on else None,
        "reason_class": decision.reason_class,
        "conditions": list(decision.conditions),
        "approved_by": list(decision.approved_by),
        "rationale": salted_digest(salt, decision.rationale),
        "letter": salted_digest(salt, decision.letter or ""),
    }
