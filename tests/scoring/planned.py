"""Candidates and tasks for tests of the roadmap, from as few words as possible, and random ones."""

from typing import Any

from hypothesis import strategies as st

from questionnaires.library import Action
from scoring.candidates import Candidate
from scoring.plan_model import Limits, Task

FACTORS = ("people", "process")


def action(name: str, question: str = "q", start: int = 0, end: int = 1, **given: Any) -> Action:
    """An action of one month, one day and a cost of 10 for every size, unless said otherwise."""
    plain = {"cost": {"small": [10, 10]}, "currency": "USD", "days": 1, "months": 1}
    return Action.model_validate(
        {"id": name, "title": name, "question": question, "from": start, "to": end} | plain | given
    )


def candidate(
    name: str, worth: float = 0.1, *, needs: tuple[tuple[str, ...], ...] = (), cost: float = 10.0,
    factor: str = "people", question: str | None = None, levels: tuple[int, ...] = (1,), pull: float = 1.0,
    **given: Any,
) -> Candidate:  # fmt: skip
    """A candidate that is worth this much at each of its levels; `needs` holds groups of alternatives."""
    steps = dict.fromkeys(levels, worth)
    raises = action(name, question or f"q.{name}", min(levels) - 1, max(levels), **given)
    return Candidate(raises, factor, steps, cost, cost, needs, pull)


def task(*found: Candidate, **given: Any) -> Task:
    """A task of two factors of equal weight, both at 1.0 today, without balance."""
    same = {"shares": dict.fromkeys(FACTORS, 0.5), "factors_before": dict.fromkeys(FACTORS, 1.0)}
    return Task({c.id: c for c in found}, **{**same, **given})


NAMES = "abcdef"
# Questions, each with its factor and the worth of its levels.
QUESTIONS: dict[str, tuple[str, dict[int, float]]] = {
    "q1": ("people", {1: 0.2, 2: 0.1, 3: 0.3}),
    "q2": ("process", {1: 0.15, 2: 0.0, 3: 0.25}),
    "q3": ("process", {1: 0.2, 2: 0.2, 3: 0.2}),
}


@st.composite
def candidates(draw: st.DrawFn, name: str, names: str) -> Candidate:
    question = draw(st.sampled_from(sorted(QUESTIONS)))
    factor, worth = QUESTIONS[question]
    start = draw(st.integers(0, 2))
    steps = {level: worth[level] for level in range(start + 1, draw(st.integers(start + 1, 3)) + 1)}
    cost, spread = draw(st.integers(0, 20)), draw(st.integers(0, 4))
    raises = action(
        name, question, start, max(steps), days=draw(st.integers(0, 20)),
        months=draw(st.sampled_from([0, 0.5, 1, 2, 3, 4, 6, 9, 12, 20, 40])),
    )  # fmt: skip
    others = [other for other in names if other != name]
    group = st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True).map(tuple)
    needs = draw(st.lists(group, max_size=2)) if others else []
    pull = draw(st.sampled_from([1.0, 1.0, 1.5, 2.0]))
    return Candidate(raises, factor, steps, max(cost - spread, 0), cost + spread, tuple(needs), pull)


@st.composite
def tasks(draw: st.DrawFn, most: int = 6, musts: int = 0) -> Task:
    """Up to six actions with overlapping steps, alternatives and circles among their needs, some of them a must."""
    names = NAMES[: draw(st.integers(1, most))]
    found = [draw(candidates(name, names)) for name in names]
    must = frozenset(draw(st.lists(st.sampled_from(list(names)), min_size=musts, max_size=musts + 2)))
    return Task(
        {c.id: c for c in found},
        shares={"people": 0.4, "process": 0.6},
        factors_before={"people": draw(st.sampled_from([0.0, 1.0, 2.5])), "process": 1.0},
        must=must,
        balance=draw(st.sampled_from([0.0, 0.25, 1.0])),
    )


def limits() -> st.SearchStrategy[Limits]:
    """Budgets and days from nothing to plenty, or none."""
    money, days = st.none() | st.integers(0, 60).map(float), st.none() | st.integers(0, 40).map(float)
    return st.builds(Limits, money, st.tuples(money, money, money), st.tuples(days, days, days))
