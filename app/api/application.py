"""The API as an application within the service: its own refusals, and a description (OpenAPI) that is true to it."""

import sys

from fastapi import FastAPI

from app.api import answers
from app.api.problems import PREFIX, add_problem_details


def mount_api(app: FastAPI) -> None:
    """Serve it under /api/v1. It shares the service's state and all that a request passes."""
    api = FastAPI(
        title="Fourward",
        version="1",
        docs_url=None,
        redoc_url=None,
        # The framework's own limit would refuse in plain text: StrictRequest keeps it here.
        max_body_size=sys.maxsize,
    )
    api.state = app.state
    for routes in (answers,):
        api.include_router(routes.router)
    add_problem_details(api)
    app.mount(PREFIX, api)
