"""How far a score has moved between two assessments, and whether missing answers alone could explain it."""

from scoring.gaps import NOISE
from scoring.readiness import NodeScore


def change(then: NodeScore, now: NodeScore) -> float | None:
    """`now - then` in points of the scale; None without one of the two scores."""
    if then.score is None or now.score is None:
        return None
    return now.score - then.score


def may_be_chance(then: NodeScore, now: NodeScore) -> bool:
    """Whether the score moved no further than missing answers could have moved it.

    With the intervals of two scores, [l1, h1] then and [l2, h2] now, the true change lies anywhere in
    [l2 - h1, h2 - l1] (worst-case bounds: Manski, "Nonparametric bounds on treatment effects", American Economic
    Review 80(2), 1990). A change may be chance where these bounds hold 0, which is to say where the two intervals
    overlap or touch. A score without an interval is its own; one that did not move is no change, and so no chance.
    """
    points = change(then, now)
    if points is None or abs(points) <= NOISE:
        return False
    (low_then, high_then), (low_now, high_now) = _interval(then), _interval(now)
    return low_now - high_then <= 0 <= high_now - low_then


def _interval(node: NodeScore) -> tuple[float, float]:
    score = node.score or 0.0
    return (score if node.low is None else node.low, score if node.high is None else node.high)
