"""What people open, drawn as it would open now: each case in full, the forms that act on it, its letters, the week."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.rules.business_time import add_months
from bot.rules.decisions import Choice
from bot.rules.objections import Terms
from bot.rules.text import day
from bot.rules.weeks import Week
from bot.usecases.shared.letters import draft_conditions, draft_drop, draft_warning
from bot.usecases.shared.read_models import case_file, case_in_full
from bot.usecases.weekly.summaries import figures_of
from handlers.cases.case_view import case_view
from handlers.decisions.forms import drop_form, keep_form
from handlers.hearings.hearing import outcome_form
from handlers.weekly.summary_notice import week_notice
from storage.tables.cases import matter, warning
from storage.tables.reports import report
from tests.builders import FIRM, TEAM, someone
from tests.year.facts import Facts, Row
from tests.year.office import Office


def opened(office: Office, known: Facts) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What each is, and its blocks."""
    context = office.context
    with context.read(TEAM) as tx:
        for case in known.of(matter):
            full = case_view(case_in_full(tx, context, case.number, 1), office.policy)
            yield f"case {case.number} in full", full["blocks"]
            if case.closed_at is None:
                file, today = case_file(tx, context, case.number), context.today()
                for form in (
                    drop_form(file, office.policy, today),
                    keep_form(file, office.policy, today),
                    outcome_form(file, office.policy),
                ):
                    yield f"{form['callback_id']} of case {case.number}", form["blocks"]


def wrong_letters(office: Office, known: Facts) -> Iterator[str]:
    """Each letter, drafted now: it says what was answered and what is on record, and nothing else."""
    context, hours = office.context, office.policy.hours
    effective_on, review_on = context.today() + timedelta(days=3), add_months(context.today(), 5)
    with context.read(TEAM) as tx:
        for case in known.open_cases():
            file = case_file(tx, context, case.number)
            valid = known.of(report, lambda row, case=case: row.case == case.number and not row.withdrawn_at)
            happened = {day(hours.local_date(row.happened_at)) for row in valid if not row.discounted_at}
            reason = next(iter(office.policy.reason_classes))
            kept_on = Terms(Choice.KEEP, review_on, None, ("written_only",), (("written_only", "us"),))
            drop = draft_drop(context, file, effective_on=effective_on, review_on=review_on, reason_class=reason)
            kept = draft_conditions(context, someone("U0PRIYA"), file, kept_on)
            for letter in (drop, kept, draft_warning(context, file)):
                listed = [line[2:].partition(", ")[0] for line in letter.split("\n") if line.startswith("- ")]
                days = {each for each in listed if each[0].isdigit()}
                if not days <= happened:
                    yield f"a letter of case {case.number} names {days - happened}"
            if not file.approvals and (day(effective_on) not in drop or f"Until {day(review_on)}." not in drop):
                yield f"the letter of case {case.number} names other days than were answered"
            if not file.approvals:
                yield from _warned(drop, case, known, office)


def _warned(letter: str, case: Row, known: Facts, office: Office) -> Iterator[str]:
    given = known.of(warning, lambda row: row.customer == case.customer and row.delivered_at and not row.withdrawn_at)
    last = max((row.delivered_at for row in given), default=None)
    said = f"We warned you on {day(office.policy.hours.local_date(last))}." if last else None
    if (said is None) is ("We warned you" in letter) or (said and said not in letter):
        yield f"the letter of case {case.number} says of a warning what is not {said}"


def week_so_far(office: Office, known: Facts) -> str:
    """The summary of this week, as it would be posted now."""
    context, zone = office.context, FIRM.summary_at.zone
    week = Week.of(known.now.astimezone(ZoneInfo(zone)).date())
    with context.read(TEAM) as tx:
        return week_notice(figures_of(tx, context, week, known.now), office.policy, "C0MANAGE", {}).text
