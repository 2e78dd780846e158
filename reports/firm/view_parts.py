"""What every section of the view is made of: facts, figures, entries of the contents."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents; `id` is the section's anchor."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Figure:
    """Finding and source of a table that is a chart: the title says what it shows, the source where it comes from."""

    finding: str
    source: str
