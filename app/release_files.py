"""A release is made of what the database holds, and its files are stored under the hashes of their contents."""

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import artifacts
from app.database import Database
from app.release_downloads import write_downloads
from app.release_earlier import Earlier, Past, earlier, previous_of
from app.release_reports import reports
from app.settings import Settings
from app.shelf import Shelf
from app.templating import offered
from assessment import action_states, enterprise_groups, release_beside, release_context, release_kept, release_units
from assessment.hindrance_traits import hindrances_of
from assessment.release_context import KeptPanel
from assessment.release_kept import KeptWave
from assessment.release_making import READING, STORING, WRITING, Making, Wave, make_wave, without_firms
from assessment.release_manifest import manifest_of, traits_told
from assessment.release_refusals import FEW
from assessment.release_standing import SHOWN, STATUS, as_it_stood, standing
from assessment.release_traits import Traits, with_traits
from assessment.release_units import Units
from assessment.releases import Asked
from assessment.technology_use import technologies_of
from reports.columns_file import write_columns
from reports.release.cube import Cube
from reports.release.manifest_file import CUBE, manifest_json
from scoring.release_gate import ReleaseRefused

Say = Callable[[str], None]
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Service:
    """What a release is made with: the database, where files lie, and the questionnaires."""

    database: Database
    settings: Settings
    shelf: Shelf
    languages: tuple[str, ...] | None = None  # of the files; None is all that the service offers

    @property
    def codes(self) -> tuple[str, ...]:
        if self.languages is not None:
            return self.languages
        found = offered(self.settings.machine_translations, self.settings.test_languages)
        return tuple(each.code for each in found if not each.is_pseudo)

    @property
    def folder(self) -> Path:
        return self.settings.artifacts


@dataclass(frozen=True, slots=True)
class Finished:
    """A release that passed the gate, with all its files stored: nothing of it can be seen until a row names them."""

    manifest: Mapping[str, Any]
    kept_sha256: str
    files: Mapping[str, Mapping[str, Any]]


def make(service: Service, asked: Asked, now: datetime, say: Say) -> Finished:
    """Make a release. Its cells are the same for the same assessments, byte by byte.

    Raises:
        ReleaseRefused, NotSettled: a wave cannot be made safe.
    """
    before = earlier(service.folder, asked)
    making = _making(service, asked, before.contents)
    kept: list[KeptWave] = []
    waves: list[Wave] = []
    for year in asked.waves:
        if (found := _finished_wave(service, asked, making, year, before, say)) is not None:
            kept.append(found[0])
            waves.append(found[1])
            waves[:-2] = [without_firms(wave) for wave in waves[:-2]]  # only the newest two are asked for theirs
    if not waves:
        raise ReleaseRefused(((FEW, 0),))
    say(STORING)
    manifest, panel = _told(service, asked, making, waves, before, now)
    cube_sha256, size = _store_cube(service.folder, waves)
    last = asked.before[-1] if asked.before else None
    previous = None if last is None else {"number": last.number, "cube_sha256": last.cube_sha256}
    manifest |= {"cube_sha256": cube_sha256, "previous": previous}
    kept_sha256 = artifacts.store(service.folder, release_kept.joined(making, kept, panel))
    del waves
    files = {CUBE: {"sha256": cube_sha256, "size": size}} | _written(service, asked, manifest, say)
    return Finished(manifest, kept_sha256, files)


def _making(service: Service, asked: Asked, contents: Sequence[bytes]) -> Making:
    regions: tuple[str, ...] = release_kept.regions_in(contents[-1]) if contents else (release_units.UNKNOWN,)
    with service.database.reader() as session:
        regions = release_units.regions_of(session, asked.programme_id, regions)
    return Making(service.shelf.get(asked.questionnaire).questionnaire, asked.rules, regions)


def _finished_wave(
    service: Service, asked: Asked, making: Making, year: int, before: Earlier, say: Say
) -> tuple[KeptWave, Wave] | None:
    """What is kept of a wave, and the wave as it is told; of its populations the first: all would fill the memory."""
    wave = _wave(service, asked, making, year, before, say)
    if wave is None:
        return None
    past = before.with_wave(year)
    stood = _stood(making, wave, past)
    told = _as_told(making, wave, past, stands=stood is not None)
    return stood or release_kept.kept_of(wave), replace(told, populations=wave.populations[:1])


def _wave(service: Service, asked: Asked, making: Making, year: int, before: Earlier, say: Say) -> Wave | None:
    """A wave; none of so few firms, groups as one, that its rows would tell which, unless it was released before."""
    say(f"{READING} {year}")
    definition = service.shelf.get(asked.questionnaire)
    with service.database.reader() as session:
        units = release_units.read(session, asked.programme_id, asked.questionnaire, year, making.regions)
        units = enterprise_groups.grouped(units, enterprise_groups.groups_of(session, asked.programme_id))
        said = action_states.read(session, asked.programme_id, definition, year)
    if not units.count or (units.group_count < making.rules.threshold and before.with_wave(year) is None):
        return None
    known = before.known(making, year)
    actions = action_states.actions_of(definition, units, said)
    told = (technologies_of(making.questionnaire, units), actions, hindrances_of(units, actions.ids))
    stands = _unchanged(making, units, told, before.with_wave(year))
    return stands or with_traits(making, make_wave(making, units, known, say), told, known)


def _unchanged(making: Making, units: Units, told: Sequence[Traits], last: Past | None) -> Wave | None:
    """The wave as the last release kept it, where nothing has changed: years that are over are not protected anew."""
    before = None if last is None else release_kept.again(last.kept, units.wave)
    if last is None or before is None or not last.was_enough(making):
        return None
    own = next((each.ids for each in told if each.ids is not None), None)
    return release_kept.unchanged(before, units, own, release_kept.known_of(last.kept, making, units.wave))


def _stood(making: Making, wave: Wave, last: Past | None) -> KeptWave | None:
    """What the last release kept of a wave in which too few firms have changed since to tell it anew."""
    before = None if last is None else release_kept.again(last.kept, wave.year)
    return before if before and release_kept.changes(before, wave) < making.rules.threshold else None


def _as_told(making: Making, wave: Wave, last: Past | None, *, stands: bool) -> Wave:
    """The wave with what cannot be told anew as the last release told it: cells of it, or all with what was found."""
    if last is None:
        return wave
    # A cell of fewer firms than it takes now is not shown again; n is rounded.
    least = 0.0 if last.was_enough(making) else making.rules.threshold + making.rules.base / 2
    columns = (as_it_stood if stands else standing)(wave.columns, last.rows(list(wave.columns), wave.year), least)
    shown = int((columns[STATUS] == SHOWN).sum())
    wave = replace(wave, columns=columns, shown=shown, held_back=len(columns[STATUS]) - shown)
    if not stands:
        return wave
    found = last.cube.manifest["protection"].get("by_wave", {}).get(str(wave.year), {})
    narrowest = found.get("narrowest")
    return replace(wave, secrets=found.get("secrets", 0), narrowest=np.inf if narrowest is None else float(narrowest))


def _told(
    service: Service, asked: Asked, making: Making, waves: Sequence[Wave], before: Earlier, now: datetime
) -> tuple[dict[str, Any], KeptPanel | None]:
    """The manifest, with what is told beside the cells, and what the next release must know of it."""
    about = {
        "programme": asked.programme,
        "number": asked.number,
        "title": asked.title,
        "made_at": now.isoformat(),
        "code_version": version("fourward"),
    }
    manifest = manifest_of(making, waves, about, asked.country)
    manifest["indicators"] += traits_told(service.shelf.get(asked.questionnaire))
    known = {wave.year: before.known(making, wave.year) for wave in waves[-2:]} if before.contents else {}
    panel, kept = release_context.panel_of(making, waves, known)
    with service.database.reader() as session:
        register = release_context.register_of(session, asked.programme_id)
        funnel = release_context.funnel_of(session, asked.programme_id, now.date(), making.rules)
    manifest["coverage"] = _coverage(waves[-1], release_context.coverage_of(making, waves[-1], register), before)
    manifest["extra"] = _extra(making, panel, funnel, [str(wave.year) for wave in waves[-2:]], before)
    manifest["classifications"] = release_beside.names_kept(manifest, waves, [p.cube.manifest for p in before.out])
    return manifest, kept


def _coverage(wave: Wave, anew: Mapping[str, Any], before: Earlier) -> dict[str, Any]:
    """Coverage, as far as the cells it is about are told anew."""
    last = before.up_to([str(wave.year)])
    now = release_beside.one_way(wave.columns)  # type: ignore[arg-type]  # columns of texts and numbers
    if last is None:
        return release_beside.coverage_standing(anew, now, {}, {})
    then = release_beside.one_way(last.rows(list(wave.columns), wave.year))
    return release_beside.coverage_standing(anew, now, then, last.cube.manifest["coverage"])


def _extra(
    making: Making, panel: list[dict[str, Any]], funnel: list[dict[str, Any]], waves: Sequence[str], before: Earlier
) -> dict[str, Any]:
    same, newest = before.up_to(waves), before.out[-1] if before.out else None
    panels = same.cube.manifest["extra"].get("panel", []) if same else []
    funnels = newest.cube.manifest["extra"].get("funnel", []) if newest else []
    rules = making.rules
    return {
        "panel": release_beside.panel_standing(panel, panels),
        "funnel": release_beside.funnel_standing(funnel, funnels, rules.threshold, rules.base),
    }


def _store_cube(folder: Path, waves: Sequence[Wave]) -> tuple[str, int]:
    names = waves[0].columns
    columns: dict[str, NDArray[np.generic]] = {n: np.concatenate([wave.columns[n] for wave in waves]) for n in names}
    with tempfile.TemporaryDirectory() as temporary:
        draft = Path(temporary) / CUBE
        write_columns(draft, columns)
        content = draft.read_bytes()
    return artifacts.store(folder, content), len(content)


def _written(service: Service, asked: Asked, manifest: Mapping[str, Any], say: Say) -> dict[str, dict[str, Any]]:
    """Store each file that is made of the cells and the manifest, and of nothing else."""
    cube = Cube(artifacts.path_of(service.folder, str(manifest["cube_sha256"])), manifest)
    files: dict[str, dict[str, Any]] = {}

    def keep(name: str, parts: Iterable[bytes]) -> str:
        stored = artifacts.store_parts(service.folder, parts)
        files[name] = {"sha256": stored.sha256, "size": stored.size}
        return stored.sha256

    keep(MANIFEST, (manifest_json(manifest),))
    if not service.codes:
        return files
    say(WRITING)
    write_downloads(service.shelf, cube, service.codes, keep, previous=previous_of(service.folder, asked))
    for name, content in reports(service.shelf, cube, service.codes):
        keep(name, (content,))
    return files
