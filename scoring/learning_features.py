"""What the learning looks at: a gap's features as numbers that mean the same in every workshop."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.past_workshops import GapFeatures

Array = NDArray[np.float64]
Reading = Callable[[GapFeatures], float | None]
FLAT = 1e-9  # a spread below this part of the values is floating-point noise


def rule_score(gap: GapFeatures) -> float:
    """Model 0, the simple rule: gap x weight."""
    return round(gap.size * gap.weight, 12)


def _log(value: float | None) -> float | None:
    return None if value is None else float(np.log1p(value))


RULE = "rule"
NUMBERS: dict[str, Reading] = {
    RULE: rule_score,
    "size": lambda gap: gap.size,
    "weight": lambda gap: gap.weight,
    "difference": lambda gap: gap.difference,
    "unknown": lambda gap: gap.unknown,
    "days": lambda gap: _log(gap.days),  # twice the days counts the same at any size
    "cost": lambda gap: gap.cost,
    "dependencies": lambda gap: _log(gap.dependencies),
}
KINDS: dict[str, Callable[[GapFeatures], str | None]] = {
    "section": lambda gap: gap.section,
    "enabler": lambda gap: gap.enabler,
}


def feature_of(column: str) -> str:
    """The feature that a column belongs to: "section=labs" is a column of "section"."""
    return column.partition("=")[0]


def columns_of(lists: Iterable[Sequence[GapFeatures]]) -> tuple[str, ...]:
    """The numbers, then one column for each section and enabler that occurs, in alphabetical order."""
    gaps = [gap for each in lists for gap in each]
    kinds = ({f"{kind}={read(gap)}" for gap in gaps if read(gap) is not None} for kind, read in KINDS.items())
    return (*NUMBERS, *(column for each in kinds for column in sorted(each)))


def feature_table(gaps: Sequence[GapFeatures], columns: Sequence[str]) -> Array:
    """One row per gap, one column per name.

    A number is standardised within its list of gaps (mean 0, standard deviation 1), so that workshops with wide and
    narrow lists teach the same; not known, and all the same, is 0. A section or enabler is 1 where the gap has it;
    one without a column has no effect.
    """
    return np.column_stack([_column(gaps, name) for name in columns]) if gaps else np.zeros((0, len(columns)))


def _column(gaps: Sequence[GapFeatures], name: str) -> Array:
    if name in NUMBERS:
        return _standardised([NUMBERS[name](gap) for gap in gaps])
    kind, _, value = name.partition("=")
    return np.array([float(KINDS[kind](gap) == value) for gap in gaps])


def _standardised(values: Sequence[float | None]) -> Array:
    numbers = np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    known = numbers[~np.isnan(numbers)]
    if len(known) < 2 or known.std() <= FLAT * np.abs(known).max():
        return np.zeros(len(numbers))
    standardised: Array = np.where(np.isnan(numbers), 0.0, (numbers - known.mean()) / known.std())
    return standardised
