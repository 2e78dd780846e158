"""Answers become scores: of every question, of every dimension, and overall, each with its interval."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.schema import Bin


@dataclass(frozen=True, slots=True)
class NodeScore:
    """The score of a dimension or of the whole, on the questionnaire's scale.

    `low` and `high` are the score with every missing answer at the scale's end that hurts or helps most;
    `coverage` is the weight answered over the weight asked (0 to 1). All but coverage are None without a score.
    """

    score: float | None
    low: float | None
    high: float | None
    coverage: float


@dataclass(frozen=True, slots=True)
class Readiness:
    """All scores of one assessment. `asked` holds the questions that apply to this firm."""

    questionnaire: str
    version: str
    overall: NodeScore
    profile: Bin | None
    nodes: Mapping[str, NodeScore]
    questions: Mapping[str, float | None]
    asked: frozenset[str]
