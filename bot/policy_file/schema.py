"""The schema of the whole policy file, and the policy that it makes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints, field_validator
from pydantic_core.core_schema import ValidationInfo

from bot.policy_file.business_section import BusinessSection, weekdays
from bot.policy_file.sections import (
    LONGEST_SENTENCE,
    BackupSection,
    CategorySection,
    ConditionSection,
    DeadlinesSection,
    DecisionsSection,
    EvidenceSection,
    Key,
    LadderSection,
    Option,
    RetentionSection,
    Section,
    Sentence,
    SeveritiesSection,
    TextsSection,
    WordingSection,
    wrong,
)
from bot.rules.business_time import Hours
from bot.rules.policy.backup_rules import BackupRules
from bot.rules.policy.ending_rules import EndingRules
from bot.rules.policy.interim_rules import InterimRules, interim_rules
from bot.rules.policy.policy import (
    Category,
    Deadlines,
    EvidenceLimits,
    Letterhead,
    Policy,
    Retention,
    Texts,
    Weight,
    Wording,
)
from bot.rules.policy.verdicts import Severity

MOST_ASKING: Final = 5
Kinds = Annotated[list[Key], Field(max_length=100)]


class FirmSection(Section):
    """Who writes the letters to customers."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    address: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    signature: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""


class EndingSection(Section):
    """The kinds of conduct for which a rep may end a contact, and when."""

    at_once: Kinds = Field(default_factory=list)
    after_warning: Kinds = Field(default_factory=list)
    after_repetition: Kinds = Field(default_factory=list)
    minutes: Annotated[int, Field(ge=1, le=120)] = 10

    def rules(self) -> EndingRules:
        """The same as the policy has it."""
        return EndingRules(
            at_once=tuple(self.at_once),
            after_warning=tuple(self.after_warning),
            after_repetition=tuple(self.after_repetition),
            minutes=self.minutes,
        )


class InterimSection(Section):
    """When a customer is under protection until management has decided, and what reps read and say then."""

    at: Annotated[list[Literal["warn", "hear", "decide"]], Field(max_length=3)] = Field(default_factory=list)
    severe: bool = False
    protection: Literal["written_only", "not_alone"] = "written_only"
    written_only: Sentence = "Contact in writing only. Take no calls."
    not_alone: Sentence = "Never alone: have a colleague beside you or on the line."
    say: Sentence = "For now we deal with you in writing only. Please write to us, and a colleague will answer."

    def rules(self) -> InterimRules:
        """The same as the policy has it."""
        return interim_rules(**dict(self))


class PolicyFile(Section):
    """The whole file. Lists are as long as Slack's forms take them: 100 in a menu, 10 beside tick boxes."""

    deadlines: DeadlinesSection
    business: BusinessSection
    decisions: DecisionsSection
    retention: RetentionSection
    evidence: EvidenceSection = EvidenceSection()
    firm: FirmSection = FirmSection()
    backup: BackupSection = BackupSection()
    texts: TextsSection
    severities: SeveritiesSection
    categories: Annotated[dict[Key, CategorySection], Field(min_length=1, max_length=100)]
    ending: EndingSection = EndingSection()
    interim: InterimSection = InterimSection()
    ladder: LadderSection
    reason_classes: Annotated[dict[Key, Option], Field(min_length=1, max_length=100)]
    conditions: Annotated[dict[Key, ConditionSection], Field(min_length=1, max_length=10)]
    safeguards: Annotated[dict[Key, WordingSection], Field(min_length=1, max_length=100)]

    @field_validator("categories")
    @classmethod
    def _require_other(cls, categories: dict[str, CategorySection]) -> dict[str, CategorySection]:
        if "other" not in categories:
            mend = "add it: reports of a kind that you take out have its points"
            raise wrong("there is no [categories.other]", mend)
        if categories["other"].zero_tolerance:
            mend = "write false: reports of a kind that you take out have its points"
            raise wrong("“other” cannot be of zero tolerance", mend, "other.zero_tolerance")
        return categories

    @field_validator("texts")
    @classmethod
    def _require_room_for_address(cls, texts: TextsSection, others: ValidationInfo) -> TextsSection:
        address = Letterhead(address=others.data.get("firm", FirmSection()).address).address_on_one_line
        for key in ("emergency", "dispute", "appeal"):
            if len(getattr(texts, key).replace("{address}", address)) > LONGEST_SENTENCE:
                raise wrong(
                    f"has more than {LONGEST_SENTENCE} characters with the address in it", "make it shorter", key
                )
        return texts

    @field_validator("ending")
    @classmethod
    def _require_known_kinds(cls, ending: EndingSection, others: ValidationInfo) -> EndingSection:
        if "categories" not in others.data:
            return ending
        for key in ("at_once", "after_warning", "after_repetition"):
            for kind in getattr(ending, key):
                if kind not in others.data["categories"]:
                    raise wrong(f"there is no [categories.{kind}]", "name kinds of conduct by their keys", key)
                if key != "at_once" and kind in ending.at_once:
                    raise wrong(f"“{kind}” stands under at_once already", "take it out of one of the two", key)
        return ending

    @field_validator("conditions")
    @classmethod
    def _require_few_questions(cls, conditions: dict[str, ConditionSection]) -> dict[str, ConditionSection]:
        asking = [key for key, condition in conditions.items() if condition.asks]
        if len(asking) > MOST_ASKING:
            what = f"more than {MOST_ASKING} conditions ask for a value, which no form takes"
            raise wrong(what, "take asks out of some", f"{asking[MOST_ASKING]}.asks")
        return conditions

    @field_validator("ladder")
    @classmethod
    def _require_reachable_ladder(cls, ladder: LadderSection, others: ValidationInfo) -> LadderSection:
        if {"categories", "severities"} <= others.data.keys():
            points = [c.points for c in others.data["categories"].values() if not c.zero_tolerance]
            worst = max(points, default=0) * others.data["severities"].severe.times
            if worst < ladder.decide_at_points:
                what = f"no report can reach this: the most points of a report are {worst}"
                raise wrong(what, f"write {worst} or less, or give a category more points", "decide_at_points")
        return ladder

    def policy(self, zone: str) -> Policy:
        """The policy. `zone`: the firm's time zone if the file names none."""
        return Policy(
            warn_at_points=self.ladder.warn_at_points,
            decide_at_points=self.ladder.decide_at_points,
            decide_reporters=self.ladder.decide_reporters,
            warnings_before_decision=self.ladder.warnings_before_decision,
            points_expire_after=timedelta(days=self.ladder.points_expire_after_days),
            warnings_expire_after=timedelta(days=self.ladder.warnings_expire_after_days),
            severities={Severity(key): Weight(**dict(weight)) for key, weight in self.severities},
            categories={key: Category(key=key, **dict(section)) for key, section in self.categories.items()},
            deadlines=Deadlines(**dict(self.deadlines)),
            hours=Hours(
                self.business.zone or zone,
                weekdays(self.business.days),
                self.business.opens,
                self.business.closes,
                self.business.days_off,
            ),
            **dict(self.decisions),
            reason_classes=dict(self.reason_classes),
            conditions=_wordings(self.conditions),
            safeguards=_wordings(self.safeguards),
            texts=Texts(**dict(self.texts)),
            retention=Retention(**dict(self.retention)),
            evidence=EvidenceLimits(**dict(self.evidence)),
            firm=Letterhead(**dict(self.firm)),
            backup=BackupRules(**dict(self.backup)),
            ending=self.ending.rules(),
            interim=self.interim.rules(),
        )


def _wordings(sections: Mapping[str, WordingSection]) -> dict[str, Wording]:
    return {key: Wording(key=key, **dict(section)) for key, section in sections.items()}
