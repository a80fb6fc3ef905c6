"""Policy files: `init` writes one, `check` says what is wrong, `show` prints a page, `replay` tries one."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.cli.policy_page import for_hr, for_staff
from bot.cli.shared import load_policy_in_force, load_zone, open_to_read, private_file
from bot.policy_file.load import BUILT_IN, PRESETS
from bot.policy_file.load import load as load_policy
from bot.rules.letter_texts import FROM_HERE, in_letters
from bot.rules.policy.policy import Policy
from bot.rules.policy.replay import STEPS, Change, CustomerHistory, ReplayedStep, Tally, replay
from bot.rules.policy.verdicts import Rung
from storage.database import Database

STEP_NAMES: Final = {Rung.WARN: "warned", Rung.HEAR: "heard", Rung.DECIDE: "put to a decision"}
NO_ADDRESS: Final = (
    "firm.address is empty, and letters ask customers to write to the address that the letter came from. Name the "
    "address, or send no letter without one: what is handed over comes from nowhere."
)
NEVER: Final = "-"
NAME_WIDTH: Final = 32
LINE: Final = "{name:<32}  {step:<18}  {was:<16}  {would}"
FIGURES: Final = "{step:<18}" + "".join(f"{{{name}:>13}}" for name in ("was", "would", *Change))
HEADINGS: Final = {name: name.replace("_", " ") for name in Change} | {"was": "as it was", "would": "would be"}


def add_check_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `policy check`."""
    parser.add_argument("file", type=Path)


def run_check(chosen: argparse.Namespace) -> int:
    """Say what is wrong with a policy file, all at once."""
    policy = load_policy(chosen.file, "UTC")
    print(f"{chosen.file} can be used: {len(policy.categories)} categories, digest {policy.digest[:12]}.")
    texts = (policy.texts.dispute, policy.texts.appeal, policy.texts.emergency)
    if not policy.firm.address and any(FROM_HERE in in_letters(policy, text) for text in texts):
        print(NO_ADDRESS)
    return 0


def add_init_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `policy init`."""
    parser.add_argument("file", type=Path, nargs="?", default=Path("policy.toml"), help="a new file (policy.toml)")
    parser.add_argument("--preset", choices=PRESETS, help="another policy than the built-in one to begin with")


def run_init(chosen: argparse.Namespace) -> int:
    """Write a policy to change as you like, each line explained."""
    with private_file(str(chosen.file)) as file:
        file.write(PRESETS.get(chosen.preset, BUILT_IN).read_bytes())
    print(
        f"{chosen.file} is written. Change it, check it with `policy check {chosen.file}`, and set POLICY_FILE to it."
    )
    return 0


def add_show_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `policy show`."""
    parser.add_argument("--for", dest="readers", choices=("hr", "staff"), default="hr", help="who is to read it (hr)")


def run_show(chosen: argparse.Namespace) -> int:
    """Print the policy in force as a page in Markdown: for HR to sign, or for staff."""
    page = for_staff if chosen.readers == "staff" else for_hr
    print("\n".join(page(load_policy_in_force(chosen.env_file))))
    return 0


def add_replay_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `policy replay`."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--since", type=_day, help="count only what came out from this day on: 2026-01-31")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")


def run_replay(chosen: argparse.Namespace) -> int:
    """Run another policy over the record: who would have been warned, heard, put to a decision, and when."""
    policy = load_policy(chosen.file, load_zone(chosen.env_file))
    with open_to_read(chosen.env_file) as database:
        since = policy.hours.at(chosen.since, time()) if chosen.since else None
        progress = Progress(lambda words: print(words, file=sys.stderr, flush=True))
        (as_json if chosen.json else as_table)(Replay(database, policy, since, progress), print)
    return 0


@dataclass(slots=True)
class Replay:
    """A replay of every customer. It calls `progress` with the reports replayed so far and their total."""

    database: Database
    policy: Policy
    since: datetime | None
    progress: Callable[[int, int], None]
    tally: Tally = field(default_factory=Tally)
    reports: int = 0
    customers: int = 0

    def steps(self) -> Iterator[tuple[str, ReplayedStep]]:
        """Every step that a customer was or would have been put to, with the workspace. Counts them as it goes."""
        totals = {team: self._total(team) for team in self.database.teams()}
        for team in totals:
            after = 0
            while page := self._page(team, after):
                after = page[-1].customer
                for history in page:
                    self.reports += len(history.reports)
                    self.customers += 1
                    for step in replay(history, self.policy, self.since):
                        self.tally.add(step)
                        yield team, step
                self.progress(self.reports, sum(totals.values()))

    def _total(self, team: str) -> int:
        with self.database.read(team) as tx:
            return tx.history.count_reports()

    def _page(self, team: str, after: int) -> tuple[CustomerHistory, ...]:
        with self.database.read(team) as tx:
            return tx.history.page(after)


class Progress:
    """Says how far the replay is, at most once for each twentieth of the whole."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` reports are replayed."""
        if done >= self._next or done == total:
            self._say(f"{done:,} of {total:,} reports")
            self._next = done + total / 20


def as_table(run: Replay, say: Callable[[str], None]) -> None:
    """A line for each step that would have been different, as soon as it is known; then the figures."""
    zone = ZoneInfo(run.policy.hours.zone)
    say(LINE.format(name="Customer", step="Step", was="As it was", would="As it would be"))
    for _, step in run.steps():
        if step.change is not Change.SAME:
            say(_line(step, zone))
    say("")
    say(FIGURES.format(step="Customers", **HEADINGS))
    for rung in STEPS:
        say(FIGURES.format(step=STEP_NAMES[rung], **run.tally.row(rung)))
    since = f" Compared since {run.since.astimezone(zone):%Y-%m-%d}." if run.since else ""
    say(f"\nReports replayed: {run.reports:,}. Customers: {run.customers:,}.{since} What people did was held fixed.")


def as_json(run: Replay, say: Callable[[str], None]) -> None:
    """The same as one JSON document, written piece by piece. Times are in UTC."""
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
    times = {"was": step.was and step.was.isoformat(), "would": step.would and step.would.isoformat()}
    known = {"team": team, "customer": step.customer, "name": step.name, "step": step.rung, "change": step.change}
    return known | times


def _line(step: ReplayedStep, zone: ZoneInfo) -> str:
    name = " ".join(step.name.split())
    name = name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…"
    return LINE.format(name=name, step=STEP_NAMES[step.rung], was=_moment(step.was, zone), would=_would(step, zone))


def _would(step: ReplayedStep, zone: ZoneInfo) -> str:
    if step.was is None or step.would is None:
        return "not at all" if step.would is None else f"{_moment(step.would, zone)}, newly"
    apart = abs(step.would - step.was)
    span = f"{apart.days} days" if apart.days > 1 else f"{apart.total_seconds() / 3600:.0f} hours"
    return f"{_moment(step.would, zone)}, {span} {step.change}"


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else NEVER


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2026-01-31") from None
