"""The assessments that a release counts, as columns, one wave at a time: read in pieces, never as objects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.industries import DIVISIONS, SECTION_OF, SECTIONS
from assessment.outcomes import NO_SCORE, step
from assessment.particulars import OWNERSHIPS
from assessment.tables import Outcome
from questionnaires.library import SIZES
from questionnaires.schema import Questionnaire
from scoring.columns import TOP
from scoring.plan import plan_of
from scoring.rounding import profile_rows

Integers = NDArray[np.int64]
AT_ONCE = 20_000  # rows
UNKNOWN = "_U"
NOT_SAID = -1  # in place of a number of hindrances
OVERALL, PROFILE = "overall", "profile"

SECTION_CODES: tuple[str, ...] = (*SECTIONS, UNKNOWN)
# Leaves: the divisions of a section, then "its section is known, and no more"; last of all, nothing is known.
INDUSTRY_CODES: tuple[str, ...] = (
    *(code for s in SECTIONS for code in (*(s + division for division in DIVISIONS[s]), s + UNKNOWN)),
    UNKNOWN,
)
SECTION_OF_LEAF: tuple[int, ...] = tuple(
    SECTION_CODES.index(UNKNOWN if code == UNKNOWN else code[0]) for code in INDUSTRY_CODES
)
SIZE_CODES: tuple[str, ...] = (*SIZES, UNKNOWN)
OWNERSHIP_CODES: tuple[str, ...] = (*OWNERSHIPS, UNKNOWN)
BASIS_CODES: tuple[str, ...] = ("self", "verified")
_INDUSTRY: Mapping[str, int] = {code: leaf for leaf, code in enumerate(INDUSTRY_CODES)}


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one wave: one assessment of each firm, what an assessor found before the firm's own.

    Attributes:
        ids: a number that an assessment keeps for as long as nothing in it changes.
        groups: of the enterprise group.
        leaves: of each side of the tables (`scoring.release_tables.SIDES`) the leaf (5 x units).
        scores: steps up the scale, -1 for none: overall, then each dimension (units x scores).
        levels: codes as `assessment.outcomes.level_codes` has them (units x questions).
        hindrances: numbers as `assessment.hindrances.as_number` has them, -1 where nothing was said.
        without_score: how many assessments were left out because they have no overall score.
    """

    wave: int
    ids: Integers
    groups: Integers
    firms: Integers
    leaves: Integers
    scores: NDArray[np.int16]
    levels: NDArray[np.uint8]
    hindrances: NDArray[np.int32]
    without_score: int

    @property
    def count(self) -> int:
        return len(self.ids)

    @property
    def group_count(self) -> int:
        """How many firms there are, each enterprise group as one."""
        return len(np.unique(self.groups))


def waves_of(session: Session, programme_id: int) -> tuple[int, ...]:
    """The years in which firms of a programme were assessed."""
    query = select(Outcome.wave).where(Outcome.programme_id == programme_id).distinct().order_by(Outcome.wave)
    return tuple(session.scalars(query))


def regions_of(session: Session, programme_id: int, before: Sequence[str] = (UNKNOWN,)) -> tuple[str, ...]:
    """The regions that occur, in the order of earlier releases; new ones come behind them."""
    query = select(Outcome.region).where(Outcome.programme_id == programme_id).distinct()
    found = {region for region in session.scalars(query) if region}
    return (*before, *sorted(found - set(before)))


def read(session: Session, programme_id: int, questionnaire: str, wave: int, regions: Sequence[str]) -> Units:
    """The units of a wave that answered this version (id@version) of the questionnaire."""
    query = (
        select(
            *(Outcome.assessment_id, Outcome.firm_id, Outcome.group_id, Outcome.is_verified),
            *(Outcome.isic_section, Outcome.isic_division, Outcome.size, Outcome.region, Outcome.ownership),
            *(Outcome.scores, Outcome.levels, Outcome.hindrances),
        )
        .where(Outcome.programme_id == programme_id, Outcome.wave == wave, Outcome.questionnaire == questionnaire)
        .execution_options(yield_per=AT_ONCE)
    )
    place = {code: leaf for leaf, code in enumerate(regions)}
    pieces = [_piece(rows, place) for rows in session.execute(query).partitions()]
    if not pieces:
        return no_units(wave)
    numbers, leaves = (np.concatenate(parts, axis=1) for parts in list(zip(*pieces, strict=True))[:2])
    scores, levels, hindrances = (np.concatenate(parts) for parts in list(zip(*pieces, strict=True))[2:])
    return _units(wave, [numbers, leaves], scores, levels, hindrances)


def no_units(wave: int) -> Units:
    columns = [np.empty((4, 0), np.int64), np.empty((5, 0), np.int64)]
    return _units(wave, columns, _no(np.int16), _no(np.uint8), nothing_said(0))


def nothing_said(units: int) -> NDArray[np.int32]:
    """The hindrances of units that said nothing of them."""
    return np.full(units, NOT_SAID, dtype=np.int32)


def _no(kind: type[Any]) -> NDArray[Any]:
    return np.empty((0, 1), dtype=kind)


def _piece(rows: Sequence[Any], regions: Mapping[str, int]) -> tuple[Integers, Integers, Any, Any, Any]:
    columns = list(zip(*rows, strict=True))
    numbers = np.array(columns[:4], dtype=np.int64)
    industries = map(_industry_leaf, columns[4], columns[5])
    leaves = [
        list(industries),
        list(map(_leaf(SIZE_CODES), columns[6])),
        [regions.get(code, regions[UNKNOWN]) for code in columns[7]],
        list(map(_leaf(OWNERSHIP_CODES), columns[8])),
        numbers[3].tolist(),
    ]
    scores = np.frombuffer(b"".join(columns[9]), dtype="<i2").reshape(len(rows), -1)
    levels = np.frombuffer(b"".join(columns[10]), dtype=np.uint8).reshape(len(rows), -1)
    hindrances = np.array([NOT_SAID if said is None else said for said in columns[11]], dtype=np.int32)
    return numbers, np.array(leaves, dtype=np.int64), scores, levels, hindrances


def _leaf(codes: Sequence[str]) -> Any:
    known = {code: leaf for leaf, code in enumerate(codes)}
    return lambda code: known.get(code, len(codes) - 1)


def _industry_leaf(section: str, division: str) -> int:
    if division in SECTION_OF:
        return _INDUSTRY[SECTION_OF[division] + division]
    return _INDUSTRY[section + UNKNOWN if section in SECTIONS else UNKNOWN]


def _units(
    wave: int,
    columns: Sequence[Integers],
    scores: NDArray[np.int16],
    levels: NDArray[np.uint8],
    hindrances: NDArray[np.int32],
) -> Units:
    (assessments, firms, groups, verified), leaves = columns
    scored = scores[:, 0] != NO_SCORE if len(scores) else np.empty(0, dtype=np.bool_)
    order = np.lexsort((assessments, verified, firms))
    order = order[scored[order]]
    last = np.append(firms[order][1:] != firms[order][:-1], True) if len(order) else np.empty(0, dtype=np.bool_)
    kept = order[last]
    kept = kept[np.argsort(assessments[kept])]  # whatever order the database gives them in
    return Units(
        wave,
        _fingerprints(assessments[kept], scores[kept], levels[kept]),
        groups[kept],
        firms[kept],
        leaves[:, kept],
        scores[kept],
        levels[kept],
        hindrances[kept],
        int((~scored).sum()),
    )


def _fingerprints(assessments: Integers, scores: NDArray[np.int16], levels: NDArray[np.uint8]) -> Integers:
    """Numbers of what was assessed and found: one that is submitted anew with other answers is another unit."""
    random = np.random.default_rng(0)
    mixed = assessments.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    for columns in (scores, levels):
        for column in columns.T:
            factor = random.integers(1, 2**63, dtype=np.uint64) | np.uint64(1)
            mixed += column.astype(np.int64).astype(np.uint64) * factor
    return (mixed >> np.uint64(1)).astype(np.int64)


def values_of(questionnaire: Questionnaire, units: Units) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Each indicator's values over the units, not-a-number for none."""
    plan = plan_of(questionnaire)
    scale, each = plan.scale, step(plan.scale)

    def score(column: int) -> NDArray[np.float64]:
        steps = units.scores[:, column]
        return np.where(steps == NO_SCORE, np.nan, scale.min + steps.astype(np.float64) * each)

    yield OVERALL, score(0)
    bins = profile_rows(questionnaire.profiles, scale, score(0)).astype(np.float64)
    yield PROFILE, np.where(bins < 0, np.nan, bins)
    for column, name in enumerate(plan.node_rows, 1):
        yield f"D:{name}", score(column)
    for column, question in enumerate(plan.questions):
        if question.levels is not None:
            levels = units.levels[:, column]
            yield f"Q:{question.id}", np.where(levels > TOP, np.nan, levels.astype(np.float64))
