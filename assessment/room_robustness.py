"""How firm the order of a room is: by other rules, without one group, and with a few people fewer."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from assessment.first_round import counts_of, top_places
from assessment.room_priorities import SHOWN, Keep, priority_rounds, work_out
from assessment.rounds import BEST_WORST
from assessment.tables import Round, Workshop
from scoring.best_worst import BallotCounts, item_scores, pairwise
from scoring.dispersion import SMALLEST_GROUP
from scoring.flips import Flip, smallest_flip
from scoring.robustness import rule_orders, without_blocks


@dataclass(frozen=True, slots=True)
class OrderByRule:
    """One rule's order: best_worst (the room's own), borda, copeland, schulze or kemeny; `ranks` as the gaps listed."""

    rule: str
    ranks: tuple[float, ...]
    top: tuple[str, ...]  # more than k where places are tied over the end


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The first k without the people of these groups: what comes in and what goes."""

    groups: tuple[str, ...]
    entering: tuple[str, ...]
    leaving: tuple[str, ...]

    @property
    def changes(self) -> bool:
        return bool(self.entering or self.leaving)


@dataclass(frozen=True, slots=True)
class FewestPeople:
    """How few people would have to stay away for other gaps to be among the first k; never who.

    `at_least` for certain, `at_most` by example: None where none was found. `entering` and `leaving` are of the
    example.
    """

    at_least: int
    at_most: int | None
    entering: tuple[str, ...]
    leaving: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        return self.at_least == self.at_most


@dataclass(frozen=True, slots=True)
class RoomRobustness:
    """`gaps` in the room's own order; `in_all` rules' first k and `in_some`'s.

    `winner` is the gap that a majority puts before each other, if there is one. `kemeny_orders` is how many orders are
    as good by Kemeny's rule. `left_out` is empty where it would show a group of fewer than five.
    """

    number: int
    k: int
    people: int
    gaps: tuple[str, ...]
    orders: tuple[OrderByRule, ...]
    in_all: tuple[str, ...]
    in_some: tuple[str, ...]
    winner: str | None
    kemeny_orders: int | None
    left_out: tuple[LeftOut, ...]
    fewest: FewestPeople

    @property
    def is_same_by_all_rules(self) -> bool:
        return set(self.in_all) == set(self.in_some)


def robustness_of(session: Session, workshop: Workshop, keep: Keep = work_out) -> RoomRobustness | None:
    """Of the first round, in one statement; None before it was shown, and of fewer than five people."""
    shown = (each for each in priority_rounds(session, workshop.id) if each.state in SHOWN)
    one = next((each for each in shown if each.kind == BEST_WORST), None)
    if one is None:
        return None
    counts = counts_of(workshop, one)
    if len(counts.people) < SMALLEST_GROUP:
        return None
    return keep(("robustness", one.id, one.revealed_at), lambda: robustness(workshop, one, counts))


def robustness(workshop: Workshop, asked: Round, counts: BallotCounts) -> RoomRobustness:
    """The same of the choices of a round."""
    k, items, scores = top_places(workshop, asked), counts.items, item_scores(counts)
    found = rule_orders(np.array([each.score for each in scores]), pairwise(counts), k)
    by_rank = sorted(range(len(items)), key=lambda item: scores[item].rank)
    without = without_blocks(counts.net, counts.shown, counts.block, k)

    def named(numbers: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(items[number] for number in numbers)

    return RoomRobustness(
        number=asked.number,
        k=k,
        people=len(counts.people),
        gaps=tuple(items[item] for item in by_rank),
        orders=tuple(
            OrderByRule(order.rule, tuple(order.ranks[item] for item in by_rank), named(order.top))
            for order in found.orders
        ),
        in_all=named(found.in_all),
        in_some=named(found.in_some),
        winner=None if found.condorcet_winner is None else items[found.condorcet_winner],
        kemeny_orders=found.kemeny.orders if found.kemeny else None,
        left_out=tuple(
            LeftOut(counts.blocks[each.block].groups, named(each.entering), named(each.leaving)) for each in without
        ),
        fewest=_fewest(smallest_flip(counts.net, counts.shown, counts.block, k), items),
    )


def _fewest(flip: Flip, items: tuple[str, ...]) -> FewestPeople:
    before, after = set(flip.top), set(flip.after)
    entering, leaving = sorted(after - before), sorted(before - after)
    return FewestPeople(
        flip.at_least, flip.at_most, tuple(items[i] for i in entering), tuple(items[i] for i in leaving)
    )
