"""From one version of a questionnaire to the next: where each answer goes, and what cannot come along."""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from questionnaires.answers import UNKNOWN, AnswerValue
from questionnaires.schema import Question, Questionnaire
from questionnaires.values import Frozen, Id, Text, Version, Whole


class Moves(Frozen):
    """The content of `moves.yaml`: how answers to an earlier version become answers to this one."""

    from_: Version = Field(alias="from", description='The earlier version, in quotes: "1.0.0".')
    questions: dict[Id, Id | None] = Field(
        default_factory=dict,
        description="Earlier question: the question of this version that takes its answers, or null.",
    )
    levels: dict[Id, tuple[Whole | Literal["unknown"], ...]] = Field(
        default_factory=dict,
        description="Earlier question: for each of its levels, lowest first, the level it becomes, or unknown.",
    )
    reason: dict[Id, Text] = Field(
        default_factory=dict, description="Earlier question that is left behind: why, in words for the firm."
    )


Fate = Literal["kept", "changed", "left"]


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one question: kept as it is, changed in its meaning (look again), or left behind."""

    old: Question
    new: Question | None
    fate: Fate
    levels: tuple[int | Literal["unknown"], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """One answer after the move. `left` is what has no place any more; None when all of it has."""

    value: AnswerValue | None
    left: AnswerValue | None = None


def steps(earlier: Questionnaire, later: Questionnaire, moves: Moves) -> tuple[Step, ...]:
    """What becomes of each question of the earlier version, in its order. The map must be free of errors."""
    return tuple(_step(question, later, moves) for question in earlier.questions.values())


def _step(question: Question, later: Questionnaire, moves: Moves) -> Step:
    goal = moves.questions.get(question.id, question.id)
    new = later.questions.get(goal) if goal is not None else None
    if new is None:
        return Step(question, None, "left", reason=moves.reason.get(question.id, ""))
    levels = moves.levels.get(question.id, ())
    same = not levels and _means_the_same(question, new)
    return Step(question, new, "kept" if same else "changed", levels)


def fits_as_it_is(old: Question, new: Question) -> bool:
    """Whether answers come along without a map: as many levels, all its options, or the same unit."""
    if old.levels and new.levels:
        return len(old.levels) == len(new.levels)
    if old.options and new.options:
        return old.options.choose == new.options.choose and set(old.options.of) <= set(new.options.of)
    return bool(old.number and new.number and old.number.unit == new.number.unit)


def can_become(old: Question, new: Question) -> bool:
    """Whether a named question is at least of the same kind."""
    kinds = ("levels", "options", "number")
    return any(getattr(old, kind) and getattr(new, kind) for kind in kinds)


def _means_the_same(old: Question, new: Question) -> bool:
    texts = [tuple(level.text for level in q.levels or ()) for q in (old, new)]
    return old.text == new.text and texts[0] == texts[1] and fits_as_it_is(old, new)


def moved(step: Step, value: AnswerValue) -> Moved:
    """One answer under the later version; "I do not know" and "does not apply" come along with their question."""
    if step.new is None:
        return Moved(None, value)
    if isinstance(value, str):
        return Moved(value)
    if isinstance(value, tuple):
        return _moved_options(step.new, value)
    if step.levels:
        goal = step.levels[int(value)]
        # A level without a counterpart becomes "I do not know", and what it was is kept.
        return Moved(UNKNOWN, value) if goal == UNKNOWN else Moved(goal)
    if step.new.number and not step.new.number.min <= value <= step.new.number.max:
        return Moved(None, value)
    return Moved(value)


def _moved_options(new: Question, value: tuple[str, ...]) -> Moved:
    offered = new.options.of if new.options else ()
    kept = tuple(option for option in offered if option in value)
    gone = tuple(option for option in value if option not in offered)
    # "None of these" was said of the earlier list only if it is said of nothing; some of it gone is not none.
    return Moved(None if gone and not kept else kept, gone or None)
