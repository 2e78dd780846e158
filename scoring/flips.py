"""How few people would have to leave a room for its first places to change."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from math import comb

import numpy as np
from numpy.typing import NDArray

from scoring.best_worst import SAME, Floats, Ints, by_block, mean_of_blocks
from scoring.flip_bound import nobody_overtakes

SUBSETS_TRIED = 700_000  # of one size
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Flip:
    """How many people have to leave for the first k to change: `at_least` for certain, `at_most` by example.

    Both are the same where the number is known exactly; `at_most` is None where no example was found. `leaving` is the
    example, rows of the ballots and never to be shown; `top` are the first k today, `after` those without them.
    """

    at_least: int
    at_most: int | None
    top: tuple[int, ...]
    after: tuple[int, ...]
    leaving: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether the number is known exactly."""
        return self.at_least == self.at_most


@dataclass(frozen=True, slots=True)
class _Room:
    """Sums by block, and what each person adds to them; both `[..., block, item]`."""

    net: Floats
    shown: Floats
    of_net: Floats
    of_shown: Floats
    k: int

    def scores(self, leaving: NDArray[np.int64]) -> Floats:
        """The scores without the people of each row of `leaving[row, place]`."""
        net = self.net - self.of_net[leaving].sum(axis=1)
        return mean_of_blocks(net, self.shown - self.of_shown[leaving].sum(axis=1))

    def top(self, scores: Floats) -> NDArray[np.bool_]:
        """Who is in the first k, along the last axis; also whoever is tied with the last of them."""
        rounded = np.round(scores, SAME)
        k = min(self.k, rounded.shape[-1])
        return np.asarray(rounded >= -np.partition(-rounded, k - 1, axis=-1)[..., k - 1 : k])


def smallest_flip(net: Ints, shown: Ints, block: Ints, k: int, tried: int = SUBSETS_TRIED) -> Flip:
    """The smallest number of people without whom other items are in the first k.

    `net[person, item]`, `shown[person, item]`, `block[person]` as in `best_worst.BallotCounts`; the score is that of
    `best_worst.item_scores`, and blocks stay as they are when people leave (one that is empty has no voice). The first
    k count everybody who is tied with the last of them, so a tie that comes or goes at that place is a change.

    Size by size, from one person: either a bound shows that so many people cannot do it (`flip_bound`), or all subsets
    of the size are tried, if there are no more than `tried` (700,000 are enough for 4 people of 60, 5 of 40, 7 of 24).
    What is beyond is searched greedily, pair by pair of items, for an example. 60 people, 12 items, two blocks: mostly
    below 0.2 s, and 2.5 s when every subset must be tried (one core).

    Raises:
        ValueError: k is below 1.
    """
    if k < 1:
        raise ValueError("the first places are one or more")
    room = _room(net, shown, block, k)
    top = room.top(mean_of_blocks(room.net, room.shown))
    people = len(net)
    for size in range(1, people):
        if nobody_overtakes(net, shown, block, top, k, size):
            continue
        if comb(people, size) > tried:
            return _by_example(room, top, size)
        found = _among_all(room, top, people, size)
        if found is not None:
            return _flip(room, top, size, found)
    return _flip(room, top, max(people, 1), None)


def _room(net: Ints, shown: Ints, block: Ints, k: int) -> _Room:
    blocks = int(block.max()) + 1 if len(block) else 1
    member = (block[:, None] == np.arange(blocks)[None, :]).astype(np.float64)[:, :, None]
    sums = by_block(block, net, blocks), by_block(block, shown, blocks)
    return _Room(*sums, member * net[:, None, :], member * shown[:, None, :], k)


def _flip(room: _Room, top: NDArray[np.bool_], at_least: int, leaving: tuple[int, ...] | None) -> Flip:
    before = tuple(np.flatnonzero(top).tolist())
    if leaving is None:
        return Flip(at_least, None, before, before, ())
    after = room.top(room.scores(np.array([leaving])))[0]
    return Flip(at_least, len(leaving), before, tuple(np.flatnonzero(after).tolist()), leaving)


def _among_all(room: _Room, top: NDArray[np.bool_], people: int, size: int) -> tuple[int, ...] | None:
    for leaving in _chunks(people, size):
        changed = (room.top(room.scores(leaving)) != top).any(axis=1)
        if changed.any():
            return tuple(leaving[int(np.argmax(changed))].tolist())
    return None


def _chunks(people: int, size: int) -> Iterator[NDArray[np.int64]]:
    subsets = combinations(range(people), size)
    while rows := list(islice(subsets, AT_ONCE)):
        yield np.array(rows, dtype=np.int64)


def _by_example(room: _Room, top: NDArray[np.bool_], at_least: int) -> Flip:
    """For each pair inside and outside, whose leaving brings the two nearest, one by one; the fewest of all."""
    best: tuple[int, ...] | None = None
    for inside in np.flatnonzero(top):
        for outside in np.flatnonzero(~top):
            most = len(room.of_net) - 1 if best is None else len(best) - 1
            found = _greedy(room, top, int(inside), int(outside), most)
            best = best if found is None else found
    return _flip(room, top, at_least, best)


def _greedy(room: _Room, top: NDArray[np.bool_], inside: int, outside: int, most: int) -> tuple[int, ...] | None:
    gone: list[int] = []
    while len(gone) < most:
        stay = [person for person in range(len(room.of_net)) if person not in gone]
        scores = room.scores(np.array([[*gone, person] for person in stay]))
        changed = (room.top(scores) != top).any(axis=1)
        lead = np.where(changed, -np.inf, scores[:, inside] - scores[:, outside])
        gone.append(stay[int(np.argmin(lead))])
        if changed.any():
            return _needed(room, top, gone)
    return None


def _needed(room: _Room, top: NDArray[np.bool_], gone: list[int]) -> tuple[int, ...]:
    """The same without those whose leaving was not needed in the end."""
    for person in gone:
        fewer = [each for each in gone if each != person]
        if fewer and (room.top(room.scores(np.array([fewer])))[0] != top).any():
            return _needed(room, top, fewer)
    return tuple(sorted(gone))
