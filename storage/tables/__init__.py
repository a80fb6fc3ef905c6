"""The record's tables. Every key begins with the workspace (`team`): one database serves many.

Numbers of customers, reports, cases and warnings count up without gaps in each workspace, so that a missing one shows.
"""

from storage.tables.columns import Moment, metadata
from storage.tables.customers import counter, customer, customer_gram, former_name, merger, safeguard
from storage.tables.decisions import appeal, decision, lesson, review
from storage.tables.log import audit, audit_head
from storage.tables.matters import approval, dispute, hearing, matter, precedent, recusal, warning
from storage.tables.messages import notice, pace, step, summary
from storage.tables.people import member, person, user_group
from storage.tables.reports import check_in, policy, report, verdict

__all__ = [
    "Moment",
    "appeal",
    "approval",
    "audit",
    "audit_head",
    "check_in",
    "counter",
    "customer",
    "customer_gram",
    "decision",
    "dispute",
    "former_name",
    "hearing",
    "lesson",
    "matter",
    "member",
    "merger",
    "metadata",
    "notice",
    "pace",
    "person",
    "policy",
    "precedent",
    "recusal",
    "report",
    "review",
    "safeguard",
    "step",
    "summary",
    "user_group",
    "verdict",
    "warning",
]
