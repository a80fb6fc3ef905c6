"""`policy replay`: another policy over the whole record, customer by customer, as a table or as JSON."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.rules.policy.policy import Policy
from bot.rules.policy.replay import STEPS, Change, ReplayedStep, Tally, Trail, replay
from bot.rules.policy.verdicts import Rung
from storage.database import Database

DONE: Final = {Rung.WARN: "warned", Rung.HEAR: "heard", Rung.DECIDE: "put to a decision"}
NEVER: Final = "-"
NAME: Final = 32  # characters of a customer's name that are shown
LINE: Final = "{name:<32}  {done:<18}  {was:<16}  {would}"
FIGURES: Final = "{step:<18}" + "".join(f"{{{name}:>13}}" for name in ("was", "would", *Change))
HEADS: Final = {name: name.replace("_", " ") for name in Change} | {"was": "as it was", "would": "would be"}


@dataclass(slots=True)
class Replay:
    """One run. `progress` is told after each page how many reports of how many have been replayed."""

    database: Database
    policy: Policy
    since: datetime | None
    progress: Callable[[int, int], None]
    tally: Tally = field(default_factory=Tally)
    reports: int = 0
    customers: int = 0

    def steps(self) -> Iterator[tuple[str, ReplayedStep]]:
        """Every step that somebody was or would have been put to, with the workspace; counted on the way."""
        totals = {team: self._total(team) for team in self.database.teams()}
        for team in totals:
            after = 0
            while page := self._page(team, after):
                after = page[-1].customer
                for trail in page:
                    self.reports += len(trail.told)
                    self.customers += 1
                    for step in replay(trail, self.policy, self.since):
                        self.tally.add(step)
                        yield team, step
                self.progress(self.reports, sum(totals.values()))

    def _total(self, team: str) -> int:
        with self.database.read(team) as ledger:
            return ledger.trails.reports()

    def _page(self, team: str, after: int) -> tuple[Trail, ...]:
        with self.database.read(team) as ledger:
            return ledger.trails.page(after)


class Progress:
    """Says how far it is, at most once for each twentieth of the whole."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """So many of so many reports are replayed."""
        if done >= self._next or done == total:
            self._say(f"{done:,} of {total:,} reports")
            self._next = done + total / 20


def as_table(run: Replay, say: Callable[[str], None]) -> None:
    """A line for each customer and step that would have been different, as they are found; then the figures."""
    zone = ZoneInfo(run.policy.hours.zone)
    say(LINE.format(name="Customer", done="Step", was="As it was", would="As it would be"))
    for _, step in run.steps():
        if step.change is not Change.SAME:
            say(_line(step, zone))
    say("")
    say(FIGURES.format(step="Customers", **HEADS))
    for rung in STEPS:
        say(FIGURES.format(step=DONE[rung], **run.tally.row(rung)))
    since = f" Compared since {run.since.astimezone(zone):%Y-%m-%d}." if run.since else ""
    say(f"\nReports replayed: {run.reports:,}. Customers: {run.customers:,}.{since} What people did was held fixed.")


def as_json(run: Replay, say: Callable[[str], None]) -> None:
    """The same as one JSON document, written as it is found. Times are in UTC."""
    since = run.since.astimezone(UTC).isoformat() if run.since else None
    say(f'{{"policy": "{run.policy.digest}", "since": {json.dumps(since)}, "differences": [')
    comma = ""
    for team, step in run.steps():
        if step.change is not Change.SAME:
            say(comma + json.dumps(_plain(team, step)))
            comma = ","
    steps = {rung.value: run.tally.row(rung) for rung in STEPS}
    say(f'], "steps": {json.dumps(steps)}, "reports": {run.reports}, "customers": {run.customers}}}')


def _plain(team: str, step: ReplayedStep) -> dict[str, object]:
    times = {"was": step.was, "would": step.would}
    known = {"team": team, "customer": step.customer, "name": step.name, "step": step.rung, "change": step.change}
    return known | {name: at.isoformat() if at else None for name, at in times.items()}


def _line(step: ReplayedStep, zone: ZoneInfo) -> str:
    name = " ".join(step.name.split())
    name = name if len(name) <= NAME else f"{name[: NAME - 1]}…"
    return LINE.format(name=name, done=DONE[step.rung], was=_moment(step.was, zone), would=_would(step, zone))


def _would(step: ReplayedStep, zone: ZoneInfo) -> str:
    if step.was is None or step.would is None:
        return "not at all" if step.would is None else f"{_moment(step.would, zone)}, newly"
    apart = abs(step.would - step.was)
    span = f"{apart.days} days" if apart.days > 1 else f"{apart.total_seconds() / 3600:.0f} hours"
    return f"{_moment(step.would, zone)}, {span} {step.change}"


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else NEVER
