"""Past cases, to compare one with that is to be decided."""

from typing import Protocol

from bot.rules.precedent import Likeness, Precedent
from bot.rules.values import Verdict


class Precedents(Protocol):
    """What cases are compared by, and past cases to compare with."""

    def note(self, case: int, customer: int, verdict: Verdict) -> None:
        """What the case is compared by, from the newest verdict. The standing is that of the first time."""

    def of_case(self, case: int) -> Likeness | None:
        """What the case is compared by."""

    def candidates(self, like: Likeness, besides: int) -> tuple[Precedent, ...]:
        """The newest cases that ended with a warning or a decision, of other customers than this one; some hundreds."""

    def followed(self, past: Precedent) -> Precedent:
        """The same with how many reports came after its end."""
