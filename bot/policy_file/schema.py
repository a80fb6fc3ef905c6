"""What a policy file must look like as a whole, and the policy that it makes."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from bot.policy_file.sections import (
    BusinessPart,
    CategoryPart,
    DeadlinesPart,
    DecisionsPart,
    Key,
    LadderPart,
    Option,
    Repository,
    SeveritiesPart,
    TextsPart,
    WordingPart,
    weekdays,
    wrong,
)
from bot.rules.business_time import Hours
from bot.rules.policy.policy import Policy
from bot.rules.policy.sections import Category, Deadlines, Texts, Weight, Wording
from bot.rules.policy.verdicts import Severity


class PolicyShape(Repository):
    """The whole file. Lists are as long as Slack's forms take them: 100 in a menu, 10 beside tick boxes."""

    deadlines: DeadlinesPart
    business: BusinessPart
    decisions: DecisionsPart
    texts: TextsPart
    severities: SeveritiesPart
    categories: Annotated[dict[Key, CategoryPart], Field(min_length=1, max_length=100)]
    ladder: LadderPart
    reason_classes: Annotated[dict[Key, Option], Field(min_length=1, max_length=100)]
    conditions: Annotated[dict[Key, WordingPart], Field(min_length=1, max_length=10)]
    safeguards: Annotated[dict[Key, WordingPart], Field(min_length=1, max_length=100)]

    @field_validator("categories")
    @classmethod
    def _with_other(cls, categories: dict[str, CategoryPart]) -> dict[str, CategoryPart]:
        if "other" not in categories:
            mend = "add it: reports of a kind that left the policy weigh as it does"
            raise wrong("there is no [categories.other]", mend)
        if categories["other"].zero_tolerance:
            mend = "write false: reports of a kind that left the policy weigh as it does"
            raise wrong("“other” cannot be of zero tolerance", mend, "other.zero_tolerance")
        return categories

    @field_validator("ladder")
    @classmethod
    def _within_reach(cls, ladder: LadderPart, others: ValidationInfo) -> LadderPart:
        if {"categories", "severities"} <= others.data.keys():
            weighing = [c.points for c in others.data["categories"].values() if not c.zero_tolerance]
            worst = max(weighing, default=0) * others.data["severities"].severe.times
            if worst < ladder.decide_at_points:
                what = f"no report can reach this: the heaviest one weighs {worst} points"
                raise wrong(what, f"write {worst} or less, or give a category more points", "decide_at_points")
        return ladder

    def policy(self, zone: str) -> Policy:
        """The policy that the file says. `zone`: the firm's time zone where the file names none."""
        return Policy(
            warn_at_points=self.ladder.warn_at_points,
            decide_at_points=self.ladder.decide_at_points,
            decide_reporters=self.ladder.decide_reporters,
            points_expire_after=timedelta(days=self.ladder.points_expire_after_days),
            warnings_expire_after=timedelta(days=self.ladder.warnings_expire_after_days),
            severities={Severity(key): Weight(**dict(weight)) for key, weight in self.severities},
            categories={key: Category(key=key, **dict(part)) for key, part in self.categories.items()},
            deadlines=Deadlines(**dict(self.deadlines)),
            hours=self._hours(zone),
            **dict(self.decisions),
            reason_classes=dict(self.reason_classes),
            conditions=_wordings(self.conditions),
            safeguards=_wordings(self.safeguards),
            texts=Texts(**dict(self.texts)),
        )

    def _hours(self, zone: str) -> Hours:
        part = self.business
        return Hours(part.zone or zone, weekdays(part.days), part.opens, part.closes, frozenset(part.holidays))


def _wordings(parts: dict[str, WordingPart]) -> dict[str, Wording]:
    return {key: Wording(key=key, **dict(part)) for key, part in parts.items()}
