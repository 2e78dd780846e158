"""A made-up release for the tests of the ministry's report: plausible figures, some cells held back, nobody's data."""

from pathlib import Path
from typing import Any

import numpy as np

from assessment.hindrances import HINDRANCES
from assessment.release_manifest import traits_told
from questionnaires.library import Definition
from questionnaires.loader import load_definition
from reports.columns_file import write_columns
from reports.release.cube import ALL, COLUMNS, KEYS, Cube
from scoring.dominance import Rules
from scoring.mean_precision import published_intervals

INDUSTRIES = {
    "C": 1200,
    "C10": 260,
    "C11": 30,
    "C13": 110,
    "C14": 90,
    "C15": 20,
    "C16": 45,
    "C20": 60,
    "C21": 15,
    "C22": 170,
    "C23": 35,
    "C25": 140,
    "C26": 120,
    "C27": 40,
    "C28": 45,
    "C29": 15,
    "H": 60,
    "H52": 55,
    "M": 90,
    "M71": 70,
    "M72": 15,
}
SIZES = {"micro": 210, "small": 620, "medium": 350, "large": 170}
REGIONS = {
    f"MY-{number:02}": firms
    for number, firms in zip(
        range(1, 17), (210, 90, 20, 45, 60, 110, 190, 95, 15, 320, 15, 40, 50, 60, 10, 30), strict=True
    )
}
HELD = {("industry", "C15"), ("industry", "C21"), ("industry", "M72"), ("region", "MY-09"), ("region", "MY-15")}
FIRMS, RULES = 1350, Rules()
LIFT = {
    "micro": -0.5,
    "small": -0.2,
    "medium": 0.3,
    "large": 0.9,
    "C26": 0.6,
    "C29": 0.4,
    "C14": -0.5,
    "C16": -0.4,
    "MY-10": 0.2,
    "MY-13": -0.3,
}


def definition() -> Definition:
    return load_definition("industry4-readiness")


def cells(wave: str, seed: int, lift: float = 0.0) -> list[dict[str, Any]]:
    questionnaire, random = definition().questionnaire, np.random.default_rng(seed)
    others = np.random.default_rng(seed + 100)
    nodes = {f"D:{id}": float(random.uniform(-0.6, 0.6)) for id in questionnaire.nodes}
    questions = {f"Q:{id}": float(random.uniform(-1.0, 0.9)) for id in questionnaire.questions}
    sides = [("industry", ALL, FIRMS), *(("industry", c, n) for c, n in INDUSTRIES.items())]
    sides += [("size", c, n) for c, n in SIZES.items()] + [("region", c, n) for c, n in REGIONS.items()]
    sides += [("basis", "self", 1050), ("basis", "verified", 300)]
    rows = []
    for side, code, n in sides:
        base = 1.7 + lift + LIFT.get(code, 0.0)
        of_side = {"overall": 0.0, "profile": 0.0} | nodes | (questions if side != "region" else {})
        for indicator, yes in yes_of(others).items() if side != "basis" else ():
            row = {"wave": wave, "industry": ALL, "size": ALL, "region": ALL, "ownership": ALL, "basis": ALL}
            is_shown = (side, code) not in HELD and n >= 60
            row |= {side: code, "indicator": indicator, "status": "F" if is_shown else "C"}
            if len(code) < 3 or side != "industry":
                rows.append(row | ({"n": n, "s0": 100 - yes, "s1": yes} if is_shown else {}))
        for indicator, off in of_side.items():
            row = {"wave": wave, "industry": ALL, "size": ALL, "region": ALL, "ownership": ALL, "basis": ALL}
            row |= {side: code, "indicator": indicator, "status": "C" if (side, code) in HELD else "F"}
            if row["status"] == "F":
                row |= figures(indicator, n, base + off + float(random.normal(0, 0.1)), random)
            rows.append(row)
    return rows


def yes_of(random: np.random.Generator) -> dict[str, int]:
    """Per cents of firms that use each technology, and that say something of their actions."""
    said = [f"A:{state}.{kind}" for kind in ("any", "funding", "skills") for state in ("planned", "done", "dropped")]
    used = [f"T:{id}" for id in definition().questionnaire.technologies]
    names = [*used, "A:told", *said, *(f"H:{id}" for id in HINDRANCES)]
    return dict(zip(names, random.integers(20, 75, len(names)).tolist(), strict=True))


def figures(indicator: str, n: int, mean: float, random: np.random.Generator) -> dict[str, float]:
    mean, sd = float(np.clip(mean, 0.2, 4.8)), float(random.uniform(0.6, 1.2))
    values = np.clip(random.normal(mean, sd, 4000), 0, 5)
    top = 5 if indicator == "profile" else 6
    counts = np.bincount(
        np.minimum(values.astype(int) if indicator != "profile" else (values * 0.999).astype(int), top - 1),
        minlength=top,
    )
    told: dict[str, float] = {"n": n} | {f"s{k}": float(round(100 * c / 4000)) for k, c in enumerate(counts)}
    if indicator != "profile":
        told |= {"mean": round(float(values.mean()), 1), "sd": round(float(values.std()), 1)}
        arrays = [np.array([told[name]], dtype=np.float64) for name in ("n", "mean", "sd")]
        low, high = published_intervals(*arrays, (0.0, 5.0), RULES)[:, 0]
        told |= {"low": float(low), "high": float(high), "p50": float(np.median(values).round(1))}
        if n >= 20:
            told |= {"p25": float(np.quantile(values, 0.25).round(1)), "p75": float(np.quantile(values, 0.75).round(1))}
    return told


def release(folder: Path) -> tuple[Cube, dict[str, Any]]:
    """The cube as a file in a folder, with its manifest."""
    rows = cells("2025", 1) + cells("2026", 1, lift=0.1)
    text = {*KEYS, "status"}
    columns = {
        name: np.array([row.get(name, "") for row in rows])
        if name in text
        else np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)
        for name in COLUMNS
    }
    path = folder / "cube.parquet"
    write_columns(path, columns, order=KEYS)
    found = manifest()
    return Cube(path, found), found


def manifest() -> dict[str, Any]:
    questionnaire = definition().questionnaire
    names = {code: {"name": f"Industry {code}", "parent": ALL if len(code) == 1 else code[0]} for code in INDUSTRIES}
    indicators = [{"id": "overall", "kind": "overall", "name": "Overall readiness", "top": 5}]
    indicators += [
        {"id": f"D:{id}", "kind": "dimension", "name": d.title, "top": 5} for id, d in questionnaire.nodes.items()
    ]
    indicators += [
        {"id": f"Q:{id}", "kind": "question", "name": q.text, "top": 5} for id, q in questionnaire.questions.items()
    ]
    indicators += traits_told(definition())
    indicators.append({"id": "profile", "kind": "profile", "name": "Profile", "top": 4})
    return {
        "format": 1,
        "release": {
            "programme": "Made-up programme",
            "number": 2,
            "title": "Made-up figures",
            "made_at": "2026-11-20T10:00",
            "questionnaire": questionnaire.reference,
            "code_version": "0",
        },
        "waves": ["2025", "2026"],
        "classifications": {"industry": names, "region": {code: {"name": f"Region {code[3:]}"} for code in REGIONS}},
        "indicators": indicators,
        "rules": {"threshold": 10, "rounded_to": 5, "decimals": 1},
        "cells": {"shown": 4021, "held_back": 512},
        "protection": {"secrets": 61, "narrowest": 12.0},
        "coverage": coverage(),
        "population": {"firms": 1900, "self": 1600, "verified": 300},
        "cube_sha256": "9f2c4b7e" * 8,
        "previous": {"number": 1, "cube_sha256": "0d1e2f3a" * 8},
        "extra": {"panel": panel(), "funnel": funnel()},
    }


def coverage() -> dict[str, Any]:
    def row(code: str, frame: int, n: int | None, mean: float | None = None) -> dict[str, Any]:
        if n is None:
            return {"code": code, "frame": frame, "status": "C"}
        share = round(100 * n / frame, 1 if n < frame / 10 else 0) if n else 0
        told = (
            {} if mean is None else {"weighted_mean": mean, "low": round(mean - 0.1, 1), "high": round(mean + 0.2, 1)}
        )
        return {"code": code, "frame": frame, "status": "F", "n": n, "share": share} | told

    regions = [row(code, 40 * n, None if ("region", code) in HELD else n) for code, n in REGIONS.items()]
    return {
        "source": "Business register",
        "as_of": "2025-12-31",
        "frame": 48_000,
        "unknown": {"size": 0},
        "empty": {"section": ["B"], "size": [], "region": []},
        "total": row(ALL, 48_000, 1350, 1.5),
        "margins": {
            "section": [
                row("B", 300, 0),
                row("C", 41_000, 1200, 1.5),
                row("H", 3200, 60, 1.4),
                row("M", 3500, 90, 1.8),
            ],
            "size": [
                row("micro", 30_000, 210, 1.2),
                row("small", 13_000, 620, 1.6),
                row("medium", 3800, 350, 2.1),
                row("large", 1200, 170, 2.7),
            ],
            "region": regions,
        },
        "weights": {
            "margins": ["section", "size", "region"],
            "deff": 1.84,
            "n_eff": 735,
            "missed": 12,
            "is_met": False,
        },
    }


def panel() -> list[dict[str, Any]]:
    moves = [
        {"profile": 0, "status": "F", "n": 60, "shares": [60, 35, 5, 0, 0]},
        {"profile": 1, "status": "F", "n": 190, "shares": [5, 62, 30, 3, 0]},
        {"profile": 2, "status": "F", "n": 120, "shares": [0, 8, 68, 24, 0]},
        {"profile": 3, "status": "F", "n": 30, "shares": [0, 0, 20, 70, 10]},
        {"profile": 4, "status": "C"},
    ]
    both = {"from": "2025", "to": "2026"}
    shown = {"status": "F", "n": 405, "change": 0.2, "low": 0.1, "high": 0.3, "up": 31, "same": 60, "down": 9}
    return [
        both | {"by": "total", "code": ALL} | shown | {"moves": moves},
        both | {"by": "section", "code": "C"} | shown | {"n": 380},
        both | {"by": "section", "code": "M", "status": "C"},
        both | {"by": "size", "code": "small"} | shown | {"n": 210, "change": 0.1, "low": -0.1, "high": 0.2},
    ]


def funnel() -> list[dict[str, Any]]:
    steps = {
        "applied": 2450,
        "eligible": 2100,
        "selected": 1600,
        "self_assessed": 1350,
        "on_site": 420,
        "endorsed": 300,
        "support_applied": 110,
        "action_done": 40,
    }
    found: list[dict[str, Any]] = [{"state": state, "cases": cases, "status": "F"} for state, cases in steps.items()]
    return [*found, {"state": "reassessed", "status": "C"}]
