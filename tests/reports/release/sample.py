"""A small release made by hand: two years, two sections with divisions, sizes and regions; a third is held back."""

import hashlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reports.columns_file import write_columns
from reports.release.cube import COLUMNS, KEYS, NUMBERS, Cube

HARM = '=HYPERLINK("http://x","y")'
INDUSTRIES = ("_T", "C", "C10", "C13", "G", "G46")
SIZES = ("_T", "micro", "small", "medium", "large")
REGIONS = ("_T", "MY-01", "MY-10", "_U")
DEEP = ("overall", "D:process", "D:technology")
MANIFEST: Mapping[str, Any] = {
    "format": 1,
    "release": {
        "programme": "Ready & able",
        "number": 3,
        "title": "Readiness 2026",
        "made_at": "2026-11-20T14:02:00+00:00",
        "questionnaire": "tiny@1.0",
        "code_version": "0.1.0",
    },
    "waves": ["2025", "2026"],
    "classifications": {
        "industry": {
            "C": {"name": "Manufacturing", "names": {"ar": "الصناعة التحويلية"}, "parent": "_T"},
            "C10": {"name": "Manufacture of food products", "parent": "C"},
            "C13": {"name": "Manufacture of textiles", "parent": "C"},
            "G": {"name": "Wholesale and retail trade", "parent": "_T"},
            "G46": {"name": "Wholesale trade", "parent": "G"},
        },
        "region": {"MY-01": {"name": "Johor", "parent": "_T"}, "MY-10": {"name": HARM, "parent": "_T"}},
    },
    "indicators": [
        {"id": "overall", "kind": "overall", "name": "Overall readiness", "top": 5},
        {"id": "D:process", "kind": "dimension", "name": "Process", "top": 5},
        {"id": "D:technology", "kind": "dimension", "name": "Technology, +tools", "top": 5},
        {"id": "Q:skills.training", "kind": "question", "name": "@How is training planned?", "top": 3},
        {"id": "profile", "kind": "profile", "name": "Profile", "top": 2, "levels": ["Newcomer", "Learner", "Leader"]},
    ],
    "rules": {"threshold": 10, "rounded_to": 5, "decimals": 1},
    "cells": {"shown": 0, "held_back": 0},
    "protection": {"secrets": 12, "narrowest": 1.2},
    "coverage": {
        "frame": 4000,
        "source": "Business register",
        "as_of": "2026-01-01",
        "total": {"code": "_T", "frame": 4000, "status": "F", "n": 400, "share": 10},
        "margins": {
            "size": [
                {"code": "small", "frame": 3000, "status": "F", "n": 300, "share": 10},
                {"code": "large", "frame": 50, "status": "C"},
            ]
        },
        "weights": {"deff": 1.42, "n_eff": 280},
    },
    "population": {"firms": 400, "self": 300, "verified": 100},
    "previous": None,
    "extra": {},
}
Cell = dict[str, Any]


def cells(seed: int = 1) -> list[Cell]:
    """Every crossing of industry, size and region for the deep indicators; one-way tables for the others."""
    found: list[Cell] = []
    for wave, *groups in itertools.product(("2025", "2026"), INDUSTRIES, SIZES, REGIONS):
        if groups == ["G46", "micro", "_U"]:
            continue  # no firms there
        found += [_cell(seed, wave, *groups, "_T", "_T", indicator) for indicator in DEEP]
    for wave, indicator in itertools.product(("2025", "2026"), (*DEEP, "Q:skills.training", "profile")):
        ways = [("_T", "_T", "_T", other, "_T") for other in ("local", "joint", "foreign")]
        ways += [("_T", "_T", "_T", "_T", basis) for basis in ("self", "verified")]
        if indicator not in DEEP:
            ways += [("_T",) * 5, *((industry, "_T", "_T", "_T", "_T") for industry in INDUSTRIES[1:])]
        found += [_cell(seed, wave, *way, indicator) for way in ways]
    return found


def _cell(seed: int, *keys: str) -> Cell:
    # The same cell has the same figures whenever it is made, and a group one status for all its indicators.
    of_group = hashlib.sha256("/".join((str(seed), *keys[:-1])).encode()).digest()
    held_back = of_group[0] < 80 and any(code != "_T" for code in keys[1:-1])
    cell: Cell = dict(zip(KEYS, keys, strict=True)) | dict.fromkeys(NUMBERS) | {"status": "C" if held_back else "F"}
    if held_back:
        return cell
    own = hashlib.sha256("/".join((str(seed), *keys)).encode()).digest()
    cell["n"] = 10 + 5 * (of_group[1] % 20)
    mean = round(0.7 + own[0] / 255 * 3.4, 1)
    cell |= {"s0": 30, "s1": 25, "s2": 20, "s3": 25}
    if keys[-1] in DEEP:
        cell |= {"mean": mean, "low": round(mean - 0.3, 1), "high": round(mean + 0.3, 1), "sd": 0.9, "p50": mean}
        cell |= {"s4": 0, "s5": 0}
        if cell["n"] >= 20:
            cell |= {"p25": round(mean - 0.5, 1), "p75": round(mean + 0.5, 1)}
        if cell["n"] >= 50:
            cell |= {"p10": round(mean - 0.7, 1), "p90": round(mean + 0.7, 1)}
    return cell


def written(folder: Path, found: list[Cell], manifest: Mapping[str, Any] = MANIFEST) -> Cube:
    """The release of these cells, in a file that is named by the hash of its content."""
    columns = {name: _column(name, [cell[name] for cell in found]) for name in COLUMNS}
    draft = folder / "draft.parquet"
    write_columns(draft, columns, order=KEYS)
    sha256 = hashlib.sha256(draft.read_bytes()).hexdigest()
    shown = sum(cell["status"] == "F" for cell in found)
    counted = {"cells": {"shown": shown, "held_back": len(found) - shown}, "cube_sha256": sha256}
    return Cube(draft.rename(folder / sha256), {**manifest, **counted})


def sample(folder: Path, seed: int = 1) -> Cube:
    return written(folder, cells(seed))


def _column(name: str, values: list[Any]) -> np.ndarray[Any, Any]:
    if name in (*KEYS, "status"):
        return np.array(values, dtype=object)
    # In single precision, as releases are.
    return np.array([np.nan if value is None else value for value in values], dtype=np.float32)
