"""The API as an application within the service: its own refusals, and a description (OpenAPI) that is true to it."""

import sys

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from app.api import (
    actions,
    answers,
    assessments,
    conflicts,
    evidence,
    firm_data,
    firm_people,
    firms,
    history,
    last_time,
    me,
    moves,
    questionnaires,
    reports,
    respondents,
    results,
    starting,
)
from app.api.door import Door
from app.api.openapi import describe
from app.api.problems import PREFIX, add_problem_details


def mount_api(app: FastAPI) -> None:
    """Serve it under /api/v1. It shares the service's state and all that a request passes."""
    api = FastAPI(
        title="Fourward",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # The framework's own limit would refuse in plain text: StrictRequest keeps it here.
        max_body_size=sys.maxsize,
    )
    api.state = app.state
    app.state.api = api  # for the page that tells its description
    for router in (
        answers.router,  # tried first: a save is what is asked for most
        starting.router,
        assessments.router,
        assessments.of_firm,
        results.router,
        respondents.router,
        conflicts.router,
        evidence.router,
        evidence.sending,
        reports.router,
        actions.router,
        history.router,
        last_time.router,
        moves.router,
        firms.router,
        firm_people.router,
        firm_data.router,
        questionnaires.router,
        me.router,
    ):
        api.include_router(router)
    api.add_api_route("/openapi.json", show_description, include_in_schema=False)
    api.add_middleware(Door)
    add_problem_details(api)
    app.mount(PREFIX, api)


def show_description(request: Request) -> Response:
    """What this API takes and gives."""
    return JSONResponse(describe(request.app))
