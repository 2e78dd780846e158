"""Last time and now: how each score has changed, which answers moved, and what was done in between."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from questionnaires.answers import Answers
from questionnaires.schema import Questionnaire
from scoring.change import change, may_be_chance
from scoring.gaps import NOISE
from scoring.readiness import NodeScore, Readiness, level_of


@dataclass(frozen=True, slots=True)
class LastTime:
    """A firm's assessment before this one, as it was submitted."""

    day: str  # ISO
    answers: Answers
    readiness: Readiness
    done: tuple[str, ...] = ()  # actions of its roadmap that were done since


@dataclass(frozen=True, slots=True)
class Change:
    """One dimension's scores then and now. Without one of the two scores there is no change to speak of."""

    dimension: str
    last: NodeScore
    now: NodeScore

    @property
    def points(self) -> float | None:
        return change(self.last, self.now)

    @property
    def may_be_chance(self) -> bool:
        return may_be_chance(self.last, self.now)


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose score changed; levels are None where it has no ladder."""

    question: str
    last: float
    now: float
    last_level: int | None
    now_level: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two assessments of one firm by the same questionnaire.

    With two versions of it, only dimensions and questions with the same id in both are held side by side, and there
    is no overall change: the two overall scores are made of different questions.
    """

    last_day: str
    last_version: str
    now_version: str
    overall: Change | None
    dimensions: tuple[Change, ...]
    moved: tuple[Moved, ...]  # the furthest first
    new_answers: int  # questions that have a score now and had none
    lost_answers: int
    done: tuple[str, ...]

    @property
    def is_same_version(self) -> bool:
        return self.last_version == self.now_version

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Comparison":
        return cls(
            **{
                **data,
                "overall": _change(data["overall"]) if data["overall"] else None,
                "dimensions": tuple(_change(each) for each in data["dimensions"]),
                "moved": tuple(Moved(**each) for each in data["moved"]),
                "done": tuple(data["done"]),
            }
        )


def comparison(
    questionnaire: Questionnaire,
    answers: Answers,
    readiness: Readiness,
    last: LastTime,
    last_questionnaire: Questionnaire,
) -> Comparison | None:
    """This assessment beside the last one; None where they cannot be compared.

    That is where the questionnaire is another one, or its scale has changed.
    """
    if last.readiness.questionnaire != readiness.questionnaire or last_questionnaire.scale != questionnaire.scale:
        return None
    then, now = last.readiness, readiness
    is_same = then.version == now.version
    both = [q for q in questionnaire.questions if q in last_questionnaire.questions]
    scored = [(q, then.questions.get(q), now.questions.get(q)) for q in both]
    return Comparison(
        last_day=last.day,
        last_version=then.version,
        now_version=now.version,
        overall=Change("", then.overall, now.overall) if is_same else None,
        dimensions=tuple(Change(n, then.nodes[n], now.nodes[n]) for n in questionnaire.nodes if n in then.nodes),
        moved=_moved(questionnaire, last_questionnaire, answers, last.answers, scored),
        new_answers=sum(a is None and b is not None for _, a, b in scored),
        lost_answers=sum(a is not None and b is None for _, a, b in scored),
        done=last.done,
    )


def _moved(
    questionnaire: Questionnaire,
    before: Questionnaire,
    answers: Answers,
    last: Answers,
    scored: list[tuple[str, float | None, float | None]],
) -> tuple[Moved, ...]:
    found = [
        Moved(
            name,
            then,
            now,
            level_of(before.questions[name], last.answers.get(name)),
            level_of(questionnaire.questions[name], answers.answers.get(name)),
        )
        for name, then, now in scored
        if then is not None and now is not None and abs(now - then) > NOISE
    ]
    return tuple(sorted(found, key=lambda each: -round(abs(each.now - each.last), 9)))


def _change(data: Mapping[str, Any]) -> Change:
    return Change(data["dimension"], NodeScore(**data["last"]), NodeScore(**data["now"]))
