"""Releases of one programme made and published one after another over a database, as `fourward aggregate` does it.

Between them firms join, leave, or answer anew. All is on an SQLite file of its own: what protects a release is worked
out of columns, whichever database they come from.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app import artifacts, release_files
from app.database import Database
from app.release_files import Service
from app.settings import Settings
from app.shelf import Shelf
from assessment import release_units, releases
from assessment.outcomes import as_steps, level_codes
from assessment.release_making import Making
from assessment.release_units import INDUSTRY_CODES, UNKNOWN, Units, nothing_said
from assessment.tables import Assessment, Outcome, Programme, RegisterCount
from scoring.conditions import Stated
from scoring.dominance import Rules
from scoring.evaluation import evaluate
from scoring.plan import plan_of
from scoring.sheets import Sheet
from tests.factories import NOW, TINY_FOLDER, tiny
from tests.release_samples import REGIONS, a_programme, enter_units, leaves_of

YEARS = (2025, 2026)
YEAR, FIRMS = YEARS[-1], 300
MAKING = Making(tiny().questionnaire, Rules(), REGIONS)
TOPS = np.array([len(question.levels or (0, 0)) - 1 for question in plan_of(MAKING.questionnaire).questions])
Edit = Callable[[Session, Programme], None]


@dataclass(frozen=True)
class Out:
    """A release that is out: its files by name, its manifest, and who was in it (which nobody but the test knows)."""

    files: Mapping[str, bytes]
    manifest: Mapping[str, Any]
    cube: Path
    units: Mapping[int, Units]
    regions: tuple[str, ...]


def units_of(year: int, firms: int, first: int = 0, seed: int = 1) -> Units:
    """Units with numbers from `first` on: most of them small makers of things, a few answers not known."""
    random = np.random.default_rng([seed, year])
    plan = plan_of(MAKING.questionnaire)
    leaves = leaves_of(random, firms)
    levels = np.round(TOPS[:, np.newaxis] * random.uniform(0, 1, (len(TOPS), firms)))
    levels[0, random.random(firms) < 0.02] = np.nan  # the first question has firms of its own
    fields = np.full((len(MAKING.questionnaire.fields), firms), np.nan)
    fields[0] = [0.0 if INDUSTRY_CODES[code].startswith("C") else 1.0 for code in leaves[0]]
    chosen = np.zeros((len(plan.names.option), firms), dtype=np.bool_)
    sheet = Sheet(Stated(levels, fields, chosen), np.zeros(levels.shape, dtype=np.bool_))
    scores = evaluate(plan, sheet)
    steps = as_steps(MAKING.questionnaire.scale, scores.score[[0, *plan.node_rows.values()]]).T
    ids = np.arange(first, first + firms)
    codes = level_codes(plan, sheet, scores.asked).T
    return Units(year, ids.copy(), ids, ids, leaves, steps, codes, nothing_said(firms), 0)


def some(units: Units, kept: np.ndarray) -> Units:
    columns = {name: getattr(units, name)[kept] for name in ("ids", "groups", "firms", "scores", "levels")}
    return replace(units, leaves=units.leaves[:, kept], **columns)


class Country:
    """A programme with firms in two waves and a business register, and its releases."""

    def __init__(self, template: Path, folder: Path, firms: int) -> None:
        url = f"sqlite:///{shutil.copyfile(template, folder / 'country.db')}"
        self.database = Database(url)
        settings = Settings(database_url=url, artifacts=folder / "artifacts", _env_file=None)
        self.service = Service(self.database, settings, Shelf(TINY_FOLDER), ())
        with self.database.transaction() as session:
            programme = a_programme(session, questionnaire=MAKING.questionnaire)
            self.programme_id = programme.id
            for year in YEARS:
                enter_units(session, programme, units_of(year, firms), REGIONS)
            session.add_all(registered(programme.id))

    def edit(self, change: Edit) -> None:
        with self.database.transaction() as session:
            change(session, session.get_one(Programme, self.programme_id))

    def release(self, *, forgets: bool = False) -> Out:
        """Make and publish one; one that `forgets` knows nothing of those before it."""
        with self.database.reader() as session:
            asked = releases.plan(session, session.get_one(Programme, self.programme_id))
        blind = replace(asked, before=()) if forgets else asked
        made = release_files.make(self.service, blind, NOW, lambda step: None)
        with self.database.transaction() as session:
            row = releases.enter(session, asked, made.manifest, made.kept_sha256, made.files, NOW)
            releases.publish(session, row, NOW)
        files = {name: self.content(file["sha256"]) for name, file in made.files.items()}
        cube = artifacts.path_of(self.service.folder, str(made.manifest["cube_sha256"]))
        with self.database.reader() as session:
            regions = release_units.regions_of(session, self.programme_id)
            reference = MAKING.questionnaire.reference
            units = {year: release_units.read(session, self.programme_id, reference, year, regions) for year in YEARS}
        return Out(files, json.loads(files["manifest.json"]), cube, units, regions)

    def content(self, sha256: str) -> bytes:
        return artifacts.path_of(self.service.folder, sha256).read_bytes()

    def close(self) -> None:
        self.database.close()


def registered(programme_id: int) -> list[RegisterCount]:
    """The business register by section, size and region: the largest firms are few."""
    sizes = {"micro": 400, "small": 150, "medium": 40, "large": 8}
    return [
        RegisterCount(
            programme_id=programme_id, isic_section=section, size=size, region=region, firms=firms * (1 + at),
            source="Register", as_of="2025-12-31",
        )
        for section in "CHJ"
        for size, firms in sizes.items()
        for at, region in enumerate(sorted(set(REGIONS) - {UNKNOWN}))
    ]  # fmt: skip


def joined(units: Units) -> Edit:
    return lambda session, programme: enter_units(session, programme, units, REGIONS)


def left(year: int, firms: Sequence[int]) -> Edit:
    """The firms take their assessments of the year back."""

    def change(session: Session, programme: Programme) -> None:
        numbers = [year * 100_000 + int(firm) for firm in firms]
        session.execute(delete(Outcome).where(Outcome.assessment_id.in_(numbers)))
        session.execute(delete(Assessment).where(Assessment.id.in_(numbers)))

    return change


def answered_anew(year: int, firm: int, units: Units) -> Edit:
    """A firm's assessment is opened again and submitted with the answers of the one unit given."""

    def change(session: Session, programme: Programme) -> None:
        told = {"scores": units.scores[0].astype("<i2").tobytes(), "levels": units.levels[0].tobytes()}
        session.execute(update(Outcome).where(Outcome.assessment_id == year * 100_000 + firm).values(**told))

    return change


def country(template: Path, folder: Path, name: str) -> Country:
    (folder / name).mkdir()
    return Country(template, folder / name, FIRMS)


def newcomer() -> Edit:
    """One small firm that makes software joins the newest year."""
    one = units_of(YEAR, 1, first=FIRMS, seed=8)
    one.leaves[:, 0] = [INDUSTRY_CODES.index("J62"), 1, 1, 1, 0]
    return joined(one)
