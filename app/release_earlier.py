"""What earlier releases of a programme have shown, and what is kept of them: a new one must add nothing to it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app import artifacts
from assessment import release_kept
from assessment.release_context import KeptPanel, known_from
from assessment.release_making import Known, Making
from assessment.release_refusals import KEPT_GONE
from assessment.release_standing import Rows
from assessment.releases import Asked, Before
from reports.columns_file import read_columns
from reports.release.cube import Cube
from scoring.release_gate import ReleaseRefused


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier release as it is out, and what is kept of it."""

    cube: Cube
    kept: bytes

    @property
    def waves(self) -> tuple[str, ...]:
        return tuple(self.cube.manifest["waves"])

    def was_enough(self, making: Making) -> bool:
        """Whether a cell that it showed holds as many firms as it takes now."""
        return int(self.cube.manifest["rules"]["threshold"]) >= making.rules.threshold

    def rows(self, names: Sequence[str], year: int) -> Rows:
        """What it told of a wave, column by column."""
        return read_columns(self.cube.path, names, {"wave": [str(year)]})


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier releases have shown, as far as the new one has to know; `out` are those whose files are there."""

    contents: tuple[bytes, ...]
    panels: tuple[KeptPanel, ...]
    out: tuple[Past, ...]

    def known(self, making: Making, year: int) -> list[Known]:
        showed = [release_kept.known_of(content, making, year) for content in self.contents]
        return showed + known_from(making, self.panels, year)

    def with_wave(self, year: int) -> Past | None:
        """The newest release that has a wave."""
        return next((past for past in reversed(self.out) if str(year) in past.waves), None)

    def up_to(self, waves: Sequence[str]) -> Past | None:
        """The newest release whose last waves are these."""
        return next((past for past in reversed(self.out) if past.waves[-len(waves) :] == tuple(waves)), None)


def earlier(folder: Path, asked: Asked) -> Earlier:
    """What is kept of the releases that are out: without it nobody knows what a new one must not add to them.

    Raises:
        ReleaseRefused: it is gone.
    """
    paths = [artifacts.path_of(folder, each.kept_sha256) for each in asked.before]
    if not all(path.is_file() for path in paths):
        raise ReleaseRefused(((KEPT_GONE, 0),))
    contents = tuple(path.read_bytes() for path in paths)
    panels = tuple(panel for content in contents if (panel := release_kept.panel_in(content)) is not None)
    cubes = [_cube_of(folder, each) for each in asked.before]
    out = (Past(cube, kept) for cube, kept in zip(cubes, contents, strict=True) if cube is not None)
    return Earlier(contents, panels, tuple(out))


def previous_of(folder: Path, asked: Asked) -> Cube | None:
    """The last release that is out; None where there is none, or its files are gone."""
    return _cube_of(folder, asked.before[-1]) if asked.before else None


def _cube_of(folder: Path, release: Before) -> Cube | None:
    cells, told = (artifacts.path_of(folder, each) for each in (release.cube_sha256, release.manifest_sha256))
    return Cube(cells, json.loads(told.read_bytes())) if cells.is_file() and told.is_file() else None
