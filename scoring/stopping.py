"""When a room may stop asking: rules fixed before it starts, and which of them fired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Rule = Literal["settled", "stable", "time", "rounds"]
RatingKey = tuple[int, str, str]  # the person's number, the item, what was rated of it


@dataclass(frozen=True, slots=True)
class Rules:
    """What the room agreed on before it began.

    `k`: how many gaps it has to choose. `agreement`: the share in the two highest boxes from which an item counts as
    agreed, and 1 - agreement as agreed against; 75 % is the median threshold of 100 Delphi studies (Diamond et al.,
    2014, J. Clinical Epidemiology 67). `least_change`: the share of changed ratings below which another round is not
    worth its time; 15 % is the rule of Scheibe, Skutsch and Schofer (1975, in Linstone and Turoff, The Delphi Method).
    `most_rounds`: three are usually enough (Linstone and Turoff, 1975). `minutes`: the time box, None for none.

    Raises:
        ValueError: a limit that can never or must always be met.
    """

    k: int
    most_rounds: int = 3
    settled_low: float = 0.1
    settled_high: float = 0.9
    least_change: float = 0.15
    agreement: float = 0.75
    minutes: float | None = None

    def __post_init__(self) -> None:
        if self.k < 1 or self.most_rounds < 1 or (self.minutes is not None and self.minutes <= 0):
            raise ValueError("at least one gap is chosen, in at least one round, in a time above zero")
        if not 0 <= self.settled_low < self.settled_high <= 1:
            raise ValueError("settled is below a lower or above a higher chance, both from 0 to 1")
        if not (0 < self.least_change <= 1 and 0.5 < self.agreement <= 1):
            raise ValueError("the change is above 0 and at most 1, the agreement above one half and at most 1")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the room stands after a round.

    `chances`: of every item to be in the top k, from round one. `top_two`: the share in the two highest boxes of each
    thing rated of a contested item in the newest round, empty before there was one. `changed`: the share of ratings
    that changed since the round before, None where there was none. `minutes`: since the first round was opened.
    """

    round: int
    chances: Sequence[float]
    top_two: Sequence[float] = ()
    changed: float | None = None
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Fired:
    """The rule that ended the rounds, the figures it was judged by, and what else would have ended them."""

    rule: Rule
    figures: Mapping[str, float]
    also: tuple[Rule, ...] = ()


def stop(rules: Rules, standing: Standing) -> Fired | None:
    """The first rule that holds after this round, in this order; None: another round.

    - settled: the chance of every item to be in the top k is below the lower or above the higher limit; or, from the
      second round on, whatever was rated of a contested item is agreed for or against.
    - stable: fewer ratings changed since the round before than the least that is worth a round.
    - time: the time box is used up.
    - rounds: it was the last round.

    A room that has no items has settled nothing.
    """
    open_items = sum(rules.settled_low <= chance <= rules.settled_high for chance in standing.chances)
    not_agreed = sum(1 - rules.agreement < share < rules.agreement for share in standing.top_two)
    holds: dict[Rule, bool] = {
        "settled": bool(standing.chances) and (not open_items or (bool(standing.top_two) and not not_agreed)),
        "stable": standing.changed is not None and standing.changed < rules.least_change,
        "time": rules.minutes is not None and standing.minutes >= rules.minutes,
        "rounds": standing.round >= rules.most_rounds,
    }
    fired = [rule for rule, held in holds.items() if held]
    if not fired:
        return None
    figures: dict[str, float] = {"round": standing.round, "minutes": standing.minutes, "open_items": open_items}
    if standing.top_two:
        figures["not_agreed"] = not_agreed
    if standing.changed is not None:
        figures["changed"] = standing.changed
    return Fired(fired[0], figures, tuple(fired[1:]))


def share_changed(before: Mapping[RatingKey, int], after: Mapping[RatingKey, int]) -> float | None:
    """The share of ratings that differ between two rounds, of those that the same people gave in both; None if none.

    Each person's own change counts: stricter than Scheibe, Skutsch and Schofer, who compare the two distributions, in
    which one person's step up hides another's step down.
    """
    both = before.keys() & after.keys()
    return sum(before[key] != after[key] for key in both) / len(both) if both else None
