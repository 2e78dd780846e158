"""Small made-up countries for the tests of disclosure control: firms by division, region and size, unevenly spread."""

import numpy as np

from scoring.lattices import Cells, Classification, Integers, Level, cells_of, classification, full_lattice
from scoring.waves import Firms


def classifications() -> list[Classification]:
    """Eight divisions in three sections, linked with two classes of technology; four regions in two halves; sizes."""
    section = Level("section", np.array([0, 0, 0, 1, 1, 1, 2, 2]))
    technology = Level("technology", np.array([0, 1, 0, 1, 0, 1, 0, 1]))
    return [
        classification("sector", 8, [section, technology]),
        classification("region", 4, [Level("half", np.array([0, 0, 1, 1]))]),
        classification("size", 3),
    ]


def leaves(firms: int, seed: int) -> Integers:
    random = np.random.default_rng(seed)
    drawn = [random.choice(k, firms, p=(w := 1 / np.arange(1, k + 1) ** 1.2) / w.sum()) for k in (8, 4, 3)]
    return np.stack(drawn).astype(np.int64)


def country(firms: int, seed: int = 0) -> Cells:
    return cells_of(full_lattice(classifications()), leaves(firms, seed))


def alone(firms: int) -> Firms:
    """Firms 0, 1, ..., none of them in a group with others."""
    return Firms(np.arange(firms), np.arange(firms))
