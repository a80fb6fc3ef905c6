"""What the bot has sent as a file is deleted in Slack once somebody in it is erased, and stays as long as nobody is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.policy.verdicts import Severity
from bot.rules.reports import Evidence
from bot.rules.weeks import Week
from bot.sandbox.person import Person
from bot.usecases.cases.evidence_pack import request_pack
from bot.usecases.cases.recuse import Recuse, recuse
from bot.usecases.customers.erase import EraseCustomer, erase_customer, erase_person
from bot.usecases.customers.retention import schedule_retention
from bot.usecases.delivery.files import packs_naming
from bot.usecases.reconcile import reconcile
from bot.usecases.reports.files import RequestFiles, request_files
from bot.usecases.weekly.summaries import post_summary, request_table
from handlers.notices import not_on_record
from tests.builders import TEAM, a_profile, kept, opened, read_from_slack, reported, someone
from tests.slack.assembled import assembled, firm
from tests.slack.calling import order

if TYPE_CHECKING:
    from bot.app import Bot
    from bot.sandbox.person import Message
    from bot.sandbox.server import Sandbox
    from tests.slack.assembled import Assembled

__all__ = ["firm"]  # the fixture

GONE = "tombstone"
THREAT: dict[str, Any] = {"category": "threat"}


def later(firm: Assembled, days: int) -> None:
    firm.clock.time += timedelta(days=days)
    read_from_slack(firm.running[-1].context)


def posted_week(firm: Assembled) -> Week:
    """The week that has just ended is posted, and Priya downloads its table."""
    bot, week = firm.running[-1], Week.of(firm.clock().date())
    later(firm, 7)
    post_summary(bot.context, TEAM, week)
    read_from_slack(bot.context)
    request_table(bot.context, someone("U0PRIYA"), week, "C0MANAGE")
    firm.work()
    return week


def sent(firm: Assembled) -> dict[str, Message]:
    """By its title, each message with a file that Priya was sent."""
    seen = Person(firm.sandbox.url, "U0PRIYA").direct_messages()
    return {each.raw["files"][0].get("title", each.ts): each for each in seen if each.raw.get("files")}


def left(firm: Assembled, before: dict[str, Message]) -> dict[str, bool]:
    """Of those, which are still there."""
    now = {each.ts: each for each in sent(firm).values()}
    return {title: now[each.ts].raw["files"][0].get("mode") != GONE for title, each in before.items()}


def bot_of(firm: Assembled) -> Bot:
    return firm.running[-1]


def test_a_week_that_names_an_erased_customer_is_deleted_and_another_one_stays(firm: Assembled) -> None:
    context = bot_of(firm).context
    for rep in ("U0ANA", "U0JOE"):
        reported(context, rep, "Zenith Corp", category="other", severity=Severity.MINOR)
    first = posted_week(firm)
    later(firm, 100)
    for rep in ("U0ANA", "U0JOE"):
        reported(context, rep, "Acme Ltd", category="other", severity=Severity.MINOR)
    second = posted_week(firm)
    before = sent(firm)
    assert set(before) == {f"backstop-{first}.csv", f"backstop-{second}.csv"}
    erase_customer(context, EraseCustomer(TEAM, 1, "root"))
    firm.work()
    assert left(firm, before) == {f"backstop-{first}.csv": False, f"backstop-{second}.csv": True}
    words = next(each.text for each in sent(firm).values() if each.ts == before[f"backstop-{first}.csv"].ts)
    assert "erased from the record" in words
    read_from_slack(context)
    request_table(context, someone("U0PRIYA"), first, "C0MANAGE")
    firm.work()
    assert left(firm, sent(firm))[f"backstop-{first}.csv"]


@pytest.mark.parametrize(("kind", "tries"), [("slow", 1), ("error:never", 2)])
def test_a_file_that_slack_shares_late_or_never_comes_once(firm: Assembled, kind: str, tries: int) -> None:
    """Slack says ok before it shares a file, and nothing where it then does not (python-slack-sdk, issue 1818)."""
    context = bot_of(firm).context
    case = opened(context, "U0ANA", "Zenith Corp", **THREAT).number
    order(firm.sandbox, "share", kind, seconds=0.2)
    request_pack(context, someone("U0PRIYA"), case)
    firm.work()
    firm.clock.time += timedelta(minutes=10)
    firm.work()
    assert left(firm, sent(firm)) == {"case-1.zip": True}
    assert firm.sandbox._web_api.counts["files.completeUploadExternal"] == tries
    assert firm.behind() == 0


def test_a_pack_that_names_an_erased_colleague_is_deleted_and_another_one_stays(firm: Assembled) -> None:
    context = bot_of(firm).context
    cases = [opened(context, "U0ANA", name, **THREAT).number for name in ("Zenith Corp", "Acme Ltd")]
    recuse(context, Recuse(someone("U0BRAD"), cases[0], "They are my neighbours."))
    for case in cases:
        request_pack(context, someone("U0PRIYA"), case)
    firm.work()
    before = sent(firm)
    with context.begin(TEAM) as tx:
        tx.people.save_profiles([a_profile("U0BRAD", context.clock(), deactivated=True)])
    with context.read(TEAM) as tx:
        packs = packs_naming(tx, "U0BRAD")
    erase_person(context, TEAM, "U0BRAD", "root", packs)
    firm.work()
    assert left(firm, before) == {"case-1.zip": False, "case-2.zip": True}
    assert firm.behind() == 0


def test_what_the_policy_keeps_no_longer_is_deleted_in_slack_too(firm: Assembled, sandbox: Sandbox) -> None:
    bot = bot_of(firm)
    shots = [Evidence("file", "", "shot.png", file=sandbox._state.files.add("shot.png", b"shot", "U0ANA").id)]
    case = opened(bot.context, "U0ANA", "Zenith Corp", evidence=tuple(shots), **THREAT)
    bot.worker.fetch_file(TEAM)
    kept(bot.context, case.number, conditions=())
    schedule_retention(bot.context, TEAM)
    request_pack(bot.context, someone("U0PRIYA"), case.number)
    request_files(bot.context, RequestFiles(someone("U0PRIYA"), 1))
    firm.work()
    before = sent(firm)
    assert left(firm, before) == {"case-1.zip": True, "shot.png": True}
    later(firm, 365 * 8)
    for _ in range(3):
        firm.work()
    assert left(firm, before) == {"case-1.zip": False, "shot.png": False}


def test_files_stay_whole_when_everything_is_drawn_again_without_the_history(
    sandbox: Sandbox, database_url: str
) -> None:
    firm = assembled(sandbox, database_url)
    context = firm.start(CONFIRM_POSTS="off").context
    request_pack(context, someone("U0PRIYA"), opened(context, "U0ANA", "Zenith Corp", **THREAT).number)
    firm.work()
    before = sent(firm)
    reconcile(context, bot_of(firm).worker.delivery.slack, TEAM, not_on_record(), lambda _: None)
    firm.work()
    assert left(firm, before) == {"case-1.zip": True}
    firm.stop()
