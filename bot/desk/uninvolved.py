"""Who looks at a disputed warning: a manager or director who took no part in it."""

from datetime import datetime

from bot.desk.desk import Desk
from bot.desk.entitlement import PROFILE_LIFE, free, refuse_unless_manager, stakes
from bot.desk.people import Person
from bot.desk.ports import Record
from bot.desk.refusals import Bar, NotEntitled
from bot.rules.values import Case, IssuedWarning


def refuse_unless_uninvolved(
    record: Record, desk: Desk, by: Person, case: Case, warning: IssuedWarning, now: datetime
) -> None:
    """Managers and directors without a stake in the case, and not who issued its warning.

    Raises:
        NotEntitled: with the bar that applies; also where Slack's word on them is older than it may be.
    """
    refuse_unless_manager(record, desk, by, now)
    profile = record.people.profile(by.user)
    bar = (stakes(record, case) | {warning.issued_by: Bar.ISSUER}).get(by.user)
    if bar:
        raise NotEntitled(bar, case.number)
    if profile is None or profile.read_at < now - PROFILE_LIFE:
        raise NotEntitled(Bar.UNCONFIRMED, case.number)


def uninvolved(record: Record, desk: Desk, case: Case, warning: IssuedWarning) -> tuple[str, ...]:
    """Everybody who may look at it."""
    listed = (*desk.firm.managers, *desk.firm.directors)
    return tuple(user for user in free(record, desk, case, listed) if user != warning.issued_by)
