"""Which items a person compares: balanced best-worst screens, drawn for each person of a room by itself."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Screens = tuple[tuple[int, ...], ...]
Counts = NDArray[np.int64]
STARTS = 4


def screens_for(
    items: Sequence[str], person: int, seed: int, screens: int = 5, size: int = 4
) -> tuple[tuple[str, ...], ...]:
    """The screens of the person with this number (0, 1, 2, ...), in the order and with the places in which they appear.

    Nothing but the arguments decides, so a person who joins later changes nobody's screens; the order of `items` does
    not count. For n items the first n people are shown one cyclic design in its n shifts, the next n the same design
    with other items in its places, and so on:

    - each person is shown each item equally often, or once more than another;
    - so are any first p people together; after n, 2 n, ... people the numbers are the same, in every place of a screen;
    - pairs of items meet nearly equally often: the design is the best found by exchanging items between screens, first
      by the squared numbers of meetings after n people, then by their sum over the first 1, 2, ... n people.

    Four items or fewer get screens that leave one out, because a screen of everything, asked again, tells nothing new;
    no screen is asked twice. One item, or none, gets no screen.

    Source of the cyclic construction: John and Williams (1995), Cyclic and Computer Generated Designs, chapter 3.

    Raises:
        ValueError: an item is named twice, the person's number is negative, or a screen has fewer than two items.
    """
    n = len(items)
    if len(set(items)) != n:
        raise ValueError("an item is named twice")
    if person < 0 or screens < 1 or size < 2:
        raise ValueError("people are numbered from 0, and there is at least one screen of two items")
    if n < 2:
        return ()
    size = min(size, max(2, n - 1))
    design = _design(n, min(screens, math.comb(n, size)), size)
    shuffle, turn = divmod(person, n)
    shift = _shifts(n, sum(map(len, design)))[turn]
    named = sorted(items, key=lambda item: hashlib.sha256(f"{seed}/{shuffle}/{item}".encode()).digest())
    return tuple(tuple(named[(cell + shift) % n] for cell in screen) for screen in design)


@lru_cache(maxsize=64)
def _design(n: int, screens: int, size: int) -> Screens:
    """The first person's screens as numbers 0..n-1, without a number twice on a screen."""
    cells = [cell % n for cell in range(screens * size)]
    start = tuple(tuple(cells[first : first + size]) for first in range(0, len(cells), size))
    shifts = _shifts(n, len(cells))
    return _placed(_paired(start, n, shifts), n, shifts)


def _shifts(n: int, cells: int) -> tuple[int, ...]:
    """In which order the n shifts of a design are given out.

    The items that a person sees once more than others are `cells % n` neighbours on the circle 0..n-1. Each person's
    begin where those of the person before end, so that they lie round the circle like tiles.
    """
    more = cells % n
    if more == 0:
        return tuple(range(n))
    round_trip = n // math.gcd(more, n)
    return tuple((turn * more + turn // round_trip) % n for turn in range(n))


def _paired(start: Screens, n: int, shifts: Sequence[int]) -> Screens:
    """The best of several designs in which no exchange of two items between screens makes pairs meet more equally."""
    found = (_settled(_stirred(start, stir), n, shifts) for stir in range(STARTS))
    return min(found, key=lambda design: (*_distance_cost(design, n), _pair_cost(design, n, shifts)))


def _settled(design: Screens, n: int, shifts: Sequence[int]) -> Screens:
    least = _distance_cost(design, n), _pair_cost(design, n, shifts)
    improved = True
    while improved:
        improved = False
        for candidate in _exchanges(design):
            distances = _distance_cost(candidate, n)
            if distances > least[0]:
                continue
            cost = distances, _pair_cost(candidate, n, shifts)
            if cost < least:
                design, least, improved = candidate, cost, True
                break
    return design


def _stirred(design: Screens, stir: int) -> Screens:
    """Another design to start from, the same on every machine."""
    for turn in range(6 * stir):
        possible = list(_exchanges(design))
        if possible:
            design = possible[(7919 * (stir + turn)) % len(possible)]
    return design


def _exchanges(design: Screens) -> Iterator[Screens]:
    for one, other in combinations(range(len(design)), 2):
        for a in range(len(design[one])):
            for b in range(len(design[other])):
                left, right = design[one][a], design[other][b]
                if left in design[other] or right in design[one]:
                    continue
                changed = [list(screen) for screen in design]
                changed[one][a], changed[other][b] = right, left
                yield tuple(map(tuple, changed))


def _distance_cost(design: Screens, n: int) -> tuple[int, int]:
    """How many screens are asked twice, and how unequally often pairs meet after n people.

    By then all pairs at one distance on the circle have met equally often.
    Pairs opposite each other (n even) are half as many as those at another distance, so their number counts double.
    """
    met = [0] * (n // 2 + 1)
    for screen in design:
        for a, b in combinations(screen, 2):
            distance = abs(a - b)
            distance = min(distance, n - distance)
            met[distance] += 2 if 2 * distance == n else 1
    unequal = sum(number * number * (1 if 2 * distance == n else 2) for distance, number in enumerate(met))
    return len(design) - len({frozenset(screen) for screen in design}), unequal


def _pair_cost(design: Screens, n: int, shifts: Sequence[int]) -> int:
    met = np.zeros((n, n), dtype=np.int64)
    for screen in design:
        for a, b in combinations(screen, 2):
            met[a, b] += 1
            met[b, a] += 1
    return _squares(met, shifts, (0, 1))


def _placed(design: Screens, n: int, shifts: Sequence[int]) -> Screens:
    """The design with each screen ordered so that every item stands in every place nearly equally often."""
    best, least = design, _place_cost(design, n, shifts)
    improved = True
    while improved:
        improved = False
        for row, screen in enumerate(best):
            for a, b in combinations(range(len(screen)), 2):
                order = list(best[row])
                order[a], order[b] = order[b], order[a]
                candidate = (*best[:row], tuple(order), *best[row + 1 :])
                cost = _place_cost(candidate, n, shifts)
                if cost < least:
                    best, least, improved = candidate, cost, True
    return best


def _place_cost(design: Screens, n: int, shifts: Sequence[int]) -> int:
    stood = np.zeros((n, len(design[0])), dtype=np.int64)
    for screen in design:
        stood[list(screen), range(len(screen))] += 1
    return _squares(stood, shifts, (0,))


def _squares(counts: Counts, shifts: Sequence[int], axes: tuple[int, ...]) -> int:
    """Sum over the first 1, 2, ... n people of the squared counts: least where they are all the same."""
    each = np.array([np.roll(counts, (shift,) * len(axes), axes) for shift in shifts])
    return int((np.cumsum(each, axis=0) ** 2).sum())
