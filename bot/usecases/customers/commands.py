"""What managers ask of the desk about a customer, whatever case there is: see `bot.desk.commands`."""

from dataclasses import dataclass
from datetime import date

from bot.rules.people import Person


@dataclass(frozen=True, slots=True)
class SetSafeguard:
    """The case's customer needs tolerance. `kind` is a key of the policy; `until` the last day of it."""

    by: Person
    case: int
    kind: str
    note: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LiftSafeguard:
    """A safeguard is no longer needed, and why."""

    by: Person
    case: int
    safeguard: int
    reason: str


@dataclass(frozen=True, slots=True)
class Describe:
    """What a customer is called, who looks after the account, and what it is worth. Empty: nothing is known."""

    by: Person
    customer: int
    name: str
    owner: str | None
    worth: str
    crm_reference: str


@dataclass(frozen=True, slots=True)
class Guard:
    """The customer needs tolerance. `kind` is a key of the policy; `until` the last day of it."""

    by: Person
    customer: int
    kind: str
    note: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Unguard:
    """A safeguard is no longer needed, and why."""

    by: Person
    customer: int
    safeguard: int
    reason: str


@dataclass(frozen=True, slots=True)
class Merge:
    """`duplicate` is the same customer as `into`, under another name."""

    by: Person
    duplicate: int
    into: int


@dataclass(frozen=True, slots=True)
class UndoMerge:
    """They were two customers after all."""

    by: Person
    merger: int
