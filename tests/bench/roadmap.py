"""The bar of the roadmap: 150 actions in three phases, the best plan found and proven, with money and days short."""

import random
import time
from collections.abc import Iterator, Mapping
from statistics import median

from questionnaires.answers import Answers
from questionnaires.library import Action, Definition
from questionnaires.loader import load_definition
from scoring.candidates import Candidate, candidates
from scoring.choosing import Choice, choose
from scoring.gaps import Target
from scoring.plan_model import Limits, Task
from scoring.planning import task_of
from scoring.proving import GAP
from scoring.readiness import readiness
from scoring.roadmap import Wishes
from scoring.sizes import size_class
from tests.scoring.building import build, dimension, question

MOST_SECONDS = 2.0
LEAST_ACTIONS = 150
MONTHS = (1, 1, 2, 2, 3, 4, 6, 9, 12, 15)
STEPS = ((0, 2), (2, 4), (4, 5))  # of each question of a made-up library


def measure(full: bool) -> dict[str, object]:
    """CPU seconds of the choice alone (programme, search, proof): the machine is shared, and seconds on it drift.

    `shipped`: firms of services at low levels of our own questionnaire. `made up`: libraries of 150 actions whose costs
    follow their gains, the hard case of a knapsack. Budget, phase budgets and staff days all bind.
    """
    return {
        **_told("shipped library", _firms(20 if full else 2)),
        **_told("made-up libraries", _libraries(10 if full else 2)),
    }


def _told(name: str, tasks: Iterator[tuple[Task, Limits]]) -> dict[str, object]:
    seconds: list[float] = []
    gaps: list[float] = []
    sizes: list[int] = []
    for task, limits in tasks:
        start = time.process_time()
        choice = choose(task, limits)
        seconds.append(time.process_time() - start)
        assert isinstance(choice, Choice)
        gaps.append(choice.optimality_gap)
        sizes.append(len(task.candidates))
    met = max(seconds) <= MOST_SECONDS and max(gaps) <= GAP and min(sizes) >= LEAST_ACTIONS
    return {
        f"{name}, {len(seconds)} plans of {min(sizes)} to {max(sizes)} actions": (
            f"median {median(seconds):.2f} s, worst {max(seconds):.2f} s, bar {MOST_SECONDS:g} s {_met(met)}"
        ),
        f"{name}, worst proven gap": f"{max(gaps):.6%}, bar {GAP:.2%} {_met(max(gaps) <= GAP)}",
    }


def _firms(number: int) -> Iterator[tuple[Task, Limits]]:
    """Firms of our own questionnaire that can still do at least 150 actions, each with limits of its own."""
    definition, chance = load_definition("industry4-readiness"), random.Random(4)
    questions = definition.questionnaire.questions
    while number:
        profile = {"sector": "services", "employees": float(chance.choice([6, 30, 120, 600]))}
        levels = {id: chance.choices((0, 1, 2), (6, 3, 1))[0] for id in questions}
        answers, size = Answers(profile, levels), size_class(profile).size
        scored = readiness(definition.questionnaire, answers)
        found = candidates(definition, answers, scored, Target(), size)
        if len(found) >= LEAST_ACTIONS:
            number -= 1
            yield task_of(definition, answers, scored, found, Wishes(size=size)), _short(found, chance)


def _short(found: Mapping[str, Candidate], chance: random.Random) -> Limits:
    """A third to a half of what everything costs, less in each phase, and staff days likewise."""
    cost, days = sum(c.cost for c in found.values()), sum(c.action.days for c in found.values())

    def three(total: float) -> tuple[float, float, float]:
        return (
            total * chance.uniform(0.08, 0.16), total * chance.uniform(0.12, 0.22), total * chance.uniform(0.15, 0.3)
        )  # fmt: skip

    return Limits(cost * chance.uniform(0.3, 0.5), three(cost), three(days))


def _libraries(number: int) -> Iterator[tuple[Task, Limits]]:
    for seed in range(number):
        chance = random.Random(seed)
        definition = _library(chance)
        answers = Answers({}, dict.fromkeys(definition.questionnaire.questions, 0))
        scored = readiness(definition.questionnaire, answers)
        found = candidates(definition, answers, scored, Target(), "small")
        yield task_of(definition, answers, scored, found, Wishes()), _short(found, chance)


def _library(chance: random.Random) -> Definition:
    """50 questions in three factors, three steps each; steps need up to three others of their level or below."""
    levels = [f"Level {i}." for i in range(6)]
    parts: dict[str, list[dict[str, object]]] = {"people": [], "process": [], "technology": []}
    for number in range(LEAST_ACTIONS // len(STEPS)):
        asked = question(f"question-{number}", levels=levels, weight=round(chance.uniform(1, 4), 2))
        parts[chance.choice(list(parts))].append(asked)
    questionnaire = build([dimension(id, dimension(f"{id}.all", *asked)) for id, asked in parts.items()])
    order = [(start, end, q.id, q.weight) for start, end in STEPS for q in questionnaire.questions.values()]
    actions: list[Action] = []
    for start, end, asked_id, weight in order:
        before = chance.sample([a.id for a in actions], min(len(actions), chance.choice((0, 0, 1, 1, 2, 3))))
        cost = round(weight * (end - start) * 10_000 * chance.uniform(0.8, 1.2) + 1000, -2)
        actions.append(
            Action.model_validate(
                {
                    "id": f"{asked_id}.{end}", "title": "Do it", "question": asked_id, "from": start, "to": end,
                    "cost": {"small": [cost * 0.8, cost * 1.2]}, "currency": "USD", "requires": before,
                    "days": float(chance.randint(3, 60)), "months": float(chance.choice(MONTHS)),
                }
            )
        )  # fmt: skip
    return Definition(questionnaire, tuple(actions))


def _met(met: bool) -> str:
    return "met" if met else "MISSED"
