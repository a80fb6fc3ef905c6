"""The schema of each section of the policy file."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, field_validator
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from bot.rules.business_time import Span
from bot.rules.policy.policy import LARGEST_FILE_MB, MOST_FILES


def wrong(what: str, mend: str, key: str = "") -> PydanticCustomError:
    """The error that says what is wrong and how to put it right. `key`: the key, if the value is a section."""
    return PydanticCustomError("policy", "wrong policy", {"what": what, "mend": mend, "key": key})


def _span(value: object) -> Span:
    try:
        return Span.parse(value if isinstance(value, str) else "")
    except ValueError:
        raise wrong("this is no span of time", 'write "2 business days", "4 hours" or "90 minutes"') from None


def _text(most: int, least: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


Duration = Annotated[Span, PlainValidator(_span)]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,49}$")]
Option = Annotated[str, _text(75)]  # Slack's limit for an option's text and for its description
Clause = Annotated[str, _text(200)]
LONGEST_SENTENCE = 300
Sentence = Annotated[str, _text(LONGEST_SENTENCE)]
Days = Annotated[int, Field(ge=1, le=3650)]
Months = Annotated[int, Field(ge=1, le=60)]
KeptMonths = Annotated[int, Field(ge=1, le=240)]
Small = Annotated[int, Field(ge=1, le=100)]


class Section(BaseModel):
    """A section of the file: exactly its keys, each of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LadderSection(Section):
    """When the policy asks for a step."""

    warn_at_points: Annotated[int, Field(ge=1, le=1000)]
    decide_at_points: Annotated[int, Field(ge=1, le=1000)]
    decide_reporters: Small
    warnings_before_decision: Annotated[int, Field(ge=1, le=5)] = 1
    points_expire_after_days: Days
    warnings_expire_after_days: Days


class DeadlinesSection(Section):
    """How long management may take."""

    warn: Duration
    hear: Duration
    decide: Duration
    zero_tolerance: Duration
    extension: Duration
    reminder: Annotated[float, Field(gt=0, lt=1)]


class DecisionsSection(Section):
    """What a decision must keep to."""

    approvals_to_drop: Annotated[int, Field(ge=1, le=10)]
    notice_days: Annotated[int, Field(ge=0, le=365)]
    review_after_months: Months
    longest_months: Months
    review_notice: Duration
    appeal_within: Duration
    follow_up_after_months: Months
    dispute_within: Duration

    @field_validator("longest_months")
    @classmethod
    def _require_review_before_end(cls, longest: int, others: ValidationInfo) -> int:
        review = others.data.get("review_after_months", 0)
        if review > longest:
            what = f"a decision lapses after {longest} months, before its review after {review}"
            raise wrong(what, "make longest_months as long as review_after_months, or longer")
        return longest


class RetentionSection(Section):
    """For how many months what is personal is kept."""

    texts_months: KeptMonths
    files_months: KeptMonths
    support_months: KeptMonths
    dropped_months: KeptMonths

    @field_validator("files_months")
    @classmethod
    def _require_files_to_go_with_texts(cls, files: int, others: ValidationInfo) -> int:
        texts = others.data.get("texts_months", files)
        if files > texts:
            raise wrong(f"files go with the texts, after {texts} months", f"write {texts} or less")
        return files


class EvidenceSection(Section):
    """How much evidence a report may have, as far as a field of Slack's takes it."""

    files: Annotated[int, Field(ge=0, le=MOST_FILES)] = MOST_FILES
    file_mb: Annotated[int, Field(ge=1, le=LARGEST_FILE_MB)] = LARGEST_FILE_MB


class BackupSection(Section):
    """What happens while a rep waits for somebody."""

    wider_after_seconds: Annotated[int, Field(ge=10, le=3600)] = 60
    alone_after_seconds: Annotated[int, Field(ge=10, le=3600)] = 180
    alone: Sentence = (
        "End the contact now: you may, at any time. If you do not feel safe, leave, "
        "and call security or the emergency services."
    )
    here: bool = False


class TextsSection(Section):
    """The firm's own sentences."""

    boundary: Sentence
    end_contact: Sentence
    when_threatened: Sentence = "I am ending this conversation now. My manager will deal with it."
    when_dropped: Sentence
    emergency: Sentence
    dispute: Sentence
    appeal: Sentence
    complain: Annotated[str, _text(150, least=0)] = ""

    @field_validator("emergency", "dispute", "appeal")
    @classmethod
    def _require_address_once(cls, text: str) -> str:
        rest = text.replace("{address}", "", 1)
        if "{" in rest or "}" in rest:
            raise wrong("only {address} stands for something, once", "take out the other { and }")
        return text


class SeveritySection(Section):
    """What a severity means, and by how much it multiplies the points."""

    name: Annotated[str, _text(30)]
    explanation: Option
    times: Small


class SeveritiesSection(Section):
    """The three severities. None may multiply by less than a milder one."""

    minor: SeveritySection
    serious: SeveritySection
    severe: SeveritySection

    @field_validator("serious", "severe")
    @classmethod
    def _require_rising_weights(cls, weight: SeveritySection, others: ValidationInfo) -> SeveritySection:
        for name, milder in others.data.items():
            if milder.times > weight.times:
                what = f"a {others.field_name} report would have fewer points than a {name} one"
                raise wrong(what, f"write {milder.times} or more", "times")
        return weight


class CategorySection(Section):
    """A kind of conduct."""

    name: Option
    explanation: Option
    points: Annotated[int, Field(ge=0, le=100)]
    zero_tolerance: bool
    unacceptable: Clause
    change: Clause
    boundary: Sentence = ""
    end_contact: Sentence = ""
    decide: Duration | None = None


class WordingSection(Section):
    """A condition or safeguard, and what reps read about it."""

    name: Option
    words: Clause


class ConditionSection(WordingSection):
    """A condition, what reps may say under it and what the letter says, and the one value that it may ask for."""

    asks: Annotated[str, _text(75)] = ""
    asks_for: Literal["person", "text"] = "text"
    default: Annotated[str, _text(100, least=0)] = ""
    say: Sentence = ""
    letter: Clause = ""

    @field_validator("say", "letter")
    @classmethod
    def _require_question(cls, text: str, others: ValidationInfo) -> str:
        if "{value}" in text and not others.data.get("asks"):
            raise wrong("nothing is asked for that could stand for {value}", 'write asks = "Who is it?" or the like')
        return text
