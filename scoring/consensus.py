"""How far the votes on one ladder agree: two published measures, the fullest pair of levels, and two camps."""

from collections.abc import Sequence
from itertools import combinations, pairwise
from math import log2

CAMPS_AT_ENDS = -0.1  # agreement A
VALLEY = 5  # % of the votes
CAMP = 30  # % of the votes


def van_der_eijk(counts: Sequence[int]) -> float | None:
    """Agreement A of the votes per level: 1 all on one level, 0 spread evenly, -1 half at either end.

    The votes are cut into layers of equal height, each the pattern of the levels that still have votes. A layer with
    S of K levels has A = U (1 - (S - 1) / (K - 1)), where U counts triples of levels, two with votes and one without:
    U = ((K - 2) TU - (K - 1) TDU) / ((K - 2) (TU + TDU)), TDU those with the hole in the middle, TU the others; 1
    without any such triple. A is the mean of the layers, each weighed by its votes. Source: van der Eijk (2001),
    Measuring agreement in ordered rating scales, Quality & Quantity 35:325-341.

    Its sign tells opposite ends only: two camps on the second and the fifth of six levels have A = -0.1, two camps
    two levels apart have A above 0. With two levels there is no triple and A goes from 0 (half and half) to 1.
    None without a vote, or on a ladder of one level.
    """
    total, left = sum(counts), list(counts)
    if not total or len(left) < 2:
        return None
    weighed = 0.0
    while any(left):
        pattern = [level for level, count in enumerate(left) if count]
        height = min(left[level] for level in pattern)
        weighed += height * len(pattern) * _pattern_agreement(pattern, len(left))
        left = [max(0, count - height) for count in left]
    return weighed / total


def tastle_wierman(counts: Sequence[int]) -> float | None:
    """Consensus Cns of the votes per level: 1 all on one level, 0 half at either end.

    Cns = 1 + sum of p log2(1 - |level - mean| / d), p the share of a level, d the distance of the ends; it moves
    smoothly with each vote, but votes spread evenly over five levels still score 0.434: it says how far apart, not
    how many camps. Source: Tastle & Wierman (2007), Consensus and dissention: a measure of ordinal dispersion,
    International Journal of Approximate Reasoning 45:531-545. None without a vote, or on a ladder of one level.
    """
    total, width = sum(counts), len(counts) - 1
    if not total or width < 1:
        return None
    mean = sum(level * count for level, count in enumerate(counts)) / total
    return 1 + sum(count / total * log2(1 - abs(level - mean) / width) for level, count in enumerate(counts) if count)


def fullest_pair(counts: Sequence[int]) -> tuple[int, float] | None:
    """The lower of the two adjacent levels with the most votes, and the share of the votes on the two.

    Of pairs with equally many the lowest, so that a tie never flatters. None without a vote, or on one level.
    """
    total = sum(counts)
    if not total or len(counts) < 2:
        return None
    pairs = [low + high for low, high in pairwise(counts)]
    fullest = max(pairs)
    return pairs.index(fullest), fullest / total


def two_camps(counts: Sequence[int]) -> bool:
    """Whether a level that hardly anybody chose parts the votes in two, or A is well below 0.

    A valley is a level with at most 5 % of the votes and 30 % or more on either side; or A is -0.1 or less. The limits
    are illustrative. By simulation with 20 votes on six levels, 4,000 rooms: 43 % on the second and on the fifth
    level are found in 93 % of rooms, 35 % at either end in 91 %; a single hill is taken for camps in 0.1 %, votes that
    fall on all levels alike in 26 % (10 votes 32 %, 40 votes 7 %).
    """
    total, agreement = sum(counts), van_der_eijk(counts)
    if agreement is None:
        return False
    return round(agreement, 9) <= CAMPS_AT_ENDS or any(
        100 * count <= VALLEY * total and 100 * min(sum(counts[:level]), sum(counts[level + 1 :])) >= CAMP * total
        for level, count in enumerate(counts)
    )


def _pattern_agreement(pattern: Sequence[int], levels: int) -> float:
    """A of one layer, given the levels that have votes, in order."""
    holes = levels - len(pattern)
    pairs = list(combinations(range(len(pattern)), 2))
    middle = sum(pattern[j] - pattern[i] - (j - i) for i, j in pairs)  # TDU: levels without votes between the two
    outside = holes * len(pairs) - middle  # TU
    unimodal = 1.0
    if middle + outside:
        unimodal = ((levels - 2) * outside - (levels - 1) * middle) / ((levels - 2) * (middle + outside))
    return unimodal * (1 - (len(pattern) - 1) / (levels - 1))
