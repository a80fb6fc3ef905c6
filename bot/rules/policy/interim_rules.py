"""The policy's rules for interim protection: what holds for reps until management has decided."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.rules.policy.verdicts import Rung


class ProtectionKind(StrEnum):
    """How reps deal with a customer until management has decided."""

    WRITTEN_ONLY = "written_only"
    NOT_ALONE = "not_alone"


@dataclass(frozen=True, slots=True)
class InterimRules:
    """When a case puts its customer under protection: `at` these rungs, and with any severe report if `severe`.

    `protection`: which one. The texts are what reps read of each, and `say` what they may say to the customer.
    """

    at: tuple[Rung, ...] = ()
    severe: bool = False
    protection: ProtectionKind = ProtectionKind.WRITTEN_ONLY
    written_only: str = ""
    not_alone: str = ""
    say: str = ""

    def words(self, kind: ProtectionKind) -> str:
        """What reps read of this protection."""
        return self.written_only if kind is ProtectionKind.WRITTEN_ONLY else self.not_alone


NO_PROTECTION: Final = InterimRules()


def interim_rules(**body: Any) -> InterimRules:  # noqa: ANN401 - as it is stored
    """The rules of a policy's body."""
    values: dict[str, Any] = {}
    if body:
        values = {"at": tuple(map(Rung, body["at"])), "protection": ProtectionKind(body["protection"])}
    return InterimRules(**body | values)
