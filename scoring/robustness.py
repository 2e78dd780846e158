"""Whether a room's first places depend on the rule by which they were found, or on one group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scoring.best_worst import SAME, Floats, Ints, by_block, mean_of_blocks, mid_ranks
from scoring.dispersion import SMALLEST_GROUP
from scoring.kemeny import MOST_ITEMS, Kemeny, kemeny
from scoring.voting_rules import borda, condorcet_winner, copeland, ranks_of, schulze

RuleName = Literal["best_worst", "borda", "copeland", "schulze", "kemeny"]


@dataclass(frozen=True, slots=True)
class RuleOrder:
    """One rule's order: `ranks` per item, 1 the highest, tied items sharing the mean of their places.

    `top` are the items of the first k places, the highest first; more than k where places are tied over the end.
    """

    rule: RuleName
    ranks: tuple[float, ...]
    top: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RuleOrders:
    """The rules side by side; `in_all` the items that every rule has in its first k, `in_some` those that some has.

    `kemeny` is None above 15 items, and its order then not among `orders`.
    """

    orders: tuple[RuleOrder, ...]
    in_all: tuple[int, ...]
    in_some: tuple[int, ...]
    condorcet_winner: int | None
    kemeny: Kemeny | None

    @property
    def same(self) -> bool:
        """Whether every rule has the same items in its first k."""
        return self.in_all == self.in_some


@dataclass(frozen=True, slots=True)
class WithoutBlock:
    """The room without one block: the ranks of the others, what comes into the first k and what leaves them."""

    block: int
    ranks: tuple[float, ...]
    top: tuple[int, ...]
    entering: tuple[int, ...]
    leaving: tuple[int, ...]

    @property
    def changes(self) -> bool:
        """Whether the first k are other items without this block."""
        return bool(self.entering or self.leaving)


def rule_orders(scores: Floats, preferred: Floats, k: int) -> RuleOrders:
    """The first k by the room's scores, and by four rules on the comparisons of two (`best_worst.pairwise`).

    Raises:
        ValueError: k is below 1, or the preferences are no square matrix.
    """
    exact = kemeny(preferred) if len(preferred) <= MOST_ITEMS else None
    ranks: dict[RuleName, tuple[float, ...]] = {
        "best_worst": tuple(mid_ranks(scores).tolist()),
        "borda": tuple(mid_ranks(borda(preferred)).tolist()),
        "copeland": tuple(mid_ranks(copeland(preferred).astype(np.float64)).tolist()),
        "schulze": ranks_of(schulze(preferred)),
    }
    if exact is not None:
        ranks["kemeny"] = exact.ranks
    orders = tuple(RuleOrder(rule, found, first(found, k)) for rule, found in ranks.items())
    tops = [set(order.top) for order in orders]
    in_all, in_some = sorted(set.intersection(*tops)), sorted(set.union(*tops))
    return RuleOrders(orders, tuple(in_all), tuple(in_some), condorcet_winner(preferred), exact)


def without_blocks(net: Ints, shown: Ints, block: Ints, k: int) -> tuple[WithoutBlock, ...]:
    """The first k when one block's people are left out, block by block; none where that would show too few people.

    `net[person, item]`, `shown[person, item]`, `block[person]` as in `best_worst.BallotCounts`. With two blocks,
    what is left is the other's own order; with more, these and the total together give each block's. So there is no
    such list unless there are two blocks or more and every one has five people.

    Raises:
        ValueError: k is below 1.
    """
    people = np.bincount(block)
    if len(people) < 2 or people.min() < SMALLEST_GROUP:
        return ()
    nets, showns = by_block(block, net, len(people)), by_block(block, shown, len(people))
    before = set(first(mid_ranks(mean_of_blocks(nets, showns)).tolist(), k))
    found: list[WithoutBlock] = []
    for left_out in range(len(people)):
        stays = np.arange(len(people)) != left_out
        ranks = mid_ranks(mean_of_blocks(nets[stays], showns[stays])).tolist()
        top = first(ranks, k)
        entering, leaving = sorted(set(top) - before), sorted(before - set(top))
        found.append(WithoutBlock(left_out, tuple(ranks), top, tuple(entering), tuple(leaving)))
    return tuple(found)


def first(ranks: Sequence[float], k: int) -> tuple[int, ...]:
    """The items of the first k places, the highest first; more than k where places are tied over the end.

    Raises:
        ValueError: k is below 1.
    """
    if k < 1:
        raise ValueError("the first places are one or more")
    ordered = sorted(range(len(ranks)), key=lambda item: ranks[item])
    if len(ordered) <= k:
        return tuple(ordered)
    last = round(ranks[ordered[k - 1]], SAME)
    return tuple(item for item in ordered if round(ranks[item], SAME) <= last)
