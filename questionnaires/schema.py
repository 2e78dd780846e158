"""What a definition can say: questionnaires, their questions, conditions and profiles, as frozen types.

The types are the border itself: the loader hands them plain YAML values, and the JSON Schema that editors use
is generated from them. What a single type cannot see (ids that exist, bins that cover) is in `checks`.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints, model_validator

Text = Annotated[str, Strict(), StringConstraints(strip_whitespace=True, min_length=1)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
QuestionnaireId = Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
Id = Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
Version = Annotated[str, Strict(), StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){0,2}([-+][0-9A-Za-z.-]+)?$")]
Day = Annotated[str, Strict(), StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Point = tuple[Number, Number]
Authors = Annotated[
    tuple[Text, ...],
    BeforeValidator(lambda v: (v,) if isinstance(v, str) else v, json_schema_input_type=Text | tuple[Text, ...]),
]

Rule = Literal["mean", "geometric", "minimum", "maximum", "sum", "gate"]
MissingPolicy = Literal["exclude", "lowest", "refuse"]
Basis = Literal["published", "adapted", "illustrative"]


class Frozen(BaseModel):
    """A part of a definition: unknown keys are refused, and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(Frozen):
    """Where a questionnaire comes from; printed in every report."""

    authors: Authors = ()
    name: Text
    year: Whole | None = None
    url: Text | None = None
    licence: Text
    basis: Basis = Field(description="How far weights and thresholds rest on a source.")
    note: Text | None = None


class Scale(Frozen):
    """The scale of every score of the questionnaire."""

    min: Number
    max: Number


class Bin(Frozen):
    """One word for an overall score, from this score on."""

    id: Id
    title: Text
    from_: Number = Field(alias="from")
    summary: Text | None = None


class Profiles(Frozen):
    """The words for the overall score. Closed lower: [from, next); closed upper: (from, next]."""

    closed: Literal["lower", "upper"] = "lower"
    bins: tuple[Bin, ...] = Field(min_length=1)


class NumberField(Frozen):
    """Bounds of a number that the firm's profile holds."""

    min: Number | None = None
    max: Number | None = None
    unit: Text | None = None


class ProfileField(Frozen):
    """What is asked about the firm itself: one of some choices, or a number."""

    id: Id
    text: Text
    help: Text | None = None
    choices: dict[Id, Text] | None = Field(default=None, min_length=1)
    number: NumberField | None = None

    @model_validator(mode="after")
    def is_choice_or_number(self) -> Self:
        if (self.choices is None) == (self.number is None):
            raise ValueError("a field has either 'choices' or 'number'")
        return self


class Condition(Frozen):
    """When a question is asked: all | any | not of conditions, or one statement on a field or an answer.

    A statement on something that is not answered is not met (so `not` of it is).
    """

    all: tuple["Condition", ...] | None = Field(default=None, min_length=1)
    any: tuple["Condition", ...] | None = Field(default=None, min_length=1)
    not_: "Condition | None" = Field(default=None, alias="not")
    field: Id | None = None
    answer: Id | None = None
    in_: tuple[Text, ...] | None = Field(default=None, alias="in", min_length=1)
    at_least: Number | None = None
    at_most: Number | None = None
    includes: Text | None = Field(default=None, description="The answer (choose many) holds this option.")

    @model_validator(mode="after")
    def says_one_thing(self) -> Self:
        heads = [n for n in ("all", "any", "not_", "field", "answer") if getattr(self, n) is not None]
        if len(heads) != 1:
            raise ValueError("a condition has exactly one of 'all', 'any', 'not', 'field', 'answer'")
        tests = [n for n in ("in_", "at_least", "at_most", "includes") if getattr(self, n) is not None]
        if heads[0] in ("field", "answer") and not tests:
            raise ValueError("say what is tested: 'in', 'at_least', 'at_most' or 'includes'")
        if heads[0] not in ("field", "answer") and tests:
            raise ValueError(f"'{heads[0].rstrip('_')}' takes conditions only")
        return self

    def statements(self) -> Iterator["Condition"]:
        """Every statement on a field or an answer in this condition."""
        if self.field is not None or self.answer is not None:
            yield self
        for part in (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ else ())):
            yield from part.statements()


class Level(Frozen):
    """One step of a question's ladder."""

    text: Text
    score: Number | None = None


def _level(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


LevelText = Annotated[Level, BeforeValidator(_level, json_schema_input_type=Text | Level)]


class Options(Frozen):
    """Which of these apply; the score is min(k, cap) / min(n, cap) of the scale."""

    choose: Literal["many"] = "many"
    of: tuple[Text, ...] = Field(min_length=1)
    cap: Annotated[int, Strict(), Field(ge=1)] | None = None


class NumberAnswer(Frozen):
    """A number as answer: linear between the points of `score`, or by `bands`, or the score itself."""

    min: Number
    max: Number
    unit: Text | None = None
    score: tuple[Point, ...] | None = Field(default=None, min_length=2)
    bands: tuple[Point, ...] | None = Field(default=None, min_length=1)

    @model_validator(mode="after")
    def has_one_rule(self) -> Self:
        if self.score is not None and self.bands is not None:
            raise ValueError("a number is scored by 'score' or by 'bands', not both")
        return self


class Question(Frozen):
    """One thing that is asked, with its ladder of levels, options or number."""

    id: Id
    text: Text
    help: Text | None = None
    weight: Number = 1.0
    core: Flag = False
    evidence: Text | None = None
    levels: tuple[LevelText, ...] | None = None
    options: Options | None = None
    number: NumberAnswer | None = None
    applies_if: Condition | None = None
    gate: Number | None = None
    met_at: Number | None = None
    technologies: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def has_one_kind_of_answer(self) -> Self:
        if [self.levels, self.options, self.number].count(None) != 2:
            raise ValueError("a question has exactly one of 'levels', 'options', 'number'")
        return self


class Dimension(Frozen):
    """A node of the tree: it has either dimensions or questions."""

    id: Id
    title: Text
    summary: Text | None = None
    weight: Number = 1.0
    aggregate: Rule | None = None
    dimensions: tuple["Dimension", ...] = ()
    questions: tuple[Question, ...] = ()

    def walk(self) -> Iterator["Dimension"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.dimensions:
            yield from child.walk()


class Questionnaire(Frozen):
    """One version of a questionnaire, as its authors wrote it."""

    id: QuestionnaireId
    version: Version
    title: Text
    summary: Text
    published: Day | None = None
    language: Annotated[str, Strict(), StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
    source: Source
    scale: Scale
    aggregate: Rule = "mean"
    missing: MissingPolicy = "exclude"
    round: Annotated[int, Strict(), Field(ge=0, le=9)] | None = None
    profiles: Profiles
    fields: tuple[ProfileField, ...] = ()
    technologies: dict[Id, Text] = Field(default_factory=dict)
    dimensions: tuple[Dimension, ...]

    @property
    def reference(self) -> str:
        """`id@version`, as the command line and the database name it."""
        return f"{self.id}@{self.version}"

    def walk(self) -> Iterator[Dimension]:
        """Every dimension, parents first, in the order of the file."""
        for dimension in self.dimensions:
            yield from dimension.walk()

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by id, in the order of the file."""
        return {q.id: q for d in self.walk() for q in d.questions}

    @cached_property
    def nodes(self) -> dict[str, Dimension]:
        """Every dimension by id, parents first."""
        return {d.id: d for d in self.walk()}

    @cached_property
    def dimension_of(self) -> dict[str, Dimension]:
        """The dimension that asks each question, by question id."""
        return {q.id: d for d in self.walk() for q in d.questions}

    @cached_property
    def factor_of(self) -> dict[str, Dimension]:
        """The first-level dimension above (or equal to) each dimension and question, by id."""
        return {
            key: factor
            for factor in self.dimensions
            for d in factor.walk()
            for key in (d.id, *(q.id for q in d.questions))
        }

    def rule_of(self, dimension: Dimension) -> Rule:
        """How this dimension is aggregated."""
        return dimension.aggregate or self.aggregate
