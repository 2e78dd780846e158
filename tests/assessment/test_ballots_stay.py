"""Why no ballot is in a record: what anonymous ballots would tell somebody who knows the seats and the seed."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from scoring.best_worst import Choice, ballot_counts
from scoring.screens import screens_for

GAPS = tuple(f"gap{number}" for number in range(10))
PEOPLE, SCREENS, SEED = 40, 5, 20261120


def choices() -> list[Choice]:
    """Forty people who choose by their own taste, two thirds of it shared."""
    draw = np.random.default_rng(SEED)
    shared = draw.normal(size=len(GAPS))
    found = []
    for person in range(PEOPLE):
        taste = dict(zip(GAPS, shared + 0.7 * draw.normal(size=len(GAPS)), strict=True))
        for shown in screens_for(GAPS, person, SEED, SCREENS):
            ranked = sorted(shown, key=taste.__getitem__)
            group = "research" if person % 10 == 0 else "industry"
            found.append(Choice(person + 1, group, shown, ranked[-1], ranked[0]))
    return found


def could_be(net: Sequence[int], screens: Sequence[tuple[str, ...]]) -> bool:
    """Whether somebody with these screens can have a ballot of these sums, times best less times worst."""
    if not screens:
        return not any(net)
    left = sum(abs(value) for value in net)
    if left > 2 * len(screens):
        return False
    for best, worst in permutations(screens[0], 2):
        rest = list(net)
        rest[GAPS.index(best)] -= 1
        rest[GAPS.index(worst)] += 1
        if could_be(rest, screens[1:]):
            return True
    return False


def seats_of(ballots: Sequence[Sequence[int]], seats: Sequence[Sequence[tuple[str, ...]]]) -> list[set[int]]:
    """For every ballot the seats that it can be from, if each seat gave one of them."""
    fits = [[could_be(ballot, seat) for seat in seats] for ballot in ballots]
    ways = [way for way in permutations(range(len(seats))) if all(fits[b][s] for b, s in enumerate(way))]
    return [{way[ballot] for way in ways} for ballot in range(len(ballots))]


def test_ballots_without_names_and_with_small_groups_merged_would_still_say_whose_they_are() -> None:
    """So that a record holds sums over blocks instead.

    The attacker has the list of seats, as who leads has, and the seed; of small groups that are five people together
    the ballots are handed out as sums per person, shuffled, without screens, times or groups.
    """
    counts = ballot_counts(GAPS, choices())
    seats = [screens_for(GAPS, person, SEED, SCREENS) for person in range(PEOPLE)]
    blocks = [range(first, first + 5) for first in range(0, PEOPLE, 5)]

    found = [
        each
        for block in blocks
        for each in seats_of([counts.net[p].tolist() for p in block], [seats[p] for p in block])
    ]

    assert sum(len(each) == 1 for each in found) == 38  # of 40
