"""The three strengths and the three gaps of the one page."""

from questionnaires.schema import Dimension
from reports.firm.material import Material
from reports.firm.view import Point
from scoring.gaps import Gap

SHOWN = 3
FEW = 4  # with fewer dimensions than this, questions are told instead


def strengths_and_gaps(m: Material) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Dimensions, or questions where there are few dimensions; nothing is told as both."""
    leaves = [
        each for each in m.questionnaire.walk() if each.questions and m.readiness.nodes[each.id].score is not None
    ]
    if len(leaves) < FEW:
        return _of_questions(m)
    strong = _strongest(m, leaves)
    open_ones = [each for each in leaves if each not in strong and _way(m, each) > 0]
    widest = sorted(open_ones, key=lambda each: -_way(m, each))[:SHOWN]
    return tuple(_strength(m, each) for each in strong), tuple(_gap(m, each) for each in widest)


def next_level(m: Material, gap: Gap) -> Point:
    """A question and what its next level looks like."""
    ahead = m.teller.level_next(gap.question, m.result.answers.answers.get(gap.question))
    return Point(m.questionnaire.questions[gap.question].text, "", ahead.text if ahead else "")


def _of_questions(m: Material) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    middle = (m.scale.min + m.scale.max) / 2
    known = {key: score for key in m.readiness.asked if (score := m.readiness.questions.get(key)) is not None}
    ordered = [key for key in m.questionnaire.questions if known.get(key, m.scale.min) >= middle]
    best = sorted(ordered, key=lambda key: -known[key])[:SHOWN]
    strong = tuple(
        Point(m.questionnaire.questions[key].text, m.score(known[key]), m.teller.answer(key, given))
        for key in best
        if (given := m.result.answers.answers.get(key)) is not None
    )
    return strong, tuple(_open(m, one.gap) for one in m.result.priorities if one.gap.question not in best)[:SHOWN]


def _open(m: Material, gap: Gap) -> Point:
    ahead = next_level(m, gap)
    note = m.words.gettext("Next: %(level)s", level=ahead.note) if ahead.note else ""
    return Point(ahead.text, m.words.way(m.score(gap.score), m.score(gap.target)), note)


def _way(m: Material, dimension: Dimension) -> float:
    """How far a dimension is from its target, in points."""
    today, target = m.readiness.nodes[dimension.id].score, m.target.nodes[dimension.id].score
    return 0.0 if today is None or target is None else target - today


def _strongest(m: Material, leaves: list[Dimension]) -> list[Dimension]:
    """The dimensions with the highest scores, at most half of them, none at the very bottom of the scale."""
    scored = [(m.readiness.nodes[each.id].score or m.scale.min, each) for each in leaves]
    ordered = sorted((pair for pair in scored if pair[0] > m.scale.min), key=lambda pair: -pair[0])
    return [each for _, each in ordered[: min(SHOWN, max(1, len(scored) // 2))]]


def _strength(m: Material, dimension: Dimension) -> Point:
    """A dimension and the most that it can say of itself."""
    answers = m.result.answers.answers
    scores = {each.id: m.readiness.questions.get(each.id) for each in dimension.questions}
    best = max((key for key in scores if scores[key] is not None), key=lambda key: scores[key] or 0.0)
    note = m.teller.answer(best, answers.get(best))
    return Point(dimension.title, m.score(m.readiness.nodes[dimension.id].score), note)


def _gap(m: Material, dimension: Dimension) -> Point:
    """A dimension and the next level of what comes first in it."""
    today, target = m.readiness.nodes[dimension.id].score, m.target.nodes[dimension.id].score
    first = next((one.gap.question for one in m.result.priorities if one.gap.dimension == dimension.id), "")
    ahead = m.teller.level_next(first, m.result.answers.answers.get(first)) if first else None
    note = m.words.gettext("Next: %(level)s", level=ahead.text) if ahead else ""
    return Point(dimension.title, m.words.way(m.score(today), m.score(target)), note)
