"""The order of a room by rules that look at items two by two: Borda, Copeland, Schulze, and the Condorcet winner."""

import numpy as np
from numpy.typing import NDArray

from scoring.best_worst import SAME

Floats = NDArray[np.float64]
Relation = NDArray[np.bool_]


def preferences(rankings: Floats, weights: Floats | None = None) -> Floats:
    """`[i, j]`: the people (or their weights) that put item i before item j, from `rankings[person, item]`.

    1 is the first place; equal places and places that are not given (not-a-number) say nothing about that pair, so
    ballots may be partial.
    """
    before = rankings[:, :, None] < rankings[:, None, :]
    people = np.ones(len(rankings)) if weights is None else weights
    return np.asarray(np.tensordot(people, before.astype(np.float64), axes=1))


def borda(preferred: Floats) -> Floats:
    """Each item's mean share of the comparisons with every other, from 0 to 1; 0.5 is even.

    `preferred[i, j]` is how many people, or what weight or share, put i before j; the diagonal does not count. Pairs
    that nobody compared are left out of the mean, an item in no comparison has 0.5. Where every person compared every
    pair, it is the count of Borda (1781), a point for each item put below, over people times (items - 1).
    """
    preferred = checked(preferred)
    met = preferred + preferred.T
    share = np.divide(preferred, met, out=np.zeros_like(met), where=met > 0).sum(axis=1)
    opponents = (met > 0).sum(axis=1)
    return np.asarray(np.divide(share, opponents, out=np.full(len(met), 0.5), where=opponents > 0))


def copeland(preferred: Floats) -> NDArray[np.int64]:
    """Each item's majorities won less majorities lost; a tie of a pair counts for neither. Copeland (1951)."""
    won = majorities(preferred)
    return np.asarray(won.sum(axis=1) - won.sum(axis=0))


def condorcet_winner(preferred: Floats) -> int | None:
    """The item that a majority puts before each other item; None where there is none."""
    won = majorities(preferred)
    winners = np.flatnonzero(won.sum(axis=1) == len(won) - 1)
    return int(winners[0]) if len(winners) else None


def strongest_paths(preferred: Floats) -> Floats:
    """`[i, j]`: how strong the strongest path of majorities from i to j is; 0 where there is none.

    A step's strength is how many put the one before the other (winning votes), a path's that of its weakest step.
    Where pairs were compared by unequally many, give shares instead of counts.
    """
    preferred = checked(preferred)
    paths = np.where(majorities(preferred), preferred, 0.0)
    for through in range(len(paths)):
        paths = np.maximum(paths, np.minimum(paths[:, through, None], paths[None, through, :]))
    np.fill_diagonal(paths, 0.0)
    return np.asarray(paths)


def schulze(preferred: Floats) -> Relation:
    """`[i, j]`: whether i is above j: the strongest path from i to j is stronger than that back.

    A strict order with ties. Source: Schulze (2011), A new monotonic, clone-independent, reversal symmetric, and
    Condorcet-consistent single-winner election method, Social Choice and Welfare 36:267-303.
    """
    paths = strongest_paths(preferred)
    return np.asarray(paths > paths.T)


def majorities(preferred: Floats) -> Relation:
    """`[i, j]`: whether more put i before j than j before i; what differs by less than the noise of floats is a tie."""
    preferred = checked(preferred)
    return np.asarray(preferred > preferred.T)


def ranks_of(above: Relation) -> tuple[float, ...]:
    """Ranks from who is above whom, 1 the highest: the mean of the places that an item could take.

    Items that are tied with one another share the mean of their places, as in `best_worst.mid_ranks`.
    """
    return tuple(((1 + above.sum(axis=0) + len(above) - above.sum(axis=1)) / 2).tolist())


def checked(preferred: Floats) -> Floats:
    """The matrix with nothing on its diagonal, free of the noise of floats.

    Raises:
        ValueError: it is not square, or a count is below 0 or no number.
    """
    if preferred.ndim != 2 or preferred.shape[0] != preferred.shape[1]:
        raise ValueError("preferences are a square matrix: items by items")
    found: Floats = np.asarray(np.round(preferred.astype(np.float64), SAME), dtype=np.float64)
    np.fill_diagonal(found, 0.0)
    if not (np.isfinite(found) & (found >= 0)).all():
        raise ValueError("a preference is a number of people, a weight or a share, not below 0")
    return found
