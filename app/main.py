"""`create_app(settings)`: the database, the shelf of questionnaires, what each request passes, and the pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from app import voting
from app.api.application import mount_api
from app.api.problems import add_problems_outside, refuse_other_site
from app.database import READERS, Database
from app.dependencies import begin_saving, note_reader
from app.errors import add_error_pages
from app.files import StaticFiles
from app.firm_results import Kept
from app.forms import read_form
from app.group_commit import GroupCommit
from app.live import Live
from app.middleware import CrossOriginProtection, RequestLog, SecurityHeaders
from app.pace import Pace, SavesTooFast
from app.pages import (
    account,
    again,
    api_reference,
    applications,
    assessments,
    brought,
    case_lists,
    case_support,
    cases,
    checks,
    colleagues,
    control,
    evidence,
    explorer,
    firm_data,
    firms,
    health,
    history,
    home,
    imports,
    invited,
    join,
    learning,
    moves,
    offline,
    owners,
    paper,
    programme_calls,
    programme_members,
    programme_offers,
    programmes,
    progress,
    releases,
    reports,
    results,
    return_links,
    room_firms,
    room_follow_up,
    room_gaps,
    room_leaders,
    room_levels,
    room_people,
    room_priorities,
    room_reports,
    room_roadmap,
    room_robustness,
    room_sign_off,
    screens,
    seats,
    shared_demand,
    sign_in,
    submissions,
    tokens,
    verifications,
    workshops,
)
from app.pages.live import live_routes
from app.settings import Settings
from app.shelf import Shelf
from app.sign_in import Turns
from app.templating import STATIC
from app.worker_processes import WorkerProcesses
from assessment.votes import Ballots

PAGES = (
    home,
    assessments,
    checks,
    return_links,
    colleagues,
    evidence,
    results,
    progress,
    reports,
    shared_demand,
    firms,
    firm_data,
    history,
    submissions,
    again,
    moves,
    sign_in,
    account,
    tokens,
    api_reference,
    offline,
    invited,
    room_people,
    room_leaders,
    join,
    seats,
    control,
    screens,
    room_gaps,
    room_levels,
    learning,
    room_firms,
    brought,
    paper,
    room_priorities,
    room_robustness,
    room_roadmap,
    room_sign_off,
    room_reports,
    room_follow_up,
    owners,
    workshops,
    cases,
    case_lists,
    case_support,
    programmes,
    programme_calls,
    programme_members,
    programme_offers,
    imports,
    applications,
    verifications,
    explorer,
    releases,
    health,
)


def create_app(settings: Settings) -> FastAPI:
    """The web service. Its database must be at this version's schema (`fourward migrate`)."""
    app = FastAPI(
        title="Fourward",
        openapi_url=None,
        lifespan=lifespan,
        max_body_size=settings.max_body_bytes,
        dependencies=[Depends(note_reader)],
    )
    app.state.settings = settings
    app.state.database = Database(settings.database_url)
    app.state.saves = GroupCommit(app.state.database, begin_saving(settings))
    app.state.votes = GroupCommit(app.state.database, Ballots)
    app.state.save_rate = Pace(settings.saves_per_minute, SavesTooFast)
    app.state.shelf = Shelf(settings.definitions)
    app.state.kept = Kept()
    app.state.turns = Turns(settings)
    app.state.live = Live(app.state.database)
    # Routes are tried in this order, and a save is what is asked for most.
    app.router.routes.extend(live_routes())
    mount_api(app)
    for pages in PAGES:
        app.include_router(pages.router, dependencies=[Depends(read_form)])
    app.include_router(evidence.uploading)
    app.include_router(paper.uploading)
    app.include_router(imports.uploading)
    app.include_router(voting.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    add_error_pages(app)
    add_problems_outside(app)
    add_middleware(app, settings)
    return app


def add_middleware(app: FastAPI, settings: Settings) -> None:
    public = urlsplit(settings.public_url)
    # The last one added is the first a request meets.
    app.add_middleware(CrossOriginProtection, trusted_origins=settings.trusted_origins, refuse=refuse_other_site)
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=4)
    app.add_middleware(
        TrustedHostMiddleware, allowed_hosts=[public.hostname or "", *settings.allowed_hosts], www_redirect=False
    )
    app.add_middleware(SecurityHeaders, https=public.scheme == "https")
    app.add_middleware(RequestLog)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    # More threads than this only wait for each other: two cores, one interpreter lock.
    anyio.to_thread.current_default_thread_limiter().total_tokens = READERS + 4
    workers = WorkerProcesses(app.state.settings)
    workers.start()
    try:
        async with app.state.live.running():
            yield
    finally:
        await anyio.to_thread.run_sync(workers.stop)
        app.state.database.close()
