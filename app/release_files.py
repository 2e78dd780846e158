"""A release is made of what the database holds, and its files are stored under the hashes of their contents."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import artifacts
from app.database import Database
from assessment import release_context, release_kept, release_units
from assessment.release_context import KeptPanel
from assessment.release_making import READING, STORING, Known, Making, Wave, make_wave
from assessment.release_manifest import manifest_of
from assessment.releases import Asked
from questionnaires.schema import Questionnaire
from reports.columns_file import write_columns
from reports.release.manifest_file import CUBE, manifest_json
from scoring.release_gate import ReleaseRefused

Say = Callable[[str], None]
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Finished:
    """A release that passed the gate, with all its files stored: nothing of it can be seen until a row names them."""

    manifest: Mapping[str, Any]
    kept_sha256: str
    files: Mapping[str, Mapping[str, Any]]


def make(
    database: Database, folder: Path, asked: Asked, questionnaire: Questionnaire, now: datetime, say: Say
) -> Finished:
    """Make a release. What is written is the same for the same assessments, byte by byte, but for `made_at`.

    Raises:
        ReleaseRefused, NotSettled: a wave cannot be made safe.
        OtherClassification: an earlier release was made with other codes.
    """
    contents = [artifacts.path_of(folder, each.kept_sha256).read_bytes() for each in asked.before]
    making = _making(database, asked, questionnaire, contents)
    known = {year: _known(making, contents, year) for year in asked.waves}
    made = (_wave(database, asked, making, year, known[year], say) for year in asked.waves)
    waves = [wave for wave in made if wave is not None]
    if not waves:
        raise ReleaseRefused(("no firm has an overall score",))
    say(STORING)
    cube_sha256, size = _store_cube(folder, waves)
    told = {
        "programme": asked.programme,
        "number": asked.number,
        "title": asked.title,
        "made_at": now.isoformat(),
        "code_version": version("fourward"),
    }
    last = asked.before[-1] if asked.before else None
    previous = None if last is None else {"number": last.number, "cube_sha256": last.cube_sha256}
    context, panel = _context(database, asked, making, waves, known, now)
    manifest = manifest_of(making, waves, told, asked.country) | {"cube_sha256": cube_sha256, "previous": previous}
    manifest |= context
    kept_sha256 = artifacts.store(folder, release_kept.packed(making, waves, panel))
    content = manifest_json(manifest)
    files = {
        CUBE: {"sha256": cube_sha256, "size": size},
        MANIFEST: {"sha256": artifacts.store(folder, content), "size": len(content)},
    }
    return Finished(manifest, kept_sha256, files)


def _making(database: Database, asked: Asked, questionnaire: Questionnaire, contents: Sequence[bytes]) -> Making:
    regions: tuple[str, ...] = release_kept.regions_in(contents[-1]) if contents else (release_units.UNKNOWN,)
    with database.reader() as session:
        regions = release_units.regions_of(session, asked.programme_id, regions)
    return Making(questionnaire, asked.rules, regions)


def _known(making: Making, contents: Sequence[bytes], year: int) -> list[Known]:
    """What earlier releases showed of a wave, their panels included."""
    panels = [panel for content in contents if (panel := release_kept.panel_in(content)) is not None]
    shown = [release_kept.known_of(content, making, year) for content in contents]
    return [*shown, *release_context.known_from(making, panels, year)]


def _context(
    database: Database,
    asked: Asked,
    making: Making,
    waves: Sequence[Wave],
    known: Mapping[int, Sequence[Known]],
    now: datetime,
) -> tuple[dict[str, Any], KeptPanel | None]:
    """What the manifest tells beside the cells, and what is kept of the panel."""
    with database.reader() as session:
        register = release_context.register_of(session, asked.programme_id)
        cases = release_context.funnel_of(session, asked.programme_id, now.date(), making.rules)
    rows, panel = release_context.panel_of(making, waves, known)
    coverage = release_context.coverage_of(making, waves[-1], register)
    return {"coverage": coverage, "extra": {"panel": rows, "funnel": cases}}, panel


def _wave(database: Database, asked: Asked, making: Making, year: int, known: Sequence[Known], say: Say) -> Wave | None:
    say(f"{READING} {year}")
    with database.reader() as session:
        units = release_units.read(session, asked.programme_id, asked.questionnaire, year, making.regions)
    if not units.count:
        return None
    return make_wave(making, units, known, say)


def _store_cube(folder: Path, waves: Sequence[Wave]) -> tuple[str, int]:
    names = waves[0].columns
    columns: dict[str, NDArray[np.generic]] = {n: np.concatenate([wave.columns[n] for wave in waves]) for n in names}
    with tempfile.TemporaryDirectory() as temporary:
        draft = Path(temporary) / CUBE
        write_columns(draft, columns)
        content = draft.read_bytes()
    return artifacts.store(folder, content), len(content)
