"""What somebody finds when they look a customer up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.rules.case_files import Likely
from bot.rules.cases import Case
from bot.rules.customers import Customer, Safeguard
from bot.rules.decisions import Decision
from bot.rules.home import OwnReport, Page
from bot.rules.objections import Appeal


@dataclass(frozen=True, slots=True)
class Merger:
    """A duplicate that was merged into a customer: its number and name, by whom and when."""

    number: int
    duplicate: int
    customer: int
    name: str
    by: str
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ForManagers:
    """What managers see of a customer on top of what reps see: how many reports, by how many different reps."""

    reports: int
    reporters: int
    safeguards: tuple[Safeguard, ...] = ()
    mergers: tuple[Merger, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """What somebody sees of a customer before they pick up the phone.

    `decision`: the last one, ended or not. `asked`: the open case. `warned_until`: until when a warning counts.
    `patience`: the safeguards' words for reps. `own`: the newest of their own reports. `former`: earlier names.
    `appeal`: the one against that decision, answered or not.
    """

    customer: Customer
    decision: Decision | None
    asked: Case | None
    warned_until: datetime | None
    patience: tuple[str, ...]
    own: tuple[OwnReport, ...]
    former: tuple[str, ...] = ()
    appeal: Appeal | None = None
    managers: ForManagers | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """No customer is called so, or several are. `matches`: those that hold what was typed; else the nearest names."""

    typed: str
    likely: tuple[Likely, ...]
    matches: bool


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the audit log as the timeline shows it. `customer`: whose chain it stands in."""

    customer: int
    at: datetime
    actor: str
    act: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of what has happened with a customer, newest first, the customers merged into them included."""

    customer: Customer
    page: Page[Told]
