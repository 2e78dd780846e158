"""Progress of actions by JSON: where each action stands, and saying so."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import Field
from starlette.responses import Response

from app.api.needs import needs
from app.api.replies import check_seen, reply
from app.api.shapes import Body, Key, Line, Note, Page, Reply
from app.api.strict_json import StrictRoute
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, Now, Opened, OpenedByManager
from app.firm_results import written_in
from app.templating import language_of
from assessment import progress
from assessment.api_tokens import MANAGE, READ
from assessment.progress import ActionNotFound
from assessment.standing import Step
from questionnaires.translation import translate

router = APIRouter(prefix="/assessments/{key}/actions", route_class=StrictRoute, tags=["Progress"])
Action = Annotated[str, Path(max_length=200, description="The id of an action.")]
State = Literal["planned", "started", "done", "dropped"]


class StepBody(Body):
    """Where an action stands."""

    state: State
    day: Annotated[str, Field(pattern="^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", description="Left out: today.")] = ""
    owner: Line = ""
    note: Note = ""


class StepReply(Reply):
    """Where an action stands, since when, and who said so."""

    action: str
    state: State
    day: str
    owner: str
    note: str
    changed_at: datetime | None
    changed_by: str


class ActionReply(StepReply):
    """An action of the questionnaire with its title in the reader's language, and where it stands."""

    title: str


@router.get("", response_model=Page[ActionReply], openapi_extra=needs(READ, 404))
def list_actions(request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager) -> Response:
    """Every action of the questionnaire, and where it stands; the roadmap's are among the results."""
    said = progress.steps_of(session, opened.row.id)[opened.row.id]
    titles = translate(opened.definition, written_in(language_of(request).code)).definition.action
    rows = [
        ActionReply(title=titles[name].title, **_shown(said.get(name, Step(name))).model_dump())
        for name in opened.definition.action
    ]
    return reply(request, Page[ActionReply](items=rows))


@router.get("/{action}", response_model=StepReply, openapi_extra=needs(READ, 404))
def show_action(
    request: Request, session: DatabaseSession, key: Key, opened: OpenedByManager, action: Action
) -> Response:
    """Where one action stands."""
    return reply(request, _shown(_present(session, opened, action)))


def _present(session: DatabaseSession, opened: Opened, action: str) -> Step:
    if action not in opened.definition.action:
        raise ActionNotFound
    return progress.steps_of(session, opened.row.id)[opened.row.id].get(action, Step(action))


def _shown(step: Step) -> StepReply:
    return StepReply.model_validate(step)


@router.put("/{action}", response_model=StepReply, openapi_extra=needs(MANAGE, 404, 409, replaces=True))
def record_step(
    request: Request,
    session: DatabaseSession,
    key: Key,
    opened: OpenedByManager,
    action: Action,
    person: MaybeSignedIn,
    sent: StepBody,
    now: Now,
) -> Response:
    """Say where an action stands; no score changes by it."""
    present = _present(session, opened, action)
    check_seen(request, _shown(present))
    by = person.called if person else ""
    step = Step(action, sent.state, sent.day, sent.owner, sent.note)
    mark = progress.mark(present)
    return reply(request, _shown(progress.record(session, opened.row, step, opened.definition.action, mark, by, now)))
