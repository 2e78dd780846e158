"""Load one thing for a route, or refuse."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

from app.database import SAFE_METHODS, DatabaseSession
from app.shelf import Shelf
from assessment import access
from assessment.tables import Assessment
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire


@dataclass(frozen=True, slots=True)
class Opened:
    """An assessment that was reached by its return link."""

    row: Assessment
    token: str
    definition: Definition

    @property
    def questionnaire(self) -> Questionnaire:
        return self.definition.questionnaire

    @property
    def is_submitted(self) -> bool:
        return self.row.state == "submitted"

    @property
    def link(self) -> str:
        """The path of the return link."""
        return f"/a/{self.token}"


def open_assessment(request: Request, session: DatabaseSession, token: str) -> Opened:
    row = access.open_by_link(session, token, for_change=request.method not in SAFE_METHODS)
    shelf: Shelf = request.app.state.shelf
    return Opened(row, token, shelf.get(f"{row.questionnaire_id}@{row.questionnaire_version}"))


OpenedByLink = Annotated[Opened, Depends(open_assessment, scope="function")]


def present_moment() -> datetime:
    return datetime.now(UTC)


Now = Annotated[datetime, Depends(present_moment)]
