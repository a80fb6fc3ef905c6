"""Cases and reports in every state, one of each: the wild samples may miss some."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

from bot.rules.case_files import CaseFile, DecisionHistory, Excluded, ReportFile
from bot.rules.cases import Left, Outcome
from bot.rules.hearings import Finding
from bot.rules.objections import Answer, Terms
from bot.rules.policy.verdicts import Reason, Rule, Rung, Severity
from handlers.shared.deadline_lines import WHY_EXCLUDED
from tests.handlers import decision_samples as after
from tests.handlers import view_samples as sample

NOW = sample.NOW
LATE = NOW + timedelta(9)
FACTS = {
    "incidents": [7],
    "points": 2,
    "limit": 3,
    "warned_on": "2025-10-13",
    "warnings": 2,
    "reporters": 1,
    "category": "threat",
}
MANY = FACTS | {"incidents": [1, 2, 3], "reporters": 3}
MOST = FACTS | {"incidents": [*range(1, 20)]}
REASONS = tuple(Reason(rule, facts) for rule in Rule for facts in (FACTS, MANY, MOST))


def every_end() -> tuple[ReportFile, ...]:
    """Reports for every outcome of a case, with a warning and without, and for every state of a decision."""
    closing, written = sample.Closing("U0PRIYA", NOW, "Why."), sample.undelivered()
    withdrawn = replace(sample.WARNING, withdrawn_at=NOW)
    ended = [sample.a_report_file(case=sample.ended(each), closing=closing) for each in Outcome]
    discounted = replace(sample.a_report(), discounted_at=NOW)
    return (
        *ended,
        *(replace(each, warning=withdrawn) for each in ended),
        *(replace(ended[0], decision=each.decision, decision_history=each.decision_history)
          for each in after.STATES.values()),
        *(sample.a_report_file(decision=replace(sample.DROP, case=4, at=at)) for at in (NOW - sample.DAY, LATE)),
        sample.a_report_file(warning=written), sample.a_report_file(case=None),
        sample.a_report_file(report=discounted, discounted=sample.heard()),
        sample.a_report_file(report=replace(sample.a_report(), withdrawn_at=NOW)),
    )  # fmt: skip


def every_case() -> tuple[CaseFile, ...]:
    """A case in every state that has a notice of its own."""
    one = sample.a_report()
    every = product((Rung.WARN, Rung.HEAR, Rung.DECIDE), (None, *Outcome), Left)
    ended = (replace(sample.a_case(rung, outcome=outcome), left=left) for rung, outcome, left in every)
    return (
        *(sample.a_file(case=replace(case, closed_at=NOW if case.outcome else None)) for case in ended),
        *(sample.a_file(case=sample.ended(Outcome.WARNED), hearings=(sample.heard(each),)) for each in Finding),
        *(sample.objected(answer) for answer in (None, *Answer)),
        *(sample.a_file(excluded=(Excluded("U0BRAD", why),)) for why in WHY_EXCLUDED),
        sample.a_file(excluded=(Excluded("U0BRAD", "recused", "Why."),)),
        *(sample.a_file(verdict=replace(sample.VERDICT, reasons=(reason,))) for reason in REASONS),
        sample.being_heard(), sample.for_warning(), sample.for_warning(warnings=(sample.undelivered(),)),
        *(sample.a_file(reports=(replace(one, incident=replace(one.incident, severity=each)),)) for each in Severity),
        sample.a_file(excluded=(Excluded("U0RUTH", "owner"),)),
        sample.dropped(), sample.kept(), after.decided(replace(sample.KEEP, conditions=())),
        sample.a_file(similar=(sample.a_precedent(),), overdue=True),
    )  # fmt: skip


def every_change() -> tuple[CaseFile, ...]:
    """Decisions changed after an objection, from any terms to any, also without an effective day."""
    drops = (sample.DROP, replace(sample.DROP, effective_on=None))
    changed = [after.answered(Answer.CHANGED)]
    changed += [replace(changed[0], before=Terms.of(before)) for before in (drops[1], sample.KEEP)]
    every = product((*drops, sample.KEEP), changed)
    return tuple(after.decided(decision, DecisionHistory(objection=objection)) for decision, objection in every)
