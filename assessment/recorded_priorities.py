"""What the rounds on priorities found, as a record keeps it: choices added up by block, and what follows from them.

Nobody's ballot is in it. A person's screens follow from their number and the seed, so that a list of ballots, also
without names and with small groups merged, would tell who chose what; sums over five people and more do not.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from assessment.first_round import FirstRound
from assessment.rating_rounds import RatingRound
from assessment.recorded_rooms import Heads
from scoring.best_worst import BallotCounts, ItemScore, by_block, item_scores, pairwise
from scoring.blocks import Block
from scoring.dispersion import SMALLEST_GROUP, of_counts
from scoring.rank_certainty import RankBar, RankCertainty, drawn_scores
from scoring.robustness import WithoutBlock, rule_orders, without_blocks
from scoring.second_round import Criterion, Placed, RatedItem

DRAWS = 2000
LEVEL = 0.9


def tallies(counts: BallotCounts) -> dict[str, Any]:
    """The choices by block, from which every figure follows but those of the draws."""
    number = len(counts.blocks)
    net, seen, wins = (by_block(counts.block, each, number) for each in (counts.net, counts.shown, counts.wins))
    return {
        "gaps": list(counts.items),
        "blocks": [
            {
                "groups": list(block.groups),
                "voters": Heads(Counter(each for each in counts.group if each in block.groups)).told(),
                "net": net[row].astype(int).tolist(),
                "seen": seen[row].astype(int).tolist(),
                "wins": wins[row].astype(int).tolist(),
            }
            for row, block in enumerate(counts.blocks)
        ],
    }


def room_of(found: Mapping[str, Any]) -> BallotCounts:
    """A room with the same sums: the first of five stand-ins for each block made all of its choices."""
    blocks = tuple(Block(tuple(each["groups"]), SMALLEST_GROUP) for each in found["blocks"])
    size, gaps = len(blocks) * SMALLEST_GROUP, len(found["gaps"])
    net, seen = np.zeros((size, gaps), dtype=np.int64), np.zeros((size, gaps), dtype=np.int64)
    wins = np.zeros((size, gaps, gaps), dtype=np.int64)
    for row, each in enumerate(found["blocks"]):
        first = row * SMALLEST_GROUP
        net[first], seen[first], wins[first] = each["net"], each["seen"], each["wins"]
    block = np.repeat(np.arange(len(blocks)), SMALLEST_GROUP)
    groups = tuple(blocks[row].groups[0] for row in block)
    return BallotCounts(tuple(found["gaps"]), tuple(range(1, size + 1)), groups, blocks, block, net, seen, wins)


def figures(found: Mapping[str, Any], k: int) -> dict[str, Any]:
    """Scores and ranks, the orders by other rules, and the room without each block: all from the tallies."""
    counts, gaps = room_of(found), found["gaps"]
    scores = item_scores(counts)
    values = np.array([each.score for each in scores])
    rules = rule_orders(values, pairwise(counts), k)
    return {
        "k": k,
        "scores": [_score(each) for each in scores],
        "rules": [
            {"rule": order.rule, "ranks": list(order.ranks), "top": [gaps[i] for i in order.top]}
            for order in rules.orders
        ],
        "in_all": [gaps[i] for i in rules.in_all],
        "in_some": [gaps[i] for i in rules.in_some],
        "before_all": None if rules.condorcet_winner is None else gaps[rules.condorcet_winner],
        "without": [_without(each, counts, gaps) for each in without_blocks(counts.net, counts.shown, counts.block, k)],
    }


def _score(each: ItemScore) -> dict[str, Any]:
    return {
        "gap": each.item, "score": each.score, "rank": each.rank, "pooled": each.pooled,
        "pooled_rank": each.pooled_rank, "differs": each.differs, "by_block": list(each.by_block),
    }  # fmt: skip


def _without(each: WithoutBlock, counts: BallotCounts, gaps: Sequence[str]) -> dict[str, Any]:
    return {
        "groups": list(counts.blocks[each.block].groups),
        "top": [gaps[i] for i in each.top],
        "entering": [gaps[i] for i in each.entering],
        "leaving": [gaps[i] for i in each.leaving],
    }


def drawn(first: FirstRound, counts: BallotCounts, seed: int) -> dict[str, Any]:
    """What draws of people say: bars and chances, and how sure each block's scores are. Only ballots give it."""
    certainty = first.certainty
    return {
        "draws": certainty.draws,
        "level": certainty.level,
        "seed": certainty.seed,
        "bars": [{"gap": b.item, "rank": b.rank, "low": b.low, "high": b.high, "top": b.top} for b in certainty.bars],
        "contested": [gap.question for gap in first.contested],
        "by_block": [_interval(counts, row, seed) for row in range(len(counts.blocks))],
    }


def _interval(counts: BallotCounts, row: int, seed: int) -> dict[str, list[float]]:
    """The 90 % interval of every gap's score in one block, its people drawn anew."""
    others = np.flatnonzero(counts.block != row)
    found = drawn_scores(counts.without(others.tolist()), DRAWS, seed)
    low, high = np.quantile(found, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    return {"low": low.tolist(), "high": high.tolist()}


def certainty_of(found: Mapping[str, Any], k: int) -> RankCertainty:
    """Bars and chances as told; who is ahead of whom is not told."""
    bars = tuple(RankBar(b["gap"], b["rank"], b["low"], b["high"], b["top"]) for b in found["bars"])
    return RankCertainty(k, found["level"], found["draws"], found["seed"], bars, np.full((len(bars),) * 2, 0.5))


def ratings(found: RatingRound) -> dict[str, Any]:
    """One round on urgency and feasibility: the ratings counted by block."""
    return {
        "changed": found.changed,
        "hidden": list(found.hidden),
        "gaps": [rated(each) for each in found.gaps],
        "moves": {gap: asdict(each) for gap, each in found.moves.items()},
    }


def rated(each: RatedItem) -> dict[str, Any]:
    both = {"urgency": each.urgency, "feasibility": each.feasibility}
    return {
        "gap": each.item,
        "blocks": [list(block.groups) for block in each.blocks],
        "value": each.value,
        **{name: _criterion(criterion) for name, criterion in both.items()},
    }


def _criterion(found: Criterion) -> dict[str, Any]:
    return {
        "mean": found.mean,
        "top_two": found.top_two,
        "room": asdict(found.room),
        "by_block": [asdict(each) if each else None for each in found.by_block],
    }


def rated_of(entry: Mapping[str, Any]) -> RatedItem:
    """The same from the counts alone."""
    blocks = tuple(Block(tuple(groups), SMALLEST_GROUP) for groups in entry["blocks"])
    return RatedItem(entry["gap"], blocks, _criterion_of(entry["urgency"]), _criterion_of(entry["feasibility"]))


def _criterion_of(entry: Mapping[str, Any]) -> Criterion:
    spread = [of_counts(each["counts"]) for each in entry["by_block"]]
    means = [(each.mean or 0.0) + 1 for each in spread]  # level 0 is the rating 1
    room = of_counts([sum(column) for column in zip(*(each.counts for each in spread), strict=True)])
    return Criterion(sum(means) / len(means), room, tuple(spread))


def order(placed: Iterable[Placed]) -> list[dict[str, Any]]:
    """The order in the end, with what the first round said beside it."""
    return [
        {
            "gap": each.item, "place": each.place, "first_rank": each.first_rank, "moved": each.moved,
            "is_rated": each.rated is not None,
        }
        for each in placed
    ]  # fmt: skip
