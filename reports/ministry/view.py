"""What the report for a ministry shows, in words and marks; templates only lay it out.

Marks are whole per cents of their track, counted from the side where reading starts. The title of a table is what it
finds. A cell that is held back is marked, and has no figure anywhere in the view.
"""

from dataclasses import dataclass

from reports.firm.view_parts import Entry, Fact
from reports.workshop.view import Cover, Key, KeyNumber, Method, Reading, Table


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar that fills its track, in the tone of its level."""

    start: int
    length: int
    tone: int


@dataclass(frozen=True, slots=True)
class StackRow:
    """Firms by level: a bar of segments, or a held back cell, with figures beside."""

    head: str
    segments: tuple[Segment, ...]
    cells: tuple[str, ...]
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Stack:
    """Stacked bars of 100 %; `numbers` is how many columns of figures stand behind each bar."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[StackRow, ...]
    keys: tuple[Key, ...]
    source: str


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A figure on a tone from 0 (palest) to 5; None where there are no firms; hatched when it is held back."""

    text: str
    tone: int | None = None
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class HeatRow:
    head: str
    cells: tuple[HeatCell, ...]
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """A heat map; its columns are numbered, and `columns` says what the numbers stand for."""

    caption: str
    corner: str
    heads: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    columns: tuple[str, ...]
    keys: tuple[Key, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A scatter as a table: what lies where on two sides; texts in the cells, both sides with a title."""

    caption: str
    across: str
    corner: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    source: str


Exhibit = Table | Stack | Heat | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs, exhibits and notes under one title."""

    id: str
    title: str
    intro: tuple[str, ...]
    exhibits: tuple[tuple[str, Exhibit], ...]  # kind ("table", "stack", "heat", "grid") and what it shows
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    id: str
    title: str
    headline: str
    numbers: tuple[KeyNumber, ...]
    findings: tuple[Entry, ...]  # a sentence, and the section that shows it
    limits: str


@dataclass(frozen=True, slots=True)
class MinistryReport:
    language: str
    direction: str
    title: str
    colon: str
    between: str
    cover: Cover
    reading: Reading
    summary: Summary
    sections: tuple[Section, ...]
    method: Method
    facts: tuple[Fact, ...]


def exhibit(shown: Exhibit) -> tuple[str, Exhibit]:
    """An exhibit with its kind, by which the template lays it out."""
    kinds = {Table: "table", Stack: "stack", Heat: "heat", Grid: "grid"}
    return kinds[type(shown)], shown
