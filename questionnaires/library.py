"""What closes a gap: actions with their costs and prerequisites, examples with expectations, and cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints

from questionnaires.schema import Authors, Frozen, Id, Number, Questionnaire, Text, Whole

Size = Literal["micro", "small", "medium", "large"]
SIZES: tuple[Size, ...] = ("micro", "small", "medium", "large")
Enabler = Literal["funding", "infrastructure", "regulation", "skills", "technology"]
Effect = Literal[
    "efficiency", "product", "business_model", "innovation", "linkages",
    "environmental_efficiency", "environmental_goods",
    "employment", "skills_and_roles", "relegated_groups",
]  # fmt: skip
Pillar = Literal["competitiveness", "environment", "social"]
# UNIDO (2019), Absorbing Advanced Digital Production Technologies, Tables 4 to 6.
EFFECTS_OF: dict[Pillar, tuple[Effect, ...]] = {
    "competitiveness": ("efficiency", "product", "business_model", "innovation", "linkages"),
    "environment": ("environmental_efficiency", "environmental_goods"),
    "social": ("employment", "skills_and_roles", "relegated_groups"),
}
Currency = Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Z]{3}$")]
Money = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Strength = Annotated[int, Strict(), Field(ge=0, le=3)]


class Impact(Frozen):
    """How strongly an action helps, 0 (not) to 3 (strongly)."""

    competitiveness: Strength = 0
    environment: Strength = 0
    social: Strength = 0


class Action(Frozen):
    """What takes a firm from one level of a question to a higher one, and what that costs."""

    id: Id
    title: Text
    goal: Text | None = None
    question: Id
    from_: Whole = Field(alias="from", ge=0)
    to: Whole = Field(ge=1)
    cost: dict[Size, tuple[Money, Money]] = Field(min_length=1)
    currency: Currency
    days: Money = Field(description="The firm's own staff days.")
    months: Money = Field(description="Elapsed months from start to end.")
    requires: tuple[Id, ...] = ()
    technologies: tuple[Id, ...] = ()
    enabler: Enabler | None = None
    impact: Impact = Impact()
    effects: tuple[Effect, ...] = ()
    measure: Text | None = None
    steps: tuple[Text, ...] = ()
    cases: tuple[Id, ...] = ()


class Rates(Frozen):
    """Planning rates: units of a currency for one unit of the base currency."""

    base: Currency
    as_of: Text
    basis: Literal["published", "adapted", "illustrative"] = "illustrative"
    per: dict[Currency, Annotated[float, Strict(), Field(gt=0)]]


class Actions(Frozen):
    """The content of `actions.yaml`."""

    basis: Text | None = None
    rates: Rates | None = None
    actions: tuple[Action, ...] = ()


class Example(Frozen):
    """Answers with the scores that they must give, computed by hand."""

    name: Text
    profile: dict[Id, Any] = Field(default_factory=dict)
    answers: dict[Id, Any]
    expect: dict[Id, Number | Text | None]
    source: Text | None = None


class CaseEffect(Frozen):
    """One measured or reported effect of a case."""

    text: Text
    on: Effect
    figure: Text | None = None


class CaseSource(Frozen):
    """Where a case is told."""

    title: Text
    authors: Authors = ()
    year: Whole | None = None
    pages: Text | None = None
    url: Text | None = None


class Case(Frozen):
    """What a firm or a government did, and what came of it."""

    id: Id
    kind: Literal["firm", "policy"]
    title: Text
    country: Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Z]{2}$")]
    sector: Text
    isic: Annotated[str, Strict(), StringConstraints(pattern=r"^\d{2}$")] | None = None
    size: Text | None = None
    technologies: tuple[Id, ...] = ()
    areas: tuple[Literal["framework", "demand", "capabilities"], ...] = ()
    problem: Text
    done: tuple[Text, ...] = ()
    effects: tuple[CaseEffect, ...] = ()
    challenges: tuple[Text, ...] = ()
    enablers: tuple[Text, ...] = ()
    lesson: Text | None = None
    source: CaseSource


class Cases(Frozen):
    """The content of a case library file."""

    cases: tuple[Case, ...] = ()


@dataclass(frozen=True)
class Definition:
    """All that belongs to one version of a questionnaire, loaded and checked."""

    questionnaire: Questionnaire
    actions: tuple[Action, ...] = ()
    basis: str | None = None  # how the costs of the actions were set
    rates: Rates | None = None
    examples: tuple[Example, ...] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)
    sha256: str = ""  # of the files, in the order questionnaire, actions, examples

    @cached_property
    def action(self) -> dict[str, Action]:
        """Every action by id, in the order of the file."""
        return {a.id: a for a in self.actions}
