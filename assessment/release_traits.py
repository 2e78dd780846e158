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
STANDING_IN = int(np.iinfo(np.int64).min)  # the number of no group of firms
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
        beside = [self.yes[name] for name in trait.beside]
        over = [asked, self.whole] if trait.within else [asked]
        found = self._gated((trait.id,), np.flatnonzero(trait.values == 1), over, beside, self._empty(trait))
        self.yes[trait.id] = found
        shown = self._among(self.listed, asked) & self._among(self.listed, found)
        told = told_of_groups(self.listed, trait.values, 2, shown, self.making.rules)
        return rows_of(self.making, self.wave.year, self.listed, trait.id, told)

    def _empty(self, trait: Trait) -> tuple[Integers, Integers]:
        """A unit of each listed cell in which nobody says yes, and of each in which nobody says no."""
        members, atom = self.listed.members(), self.listed.atom_of_firm
        says = [members @ np.bincount(atom[trait.values == value], minlength=self.listed.atoms) for value in (1, 0)]
        found = []
        for nobody, others in (says, says[::-1]):
            cells = np.flatnonzero((nobody == 0) & (others > 0))
            asked = np.flatnonzero(~np.isnan(trait.values))
            inside = self.listed.of_atom[:, atom[asked]]
            found.append(np.array([asked[np.argmax((inside == cell).any(axis=0))] for cell in cells], dtype=np.int64))
        return found[0], found[1]

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
            names, units = tuple(ASKED + id for id in same), np.flatnonzero(there)
            self.asked[mark] = self.whole if there.all() else self._gated(names, units, [self.whole], (), None)
        return self.asked[mark]

    def _gated(
        self,
        names: tuple[str, ...],
        at: Integers,
        over: Sequence[Population],
        beside: Sequence[Population],
        empty: tuple[Integers, Integers] | None,
    ) -> Population:
        """Some units of the first population `over` them, in cells of it that are shown, given all that is shown.

        Without `empty` it is not told of the others what they are: then only earlier releases are laid under.
        """
        cells, inside = self._cells(at, ONE_WAY), over[0]
        shown, secrets, narrowest = np.zeros(cells.count, dtype=np.bool_), 0, np.inf
        if self._among(cells, inside).any():
            stand_ins = _StandIns(self.units.leaves, *(empty or (at[:0], at[:0])))
            joined = stand_ins.join(Earlier(self._firms(at), cells, shown), says_no=False)
            laid = ground(joined.firms, joined.cells, self._before(names, over if empty else (), beside, stand_ins))
            rules = replace(self.making.rules, threshold=self.making.rules.threshold + stand_ins.counted)
            try:
                out = release(laid, rules, ~self._among(joined.cells, inside))
            except (ReleaseRefused, NotSettled):
                pass  # nothing of it is shown
            else:
                shown = out.pattern.shown[: cells.count]
                secrets, narrowest = out.pattern.secrets.shape[0], out.protection.narrowest
        found = Population(names, at, cells, shown, secrets, narrowest, self.told.ids)
        self.populations.append(found)
        return found

    def _before(
        self, names: Sequence[str], over: Sequence[Population], beside: Sequence[Population], stand_ins: "_StandIns"
    ) -> list[Earlier]:
        """What is shown of the firms among whom these are, by this release and by earlier ones."""
        asked = [name for each in over for name in each.indicators]
        yes = [*names, *(name for each in beside for name in each.indicators)]
        found: list[Earlier] = []
        for wanted, populations, says_no in ((asked, over, True), (yes, beside, False)):
            now = [Earlier(self._firms(slice(None) if p.units is None else p.units), p.cells, p.shown)
                   for p in populations]  # fmt: skip
            then = {id(e): e for known in self.known for name in wanted if (e := known.by_indicator.get(name))}
            every = (*now, *(replace(each, cells=merged(each.cells)) for each in then.values()))
            found.extend(stand_ins.join(each, says_no=says_no) for each in every)
        return found

    def _cells(self, at: Integers | slice, tables: Sequence[Table]) -> Cells:
        return merged(some_cells(self.making.lattice(self.units.count), self.units.leaves[:, at], tables))

    def _firms(self, at: Integers | slice) -> Firms:
        return Firms(self.ids[at], self.units.groups[at])

    @staticmethod
    def _among(cells: Cells, population: Population) -> Mask:
        """Of each cell whether it is shown of a population."""
        return are_among(cells, names_of(population.cells)[population.shown])


class _StandIns:
    """Firms that there are not, for those who say yes, or no, in cells where nobody does.

    With them the sum over nobody is a secret as one over few is: else it could be told that all say the same. Together
    they are one group, so that a sum has one group too many with them at most; the threshold is raised by it.
    """

    def __init__(self, leaves: Integers, yes: Integers, no: Integers) -> None:
        self.yes, self.leaves = yes, leaves[:, np.concatenate([yes, no])]
        self.ids = -1 - np.arange(len(yes) + len(no))

    @property
    def counted(self) -> int:
        return int(len(self.ids) > 0)

    def join(self, known: Earlier, *, says_no: bool) -> Earlier:
        """What is shown of some firms with those who stand in; only those who say yes, unless others are there, too."""
        many, cells, firms = len(self.ids) if says_no else len(self.yes), known.cells, known.firms
        lattice, tables = cells.lattice, range(len(cells.lattice.tables))
        names = zip(cells.table.tolist(), *cells.codes.T.tolist(), strict=True)
        place = {name: cell for cell, name in enumerate(names)}
        new = np.empty((len(tables), many), dtype=np.int64)
        for table in tables:
            levels = [lattice.level(table, side).of_leaf for side in range(len(self.leaves))]
            for column, leaves in enumerate(self.leaves[:, :many].T.tolist()):
                name = (table, *(int(of_leaf[leaf]) for of_leaf, leaf in zip(levels, leaves, strict=True)))
                new[table, column] = place.setdefault(name, len(place))
        keys = np.array(list(place), dtype=np.int64).reshape(len(place), -1)
        wider = Cells(
            lattice,
            keys[:, 0],
            keys[:, 1:],
            np.concatenate([cells.of_atom, new], axis=1),
            np.concatenate([cells.atom_of_firm, np.arange(many) + cells.atoms]),
        )
        groups = np.append(firms.groups, np.full(many, STANDING_IN))
        shown = np.append(known.shown, np.zeros(wider.count - cells.count, dtype=np.bool_))
        return Earlier(Firms(np.append(firms.ids, self.ids[:many]), groups), wider, shown)
