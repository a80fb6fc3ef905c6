"""Guests and people from other firms get nothing; whoever is not known yet may report, and no more."""

from collections.abc import Callable

import pytest

from bot.rules.cases import Case
from bot.rules.people import Person
from bot.rules.refusals import Denial, MeantAnother
from bot.usecases.context import Context
from bot.usecases.customers.look_up import look_up, open_customer, suggest_customers, suggest_to_rep
from bot.usecases.home.home import my_reports
from bot.usecases.permissions.permissions import check_member, check_rep, is_known
from bot.usecases.reports.report import report
from bot.usecases.roster import Roster
from storage.database import Database
from storage.tables.outbox import notice
from tests.builders import TEAM, FrozenClock, a_profile, a_report, denied, opened, read_case, reported, rows, someone

NEW = "U0NEW"  # nobody has read their profile yet
Act = Callable[[Context, Person], object]
FOR_MEMBERS: dict[str, Act] = {
    "the form to look somebody up": check_member,
    "a look-up": lambda context, by: look_up(context, by, "Zenith"),
    "a card": lambda context, by: open_customer(context, by, 1),
    "names while typing": lambda context, by: suggest_customers(context, by, "Zen"),
}
FOR_REPS: dict[str, Act] = {
    "the report form": check_rep,
    "names while reporting": lambda context, by: suggest_to_rep(context, by, "Zen"),
    "a report": lambda context, by: report(context, a_report(context, by=by)),
    "their own reports": lambda context, by: my_reports(context, by, 1),
}
NOBODYS = {
    "a guest": (someone("U0GUS"), Denial.GUEST),
    "somebody of another firm": (someone("U0OLEK", "T0OTHER"), Denial.OUTSIDER),
    "a colleague's ID from another workspace": (someone("U0ANA", "T0OTHER"), Denial.OUTSIDER),
    "somebody who left": (someone("U0LEFT"), Denial.DEACTIVATED),
    "a bot": (someone("U0BOT"), Denial.BOT),
}


@pytest.fixture
def context(context: Context, clock: FrozenClock) -> Context:
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0LEFT", clock(), deactivated=True), a_profile("U0BOT", clock(), bot=True)])
    return context


def save_profile(context: Context, **marks: bool) -> None:
    """As the roster does with what Slack says of them."""
    Roster(context, Says(marks)).refresh_person(TEAM, NEW)  # type: ignore[arg-type]  # no more of Slack is asked


class Says:
    def __init__(self, marks: dict[str, bool]) -> None:
        self.marks = marks

    def profile(self, user: str, _team: str, now: object) -> object:
        return a_profile(user, now, **self.marks)  # type: ignore[arg-type]


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


def test_who_is_not_known_yet_may_report_but_reads_no_name_and_no_card(context: Context) -> None:
    reported(context)
    new = someone(NEW)
    assert not is_known(context, new)
    for act in FOR_MEMBERS.values():
        with denied(Denial.UNKNOWN):
            act(context, new)
    check_rep(context, new)
    assert suggest_to_rep(context, new, "Zen") == ()
    save_profile(context)
    assert is_known(context, new)
    assert [each.name for each in suggest_to_rep(context, new, "Zen")] == ["Zenith Corp"]
    assert open_customer(context, new, 1)


def test_who_is_not_known_yet_is_not_told_of_customers_with_a_like_name(context: Context) -> None:
    reported(context)
    with pytest.raises(MeantAnother):
        reported(context, "U0JOE", "Zenith Ltd")
    assert reported(context, NEW, "Zenith Ltd").customer.number == 2
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
