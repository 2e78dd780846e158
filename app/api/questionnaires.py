"""Questionnaires by JSON: which there are, and one with its questions and levels in the reader's language."""

from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import reply
from app.api.shapes import Page, Reply
from app.api.strict_json import StrictRoute
from app.shelf import Shelf
from app.templating import content, language_of
from assessment import sections
from assessment.api_tokens import READ
from questionnaires.schema import Dimension, Question, Questionnaire

router = APIRouter(prefix="/questionnaires", route_class=StrictRoute, tags=["Questionnaires"])
Id = Annotated[str, Path(max_length=64, pattern="^[a-z0-9][a-z0-9-]*$", examples=["industry4-readiness"])]
Version = Annotated[str, Query(max_length=64, pattern="^[0-9A-Za-z.+-]*$", description="Left out: the newest.")]


class QuestionnaireRow(Reply):
    """A questionnaire in a list: its newest version."""

    id: str
    version: str
    title: str
    summary: str
    questions: int


class FieldReply(Reply):
    """What is asked about the firm itself: one of some choices, or a number."""

    id: str
    text: str
    help: str | None
    choices: dict[str, str] | None
    number: dict[str, Any] | None


class DimensionReply(Reply):
    """A node of the tree; `parent` is null at the top."""

    id: str
    title: str
    parent: str | None
    weight: float


class LevelReply(Reply):
    """A step of a ladder; the answer is its number."""

    level: int
    text: str


class QuestionReply(Reply):
    """A question: it has levels, options, or a number."""

    id: str
    text: str
    help: str | None
    dimension: str
    weight: float
    is_core: bool
    levels: list[LevelReply] | None
    options: list[str] | None
    number: dict[str, Any] | None
    applies_if: Any


class SectionReply(Reply):
    """A page of at most eight questions; those of the first pass stand in a second section, too."""

    id: str
    title: str
    is_core: bool
    questions: list[str]


class QuestionnaireReply(QuestionnaireRow):
    """One version of a questionnaire; what was published never changes."""

    language: str
    scale: dict[str, float]
    fields: list[FieldReply]
    dimensions: list[DimensionReply]
    items: list[QuestionReply]
    sections: list[SectionReply]


@router.get("", response_model=Page[QuestionnaireRow], openapi_extra=needs(public=True))
def list_questionnaires(request: Request) -> Response:
    """The questionnaires that this service offers, by title."""
    found = [content(request, definition) for definition in _shelf(request).newest()]
    rows = [QuestionnaireRow(**_row(questionnaire)) for questionnaire in found]
    return reply(request, Page[QuestionnaireRow](items=rows))


@router.get("/{id}", response_model=QuestionnaireReply, openapi_extra=needs(READ, 404, public=True))
def show_questionnaire(request: Request, id: Id, version: Version = "") -> Response:
    """One questionnaire with its questions and levels, in the language of Accept-Language where it is translated."""
    shelf = _shelf(request)
    definition = shelf.get(f"{id}@{version}") if version else shelf.newest_of(id)
    shown = content(request, definition)
    return reply(
        request,
        QuestionnaireReply(
            **_row(shown),
            language=language_of(request).code,
            scale={"min": shown.scale.min, "max": shown.scale.max},
            fields=[FieldReply(**field.model_dump(include=set(FieldReply.model_fields))) for field in shown.fields],
            dimensions=list(chain.from_iterable(_tree(each, None) for each in shown.dimensions)),
            items=[_question(shown, each) for each in shown.questions.values()],
            sections=[_section(each) for each in (*sections.core_sections(shown), *sections.sections(shown))],
        ),
    )


def _shelf(request: Request) -> Shelf:
    shelf: Shelf = request.app.state.shelf
    return shelf


def _row(shown: Questionnaire) -> dict[str, Any]:
    return {
        "id": shown.id,
        "version": shown.version,
        "title": shown.title,
        "summary": shown.summary,
        "questions": len(shown.questions),
    }


def _tree(dimension: Dimension, parent: str | None) -> list[DimensionReply]:
    row = DimensionReply(id=dimension.id, title=dimension.title, parent=parent, weight=dimension.weight)
    return [row, *chain.from_iterable(_tree(each, dimension.id) for each in dimension.dimensions)]


def _question(shown: Questionnaire, question: Question) -> QuestionReply:
    levels = question.levels
    return QuestionReply(
        id=question.id,
        text=question.text,
        help=question.help,
        dimension=shown.dimension_of[question.id].id,
        weight=question.weight,
        is_core=question.core,
        levels=None if levels is None else [LevelReply(level=n, text=each.text) for n, each in enumerate(levels)],
        options=None if question.options is None else list(question.options.of),
        number=question.number.model_dump(mode="json", include={"min", "max", "unit"}) if question.number else None,
        applies_if=question.applies_if.model_dump(mode="json", exclude_none=True) if question.applies_if else None,
    )


def _section(section: sections.Section) -> SectionReply:
    return SectionReply(
        id=section.id, title=section.title, is_core=section.core, questions=[q.id for q in section.questions]
    )
