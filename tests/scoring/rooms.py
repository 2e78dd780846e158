"""Made-up rooms of people with tastes of their own, and the order that all people like them would give."""

from dataclasses import dataclass
from itertools import count, islice

import numpy as np
from numpy.typing import NDArray
from scipy.special import comb

from scoring.best_worst import BallotCounts, Choice, ballot_counts, mid_ranks
from scoring.screens import screens_for

Floats = NDArray[np.float64]
SIZE = 4
SKIPPED = 0.05  # the share of screens that people leave out
SHARES = ((0.5, 0.5), (0.7, 0.3), (0.5, 0.3, 0.2), (0.6, 0.25, 0.15))  # of the declared groups in the room


@dataclass(frozen=True, slots=True)
class Kind:
    """How far people are of one mind: standard deviations of the utilities' parts, and the scale of the Gumbel noise.

    utility = common to all + of the group + of the person; each choice adds its own noise, as in a multinomial logit.
    """

    name: str
    common: float
    group: float
    person: float
    noise: float


KINDS = (
    Kind("of one mind", 1.0, 0.2, 0.5, 0.5),
    Kind("mixed", 1.0, 0.6, 1.0, 0.7),
    Kind("divided by group", 0.5, 1.0, 1.0, 0.7),
    Kind("hardly any order", 0.25, 0.25, 1.0, 1.0),
)


@dataclass(frozen=True, slots=True)
class Population:
    """All people of whom rooms are samples: utilities and true scores by [group, item]."""

    items: tuple[str, ...]
    kind: Kind
    groups: Floats
    truth: Floats


@dataclass(frozen=True, slots=True)
class Room:
    """The choices of a room, and the rank that each item has among all people like them."""

    kind: str
    people: int
    choices: tuple[Choice, ...]
    counts: BallotCounts
    true_rank: Floats


def population(rng: np.random.Generator, kind: Kind, items: int, groups: int, draws: int = 20_000) -> Population:
    """Draw the utilities of a population; its true scores are those of `draws` people of each group.

    For someone who ranks an item r-th of m, the expected (best - worst) / shown over all screens of four is
    (C(m - r, 3) - C(r - 1, 3)) / C(m - 1, 3): best when the other three come after it, worst when they come before.
    """
    common = rng.normal(0, kind.common, items)
    means = common + rng.normal(0, kind.group, (groups, items))
    r = np.arange(1, items + 1)
    worth = (comb(items - r, SIZE - 1) - comb(r - 1, SIZE - 1)) / comb(items - 1, SIZE - 1)
    truth = np.zeros((groups, items))
    for group in range(groups):
        felt = means[group] + rng.normal(0, kind.person, (draws, items)) + rng.gumbel(0, kind.noise, (draws, items))
        place = np.argsort(np.argsort(-felt, axis=1), axis=1)
        truth[group] = worth[place].mean(axis=0)
    return Population(tuple(f"item-{number}" for number in range(items)), kind, means, truth)


def room_of(rng: np.random.Generator, everyone: Population, people: int, shares: tuple[float, ...], seed: int) -> Room:
    """A room of people drawn from the population, with the declared groups in these shares, joining in any order."""
    members = rng.permutation(np.repeat(np.arange(len(shares)), _split(people, shares)))
    choices = [choice for p, group in enumerate(members) for choice in _choices(rng, everyone, p, int(group), seed)]
    counts = ballot_counts(everyone.items, choices)
    names = np.array(counts.group)
    by_block = [
        np.mean([everyone.truth[int(name)] for name in names[counts.block == number]], axis=0)
        for number in range(len(counts.blocks))
    ]
    true_rank = mid_ranks(np.mean(by_block, axis=0))
    return Room(everyone.kind.name, people, tuple(choices), counts, true_rank)


def _split(people: int, shares: tuple[float, ...]) -> list[int]:
    """People by group: shares rounded down, the rest to the first group."""
    sizes = [int(people * share) for share in shares]
    return [sizes[0] + people - sum(sizes), *sizes[1:]]


def _choices(rng: np.random.Generator, everyone: Population, person: int, group: int, seed: int) -> list[Choice]:
    kind, column = everyone.kind, {item: number for number, item in enumerate(everyone.items)}
    taste = everyone.groups[group] + rng.normal(0, kind.person, len(column))
    made = []
    for shown in screens_for(everyone.items, person, seed):
        felt = taste[[column[item] for item in shown]] + rng.gumbel(0, kind.noise, len(shown))
        best, worst = shown[int(felt.argmax())], shown[int(felt.argmin())]
        skipped = rng.random() < SKIPPED
        made.append(Choice(person, str(group), shown, None if skipped else best, None if skipped else worst))
    return made


def rooms(seed: int, people: int, number: int, each: int = 4) -> list[Room]:
    """`number` rooms of so many people, through all kinds and shares in turn; `each` from one population."""
    rng = np.random.Generator(np.random.PCG64([seed, people]))
    made: list[Room] = []
    for turn in count():
        shares = SHARES[int(rng.integers(len(SHARES)))]
        everyone = population(rng, KINDS[turn % len(KINDS)], int(rng.integers(10, 16)), len(shares))
        made.extend(room_of(rng, everyone, people, shares, turn) for _ in islice(range(each), number - len(made)))
        if len(made) == number:
            return made
    raise AssertionError("the turns never end")
