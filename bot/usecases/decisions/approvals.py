"""Where the policy asks for two approvals of a drop: the first waits, another manager's decides.

Keeping a customer needs one. The terms of a drop are those of the last form: it opens with the first one's.
"""

from bot.rules.audit_acts import Act
from bot.rules.audit_chain import seal
from bot.rules.case_files import CaseFile
from bot.rules.cases import Case
from bot.rules.decisions import Approval, Decision
from bot.rules.policy.verdicts import Rung
from bot.usecases.context import Context, new_salt
from bot.usecases.decisions.commands import TakeBack
from bot.usecases.permissions.permissions import standing_approvals
from bot.usecases.shared.case_access import lock_case
from bot.usecases.shared.read_models import case_file
from bot.usecases.shared.stale_messages import show_case
from storage.transaction import Transaction


def enough(tx: Transaction, context: Context, case: Case, drop: Decision) -> tuple[str, ...] | None:
    """Who approved before, if with this approval there are as many as the policy wants; None while there are not."""
    others = tuple(given.by for given in standing_approvals(tx, context, case) if given.by != drop.by)
    return others if len(others) + 1 >= context.policy.approvals_to_drop else None


def wait_for_another(tx: Transaction, context: Context, case: Case, drop: Decision, seen: int) -> None:
    """Note the approval of who saw this version. A second one by the same manager changes nothing."""
    if any(given.by == drop.by for given in standing_approvals(tx, context, case)):
        return
    salt = new_salt()
    tx.approvals.give(Approval(drop, seen), salt)
    facts = decision_facts(drop, salt) | {"version": seen}
    tx.audit.append(case.customer, drop.by, Act.APPROVE_DROP, facts, drop.at)
    tx.cases.touch(case.number)
    show_case(tx, context, case, drop.at)


def take_back(context: Context, command: TakeBack) -> CaseFile:
    """The manager's approval counts no longer. Asked twice, it answers the same.

    Raises:
        NotEntitled, AlreadyDecided, AlreadyClosed, WrongRung, Unknown, NotRecorded: see `lock_case`.
    """
    now, user = context.clock(), command.by.user
    with context.begin(command.by.team) as tx:
        case = lock_case(tx, context, command.by, command.case, Rung.DECIDE, now)
        if tx.approvals.take_back(case.number, user, now):
            tx.audit.append(case.customer, user, Act.TAKE_APPROVAL_BACK, {"case": case.number}, now)
            tx.cases.touch(case.number)
            show_case(tx, context, case, now)
        return case_file(tx, context, case.number)


def decision_facts(decision: Decision, salt: str) -> dict[str, object]:
    """What the audit log keeps of a decision: everything but the free text, of that a seal."""
    return {
        "case": decision.case,
        "choice": decision.choice.value,
        "review_on": decision.review_on.isoformat(),
        "effective_on": decision.effective_on.isoformat() if decision.effective_on else None,
        "reason_class": decision.reason_class,
        "conditions": list(decision.conditions),
        "approved_by": list(decision.approved_by),
        "rationale": seal(salt, decision.rationale),
        "letter": seal(salt, decision.letter or ""),
    }
