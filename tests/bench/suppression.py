"""Protecting the lattice of a release: which cells go out, for some 5,000 cells and for some 50,000."""

import resource
import time

import numpy as np

from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import Cells, Level, cells_of, classification, full_lattice
from scoring.release_gate import release
from scoring.waves import Firms, ground

SMALL, LARGE = (10_000, 1), (268_000, 5)  # firms, years


def measure(full: bool) -> dict[str, object]:
    """CPU seconds of the pattern (no programmes) and of a whole release (with its audit and repairs), and memory.

    Firms are drawn at random, a few divisions, regions and sizes holding most: 88 divisions in 21 sections, 16 regions,
    4 sizes, years with their total.
    """
    small = country(*SMALL)
    at = ground(_alone(SMALL[0]), small)
    started = time.process_time()
    pattern(at, Rules())
    patterned = time.process_time() - started
    found: dict[str, object] = {f"pattern of {small.count:,} cells": f"{patterned:.1f} s"}
    if full:
        started = time.process_time()
        out = release(at, Rules())
        seconds = time.process_time() - started
        found[f"release of {small.count:,} cells"] = f"{seconds:.1f} s, {out.repairs} repairs"
        large = country(*LARGE)
        at = ground(_alone(LARGE[0]), large)
        started = time.process_time()
        pattern(at, Rules())
        seconds = time.process_time() - started
        found[f"pattern of {large.count:,} cells"] = f"{seconds:.1f} s, {seconds / patterned:.0f} times the small one"
    found["memory at most"] = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"
    return found


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
