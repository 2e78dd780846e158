"""Somebody who keeps every release of a programme and compares each with the one before, table by table.

Written apart from the code under test: it reads the files as anybody can, knows besides who was in which release and of
what kind, and takes a cell whose figures are what they were for one that stands: what is anew is an equation over the
firms of today. `cube_attacker` does the algebra over cells; here are the tables beside them, shares and weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from assessment.release_units import BASIS_CODES, INDUSTRY_CODES, OWNERSHIP_CODES, SIZE_CODES, Units, values_of
from scoring.coverage import Assessed, weights_of
from tests.reports.cube_attacker import SIDES, Array, Mask, Published, Register
from tests.reports.published_releases import MAKING, Out

FIGURES = ("n", "mean", "low", "high", "sd", "p10", "p25", "p50", "p75", "p90", "s0", "s1", "s2", "s3", "s4", "s5")
Cell = tuple[str, ...]


def rows_of(out: Out, year: int, indicator: str = "") -> dict[tuple[Cell, str], tuple[Any, ...]]:
    """Of each cell and indicator that a wave lists: the status and the figures."""
    names = ", ".join((*SIDES, "indicator", "status", *FIGURES))
    where = f"wave = '{year}'" + (f" AND indicator = '{indicator}'" if indicator else "")
    found = duckdb.sql(f"SELECT {names} FROM read_parquet('{out.cube}') WHERE {where}").fetchall()  # noqa: S608  our own
    return {(tuple(row[:5]), row[5]): tuple(row[6:]) for row in found}


def register_of(out: Out, year: int, has: Mask | None = None) -> Register:
    """Who is in a wave of a release, with all codes; of an indicator only those who `has` a value."""
    units = out.units[year]
    codes = (INDUSTRY_CODES, SIZE_CODES, out.regions, OWNERSHIP_CODES, BASIS_CODES)
    kept = np.ones(units.count, dtype=np.bool_) if has is None else has
    named = {side: np.array(codes[at])[units.leaves[at]][kept] for at, side in enumerate(SIDES)}
    return Register(units.ids[kept], named)


def values(units: Units, indicator: str) -> Array:
    return dict(values_of(MAKING.questionnaire, units))[indicator]


def inside(register: Register, cell: Cell) -> Mask:
    found: Mask = np.logical_and.reduce([register.at(side, code) for side, code in zip(SIDES, cell, strict=True)])
    return found


def changed(first: Register, second: Register, cell: Cell) -> int:
    """How many units have come to or gone from a cell."""
    return len(np.setxor1d(first.ids[inside(first, cell)], second.ids[inside(second, cell)]))


@dataclass(frozen=True)
class Anew:
    """The cells of one release that are not as the release before had them, over the firms of today."""

    published: Published
    figures: tuple[tuple[Any, ...], ...]


def told_anew(outs: Sequence[Out], year: int, indicator: str) -> list[Anew]:
    found, before = [], {}  # type: list[Anew], dict[Any, Any]
    for out in outs:
        rows = rows_of(out, year, indicator)
        anew = {key[0]: row[1:] for key, row in rows.items() if row[0] == "F" and before.get(key) != row}
        register = register_of(out, year, ~np.isnan(values(out.units[year], indicator)))
        numbers = np.array([[row[0], np.nan if row[1] is None else row[1]] for row in anew.values()], dtype=np.float64)
        n, mean = numbers.reshape(-1, 2).T
        found.append(Anew(Published(register, tuple(anew), n, mean), tuple(anew.values())))
        before = rows
    return found


def where_it_changed(first: Out, second: Out, year: int) -> dict[str, set[str]]:
    """By each side the groups whose rows, or rows in tables beside, are not what they were, or are there no more."""
    then, now = rows_of(first, year), rows_of(second, year)
    found: dict[str, set[str]] = {}
    for key in then.keys() | now.keys():
        if then.get(key) != now.get(key):
            for side, code in zip(SIDES, key[0], strict=True):
                if code != "_T":
                    found.setdefault(side, set()).add(code)
    for name, side in (("section", "industry"), ("size", "size"), ("region", "region")):
        tables = [_beside(out.manifest, name) for out in (first, second)]
        for code in tables[0].keys() | tables[1].keys():
            if tables[0].get(code) != tables[1].get(code):
                found.setdefault(side, set()).add(code)
    return found


def _beside(manifest: Mapping[str, Any], name: str) -> dict[str, Any]:
    """What coverage, panel and code lists tell of the groups of a margin."""
    found: dict[str, Any] = {}
    coverage = manifest["coverage"]
    for row in coverage["margins"].get(name, ()):
        found[row["code"]] = [row, row["code"] in coverage["empty"].get(name, ())]
    for row in manifest["extra"]["panel"]:
        if row["by"] == name:
            found[f"{row['code']}"] = [found.get(row["code"]), row]
    if name == "region":
        for code in manifest["classifications"]["region"]:
            found.setdefault(code, "listed")
    return found


class Levels:
    """How many firms of each group that nothing tells apart are on which level, bounded by all that is told anew."""

    def __init__(self, anew: Sequence[Anew], levels: int, step: float = 1.0) -> None:
        self.levels, self.step = levels, step
        self.ids = np.unique(np.concatenate([each.published.register.ids for each in anew]))
        cells = [(each.published.register, cell) for each in anew for cell in each.published.cells]
        rows = [np.isin(self.ids, register.ids[inside(register, cell)]) for register, cell in cells]
        _, first, self.atom = np.unique(np.array(rows), axis=1, return_index=True, return_inverse=True)
        self.atom = self.atom.ravel()
        self.units = np.bincount(self.atom)
        self.rows = np.array(rows)[:, first].astype(np.float64)
        sides: list[tuple[Array, float]] = []
        for row, figures in zip(self.rows, (f for each in anew for f in each.figures), strict=True):
            sides += self._sides(row, dict(zip(FIGURES, figures, strict=True)))
        self.most = csr_array(np.array([side for side, _ in sides]))
        self.ends = np.array([end for _, end in sides]) + 1e-6

    def _sides(self, row: Array, told: Mapping[str, float | None]) -> list[tuple[Array, float]]:
        """What a cell's figures say, each as a sum that is at most so much."""
        n = float(row @ self.units)
        at = np.arange(self.levels) * self.step
        found: list[tuple[Array, float]] = []

        def between(weights: Array, low: float, high: float) -> None:
            side = np.outer(row, weights).ravel()
            found.extend([(side, high), (-side, -low)])

        if told["mean"] is not None:
            between(at, n * (told["mean"] - 0.05), n * (told["mean"] + 0.05))
        if told["mean"] is not None and told["sd"] is not None:
            low, high = max(told["sd"] - 0.05, 0) ** 2, (told["sd"] + 0.05) ** 2
            least, most = max(told["mean"] - 0.05, 0) ** 2, (told["mean"] + 0.05) ** 2
            between(at**2, n * (low + least), n * (high + most))
        for level in range(self.levels):
            share = told[f"s{level}"]
            if share is not None:
                one = (np.arange(self.levels) == level).astype(np.float64)
                between(one, n * (share - 0.5) / 100, n * (share + 0.5) / 100)
        for part in (10, 25, 50, 75, 90):
            value = told[f"p{part}"]
            if value is not None:
                rank = np.ceil(n * part / 100)
                between((at <= value + 1e-9).astype(np.float64), rank, n)
                between((at < value - 1e-9).astype(np.float64), 0, rank - 1)
        return found

    def of(self, unit: int) -> tuple[float, float]:
        """The lowest and the highest level that a firm can be on, as far as the sums of its group tell."""
        atom = int(self.atom[np.searchsorted(self.ids, unit)])
        every = csr_array(np.kron(np.eye(len(self.units)), np.ones(self.levels)))
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros((len(self.units), self.levels))
            goal[atom] = sign * np.arange(self.levels) * self.step
            done = linprog(goal.ravel(), A_ub=self.most, b_ub=self.ends, A_eq=every, b_eq=self.units, method="highs")
            assert done.x is not None, done.message
            ends.append(sign * done.fun)
        others, top = int(self.units[atom]) - 1, (self.levels - 1) * self.step
        return max(0.0, ends[0] - others * top), min(top, ends[1])


@dataclass(frozen=True)
class Weighted:
    """A weighted mean that is not what it was, with weights that follow from the kinds of all firms."""

    ids: NDArray[np.int64]
    weights: Array
    mean: float


def weighted_means(outs: Sequence[Out]) -> list[Weighted]:
    """All that the tables of coverage tell anew of the newest wave."""
    found, before = [], {}  # type: list[Weighted], dict[Any, Any]
    for out in outs:
        year = int(out.manifest["waves"][-1])
        coverage, units = out.manifest["coverage"], out.units[year]
        codes = _margin_codes(register_of(out, year))
        frames = {name: {row["code"]: row["frame"] for row in rows} for name, rows in coverage["margins"].items()}
        weights = weights_of(Assessed(units.groups, codes, values(units, "overall")), frames)[0]
        told = {("total", ""): coverage["total"]}
        told |= {(name, row["code"]): row for name, rows in coverage["margins"].items() for row in rows}
        for (name, code), row in told.items():
            if "weighted_mean" in row and before.get((name, code)) != row:
                at = np.ones(units.count, dtype=np.bool_) if name == "total" else codes[name] == code
                found.append(Weighted(units.ids[at], weights[at], row["weighted_mean"]))
        before = told
    return found


def _margin_codes(register: Register) -> dict[str, NDArray[np.str_]]:
    section = np.array([code[0] if code != "_U" else "" for code in register.codes["industry"].tolist()])
    found = {"section": section, "size": register.codes["size"], "region": register.codes["region"]}
    return {name: np.where(codes == "_U", "", codes) for name, codes in found.items()}


class Scores:
    """The overall score of each firm, bounded by all means, weighted or not, that are told anew of a wave."""

    def __init__(self, anew: Sequence[Anew], weighted: Sequence[Weighted], spare: float = 0.05) -> None:
        self.ids = np.unique(np.concatenate([each.published.register.ids for each in anew]))
        rows, ends = [], []
        for each in anew:
            of = each.published
            for cell, mean in zip(of.cells, of.mean, strict=True):
                if not np.isnan(mean):
                    row = np.isin(self.ids, of.register.ids[inside(of.register, cell)]).astype(np.float64)
                    rows.append(row / row.sum())
                    ends.append(mean)
        for told in weighted:
            row = np.zeros(len(self.ids))
            row[np.searchsorted(self.ids, told.ids)] = told.weights / told.weights.sum()
            rows.append(row)
            ends.append(told.mean)
        together, self.atom = np.unique(np.array(rows).round(12), axis=1, return_inverse=True)
        self.atom = self.atom.ravel()
        self.units = np.bincount(self.atom)
        self.rows, self.means, self.spare = csr_array(together * self.units), np.array(ends), spare + 1e-6

    def of(self, unit: int, top: float = 5.0) -> tuple[float, float]:
        """The lowest and the highest score that a firm can have; its group's mean is bounded, the others are free."""
        atom = int(self.atom[np.searchsorted(self.ids, unit)])
        most = csr_array(vstack([self.rows, -self.rows]))
        ends = np.concatenate([self.means + self.spare, self.spare - self.means])
        found = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(self.units))
            goal[atom] = sign
            done = linprog(goal, A_ub=most, b_ub=ends, bounds=(0, top), method="highs")
            assert done.x is not None, done.message
            found.append(sign * done.fun)
        n = int(self.units[atom])
        return max(0.0, n * found[0] - (n - 1) * top), min(top, n * found[1])
