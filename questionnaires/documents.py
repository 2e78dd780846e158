"""A file's plain values, with the line and the wording of every one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Part = Literal["questionnaire", "actions", "examples", "cases", "moves"]  # the files of a definition
Place = tuple[str | int, ...]  # the keys and list positions that lead to a value


@dataclass(frozen=True, slots=True)
class UnquotedDate:
    """A date without quotes: YAML does not read it as text, and no key of ours takes a date."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file: texts, numbers, true or false, null, lists and mappings, as its author wrote them.

    `lines` counts from 1. `unquoted` is what the author wrote for each value without quotes, before YAML read it.
    `spoiled` are the places that the reader has already complained about: more would only repeat it.
    """

    file: str
    value: Any
    lines: Mapping[Place, int] = field(default_factory=dict)
    unquoted: Mapping[Place, str] = field(default_factory=dict)
    spoiled: frozenset[Place] = frozenset()

    def line(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it; 0 when the file has none."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 0)
