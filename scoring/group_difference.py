"""How far apart two groups of a room stand on one question, and how sure that is."""

from dataclasses import dataclass
from itertools import combinations
from math import sqrt

from scipy.special import stdtrit

from scoring.dispersion import Dispersion, GroupDispersions

CONFIDENCE = 0.9


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """The mean level of `higher` less that of `lower`, in levels, with its 90 % interval."""

    higher: str
    lower: str
    difference: float
    interval: tuple[float, float]

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out no difference at all."""
        return self.interval[0] > 0


def mean_interval(first: Dispersion, second: Dispersion, pairs: int = 1) -> tuple[float, float] | None:
    """The 90 % interval of the first mean level less the second, in levels; None below two rated votes in either.

    Welch's t interval, in which each group's variance is (sum of squares + 1) / n: as if one more vote stood one level
    from the group's mean. Without it, five people of one mind would be certain, and the interval a point. It is cut
    at the ends of the ladder. Where the widest of several `pairs` is looked for, each is as wide as makes all of them
    hold nine times in ten (Bonferroni). The people in the room are taken as a sample of others like them.

    Coverage by simulation, six levels, ten shapes of vote (even, camps, peaks, skewed, nearly of one mind) in all
    pairs, groups of 5 to 30, 8,000 rooms each: 90 % on the whole; 92 %, and at worst 82 %, without the shape in which
    one person in ten stands at the far end. Groups of five often hold no such person, and with it coverage falls to
    40 % at worst. The plain Welch interval covers 86 % on the whole, 40 % at worst also without that shape.
    """
    if first.mean is None or second.mean is None or min(first.rated, second.rated) < 2:
        return None
    errors = [_variance(each, each.mean or 0.0) / each.rated for each in (first, second)]
    freedom = sum(errors) ** 2 / sum(e**2 / (d.rated - 1) for e, d in zip(errors, (first, second), strict=True))
    half = float(stdtrit(freedom, 1 - (1 - CONFIDENCE) / 2 / pairs)) * sqrt(sum(errors))
    found, widest = first.mean - second.mean, float(len(first.counts) - 1)
    return max(-widest, found - half), min(widest, found + half)


def group_difference(votes: GroupDispersions) -> GroupDifference | None:
    """The two groups that are shown whose mean levels are farthest apart; None with fewer than two that have rated.

    Of pairs equally far apart the first in the order of the groups. A group counts with two rated votes or more.
    """
    rating = [(group, each, each.mean) for group, each in votes.shown.items() if each.mean is not None]
    pairs = list(combinations([each for each in rating if each[1].rated > 1], 2))
    found: list[GroupDifference] = []
    for one, two in pairs:
        higher, lower = (one, two) if one[2] >= two[2] else (two, one)
        interval = mean_interval(higher[1], lower[1], len(pairs))
        if interval is not None:
            found.append(GroupDifference(higher[0], lower[0], higher[2] - lower[2], interval))
    return max(found, key=lambda each: round(each.difference, 12), default=None)


def _variance(votes: Dispersion, mean: float) -> float:
    return (sum(count * (level - mean) ** 2 for level, count in enumerate(votes.counts)) + 1) / votes.rated
