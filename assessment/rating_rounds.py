"""The later rounds of a room: how urgent and how feasible people find the contested gaps, and who has moved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.tables import Round
from scoring.dispersion import SMALLEST_GROUP
from scoring.second_round import RatedItem, Rating, rated_items, rating_values
from scoring.stopping import share_changed


@dataclass(frozen=True, slots=True)
class Moves:
    """Of those who rated a gap in this round and in the one before: how many changed a rating, how many did not."""

    moved: int
    stayed: int


@dataclass(frozen=True, slots=True)
class RatingRound:
    """One asking for urgency and feasibility. `gaps` in the order asked, without those that fewer than five rated.

    `changed` is the share of ratings that differ from the round before, None where there was none; `moves` by gap,
    where five people or more rated it both times. `fired` is the rule that was recorded when the room settled.
    """

    number: int
    attempt: int
    people: int
    present: int
    gaps: tuple[RatedItem, ...]
    hidden: tuple[str, ...]
    changed: float | None
    moves: Mapping[str, Moves]
    fired: Mapping[str, Any] | None


def rating_round(asked: Round, before: Round | None) -> RatingRound:
    """What a rating round found that was revealed."""
    ratings = ratings_of(asked)
    gaps = tuple(each for each in rated_items(asked.subjects, ratings) if each.urgency.room.rated >= SMALLEST_GROUP)
    shown = {each.item for each in gaps}
    earlier = ratings_of(before) if before else []
    result = asked.result or {}
    return RatingRound(
        number=asked.number,
        attempt=asked.attempt,
        people=len({rating.person for rating in ratings}),
        present=sum(result.get("present", {}).values()),
        gaps=gaps,
        hidden=tuple(item for item in asked.subjects if item not in shown),
        changed=share_changed(rating_values(earlier), rating_values(ratings)),
        moves=_moves(asked.subjects, earlier, ratings),
        fired=asked.fired,
    )


def ratings_of(asked: Round) -> list[Rating]:
    """The ratings that were given in full; whoever rated only urgency or only feasibility gave none."""
    ballots = (asked.result or {}).get("ballots", ())
    found = ((b["person"], b["group"], b["subject"], b["value"]["urgency"], b["value"]["feasibility"]) for b in ballots)
    return [Rating(*each) for each in found if None not in each]


def _moves(items: Sequence[str], before: Iterable[Rating], after: Iterable[Rating]) -> dict[str, Moves]:
    known = {(r.person, r.item): (r.urgency, r.feasibility) for r in before}
    same: dict[str, list[bool]] = {}
    for rating in after:
        if (rating.person, rating.item) in known:
            stayed = known[rating.person, rating.item] == (rating.urgency, rating.feasibility)
            same.setdefault(rating.item, []).append(stayed)
    both = {item: same[item] for item in items if len(same.get(item, ())) >= SMALLEST_GROUP}
    return {item: Moves(len(each) - sum(each), sum(each)) for item, each in both.items()}
