"""Read models of a customer: the card, the timeline, and the answer if nobody is called so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.rules.cases import Case
from bot.rules.customers import Customer, LikelyCustomer, Safeguard
from bot.rules.decisions import Decision
from bot.rules.home import OwnReport, Page
from bot.rules.mergers import Merger
from bot.rules.objections import Objection
from bot.rules.protection import Protection


@dataclass(frozen=True, slots=True)
class ForManagers:
    """What managers see of a customer and reps do not: number of reports, and of different reps who made them."""

    reports: int
    reporters: int
    safeguards: tuple[Safeguard, ...] = ()
    mergers: tuple[Merger, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerFile:
    """What somebody sees of a customer before they pick up the phone.

    `decision`: the last one, ended or not. `objection`: to that decision, answered or not.
    `warned_until`: when the last valid warning expires. `patience`: what the safeguards tell reps. `own`: the newest of
    the viewer's own reports. `former`: earlier names. `grave`: the names of the kinds of zero tolerance that valid
    reports are of. `conduct`: the newest valid category. `letter_owed_by`: who is to send the customer our letter,
    which they do not have yet. `protection`: what holds until management has decided.
    `gone`: the colleagues whom the decision's conditions name and who have left.
    """

    customer: Customer
    decision: Decision | None
    open_case: Case | None
    warned_until: datetime | None
    patience: tuple[str, ...]
    own: tuple[OwnReport, ...]
    former: tuple[str, ...] = ()
    objection: Objection | None = None
    managers: ForManagers | None = None
    grave: tuple[str, ...] = ()
    conduct: str | None = None
    letter_owed_by: str | None = None
    protection: Protection | None = None
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CustomerOnRecord:
    """What says beyond doubt which record somebody has before them, before they do what cannot be undone.

    `reports`: how many, without those that were withdrawn. `since`: when the record was made. `merged`: the numbers of
    the records merged into it.
    """

    customer: Customer
    reports: int
    since: datetime
    merged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ToJoin:
    """A record that is about to be merged with another one, as it is on record now, and its open case."""

    found: CustomerOnRecord
    open_case: Case | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """No customer, or several, match a typed name. `matches`: `likely` contain what was typed, else are like it."""

    typed: str
    likely: tuple[LikelyCustomer, ...]
    matches: bool


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An entry of the audit log as the timeline shows it. `customer`: whose chain it is in."""

    customer: int
    at: datetime
    actor: str
    act: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of what has happened with a customer and the customers merged into them, newest first."""

    customer: Customer
    page: Page[TimelineEntry]
