"""The Prioritisation Matrix (TIER) of the Smart Industry Readiness Index, for those who hold its tables.

TIER weighs Today's state, the Impact to the bottom line, the Essential business objectives and the References to
the broader community. Source: Singapore Economic Development Board, "The Prioritisation Matrix" (2019). The tables
of relevance are EDB's property and not here: a licence holder loads them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from questionnaires.problems import Refused

Table = Mapping[str, Mapping[str, float]]  # category -> dimension -> degree of relevance


@dataclass(frozen=True, slots=True)
class Horizon:
    """How much cost, objectives and proximity to the best count, by how far ahead a firm plans; they sum to 1."""

    cost: float
    objectives: float
    proximity: float


HORIZONS: Mapping[Literal["strategic", "tactical", "operational"], Horizon] = {
    "strategic": Horizon(0.30, 0.40, 0.30),
    "tactical": Horizon(0.45, 0.30, 0.25),
    "operational": Horizon(0.60, 0.20, 0.20),
}


@dataclass(frozen=True, slots=True)
class Tables:
    """The dimensions with their building block, and how relevant each is to each cost category and objective."""

    blocks: Mapping[str, str]
    costs: Table
    objectives: Table


@dataclass(frozen=True, slots=True)
class Standing:
    """One plant: its bands, the best in class, the shares of its costs, and the importance of its chosen objectives."""

    bands: Mapping[str, float]
    best_in_class: Mapping[str, float]
    cost_shares: Mapping[str, float]
    objectives: Mapping[str, float]


class IncompleteStanding(Refused):
    """A dimension or category without a figure; nothing is imputed, as what is imputed is not measured."""


def impact_values(tables: Tables, standing: Standing, horizon: Horizon) -> dict[str, float]:
    """The impact value of each dimension; together they sum to 1 when every term has something to tell.

    Each term is divided by its own total over the dimensions before it is weighted (0 / 0 is 0): relevance to costs
    sum(relevance * share), relevance to objectives sum(relevance * importance), and proximity max(best - band, 0).

    Raises:
        IncompleteStanding: a band, a best band or a table's figure is missing.
    """
    dimensions = tuple(tables.blocks)
    cost = _normalised(_relevance(tables.costs, standing.cost_shares, dimensions, "cost category"))
    objectives = _normalised(_relevance(tables.objectives, standing.objectives, dimensions, "objective"))
    bands = _complete(standing.bands, dimensions, "band")
    best = _complete(standing.best_in_class, dimensions, "band of the best in class")
    proximity = _normalised([max(b - own, 0.0) for own, b in zip(bands, best, strict=True)])
    return {
        dimension: horizon.cost * c + horizon.objectives * o + horizon.proximity * p
        for dimension, c, o, p in zip(dimensions, cost, objectives, proximity, strict=True)
    }


def focus_dimensions(tables: Tables, impact: Mapping[str, float]) -> tuple[str, ...]:
    """Where to start: the dimension of greatest impact in each building block, then the next best of all others.

    In the order of impact; of equals, the one that comes first in the tables.
    """
    ranked = sorted(tables.blocks, key=lambda dimension: -impact[dimension])
    best: dict[str, str] = {}
    for dimension in ranked:
        best.setdefault(tables.blocks[dimension], dimension)
    others = [dimension for dimension in ranked if dimension not in best.values()]
    chosen = {*best.values(), *others[:1]}
    return tuple(dimension for dimension in ranked if dimension in chosen)


def _relevance(table: Table, shares: Mapping[str, float], dimensions: Sequence[str], word: str) -> list[float]:
    totals = [0.0] * len(dimensions)
    for category, share in shares.items():
        if category not in table:
            raise IncompleteStanding(f"the tables know no {word} '{category}'; they have {', '.join(table)}")
        row = _complete(table[category], dimensions, f"relevance to '{category}'")
        totals = [total + relevance * share for total, relevance in zip(totals, row, strict=True)]
    return totals


def _complete(figures: Mapping[str, float], dimensions: Sequence[str], word: str) -> list[float]:
    absent = [dimension for dimension in dimensions if dimension not in figures]
    if absent:
        raise IncompleteStanding(f"no {word} for {', '.join(absent)}; give a figure for every dimension")
    return [figures[dimension] for dimension in dimensions]


def _normalised(terms: Sequence[float]) -> list[float]:
    whole = sum(terms)
    return [term / whole if whole else 0.0 for term in terms]
