"""How a questionnaire is cut into pages of at most eight questions, and how far each page is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from questionnaires.answers import Answers
from questionnaires.schema import Dimension, Question, Questionnaire
from scoring.conditions import applies
from scoring.plan import Same, plan_of
from scoring.sheets import sheet_of

MOST_QUESTIONS = 8


@dataclass(frozen=True, slots=True)
class Section:
    """One page of questions. `part` of `parts` when its dimension (or the first pass of its factor) has several."""

    id: str
    title: str
    factor: str
    questions: tuple[Question, ...]
    core: bool
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of the questions that apply are answered."""

    answered: int
    asked: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.asked


def core_sections(questionnaire: Questionnaire) -> tuple[Section, ...]:
    """The short first pass: the core questions of each factor."""
    return _core_sections(Same(questionnaire))


@lru_cache(maxsize=128)
def _core_sections(key: Same) -> tuple[Section, ...]:
    questionnaire = key.questionnaire
    found: list[Section] = []
    for factor in questionnaire.dimensions:
        core = [q for d in factor.walk() for q in d.questions if q.core]
        for part, parts, questions in _chunks(core):
            # No dimension id holds '~', so these ids never meet those of dimensions.
            section_id = f"~{factor.id}" if parts == 1 else f"~{factor.id}~{part}"
            found.append(Section(section_id, factor.title, factor.title, questions, True, part, parts))
    return tuple(found)


def sections(questionnaire: Questionnaire) -> tuple[Section, ...]:
    """All questions, dimension by dimension."""
    return _sections(Same(questionnaire))


@lru_cache(maxsize=128)
def _sections(key: Same) -> tuple[Section, ...]:
    return tuple(
        section
        for factor in key.questionnaire.dimensions
        for dimension in factor.walk()
        for section in _of_dimension(factor, dimension)
    )


def question_ids(questionnaire: Questionnaire, section_ids: Collection[str]) -> frozenset[str]:
    """The questions of some sections."""
    every = _by_section(Same(questionnaire))
    return frozenset().union(*(every.get(id, ()) for id in section_ids))


@lru_cache(maxsize=128)
def _by_section(key: Same) -> dict[str, frozenset[str]]:
    """Each save asks for the questions of its section: to cut a questionnaire takes longer than to save an answer."""
    every = (*_core_sections(key), *_sections(key))
    return {section.id: frozenset(q.id for q in section.questions) for section in every}


def _of_dimension(factor: Dimension, dimension: Dimension) -> Iterable[Section]:
    for part, parts, questions in _chunks(dimension.questions):
        section_id = dimension.id if parts == 1 else f"{dimension.id}~{part}"
        yield Section(section_id, dimension.title, factor.title, questions, False, part, parts)


def _chunks(questions: Sequence[Question]) -> list[tuple[int, int, tuple[Question, ...]]]:
    """Even parts: nine questions are five and four, not eight and one."""
    if not questions:
        return []
    parts = -(-len(questions) // MOST_QUESTIONS)
    edges = [round(i * len(questions) / parts) for i in range(parts + 1)]
    return [(i + 1, parts, tuple(questions[a:b])) for i, (a, b) in enumerate(pairwise(edges))]


def progress(questions: Iterable[Question], asked: Collection[str], answered: Collection[str]) -> Progress:
    """Progress over the questions that apply; answers to questions that do not apply are not counted."""
    applicable = [q.id for q in questions if q.id in asked]
    return Progress(sum(q in answered for q in applicable), len(applicable))


def applicable(questionnaire: Questionnaire, answers: Answers) -> frozenset[str]:
    """The questions this firm is asked: those without a condition, and those whose condition its answers meet."""
    plan = plan_of(questionnaire)
    asked = applies(questionnaire, plan.order, plan.names, sheet_of(plan, [answers]).stated)[:, 0]
    return frozenset(q.id for q, is_asked in zip(plan.questions, asked.tolist(), strict=True) if is_asked)
