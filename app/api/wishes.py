"""What a request of the API wants of a plan and of levels, as the address or a body says it."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from app.api.shapes import Body, Code, Name
from app.dependencies import Opened
from app.plan_offers import GOALS, LARGEST_BUDGET, LARGEST_DAYS, currencies_of, goals_among
from assessment.errors import N_, Invalid
from assessment.plans import Plan, plan_of
from assessment.results import wishes_for
from questionnaires.library import Effect
from scoring.gaps import ImpossibleTarget, Target, check_target
from scoring.ladders import level_scores
from scoring.roadmap import PHASES

Money = Annotated[float, Field(ge=0, le=LARGEST_BUDGET, allow_inf_nan=False)]
Days = Annotated[float, Field(ge=0, le=LARGEST_DAYS, allow_inf_nan=False)]
MOST_NAMED = 200
MOST_LEVELS = 20
ByPhase: Any = Field(default_factory=list, max_length=len(PHASES), description="One for each phase; null is no limit.")


class NoSuchName(Invalid):
    """Something that is wanted names what the questionnaire does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(N_("There is no '%(name)s' in this questionnaire."), name=name)


class WishesBody(Body):
    """What a plan has to keep to. What is left out is no limit; nothing at all is the plan that the firm keeps to."""

    budget: Annotated[Money | None, Field(description="For all phases together, in `currency`.")] = None
    currency: Annotated[Code | None, Field(description="ISO 4217; left out: that of the costs.")] = None
    phase_budgets: Annotated[list[Money | None], ByPhase]
    phase_days: Annotated[list[Days | None], ByPhase]
    must: Annotated[list[Name], Field(max_length=MOST_NAMED, description="Actions.")] = Field(default_factory=list)
    must_not: Annotated[list[Name], Field(max_length=MOST_NAMED)] = Field(default_factory=list)
    goals: Annotated[list[Effect], Field(max_length=len(GOALS))] = Field(default_factory=list)
    target: Annotated[dict[Name, float], Field(max_length=MOST_NAMED, description="Scores by dimension.")] = Field(
        default_factory=dict
    )


def wanted(opened: Opened, sent: WishesBody) -> Plan:
    """The plan that was asked for; the kept one where nothing was.

    Raises:
        Invalid: it names what there is not.
    """
    if not sent.model_dump(exclude_defaults=True):
        return plan_of(opened.row, opened.definition)
    definition = opened.definition
    for name in (*sent.must, *sent.must_not):
        if name not in definition.action:
            raise NoSuchName(name)
    if sent.currency is not None and sent.currency not in currencies_of(definition):
        raise NoSuchName(sent.currency)
    target = Target({}, dict(sent.target))
    try:
        check_target(definition.questionnaire, target)
    except ImpossibleTarget:
        raise Invalid(N_("A target names a dimension that is not there, or a score off the scale.")) from None
    asked: dict[str, Any] = {
        "phase_budgets": _three(sent.phase_budgets),
        "phase_days": _three(sent.phase_days),
        "must": frozenset(sent.must),
        "must_not": frozenset(sent.must_not),
        "goals": goals_among(sent.goals),
    }
    profile = opened.row.profile
    return Plan(wishes_for(definition, profile, currency=sent.currency, budget=sent.budget, **asked), target)


def _three(sent: list[float | None]) -> tuple[float | None, ...]:
    return (*sent, *(None for _ in range(len(PHASES) - len(sent))))


Pair = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}:[0-9]{1,6}(\.[0-9]{1,6})?$")]
LevelPair = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,200}:[0-9]{1,3}$")]
Named = Annotated[str, Field(max_length=200, pattern="^[A-Za-z0-9._-]+$")]


class ResultsQuery(Body):
    """The wishes of a plan and the levels to try, in an address."""

    model_config = Body.model_config | {"strict": False}

    budget: Money | None = None
    currency: Code | None = None
    phase_budget: Annotated[list[Money], Field(max_length=len(PHASES), description="One for each phase.")] = Field(
        default_factory=list
    )
    phase_days: Annotated[list[Days], Field(max_length=len(PHASES), description="Own staff days in each phase.")] = (
        Field(default_factory=list)
    )
    must: Annotated[list[Named], Field(max_length=MOST_NAMED, description="Actions that are done in any case.")] = (
        Field(default_factory=list)
    )
    must_not: Annotated[list[Named], Field(max_length=MOST_NAMED)] = Field(default_factory=list)
    goal: Annotated[list[Effect], Field(max_length=len(GOALS))] = Field(default_factory=list)
    target: Annotated[list[Pair], Field(max_length=MOST_NAMED, description="Such as `people:3.5`.")] = Field(
        default_factory=list
    )
    try_level: Annotated[list[LevelPair], Field(max_length=MOST_LEVELS, description="Such as `people.training:3`.")] = (
        Field(default_factory=list)
    )

    def wishes(self) -> WishesBody:
        return WishesBody(
            budget=self.budget,
            currency=self.currency,
            phase_budgets=list(self.phase_budget),
            phase_days=list(self.phase_days),
            must=self.must,
            must_not=self.must_not,
            goals=self.goal,
            target={name: float(score) for name, score in _pairs(self.target).items()},
        )


AskedResults = Annotated[ResultsQuery, Query()]


def levels_of(opened: Opened, sent: ResultsQuery) -> Mapping[str, int]:
    """The levels to try, by question.

    Raises:
        NoSuchName: there is no such question or level.
    """
    questionnaire = opened.questionnaire
    levels = {name: int(level) for name, level in _pairs(sent.try_level).items()}
    for name, level in levels.items():
        question = questionnaire.questions.get(name)
        if question is None or level >= len(level_scores(questionnaire, question)):
            raise NoSuchName(f"{name}:{level}")
    return levels


def _pairs(sent: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (each.rpartition(":") for each in sent)}
