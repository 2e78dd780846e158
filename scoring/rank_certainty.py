"""How sure a room's order is: bars around the ranks, the chance to be among the first, who is ahead of whom."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.best_worst import SAME, BallotCounts, by_block, mean_of_blocks, mid_ranks
from scoring.dispersion import SMALLEST_GROUP

Floats = NDArray[np.float64]
LEAST_RELIABLE = 0.05  # never 0, where all items of all draws would be tied, and look certain


@dataclass(frozen=True, slots=True)
class RankBar:
    """One item's rank, its bar (from `low`, the better end, to `high`) and its chance to be in the top k."""

    item: str
    rank: float
    low: float
    high: float
    top: float


@dataclass(frozen=True, slots=True)
class RankCertainty:
    """What other people of the same groups might have said: bars and chances over `draws` draws with `seed`.

    `ahead[i, j]` is the chance that item i comes before item j, ties counted half; with [j, i] it sums to 1. The
    chances to be in the top k sum to k.
    """

    k: int
    level: float
    draws: int
    seed: int
    bars: tuple[RankBar, ...]
    ahead: Floats

    def contested(self, low: float = 0.1, high: float = 0.9) -> tuple[str, ...]:
        """The items of which the room has not settled whether they are in the top k: chance from `low` to `high`."""
        return tuple(bar.item for bar in self.bars if low <= bar.top <= high)


def rank_certainty(
    counts: BallotCounts, k: int, draws: int = 2000, seed: int = 1992, level: float = 0.9
) -> RankCertainty:
    """Draw the people of each block anew, many times, and see where the items come.

    - A draw takes n - 1 of a block's n people with replacement: with n the spread would come out too small by
      (n - 1) / n, which matters in groups of five (McCarthy and Snowden, 1985, Vital and Health Statistics 2(95); Rao
      and Wu, 1988, JASA 83). Scores are ratios, so nothing else has to be rescaled. A person's screens stay together.
    - Each draw is scored as the room is: by block, then the mean of the blocks. Then it is pulled to the middle by the
      part of the differences between items that is the luck of who came (`reliability`). Without that the draws of a
      small room, or of one that hardly prefers anything, are too sure of what they saw.
    - Items of the same score share the mean of their places; where they stand across the border of the top k, they
      share the places inside it.
    - A bar runs from the (1 - level) / 2 quantile of the ranks to the (1 + level) / 2 quantile, outwards to a rank
      that was drawn, and holds the room's own rank.
    - Below five people nothing can be said: bars from first to last, equal chances.

    The draws speak of the people who might have come, not of how well they judge. Coverage and reliability of these
    figures are measured by `make calibrate` and printed in docs/method.md.

    Raises:
        ValueError: k is not between 1 and the number of items, there is no draw, or the level is not between 0 and 1.
    """
    m = len(counts.items)
    if not 1 <= k <= m or draws < 1 or not 0 < level < 1:
        raise ValueError("k is from 1 to the number of items, with at least one draw and a level between 0 and 1")
    net, shown = (by_block(counts.block, each, len(counts.blocks)) for each in (counts.net, counts.shown))
    seen = mean_of_blocks(net, shown)
    rank = mid_ranks(seen)
    if len(counts.people) < SMALLEST_GROUP:
        low, high, top, ahead = np.full(m, 1.0), np.full(m, float(m)), np.full(m, k / m), np.full((m, m), 0.5)
    else:
        score = np.round(_to_the_middle(seen, drawn_scores(counts, draws, seed)), SAME)
        low, high = bars(mid_ranks(score), level)
        low, high = np.minimum(low, rank), np.maximum(high, rank)
        top, ahead = top_chances(score, k), _ahead(score)
    columns = zip(counts.items, rank, low, high, top, strict=True)
    found = tuple(RankBar(item, float(r), float(a), float(b), float(t)) for item, r, a, b, t in columns)
    return RankCertainty(k, level, draws, seed, found, ahead)


def drawn_scores(counts: BallotCounts, draws: int, seed: int) -> Floats:
    """Scores [draw, item] of rooms drawn from this one, block by block."""
    rng = np.random.Generator(np.random.PCG64(seed))
    net = np.zeros((draws, len(counts.blocks), len(counts.items)))
    shown = np.zeros_like(net)
    for number in range(len(counts.blocks)):
        rows = np.flatnonzero(counts.block == number)
        times = rng.multinomial(max(1, len(rows) - 1), np.full(len(rows), 1 / len(rows)), size=draws).astype(np.float64)
        net[:, number] = times @ counts.net[rows]
        shown[:, number] = times @ counts.shown[rows]
    return mean_of_blocks(net, shown)


def reliability(seen: Floats, drawn: Floats) -> float:
    """The part of the variance between the items' scores that is not the luck of the draw; at least 0.05.

    1 - (mean variance of an item's draws) / (variance between items): the factor by which Stein's estimator shrinks
    (Efron and Morris, 1975, JASA 70).
    """
    luck, differences = float(((drawn - seen) ** 2).mean()), float(seen.var(ddof=1)) if len(seen) > 1 else 0.0
    return max(LEAST_RELIABLE, 1 - luck / differences) if differences else LEAST_RELIABLE


def _to_the_middle(seen: Floats, drawn: Floats) -> Floats:
    """Draws of what all people like these would say: mean m + R (s - m), variance R times the luck (normal theory)."""
    r, middle = reliability(seen, drawn), seen.mean()
    return np.asarray(middle + r * (seen - middle) + math.sqrt(r) * (drawn - seen))


def bars(ranks: Floats, level: float) -> tuple[Floats, Floats]:
    """Lower and upper ends of the bars of ranks [draw, item]."""
    low = np.quantile(ranks, (1 - level) / 2, axis=0, method="lower")
    high = np.quantile(ranks, (1 + level) / 2, axis=0, method="higher")
    return low, high


def top_chances(score: Floats, k: int) -> Floats:
    """The share of draws [draw, item] in which each item is in the top k; ties across its border share the places."""
    above = (score[:, None, :] > score[:, :, None]).sum(axis=-1)
    level = (score[:, None, :] == score[:, :, None]).sum(axis=-1)
    return np.asarray(np.clip((k - above) / level, 0.0, 1.0).mean(axis=0))


def _ahead(score: Floats) -> Floats:
    more = (score[:, :, None] > score[:, None, :]).mean(axis=0)
    same = (score[:, :, None] == score[:, None, :]).mean(axis=0)
    return np.asarray(more + same / 2)
