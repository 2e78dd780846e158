"""Strengths and gaps, factor by factor: what is true today beside what the next level looks like."""

from questionnaires.schema import Dimension, Question
from reports.firm.material import Material
from reports.firm.profile import coverage
from reports.firm.view_scores import FactorBlock, FactorsSection, StepRow

STRENGTHS, STEPS = 2, 3  # rows shown for each factor
MOST_FACTORS = 6


def build_factors(m: Material) -> FactorsSection | None:
    """None when no question has a score: there is nothing to put side by side."""
    w = m.words
    factors = [each for each in m.questionnaire.dimensions if m.readiness.nodes[each.id].score is not None]
    if not factors:
        return None
    fewer = STEPS if len(factors) <= 4 else 2
    return FactorsSection(
        id="factors",
        title=w.gettext("Strengths and gaps"),
        intro=w.gettext("Beside each answer of today stands the next level: what would be true one step further."),
        caption=w.gettext("What is true today, and what one level more would look like"),
        heads=(w.gettext("Question"), w.gettext("True today"), w.gettext("The next level")),
        strengths_title=w.gettext("Strengths to build on"),
        steps_title=w.gettext("Gaps to close first"),
        top=w.gettext("This is the highest level."),
        blocks=tuple(_block(m, each, fewer) for each in factors[:MOST_FACTORS]),
        source=w.gettext("The order is that of the priorities on the next pages."),
    )


def _block(m: Material, factor: Dimension, most: int) -> FactorBlock:
    asked = [q for each in factor.walk() for q in each.questions if q.id in m.readiness.asked]
    first = [one.gap.question for one in m.result.priorities if one.gap.factor == factor.id][:most]
    strong = _strongest(m, [question for question in asked if question.id not in first])
    score = m.readiness.nodes[factor.id].score
    return FactorBlock(
        id=factor.id,
        title=factor.title,
        score=m.score(score),
        tone=m.tone(score),
        sentences=_sentences(m, factor),
        strengths=tuple(row for question in strong if (row := _row(m, question.id)) is not None),
        steps=tuple(row for key in first if (row := _row(m, key)) is not None),
    )


def _strongest(m: Material, questions: list[Question]) -> list[Question]:
    scores = m.readiness.questions
    middle = (m.scale.min + m.scale.max) / 2
    best = sorted(questions, key=lambda each: -(scores.get(each.id) or m.scale.min))
    return [each for each in best if (scores.get(each.id) or m.scale.min) >= middle][:STRENGTHS]


def _row(m: Material, key: str) -> StepRow | None:
    given = m.result.answers.answers.get(key)
    today = m.teller.level_now(key, given)
    if today is None:
        return None
    return StepRow(
        id=key,
        dimension=m.questionnaire.dimension_of[key].title,
        question=m.questionnaire.questions[key].text,
        today=today,
        next=m.teller.level_next(key, given),
    )


def _sentences(m: Material, factor: Dimension) -> tuple[str, ...]:
    """Two or three sentences: where the factor stands, what is high and low in it, what is missing."""
    w = m.words
    node, target = m.readiness.nodes[factor.id], m.target.nodes[factor.id]
    said = {"title": factor.title, "score": m.score(node.score), "best": m.points(m.scale.max)}
    if m.score(node.score) == m.score(target.score):
        sentences = [w.gettext("%(title)s stands at %(score)s of %(best)s, its target.", **said)]
    else:
        said["target"] = m.score(target.score)
        sentences = [w.gettext("%(title)s stands at %(score)s of %(best)s; the target is %(target)s.", **said)]
    inner = [(m.readiness.nodes[each.id].score, each.title) for each in factor.dimensions]
    known = sorted((score, title) for score, title in inner if score is not None)
    if len(known) > 1 and m.score(known[0][0]) != m.score(known[-1][0]):
        (low, last), (high, best) = known[0], known[-1]
        ends = {"first": best, "high": m.score(high), "last": last, "low": m.score(low)}
        sentences.append(w.gettext("Highest in it is %(first)s (%(high)s), lowest %(last)s (%(low)s).", **ends))
    counts = m.counts_of(factor)
    if counts.answered < counts.asked:
        sentences.append(w.gettext("Answered: %(coverage)s.", coverage=coverage(m, counts)))
    return tuple(sentences)
