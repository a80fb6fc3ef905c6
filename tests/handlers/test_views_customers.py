"""The Home, lists and customer cards: people see only what they may, and Slack takes any data."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.policy_page import for_staff
from bot.rules.cases import Outcome
from bot.rules.customer_cards import (
    CustomerFile,
    ForManagers,
    NotFound,
    Timeline,
    TimelineEntry,
)
from bot.rules.customers import LikelyCustomer, Safeguard, Standing
from bot.rules.decisions import Choice
from bot.rules.home import HomeFile, ListedCustomer, Overview, OwnReport, Page, Queue, QueueItem, QueueKind, WeekSoFar
from bot.rules.mergers import Merger
from bot.rules.objections import Answer
from bot.rules.policy.interim_rules import ProtectionKind
from bot.rules.policy.policy import Policy
from bot.rules.policy.verdicts import Rung, Severity
from bot.rules.protection import Protection
from bot.rules.refusals import NotWarned
from bot.sandbox.block_kit.check import check_options, check_view
from bot.usecases.context import Firm
from handlers.blockkit.blocks import View
from handlers.customers.card import customer_view, not_found
from handlers.customers.forms import edit_customer_form, look_up_form, merge_form
from handlers.customers.safeguards import set_safeguard_form
from handlers.customers.timeline import ACTS, timeline_view
from handlers.home.home import home
from handlers.home.lists import my_reports_view, queue_view, standing_view
from handlers.home.what_you_may_do import what_you_may_do_view
from handlers.reports.rep_message import report_notice
from handlers.shared.customer_field import customer_options, found_options
from handlers.shared.refusals import refusal_text
from tests.handlers import decision_samples as after
from tests.handlers import view_samples as sample
from tests.handlers.view_limits import every, mrkdwn, policies, shown, texts, too_long, wildly

FIRM = Firm("C0MANAGE", ("S0MANAGERS", "U0CARLA"), ("U0RUTH",), "U0CORA")
NOW = sample.NOW
WEEK = WeekSoFar(reports=9, reps=5, opened=3, ended=2, warned=1, dropped=1)
PINGS = ("<!channel>", "<@U0ANA>", "<https://evil.example|click>")

own_reports = st.builds(
    OwnReport,
    number=st.integers(1, 10**9),
    customer=sample.wild_name,
    category=st.sampled_from([*sample.POLICY.categories, "gone"]),
    severity=st.sampled_from(Severity),
    happened_at=sample.wild_moment,
    withdrawn=st.booleans(),
    discounted=st.booleans(),
    rung=st.none() | st.sampled_from(Rung),
    due_at=st.none() | sample.wild_moment,
    outcome=st.none() | st.sampled_from(Outcome),
    choice=st.none() | st.sampled_from(Choice),
    is_over=st.booleans(),
)
waiting = st.builds(
    QueueItem,
    kind=st.sampled_from(QueueKind),
    case=st.integers(1, 10**9),
    customer=sample.wild_name,
    rung=st.sampled_from(Rung),
    urgent=st.booleans(),
    due_at=sample.wild_moment,
    issued=st.booleans(),
    channel=st.none() | st.just("C0MANAGE"),
    ts=st.none() | st.just("1763726000.000100"),
)
listed = st.builds(
    ListedCustomer, st.integers(1, 10**9), sample.wild_name, st.sampled_from(Standing), st.integers(0, 10**6)
)


def pages(items: st.SearchStrategy[Any], most: int = 12) -> st.SearchStrategy[Page[Any]]:
    found = st.lists(items, max_size=most).map(tuple)
    return st.builds(
        lambda some, n, more: Page(some, n, n + more, 10**6), found, st.integers(1, 999), st.integers(0, 9)
    )


overviews = st.builds(
    Overview,
    queue=st.builds(
        Queue,
        st.dictionaries(st.sampled_from(QueueKind), st.integers(1, 10**6)),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
    ),
    first=st.lists(waiting, max_size=5).map(tuple),
    standings=st.dictionaries(st.sampled_from(Standing), st.integers(1, 10**6)),
    week=st.just(WEEK),
)
homes = st.builds(
    HomeFile,
    user=sample.wild_user,
    at=sample.wild_moment,
    mine=pages(own_reports, 5),
    overview=st.none() | overviews,
    no_access=st.booleans(),
    unconfirmed=st.booleans(),
)
mergers = st.builds(
    Merger,
    number=st.integers(1, 10**9),
    duplicate=st.just(8),
    customer=st.just(7),
    name=sample.wild_name,
    by=sample.wild_user,
    at=sample.wild_moment,
)
for_managers = st.builds(
    ForManagers,
    reports=st.integers(0, 10**6),
    reporters=st.integers(0, 10**3),
    safeguards=st.lists(sample.wild_safeguards, max_size=9).map(tuple),
    mergers=st.lists(mergers, max_size=9).map(tuple),
)
customers = st.builds(
    CustomerFile,
    customer=sample.wild_customers,
    decision=st.none() | sample.wild_decisions,
    open_case=st.none() | sample.wild_cases,
    warned_until=st.none() | sample.wild_moment,
    patience=st.lists(sample.wild_text, max_size=9).map(tuple),
    own=st.lists(own_reports, max_size=3).map(tuple),
    former=st.lists(sample.wild_name, max_size=20).map(tuple),
    managers=st.none() | for_managers,
)
likely = st.lists(
    st.builds(
        LikelyCustomer,
        st.integers(1, 10**9),
        sample.wild_name,
        st.sampled_from([*map(str, Standing)]),
        sample.wild_name,
    ),
    max_size=20,
).map(tuple)
facts = st.dictionaries(
    st.sampled_from(["report", "case", "duplicate", "into", "safeguard", "rung", "points", "changed"]),
    st.integers() | sample.wild_text | st.lists(sample.wild_name, max_size=3),
)
entries = st.builds(
    TimelineEntry,
    customer=st.sampled_from([7, 8]),
    at=sample.wild_moment,
    actor=sample.wild_user | st.just("clock"),
    act=st.sampled_from([*ACTS, "decide", "something new"]),
    facts=facts,
)


def nothing_is_parsed(view: object) -> None:
    assert not [said for said in mrkdwn(view) if any(ping in said for ping in PINGS)]


@wildly
@given(file=homes, policy=policies, health=st.lists(sample.wild_text, max_size=20))
def test_a_home_of_any_data_is_taken(file: HomeFile, policy: Policy, health: list[str]) -> None:
    blocks = home(file, policy, FIRM, health).blocks
    check_view({"type": "home", "blocks": blocks}, ("home",))
    assert too_long(blocks) == []
    nothing_is_parsed(blocks)


@wildly
@given(mine=pages(own_reports), queue=pages(waiting), standing=pages(listed), policy=policies)
def test_lists_of_any_data_are_shown(mine: Page[Any], queue: Page[Any], standing: Page[Any], policy: Policy) -> None:
    for view in (
        my_reports_view(mine, policy, NOW),
        queue_view(queue, NOW),
        standing_view(standing, Standing.RESTRICTED),
    ):
        shown(view)
        nothing_is_parsed(view)


@wildly
@given(file=customers, policy=policies, done=st.booleans())
def test_a_customer_of_any_data_is_shown(file: CustomerFile, policy: Policy, *, done: bool) -> None:
    for view in (customer_view(file, policy, NOW, done=done), edit_customer_form(file), merge_form(file)):
        shown(view)
        nothing_is_parsed(view)


@wildly
@given(some=likely, typed=sample.wild_long, matches=st.booleans())
def test_names_to_choose_from_are_shown_whatever_they_are(
    some: tuple[LikelyCustomer, ...], typed: str, *, matches: bool
) -> None:
    view = not_found(NotFound(typed, some[:6], matches))
    shown(view)
    nothing_is_parsed(view)
    shown(look_up_form(hint=True))
    for options in (found_options(some), customer_options(some, typed)):
        check_options({"options": options})


@wildly
@given(page=pages(entries, 3), customer=sample.wild_customers, policy=policies)
def test_a_timeline_of_any_data_is_shown(page: Page[TimelineEntry], customer: Any, policy: Policy) -> None:  # noqa: ANN401 - drawn
    shown(timeline_view(Timeline(customer, page), policy))


REPORT = OwnReport(
    214, "Zenith Corp", "verbal_abuse", Severity.SERIOUS, NOW, rung=Rung.DECIDE, due_at=NOW + timedelta(1)
)
CASE = QueueItem(
    QueueKind.CASE, 12, "Zenith Corp", Rung.DECIDE, urgent=False, due_at=NOW, channel="C0MANAGE", ts="1763726000.000100"
)
REP = CustomerFile(sample.CUSTOMER, None, None, None, ("Short sentences help.",), (REPORT,))
STROKE = Safeguard("health", "A stroke in May.", "Short sentences help.", None, "U0PRIYA", NOW)
MANAGER = replace(REP, managers=ForManagers(3, 2, safeguards=(STROKE,)))


def words(view: View) -> str:
    return "\n".join(texts(view["blocks"]))


def home_words(file: HomeFile) -> str:
    return "\n".join(texts(home(file, sample.POLICY, FIRM, ()).blocks))


def test_an_empty_home_says_what_will_appear_there() -> None:
    assert "You have not reported anybody." in home_words(HomeFile("U0ANA", NOW))
    empty = HomeFile("U0PRIYA", NOW, overview=Overview(Queue({}, 0, 0), (), {}, WeekSoFar(0, 0, 0, 0, 0, 0)))
    assert "Nothing is waiting for you." in home_words(empty)
    assert "Every customer on record is clear." in home_words(empty)
    assert "No reports and no cases so far." in home_words(empty)


def test_a_guest_reads_whom_to_ask() -> None:
    assert "ask a colleague" in home_words(HomeFile("U0GUS", NOW, no_access=True))
    assert "Report a customer" not in home_words(HomeFile("U0GUS", NOW, no_access=True))


def test_what_awaits_a_manager_links_to_its_notice_and_says_what_is_overdue() -> None:
    file = HomeFile(
        "U0PRIYA",
        NOW,
        overview=Overview(
            Queue({QueueKind.CASE: 8, QueueKind.OBJECTION: 1}, 4, 2), (CASE,), {Standing.DROPPED: 3}, WEEK
        ),
    )
    blocks = home(file, sample.POLICY, FIRM, ()).blocks
    links = [each["url"] for each in every(blocks) if each.get("type") == "link"]
    assert links == ["https://slack.com/archives/C0MANAGE/p1763726000000100"]
    said = "\n".join(texts(blocks))
    for part in ("8 cases, 1 objection · *4 overdue* · 2 with others", "overdue", "See all 9", "Dropped 3"):
        assert part in said
    assert "9 reports by 5 reps · 3 cases opened · 2 cases ended · 1 warned · 1 dropped" in said


@pytest.mark.parametrize(
    ("changed", "said", "when"),
    [
        ({}, "Drop or keep Zenith Corp?", "due "),
        ({"issued": True}, "Deliver the warning to Zenith Corp", "due "),
        ({"kind": QueueKind.REVIEW, "issued": True}, "Renew or let lapse: Zenith Corp", "ends "),
        ({"kind": QueueKind.OBJECTION, "issued": True}, "Answer the objection: Zenith Corp", "due "),
    ],
)
def test_an_item_of_the_queue_says_what_is_asked_and_by_when(changed: dict[str, Any], said: str, when: str) -> None:
    seen = words(queue_view(Page((replace(CASE, **changed),), 1, 1, 1), NOW - timedelta(1)))
    assert said in seen
    assert when in seen


def test_managers_read_what_keeps_the_bot_from_its_work() -> None:
    file = HomeFile("U0PRIYA", NOW, overview=Overview(Queue({}, 0, 0), (), {}, WEEK))
    said = "\n".join(texts(home(file, sample.POLICY, FIRM, ["The list of managers cannot be read."]).blocks))
    assert "The list of managers cannot be read." in said
    assert "All is well" not in said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "to decide whether to keep them."),
        ({"due_at": NOW}, ": management is to decide whether to keep them."),
        ({"rung": None, "due_at": None}, "On record. If more is reported, management may have to act."),
        ({"rung": None, "due_at": None, "happened_at": NOW - timedelta(400)}, "It happened so long ago"),
        ({"outcome": Outcome.MISUNDERSTANDING}, "what others reported was a misunderstanding, your report was not."),
        ({"outcome": Outcome.MERGED}, "It is part of another case"),
        ({"outcome": Outcome.DROPPED, "choice": Choice.DROP}, "Decided: we end the relationship."),
        ({"outcome": Outcome.DROPPED, "choice": Choice.KEEP}, "Decided: we keep them."),
        (
            {"outcome": Outcome.KEPT, "choice": Choice.KEEP, "is_over": True},
            "We kept them, with conditions. That decision is over.",
        ),
        ({"outcome": Outcome.DROPPED, "choice": Choice.DROP, "is_over": True}, "That decision is over."),
        ({"outcome": Outcome.WARNED}, "We warned them formally."),
        ({"outcome": Outcome.WARNED, "cancelled": True}, "They objected, and the warning was cancelled."),
        ({"outcome": Outcome.WARNED, "holds": Choice.DROP}, "formally. Decided: we end the relationship."),
        ({"rung": None, "due_at": None, "holds": Choice.DROP}, "Decided: we end the relationship."),
        ({"withdrawn": True}, "You withdrew it."),
        ({"discounted": True}, "a misunderstanding"),
    ],
)
def test_a_report_says_how_it_stands(changed: dict[str, Any], said: str) -> None:
    assert said in words(my_reports_view(Page((replace(REPORT, **changed),), 1, 1, 1), sample.POLICY, NOW))


@pytest.mark.parametrize("late", [False, True])
def test_home_a_message_and_a_card_say_in_the_same_words_what_management_is_asked(*, late: bool) -> None:
    case = sample.a_case()
    now = case.due_at if late else NOW
    mine = replace(REPORT, rung=case.rung, due_at=case.due_at, outcome=None)
    shown = [
        words(my_reports_view(Page((mine,), 1, 1, 1), sample.POLICY, now)),
        words({"blocks": report_notice(sample.a_report_file(case=case, overdue=late, at=now), sample.POLICY).blocks}),
        words(customer_view(replace(REP, open_case=case), sample.POLICY, now)),
    ]
    said = [
        re.search(r"(?:Late since|Management has) .*? to decide whether to keep them\.", " ".join(each.split()))
        for each in shown
    ]
    assert all(said)
    assert len({each[0] for each in said if each}) == 1


def test_a_card_says_once_what_management_is_asked() -> None:
    case = sample.a_case()
    mine = replace(REPORT, rung=case.rung, due_at=case.due_at, outcome=None)
    card = words(customer_view(replace(REP, open_case=case, own=(mine,)), sample.POLICY, NOW))
    assert card.count("has until") == 1
    withdrawn = replace(mine, withdrawn=True)
    assert "You withdrew it" in words(customer_view(replace(REP, open_case=case, own=(withdrawn,)), sample.POLICY, NOW))


def test_a_rep_reads_the_words_of_a_safeguard_and_not_its_note() -> None:
    seen, full = words(customer_view(REP, sample.POLICY, NOW)), words(customer_view(MANAGER, sample.POLICY, NOW))
    assert "Short sentences help." in seen
    assert sample.POLICY.texts.boundary in seen
    assert "A stroke in May." not in seen
    assert "A stroke in May." in full
    for button in ("Timeline", "Edit", "Merge a duplicate"):
        assert button not in seen
        assert button in full


def test_an_objection_is_offered_once_until_its_deadline_and_shown_while_it_is_open() -> None:
    decision = after.decided().decision
    assert decision is not None
    file = replace(MANAGER, decision=decision)
    over = replace(file, decision=replace(decision, objection_until=NOW))
    for seen, offered in ((file, True), (over, False), (replace(file, objection=after.OBJECTION), False)):
        assert ("Record an objection" in words(customer_view(seen, sample.POLICY, NOW))) == offered
    answered = after.answered(Answer.STANDS)
    for objection, said in ((after.OBJECTION, True), (answered, False), (None, False)):
        rep = replace(REP, decision=decision, objection=objection)
        assert ("The customer objected" in words(customer_view(rep, sample.POLICY, NOW))) == said


def test_a_threat_is_the_first_thing_on_a_card_and_nobody_is_asked_to_set_a_boundary() -> None:
    assert sample.POLICY.texts.boundary in words(customer_view(REP, sample.POLICY, NOW))
    view = customer_view(replace(REP, grave=("Threat of violence",)), sample.POLICY, NOW)
    assert "A rep has reported: Threat of violence." in words({"blocks": view["blocks"][:2]})
    assert sample.POLICY.texts.when_threatened in words(view)
    assert sample.POLICY.texts.boundary not in words(view)


def test_under_interim_protection_a_card_has_one_thing_to_say_on_a_call() -> None:
    held = replace(REP, protection=Protection(12, 1, NOW, None, ProtectionKind.WRITTEN_ONLY, Rung.DECIDE, 1))
    said = words(customer_view(held, sample.POLICY, NOW))
    assert sample.POLICY.interim.say in said
    assert sample.POLICY.texts.boundary not in said
    assert sample.POLICY.texts.end_contact in said
    alone = replace(held, protection=replace(held.protection, kind=ProtectionKind.NOT_ALONE))
    assert sample.POLICY.texts.boundary in words(customer_view(alone, sample.POLICY, NOW))


@pytest.mark.parametrize("grave", [("discrimination",), ("threat", "assault"), ()])
def test_what_goes_to_a_decision_at_once_is_named_by_the_kinds_of_the_policy(grave: tuple[str, ...]) -> None:
    kinds = {key: replace(each, zero_tolerance=key in grave) for key, each in sample.POLICY.categories.items()}
    policy, named = replace(sample.POLICY, categories=kinds), [kinds[key].name for key in grave]
    said = [
        words(set_safeguard_form(sample.a_file(), policy)),
        words(what_you_may_do_view(policy)),
        " ".join(for_staff(policy)),
        refusal_text(NotWarned(12, 1, policy.zero_tolerance())),
        refusal_text(NotWarned(12, 2, policy.zero_tolerance())),
        words(customer_view(replace(REP, grave=policy.zero_tolerance()), policy, NOW)),
    ]
    for text in said:
        assert all(name in text for name in named)
        assert ("A report of" in text) <= bool(grave)
        assert "hreat of violence" in text or "threat" not in text.lower().replace("threaten", "")


def test_after_its_deadline_a_case_and_an_objection_are_late() -> None:
    asked = replace(REP, open_case=sample.a_case(), decision=after.decided().decision, objection=after.OBJECTION)
    for now, late in ((NOW, False), (NOW + timedelta(days=90), True)):
        said = words(customer_view(asked, sample.POLICY, now))
        assert ("Late since" in said and ": management is to" in said) == late
        assert ("Answer overdue since" in said) == late
        assert ("Answer due by" in said) != late


def test_a_customer_known_by_an_earlier_name_is_not_offered_as_new() -> None:
    found = (LikelyCustomer(7, "Apex Holdings", "clear", "Zenith Corp"),)
    options = customer_options(found, "zenith corp")
    assert [each["value"] for each in options] == ["known:7"]
    assert options[0]["description"]["text"] == "Clear · formerly Zenith Corp"


def test_a_list_has_page_buttons_only_if_there_are_more_pages() -> None:
    page = Page((CASE,), 2, 3, 21)
    values = {each["value"] for each in every(queue_view(page, NOW)) if each.get("type") == "button"}
    assert values == {"list:queue:1", "list:queue:3"}
    assert not [each for each in every(queue_view(Page((CASE,), 1, 1, 1), NOW)) if each.get("type") == "button"]
