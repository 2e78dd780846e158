"""What comes first: every gap's priority, term by term."""

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaires.library import Action, Definition, Effect
from scoring.candidates import goal_term
from scoring.gaps import Gap

# Illustrative: the staff days at which the effort term is one half, a quarter of a year of one person.
HALF_EFFORT_DAYS = 60.0
UNKNOWN_EFFORT = 0.5  # illustrative; for a gap that no action of the library closes


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


def priorities(definition: Definition, gaps: Sequence[Gap], goals: Sequence[Effect] = ()) -> tuple[Priority, ...]:
    """Rank gaps by value = gap term x weight term x goal term x effort term; ties stay in the order of `gaps`.

    - gap term: the gap over the length of the scale.
    - weight term: the question's share in the overall score over the largest share among the gaps.
    - goal term: 1 + the part of the firm's goals that the closing actions serve; 1 without goals.
    - effort term: 1 / (1 + days / 60), days being the own staff days of the actions that close the gap.

    The product is a common form of risk-priority numbers; its goal and effort terms are illustrative. The roadmap does
    not rest on it: it weighs all actions together, with money and prerequisites.
    """
    scale = definition.questionnaire.scale
    largest = max((gap.weight for gap in gaps), default=0.0)
    found: list[Priority] = []
    for gap in gaps:
        closing = closing_actions(definition, gap)
        served = {effect for action in closing for effect in action.effects}
        gap_term = gap.size / (scale.max - scale.min)
        weight_term = gap.weight / largest if largest else 0.0
        goal = goal_term(served, goals)
        days = sum(action.days for action in closing)
        effort_term = 1.0 / (1.0 + days / HALF_EFFORT_DAYS) if closing else UNKNOWN_EFFORT
        value = gap_term * weight_term * goal * effort_term
        actions = tuple(action.id for action in closing)
        found.append(Priority(gap, 0, gap_term, weight_term, goal, effort_term, value, actions))
    ordered = sorted(found, key=lambda each: -round(each.value, 12))
    return tuple(
        Priority(p.gap, rank, p.gap_term, p.weight_term, p.goal_term, p.effort_term, p.value, p.actions)
        for rank, p in enumerate(ordered, 1)
    )


def closing_actions(definition: Definition, gap: Gap) -> tuple[Action, ...]:
    """The actions that lead from today's level to the target, first step first."""
    on_the_way = (a for a in definition.actions if a.question == gap.question and a.to > gap.level)
    return tuple(sorted((a for a in on_the_way if a.from_ < gap.target_level), key=lambda a: (a.from_, a.to)))
