"""What a room puts first: its first round, the rounds on what is contested, the order, and the rule that ends it."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import room_gaps
from assessment.first_round import FirstRound, first_round
from assessment.rating_rounds import RatingRound, rating_round
from assessment.rounds import BEST_WORST, LEVELS, RATING, ends_at
from assessment.tables import Round, Workshop, WorkshopGap
from assessment.workshop_rules import WorkshopRules
from scoring.second_round import Placed, final_order, top_two_shares
from scoring.stopping import Fired, Rules, Standing, stop

T = TypeVar("T")
SHOWN = ("revealed", "discussed", "settled")
CHOSEN = "chosen"  # who leads ended it, and no rule had fired


class Keep(Protocol):
    """Keeps what was worked out, by what it was worked out of."""

    def __call__(self, key: Hashable, make: Callable[[], T], /) -> T: ...


def work_out(_key: Hashable, make: Callable[[], T]) -> T:
    """Keep nothing: work it out each time."""
    return make()


@dataclass(frozen=True, slots=True)
class Asking:
    """The newest round about priorities: while it is open nothing of it but its state."""

    number: int
    kind: str
    state: str
    attempt: int
    ends_at: datetime | None

    @property
    def is_shown(self) -> bool:
        return self.state in SHOWN


@dataclass(frozen=True, slots=True)
class AgreedGap:
    """A gap's agreed place; equal places are ties."""

    question: str
    place: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that ends the asking: settled, stable, time, rounds, or chosen by who leads; with the figures."""

    rule: str
    figures: Mapping[str, float]
    also: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"rule": self.rule, "figures": dict(self.figures), "also": list(self.also)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> "Rule":
        return cls(record["rule"], record.get("figures", {}), tuple(record.get("also", ())))


@dataclass(frozen=True, slots=True)
class RoomPriorities:
    """Everything about priorities that may be shown now.

    `first` is None until round one was revealed; it never changes afterwards. `order` is the order as it stands, with
    the first round beside. `holds` is the rule that holds now, `recorded` the one that was written down when the room
    settled. `agreed` is empty until then.
    """

    listed: tuple[str, ...]
    newest: Asking | None
    first: FirstRound | None
    ratings: tuple[RatingRound, ...]
    order: tuple[Placed, ...]
    holds: Rule | None
    recorded: Rule | None
    agreed: tuple[AgreedGap, ...]

    @property
    def contested(self) -> tuple[str, ...]:
        """What a second round asks about."""
        return tuple(gap.question for gap in self.first.contested) if self.first else ()

    @property
    def may_settle(self) -> bool:
        return bool(self.order and self.newest and self.newest.is_shown and not self.agreed)


def priorities_of(session: Session, workshop: Workshop, keep: Keep = work_out) -> RoomPriorities:
    """The priorities of a room, in two statements; of rounds that were revealed and of nothing else."""
    rows = room_gaps.list_gaps(session, workshop.id)
    return build_priorities(workshop, rows, priority_rounds(session, workshop.id), keep)


def priority_rounds(session: Session, workshop_id: int) -> Sequence[Round]:
    """The rounds about priorities, in order."""
    query = select(Round).where(Round.workshop_id == workshop_id, Round.kind != LEVELS).order_by(Round.number)
    return session.scalars(query).all()


def build_priorities(
    workshop: Workshop, gaps: Sequence[WorkshopGap], asked: Sequence[Round], keep: Keep = work_out
) -> RoomPriorities:
    """The same from rows that are at hand."""
    shown = [each for each in asked if each.state in SHOWN]
    one = next((each for each in shown if each.kind == BEST_WORST), None)
    rated = [each for each in shown if each.kind == RATING]
    first = keep(("first round", one.id, one.revealed_at), lambda: first_round(workshop, one)) if one else None
    ratings = tuple(rating_round(each, before) for each, before in zip(rated, [None, *rated], strict=False))
    order = _order(workshop, first, ratings)
    fired = next((each.fired for each in reversed(shown) if each.fired), None)
    newest = asked[-1] if asked else None
    return RoomPriorities(
        listed=tuple(row.question_id for row in gaps if row.is_listed),
        newest=Asking(newest.number, newest.kind, newest.state, newest.attempt, ends_at(newest)) if newest else None,
        first=first,
        ratings=ratings,
        order=order,
        holds=_holds(workshop, first, ratings, shown) if order else None,
        recorded=Rule.from_json(fired) if fired else None,
        agreed=_agreed(gaps),
    )


def _order(workshop: Workshop, first: FirstRound | None, ratings: Sequence[RatingRound]) -> tuple[Placed, ...]:
    if first is None or not first.is_shown:
        return ()
    low = WorkshopRules.from_json(workshop.rules).settled
    return final_order(first.certainty, ratings[-1].gaps if ratings else (), low, 1 - low)


def _agreed(gaps: Sequence[WorkshopGap]) -> tuple[AgreedGap, ...]:
    found = [AgreedGap(row.question_id, row.agreed_place) for row in gaps if row.agreed_place is not None]
    return tuple(sorted(found, key=lambda each: each.place))


def _holds(
    workshop: Workshop, first: FirstRound | None, ratings: Sequence[RatingRound], shown: Sequence[Round]
) -> Rule | None:
    """The rule that holds after the newest round that was shown, judged at the moment when it was shown."""
    if first is None:
        return None
    last = ratings[-1] if ratings else None
    standing = Standing(
        round=1 + len(ratings),
        chances=[bar.top for bar in first.certainty.bars],
        top_two=top_two_shares(last.gaps) if last else (),
        changed=last.changed if last else None,
        minutes=_minutes(workshop, shown[-1]),
    )
    found: Fired | None = stop(rules_of(workshop, first.k, shown[-1]), standing)
    return Rule(found.rule, found.figures, found.also) if found else None


def rules_of(workshop: Workshop, k: int, last: Round) -> Rules:
    """The rules of stopping, as fixed before the workshop began; its agenda is the time box.

    A workshop that goes over several days has no time box: the clock also runs at night.
    """
    rules = WorkshopRules.from_json(workshop.rules)
    started, shown = workshop.started_at, last.revealed_at
    is_one_day = bool(started and shown and started.date() == shown.date())
    minutes = sum(float(line["minutes"]) for line in workshop.agenda)
    return Rules(
        k=k,
        most_rounds=rules.most_rounds,
        settled_low=rules.settled,
        settled_high=1 - rules.settled,
        least_change=rules.least_change,
        minutes=minutes if minutes and is_one_day else None,
    )


def _minutes(workshop: Workshop, last: Round) -> float:
    if workshop.started_at is None or last.revealed_at is None:
        return 0.0
    return (last.revealed_at - workshop.started_at) / timedelta(minutes=1)
