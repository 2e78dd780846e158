"""What the checks look at, and how they say what they find."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from questionnaires.documents import Part, Place
from questionnaires.library import Action, Actions, Case, Example
from questionnaires.moves import Moves
from questionnaires.schema import Dimension, Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of a check: in which file, where in it, and the sentence for its author.

    `about` is the question or field that the finding rests on: if that has a mistake itself, nothing is told.
    """

    place: Place
    message: str
    part: Part = "questionnaire"
    about: str = ""


@dataclass(frozen=True)
class Parts:
    """All files of one definition, mended where they had mistakes. `own_cases` are those of its own folder."""

    questionnaire: Questionnaire
    actions: Actions | None = None
    examples: tuple[Example, ...] = ()
    own_cases: tuple[Case, ...] = ()
    cases: Mapping[str, Case] = field(default_factory=dict)
    moves: Moves | None = None
    earlier: Questionnaire | None = None  # the version that `moves` starts from
    unsure: frozenset[str] = frozenset()  # ids of questions and fields, and the scale, with mistakes of form

    @cached_property
    def nodes(self) -> tuple[tuple[Place, Dimension], ...]:
        """Every dimension with its place, parents first."""
        return tuple(_nodes(self.questionnaire.dimensions, ()))

    @cached_property
    def questions(self) -> tuple[tuple[Place, Question], ...]:
        """Every question with its place, in the order of the file."""
        return tuple(
            ((*place, "questions", number), question)
            for place, node in self.nodes
            for number, question in enumerate(node.questions)
        )

    @cached_property
    def counted(self) -> frozenset[str]:
        """The questions that move the overall score: no weight from them up to the root is 0."""
        return frozenset(_counted(self.questionnaire.dimensions))

    @cached_property
    def listed_actions(self) -> tuple[tuple[Place, Action], ...]:
        """Every action with its place."""
        actions = self.actions.actions if self.actions else ()
        return tuple((("actions", number), action) for number, action in enumerate(actions))


def _nodes(dimensions: tuple[Dimension, ...], above: Place) -> Iterator[tuple[Place, Dimension]]:
    for number, dimension in enumerate(dimensions):
        place = (*above, "dimensions", number)
        yield place, dimension
        yield from _nodes(dimension.dimensions, place)


def _counted(dimensions: tuple[Dimension, ...]) -> Iterator[str]:
    for dimension in dimensions:
        if dimension.weight > 0:
            yield from (question.id for question in dimension.questions if question.weight > 0)
            yield from _counted(dimension.dimensions)
