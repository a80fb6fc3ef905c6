"""Who may be told about a customer in a message: colleagues, whatever else they may do."""

from bot.usecases.permissions.permissions import profile_denial
from storage.transaction import Transaction


def is_member(tx: Transaction, user: str) -> bool:
    """Whether their profile was read and says that they are a full member. Otherwise a reporter is told nothing."""
    profile = tx.people.profile(user)
    return profile is not None and profile_denial(profile) is None


def is_stranger(tx: Transaction, user: str) -> bool:
    """Whether their profile says that they are a guest, a bot, of another firm, or have left."""
    return profile_denial(tx.people.profile(user)) is not None
