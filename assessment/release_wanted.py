"""What a wave's indicators are wanted for besides the overall score: over which firms, in which tables, without what.

Cells in which (nearly) all firms gave the same answer to a question are held back for that question as cells of few
firms are, with all their figures: each of the firms would be told of, and the shares of a total less those of its other
parts would be theirs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.release_units import OVERALL, PROFILE, Units, values_of
from questionnaires.schema import Questionnaire
from scoring.cell_statistics import moments
from scoring.dominance import Rules
from scoring.lattices import Integers, Lattice, Table
from scoring.published_figures import are_alike
from scoring.release_tables import SINGLE, names_of, some_cells

Mask = NDArray[np.bool_]
QUESTION = "Q:"
NEARLY_ALL = 0.9  # share of the firms that have a value, from which a dimension is shown in every table
NOBODY: Integers = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Indicators that the same units have a value for, and the tables that they are wanted in.

    `alike` names cells that are held back since all in them have said the same.
    """

    indicators: tuple[str, ...]
    units: Integers | None
    tables: tuple[Table, ...]
    alike: Integers

    @property
    def places(self) -> Integers | slice:
        """Where these units stand among those of the wave."""
        return slice(None) if self.units is None else self.units


def wanted_of(lattice: Lattice, given: Mapping[str, Mask], alike: Mapping[str, Integers]) -> Iterator[Wanted]:
    """The indicators besides the overall score, those over the same units together; `given` says who has a value.

    Dimensions that nearly every firm has are counted over the firms that have them all, and shown in every table.
    """
    has = {name: there for name, there in given.items() if name not in (OVERALL, PROFILE)}
    common = [name for name, there in has.items() if name.startswith("D:") and there.mean() >= NEARLY_ALL]
    groups: dict[tuple[bytes, bool, str], list[str]] = {}
    masks: dict[bytes, Mask] = {}
    together = np.logical_and.reduce([has[name] for name in common]) if common else np.empty(0, dtype=np.bool_)
    for name, there in has.items():
        mask = together if name in common else there
        key = np.packbits(mask).tobytes()
        masks[key] = mask
        groups.setdefault((key, name in common, name if name in alike else ""), []).append(name)
    for (key, in_all_tables, own), names in groups.items():
        tables = lattice.tables if in_all_tables else tuple(t for t in lattice.tables if t in SINGLE)
        if masks[key].any():
            some = None if masks[key].all() else np.flatnonzero(masks[key])
            yield Wanted(tuple(names), some, tables, alike.get(own, NOBODY))


def alike_in(questionnaire: Questionnaire, rules: Rules, units: Units, lattice: Lattice) -> Mapping[str, Integers]:
    """The names (`scoring.release_tables.names_of`) of such cells by question, where it has any."""
    cells = some_cells(lattice, units.leaves, SINGLE)
    names = names_of(cells)
    found = {}
    for indicator, values in values_of(questionnaire, units):
        if indicator.startswith(QUESTION):
            tops = len(questionnaire.questions[indicator.removeprefix(QUESTION)].levels or ()) - 1
            of = moments(cells, values, np.arange(tops + 1, dtype=np.float64))
            at = are_alike(of.bins) & (of.n >= rules.threshold)
            if at.any():
                found[indicator] = names[at]
    return found
