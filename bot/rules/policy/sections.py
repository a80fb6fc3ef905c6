"""The parts that a policy is made of."""

from dataclasses import dataclass

from bot.rules.business_time import Span


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of conduct. `unacceptable` and `change` are the words of letters: what it was, and what is asked for."""

    key: str
    name: str
    explanation: str
    points: int
    zero_tolerance: bool
    unacceptable: str
    change: str


@dataclass(frozen=True, slots=True)
class Weight:
    """What a severity means to a rep, and by how much it multiplies a category's points."""

    name: str
    explanation: str
    times: int


@dataclass(frozen=True, slots=True)
class Wording:
    """A choice on a form and what reps are told of it: a condition of keeping, or a kind of safeguard."""

    key: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Texts:
    """The firm's own sentences: what reps may say, and what letters must say."""

    boundary: str
    end_contact: str
    when_dropped: str
    emergency: str
    dispute: str
    appeal: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long management may take. `extension` is what hearing both sides adds; `reminder` a share of the time."""

    warn: Span
    hear: Span
    decide: Span
    zero_tolerance: Span
    extension: Span
    reminder: float
