"""Whether there is a newer version of an assessment's questionnaire, and whether its answers can go there."""

from dataclasses import dataclass

from fastapi import Request

from app.dependencies import Opened
from app.shelf import Shelf
from questionnaires.library import Definition


@dataclass(frozen=True, slots=True)
class Newer:
    """A later version; without a way, answers stay on the version they were given to."""

    definition: Definition
    has_way: bool


def newer_version(request: Request, opened: Opened) -> Newer | None:
    """The newest version that says where the present answers go, or else the newest of all."""
    shelf: Shelf = request.app.state.shelf
    later = shelf.later_than(opened.questionnaire.reference)
    for definition in reversed(later):
        if definition.moves is not None and definition.moves.from_ == opened.row.questionnaire_version:
            return Newer(definition, True)
    return Newer(later[-1], False) if later else None
