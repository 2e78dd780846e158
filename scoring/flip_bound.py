"""A proof that no so many people leaving can change a room's first places, without trying them all."""

import numpy as np
from numpy.typing import NDArray

from scoring.best_worst import Floats, Ints

NOISE = 1e-9  # of a score, which goes from -1 to 1
STEPS = 60  # the search for the highest ratio ends by itself, mostly within five


def nobody_overtakes(net: Ints, shown: Ints, block: Ints, top: NDArray[np.bool_], k: int, size: int) -> bool:
    """Whether it is certain that no `size` people leaving let an item outside the first k reach one inside.

    When so many of a block leave, an item's score there rises or falls at most to an extreme of a ratio of two sums,
    which is found exactly (Dinkelbach 1967, Management Science 13:492-498). Those who leave are shared out over the
    blocks in the worst way for each pair. Since the people who raise one item need not
    be those who lower the other, the true change is no larger: false means unknown, not possible.

    False also where it cannot tell: the first k are tied at the end, or so many could leave an item unseen in a block.
    """
    if top.sum() != k or top.all():
        return bool(top.all()) and len(top) <= k
    blocks = range(int(block.max()) + 1)
    seen = np.array([[(shown[block == b, i] > 0).sum() for i in range(len(top))] for b in blocks])
    if size >= seen[seen > 0].min():
        return False
    voices = np.maximum((seen > 0).sum(axis=0), 1)
    inside, outside = np.flatnonzero(top), np.flatnonzero(~top)
    reach = np.zeros((1, len(outside), len(inside)))  # [left, outside, inside]: the most by which it can lead
    for b in blocks:
        members = block == b
        most = min(size, int(members.sum()))
        high = np.array([highest_ratios(net[members], shown[members], left) for left in range(most + 1)]) / voices
        low = -np.array([highest_ratios(-net[members], shown[members], left) for left in range(most + 1)]) / voices
        reach = _shared(reach, high[:, outside, None] - low[:, None, inside], size)
    return bool((reach[size] < -NOISE).all()) if len(reach) > size else False


def _shared(reach: Floats, lead: Floats, size: int) -> Floats:
    """The most over all ways to share out those who leave between the blocks so far and one more."""
    found = np.full((min(size, len(reach) + len(lead) - 2) + 1, *reach.shape[1:]), -np.inf)
    for left, more in enumerate(lead):
        for before, so_far in enumerate(reach):
            if left + before < len(found):
                found[left + before] = np.maximum(found[left + before], so_far + more)
    return found


def highest_ratios(net: Ints, shown: Ints, leaving: int) -> Floats:
    """Per item the highest (sum of net) / (sum of shown) that so many people leaving can give; 0 where nobody saw it.

    With the ratio r at hand, those leave who lower (sum of net) - r (sum of shown) most; the ratio that they leave is
    the highest when it stays the same; before, it only grows.
    """
    total, seen = net.sum(axis=0).astype(np.float64), shown.sum(axis=0).astype(np.float64)
    ratio: Floats = np.divide(total, seen, out=np.zeros_like(total), where=seen > 0)
    for _ in range(STEPS if leaving else 0):
        go = np.argsort(net - ratio * shown, axis=0)[:leaving]
        left = seen - np.take_along_axis(shown, go, axis=0).sum(axis=0)
        nets = total - np.take_along_axis(net, go, axis=0).sum(axis=0)
        higher = np.divide(nets, left, out=np.zeros_like(total), where=left > 0)
        if np.allclose(higher, ratio, rtol=0, atol=NOISE / 10):
            break
        ratio = higher
    return ratio
