"""The explorer of a release: what any of its pages and any filter costs the server."""

import asyncio
import gc
import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from fastapi import FastAPI
from scipy.sparse import csr_array

from app import artifacts
from app.database import Database
from app.explorer_query import SORTS, read
from app.main import create_app
from app.settings import Settings
from app.upgrade import upgrade
from assessment import made_up_country, release_making
from assessment.outcomes import as_steps
from assessment.release_making import Making, make_wave
from assessment.release_manifest import manifest_of
from assessment.release_units import INDUSTRY_CODES, UNKNOWN, Units, nothing_said
from assessment.tables import Programme, Release
from questionnaires.loader import load_definition
from reports.columns_file import write_columns
from reports.release import cube as release_cube
from reports.release import kept_cells
from reports.release.cube import FIGURES, GROUPS, SIDES, Cube
from scoring.disclosure import Pattern
from scoring.dominance import Rules
from scoring.made_up_answers import made_up_answers
from scoring.made_up_firms import MadeUpFirms, made_up_firms
from scoring.release_gate import Protection
from scoring.release_gate import Release as Passed
from scoring.waves import Ground

MOST_MS = 50.0
FIRMS, FEW, WAVES = 268_000, 13_400, 5
FILTERS, ROUNDS = 200, 3


def measure(full: bool) -> dict[str, object]:
    """Every pair of sides with every figure and order, filters drawn at random, and the page about the release.

    Counted is the first time that each is asked for, or a later one where neighbours were in the way; what a process
    does once for a release, when somebody first asks for it, is told apart. The cube has the size that so many firms
    make; its pattern is by the threshold alone, because finding a safe one takes minutes and is measured apart
    (`suppression`).
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        file.touch()
        settings = Settings(
            database_url=f"sqlite:///{file}", public_url="http://127.0.0.1", workers=0, artifacts=Path(folder) / "kept"
        )
        cube = _cube(settings, Path(folder), FIRMS if full else FEW, WAVES if full else 2)
        link = _released(settings, cube)
        pages = [
            f"{link}/about",
            *dict.fromkeys((*_shapes(cube, link), *_filters(cube, link, FILTERS if full else 40))),
        ]
        app = create_app(settings)
        _as_begun()
        (once,) = asyncio.run(_times(app, [link], 1)).values()
        kept = sum(each.bytes for each in kept_cells._kept.values())
        times = asyncio.run(_times(app, pages, ROUNDS))
        gc.unfreeze()
        size = cube.path.stat().st_size / 1e6
    first = np.array([each[0][0] for each in times.values()]) * 1e3
    cpu, clock = (np.array([min(each)[at] for each in times.values()]) * 1e3 for at in (0, 1))
    cells = sum(cube.manifest["cells"].values())
    return {
        "cube": f"{cells:,} rows, {size:.1f} MB",
        "once in each process": f"{once[0][0] * 1e3:,.0f} ms of CPU; {kept / 1e6:.1f} MB kept in memory",
        "pages and filters": f"{len(times)}",
        "CPU, first time": f"median {np.median(first):.1f} ms, worst {first.max():.1f} ms, "
        f"{(first > MOST_MS).sum()} above {MOST_MS:g}",
        f"CPU, best of {ROUNDS}": f"median {np.median(cpu):.1f} ms, worst {cpu.max():.1f} ms, bar {MOST_MS:g} "
        + ("met" if cpu.max() <= MOST_MS else "MISSED"),
        "clock": f"median {np.median(clock):.1f} ms, worst {clock.max():.1f} ms",
        "the worst": max(times, key=lambda path: min(times[path])),
    }


def _cube(settings: Settings, folder: Path, count: int, waves: int) -> Cube:
    questionnaire = load_definition("industry4-readiness").questionnaire
    land = made_up_country.land_of("MY", waves, 2026)
    firms, rules = made_up_firms(land, count, 1), Rules()
    making = Making(questionnaire, rules, (*land.regions, UNKNOWN))
    with patch.object(release_making, "release", _by_threshold):
        made = []
        for wave, year in enumerate(land.years):
            parts = [part.own for part in made_up_answers(questionnaire, land, firms, wave, 1)]
            at = np.concatenate([part.firms for part in parts])
            scores = as_steps(questionnaire.scale, np.concatenate([part.scores for part in parts]))
            levels = np.concatenate([part.levels for part in parts])
            units = Units(
                year, at, at, at, _leaves(firms, at, land.industries), scores, levels, nothing_said(len(at)), 0
            )
            made.append(make_wave(making, units, (), lambda _: None))
    columns = {name: np.concatenate([wave.columns[name] for wave in made]) for name in made[0].columns}
    draft = folder / "cube.parquet"
    write_columns(draft, columns)
    told = {"programme": "Made up", "number": 1, "title": "Made up", "made_at": "2026-11-22", "code_version": "0"}
    sha256 = artifacts.store(settings.artifacts, draft.read_bytes())
    return Cube(artifacts.path_of(settings.artifacts, sha256), manifest_of(making, made, told, "MY"))


def _leaves(firms: MadeUpFirms, at: np.ndarray, industries: tuple[str, ...]) -> np.ndarray:
    industry = np.array([INDUSTRY_CODES.index(code) for code in industries])[firms.industry[at]]
    return np.stack([industry, firms.size[at], firms.region[at], firms.owner[at], np.zeros(len(at), dtype=np.int64)])


def _by_threshold(of: Ground, rules: Rules, held_back: np.ndarray | None = None, *_: object) -> Passed:
    small = of.cells.members() @ of.units < rules.threshold
    secret = small if held_back is None else small | held_back
    none = np.zeros(of.cells.count, dtype=np.bool_)
    no_secrets = csr_array((0, of.cells.atoms), dtype=np.int64)
    protection = Protection(None, None, none, 0, np.inf)  # type: ignore[arg-type]
    return Passed(Pattern(~secret, no_secrets, small, none, 1), protection, 0)


def _released(settings: Settings, cube: Cube) -> str:
    database, now = Database(settings.database_url), datetime(2026, 11, 22, tzinfo=UTC)
    upgrade(database)
    with database.transaction() as session:
        programme = Programme(name="Made up", country="MY", questionnaire_id="industry4-readiness")
        programme.questionnaire_version, programme.state = "1.0.0", "open"
        programme.created_at = programme.changed_at = now
        session.add(programme)
        session.flush()
        release = Release(programme_id=programme.id, number=1, state="published", manifest=dict(cube.manifest))
        release.cube_sha256, release.requested_at, release.made_at, release.published_at = cube.path.name, now, now, now
        session.add(release)
        session.flush()
        link = f"/releases/{release.id}"
    database.close()
    return link


def _as_begun() -> None:
    """Forget what choosing the pages has read, and set apart what is loaded as the server does (`app/serving.py`)."""
    kept_cells._kept.clear()
    release_cube._codes.cache_clear()
    gc.collect()
    gc.freeze()


def _shapes(cube: Cube, link: str) -> Iterator[str]:
    """Every table of two sides that the page offers, of everybody in the newest year, by figure and by order."""
    for rows, columns in itertools.product(SIDES, ("", *SIDES)):
        asked = [("rows", rows), ("columns", columns)]
        ways = [("figure", figure) for figure in ("", *FIGURES)] + [("sort", sort) for sort in SORTS[1:]]
        for way in ways:
            query, problems = read(cube, [*asked, way])
            if not problems:
                yield query.address(link)


def _filters(cube: Cube, link: str, count: int) -> Iterator[str]:
    """Addresses of tables that the release has, each spelt as its own links spell it."""
    drawing, seen = random.Random(1), set[str]()
    while len(seen) < count:
        asked = [("rows", drawing.choice([*SIDES])), ("columns", drawing.choice(["", *SIDES]))]
        asked += [("figure", drawing.choice(["", *FIGURES])), ("wave", drawing.choice(cube.codes("wave")))]
        asked += [("indicator", drawing.choice(cube.codes("indicator")))]
        asked += [(side, drawing.choice(cube.codes(side))) for side in GROUPS if drawing.random() < 0.2]
        query, problems = read(cube, asked)
        address = query.address(link)
        if not problems and query.pairs() and address not in seen:
            seen.add(address)
            yield address


async def _times(app: FastAPI, addresses: list[str], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """CPU and clock of each address, each time that it is asked for."""
    found: dict[str, list[tuple[float, float]]] = {address: [] for address in addresses}
    for _ in range(rounds):
        for address in addresses:
            cpu, clock = time.process_time(), time.perf_counter()
            await _read(app, address)
            found[address].append((time.process_time() - cpu, time.perf_counter() - clock))
    return found


async def _read(app: FastAPI, address: str) -> None:
    path, _, query = address.partition("?")
    headers = {"host": "127.0.0.1", "accept-language": "en", "accept-encoding": "gzip", "cookie": "visitor=a"}
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        assert message.get("status", 200) in (200, 404), (message, address)

    await app(scope, receive, send)
