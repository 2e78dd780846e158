"""Whether the service runs, and whether it can do its work: for those who watch over it."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app import service_health

router = APIRouter()


@router.get("/healthz")
def is_alive() -> Response:
    return JSONResponse({"status": "alive"})


@router.get("/readyz")
def is_ready(request: Request) -> Response:
    """200 when a request can be served, 503 with the reasons when not."""
    problems = service_health.problems(request.app.state.database, request.app.state.settings)
    return JSONResponse(
        {"status": "not ready" if problems else "ready", "problems": problems}, 503 if problems else 200
    )
