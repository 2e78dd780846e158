"""Where the firm stands against its target, question by question."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Target:
    """What the firm wants to reach: a choice per question, a programme's score per dimension, or the next level.

    For a question the first that is given counts: `levels` (level index), then the `scores` of the nearest
    dimension above it, then the next level of its own ladder.
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """One question's distance to its target. Scores on the questionnaire's scale.

    `weight` is the question's share in the overall score (0 to 1, all asked questions sum to 1).
    """

    question: str
    dimension: str
    factor: str
    level: int
    target_level: int
    score: float
    target: float
    weight: float

    @property
    def size(self) -> float:
        """Target less score, in points of the scale."""
        return self.target - self.score
