"""What comes first: every gap's priority, term by term."""

from dataclasses import dataclass

from scoring.gaps import Gap


@dataclass(frozen=True, slots=True)
class Priority:
    """One gap's rank with the terms that made it; each term is between 0 and 1 (goal: 1 to 2)."""

    gap: Gap
    rank: int
    gap_term: float
    weight_term: float
    goal_term: float
    effort_term: float
    value: float
    actions: tuple[str, ...]  # ids of the actions that would close it, first step first
