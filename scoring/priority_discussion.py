"""Which gaps a room should talk about after its first round: those whose place is open, and on which groups differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.best_worst import ItemScore
from scoring.rank_certainty import RankBar

SAME = 12  # digits after the point in which two values must differ to be no tie
FULL_DIFFERENCE = 2.0  # between a block that always put it first and one that always put it last


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One gap's place in the discussion, from 1; `open_term` and `difference_term` are between 0 and 1, so is `worth`.

    The difference is that of the two shown blocks farthest apart, None with fewer than two.
    """

    item: str
    turn: int
    worth: float
    open_term: float
    difference_term: float
    difference: float | None


def disagreements(scores: Sequence[ItemScore], bars: Sequence[RankBar]) -> tuple[Disagreement, ...]:
    """The gaps, the one most worth talking about first; ties in the order of `scores`.

    - open: 4 p (1 - p), p being the chance to be in the top k: 1 at an even chance, 0 where the place is certain.
    - difference: the widest difference between the scores of two blocks, over the widest there can be.
    - worth = open x (1 + difference) / 2. What is settled needs no talk, however far the blocks are apart.

    The form is ours and illustrative.
    """
    found = [_one(score, bar) for score, bar in zip(scores, bars, strict=True)]
    found.sort(key=lambda each: -round(each.worth, SAME))
    return tuple(
        Disagreement(d.item, turn, d.worth, d.open_term, d.difference_term, d.difference)
        for turn, d in enumerate(found, 1)
    )


def _one(score: ItemScore, bar: RankBar) -> Disagreement:
    shown = [each for each in score.by_block if each is not None]
    apart = max(shown) - min(shown) if len(shown) > 1 else None
    open_term, difference_term = 4 * bar.top * (1 - bar.top), (apart or 0.0) / FULL_DIFFERENCE
    return Disagreement(score.item, 0, open_term * (1 + difference_term) / 2, open_term, difference_term, apart)
