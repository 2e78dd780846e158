"""What a release tells beside its cells stands as long as the cells do that it is about.

Coverage, the change in the same firms and the funnel are worked out of all firms there are. Told anew with every
release they would tell which group the one firm is of that has come since, and each new set of weights would be one
more sum over the same firms. So they follow what is told of their cells, and nothing that is not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from assessment.release_making import ALL, FIGURES, OVERALL, Wave
from assessment.release_standing import SHOWN, STATUS, Rows
from assessment.release_units import UNKNOWN
from scoring.coverage import MARGINS

Told = Mapping[str, Any]
OneWay = Mapping[tuple[str, str], tuple[Any, ...]]  # of each group of a margin: status, and the figures as shown
WEIGHTED = ("weighted_mean", "low", "high")
COLUMN = {"section": "industry", "size": "size", "region": "region"}
GROUPS = ("industry", "size", "region", "ownership", "basis")


def one_way(rows: Rows) -> OneWay:
    """The overall score of all firms and of each group of a margin, as a wave's rows tell it."""
    found: dict[tuple[str, str], tuple[Any, ...]] = {}
    for row, indicator in enumerate(rows["indicator"]):
        if indicator != OVERALL:
            continue
        named = {group: str(rows[group][row]) for group in GROUPS if rows[group][row] != ALL}
        told = (str(rows[STATUS][row]), *(_figure(rows[name][row]) for name in FIGURES))
        if not named:
            found["total", ALL] = told
        for name, column in COLUMN.items():
            if set(named) == {column} and (name != "section" or len(named[column]) == 1 or named[column] == UNKNOWN):
                found[name, named[column]] = told
    return found


def _figure(value: Any) -> float | None:
    return None if value is None or value != value else round(float(value), 4)  # not-a-number is not itself


def coverage_standing(anew: Told, now: OneWay, then: OneWay, last: Told) -> dict[str, Any]:
    """Coverage as the shown cells have it: numbers of firms are theirs, and weights are told with a cell told anew.

    `then` are the cells of the newest release before that told coverage of this wave and `last` is what it told, both
    empty where there is none. Weighted means of a register that has changed since wait until their cell is told anew.
    """
    same_register = _register_of(anew) == _register_of(last)
    found = dict(anew)
    changed = now.get(("total", ALL)) != then.get(("total", ALL))
    before = _weighted_rows(last) if same_register else {}

    def row(name: str, given: Told) -> dict[str, Any]:
        key = (name, str(given["code"]))
        is_anew = now.get(key) != then.get(key) or not last
        source = given if is_anew else before.get(key, {})
        return _as_cell(given, now.get(key)) | {each: source[each] for each in WEIGHTED if each in source}

    found["total"] = row("total", anew["total"])
    found["margins"] = {name: [row(name, each) for each in rows] for name, rows in anew["margins"].items()}
    found["empty"] = {
        name: [each["code"] for each in rows if (name, each["code"]) not in now]
        for name, rows in found["margins"].items()
    }
    found["unknown"] = {name: _share(now.get((name, UNKNOWN)), now.get(("total", ALL))) for name in anew["unknown"]}
    if not (changed or not last):
        found.pop("weights", None)
        if same_register and "weights" in last:
            found["weights"] = last["weights"]
    return found


def _as_cell(given: Told, cell: tuple[Any, ...] | None) -> dict[str, Any]:
    """A group of the register with the number of firms that its cell shows; none where it has no cell."""
    told = {"code": given["code"], "frame": given["frame"], "status": SHOWN}
    if cell is None:
        return told | {"n": 0, "share": 0}
    if cell[0] != SHOWN:
        return told | {"status": cell[0]}
    n, frame = int(cell[1]), given["frame"]
    return told | {"n": n, "share": round(100 * n / frame, 1 if n < frame / 10 else 0) if frame else None}


def _share(group: tuple[Any, ...] | None, total: tuple[Any, ...] | None) -> int | None:
    """Whole hundredths of the firms that are in a group, None where it is held back."""
    if group is None:
        return 0
    if total is None or group[0] != SHOWN or total[0] != SHOWN:
        return None
    return round(100 * float(group[1]) / float(total[1]))


def _register_of(coverage: Told) -> Any:
    frames = {
        name: [(row["code"], row["frame"]) for row in coverage.get("margins", {}).get(name, ())] for name in MARGINS
    }
    return coverage.get("source"), coverage.get("as_of"), coverage.get("frame"), frames


def _weighted_rows(last: Told) -> dict[tuple[str, str], Told]:
    found = {(name, str(row["code"])): row for name, rows in last.get("margins", {}).items() for row in rows}
    return found | {("total", ALL): last["total"]} if "total" in last else found


def panel_standing(anew: Sequence[Told], last: Sequence[Told]) -> list[Told]:
    """The change in the same firms: a row that cannot be told anew, or is gone, is as the last release of it had it."""
    now, before = ({_key(row): row for row in rows} for rows in (anew, last))
    if not before:
        return list(anew)
    found = {key: row for key, row in now.items() if row[STATUS] == SHOWN}
    found |= {key: row for key, row in before.items() if key not in found}
    order = {name: place for place, name in enumerate(("total", "section", "size"))}
    return [found[key] for key in sorted(found, key=lambda key: (*key[:2], order.get(key[2], len(order)), key[3]))]


def _key(row: Told) -> tuple[str, str, str, str]:
    return str(row["from"]), str(row["to"]), str(row["by"]), str(row["code"])


def funnel_standing(anew: Sequence[Told], last: Sequence[Told], threshold: int, base: int) -> list[Told]:
    """Steps of the funnel: a number is told anew once it has changed by the threshold, rounding apart."""
    before = {row["state"]: row for row in last if row[STATUS] == SHOWN}

    def told(row: Told) -> Told:
        then = before.get(row["state"])
        if then is None or (row[STATUS] == SHOWN and abs(row["cases"] - then["cases"]) >= threshold + base):
            return row
        return then

    return [told(row) for row in anew] or list(last)


def names_kept(manifest: Told, waves: Sequence[Wave], before: Sequence[Told]) -> dict[str, Any]:
    """The lists of codes of a release, with those of its rows that are gone from them, as the last one called them.

    `before` are the manifests of earlier releases, oldest first.
    """
    found = {side: dict(codes) for side, codes in manifest["classifications"].items()}
    for side, codes in found.items():
        wanted = {str(code) for wave in waves for code in set(wave.columns[side].tolist())}
        wanted |= {str(row["code"]) for row in manifest["extra"]["panel"] if COLUMN.get(row["by"]) == side}
        gone = sorted(wanted - codes.keys())
        while gone:
            code = gone.pop()
            lists = (each["classifications"].get(side, {}) for each in reversed(before))
            codes[code] = next((each[code] for each in lists if code in each), {"name": code, "parent": ALL})
            if (parent := codes[code].get("parent", ALL)) not in codes:
                gone.append(parent)
    return found
