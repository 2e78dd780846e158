"""Sample results for the tests of reports: a food maker on the shipped questionnaire, with its roadmap."""

from assessment.results import Facts, Result
from questionnaires.answers import Answers, AnswerValue
from questionnaires.library import Definition, Size
from questionnaires.loader import load_definition
from scoring.gaps import Gap, Target
from scoring.ladders import level_scores
from scoring.priorities import Priority
from scoring.readiness import effective_weights, level_of, readiness
from scoring.roadmap import LeftOut, MoreBudget, PhaseTotal, PlannedAction, Roadmap, Wishes
from scoring.uncertainty import rule_comparison, weight_sensitivity

PEOPLE_FIRST = {"people": 2, "process": 1, "technology": 0}


def sample_answers(definition: Definition) -> Answers:
    """Stronger in people than in technology; some unknown, one not applicable, one dimension half open."""
    answers: dict[str, AnswerValue] = {}
    questionnaire = definition.questionnaire
    for number, question in enumerate(questionnaire.questions.values()):
        if question.applies_if is not None or question.levels is None:
            continue
        base = PEOPLE_FIRST.get(questionnaire.factor_of[question.id].id, 1)
        answers[question.id] = min(len(question.levels) - 1, max(0, base + (number * 7 % 4) - 1))
    answers |= {"data.learning": "unknown", "design.additive": "not_applicable", "security.plant": "unknown"}
    for left in ("resources.emissions", "resources.materials"):
        answers.pop(left, None)
    profile = {"sector": "manufacturing", "branch": "food", "employees": 84.0, "turnover": "small"}
    return Answers(profile, {key: value for key, value in answers.items() if key in questionnaire.questions})


def sample_gaps(definition: Definition, answers: Answers) -> tuple[Gap, ...]:
    """To the level after the next, largest weighted gap first."""
    questionnaire = definition.questionnaire
    weights = effective_weights(questionnaire, answers)
    gaps = []
    for question in questionnaire.questions.values():
        level = level_of(question, answers.answers.get(question.id))
        scores = level_scores(questionnaire, question)
        if level is None or question.id not in weights or level + 1 >= len(scores):
            continue
        target = min(level + 2, len(scores) - 1)
        dimension, factor = questionnaire.dimension_of[question.id].id, questionnaire.factor_of[question.id].id
        values = level, target, scores[level], scores[target], weights[question.id]
        gaps.append(Gap(question.id, dimension, factor, *values))
    return tuple(sorted(gaps, key=lambda gap: -gap.size * gap.weight))


def sample_priorities(definition: Definition, gaps: tuple[Gap, ...]) -> tuple[Priority, ...]:
    largest = max((gap.weight for gap in gaps), default=1.0)
    found = []
    for rank, gap in enumerate(gaps, 1):
        steps = [a for a in definition.actions if a.question == gap.question and gap.level < a.to <= gap.target_level]
        effort = 1 / (1 + len(steps))
        terms = gap.size / 5, gap.weight / largest, 1.0 + (rank % 3) / 2, effort
        found.append(Priority(gap, rank, *terms, terms[0] * terms[1] * terms[2] * terms[3], tuple(a.id for a in steps)))
    return tuple(found)


def sample_roadmap(priorities: tuple[Priority, ...], definition: Definition, wishes: Wishes) -> Roadmap:
    """The first actions of the first priorities, eight a phase, one after the other."""
    spans = ((0.0, 3.0), (3.0, 12.0), (12.0, 36.0))
    chosen = list(dict.fromkeys(action for priority in priorities for action in priority.actions))
    planned: list[PlannedAction] = []
    quick = [key for key in chosen if definition.action[key].months <= 2][:8]
    rest = [key for key in chosen if key not in quick]
    for phase, keys in enumerate((quick, rest[:9], rest[9:19])):
        start, end = spans[phase]
        for position, key in enumerate(keys):
            action = definition.action[key]
            begin = start + (end - start - min(action.months, end - start)) * position / max(len(keys) - 1, 1)
            low, high = (amount * wishes.rate for amount in action.cost[wishes.size])
            before = tuple(one for one in action.requires if one in {p.action for p in planned})
            months = begin, min(begin + action.months, end)
            planned.append(
                PlannedAction(key, phase, *months, low, high, action.days, 0.03, position == 0, before, keys[-1:])
            )
    left = tuple(
        LeftOut(key, reason, *(amount * wishes.rate for amount in definition.action[key].cost[wishes.size]), 0.02)
        for key, reason in zip(rest[19:24], ("budget", "days", "prerequisite", "time", "little_gain"), strict=False)
    )
    totals = tuple(_total([p for p in planned if p.phase == n], 2.0 + 0.3 * n) for n in range(3))
    factors = {"people": 1.9, "process": 1.4, "technology": 0.9}
    more = MoreBudget(8000.0, 2.8, tuple(rest[20:22]), tuple(rest[:1])) if rest[22:] else None
    after = {key: value + 0.8 for key, value in factors.items()}
    return Roadmap(tuple(planned), left, totals, 1.4, 2.6, factors, after, 0.0, more)


def _total(planned: list[PlannedAction], reached: float) -> PhaseTotal:
    low, high = sum(p.cost_low for p in planned), sum(p.cost_high for p in planned)
    return PhaseTotal(low, high, (low + high) / 2, sum(p.days for p in planned), None, reached)


def sample_result(reference: str = "industry4-readiness", size: Size = "small", currency: str = "MYR") -> Result:
    """A whole result for a food maker in Malaysia."""
    definition = load_definition(reference)
    answers = sample_answers(definition)
    gaps = sample_gaps(definition, answers)
    priorities = sample_priorities(definition, gaps)
    wishes = Wishes(size=size, budget=400_000.0, currency=currency, rate=4.2)
    notes = {"planning.orders": "Orders are in the book on the wall; Aisha types them on Fridays."}
    facts = Facts("Sample Foods Sdn Bhd", "MY", "2026-11-22", ("Plant manager", "Head of finance"), "A7F3-9K2M", notes)
    return Result(
        definition, facts, answers, readiness(definition.questionnaire, answers),
        weight_sensitivity(definition.questionnaire, answers), rule_comparison(definition.questionnaire, answers),
        Target(), gaps, priorities, wishes, sample_roadmap(priorities, definition, wishes),
    )  # fmt: skip
