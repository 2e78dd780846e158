"""A small release of made-up firms, made and protected as a real one is, for the tests of whoever reads releases."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assessment.outcomes import as_steps, level_codes
from assessment.release_making import Making, Wave, make_wave
from assessment.release_manifest import manifest_of
from assessment.release_units import INDUSTRY_CODES, NOT_SAID, OWNERSHIP_CODES, SIZE_CODES, UNKNOWN, Units, nothing_said
from assessment.tables import Assessment, Firm, Outcome, Programme
from questionnaires.loader import load_definition
from questionnaires.schema import Questionnaire
from reports.columns_file import write_columns
from scoring.conditions import Stated
from scoring.dominance import Rules
from scoring.evaluation import evaluate
from scoring.lattices import Integers
from scoring.plan import plan_of
from scoring.sheets import Sheet
from tests.factories import NOW

DIVISIONS = ("C10", "C13", "C14", "C25", "H52", "J62")
REGIONS = (UNKNOWN, "MY-01", "MY-07", "MY-10", "MY-12")
YEARS = (2025, 2026)


def sample_release(folder: Path, firms: int = 3000, waves: int = 2) -> tuple[Path, dict[str, Any]]:
    """A release of so many firms a wave, all made up: its file of cells, named by its hash, and its manifest."""
    making = sample_making()
    made = [make_wave(making, sample_units(making.questionnaire, firms, year), (), _quiet) for year in YEARS[-waves:]]
    return written(folder, making, made)


def written(folder: Path, making: Making, made: Sequence[Wave]) -> tuple[Path, dict[str, Any]]:
    draft = folder / "cube.parquet"
    columns = {name: np.concatenate([wave.columns[name] for wave in made]) for name in made[0].columns}
    write_columns(draft, columns)
    sha256 = hashlib.sha256(draft.read_bytes()).hexdigest()
    told = {"programme": "Ready factories", "number": 1, "title": "First release", "made_at": NOW.isoformat()}
    manifest = manifest_of(making, made, {**told, "code_version": "0"}, "MY")
    manifest |= {"cube_sha256": sha256, "previous": None}
    return draft.rename(folder / sha256), manifest


def sample_making(rules: Rules | None = None) -> Making:
    return Making(load_definition("industry4-readiness").questionnaire, rules or Rules(), REGIONS)


def leaves_of(random: np.random.Generator, firms: int) -> Integers:
    """A few divisions and regions, most firms small and local: one column each."""
    leaf = np.array([INDUSTRY_CODES.index(code) for code in DIVISIONS])
    found = np.stack(
        [
            leaf[random.choice(len(DIVISIONS), firms, p=(0.3, 0.2, 0.15, 0.2, 0.1, 0.05))],
            random.choice(5, firms, p=(0.4, 0.35, 0.15, 0.08, 0.02)),
            random.choice(len(REGIONS), firms, p=(0.02, 0.35, 0.2, 0.33, 0.1)),
            random.choice(3, firms, p=(0.85, 0.09, 0.06)),
            random.choice(2, firms, p=(0.9, 0.1)),
        ]
    )
    return found.astype(np.int64)


def sample_units(
    questionnaire: Questionnaire, firms: int, year: int, seed: int = 1, unknown: float = 0.04, first: int = 0
) -> Units:
    """Units with numbers from `first` on: a few divisions and regions, most firms small, some answers not known."""
    random = np.random.default_rng([seed, year])
    plan = plan_of(questionnaire)
    leaves = leaves_of(random, firms)
    sheet = _sheet(questionnaire, leaves, random, unknown)
    scores = evaluate(plan, sheet)
    order = [0, *plan.node_rows.values()]
    ids = np.arange(first, first + firms)
    return Units(
        year,
        ids + year * 10_000_000,
        ids.copy(),
        ids,
        leaves,
        as_steps(questionnaire.scale, scores.score[order]).T,
        level_codes(plan, sheet, scores.asked).T,
        nothing_said(firms),
        0,
    )


def a_programme(session: Session, threshold: int = 10, questionnaire: Questionnaire | None = None) -> Programme:
    """A programme, without any firm, on the questionnaire of the samples unless another is given."""
    questionnaire = questionnaire or sample_making().questionnaire
    programme = Programme(
        name="Ready factories",
        country="MY",
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        threshold=threshold,
        targets={},
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(programme)
    session.flush()
    return programme


def enter_units(session: Session, programme: Programme, units: Units, regions: Sequence[str] = REGIONS) -> None:
    """Firms with these outcomes, as if each had submitted in that year; firms that are there already stay."""
    reference = f"{programme.questionnaire_id}@{programme.questionnaire_version}"
    there = set(session.scalars(select(Firm.id)))
    firms = [{"id": int(n) + 1, "name": f"Firm {n + 1}", "created_at": NOW} for n in units.firms if n + 1 not in there]
    if firms:
        session.execute(insert(Firm), firms)
    known = {"questionnaire_id": programme.questionnaire_id, "questionnaire_version": programme.questionnaire_version}
    state = {"state": "submitted", "created_at": NOW, "submitted_at": NOW, "profile": {}, **known}
    numbers = [units.wave * 100_000 + int(n) for n in units.firms]
    session.execute(
        insert(Assessment),
        [
            {"id": number, "firm_id": int(firm) + 1, "token_sha256": str(number), **state}
            for number, firm in zip(numbers, units.firms, strict=True)
        ],
    )
    session.execute(
        insert(Outcome),
        [
            {
                "assessment_id": number,
                "programme_id": programme.id,
                "firm_id": int(units.firms[row]) + 1,
                "group_id": int(units.groups[row]) + 1,
                "questionnaire": reference,
                "wave": units.wave,
                "is_verified": bool(units.leaves[4, row]),
                "isic_section": INDUSTRY_CODES[units.leaves[0, row]][0],
                "isic_division": INDUSTRY_CODES[units.leaves[0, row]][1:],
                "size": "" if units.leaves[1, row] == 4 else SIZE_CODES[units.leaves[1, row]],
                "region": "" if units.leaves[2, row] == 0 else regions[units.leaves[2, row]],
                "ownership": OWNERSHIP_CODES[units.leaves[3, row]],
                "scores": units.scores[row].astype("<i2").tobytes(),
                "levels": units.levels[row].tobytes(),
                "hindrances": None if units.hindrances[row] == NOT_SAID else int(units.hindrances[row]),
            }
            for row, number in enumerate(numbers)
        ],
    )


def _sheet(questionnaire: Questionnaire, leaves: np.ndarray, random: np.random.Generator, unknown: float) -> Sheet:
    plan, firms = plan_of(questionnaire), leaves.shape[1]
    strength = 1.4 + 0.4 * np.minimum(leaves[1], 3) + random.normal(0, 0.6, firms)
    levels = np.clip(np.round(strength + random.normal(0, 0.9, (len(plan.questions), firms))), 0, 5)
    few = random.choice(len(levels), 2, replace=False)  # questions that some firms cannot answer
    levels[few] = np.where(random.random((2, firms)) < unknown, np.nan, levels[few])
    fields = np.full((len(questionnaire.fields), firms), np.nan)
    makes = np.array([INDUSTRY_CODES[code].startswith("C") for code in leaves[0]])
    fields[[field.id for field in questionnaire.fields].index("sector")] = np.where(makes, 0.0, 1.0)
    chosen = np.zeros((len(plan.names.option), firms), dtype=np.bool_)
    return Sheet(Stated(levels, fields, chosen), np.zeros(levels.shape, dtype=np.bool_))


def _quiet(step: str) -> None:
    pass
