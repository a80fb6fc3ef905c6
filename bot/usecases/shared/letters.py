"""Letters drafted for a case, for a manager to edit."""

from datetime import timedelta

from bot.rules.business_time import add_months, due
from bot.rules.case_files import CaseFile
from bot.rules.letters import drop_letter, warning_letter
from bot.rules.policy.policy import Policy
from bot.usecases.context import Context


def draft_warning(context: Context, file: CaseFile) -> str:
    """A formal warning about the reports of the case."""
    policy = context.policy
    dispute_until = policy.hours.local_date(due(context.clock(), policy.dispute_within, policy.hours))
    return warning_letter(file.customer.name, file.reports, policy, context.today(), dispute_until)


def draft_drop(context: Context, file: CaseFile) -> str:
    """A letter that ends the relationship, with the dates that the form proposes."""
    today, policy = context.today(), context.policy
    delivered = [w.delivered_at for w in file.warnings if w.delivered_at and not w.withdrawn_at]
    return drop_letter(
        file.customer.name,
        file.reports,
        policy,
        reason_class_name=_reason(file, policy, warned=bool(delivered)),
        warning_date=policy.hours.local_date(max(delivered)) if delivered else None,
        effective_on=today + timedelta(days=policy.notice_days),
        review_on=add_months(today, policy.review_after_months),
        appeal_until=policy.hours.local_date(due(context.clock(), policy.appeal_within, policy.hours)),
    )


def _reason(file: CaseFile, policy: Policy, *, warned: bool) -> str:
    """The policy's first reason class; without a warning, the first category of zero tolerance that was reported."""
    categories = (policy.category(report.incident.category) for report in file.reports if not report.incident.void)
    grave = None if warned else next((kind.name for kind in categories if kind.zero_tolerance), None)
    return grave or next(iter(policy.reason_classes.values()))
