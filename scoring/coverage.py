"""How far the firms of a programme stand for those of the country: coverage by the business register, and weights.

Firms that volunteer are not the population. Weights make them add up to the register by section, size and region; what
else sets them apart stays, and no interval tells of it. Everything here obeys the release's pattern: a group that is
held back there has no number of firms, no share and no weighted mean.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.disclosure import pattern
from scoring.dominance import Rules
from scoring.lattices import Array, Integers, Lattice, cells_of, classification
from scoring.mean_precision import mean_interval
from scoring.published_figures import rounded_to
from scoring.raking import Margin, Raked, collapsed, effective_n, kish_deff, rake_trimmed
from scoring.rounding import stored
from scoring.waves import Firms, Mask, ground

MARGINS = ("section", "size", "region")
ALL, SHOWN, HELD_BACK = "_T", "F", "C"
UNMET_MOST = 0.05  # of a margin's target: what cutting may leave unmet before it is said


@dataclass(frozen=True, slots=True)
class Assessed:
    """The firms of one wave as columns: enterprise group, code by margin ("" not known), overall score (NaN none)."""

    groups: Integers
    codes: Mapping[str, NDArray[np.str_]]
    scores: Array


@dataclass(frozen=True, slots=True)
class Registered:
    """So many firms of the business register have these codes; "" where the register does not tell."""

    section: str
    size: str
    region: str
    firms: int


def coverage(
    firms: Assessed,
    register: Sequence[Registered],
    shown: Mapping[str, Collection[str]],
    rules: Rules,
    scale: tuple[float, float],
    source: str = "",
    as_of: str = "",
) -> dict[str, Any]:
    """The part of a release's manifest on coverage, as JSON.

    `shown` names for "total" (its code is "_T") and each margin the groups whose cell the release shows. Numbers of
    firms are rounded, shares are whole hundredths of the register; `frame` is the register's own and public.
    """
    frames = {name: _frame(register, name) for name in MARGINS}
    frames = {name: frame for name, frame in frames.items() if frame}
    n = len(firms.groups)
    total = sum(each.firms for each in register)
    found: dict[str, Any] = {"source": source, "as_of": as_of, "frame": total, "unknown": {}, "empty": {}}
    found["total"] = _group(ALL, total, n, ALL in shown.get("total", ()), rules)
    found["margins"] = {name: _margin(firms, name, frame, shown, rules) for name, frame in frames.items()}
    for name, frame in frames.items():
        known = np.isin(firms.codes[name], list(frame))
        found["unknown"][name] = round(100 * (1 - float(known.mean()))) if n else 0
        found["empty"][name] = [code for code in sorted(frame) if code not in set(firms.codes[name].tolist())]
    if frames and n and ALL in shown.get("total", ()):
        _add_weights(found, firms, frames, shown, rules, scale)
    return found


def _frame(register: Sequence[Registered], name: str) -> dict[str, int]:
    """The register by one margin; nothing where some of its rows do not tell."""
    frame: dict[str, int] = {}
    for each in register:
        frame[getattr(each, name)] = frame.get(getattr(each, name), 0) + each.firms
    return {} if "" in frame else {code: firms for code, firms in frame.items() if firms > 0}


def _group(code: str, frame: int, n: int, is_shown: bool, rules: Rules) -> dict[str, Any]:
    if not is_shown:
        return {"code": code, "frame": frame, "status": HELD_BACK}
    told = int(rounded_to(np.array([n]), rules.base)[0])
    share = round(100 * told / frame, 1 if told < frame / 10 else 0) if frame else None
    return {"code": code, "frame": frame, "status": SHOWN, "n": told, "share": share}


def _margin(
    firms: Assessed, name: str, frame: Mapping[str, int], shown: Mapping[str, Collection[str]], rules: Rules
) -> list[dict[str, Any]]:
    """Every group of the register; one without a firm is said to be empty, as the release's own tables say it."""
    codes, counts = np.unique(firms.codes[name], return_counts=True)
    held = dict(zip(codes.tolist(), counts.tolist(), strict=True))
    rows = []
    for code in sorted(frame):
        if held.get(code, 0) == 0:
            rows.append({"code": code, "frame": frame[code], "status": SHOWN, "n": 0, "share": 0})
        else:
            rows.append(_group(code, frame[code], held[code], code in shown.get(name, ()), rules))
    return rows


def _add_weights(
    found: dict[str, Any],
    firms: Assessed,
    frames: Mapping[str, Mapping[str, int]],
    shown: Mapping[str, Collection[str]],
    rules: Rules,
    scale: tuple[float, float],
) -> None:
    weights, raked = weights_of(firms, frames)
    found["weights"] = {
        "margins": list(frames),
        "deff": round(kish_deff(weights), 2),
        "n_eff": int(rounded_to(np.array([int(effective_n(weights))]), rules.base)[0]),
        "missed": round(100 * raked.missed),
        "is_met": raked.missed <= UNMET_MOST,
    }
    has = ~np.isnan(firms.scores)
    lacking = int((~has).sum())
    if 0 < lacking < rules.threshold:
        return
    for name, codes in _weighted_shown(firms, weights, frames, shown, rules).items():
        rows = [found["total"]] if name == "total" else found["margins"][name]
        for row in rows:
            chosen = has if name == "total" else has & (firms.codes[name] == row["code"])
            if row["code"] in codes and _is_split(has, chosen, firms, name, row["code"], rules):
                row |= _weighted(firms.scores[chosen], weights[chosen], scale, rules)


def _is_split(has: Mask, chosen: Mask, firms: Assessed, name: str, code: str, rules: Rules) -> bool:
    """Whether the firms of a group with and without a score are each none or enough."""
    n = len(has) if name == "total" else int((firms.codes[name] == code).sum())
    without = n - int(chosen.sum())
    return int(chosen.sum()) >= rules.threshold and (without == 0 or without >= rules.threshold)


def _weighted(scores: Array, weights: Array, scale: tuple[float, float], rules: Rules) -> dict[str, float]:
    mean, low, high = mean_interval(scores, weights)
    unit = 10.0**-rules.decimals
    ends = np.clip([np.floor(low / unit) * unit, np.ceil(high / unit) * unit], *scale)
    told = stored(np.array([mean]), rules.decimals)[0]
    return {
        "weighted_mean": float(told),
        "low": round(float(ends[0]), rules.decimals),
        "high": round(float(ends[1]), rules.decimals),
    }


def weights_of(firms: Assessed, frames: Mapping[str, Mapping[str, int]]) -> tuple[Array, Raked]:
    """The weight of each firm. Where a code is not known, a firm counts as the known ones do together.

    Targets of groups that hold no firm are shared among the others in proportion: `empty` names these groups.
    """
    margins = [_as_margin(firms.codes[name], frame) for name, frame in frames.items()]
    crossing = np.stack([margin.of_firm for margin in margins])
    rows, of_firm, counts = np.unique(crossing, axis=1, return_inverse=True, return_counts=True)
    raked = rake_trimmed(
        [Margin(row, m.targets) for row, m in zip(rows, margins, strict=True)], counts.astype(np.float64)
    )
    return (raked.weights / counts)[of_firm.ravel()], raked


def _as_margin(codes: NDArray[np.str_], frame: Mapping[str, int]) -> Margin:
    known = sorted(frame)
    at = np.searchsorted(known, codes)
    place = np.where(np.array([*known, "\uffff"])[np.minimum(at, len(known))] == codes, at, len(known))
    targets = np.array([frame[code] for code in known], dtype=np.float64)
    unknown = float((place == len(known)).mean())
    joined = collapsed(Margin(place, np.append(targets * (1 - unknown), targets.sum() * unknown)))
    return Margin(joined.of_firm, joined.targets / joined.targets.sum())


def _weighted_shown(
    firms: Assessed,
    weights: Array,
    frames: Mapping[str, Mapping[str, int]],
    shown: Mapping[str, Collection[str]],
    rules: Rules,
) -> dict[str, set[str]]:
    """Which weighted means go out: those of cells the release shows, where weights are not dominated either.

    The pattern is made anew with weights as contributions, so that no remainder is dominated.
    """
    names = list(frames)
    leaves = [np.unique(firms.codes[name], return_inverse=True) for name in names]
    kinds = [classification(name, len(codes)) for name, (codes, _) in zip(names, leaves, strict=True)]
    tables = [tuple(int(p != place) for p in range(len(names))) for place in range(len(names))]
    lattice = Lattice(tuple(kinds), ((1,) * len(names), *tables))
    cells = cells_of(lattice, np.stack([of_firm for _, of_firm in leaves]).astype(np.int64))
    labels = [
        ("total", ALL) if t == 0 else (names[t - 1], str(leaves[t - 1][0][code[t - 1]]))
        for t, code in zip(cells.table.tolist(), cells.codes.tolist(), strict=True)
    ]
    held_back = np.array([code not in shown.get(name, ()) for name, code in labels], dtype=np.bool_)
    of = ground(Firms(np.arange(len(weights)), firms.groups, weights), cells)
    out = pattern(of, rules, held_back).shown
    found: dict[str, set[str]] = {}
    for (name, code), is_out in zip(labels, out.tolist(), strict=True):
        if is_out:
            found.setdefault(name, set()).add(code)
    return found
