"""The policy's rules for ending a contact: for which kinds of conduct a rep may do so, and when."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Informed(StrEnum):
    """Whether the rep informed the customer first that the rep would end the contact."""

    YES = "yes"
    NO = "no"
    NO_TIME = "no_time"


class EndingRule(StrEnum):
    """The rule under which a contact was ended within the policy."""

    AT_ONCE = "at_once"
    AFTER_WARNING = "after_warning"
    AFTER_REPETITION = "after_repetition"


@dataclass(frozen=True, slots=True)
class EndedContact:
    """What a rep says of a contact that they ended. `repeated`: it had gone on for the policy's minutes."""

    informed: Informed
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class EndingRules:
    """The keys of the categories for which each rule holds. `minutes`: of repetition."""

    at_once: tuple[str, ...] = ()
    after_warning: tuple[str, ...] = ()
    after_repetition: tuple[str, ...] = ()
    minutes: int = 10

    def first_step(self, category: str) -> EndingRule | None:
        """What a rep may do about this kind of conduct, the least that it takes; None if the policy does not say."""
        return next((rule for rule in EndingRule if category in self._kinds(rule)), None)

    def within(self, ended: EndedContact, category: str) -> EndingRule | None:
        """The rule within which the contact was ended; None if the policy has none for it."""
        holds = {
            EndingRule.AT_ONCE: True,
            EndingRule.AFTER_WARNING: ended.informed is Informed.YES,
            EndingRule.AFTER_REPETITION: ended.repeated,
        }
        return next((rule for rule in EndingRule if holds[rule] and category in self._kinds(rule)), None)

    def _kinds(self, rule: EndingRule) -> tuple[str, ...]:
        return {
            EndingRule.AT_ONCE: self.at_once,
            EndingRule.AFTER_WARNING: self.after_warning,
            EndingRule.AFTER_REPETITION: self.after_repetition,
        }[rule]


NO_RULES: Final = EndingRules()


def ending_rules(minutes: int = NO_RULES.minutes, **kinds: list[str]) -> EndingRules:
    """The rules of a policy's body."""
    return EndingRules(minutes=minutes, **{rule: tuple(keys) for rule, keys in kinds.items()})
