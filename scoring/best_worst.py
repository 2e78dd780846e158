"""What a room puts first: best-worst choices counted, scored by group and for the room, and turned into weights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.blocks import Block, blocks_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RANKS_APART = 3  # from here on the order by groups and the order by people are said to differ
SAME = 12  # digits after the point in which two scores must differ to be no tie


@dataclass(frozen=True, slots=True)
class Choice:
    """One answered screen: what was shown, the most and the least important of it; both None where it was skipped.

    Raises:
        ValueError: one of the two without the other, both the same, or one that was not shown.
    """

    person: int
    group: str
    shown: tuple[str, ...]
    best: str | None
    worst: str | None

    def __post_init__(self) -> None:
        if self.best is None and self.worst is None:
            return
        if self.best == self.worst or self.best not in self.shown or self.worst not in self.shown:
            raise ValueError("the best and the worst are two different items of the screen, or the screen is skipped")


@dataclass(frozen=True, slots=True)
class BallotCounts:
    """The choices of a room as numbers. A skipped screen counts for nothing, nor does who skipped them all.

    - `net[person, item]`: times chosen best less times chosen worst.
    - `shown[person, item]`: times shown on a screen that was answered.
    - `wins[person, item, other]`: times put before the other: the best before all on the screen, all before the worst.
    - `block[person]`: index into `blocks`; `group[person]` the declared group, `people[person]` the person's number.
    """

    items: tuple[str, ...]
    people: tuple[int, ...]
    group: tuple[str, ...]
    blocks: tuple[Block, ...]
    block: Ints
    net: Ints
    shown: Ints
    wins: Ints

    def without(self, leaving: Iterable[int]) -> "BallotCounts":
        """The same room without the people at these positions of `people`; its blocks are made anew."""
        gone = set(leaving)
        stay = [row for row in range(len(self.people)) if row not in gone]
        group = tuple(self.group[row] for row in stay)
        blocks = blocks_of(group)
        return BallotCounts(
            self.items, tuple(self.people[row] for row in stay), group, blocks, _block_of(group, blocks),
            self.net[stay], self.shown[stay], self.wins[stay],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item: its score for the room, and the same with every person counted alike.

    Scores are (times best - times worst) / times shown, from -1 to 1. `rank` 1 is the highest; items of the same score
    share the mean of their places. `by_block` is in the order of the blocks; None where the block was not shown the
    item, or is too small to be shown itself.
    """

    item: str
    score: float
    rank: float
    pooled: float
    pooled_rank: float
    by_block: tuple[float | None, ...]

    @property
    def differs(self) -> bool:
        """Whether it matters for this item that groups, and not people, have equal weight: three ranks or more."""
        return abs(self.rank - self.pooled_rank) >= RANKS_APART


def ballot_counts(items: Sequence[str], choices: Iterable[Choice]) -> BallotCounts:
    """Count the choices of a room; people in the order of their numbers.

    Raises:
        ValueError: a screen shows an item that is not among `items`, or a person stands in two groups.
    """
    column = {item: index for index, item in enumerate(items)}
    answered = sorted((c for c in choices if c.best is not None), key=lambda choice: choice.person)
    groups: dict[int, str] = {}
    for choice in answered:
        if groups.setdefault(choice.person, choice.group) != choice.group:
            raise ValueError("a person stands in two groups")
        if not column.keys() >= set(choice.shown):
            raise ValueError("a screen shows an item that is not on the list")
    row = {person: index for index, person in enumerate(groups)}
    n, m = len(groups), len(items)
    net, shown, wins = (np.zeros(shape, dtype=np.int64) for shape in ((n, m), (n, m), (n, m, m)))
    for choice in answered:
        _count(choice, row[choice.person], column, net, shown, wins)
    group = tuple(groups.values())
    blocks = blocks_of(group)
    return BallotCounts(tuple(items), tuple(groups), group, blocks, _block_of(group, blocks), net, shown, wins)


def _count(choice: Choice, person: int, column: Mapping[str, int], net: Ints, shown: Ints, wins: Ints) -> None:
    best, worst = column[str(choice.best)], column[str(choice.worst)]
    seen = [column[item] for item in choice.shown]
    others = [item for item in seen if item not in (best, worst)]
    shown[person, seen] += 1
    net[person, best] += 1
    net[person, worst] -= 1
    wins[person, best, [*others, worst]] += 1
    wins[person, others, worst] += 1


def _block_of(group: Sequence[str], blocks: Sequence[Block]) -> Ints:
    index = {name: number for number, block in enumerate(blocks) for name in block.groups}
    return np.array([index[name] for name in group], dtype=np.int64)


def item_scores(counts: BallotCounts) -> tuple[ItemScore, ...]:
    """Every item's score, in the order of `counts.items`: by block, then the mean of the blocks with equal weight.

    A block that was not shown an item has no part in that item's mean; an item that nobody was shown scores 0, the
    middle. Source of the count: Finn and Louviere (1992), J. Public Policy & Marketing 11(2); that blocks and not
    people have equal weight is a choice, and the pooled score beside it says what it changes.
    """
    net = by_block(counts.block, counts.net, len(counts.blocks))
    shown = by_block(counts.block, counts.shown, len(counts.blocks))
    score = mean_of_blocks(net, shown)
    pooled = mean_of_blocks(net.sum(axis=0, keepdims=True), shown.sum(axis=0, keepdims=True))
    ranks, pooled_ranks = mid_ranks(score), mid_ranks(pooled)
    return tuple(
        ItemScore(
            item, float(score[i]), float(ranks[i]), float(pooled[i]), float(pooled_ranks[i]),
            tuple(
                float(b / t) if t and block.shown else None
                for block, b, t in zip(counts.blocks, net[:, i], shown[:, i], strict=True)
            ),
        )
        for i, item in enumerate(counts.items)
    )  # fmt: skip


def by_block(block: Ints, values: NDArray[np.int64] | Floats, blocks: int) -> Floats:
    """Sums over the people of each block: [person, ...] to [block, ...]."""
    member = (block[None, :] == np.arange(blocks)[:, None]).astype(np.float64)
    return np.asarray(np.tensordot(member, values.astype(np.float64), axes=1))


def mean_of_blocks(net: Floats, shown: Floats) -> Floats:
    """The mean of net / shown over the blocks (last axis but one) that were shown the item (last axis); else 0."""
    seen = shown > 0
    score = np.divide(net, shown, out=np.zeros_like(net), where=seen)
    voices = seen.sum(axis=-2)
    return np.asarray(np.divide(score.sum(axis=-2), voices, out=np.zeros(voices.shape), where=voices > 0))


def mid_ranks(score: Floats) -> Floats:
    """Ranks along the last axis, 1 for the highest; items of the same score share the mean of their places."""
    rounded = np.round(score, SAME)
    above = (rounded[..., None, :] > rounded[..., :, None]).sum(axis=-1)
    level = (rounded[..., None, :] == rounded[..., :, None]).sum(axis=-1)
    return np.asarray(0.5 + above + level / 2.0)


def pairwise(counts: BallotCounts, equal_blocks: bool = True) -> Floats:
    """`[i, j]`: the share of comparisons of items i and j that put i before j; with [j, i] it sums to 1.

    With equal blocks it is the mean of the blocks that compared the two; without, all people's comparisons together.
    0.5 where nobody compared them, and on the diagonal. From a screen of four, the best and the worst settle five of
    its six pairs.
    """
    wins = by_block(counts.block, counts.wins, len(counts.blocks))
    if not equal_blocks:
        wins = wins.sum(axis=0, keepdims=True)
    met = wins + wins.swapaxes(-1, -2)
    share = np.divide(wins, met, out=np.zeros_like(wins), where=met > 0).sum(axis=0)
    voices = (met > 0).sum(axis=0)
    return np.asarray(np.divide(share, voices, out=np.full(share.shape, 0.5), where=voices > 0))


def utilities(net: Floats | Ints, shown: Floats | Ints, extra: float = 1.0) -> Floats:
    """Closed-form utilities of the multinomial logit: ln((1 + s) / (1 - s)) with s = net / (shown + extra).

    `extra` is a number of showings in which the item was neither best nor worst; one of them keeps an item that was
    always chosen finite, and fades as showings add up. With extra = 0 it is the formula of Lipovetsky and Conklin
    (2014), J. Choice Modelling 10, 60-68, eq. 10. An item never shown has utility 0.

    Raises:
        ValueError: without extra showings, an item that was chosen best, or worst, every time.
    """
    total = np.asarray(shown, dtype=np.float64) + extra
    s = np.divide(net, total, out=np.zeros_like(total), where=total > 0)
    if (np.abs(s) >= 1).any():
        raise ValueError("an item chosen every time has no finite utility; count an extra showing")
    return np.asarray(np.log((1 + s) / (1 - s)))


def shares(utility: Floats) -> Floats:
    """The chance of each item to be chosen best among all of them: exp(u) over its sum."""
    grown = np.exp(utility - np.max(utility))
    return np.asarray(grown / grown.sum())
