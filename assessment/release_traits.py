"""What firms do or do not, in tables of one side: both who does and who does not is kept from being told of few.

The firms that say yes are laid over all that the question is put to as a later release is over an earlier one. So few
who say yes are a secret as few firms in a cell are, few who say no as few who have left are, and so is every remainder
and chain of both (`scoring.waves`). Traits that nest (planned, done) are laid over each other too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assessment.release_making import Known, Making, Population, Wave, rows_of
from assessment.release_units import Units
from scoring.disclosure import NotSettled
from scoring.lattices import Array, Cells, Integers, Table
from scoring.release_figures import told_of_groups
from scoring.release_gate import ReleaseRefused, release
from scoring.release_tables import CROSSED, ONE_WAY, are_among, merged, names_of, some_cells
from scoring.waves import Earlier, Firms, ground

Mask = NDArray[np.bool_]
ASKED = "asked of "  # before a name: the firms that a trait is asked of, which no indicator tells of


@dataclass(frozen=True, slots=True)
class Trait:
    """Yes (1) or no (0) of each unit of a wave, not-a-number where it is not asked or not known.

    `within` names a trait before it: it is asked of those alone who say yes to that one. `beside` names traits before
    it that few firms could tell it apart from, such as planned from done.
    """

    id: str
    values: Array
    within: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traits:
    """Traits of the units of a wave. `ids` are numbers of the units that change when a trait does; None: they do."""

    name: str
    traits: tuple[Trait, ...]
    ids: Integers | None = None


def with_traits(making: Making, wave: Wave, told: Sequence[Traits], known: Sequence[Known]) -> Wave:
    """The wave with the rows of some traits, and the cells of theirs that go out."""
    found = [_Traits(making, wave, each, known) for each in told]
    blocks = [block for each in found for block in each.blocks()]
    if not blocks:
        return wave
    columns = {name: np.concatenate([wave.columns[name], *(block[name] for block in blocks)]) for name in wave.columns}
    populations = [population for each in found for population in each.populations]
    shown = int((columns["status"] == "F").sum())
    return replace(
        wave,
        populations=(*wave.populations, *populations),
        columns=columns,
        shown=shown,
        held_back=len(columns["status"]) - shown,
        secrets=wave.secrets + sum(each.secrets for each in populations),
        narrowest=min((wave.narrowest, *(each.narrowest for each in populations))),
        patterns=wave.patterns + len(populations),
    )


class _Traits:
    """Traits over the same numbers of units, protected one after the other."""

    def __init__(self, making: Making, wave: Wave, told: Traits, known: Sequence[Known]) -> None:
        self.making, self.wave, self.told, self.known = making, wave, told, known
        self.units: Units = wave.units
        self.ids = wave.units.ids if told.ids is None else told.ids
        self.whole = self._whole()
        self.populations = [self.whole]
        self.listed = self._cells(slice(None), ONE_WAY)
        self.asked: dict[bytes, Population] = {}
        self.yes: dict[str, Population] = {}

    def blocks(self) -> list[dict[str, NDArray[np.generic]]]:
        return [self._rows(trait) for trait in self.told.traits if not np.isnan(trait.values).all()]

    def _rows(self, trait: Trait) -> dict[str, NDArray[np.generic]]:
        asked = self.yes[trait.within] if trait.within else self._asked_of(trait)
        under = [asked, *(self.yes[name] for name in trait.beside)]
        if trait.within:
            under.append(self.whole)
        found = self._gated((trait.id,), np.flatnonzero(trait.values == 1), asked, under)
        self.yes[trait.id] = found
        shown = self._among(self.listed, asked) & self._among(self.listed, found)
        told = told_of_groups(self.listed, trait.values, 2, shown, self.making.rules)
        return rows_of(self.making, self.wave.year, self.listed, trait.id, told)

    def _whole(self) -> Population:
        """All units, by the tables that are laid under traits: what is shown of them is decided already."""
        cells = self._cells(slice(None), CROSSED)
        shown = self._among(cells, self.wave.populations[0])
        return Population((ASKED + self.told.name,), None, cells, shown, ids=self.told.ids)

    def _asked_of(self, trait: Trait) -> Population:
        """The firms that a trait is asked of, with those of their cells that go out."""
        there = ~np.isnan(trait.values)
        mark = there.tobytes()
        if mark not in self.asked:
            same = [each.id for each in self.told.traits if (np.isnan(each.values) == ~there).all()]
            names = tuple(ASKED + id for id in same)
            found = self.whole if there.all() else self._gated(names, np.flatnonzero(there), self.whole, ())
            self.asked[mark] = found
        return self.asked[mark]

    def _gated(
        self, names: tuple[str, ...], at: Integers, inside: Population, under: Sequence[Population]
    ) -> Population:
        """Some units in cells of a population that are shown, given what is shown of others, now and then."""
        cells = self._cells(at, ONE_WAY)
        shown, secrets, narrowest = np.zeros(cells.count, dtype=np.bool_), 0, np.inf
        if self._among(cells, inside).any():
            laid = ground(self._firms(at), cells, self._before(names, under))
            try:
                out = release(laid, self.making.rules, ~self._among(cells, inside))
                shown, secrets, narrowest = out.pattern.shown, out.pattern.secrets.shape[0], out.protection.narrowest
            except (ReleaseRefused, NotSettled):
                pass  # nothing of it is shown
        found = Population(names, at, cells, shown, secrets, narrowest, self.told.ids)
        self.populations.append(found)
        return found

    def _before(self, names: Sequence[str], under: Sequence[Population]) -> list[Earlier]:
        """What is shown of the firms among whom these are, by this release and by earlier ones."""
        wanted = (*names, *(name for each in under for name in each.indicators))
        then = [known.by_indicator[name] for known in self.known for name in wanted if name in known.by_indicator]
        now = [Earlier(self._firms(slice(None) if p.units is None else p.units), p.cells, p.shown) for p in under]
        return [*now, *(replace(each, cells=merged(each.cells)) for each in {id(each): each for each in then}.values())]

    def _cells(self, at: Integers | slice, tables: Sequence[Table]) -> Cells:
        return merged(some_cells(self.making.lattice(self.units.count), self.units.leaves[:, at], tables))

    def _firms(self, at: Integers | slice) -> Firms:
        return Firms(self.ids[at], self.units.groups[at])

    @staticmethod
    def _among(cells: Cells, population: Population) -> Mask:
        """Of each cell whether it is shown of a population."""
        return are_among(cells, names_of(population.cells)[population.shown])
