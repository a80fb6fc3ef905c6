"""Another policy over one customer's history: first of each step, as it was and as it would have been."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.rules.policy.policy import Policy
from bot.rules.policy.replay import Change, Given, ReplayedStep, Said, Span, Tally, Told, Trail, replay
from bot.rules.policy.verdicts import Rung, Severity
from tests.rules.samples import NOW, POLICY, ago, incident

STRICT = replace(POLICY, warn_at_points=2)
LENIENT = replace(POLICY, warn_at_points=8)


def told(number: int, days_ago: float, category: str = "verbal_abuse", **more: object) -> Told:
    severity = more.pop("severity", Severity.MINOR)
    by = more.pop("by", "U0ANA")
    one = incident(number, category, severity, days_ago=days_ago, by=by)  # type: ignore[arg-type]
    return Told(one, ago(days_ago), **more)  # type: ignore[arg-type]


def said(days_ago: float, rung: Rung, *, news: bool = True, case: bool | None = None) -> Said:
    return Said(ago(days_ago), rung, news, rung is not Rung.RECORD if case is None else case)


def trail(*reports: Told, said: tuple[Said, ...], **more: object) -> Trail:
    return Trail(1, "Zenith Corp", reports, said, **more)  # type: ignore[arg-type]


def changes(past: Trail, policy: Policy, since: datetime | None = None) -> dict[Rung, tuple[Change, datetime | None]]:
    return {step.rung: (step.change, step.would) for step in replay(past, policy, since)}


TWO = trail(told(1, 30), told(2, 10), told(3, 5), said=(said(30, Rung.RECORD), said(10, Rung.WARN), said(5, Rung.WARN)))


def test_the_same_policy_gives_no_change() -> None:
    assert changes(TWO, POLICY) == {Rung.WARN: (Change.SAME, ago(10))}


def test_a_stricter_policy_comes_earlier_and_a_more_lenient_one_later_or_not_at_all() -> None:
    assert changes(TWO, STRICT) == {Rung.WARN: (Change.EARLIER, ago(30))}
    assert changes(TWO, replace(POLICY, warn_at_points=6)) == {Rung.WARN: (Change.LATER, ago(5))}
    assert changes(TWO, LENIENT) == {Rung.WARN: (Change.NOT_AT_ALL, None)}


def test_what_was_never_asked_may_be_asked_newly() -> None:
    past = trail(told(1, 30), said=(said(30, Rung.RECORD),))
    assert changes(past, STRICT) == {Rung.WARN: (Change.NEWLY, ago(30))}
    assert changes(past, POLICY) == {}


def test_only_what_came_out_since_a_day_is_compared_though_all_before_is_known() -> None:
    assert changes(TWO, STRICT, since=ago(11)) == {Rung.WARN: (Change.SAME, ago(10))}
    assert changes(TWO, LENIENT, since=NOW) == {}


def test_a_withdrawn_report_weighs_until_it_is_withdrawn() -> None:
    past = trail(
        told(1, 30, void_at=ago(20)),
        told(2, 10),
        said=(said(30, Rung.RECORD), said(20, Rung.RECORD, news=False), said(10, Rung.RECORD)),
    )
    assert changes(past, POLICY) == {}
    kept_on = replace(past, told=(told(1, 30), told(2, 10)))
    assert changes(kept_on, POLICY) == {Rung.WARN: (Change.NEWLY, ago(10))}


def test_a_warning_counts_once_its_delivery_was_known_and_expires_as_the_policy_says() -> None:
    warned = Given(1, ago(25), ago(22))
    past = trail(
        told(1, 30, severity=Severity.SERIOUS),
        told(2, 24, by="U0JOE"),
        told(3, 5, by="U0MIA"),
        said=(said(30, Rung.WARN), said(24, Rung.WARN), said(5, Rung.DECIDE)),
        given=(warned,),
    )
    assert {rung: change for rung, (change, _) in changes(past, POLICY).items()} == {
        Rung.WARN: Change.SAME,
        Rung.DECIDE: Change.SAME,
    }
    short = replace(POLICY, warnings_expire_after=timedelta(days=10))
    assert changes(past, short)[Rung.DECIDE] == (Change.NOT_AT_ALL, None)
    disputed = replace(past, given=(replace(warned, withdrawn_at=ago(6)),))
    assert changes(disputed, POLICY)[Rung.DECIDE] == (Change.NOT_AT_ALL, None)


def test_a_safeguard_holds_while_it_is_set() -> None:
    guarded = replace(TWO, safeguards=(Span(ago(40), ago(7)),))
    assert changes(guarded, POLICY) == {Rung.WARN: (Change.LATER, ago(5)), Rung.HEAR: (Change.NEWLY, ago(10))}


def test_a_dropped_customer_comes_before_management_only_for_what_is_urgent() -> None:
    past = trail(told(1, 30), told(2, 10, "threat"), said=(said(30, Rung.RECORD), said(10, Rung.DECIDE)), decisions=())
    dropped = replace(past, decisions=(Span(ago(60), drop=True),))
    assert changes(dropped, STRICT) == {Rung.DECIDE: (Change.SAME, ago(10))}
    lapsed = replace(past, decisions=(Span(ago(60), ago(31), drop=True),))
    kept_since = replace(past, decisions=(Span(ago(60), drop=True), Span(ago(31))))
    for free in (lapsed, kept_since):
        assert changes(free, STRICT)[Rung.WARN] == (Change.NEWLY, ago(30))


def test_what_management_judged_is_not_asked_again() -> None:
    past = trail(
        told(1, 30, "threat", judged_at=ago(20)), told(2, 10), said=(said(30, Rung.DECIDE), said(10, Rung.WARN))
    )
    assert {rung: change for rung, (change, _) in changes(past, POLICY).items()} == {
        Rung.DECIDE: Change.SAME,
        Rung.WARN: Change.SAME,
    }


def test_what_is_no_report_moves_only_a_case_that_was_open() -> None:
    reports = told(1, 30), told(2, 29)
    anew = said(20, Rung.WARN, news=False, case=False)
    assert changes(trail(*reports, said=(anew,)), POLICY) == {}
    assert changes(trail(*reports, said=(replace(anew, before_management=True),)), POLICY) != {}


def test_the_figures_count_customers_by_step() -> None:
    tally = Tally()
    for was, would in ((NOW, NOW), (NOW, None), (None, NOW), (NOW, ago(1)), (ago(1), NOW)):
        tally.add(ReplayedStep(1, "Zenith Corp", Rung.HEAR, was, would))
    row = {"was": 4, "would": 4, "same": 1, "earlier": 1, "later": 1, "newly": 1, "not_at_all": 1}
    assert tally.row(Rung.HEAR) == row
    assert sum(tally.row(Rung.WARN).values()) == 0


@pytest.mark.parametrize("days", [1, 364])
def test_points_expire_as_the_policy_says(days: int) -> None:
    short = replace(POLICY, points_expire_after=timedelta(days=days))
    past = trail(told(1, 370), told(2, 5), said=(said(370, Rung.RECORD), said(5, Rung.RECORD)))
    assert changes(past, short) == {}
    assert changes(past, replace(POLICY, points_expire_after=timedelta(days=366)))[Rung.WARN][0] is Change.NEWLY
