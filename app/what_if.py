"""What if: the profile as it would be with some questions at other levels, beside today's; nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.forms import Problem
from assessment.errors import N_
from assessment.results import Result
from questionnaires.schema import Question, Questionnaire
from questionnaires.translation import translate
from reports.firm.material import Material
from reports.firm.profile import track, walk
from reports.firm.view_scores import Track
from reports.wording import wording
from scoring.ladders import level_scores
from scoring.readiness import NodeScore, Readiness, level_of, score_with

MOST = 20
TOO_MANY = N_("At most %(most)d questions can be tried at once; the first are shown.")
NOT_THERE = N_("A question or level that was asked for is not there; it was left out.")


@dataclass(frozen=True, slots=True)
class GapRow:
    """One question below its top level: today's level and the next in words, and the levels to try."""

    id: str
    question: str
    dimension: str
    today: int
    today_text: str
    next_text: str
    rungs: tuple[int, ...]
    highest: int


@dataclass(frozen=True, slots=True)
class IfRow:
    """A dimension today and as it would be."""

    title: str
    depth: int
    track: Track
    today: str
    then: str
    interval: str
    gained: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The profile side by side. `rows` is empty while nothing is tried."""

    levels: Mapping[str, int]
    chosen: tuple[tuple[str, str], ...]  # question and level, as the page says them
    rows: tuple[IfRow, ...]
    profile: str  # the word for the overall score as it would be
    problem: Problem | None


def read_levels(questionnaire: Questionnaire, sent: Sequence[str]) -> tuple[dict[str, int], Problem | None]:
    """`question:level` as the address has it, the last for each question; what there is not is left out and said."""
    levels: dict[str, int] = {}
    wrong = 0
    for text in sent:
        name, _, level = text.rpartition(":")
        question = questionnaire.questions.get(name)
        if not text:
            continue
        if question is None or not _is_offered(questionnaire, question, level):
            wrong += 1
        else:
            levels[name] = int(level)
    if len(levels) > MOST:
        kept = dict(list(levels.items())[:MOST])
        return kept, Problem(TOO_MANY, {"most": MOST})
    return levels, Problem(NOT_THERE, {}) if wrong else None


def _is_offered(questionnaire: Questionnaire, question: Question, level: str) -> bool:
    return (
        level.isascii()
        and level.isdigit()
        and len(level) < 4
        and int(level) < len(level_scores(questionnaire, question))
    )


def what_if(result: Result, code: str, levels: Mapping[str, int], problem: Problem | None) -> WhatIf:
    """The scores with these levels, in this language; today's scores stand as they are."""
    m = Material(result, wording(code))
    if not levels or result.readiness.overall.score is None:
        return WhatIf({}, (), (), "", problem)
    then = score_with(result.definition.questionnaire, result.answers, levels)
    bin_then = m.profile(then)
    return WhatIf(
        levels=levels,
        chosen=tuple((m.questionnaire.questions[name].text, m.words.count(level)) for name, level in levels.items()),
        rows=_rows(m, then),
        profile=bin_then.title if bin_then else "",
        problem=problem,
    )


def _rows(m: Material, then: Readiness) -> tuple[IfRow, ...]:
    today = m.readiness
    rows = [
        _row(m, each.title, depth, today.nodes[each.id], then.nodes[each.id])
        for depth, each in walk(m.questionnaire.dimensions)
        if m.counts_of(each).asked
    ]
    return (*rows, _row(m, m.words.gettext("Overall"), 0, today.overall, then.overall))


def _row(m: Material, title: str, depth: int, today: NodeScore, then: NodeScore) -> IfRow:
    known = today.score is not None and then.score is not None
    moved = (then.score or 0.0) - (today.score or 0.0) if known else 0.0
    return IfRow(
        title=title,
        depth=depth,
        track=track(m, today, then.score) if known and moved >= 0 else _lower(m, today, then),
        today=m.score(today.score) if today.score is not None else m.words.gettext("not answered yet"),
        then=m.score(then.score) if then.score is not None else "",
        interval=m.interval(then) if then.high != then.low else "",
        gained=m.gain(moved) if moved > 0 else m.loss(-moved) if moved < 0 else "",
    )


def _lower(m: Material, today: NodeScore, then: NodeScore) -> Track:
    """The marks where the score would fall: the way back from today's."""
    if today.score is None or then.score is None:
        return Track()
    back = track(m, then, today.score)
    return Track(today=back.target if back.target is not None else back.today, target=back.today, way=back.way)


def gap_rows(result: Result, code: str) -> tuple[GapRow, ...]:
    """Every question below its top level: those that come first in front, then the others in the order of the file."""
    questionnaire = translate(result.definition, code).definition.questionnaire
    ranked = [one.gap.question for one in result.priorities]
    others = [name for name in questionnaire.questions if name not in set(ranked)]
    found = (_gap_row(result, questionnaire, name) for name in (*ranked, *others))
    return tuple(row for row in found if row is not None)


def _gap_row(result: Result, questionnaire: Questionnaire, name: str) -> GapRow | None:
    question = questionnaire.questions[name]
    level = level_of(result.definition.questionnaire.questions[name], result.answers.answers.get(name))
    if question.levels is None or level is None or name not in result.readiness.asked:
        return None
    if level >= len(question.levels) - 1:
        return None
    return GapRow(
        id=name,
        question=question.text,
        dimension=questionnaire.dimension_of[name].title,
        today=level,
        today_text=question.levels[level].text,
        next_text=question.levels[level + 1].text,
        rungs=tuple(number for number in range(len(question.levels)) if number != level),
        highest=len(question.levels) - 1,
    )
