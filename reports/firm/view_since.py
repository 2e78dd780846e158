"""What the report says of what came before and after: the last assessment, workshops, and the plan so far."""

from dataclasses import dataclass

from reports.firm.view_parts import Fact, Figure
from reports.firm.view_scores import Track


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One dimension last time and now; `intervals` only where an answer was missing, `flag` where it may be chance."""

    id: str
    title: str
    depth: int
    track: Track
    last: str
    now: str
    change: str
    intervals: str
    flag: str


@dataclass(frozen=True, slots=True)
class MovedRow:
    question: str
    way: str


@dataclass(frozen=True, slots=True)
class ComparisonSection:
    """Last time and now. The ring is last time, the dot is now."""

    id: str
    title: str
    intro: tuple[str, ...]
    figure: Figure
    heads: tuple[str, ...]  # dimension, last, now, change, intervals
    ticks: tuple[str, ...]
    rows: tuple[ChangeRow, ...]
    legend: tuple[Fact, ...]  # label is today | target | way | band
    moved_title: str
    moved: tuple[MovedRow, ...]
    moved_more: str
    moved_rest: tuple[MovedRow, ...]  # those that only the page on the web shows
    done_title: str
    done: str  # titles in one line


@dataclass(frozen=True, slots=True)
class RoomRow:
    question: str
    room: str
    own: str


@dataclass(frozen=True, slots=True)
class RoomTable:
    """One workshop; `rest` is what only the page on the web shows."""

    name: str
    day: str
    rows: tuple[RoomRow, ...]
    rest: tuple[RoomRow, ...]
    more: str
    first_title: str
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoomsSection:
    """What the workshops have settled that the firm was part of."""

    id: str
    title: str
    intro: str
    heads: tuple[str, ...]  # question, the room, the firm
    tables: tuple[RoomTable, ...]


@dataclass(frozen=True, slots=True)
class ProgressRow:
    title: str
    cells: tuple[str, ...]  # actions, started, done, dropped, late, cost of the done ones


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """Planned against achieved, phase by phase; the last row is the whole."""

    title: str
    finding: str
    heads: tuple[str, ...]
    rows: tuple[ProgressRow, ...]
    source: str
