"""What changed between two waves in the same firms, apart from who takes part.

A cell of the panel holds the firms that are in the cell both times. Its change is one more sum over what the two waves'
tables show already: taken off them it leaves the firms that joined and those that left. So every cell is judged
together with what each wave shows, over the firms of the one wave and over those of the other; only what both let out
goes out. (A combination of sums that gave one firm away would do so in the part that concerns one of the waves.)
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import Array, Cells, Integers, Lattice, cells_of, classification
from scoring.mean_precision import mean_interval
from scoring.published_figures import rounded_to
from scoring.rounding import stored
from scoring.waves import Earlier, Firms, Mask, ground

ALL, SHOWN, HELD_BACK = "_T", "F", "C"
BY = ("section", "size")
Codes = NDArray[np.str_]
Label = tuple[str, str]  # what a cell is by ("total", "section", "size"), and its code


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave as columns over its firms: the release's units and cells, which are shown, and what the panel needs.

    Attributes:
        units: the numbers of the assessments (what never changes) with their enterprise groups.
        known: what anybody knows of them: the cells of this release that are shown, those of every release before, and
            of panels before what `Kept.as_earlier` says of this wave. Further units in them do no harm.
        firm: of each unit its firm; a firm is in a wave once.
        section, size: codes, "" where not known.
        score: the overall score, NaN for none.
        profile: the profile by its place, -1 for none.
    """

    units: Firms
    known: tuple[Earlier, ...]
    firm: Integers
    section: NDArray[np.str_]
    size: NDArray[np.str_]
    score: Array
    profile: Integers


@dataclass(frozen=True, slots=True)
class Kept:
    """What the next release must know of a panel: who was in which of its cells, and which were shown."""

    first: Firms
    second: Firms
    codes: tuple[Codes, Codes]  # section and size of each firm, "" where it is in no cell by it
    shown: Mask

    @property
    def labels(self) -> tuple[Label, ...]:
        """The cells that `shown` is about."""
        return panel_cells(self.codes)[1]

    @property
    def as_earlier(self) -> tuple[Earlier, Earlier]:
        """The panel over the first wave's units, and over the second's."""
        cells, _ = panel_cells(self.codes)
        return Earlier(self.first, cells, self.shown), Earlier(self.second, cells, self.shown)


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows for a release's manifest, and what is kept of them for the next one; None where nobody is in both waves."""

    rows: list[dict[str, Any]]
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Matched:
    """The firms that are in two waves with a score both times: where they stand in each, and the panel's cells."""

    first: Integers
    second: Integers
    codes: tuple[Codes, Codes]
    cells: Cells
    labels: tuple[Label, ...]


def matched(first: Wave, second: Wave) -> Matched:
    """The firms in both waves; in a cell by section (size) are those of one section (size) both times."""
    _, one, two = np.intersect1d(first.firm, second.firm, return_indices=True)
    both = ~np.isnan(first.score[one]) & ~np.isnan(second.score[two])
    one, two = one[both], two[both]
    pairs = [(getattr(first, name)[one], getattr(second, name)[two]) for name in BY]
    section, size = (np.where(then == now, now, "") for then, now in pairs)
    return Matched(one, two, (section, size), *panel_cells((section, size)))


def panel_cells(codes: tuple[Codes, Codes]) -> tuple[Cells, tuple[Label, ...]]:
    """All firms, those of each section, and those of each size, with what each cell is."""
    names, leaves = zip(*(np.unique(column, return_inverse=True) for column in codes), strict=True)
    kinds = tuple(classification(name, max(1, len(found))) for name, found in zip(BY, names, strict=True))
    cells = cells_of(Lattice(kinds, ((1, 1), (0, 1), (1, 0))), np.stack(leaves).astype(np.int64))
    labels = tuple(
        ("total", ALL) if t == 0 else (BY[t - 1], str(names[t - 1][code[t - 1]]))
        for t, code in zip(cells.table.tolist(), cells.codes.tolist(), strict=True)
    )
    return cells, labels


def shown_cells(first: Wave, second: Wave, of: Matched, rules: Rules) -> Mask:
    """Which cells of the panel can go out: those that the pattern lets out over either wave, given what is known of it.

    Firms that changed their section (size), or whose code is not known, are in no cell of it.
    """
    nowhere = np.array([code == "" for _, code in of.labels], dtype=np.bool_)
    out = ~nowhere
    for wave, at in ((first, of.first), (second, of.second)):
        out &= pattern(ground(_units(wave, at), of.cells, _scored(wave)), rules, nowhere).shown
    return out


def _units(wave: Wave, at: Integers) -> Firms:
    return Firms(wave.units.ids[at], wave.units.groups[at])


def _scored(wave: Wave) -> list[Earlier]:
    """What is known, without the firms that have no score: sums of scores are over the others."""
    without = wave.units.ids[np.isnan(wave.score)]
    return [_less(each, ~np.isin(each.firms.ids, without)) for each in wave.known]


def _less(known: Earlier, kept: Mask) -> Earlier:
    cells = replace(known.cells, atom_of_firm=known.cells.atom_of_firm[kept])
    return Earlier(Firms(known.firms.ids[kept], known.firms.groups[kept]), cells, known.shown)


def panel(first: Wave, second: Wave, waves: tuple[str, str], profiles: int, rules: Rules) -> Panel:
    """The panel of two waves: a row for each cell, held back or not, and the transitions.

    Rows have `by`, `code`, `status`, and when shown `n` (rounded), `change` with `low` and `high` (95 %, paired), the
    whole per cents that moved `up`, `down`, or kept the `same` profile. Of the total, `moves` has a row for each
    profile then: its firms and the shares of each profile now.
    """
    of = matched(first, second)
    if not len(of.first):
        return Panel([], None)
    out = shown_cells(first, second, of, rules)
    rows = []
    for cell, (by, code) in enumerate(of.labels):
        if code == "":
            continue
        row: dict[str, Any] = {"from": waves[0], "to": waves[1], "by": by, "code": code, "status": HELD_BACK}
        if out[cell]:
            inside = of.cells.of_atom[int(of.cells.table[cell]), of.cells.atom_of_firm] == cell
            then, now = of.first[inside], of.second[inside]
            row |= {"status": SHOWN} | _figures(first, second, then, now, rules)
            if by == "total":
                row["moves"] = _moves(
                    first.profile[then], second.profile[now], first.units.groups[then], profiles, rules
                )
        rows.append(row)
    return Panel(rows, Kept(_units(first, of.first), _units(second, of.second), of.codes, out))


def _figures(first: Wave, second: Wave, then: Integers, now: Integers, rules: Rules) -> dict[str, Any]:
    difference = second.score[now] - first.score[then]
    mean, low, high = mean_interval(difference)
    unit = 10.0**-rules.decimals
    told: dict[str, Any] = {
        "n": int(rounded_to(np.array([len(then)]), rules.base)[0]),
        "change": float(stored(np.array([mean]), rules.decimals)[0]),
        "low": round(float(np.floor(low / unit + 1e-9) * unit), rules.decimals),
        "high": round(float(np.ceil(high / unit - 1e-9) * unit), rules.decimals),
    }
    steps = np.sign(second.profile[now] - first.profile[then])
    counts = np.array([(steps > 0).sum(), (steps == 0).sum(), (steps < 0).sum()])
    if counts.max() < len(steps):
        shares = np.round(100 * counts / len(steps))
        told |= {"up": int(shares[0]), "same": int(shares[1]), "down": int(shares[2])}
    return told


def _moves(then: Integers, now: Integers, groups: Integers, profiles: int, rules: Rules) -> list[dict[str, Any]]:
    """Where the firms of each profile are now; a profile that too few firms had, or that all kept alike, is held back.

    Where the same firms make up the newer wave, its table tells where all are now: so what is held back is of enough
    firms together, and of more than one profile, or it would be what the shown ones leave of all.
    """
    counts = np.stack([np.bincount(now[then == profile], minlength=profiles) for profile in range(profiles)])
    n = counts.sum(axis=1)
    enough = np.array([len(np.unique(groups[then == profile])) for profile in range(profiles)]) >= rules.threshold
    shown = enough & (counts.max(axis=1) < n)
    while (shown & (n > 0)).any() and _tells(~shown & (n > 0), then, groups, rules):
        shown[np.flatnonzero(shown)[np.argmin(n[shown])]] = False
    rows = []
    for profile in np.flatnonzero(n).tolist():
        row: dict[str, Any] = {"profile": profile, "status": HELD_BACK}
        if shown[profile]:
            row = {"profile": profile, "status": SHOWN, "n": int(rounded_to(n[[profile]], rules.base)[0])}
            row["shares"] = [int(share) for share in np.round(100 * counts[profile] / n[profile])]
        rows.append(row)
    return rows


def _tells(held: Mask, then: Integers, groups: Integers, rules: Rules) -> bool:
    """Whether the profiles held back are one alone, or of too few firms together."""
    few = len(np.unique(groups[np.isin(then, np.flatnonzero(held))])) < rules.threshold
    return bool(held.any() and (few or held.sum() == 1))
