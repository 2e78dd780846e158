"""The contested gaps once more: how urgent and how feasible people find them, and the order that follows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.best_worst import SAME
from scoring.blocks import Block, blocks_of
from scoring.dispersion import Dispersion, of_counts
from scoring.rank_certainty import RankCertainty
from scoring.stopping import RatingKey

BOXES = 5  # ratings are from 1 to 5
HIGHEST = 2  # boxes at the top that count as "urgent", "feasible"


@dataclass(frozen=True, slots=True)
class Rating:
    """How urgent and how feasible one person finds one item, each from 1 to 5; who skips an item gives none.

    Raises:
        ValueError: a rating is not from 1 to 5.
    """

    person: int
    group: str
    item: str
    urgency: int
    feasibility: int

    def __post_init__(self) -> None:
        if not (1 <= self.urgency <= BOXES and 1 <= self.feasibility <= BOXES):
            raise ValueError(f"a rating is from 1 to {BOXES}")


@dataclass(frozen=True, slots=True)
class Criterion:
    """The ratings of one item by one criterion.

    `mean` gives every block the same weight, from 1 to 5. `room` and `by_block` say how the ratings spread, with van
    der Eijk's A; their levels 0 to 4 are the ratings 1 to 5. `by_block` is None for a block below five people.
    """

    mean: float
    room: Dispersion
    by_block: tuple[Dispersion | None, ...]

    @property
    def top_two(self) -> float:
        """The share of people whose rating is one of the two highest."""
        return sum(self.room.counts[-HIGHEST:]) / self.room.rated


@dataclass(frozen=True, slots=True)
class RatedItem:
    """One item as rated in the second round, by the blocks of those who rated it."""

    item: str
    blocks: tuple[Block, ...]
    urgency: Criterion
    feasibility: Criterion

    @property
    def value(self) -> float:
        """Mean urgency times mean feasibility, from 1 to 25."""
        return self.urgency.mean * self.feasibility.mean


@dataclass(frozen=True, slots=True)
class Placed:
    """One item in the final order, with what the first round said of it beside; `rated` where the second placed it."""

    item: str
    place: float
    first_rank: float
    first_low: float
    first_high: float
    first_top: float
    rated: RatedItem | None

    @property
    def moved(self) -> float:
        """Places up (positive) or down since the first round."""
        return self.first_rank - self.place


def rated_items(items: Sequence[str], ratings: Iterable[Rating]) -> tuple[RatedItem, ...]:
    """What was rated, in the order of `items`; without those that nobody rated.

    Raises:
        ValueError: a person rated an item twice, or an item that is not among `items`.
    """
    found: dict[str, dict[int, Rating]] = defaultdict(dict)
    for rating in ratings:
        if rating.item not in items or rating.person in found[rating.item]:
            raise ValueError("an item that is not asked about, or that the person has rated before")
        found[rating.item][rating.person] = rating
    return tuple(_rated(item, list(found[item].values())) for item in items if found[item])


def _rated(item: str, ratings: Sequence[Rating]) -> RatedItem:
    blocks = blocks_of([rating.group for rating in ratings])
    urgency = _criterion(blocks, [(rating.group, rating.urgency) for rating in ratings])
    return RatedItem(item, blocks, urgency, _criterion(blocks, [(r.group, r.feasibility) for r in ratings]))


def _criterion(blocks: Sequence[Block], given: Sequence[tuple[str, int]]) -> Criterion:
    values = [[value for group, value in given if group in block.groups] for block in blocks]
    spread = [of_counts([own.count(box) for box in range(1, BOXES + 1)]) for own in values]
    return Criterion(
        mean=sum(sum(own) / len(own) for own in values) / len(values),
        room=of_counts([sum(column) for column in zip(*(each.counts for each in spread), strict=True)]),
        by_block=tuple(each if block.shown else None for block, each in zip(blocks, spread, strict=True)),
    )


def top_two_shares(rated: Iterable[RatedItem]) -> tuple[float, ...]:
    """What the rule of stopping looks at: the share in the two highest boxes, of each item and criterion."""
    return tuple(criterion.top_two for item in rated for criterion in (item.urgency, item.feasibility))


def rating_values(ratings: Iterable[Rating]) -> dict[RatingKey, int]:
    """The ratings one by one, for `scoring.stopping.share_changed`."""
    both = [(rating.person, rating.item, rating.urgency, rating.feasibility) for rating in ratings]
    urgency = {(person, item, "urgency"): value for person, item, value, _ in both}
    return urgency | {(person, item, "feasibility"): value for person, item, _, value in both}


def final_order(
    first: RankCertainty, rated: Sequence[RatedItem], low: float = 0.1, high: float = 0.9
) -> tuple[Placed, ...]:
    """The order of the first round, in which the contested items that were rated share out their places anew.

    - Uncontested items keep the place of the first round, and so do contested ones that nobody rated. Nothing that the
      first round settled can be unsettled by the second.
    - The places of the others go to the highest value (mean urgency x mean feasibility) first; items of the same value
      share the mean of their places.

    That urgency and feasibility count alike, and multiply, is illustrative: a common form of risk-priority numbers. The
    result is in the order of the places, ties in the order of the first round's list.
    """
    contested = set(first.contested(low, high))
    by_item = {each.item: each for each in rated if each.item in contested}
    bars = first.bars
    again = [index for index, bar in enumerate(bars) if bar.item in by_item]
    places = {bar.item: bar.rank for bar in bars}
    if again:
        free = sorted(bars[index].rank for index in again)
        places.update(_shared_out(free, {bars[index].item: by_item[bars[index].item].value for index in again}))
    placed = [Placed(b.item, places[b.item], b.rank, b.low, b.high, b.top, by_item.get(b.item)) for b in bars]
    return tuple(sorted(placed, key=lambda each: each.place))


def _shared_out(free: Sequence[float], value: Mapping[str, float]) -> dict[str, float]:
    """The free places, the lowest first, to the items by their value; the same value shares the mean of its places."""
    values = np.round(np.array(list(value.values())), SAME)
    order = np.sort(-values)
    return {
        item: float(np.mean([place for place, other in zip(free, order, strict=True) if other == -own]))
        for item, own in zip(value, values, strict=True)
    }
