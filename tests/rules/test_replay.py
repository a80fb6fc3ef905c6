"""Replaying another policy: when a customer first came to each rung, and when they would have."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.rules.policy.policy import Policy
from bot.rules.policy.replay import (
    Change,
    CustomerHistory,
    PastReport,
    PastVerdict,
    PastWarning,
    Period,
    ReplayedStep,
    Tally,
    replay,
)
from bot.rules.policy.verdicts import Rung, Severity
from tests.rules.samples import NOW, POLICY, ago, incident

STRICT = replace(POLICY, warn_at_points=2)
LENIENT = replace(POLICY, warn_at_points=8)


def report(number: int, days_ago: float, category: str = "verbal_abuse", **more: object) -> PastReport:
    severity = more.pop("severity", Severity.MINOR)
    by = more.pop("by", "U0ANA")
    one = incident(number, category, severity, days_ago=days_ago, by=by)
    return PastReport(one, ago(days_ago), **more)


def verdict(days_ago: float, rung: Rung, *, news: bool = True, case: bool | None = None) -> PastVerdict:
    return PastVerdict(ago(days_ago), rung, news, rung is not Rung.RECORD if case is None else case)


def customer(*reports: PastReport, verdicts: tuple[PastVerdict, ...], **more: object) -> CustomerHistory:
    return CustomerHistory(1, "Zenith Corp", reports, verdicts, **more)


def changes(
    past: CustomerHistory, policy: Policy, since: datetime | None = None
) -> dict[Rung, tuple[Change, datetime | None]]:
    return {step.rung: (step.change, step.would) for step in replay(past, policy, since)}


TWO = customer(
    report(1, 30),
    report(2, 10),
    report(3, 5),
    verdicts=(verdict(30, Rung.RECORD), verdict(10, Rung.WARN), verdict(5, Rung.WARN)),
)


def test_the_same_policy_gives_no_change() -> None:
    assert changes(TWO, POLICY) == {Rung.WARN: (Change.SAME, ago(10))}


def test_a_stricter_policy_comes_earlier_and_a_more_lenient_one_later_or_not_at_all() -> None:
    assert changes(TWO, STRICT) == {Rung.WARN: (Change.EARLIER, ago(30))}
    assert changes(TWO, replace(POLICY, warn_at_points=6)) == {Rung.WARN: (Change.LATER, ago(5))}
    assert changes(TWO, LENIENT) == {Rung.WARN: (Change.NOT_AT_ALL, None)}


def test_a_customer_may_newly_come_to_a_rung() -> None:
    past = customer(report(1, 30), verdicts=(verdict(30, Rung.RECORD),))
    assert changes(past, STRICT) == {Rung.WARN: (Change.NEWLY, ago(30))}
    assert changes(past, POLICY) == {}


def test_only_verdicts_since_a_day_are_compared_though_all_facts_before_are_known() -> None:
    assert changes(TWO, STRICT, since=ago(11)) == {Rung.WARN: (Change.SAME, ago(10))}
    assert changes(TWO, LENIENT, since=NOW) == {}


def test_a_withdrawn_report_counts_until_it_is_withdrawn() -> None:
    past = customer(
        report(1, 30, void_at=ago(20)),
        report(2, 10),
        verdicts=(verdict(30, Rung.RECORD), verdict(20, Rung.RECORD, news=False), verdict(10, Rung.RECORD)),
    )
    assert changes(past, POLICY) == {}
    kept_on = replace(past, reports=(report(1, 30), report(2, 10)))
    assert changes(kept_on, POLICY) == {Rung.WARN: (Change.NEWLY, ago(10))}


def test_a_warning_counts_from_when_its_delivery_was_recorded_and_expires_as_the_policy_says() -> None:
    warned = PastWarning(1, ago(25), ago(22))
    past = customer(
        report(1, 30, severity=Severity.SERIOUS),
        report(2, 24, by="U0JOE"),
        report(3, 5, by="U0MIA"),
        verdicts=(verdict(30, Rung.WARN), verdict(24, Rung.WARN), verdict(5, Rung.DECIDE)),
        warnings=(warned,),
    )
    assert {rung: change for rung, (change, _) in changes(past, POLICY).items()} == {
        Rung.WARN: Change.SAME,
        Rung.DECIDE: Change.SAME,
    }
    short = replace(POLICY, warnings_expire_after=timedelta(days=10))
    assert changes(past, short)[Rung.DECIDE] == (Change.NOT_AT_ALL, None)
    disputed = replace(past, warnings=(replace(warned, withdrawn_at=ago(6)),))
    assert changes(disputed, POLICY)[Rung.DECIDE] == (Change.NOT_AT_ALL, None)


def test_a_safeguard_counts_while_it_is_in_force() -> None:
    guarded = replace(TWO, safeguards=(Period(ago(40), ago(7)),))
    assert changes(guarded, POLICY) == {Rung.WARN: (Change.LATER, ago(5)), Rung.HEAR: (Change.NEWLY, ago(10))}


def test_a_dropped_customer_comes_before_management_only_for_urgent_reports() -> None:
    past = customer(
        report(1, 30),
        report(2, 10, "threat"),
        verdicts=(verdict(30, Rung.RECORD), verdict(10, Rung.DECIDE)),
        decisions=(),
    )
    dropped = replace(past, decisions=(Period(ago(60), drop=True),))
    assert changes(dropped, STRICT) == {Rung.DECIDE: (Change.SAME, ago(10))}
    lapsed = replace(past, decisions=(Period(ago(60), ago(31), drop=True),))
    kept_since = replace(past, decisions=(Period(ago(60), drop=True), Period(ago(31))))
    for free in (lapsed, kept_since):
        assert changes(free, STRICT)[Rung.WARN] == (Change.NEWLY, ago(30))


def test_a_judged_incident_is_not_zero_tolerance_again() -> None:
    past = customer(
        report(1, 30, "threat", judged_at=ago(20)),
        report(2, 10),
        verdicts=(verdict(30, Rung.DECIDE), verdict(10, Rung.WARN)),
    )
    assert {rung: change for rung, (change, _) in changes(past, POLICY).items()} == {
        Rung.DECIDE: Change.SAME,
        Rung.WARN: Change.SAME,
    }


def test_without_a_report_only_an_open_case_moves() -> None:
    reports = report(1, 30), report(2, 29)
    reassessed = verdict(20, Rung.WARN, news=False, case=False)
    assert changes(customer(*reports, verdicts=(reassessed,)), POLICY) == {}
    assert changes(customer(*reports, verdicts=(replace(reassessed, before_management=True),)), POLICY) != {}


def test_the_figures_count_customers_by_step() -> None:
    tally = Tally()
    for was, would in ((NOW, NOW), (NOW, None), (None, NOW), (NOW, ago(1)), (ago(1), NOW)):
        tally.add(ReplayedStep(1, "Zenith Corp", Rung.HEAR, was, would))
    row = {"was": 4, "would": 4, "same": 1, "earlier": 1, "later": 1, "newly": 1, "not_at_all": 1}
    assert tally.row(Rung.HEAR) == row
    assert sum(tally.row(Rung.WARN).values()) == 0


def test_customers_with_the_same_change_are_added_up() -> None:
    tally = Tally()
    for number in (1, 2):
        tally.add(ReplayedStep(number, "Zenith Corp", Rung.HEAR, NOW, NOW))
    assert tally.row(Rung.HEAR)["same"] == 2


def test_a_verdict_at_the_very_start_is_compared() -> None:
    assert changes(TWO, POLICY, since=ago(10)) == {Rung.WARN: (Change.SAME, ago(10))}


WARNED = PastWarning(1, ago(40), ago(40))
THREAT = report(1, 30, "threat")
AT_ONCE = ago(10)
SAFE, DROPPED = Period(ago(60)), Period(ago(60), drop=True)


@pytest.mark.parametrize(
    ("before", "done", "then", "otherwise"),
    [
        # withdrawn: without the report there are too few points for a warning
        ({"reports": (report(1, 20), report(2, 10))}, {"reports": (report(1, 20, void_at=AT_ONCE), report(2, 10))},
         Rung.WARN, Rung.RECORD),
        # judged: the threat is no zero tolerance any more
        ({"reports": (THREAT, report(2, 10))}, {"reports": (replace(THREAT, judged_at=AT_ONCE), report(2, 10))},
         Rung.DECIDE, Rung.WARN),
        # a warning whose delivery was recorded
        ({"reports": (report(1, 10),)}, {"warnings": (replace(WARNED, known_at=AT_ONCE),)}, Rung.RECORD, Rung.HEAR),
        # a warning that was withdrawn
        ({"reports": (report(1, 10),), "warnings": (WARNED,)}, {"warnings": (replace(WARNED, withdrawn_at=AT_ONCE),)},
         Rung.HEAR, Rung.RECORD),
        # a safeguard that was set, and one that was lifted
        ({"reports": (report(1, 20), report(2, 10))}, {"safeguards": (replace(SAFE, since=AT_ONCE),)},
         Rung.WARN, Rung.HEAR),
        ({"reports": (report(1, 20), report(2, 10)), "safeguards": (SAFE,)},
         {"safeguards": (replace(SAFE, until=AT_ONCE),)}, Rung.HEAR, Rung.WARN),
    ],
)  # fmt: skip
def test_what_people_did_at_the_very_moment_of_a_report_counts_as_done_after_it(
    before: dict[str, Any], done: dict[str, Any], then: Rung, otherwise: Rung
) -> None:
    """`then`: what the report led to. `otherwise`: what a second look at the same moment leads to."""
    report_, look = verdict(10, Rung.RECORD, case=False), verdict(10, Rung.RECORD, news=False)
    past = CustomerHistory(1, "Zenith Corp", **{"verdicts": (report_,)} | before | done)
    again = replace(past, verdicts=(replace(look, before_management=True),))
    assert [step.rung for step in replay(past, POLICY) if step.would] == [then][: then is not Rung.RECORD]
    rungs = [step.rung for step in replay(again, POLICY) if step.would]
    assert rungs == [otherwise][: otherwise is not Rung.RECORD]


def test_a_drop_at_the_very_moment_of_a_report_comes_after_it() -> None:
    past = customer(report(1, 20), report(2, 10), verdicts=(verdict(10, Rung.WARN),))
    for decision, rungs in (
        (replace(DROPPED, since=AT_ONCE), [Rung.WARN]),
        (DROPPED, []),
        (replace(DROPPED, until=AT_ONCE), []),
    ):
        steps = replay(replace(past, decisions=(decision,)), POLICY)
        assert [step.rung for step in steps if step.would] == rungs


@pytest.mark.parametrize(("left", "rungs"), [(timedelta(microseconds=1), [Rung.WARN]), (timedelta(), [])])
@pytest.mark.parametrize("news", [True, False])
def test_points_count_until_just_before_they_expire(left: timedelta, rungs: list[Rung], *, news: bool) -> None:
    looked = PastVerdict(ago(20) + POLICY.points_expire_after - left, Rung.WARN, news, before_management=True)
    steps = replay(customer(report(1, 20), report(2, 10), verdicts=(looked,)), POLICY)
    assert [step.rung for step in steps if step.would] == rungs


@pytest.mark.parametrize("days", [1, 364])
def test_points_expire_as_the_policy_says(days: int) -> None:
    short = replace(POLICY, points_expire_after=timedelta(days=days))
    past = customer(report(1, 370), report(2, 5), verdicts=(verdict(370, Rung.RECORD), verdict(5, Rung.RECORD)))
    assert changes(past, short) == {}
    assert changes(past, replace(POLICY, points_expire_after=timedelta(days=366)))[Rung.WARN][0] is Change.NEWLY
