"""Where a firm's peers stand, for a page or a report: in the first published release that shows anything for it."""

from collections.abc import Iterable
from functools import partial

from fastapi import Request
from sqlalchemy.orm import Session

from app import artifacts
from app.dependencies import Opened
from app.settings import Settings
from app.templating import public_link, say
from assessment.peer_benchmarks import (
    Benchmark,
    Published,
    benchmark,
    groups_of,
    indicators_of,
    published,
    published_for,
)
from reports.release.peer_cells import peer_cells


def find_benchmark(request: Request, session: Session, opened: Opened, code: str) -> Benchmark | None:
    """The benchmark of a submitted assessment, in one statement; names of industries in the language `code`."""
    if not opened.is_submitted:
        return None
    found = published(session.execute(published_for(opened.row)))
    return benchmark_of(request, opened, found, code)


def benchmark_of(request: Request, opened: Opened, releases: Iterable[Published], code: str) -> Benchmark | None:
    """Of the first of these releases that shows the overall score of a group the firm is in, read from its file."""
    settings: Settings = request.app.state.settings
    for release in releases:
        path = artifacts.path_of(settings.artifacts, release.cube_sha256)
        if not path.is_file():
            continue
        groups = groups_of(opened.row.firm, release.size_scheme)
        wave, cells = peer_cells(path, groups, indicators_of(opened.questionnaire), release.waves)
        if cells:
            link = public_link(request, f"/releases/{release.id}")
            return benchmark(release, wave, cells, groups, link, partial(say, code))
    return None
