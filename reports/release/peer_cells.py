"""The few cells of a release that a firm can be set beside, cut from its file once."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from assessment.peer_benchmarks import Group, PeerCell, narrowest
from reports.columns_file import read_columns
from reports.release.cube import ALL, SHOWN

FIGURES = ("n", "mean", "low", "high", "p25", "p50", "p75")
DECIMALS = 4  # more than any release tells; the file keeps short floats
COLUMNS = ("wave", "indicator", "industry", "size", "status", *FIGURES)


@lru_cache(maxsize=2048)
def peer_cells(
    cube: Path, groups: tuple[Group, ...], indicators: tuple[str, ...], waves: tuple[str, ...] = ()
) -> tuple[str, tuple[PeerCell, ...]]:
    """The newest year that shows anything of these groups, and of each indicator the cell of the narrowest of them.

    The file's name is the hash of its content: what was read once stays true. Nothing is added up or worked out.
    `waves` are the years it holds, where they are known: then only the newest is read.
    """
    for years in [[wave] for wave in sorted(waves, reverse=True)] or [[]]:
        by_wave = _read(cube, groups, indicators, years)
        for wave in sorted(by_wave, reverse=True):
            if cells := narrowest(by_wave[wave], groups, indicators):
                return wave, cells
    return "", ()


def _read(
    cube: Path, groups: Sequence[Group], indicators: Sequence[str], waves: Sequence[str]
) -> dict[str, list[PeerCell]]:
    where = {
        "industry": sorted({industry for industry, _ in groups}),
        "size": sorted({size for _, size in groups}),
        "region": [ALL],
        "ownership": [ALL],
        "basis": [ALL],
        "indicator": list(indicators),
        "status": [SHOWN],
        **({"wave": list(waves)} if waves else {}),
    }
    found: dict[str, list[PeerCell]] = {}
    read: dict[str, list[Any]] = read_columns(cube, COLUMNS, where)
    for wave, indicator, industry, size, _, n, *figures in zip(*read.values(), strict=True):
        told = (None if figure is None else round(float(figure), DECIMALS) for figure in figures)
        found.setdefault(str(wave), []).append(PeerCell(str(indicator), str(industry), str(size), int(n), *told))
    return found
