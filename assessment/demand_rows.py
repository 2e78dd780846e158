"""Groups of shared demand as they are kept for a large programme: tens of thousands, packed and read by the page."""

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assessment.demand_standing import Group
from questionnaires.library import Definition

PAGE = 60  # groups
Row = Sequence[Any]  # action, section, region, firms, low, high


@dataclass(frozen=True, slots=True)
class Sought:
    """Which groups are looked for; "" means every action, section or region. `first` of them are passed over."""

    action: str = ""
    section: str = ""
    region: str = ""
    first: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """So many groups in the order of all, how many there are in all, and by which codes they can be looked for."""

    groups: tuple[Group, ...]
    many: int
    sections: tuple[str, ...]
    regions: tuple[str, ...]


def rows_of(groups: Sequence[Group]) -> list[Row]:
    return [(each.action.id, each.section, each.region, each.firms, each.low, each.high) for each in groups]


def packed(rows: Sequence[Row]) -> str:
    return base64.b64encode(zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)).decode()


def unpacked(kept: str | Sequence[Row]) -> Sequence[Row]:
    """Rows as `packed` took them; what was kept before it was packed is there as it is."""
    if not isinstance(kept, str):
        return kept
    found: list[Row] = json.loads(zlib.decompress(base64.b64decode(kept)))
    return found


def page_of(definition: Definition, rows: Sequence[Row], sought: Sought, threshold: int) -> Page:
    """A page of the groups that are looked for; of fewer firms than the threshold none is told."""
    actions = {sought.action} & definition.action.keys() if sought.action else definition.action.keys()
    told = [row for row in rows if row[3] >= threshold and row[0] in definition.action]
    found = [
        row for row in told
        if row[0] in actions and sought.section in ("", row[1]) and sought.region in ("", row[2])
    ]  # fmt: skip
    some = found[sought.first : sought.first + PAGE]
    return Page(
        tuple(Group(definition.action[row[0]], *row[1:]) for row in some),
        len(found),
        tuple(sorted({row[1] for row in told})),
        tuple(sorted({row[2] for row in told} - {""})),
    )
