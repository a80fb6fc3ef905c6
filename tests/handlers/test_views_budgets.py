"""How long each piece may be that people read; see docs/decisions/how-much-to-read.md."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.rules.case_files import CaseFile, Excluded, ReportFile
from bot.rules.cases import Left, Outcome
from bot.rules.hearings import Hearing
from bot.rules.policy.ending_rules import EndingRule
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.policy.verdicts import Rung
from bot.rules.protection import Protection
from bot.usecases.shared.letters import Drafted
from handlers.cases.notice import case_notice
from handlers.decisions.forms import drop_form, drop_letter_form, keep_form
from handlers.hearings.hearing import outcome_form
from handlers.reports.rep_message import report_notice
from handlers.shared.confirmations import recorded_view
from handlers.warnings.warning import not_now_form
from tests.handlers import decision_samples as after
from tests.handlers import view_samples as sample
from tests.handlers.reading import fields, read, words

A_NOTICE = 80
A_REPS_MESSAGE = 60
THE_WEEK = 120
A_DECISION = 150  # from the notice until it is recorded
HEARD = Hearing(1, 12, "U0BRAD", sample.NOW, ended_at=sample.NOW, ended_by="U0BRAD", why="A bad line.")
THREAT = replace(sample.a_report(), incident=replace(sample.a_report().incident, category="threat"))
PROTECTION = Protection(12, 1, sample.NOW, None, ProtectionKind.WRITTEN_ONLY, Rung.DECIDE, 1)
PATIENCE = (sample.POLICY.safeguards["health"].words,)


def a_decision(state: str) -> ReportFile:
    file = after.STATES[state]
    case = sample.ended(file.case.outcome or Outcome.DROPPED)
    return sample.a_report_file(case=case, decision=file.decision, decision_history=file.decision_history)


REPS_MESSAGES: dict[str, ReportFile] = {
    "open": sample.a_report_file(),
    **{
        f"ended {rule}, {state}": sample.a_report_file(report=replace(report, ended_within=rule), **changed)
        for rule in EndingRule
        for state, report, changed in (
            ("open", sample.a_report(), {}),
            ("late", sample.a_report(), {"overdue": True, "directors_notified": True}),
            ("a threat", THREAT, {}),
            ("long ago", sample.a_report(), {"case": None, "expired": True}),
            ("misunderstood", sample.a_report(), {"case": sample.ended(Outcome.MISUNDERSTANDING, Rung.WARN)}),
            ("warned", sample.a_report(), {"case": sample.ended(Outcome.WARNED, Rung.WARN), "warning": sample.WARNING}),
        )
    },
    **{
        f"under protection, {state}": sample.a_report_file(protection=PROTECTION, **changed)
        for state, changed in {
            "open": {},
            "late": {"overdue": True, "directors_notified": True},
            "a threat": {"report": THREAT},
            "ended within the policy": {"report": sample.a_report(ended_within=EndingRule.AFTER_WARNING)},
            "withdrawn": {"report": sample.a_report(withdrawn_at=sample.NOW)},
            "discounted": {"report": sample.a_report(discounted_at=sample.NOW), "discounted": HEARD},
            "to be heard": {"case": sample.a_case(Rung.HEAR), "patience": PATIENCE},
            "kept before": {"case": None, "decision": sample.KEEP},
            "dropped before": {"case": None, "decision": sample.DROP},
        }.items()
    },
    "late": sample.a_report_file(overdue=True),
    "late, with the directors": sample.a_report_file(overdue=True, directors_notified=True),
    "to be warned": sample.a_report_file(case=sample.a_case(Rung.WARN)),
    "to be heard": sample.a_report_file(case=sample.a_case(Rung.HEAR), patience=PATIENCE),
    "not delivered": sample.a_report_file(case=sample.a_case(Rung.WARN), warning=sample.undelivered()),
    "on record": sample.a_report_file(case=None),
    "long ago": sample.a_report_file(case=None, expired=True),
    "a threat": sample.a_report_file(report=THREAT),
    "discounted": sample.a_report_file(report=sample.a_report(discounted_at=sample.NOW), discounted=HEARD),
    "withdrawn": sample.a_report_file(report=sample.a_report(withdrawn_at=sample.NOW)),
    "warned": sample.a_report_file(case=sample.ended(Outcome.WARNED, Rung.WARN), warning=sample.WARNING),
    "a threat, kept": sample.a_report_file(report=THREAT, case=sample.ended(Outcome.KEPT), decision=sample.KEEP),
    "warned, then dropped": sample.a_report_file(
        case=sample.ended(Outcome.WARNED, Rung.WARN),
        decision=replace(sample.DROP, case=13),
        at=sample.NOW + 400 * sample.DAY,
    ),
    "warning withdrawn": sample.a_report_file(
        case=sample.ended(Outcome.WARNED, Rung.WARN),
        warning=replace(sample.WARNING, case=12, withdrawn_at=sample.NOW),
    ),
    **{
        f"ended: {outcome}": sample.a_report_file(case=sample.ended(outcome, Rung.WARN))
        for outcome in (Outcome.NOT_NOW, Outcome.MISUNDERSTANDING, Outcome.WITHDRAWN, Outcome.MERGED)
    },
    "dropped before": sample.a_report_file(case=None, decision=sample.DROP),
    "in effect": sample.a_report_file(
        case=sample.ended(Outcome.DROPPED), decision=sample.DROP, at=sample.NOW + 400 * sample.DAY
    ),
    "kept with patience": sample.a_report_file(
        case=sample.ended(Outcome.KEPT), decision=sample.KEEP, patience=PATIENCE
    ),
    "kept": sample.a_report_file(case=sample.ended(Outcome.KEPT), decision=sample.KEEP),
    **{state: a_decision(state) for state in after.STATES},
}


@pytest.mark.parametrize("state", REPS_MESSAGES)
def test_a_reps_message_is_read_in_a_glance(state: str) -> None:
    message = report_notice(REPS_MESSAGES[state], sample.POLICY)
    assert words(message.blocks, quotes=False) <= A_REPS_MESSAGE, read(message.blocks, quotes=False)


@pytest.mark.parametrize("state", [state for state in REPS_MESSAGES if "withdrawn" not in state or "warning" in state])
def test_what_to_do_comes_before_what_happened(state: str) -> None:
    said = read(report_notice(REPS_MESSAGES[state], sample.POLICY).blocks).split("\n")
    received = [
        n for n, each in enumerate(said) if each.startswith(("If they get in touch again", "Until management has"))
    ]
    assert received[:1] in ([1], []), said
    assert received or REPS_MESSAGES[state].report.discounted_at or "over" in " ".join(said), said


def test_a_second_approval_is_read_in_a_hundred_and_fifty_words() -> None:
    policy = replace(sample.POLICY, approvals_to_drop=2)
    file = sample.a_file(approvals=(sample.APPROVAL,))
    given = sample.APPROVAL.drop
    same = replace(
        sample.A_DROP,
        effective_on=given.effective_on,
        review_on=given.review_on,
        reason_class=given.reason_class,
    )
    drafted = Drafted(file, same, given.letter or "")
    pieces = [case_notice(file, policy).blocks, drop_form(file, policy, sample.TODAY)["blocks"]]
    pieces += [drop_letter_form(drafted, policy)["blocks"], recorded_view(sample.recorded(file))["blocks"]]
    assert sum(words(blocks, quotes=False) + fields(blocks) for blocks in pieces) <= A_DECISION


def test_a_form_does_not_repeat_the_case() -> None:
    file = sample.a_file()
    forms = [
        drop_form(file, sample.POLICY, sample.TODAY),
        keep_form(file, sample.POLICY, sample.TODAY),
        not_now_form(file),
        outcome_form(file, sample.POLICY),
    ]
    above = [read([block for block in form["blocks"] if block["type"] != "input"]) for form in forms]
    assert above == ["Zenith Corp · case 12"] * len(forms)


NAMES = {"one word": "Z" * 140, "right to left": "شركة زينيث للتجارة الدولية " * 5, "plain": "Zenith Corp"}
LONG = "He screamed until I hung up, then called back. " * 63


def crowded(name: str, **changed: Any) -> CaseFile:  # noqa: ANN401 - any field
    """Sixty reports of 3,000 characters about a customer with a long name, and everything else that can be said."""
    people = ("U0BRAD", "owner"), ("U0TOM", "recused"), ("U0MAX", "former_owner"), ("U0EVA", "recused")
    file = sample.a_file(
        reports=tuple(sample.a_report(n, narrative=LONG[:3_000]) for n in range(60, 0, -1)),
        reporters=17,
        customer=replace(sample.CUSTOMER, name=name[:140], worth="£18,000 a year"),
        case=sample.a_case(urgent=True),
        overdue=True,
        excluded=tuple(Excluded(user, why, name="Brad Novak") for user, why in people),
        safeguards=(sample.Safeguard("health", LONG[:3_000], PATIENCE[0], None, "U0PRIYA", sample.NOW),),
        hearings=(replace(sample.heard(), reps_side=LONG[:3_000], customers_side=LONG[:3_000], why=LONG[:3_000]),),
        asked=("S0MANAGERS", "U0PRIYA"),
        protections=(PROTECTION,),
    )
    return replace(file, **changed)


def notices(name: str) -> Iterator[CaseFile]:
    yield crowded(name)
    yield crowded(name, protections=(PROTECTION, replace(PROTECTION, n=2, by="U0PRIYA", kind=None)))
    yield crowded(name, approvals=(sample.APPROVAL,))
    yield crowded(name, looks_like=sample.CUSTOMER)
    yield crowded(name, case=sample.a_case(left=Left.DIRECTORS))
    yield crowded(name, case=sample.a_case(Rung.WARN))
    asked = {rung: {"case": sample.a_case(rung), "verdict": replace(sample.VERDICT, rung=rung)} for rung in Rung}
    yield crowded(name, **asked[Rung.WARN], warnings=(sample.undelivered(),))
    yield crowded(name, **asked[Rung.HEAR], hearings=sample.being_heard().hearings)
    yield from (replace(file, customer=crowded(name).customer) for file in after.STATES.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_notice_is_eighty_words_and_four_buttons_in_a_crowded_firm_too(name: str) -> None:
    names = len(NAMES[name].split())
    for file in notices(NAMES[name]):
        blocks = case_notice(file, replace(sample.POLICY, approvals_to_drop=2)).blocks
        worded = words(blocks, quotes=file.case.is_open)
        assert worded - names <= A_NOTICE, read(blocks)
        (row,) = (block for block in blocks if block["type"] == "actions")
        assert len(row["elements"]) <= 4


@pytest.mark.parametrize("name", NAMES)
def test_a_reps_message_stays_short_whatever_its_customer_is_called(name: str) -> None:
    for file in REPS_MESSAGES.values():
        long = replace(file, customer=replace(file.customer, name=NAMES[name][:140]))
        said = words(report_notice(long, sample.POLICY).blocks, quotes=False)
        assert said - len(NAMES[name].split()) <= A_REPS_MESSAGE
