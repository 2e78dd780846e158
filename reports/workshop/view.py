"""What the report of a workshop shows, in words and marks; templates only lay it out.

Marks are whole per cents of their track, counted from the side where reading starts.
"""

from dataclasses import dataclass

from reports.firm.view_parts import Entry, Fact


@dataclass(frozen=True, slots=True)
class Cover:
    kicker: str
    title: str
    name: str
    first_label: str
    first: str
    facts: tuple[Fact, ...]
    note: str
    machine_translation: str


@dataclass(frozen=True, slots=True)
class Reading:
    id: str
    title: str
    contents: tuple[Entry, ...]
    how_title: str
    how: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot of one group on a track; `tone` says whose, 0 to 5, with its interval where there is one."""

    place: int
    tone: int
    start: int | None = None
    length: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """What a mark stands for."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its head, the marks of its chart if it has one, and cells of text."""

    head: str
    cells: tuple[str, ...]
    note: str = ""
    marks: tuple[Mark, ...] = ()
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; with ticks its second column is a chart with an axis. The caption is what it finds."""

    kind: str  # its class in the stylesheet
    caption: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    groups: tuple[Group, ...] = ()
    ticks: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class KeyNumber:
    value: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Summary:
    id: str
    title: str
    headline: str
    finding: str
    numbers: tuple[KeyNumber, ...]
    first: Table | None
    sure: Fact
    differ: Fact
    dissent: Fact
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs and tables under one title; each part in turn."""

    id: str
    title: str
    intro: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    start: int
    length: int
    phase: int


@dataclass(frozen=True, slots=True)
class PlanRow:
    number: str
    title: str
    owner: str
    due: str
    bar: Bar | None
    due_place: int | None


@dataclass(frozen=True, slots=True)
class PlanPhase:
    title: str
    months: str
    total: str
    rows: tuple[PlanRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Block:
    """One action in full."""

    number: str
    title: str
    when: str
    what: tuple[Fact, ...]
    how: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    title: str
    intro: tuple[str, ...]
    finding: str
    heads: tuple[str, ...]
    ticks: tuple[str, ...]
    phases: tuple[PlanPhase, ...]
    keys: tuple[Key, ...]
    source: str
    blocks_title: str
    blocks: tuple[Block, ...]
    rest: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """Dissent by group, and the sign-off."""

    id: str
    title: str
    intro: str
    dissent: tuple[Fact, ...]
    signed_title: str
    signed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    id: str
    title: str
    paragraphs: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class WorkshopReport:
    """The whole; what has not happened yet is None."""

    language: str
    direction: str
    title: str
    colon: str
    between: str
    cover: Cover
    reading: Reading
    summary: Summary
    standing: Section | None
    differences: Section | None
    priorities: Section | None
    robustness: Section | None
    plan: Plan | None
    voices: Voices
    since: Section | None
    method: Method
    annex: Section | None
