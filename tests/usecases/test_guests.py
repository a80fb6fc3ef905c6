"""Guests and people from other firms get nothing; whoever is not known yet may report, and no more."""

from collections.abc import Callable

import pytest

from bot.app import render_function
from bot.rules.cases import Case
from bot.rules.notices import Notice
from bot.rules.people import Person
from bot.rules.policy.verdicts import Severity
from bot.rules.refusals import Denial, MeantAnother
from bot.rules.reports import TypedCustomer
from bot.rules.weeks import Week
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.context import Context
from bot.usecases.customers.edit import EditCustomer, edit_customer
from bot.usecases.customers.look_up import look_up, open_customer, suggest_customers, suggest_to_rep
from bot.usecases.home.home import home_file, my_reports, open_home
from bot.usecases.permissions.colleagues import is_known
from bot.usecases.permissions.permissions import check_member
from bot.usecases.reports.report import offers_care, report
from bot.usecases.roster import Roster
from bot.usecases.transport import RetryLater
from bot.usecases.weekly.summaries import post_summary
from handlers.reports.receipt import receipt_view
from storage.database import Database
from storage.db.mapping import value_of
from storage.tables.outbox import notice
from tests.builders import (
    TEAM,
    FrozenClock,
    a_profile,
    a_report,
    before_a_decision,
    denied,
    kept,
    opened,
    read_case,
    reported,
    rows,
    run_due_tasks,
    someone,
    warned,
)

NEW = "U0NEW"  # nobody has read their profile yet
Act = Callable[[Context, Person], object]
FOR_MEMBERS: dict[str, Act] = {
    "the form to look somebody up": check_member,
    "a look-up": lambda context, by: look_up(context, by, "Zenith"),
    "a card": lambda context, by: open_customer(context, by, 1),
    "names while typing": lambda context, by: suggest_customers(context, by, "Zen"),
    "their own reports": lambda context, by: my_reports(context, by, 1),
}
FOR_REPS: dict[str, Act] = {
    "the report form": offers_care,
    "names while reporting": lambda context, by: suggest_to_rep(context, by, "Zen"),
    "a report": lambda context, by: report(context, a_report(context, by=by)),
}
NOBODYS = {
    "a guest": (someone("U0GUS"), Denial.GUEST),
    "somebody of another firm": (someone("U0OLEK", "T0OTHER"), Denial.OUTSIDER),
    "somebody of another firm whose profile was not read": (someone("U0STRANGE", "T0OTHER"), Denial.FROM_ELSEWHERE),
    "somebody who left": (someone("U0LEFT"), Denial.DEACTIVATED),
    "a bot": (someone("U0BOT"), Denial.BOT),
}


@pytest.fixture
def context(context: Context, clock: FrozenClock) -> Context:
    with context.begin(TEAM) as tx:
        left, outside = a_profile("U0LEFT", clock(), deactivated=True), a_profile("U0OLEK", clock(), outsider=True)
        tx.people.save_profiles([left, outside, a_profile("U0BOT", clock(), bot=True)])
    return context


def save_profile(context: Context, **marks: bool) -> None:
    """As the roster does with what Slack says of them."""
    Roster(context, Says(marks)).refresh_person(TEAM, NEW)  # no more of Slack is asked


class Says:
    def __init__(self, marks: dict[str, bool]) -> None:
        self.marks = marks

    def profile(self, user: str, _team: str, now: object) -> object:
        return a_profile(user, now, **self.marks)


@pytest.mark.parametrize("who", NOBODYS)
def test_who_is_no_full_member_gets_nothing(context: Context, who: str) -> None:
    reported(context)
    by, denial = NOBODYS[who]
    for act in (FOR_MEMBERS | FOR_REPS).values():
        with denied(denial):
            act(context, by)


def test_a_member_gets_all_of_it(context: Context) -> None:
    reported(context)
    for name, act in (FOR_MEMBERS | FOR_REPS).items():
        if name not in {"the form to look somebody up", "the report form"}:
            assert act(context, someone("U0JOE")), name


def test_a_member_who_acts_from_another_workspace_of_the_organisation_gets_all_of_it(context: Context) -> None:
    reported(context)
    for name, act in (FOR_MEMBERS | FOR_REPS).items():
        if name not in {"the form to look somebody up", "the report form"}:
            assert act(context, someone("U0JOE", "T0SISTER")), name


@pytest.mark.parametrize("unsure", ["long ago", "not where"])
def test_who_acts_from_elsewhere_gets_nothing_while_slack_does_not_say_that_they_belong_here(
    context: Context, clock: FrozenClock, unsure: str
) -> None:
    reported(context)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0JOE", clock(), home_known=unsure != "not where")])
    clock.forward(minutes=61 if unsure == "long ago" else 0)
    assert is_known(context, someone("U0JOE", "T0SISTER")) is (unsure == "not where")
    for act in (FOR_MEMBERS | FOR_REPS).values():
        with denied(Denial.FROM_ELSEWHERE):
            act(context, someone("U0JOE", "T0SISTER"))
        act(context, someone("U0JOE"))


def test_who_is_not_known_yet_may_report_but_reads_no_name_and_no_card(context: Context) -> None:
    reported(context)
    new = someone(NEW)
    assert not is_known(context, new)
    for act in FOR_MEMBERS.values():
        with denied(Denial.UNKNOWN):
            act(context, new)
    assert offers_care(context, new)
    assert suggest_to_rep(context, new, "Zen") == ()
    save_profile(context)
    assert is_known(context, new)
    assert [each.name for each in suggest_to_rep(context, new, "Zen")] == ["Zenith Corp"]
    assert open_customer(context, new, 1)


def test_who_is_not_known_yet_is_not_informed_of_customers_with_a_like_name(context: Context) -> None:
    reported(context)
    with pytest.raises(MeantAnother):
        reported(context, "U0JOE", TypedCustomer("Zenith Ltd"))
    assert reported(context, NEW, TypedCustomer("Zenith Ltd")).customer.number == 2
    assert reported(context, NEW, "zenith CORP").customer.number == 1


def marks(context: Context, case: Case) -> list[tuple[bool, object]]:
    file = read_case(context, case.number)
    return [(each.reporter_known, file.read_since.get(each.incident.reporter, "not read")) for each in file.reports]


@pytest.mark.parametrize(
    ("profile", "said"),
    [({}, None), ({"guest": True}, Denial.GUEST), ({"outsider": True}, Denial.OUTSIDER), ({"bot": True}, Denial.BOT)],
)
def test_such_a_report_stays_marked_and_what_shows_it_follows_once_they_are_known(
    context: Context, database: Database, profile: dict[str, bool], said: Denial | None
) -> None:
    case = opened(context, NEW, category="threat")
    assert marks(context, case) == [(False, "not read")]
    before = {row.subject: row.wanted for row in rows(database, notice) if row.kind == "case"}
    save_profile(context, **profile)
    assert marks(context, case) == [(False, said)]
    after = {row.subject: row.wanted for row in rows(database, notice) if row.kind == "case"}
    assert after == {case.number: before[case.number] + 1}


def test_the_report_of_somebody_known_bears_no_mark(context: Context) -> None:
    assert marks(context, opened(context, category="threat")) == [(True, "not read")]


def renamed(context: Context) -> None:
    """Two colleagues reported Zed, who is called Acme Holdings by now."""
    reported(context, "U0ANA", "Zed")
    reported(context, "U0MIA", "Zed")
    edit_customer(context, EditCustomer(someone("U0CARLA"), 1, "Acme Holdings", None, "", ""))


def drawn(context: Context, database: Database, to: str) -> dict[str, str]:
    """What the messages to somebody would show now, by kind."""
    render = render_function(context)
    found = [value_of(Notice, row, in_doubt=False) for row in rows(database, notice) if row.target == to]
    with database.read(TEAM) as tx:
        messages = {each.kind: render(tx, each) for each in found}
    return {kind: f"{message.text} {message.blocks} {message.file}" for kind, message in messages.items()}


@pytest.mark.parametrize("profile", [None, {"guest": True}, {"outsider": True}])
def test_who_is_not_known_as_a_colleague_learns_nothing_by_reporting(
    context: Context, clock: FrozenClock, database: Database, profile: dict[str, bool] | None
) -> None:
    renamed(context)
    new = a_report(context, NEW, "zed")
    received = report(context, new)
    assert report(context, new) == received
    shown = [str(receipt_view(received, context.policy))]
    if profile is not None:
        save_profile(context, **profile)
    assert received.case
    warned(context, received.case.number)
    messages = drawn(context, database, NEW)
    assert messages["report"].startswith("Your report is recorded.")
    clock.forward(days=1)
    run_due_tasks(context, database)
    assert drawn(context, database, NEW).keys() == {"report"}
    with context.read(TEAM) as tx:
        assert home_file(tx, context, someone(NEW)).mine.total == 0
    assert "“zed”" in shown[0]
    for said in (*shown, *messages.values()):
        assert not [word for word in ("Acme", "colleague", "warn", "WARN", "action_id") if word in said]


def test_once_read_as_a_colleague_they_see_what_reps_see(context: Context, database: Database) -> None:
    renamed(context)
    assert reported(context, NEW, "zed", severity=Severity.MINOR).typed == "zed"
    open_home(context, someone(NEW))
    save_profile(context)
    assert [row.wanted for row in rows(database, notice) if (row.kind, row.target) == ("home", NEW)] == [2]
    assert "Acme Holdings" in drawn(context, database, NEW)["report"]
    assert [each.customer for each in my_reports(context, someone(NEW), 1).items] == ["Acme Holdings"]
    again = reported(context, NEW, "zed")
    assert (again.typed, again.customer.name, again.others) == (None, "Acme Holdings", 2)


@pytest.mark.parametrize("mark", ["guest", "deactivated"])
def test_who_became_a_guest_or_left_reads_nothing_about_a_customer_in_any_message(
    context: Context, clock: FrozenClock, database: Database, mark: str
) -> None:
    case = before_a_decision(context, clock)
    clock.forward(days=7)
    run_due_tasks(context, database)
    with context.begin(TEAM) as tx:
        for kind in ("review", "objection", "followup", "pack", "asked", "overdue"):
            tx.notices.refresh(kind, case, "U0RUTH", clock())
        tx.notices.refresh("table", 202647, "U0RUTH", clock())
    post_summary(context, TEAM, Week.of_key(202647))
    before = drawn(context, database, "U0RUTH")
    assert {"raised", "table", "pack"} <= before.keys()
    assert all("Zenith" in said for kind, said in before.items() if kind not in {"home", "pack"})
    reps = {"U0ANA", "U0JOE", "U0MIA"}
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile(user, clock(), **{mark: True}) for user in ("U0RUTH", *reps)])
    after = drawn(context, database, "U0RUTH")
    assert after.keys() == before.keys()
    for kind, said in [*after.items(), *(pair for rep in reps for pair in drawn(context, database, rep).items())]:
        assert not [word for word in ("Zenith", "zip", "csv", "action_id") if word in said], kind


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize("why", ["no manager any more", "a stake"])
def test_who_may_not_act_any_more_reads_no_more_of_the_case_in_what_they_were_sent(
    context: Context, clock: FrozenClock, database: Database, why: str, *, ended: bool
) -> None:
    case = opened(context, "U0ANA", category="threat", narrative="SECRET").number
    run_due_tasks(context, database)
    assert "SECRET" in drawn(context, database, "U0BRAD")["asked"]
    if why == "a stake":
        recuse(context, Recuse(someone("U0BRAD"), case, ""))
    else:
        with context.begin(TEAM) as tx:
            tx.people.save_group("S0MANAGERS", ("U0PRIYA",), clock())
    if ended:
        kept(context, case, rationale="SECRET reasons")
    said = drawn(context, database, "U0BRAD")["asked"]
    assert not [word for word in ("SECRET", "action_id") if word in said]


def test_nothing_is_sent_to_a_manager_before_slack_said_who_they_are(
    context: Context, clock: FrozenClock, database: Database
) -> None:
    with context.begin(TEAM) as tx:
        tx.people.save_group("S0MANAGERS", ("U0PRIYA", NEW), clock())
    opened(context, "U0ANA", category="threat")
    run_due_tasks(context, database)
    with pytest.raises(RetryLater):
        drawn(context, database, NEW)
    save_profile(context)
    assert "Zenith" in drawn(context, database, NEW)["asked"]
