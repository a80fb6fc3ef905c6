"""Past cases, to compare one with that is to be decided."""

from datetime import datetime
from typing import Protocol

from bot.rules.precedent import Likeness, Precedent
from bot.rules.values import Verdict


class Precedents(Protocol):
    """What cases are compared by, and past cases to compare with."""

    def note(self, case: int, customer: int, verdict: Verdict) -> None:
        """What the case is compared by, from the newest verdict. The standing is that of the first time."""

    def of_case(self, case: int) -> Likeness | None:
        """What the case is compared by."""

    def candidates(self, like: Likeness, besides: int, as_of: datetime) -> tuple[Precedent, ...]:
        """The newest cases that had ended by then with a warning or a decision, of other customers than this one; some
        hundreds.
        """

    def followed(self, past: Precedent, as_of: datetime) -> Precedent:
        """The same with how many reports had come after its end by then."""
