"""How sure a readiness is: against missing answers, against the weights, against the aggregation rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.schema import Bin, Rule


@dataclass(frozen=True, slots=True)
class WeightSensitivity:
    """The overall score when every weight may be wrong by `error` (0.2 = 20 %), over `draws` draws.

    `low`, `high` are the 5th and 95th percentile of the score; `labels` the share of draws per profile id.
    """

    error: float
    draws: int
    low: float
    high: float
    labels: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RuleScore:
    """The overall score under one aggregation rule, used at every node."""

    rule: Rule
    score: float | None
    profile: Bin | None
