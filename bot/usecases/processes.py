"""Compares what this process works by with the others on the same record, and with the one that ran before it."""

import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.rules.vouching import CLOCKS_DIFFER
from bot.usecases.channels import come_to_present_channels
from bot.usecases.clock import clock_put_back
from bot.usecases.context import Context
from storage.processes import Process
from storage.transaction import Transaction

SAY_AGAIN_IN: Final = 30.0  # seconds
ALIVE: Final = timedelta(seconds=90)  # for so long a process counts as running after it was last seen
FORGOTTEN: Final = timedelta(days=1)
PLACE: Final = "PLACE"  # where the database is: kept with the settings, though it is none
CHANNELS: Final = ("MANAGEMENT_CHANNEL", "SUMMARY_CHANNEL")

log = logging.getLogger(__name__)


def settings_of(context: Context) -> dict[str, str]:
    """A digest of each setting that all processes on a record have to agree on, by its name."""
    firm, at = context.firm, context.firm.summary_at
    settings = {name: sorted(entries) for name, entries in firm.named.items()} | {
        "MANAGEMENT_CHANNEL": firm.management_channel,
        "SUMMARY_CHANNEL": firm.summary_target,
        "SUMMARY_AT": [at.weekday, at.at.isoformat()],
        "TIMEZONE": at.zone,
        "POLICY_FILE": context.policy.digest,
    }
    return {name: hashlib.sha256(json.dumps(each).encode()).hexdigest()[:16] for name, each in settings.items()}


def is_copied(last: Mapping[str, str], place: str) -> bool:
    """Whether the record was served from another place before. `place`: the digest of where it is."""
    return bool(place and last.get(PLACE) and last[PLACE] != place)


def is_copied_here(tx: Transaction, place: str) -> bool:
    """Whether this record was served from another place before."""
    return is_copied(tx.processes.last_settings() or {}, _digest(place))


def settle_here(context: Context, team: str, place: str) -> None:
    """Somebody says that the record is served from this place from now on, and from no other. Raises NotRecorded."""
    now = context.clock()
    with context.begin(team) as tx:
        if latest := tx.processes.latest():
            now = max(now, latest + timedelta(microseconds=1))  # so that it counts as the last that started
        settings = {**(tx.processes.last_settings() or settings_of(context)), PLACE: _digest(place)}
        tx.processes.seen(Process(secrets.token_hex(8), now, settings), now, ended=True)


def _digest(place: str) -> str:
    return hashlib.sha256(place.encode()).hexdigest()[:16] if place else ""


@dataclass
class ThisProcess:
    """This process among those that serve from the record. `differing`: the settings of which another has others.

    `place`: where the database is. `asked`: whether a request of Slack's has come to this process. `copied`: the record
    was served from another place before, and nobody has said since that it is served from there no more (see
    `settle_here`). None until this process has started.
    """

    context: Context
    place: Callable[[], str] = str
    asked: Callable[[], bool] = bool
    differing: tuple[str, ...] = ()
    copied: bool | None = None
    _id: str = field(default_factory=lambda: secrets.token_hex(8))
    _started: dict[str, datetime] = field(default_factory=dict)
    _settings: Mapping[str, str] = field(default_factory=dict)

    def start(self, team: str) -> None:
        """Take up the settings: what asks for something comes to the channels that they name. Raises NotRecorded."""
        now, place = self.context.clock(), _digest(self.place())
        self._settings = settings_of(self.context)
        with self.context.begin(team) as tx:
            before = tx.processes.last_settings() or {}
            copied = is_copied(before, place)
            self._settings = {**self._settings, PLACE: before[PLACE] if copied else place}
            self._seen(tx, team, now)
            tx.processes.forget(now - FORGOTTEN)
            if any(before.get(name) != self._settings[name] for name in CHANNELS):
                come_to_present_channels(tx, self.context, now)
        self._started[team], self.copied = now, copied
        if copied:
            log.warning("the database was copied or moved here since it was last served")

    def check(self, team: str) -> None:
        """Say that this process runs, and look whether others work by the same. Raises NotRecorded."""
        if team not in self._started:
            self.start(team)
        now = self.context.clock()
        with self.context.begin(team) as tx:
            this = self._seen(tx, team, now)
            others = tx.processes.others(this, now - ALIVE)
            if self.copied:
                self.copied = is_copied(tx.processes.last_settings() or {}, _digest(self.place()))
        ours = {name: value for name, value in this.settings.items() if name != PLACE}
        names = tuple(name for name in ours if any(other.get(name) != ours[name] for other in others))
        if names and names != self.differing:
            log.warning("another process works by other settings", extra={"ids": {"settings": ", ".join(names)}})
        self.differing = names

    def end(self) -> None:
        """Store that this process has ended. Raises NotRecorded."""
        now = self.context.clock()
        for team in self._started:
            with self.context.begin(team) as tx:
                tx.processes.seen(self._of(team, now), now, ended=True)

    def _seen(self, tx: Transaction, team: str, now: datetime) -> Process:
        this, latest = self._of(team, now), tx.processes.latest()
        if latest and now < latest - CLOCKS_DIFFER:
            log.warning("the clock was put back", extra={"ids": {"seconds": round((latest - now).total_seconds())}})
            clock_put_back(tx, self.context, now)
            tx.processes.set_back(now)
        tx.processes.seen(this, now)
        return this

    def _of(self, team: str, now: datetime) -> Process:
        return Process(self._id, self._started.get(team, now), self._settings, self.asked())
