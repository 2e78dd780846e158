"""What a definition can say: questionnaires, their questions, conditions and profiles, as frozen types.

The types are the border itself: the loader hands them plain YAML values, and the JSON Schema that editors use
is generated from them. What a single type cannot see (ids that exist, bins that cover) is in `checks`.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from questionnaires.conditions import Condition as Condition  # scoring reads conditions as part of the schema
from questionnaires.values import (
    Authors,
    Day,
    Flag,
    Frozen,
    Id,
    Language,
    Number,
    Point,
    QuestionnaireId,
    Text,
    Version,
    Whole,
    exactly_one,
)

Rule = Literal["mean", "geometric", "minimum", "maximum", "sum", "gate"]
MissingPolicy = Literal["exclude", "lowest", "refuse"]
Basis = Literal["published", "adapted", "illustrative"]
Setting = Literal["firm", "workshop"]


class Source(Frozen):
    """Where a questionnaire comes from; printed in every report."""

    authors: Authors = Field(default=(), description="Who wrote it: a list of persons or institutes.")
    name: Text = Field(description="The study, standard or programme that it comes from.")
    year: Whole | None = Field(default=None, description="Year of publication.")
    url: Text | None = Field(default=None, description="Where the source can be read.")
    licence: Text = Field(description="The terms on which others may use it, such as CC-BY-4.0.")
    basis: Basis = Field(
        description="How far weights and thresholds rest on the source: "
        "published = taken from it, adapted = changed by us, illustrative = our own assumption."
    )
    note: Text | None = Field(default=None, description="What a reader should know about the source.")


class Scale(Frozen):
    """The scale of every score of the questionnaire."""

    min: Number = Field(description="The worst score, such as 0.")
    max: Number = Field(description="The best score, such as 5, or 100 for percentages.")


class Bin(Frozen):
    """One word for an overall score, from this score on."""

    id: Id = Field(description="Stable name of the profile; it never changes.")
    title: Text = Field(description="The word that the firm reads.")
    from_: Number = Field(alias="from", description="The score at which the profile begins.")
    summary: Text | None = Field(default=None, description="One or two sentences on what the profile means.")


class Profiles(Frozen):
    """The words for the overall score. Closed lower: [from, next); closed upper: (from, next]."""

    closed: Literal["lower", "upper"] = Field(
        default="lower",
        description="Where a score on a boundary belongs: lower = to the profile that begins there, "
        "upper = to the one that ends there.",
    )
    bins: tuple[Bin, ...] = Field(
        min_length=1, description="The profiles, lowest first; the first begins at scale.min."
    )


class NumberField(Frozen):
    """Bounds of a number that the firm's profile holds."""

    min: Number | None = Field(default=None, description="The lowest number that is accepted.")
    max: Number | None = Field(default=None, description="The highest number that is accepted.")
    unit: Text | None = Field(default=None, description="What the number counts, such as persons or %.")


class ProfileField(Frozen):
    """What is asked about the firm itself: one of some choices, or a number."""

    model_config = ConfigDict(json_schema_extra=exactly_one("choices", "number"))

    id: Id = Field(description="Stable name of the field; it never changes.")
    text: Text = Field(description="What the firm is asked.")
    help: Text | None = Field(default=None, description="One sentence of explanation, without links.")
    choices: dict[Id, Text] | None = Field(
        default=None, min_length=1, description="The choices: a stable id and the text that the firm reads."
    )
    number: NumberField | None = Field(default=None, description="The field asks for a number; {} for any number.")

    @model_validator(mode="after")
    def is_choice_or_number(self) -> Self:
        if (self.choices is None) == (self.number is None):
            raise PydanticCustomError("field-kind", "a field has either 'choices' or 'number'")
        return self


class Level(Frozen):
    """One step of a question's ladder."""

    text: Text = Field(description="What is true of a firm at this level.")
    score: Number | None = Field(default=None, description="What the level is worth; else the scale is shared evenly.")


def _level(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


LevelText = Annotated[Level, BeforeValidator(_level, json_schema_input_type=Text | Level)]


class Options(Frozen):
    """Which of these apply; the score is min(k, cap) / min(n, cap) of the scale."""

    choose: Literal["many"] = Field(default="many", description="Any number of the options may be chosen.")
    of: tuple[Text, ...] = Field(min_length=1, description="The options.")
    cap: Annotated[int, Strict(), Field(ge=1)] | None = Field(
        default=None, description="This many chosen options already earn the full score."
    )


class NumberAnswer(Frozen):
    """A number as answer: linear between the points of `score`, or by `bands`, or the score itself."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["score", "bands"]}})

    min: Number = Field(description="The lowest number that is accepted.")
    max: Number = Field(description="The highest number that is accepted.")
    unit: Text | None = Field(default=None, description="What the number counts, such as %.")
    score: tuple[Point, ...] | None = Field(
        default=None, min_length=2, description="Points [number, score]; between two points the score is linear."
    )
    bands: tuple[Point, ...] | None = Field(
        default=None, min_length=1, description="Steps [number, score]: from this number on, this score."
    )

    @model_validator(mode="after")
    def has_one_rule(self) -> Self:
        if self.score is not None and self.bands is not None:
            raise PydanticCustomError("number-rule", "a number is scored by 'score' or by 'bands', not by both")
        return self


class Question(Frozen):
    """One thing that is asked, with its ladder of levels, options or number."""

    model_config = ConfigDict(json_schema_extra=exactly_one("levels", "options", "number"))

    id: Id = Field(description="Stable name of the question; it never changes and is never reused.")
    text: Text = Field(description="The question as the firm reads it.")
    help: Text | None = Field(default=None, description="One sentence of explanation, without links.")
    weight: Number = Field(default=1.0, description="How much it counts beside its siblings; 0 = shown, not counted.")
    core: Flag = Field(default=False, description="It belongs to the short first pass.")
    evidence: Text | None = Field(default=None, description="What an assessor asks to be shown.")
    levels: tuple[LevelText, ...] | None = Field(
        default=None, description="The ladder, lowest level first; the firm chooses one."
    )
    options: Options | None = Field(default=None, description="A list of which the firm chooses all that apply.")
    number: NumberAnswer | None = Field(default=None, description="The firm gives a number.")
    applies_if: Condition | None = Field(default=None, description="Who is asked; without it everybody.")
    gate: Number | None = Field(
        default=None, description="In a dimension with aggregate gate: the level it belongs to."
    )
    met_at: Number | None = Field(default=None, description="The score from which the gate counts as met.")
    technologies: tuple[Id, ...] = Field(default=(), description="The technologies it asks about, by id.")
    groups: tuple[Id, ...] = Field(
        default=(), description="The groups of a workshop that can know the answer; else as its dimension says."
    )

    @model_validator(mode="after")
    def has_one_kind_of_answer(self) -> Self:
        if [self.levels, self.options, self.number].count(None) != 2:
            raise PydanticCustomError("question-kind", "a question has exactly one of 'levels', 'options', 'number'")
        return self


class Dimension(Frozen):
    """A node of the tree: it has either dimensions or questions."""

    id: Id = Field(description="Stable name of the dimension; it never changes.")
    title: Text = Field(description="The name that the firm reads.")
    summary: Text | None = Field(default=None, description="One sentence on what it is about.")
    weight: Number = Field(default=1.0, description="How much it counts beside its siblings; 0 = shown, not counted.")
    aggregate: Rule | None = Field(default=None, description="How its score is made; else as the questionnaire says.")
    groups: tuple[Id, ...] = Field(
        default=(), description="The groups of a workshop that can answer here; else as the dimension above says."
    )
    dimensions: tuple["Dimension", ...] = Field(default=(), description="The dimensions below it.")
    questions: tuple[Question, ...] = Field(default=(), description="Its questions.")

    def walk(self) -> Iterator["Dimension"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.dimensions:
            yield from child.walk()


class Questionnaire(Frozen):
    """One version of a questionnaire, as its authors wrote it."""

    id: QuestionnaireId = Field(description="Stable name of the questionnaire; it never changes.")
    version: Version = Field(description='Such as "1.0.0", in quotes. A published version never changes.')
    title: Text = Field(description="The name that people read.")
    summary: Text = Field(description="One sentence for the person who has to choose a questionnaire.")
    published: Day | None = Field(default=None, description='Day of publication, in quotes: "2026-11-22".')
    language: Language = Field(description="Language of the texts in this file, such as en, fr or ar.")
    source: Source = Field(description="Where the questionnaire comes from; printed in every report.")
    scale: Scale = Field(description="The scale of every score.")
    aggregate: Rule = Field(default="mean", description="How scores are made, where a dimension does not say.")
    missing: MissingPolicy = Field(
        default="exclude",
        description="What an unanswered or unknown question does: exclude = left out, lowest = counts as scale.min, "
        "refuse = no score.",
    )
    round: Annotated[int, Strict(), Field(ge=0, le=9)] | None = Field(
        default=None, description="Decimals of a stored score; null = not rounded."
    )
    profiles: Profiles = Field(description="The words for the overall score.")
    fields: tuple[ProfileField, ...] = Field(default=(), description="What is asked about the firm itself.")
    asked_in: tuple[Setting, ...] = Field(
        default=("firm", "workshop"),
        description="Where it is answered: by a firm about itself, in a workshop, or both.",
    )
    groups: dict[Id, Text] = Field(
        default_factory=dict,
        description="The groups of people that a workshop brings together: id and name. Without them everybody is "
        "asked everything.",
    )
    technologies: dict[Id, Text] = Field(
        default_factory=dict, description="The technologies that questions and actions name: id and title."
    )
    dimensions: tuple[Dimension, ...] = Field(description="The tree of dimensions and questions.")

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
    def groups_of(self) -> dict[str, tuple[str, ...]]:
        """The groups that can know the answer to each question: its own, its dimension's, or all."""
        found: dict[str, tuple[str, ...]] = {}

        def visit(dimension: Dimension, above: tuple[str, ...]) -> None:
            here = dimension.groups or above
            found.update({q.id: q.groups or here for q in dimension.questions})
            for child in dimension.dimensions:
                visit(child, here)

        for factor in self.dimensions:
            visit(factor, tuple(self.groups))
        return found

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
