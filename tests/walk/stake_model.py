"""Who has a stake in which record, worked out from what was done, step by step, without asking the bot."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.year.facts import Facts

YEAR = timedelta(days=365)
REPORTED, OWNS, OWNED, STEPPED_ASIDE = "reported", "owns the account", "owned the account", "stepped aside"


@dataclass
class Record:
    """A customer's record. `reports`: by number. `left`: until when each former owner owned the account.

    `joint`: who reported something while this record was one with another; when they did, and when it happened.
    """

    owner: str | None = None
    reports: set[int] = field(default_factory=set)
    left: dict[str, datetime] = field(default_factory=dict)
    aside: set[str] = field(default_factory=set)
    joint: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def owned_by(self, owner: str | None, now: datetime) -> None:
        """The account has this owner from now on."""
        if self.owner and self.owner != owner:
            self.left[self.owner] = now
        self.owner = owner


@dataclass(frozen=True)
class Joined:
    """A merger that was not undone: which record went into which, when, with which reports."""

    duplicate: int
    into: int
    at: datetime
    moved: frozenset[int]
    gave_its_owner: bool


@dataclass
class Stakes:
    """All records, by number, and the mergers in effect, by number."""

    records: dict[int, Record] = field(default_factory=dict)
    mergers: dict[int, Joined] = field(default_factory=dict)

    def root(self, number: int) -> int:
        """The record that this one was merged into, or itself."""
        into = next((each.into for each in self.mergers.values() if each.duplicate == number), None)
        return number if into is None else self.root(into)

    def record(self, number: int) -> Record:
        """What is said about the customer now."""
        return self.records.setdefault(self.root(number), Record())

    def of(self, number: int, known: Facts, now: datetime) -> dict[str, str]:
        """Everybody with a stake in this record, and one reason."""
        record = self.record(number)
        root = self.root(number)
        since = min([now, *_unsettled_since(root, known)]) - YEAR
        incidents = [row for row in known.rows["report"] if _counts(row, record, root, known, since)]
        joint = {user: happened for user, (at, happened) in record.joint.items() if at > since}
        happened = [*(row.happened_at for row in incidents), *joint.values()]
        stakes = dict.fromkeys(record.aside, STEPPED_ASIDE)
        stakes |= {user: OWNED for user, at in record.left.items() if happened and at > min(happened) - YEAR}
        stakes |= dict.fromkeys(self._owners(root), OWNS)
        stakes |= dict.fromkeys(joint, REPORTED)
        return stakes | {row.reporter: REPORTED for row in incidents}

    def _owners(self, number: int) -> set[str]:
        """Who owns this record, or one that is merged into it."""
        owned = {record.owner for each, record in self.records.items() if self._is_within(each, number)}
        return {owner for owner in owned if owner}

    def _is_within(self, record: int, number: int) -> bool:
        into = [each.into for each in self.mergers.values() if each.duplicate == record]
        return record == number or any(self._is_within(each, number) for each in into)

    def merged(self, number: int, duplicate: int, into: int, now: datetime) -> None:
        """What is said of the duplicate is said of the other from now on."""
        one, other = self.record(duplicate), self.record(into)
        moved, gives = frozenset(one.reports), bool(one.owner and not other.owner)
        _add_later(other.left, one.left)
        _add_later(other.joint, one.joint)
        other.owner = other.owner or one.owner
        other.aside |= one.aside
        other.reports |= moved
        self.mergers[number] = Joined(self.root(duplicate), self.root(into), now, moved, gives)

    def undone(self, number: int, known: Facts, now: datetime) -> None:
        """What was said of both is said of each; the duplicate's reports are about the duplicate again."""
        merger = self.mergers.pop(number)
        one, other = self.records[merger.duplicate], self.records[merger.into]
        owners = self._owners(merger.duplicate), self._owners(merger.into)
        other.left |= dict.fromkeys(owners[0] - {other.owner}, now)
        one.left |= dict.fromkeys(owners[1] - {one.owner}, now)
        _add_later(one.left, {user: at for user, at in other.left.items() if at >= merger.at})
        during = [row for row in known.rows["report"] if row.number in other.reports and row.reported_at >= merger.at]
        counting = [row for row in during if not row.discounted_at]
        for user in {row.reporter for row in counting}:
            theirs = [row for row in counting if row.reporter == user]
            said = max(row.reported_at for row in theirs), max(row.happened_at for row in theirs)
            _add_later(other.joint, {user: said})
        _add_later(one.joint, other.joint)
        one.aside |= other.aside
        other.aside |= one.aside
        other.reports -= merger.moved
        if merger.gave_its_owner and other.owner == one.owner:
            other.owned_by(None, now)


def _unsettled_since(root: int, known: Facts) -> list[datetime]:
    """When each case about this customer was opened that is open, or in which an objection waits for an answer."""
    waiting = {row.case for row in known.rows["objection"] if row.answer is None}
    cases = [row for row in known.rows["matter"] if row.customer == root]
    return [row.opened_at for row in cases if row.closed_at is None or row.number in waiting]


def _counts(row: Any, record: Record, root: int, known: Facts, since: datetime) -> bool:  # noqa: ANN401 - a row
    """Not discounted, reported since or in an open case; about this customer, or in a case about them."""
    case = next((each for each in known.rows["matter"] if each.number == row.case), None)
    about = row.number in record.reports or (case is not None and case.customer == root)
    is_open = case is not None and case.closed_at is None
    return about and row.discounted_at is None and (row.reported_at > since or is_open)


def _add_later(to: dict[str, Any], more: dict[str, Any]) -> None:
    for user, at in more.items():
        to[user] = max(at, to.get(user, at))
