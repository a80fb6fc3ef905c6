"""Two records that were one customer: what moves, and what the one matter is that goes on."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.rules.cases import Case
from bot.rules.policy.verdicts import Rung


@dataclass(frozen=True, slots=True)
class Moved:
    """What a merger moved to the customer, so that it can be moved back.

    `joined`: reports of the case `closed`, which went on in the case `survivor`. `owner`, `worth`, `crm_reference`:
    what the customer got from the duplicate, None where they had their own or there was none.
    """

    reports: tuple[int, ...] = ()
    cases: tuple[int, ...] = ()
    safeguards: tuple[int, ...] = ()
    closed: int | None = None
    survivor: int | None = None
    joined: tuple[int, ...] = ()
    owner: str | None = None
    worth: str | None = None
    crm_reference: str | None = None

    def body(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @classmethod
    def read(cls, body: dict[str, Any]) -> "Moved":
        """From the values of `body`."""
        values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in body.items()}
        return cls(**values)


def going_on(one: Case, other: Case, *, bound: frozenset[int]) -> tuple[Case, Case]:
    """Of two open cases about one customer: which goes on, and which ends.

    A case in which a warning is written or a hearing is under way (`bound`) goes on, so that it is not lost; otherwise
    the one that is due first.
    """
    first, second = sorted((one, other), key=lambda case: (case.number not in bound, case.due_at, case.number))
    return first, second


def higher(one: Rung, other: Rung) -> Rung:
    """The rung further up the ladder."""
    return max(one, other, key=list(Rung).index)
