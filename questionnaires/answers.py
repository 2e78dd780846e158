"""A firm's answers, read once at the border and checked against the questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

UNKNOWN: Literal["unknown"] = "unknown"
NOT_APPLICABLE: Literal["not_applicable"] = "not_applicable"

# The index of a level, the chosen options, a number, or one of the two words above.
AnswerValue = int | float | tuple[str, ...] | Literal["unknown", "not_applicable"]
ProfileValue = str | float


@dataclass(frozen=True, slots=True)
class Answers:
    """What one firm said of itself and of its plant; questions that are absent are unanswered."""

    profile: Mapping[str, ProfileValue] = field(default_factory=dict)
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)
