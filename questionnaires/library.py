"""What closes a gap: actions with their costs and prerequisites, examples with expectations, and cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, StringConstraints

from questionnaires.documents import Part
from questionnaires.moves import Moves
from questionnaires.schema import Basis, Questionnaire
from questionnaires.values import Authors, Frozen, Id, Number, Text, Whole

CURRENCY = r"^[A-Z]{3}$"
COUNTRY = r"^[A-Z]{2}$"
ISIC = r"^[0-9]{2}$"

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
Currency = Annotated[str, Strict(), StringConstraints(pattern=CURRENCY)]
Money = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Strength = Annotated[int, Strict(), Field(ge=0, le=3)]


class Impact(Frozen):
    """How strongly an action helps, 0 (not) to 3 (strongly)."""

    competitiveness: Strength = Field(default=0, description="0 (not) to 3 (strongly).")
    environment: Strength = Field(default=0, description="0 (not) to 3 (strongly).")
    social: Strength = Field(default=0, description="0 (not) to 3 (strongly).")


class Action(Frozen):
    """What takes a firm from one level of a question to a higher one, and what that costs."""

    id: Id = Field(description="Stable name of the action; it never changes.")
    title: Text = Field(description="What to do, in a few words.")
    goal: Text | None = Field(default=None, description="What is true when it is done.")
    question: Id = Field(description="The question whose level it raises.")
    from_: Whole = Field(alias="from", ge=0, description="The level at which the firm starts; lowest is 0.")
    to: Whole = Field(ge=1, description="The level that is reached; above `from`.")
    cost: dict[Size, tuple[Money, Money]] = Field(
        min_length=1, description="Lowest and highest cost by size of firm: small: [500, 2000]."
    )
    currency: Currency = Field(description="Currency of the costs: three capital letters, such as EUR.")
    days: Money = Field(description="The firm's own staff days.")
    months: Money = Field(description="Elapsed months from start to end.")
    requires: tuple[Id, ...] = Field(default=(), description="Actions that come first, by id.")
    technologies: tuple[Id, ...] = Field(default=(), description="The technologies it brings in, by id.")
    enabler: Enabler | None = Field(default=None, description="What makes it possible.")
    impact: Impact = Field(default=Impact(), description="How strongly it helps, 0 to 3.")
    effects: tuple[Effect, ...] = Field(default=(), description="What it changes for the better.")
    measure: Text | None = Field(default=None, description="What shows that it worked.")
    steps: tuple[Text, ...] = Field(default=(), description="How to go about it, first step first.")
    cases: tuple[Id, ...] = Field(default=(), description="Cases of firms or policies that did it, by id.")


class Rates(Frozen):
    """Planning rates: units of a currency for one unit of the base currency."""

    base: Currency = Field(description="The currency that the rates start from.")
    as_of: Text = Field(description='When the rates were set, in quotes: "2026-11".')
    basis: Basis = Field(default="illustrative", description="How far the rates rest on a source.")
    per: dict[Currency, Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]] = Field(
        description="Units of each currency for one unit of the base."
    )


class Actions(Frozen):
    """The content of `actions.yaml`."""

    basis: Text | None = Field(default=None, description="How the costs were set; printed in the report.")
    rates: Rates | None = Field(default=None, description="Planning rates for other currencies.")
    actions: tuple[Action, ...] = Field(default=(), description="The actions.")


class Example(Frozen):
    """Answers with the scores that they must give, computed by hand."""

    name: Text = Field(description="What the example shows.")
    profile: dict[Id, Any] = Field(default_factory=dict, description="The firm's profile, by field.")
    answers: dict[Id, Any] = Field(description="The firm's answers, by question.")
    expect: dict[Id, Number | Text | None] = Field(
        description="What must come out: `overall`, `profile`, or a dimension or question by id; null = no score."
    )
    source: Text | None = Field(default=None, description="Where the figures come from, or how they were computed.")


class CaseEffect(Frozen):
    """One measured or reported effect of a case."""

    text: Text = Field(description="What came of it, in one sentence.")
    on: Effect = Field(description='What it changed; write the key "on" in quotes.')
    figure: Text | None = Field(default=None, description="The measured figure, as the source prints it.")


class CaseSource(Frozen):
    """Where a case is told."""

    title: Text = Field(description="Title of the publication.")
    authors: Authors = Field(default=(), description="Who wrote it.")
    year: Whole | None = Field(default=None, description="Year of publication.")
    pages: Text | None = Field(default=None, description='Pages, in quotes: "16-31".')
    url: Text | None = Field(default=None, description="Where it can be read.")


class Case(Frozen):
    """What a firm or a government did, and what came of it."""

    id: Id = Field(description="Stable name of the case; it never changes.")
    kind: Literal["firm", "policy"] = Field(description="Who acted: a firm, or a government programme.")
    title: Text = Field(description="Name of the firm or programme.")
    country: Annotated[str, Strict(), StringConstraints(pattern=COUNTRY)] = Field(
        description="Country: two capital letters, such as MY, in quotes if it is NO."
    )
    sector: Text = Field(description="Branch of industry, in words.")
    isic: Annotated[str, Strict(), StringConstraints(pattern=ISIC)] | None = Field(
        default=None, description='Division of ISIC Rev. 4, two digits in quotes: "24".'
    )
    size: Text | None = Field(default=None, description="How large it is, in words.")
    technologies: tuple[Id, ...] = Field(default=(), description="The technologies used, by id.")
    areas: tuple[Literal["framework", "demand", "capabilities"], ...] = Field(
        default=(), description="What a policy works on."
    )
    problem: Text = Field(description="What had to be solved.")
    done: tuple[Text, ...] = Field(default=(), description="What was done, step by step.")
    effects: tuple[CaseEffect, ...] = Field(default=(), description="What came of it.")
    challenges: tuple[Text, ...] = Field(default=(), description="What made it hard.")
    enablers: tuple[Text, ...] = Field(default=(), description="What made it possible.")
    lesson: Text | None = Field(default=None, description="What others can learn from it.")
    source: CaseSource = Field(description="Where it is told.")


class Cases(Frozen):
    """The content of a case library file."""

    cases: tuple[Case, ...] = Field(default=(), description="The cases.")


@dataclass(frozen=True)
class Definition:
    """All that belongs to one version of a questionnaire, loaded and checked."""

    questionnaire: Questionnaire
    actions: tuple[Action, ...] = ()
    basis: str | None = None  # how the costs of the actions were set
    rates: Rates | None = None
    examples: tuple[Example, ...] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)
    moves: Moves | None = None  # how answers to an earlier version come here
    sha256: str = ""  # of the files, in the order questionnaire, actions, examples

    @cached_property
    def action(self) -> dict[str, Action]:
        """Every action by id, in the order of the file."""
        return {a.id: a for a in self.actions}


KINDS: Mapping[Part, Any] = {
    "questionnaire": Questionnaire,
    "actions": Actions,
    "examples": tuple[Example, ...],
    "cases": Cases,
    "moves": Moves,
}
"""What each file of a definition holds."""
