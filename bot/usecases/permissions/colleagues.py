"""Who may read about a customer in a message: colleagues, whatever else they may do. And whom reps can talk to."""

from bot.rules.people import Person
from bot.rules.refusals import Denial
from bot.usecases.context import Context
from bot.usecases.permissions.permissions import profile_denial, stale_profile_denial
from storage.transaction import Transaction

CANNOT_TALK = frozenset({Denial.BOT, Denial.DEACTIVATED})
"""Why somebody cannot be a care contact. They may well be a guest, or somebody outside the firm."""


def is_known(context: Context, by: Person) -> bool:
    """Whether Slack has said who they are; of somebody from another workspace, within `PROFILE_LIFE`."""
    with context.read(by.team) as tx:
        profile = tx.people.profile(by.user)
    return profile is not None and not (by.is_from_elsewhere and stale_profile_denial(profile, context.clock()))


def is_member(tx: Transaction, user: str) -> bool:
    """Whether their profile was read and says that they are a full member. Otherwise a reporter reads nothing."""
    profile = tx.people.profile(user)
    return profile is not None and profile_denial(profile) is None


def is_stranger(tx: Transaction, user: str) -> bool:
    """Whether their profile says that they are a guest, a bot, of another firm, or have left."""
    return profile_denial(tx.people.profile(user)) is not None


def care_contact(tx: Transaction, context: Context, rep: str) -> str | None:
    """Whom this rep can be put in touch with; None if nobody is named, they have left, or it is the rep themselves."""
    contact = context.firm.care_contact
    if contact is None or contact == rep or profile_denial(tx.people.profile(contact)) in CANNOT_TALK:
        return None
    return contact
