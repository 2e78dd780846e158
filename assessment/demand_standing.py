"""How the firms of a programme stand, as columns, and the groups of them that lack the same: for shared demand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.tables import Outcome, Programme
from questionnaires.library import SIZES, Action, Definition
from scoring.columns import TOP

By = Literal["country", "region"]
Integers = NDArray[np.int64]
Chosen = NDArray[np.bool_]
AT_ONCE = 20_000  # rows


@dataclass(frozen=True, slots=True)
class Group:
    """Firms of one industry (and region, where it is not "") whose gap the same action closes.

    `firms` counts groups of enterprises; `low` and `high` are what it costs them together, those of unknown size left
    out, in the action's currency.
    """

    action: Action
    section: str
    region: str
    firms: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest outcome of each firm of a programme, a column each; `levels` are firms x questions."""

    firm: Integers
    group: Integers
    section: NDArray[np.str_]
    region: NDArray[np.str_]
    size: NDArray[np.str_]
    levels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Cells:
    """Firms in the order of their cells and, within one, of their groups of enterprises."""

    order: Integers
    cell: Integers
    group: Integers
    size: Integers
    names: Sequence[tuple[str, str]]  # section and region of each cell


COUNTING = (Outcome.firm_id, Outcome.wave, Outcome.is_verified, Outcome.assessment_id)
COLUMNS = (Outcome.firm_id, Outcome.group_id, Outcome.isic_section, Outcome.region, Outcome.size, Outcome.levels)


def read(session: Session, programme: Programme) -> Standing | None:
    """The newest outcome of each firm, by the programme's own questionnaire version; the verified one of a year.

    Reads twice, so that no more is held than what counts.
    """
    pieces = [np.array(rows, dtype=np.int64) for rows in _pieces(session, programme, *COUNTING)]
    if not pieces:
        return None
    newest = _newest(*np.concatenate(pieces, axis=1))
    found = [_piece(rows, newest) for rows in _pieces(session, programme, Outcome.assessment_id, *COLUMNS)]
    return Standing(*(np.concatenate(each) for each in zip(*found, strict=True)))


def read_few(session: Session, programme: Programme) -> Standing | None:
    """The same in one statement, for a programme with few assessments."""
    found = list(_pieces(session, programme, Outcome.assessment_id, *COLUMNS, *COUNTING))
    if not found:
        return None
    rows = [list(chain.from_iterable(each)) for each in zip(*found, strict=True)]
    return Standing(*_piece(rows[: len(COLUMNS) + 1], _newest(*np.array(rows[-len(COUNTING) :], dtype=np.int64))))


def _newest(firm: Integers, wave: Integers, verified: Integers, assessment: Integers) -> Integers:
    """The assessments that count, in the order of their numbers."""
    order = np.lexsort((assessment, verified, wave, firm))
    last = np.append(firm[order][1:] != firm[order][:-1], True)
    return np.sort(assessment[order[last]])


def _piece(rows: Sequence[Sequence[Any]], newest: Integers) -> tuple[NDArray[Any], ...]:
    kept = np.isin(np.array(rows[0]), newest)
    numbers = [np.array(each, dtype=np.int64)[kept] for each in rows[1:3]]
    codes = [np.array(each, dtype=np.str_)[kept] for each in rows[3:6]]
    levels = np.frombuffer(b"".join(rows[6]), dtype=np.uint8).reshape(len(kept), -1)[kept]
    return (*numbers, *codes, levels)


def _pieces(session: Session, programme: Programme, *columns: Any) -> Iterator[list[Sequence[Any]]]:
    """Columns of the outcomes, so many rows at once."""
    query = select(*columns).where(
        Outcome.programme_id == programme.id,
        Outcome.questionnaire == f"{programme.questionnaire_id}@{programme.questionnaire_version}",
    )
    # As plain rows of an open cursor: there may be millions.
    streamed = query.execution_options(stream_results=True, max_row_buffer=AT_ONCE)
    for rows in session.connection().execute(streamed).partitions(AT_ONCE):
        yield list(zip(*rows, strict=True))


def lacking(definition: Definition, action: Action, standing: Standing) -> Chosen:
    """The firms whose level is in reach of the action: at its start or above, and below where it leads."""
    place = list(definition.questionnaire.questions).index(action.question)
    return _in_reach(action, standing.levels[:, place])


def _in_reach(action: Action, levels: NDArray[np.uint8]) -> Chosen:
    found: Chosen = (levels <= TOP) & (levels >= action.from_) & (levels < action.to)
    return found


def groups(definition: Definition, standing: Standing, by: By, threshold: int) -> list[Group]:
    """Groups that reach the threshold, the largest first; the rest is not told at all."""
    cells = _cells(standing, by)
    places = {question: place for place, question in enumerate(definition.questionnaire.questions)}
    found = []
    for action in definition.actions:
        if max(high for _, high in action.cost.values()) == 0:
            continue
        inside = _in_reach(action, standing.levels[:, places[action.question]])[cells.order]
        told = _of_action(action, cells, np.flatnonzero(inside))
        found += [e for e in told if e.section and (by == "country" or e.region) and e.firms >= threshold]
    found.sort(key=lambda each: (-each.firms, each.action.id, each.section, each.region))
    return found


def _cells(standing: Standing, by: By) -> _Cells:
    sections, section = np.unique(standing.section, return_inverse=True)
    given = standing.region if by == "region" else np.full(len(standing.firm), "")
    regions, region = np.unique(given, return_inverse=True)
    cell = section.astype(np.int64) * len(regions) + region
    order = np.lexsort((standing.group, cell))
    known = {size: place for place, size in enumerate(SIZES)}
    sizes, size = np.unique(standing.size, return_inverse=True)
    codes = np.array([known.get(each, len(SIZES)) for each in sizes.tolist()], dtype=np.int64)[size]
    names = [(a, b) for a in sections.tolist() for b in regions.tolist()]
    return _Cells(order, cell[order], standing.group[order], codes[order], names)


def _of_action(action: Action, cells: _Cells, inside: Integers) -> Iterator[Group]:
    if not len(inside):
        return
    cell, group = cells.cell[inside], cells.group[inside]
    is_first = np.append(True, (group[1:] != group[:-1]) | (cell[1:] != cell[:-1]))
    firms = np.bincount(cell[is_first], minlength=len(cells.names))
    width = len(SIZES) + 1
    sizes = np.bincount(cell * width + cells.size[inside], minlength=len(cells.names) * width).reshape(-1, width)
    costs = [action.cost.get(size, (0, 0)) for size in SIZES]
    sums = sizes @ np.array([*costs, (0, 0)], dtype=np.float64)
    for place in np.flatnonzero(firms).tolist():
        yield Group(action, *cells.names[place], int(firms[place]), float(sums[place, 0]), float(sums[place, 1]))


def members(
    definition: Definition, standing: Standing, action: Action, section: str, region: str
) -> tuple[list[int], int]:
    """The firms of a group, and how many groups of enterprises they are."""
    inside = lacking(definition, action, standing) & (standing.section == section)
    if region:
        inside &= standing.region == region
    return standing.firm[inside].tolist(), len(np.unique(standing.group[inside]))
