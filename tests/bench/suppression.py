"""Protecting the lattice of a release: which cells go out, for some 5,000 cells and for some 50,000."""

import math
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import Cells, Level, cells_of, classification, full_lattice
from scoring.release_gate import release
from scoring.waves import Firms, ground

SMALL, LARGE = (10_000, 1), (268_000, 5)  # firms, years


@dataclass(frozen=True, slots=True)
class Spent:
    """What one piece of work took in a process of its own: CPU seconds, and MB at most."""

    cells: int
    seconds: float
    memory: int
    repairs: int = 0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.memory} MB"


def measure(full: bool) -> dict[str, object]:
    """CPU seconds and memory of the pattern (no programmes) and of a whole release (with its audit and repairs).

    Firms are drawn at random, a few divisions, regions and sizes holding most: 88 divisions in 21 sections, 16 regions,
    4 sizes, years with their total.
    """
    small = _in_a_process(_patterned, *SMALL)
    found: dict[str, object] = {f"pattern of {small.cells:,} cells": str(small)}
    if full:
        large = _in_a_process(_patterned, *LARGE)
        found[f"pattern of {large.cells:,} cells"] = f"{large}; {_growth(small, large)}"
        out = _in_a_process(_released, *SMALL)
        found[f"release of {out.cells:,} cells"] = f"{out}, {out.repairs} repairs"
    return found


def _growth(small: Spent, large: Spent) -> str:
    exponent = math.log(large.seconds / small.seconds) / math.log(large.cells / small.cells)
    return f"seconds grow as cells to the power of {exponent:.2f}"


def _in_a_process(work: Callable[[int, int], Spent], firms: int, years: int) -> Spent:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (firms, years))


def _patterned(firms: int, years: int) -> Spent:
    cells = country(firms, years)
    at = ground(_alone(firms), cells)
    started = time.process_time()
    pattern(at, Rules())
    return Spent(cells.count, time.process_time() - started, _memory())


def _released(firms: int, years: int) -> Spent:
    cells = country(firms, years)
    at = ground(_alone(firms), cells)
    started = time.process_time()
    out = release(at, Rules())
    return Spent(cells.count, time.process_time() - started, _memory(), out.repairs)


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def country(firms: int, years: int) -> Cells:
    random = np.random.default_rng(1)
    drawn = [
        random.choice(groups, firms, p=(w := 1 / np.arange(1, groups + 1) ** steep) / w.sum())
        for groups, steep in ((88, 1.0), (16, 0.8), (4, 1.5))
    ]
    drawn[0] = random.permutation(88)[drawn[0]]
    section = np.sort(np.concatenate([np.arange(21), random.integers(0, 21, 67)]))
    sides = [classification("division", 88, [Level("section", section)])]
    sides += [classification("region", 16), classification("size", 4)]
    if years > 1:
        sides.append(classification("year", years))
        drawn.append(random.integers(0, years, firms))
    return cells_of(full_lattice(sides), np.stack(drawn))


def _alone(firms: int) -> Firms:
    return Firms(np.arange(firms), np.arange(firms))
