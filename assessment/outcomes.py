"""What statistics keep of an assessment in a programme: codes and figures as columns, noted once it is submitted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assessment.firm_profile import facts_of
from assessment.hindrances import as_number
from assessment.industries import SECTION_OF
from assessment.snapshots import Snapshot
from assessment.tables import Assessment, Firm, Outcome, Programme
from questionnaires.schema import Questionnaire, Scale
from scoring.columns import DOES_NOT_APPLY, OPEN, TOP
from scoring.evaluation import Scores
from scoring.ladders import steps
from scoring.plan import Plan, plan_of
from scoring.sheets import Sheet, sheet_of
from scoring.size_schemes import Facts, verdicts

Array = NDArray[np.float64]
NO_SCORE = -1
MOST_STEPS = 30_000  # what a signed number of 16 bits holds, about


@dataclass(frozen=True, slots=True)
class Assessed:
    """Whose assessments these are, a column each, all of one length and in one order.

    `wave` is the year of submission; `size` is the class by the programme's scheme, "" where it is not known
    (`size_of`); codes that are not known are "". Without `group_id`, the enterprise group, each firm is its own.
    `hindrances` are numbers as `assessment.hindrances.as_number` has them; without them nobody said anything.
    """

    assessment_id: Sequence[int]
    firm_id: Sequence[int]
    wave: Sequence[int]
    is_verified: Sequence[bool]
    isic_section: Sequence[str]
    isic_division: Sequence[str]
    size: Sequence[str]
    region: Sequence[str]
    ownership: Sequence[str]
    employees: Sequence[int | None]
    group_id: Sequence[int] | None = None
    hindrances: Sequence[int | None] | None = None


def note(
    session: Session,
    programme: Programme,
    assessment: Assessment,
    questionnaire: Questionnaire,
    firm: Firm,
    now: datetime,
    verified: bool = False,
) -> None:
    """Note what statistics keep of a submitted assessment, in place of what was noted of it before.

    What an assessor found counts for the year in which the firm submitted its own.
    """
    if assessment.frozen is None or assessment.scores is None:
        return
    plan = plan_of(questionnaire)
    snapshot = Snapshot.from_json(assessment.frozen)
    sheet = sheet_of(plan, [snapshot.answers])
    asked = set(assessment.scores["asked"])
    applies = np.array([[question.id in asked] for question in plan.questions])
    nodes = [assessment.scores["overall"], *(assessment.scores["nodes"].get(name, {}) for name in plan.node_rows)]
    scores = np.array([[np.nan if node.get("score") is None else node["score"]] for node in nodes])
    section = firm.isic_section or SECTION_OF.get(firm.isic_division, "")
    who = Assessed(
        [assessment.id],
        [firm.id],
        [_submitted(session, assessment, now).year],
        [verified],
        [section],
        [firm.isic_division],
        [size_of(programme.size_scheme, replace(facts_of(firm), section=section))],
        [firm.region],
        [firm.ownership],
        [firm.employees],
        hindrances=[as_number(snapshot.hindrances)],
    )
    forget(session, assessment.id)
    session.add_all(Outcome(**row) for row in _rows(programme.id, plan, who, scores, level_codes(plan, sheet, applies)))
    session.flush()


def forget(session: Session, assessment_id: int) -> None:
    """An assessment is open again, or is not to count any more."""
    session.execute(delete(Outcome).where(Outcome.assessment_id == assessment_id))


def rows_of(programme_id: int, plan: Plan, sheet: Sheet, scores: Scores, who: Assessed) -> list[dict[str, Any]]:
    """The rows of many assessments at once, to be inserted as they are: `insert(Outcome), rows`.

    `sheet` and `scores` are of the same assessments in the same order, as `evaluate(plan, sheet)` gives them.
    """
    order = [0, *plan.node_rows.values()]
    return _rows(programme_id, plan, who, scores.score[order], level_codes(plan, sheet, scores.asked))


def _rows(
    programme_id: int, plan: Plan, who: Assessed, scores: Array, levels: NDArray[np.uint8]
) -> list[dict[str, Any]]:
    packed = as_steps(plan.scale, scores)
    constant = {"programme_id": programme_id, "questionnaire": plan.questionnaire.reference}
    columns = (
        *(who.assessment_id, who.firm_id, who.wave, who.is_verified, who.isic_section, who.isic_division),
        *(who.size, who.region, who.ownership, who.employees),
    )
    groups = who.firm_id if who.group_id is None else who.group_id
    hindrances = [None] * len(groups) if who.hindrances is None else who.hindrances
    of_scores, of_levels = np.ascontiguousarray(packed.T), np.ascontiguousarray(levels.T)
    return [
        {
            **constant,
            **dict(zip(NAMES, codes, strict=True)),
            "group_id": groups[row],
            "hindrances": hindrances[row],
            "scores": of_scores[row].tobytes(),
            "levels": of_levels[row].tobytes(),
        }
        for row, codes in enumerate(zip(*columns, strict=True))
    ]


NAMES = (
    *("assessment_id", "firm_id", "wave", "is_verified", "isic_section", "isic_division"),
    *("size", "region", "ownership", "employees"),
)


def step(scale: Scale) -> float:
    """What one step of a stored score is worth: a hundredth of a point, more only where the scale is very long."""
    return max(0.01, (scale.max - scale.min) / MOST_STEPS)


def as_steps(scale: Scale, scores: Array) -> NDArray[np.int16]:
    """Scores as whole steps from the lowest of the scale, -1 for none; little-endian."""
    steps_up = np.round((scores - scale.min) / step(scale))
    return np.where(np.isnan(scores), NO_SCORE, steps_up).astype("<i2")


def level_codes(plan: Plan, sheet: Sheet, applies: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A byte for each question and firm: the level, 254 where the question does not apply, 255 for not known.

    Of a question with options it is how many were chosen, of a number the point or band that it lies in.
    """
    levels = sheet.stated.levels
    codes = np.where(np.isnan(levels), OPEN, np.clip(np.nan_to_num(levels), 0, TOP)).astype(np.uint8)
    for row in plan.number_rows:
        froms = np.array([start for start, _ in steps(plan.questions[row])])
        band = np.clip(np.searchsorted(froms, levels[row], side="right") - 1, 0, TOP)
        codes[row] = np.where(np.isnan(levels[row]) | (len(froms) == 0), OPEN, band)
    codes[~applies | sheet.not_applicable] = DOES_NOT_APPLY
    return codes


@lru_cache(maxsize=65_536)
def size_of(scheme: str, facts: Facts) -> str:
    """A firm's class by a scheme (eu, world_bank, sme_corp); "" where it cannot be told.

    A turnover in another currency than the scheme's is left out: statistics do not hang on a planning rate.
    """
    return next((verdict.size or "" for verdict in verdicts(facts) if verdict.scheme.id == scheme), "")


def _submitted(session: Session, assessment: Assessment, now: datetime) -> datetime:
    moment = assessment.submitted_at
    if assessment.verifies_id is not None:
        query = select(Assessment.submitted_at).where(Assessment.id == assessment.verifies_id)
        moment = session.scalar(query) or moment
    return moment or now
