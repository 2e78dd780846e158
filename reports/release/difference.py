"""What has changed from one release to the next: cells that came, went, are held back or shown now, or differ."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from assessment.csv_sheets import sheet_parts
from reports.release.cube import COLUMNS, HELD_BACK, KEYS, NUMBERS, SHARES, STATUS, Cube
from reports.release.labels import N_, Labels

NEW, GONE, NOW_HELD_BACK, NOW_SHOWN, FIGURE = "new", "gone", "held_back", "shown", "figure"
KINDS: Mapping[str, str] = {
    NEW: N_("New: the last release did not have the cell"),
    GONE: N_("Gone: this release does not have the cell"),
    NOW_HELD_BACK: N_("Shown before, held back now"),
    NOW_SHOWN: N_("Held back before, shown now"),
    FIGURE: N_("A figure differs by more than rounding"),
}
FIRST = 200  # changes that the page lists; the file has all
Cell = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is not what it was. `figures` are those that differ by more than rounding does."""

    keys: tuple[str, ...]
    kind: str
    figures: tuple[str, ...]
    before: Cell | None
    after: Cell | None

    def told(self, name: str, when: str) -> Any:
        cell = self.before if when == "before" else self.after
        return None if cell is None else cell[COLUMNS.index(name)]


def differences(previous: Cube, this: Cube) -> Iterator[Change]:
    """Every change, in the order of the cells. A figure that either release holds back is in neither."""
    steps = _steps(this.manifest)
    before, after = previous.cells(), this.cells()
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        first = min(tuple(cell[:STATUS]) for cell in (old, new) if cell is not None)
        was = old if old is not None and tuple(old[:STATUS]) == first else None
        now = new if new is not None and tuple(new[:STATUS]) == first else None
        found = _change(first, was, now, steps)
        if found is not None:
            yield found
        if was is not None:
            old = next(before, None)
        if now is not None:
            new = next(after, None)


def _change(keys: tuple[str, ...], was: Cell | None, now: Cell | None, steps: Mapping[str, float]) -> Change | None:
    if was is None or now is None:
        return Change(keys, NEW if was is None else GONE, (), was, now)
    if was[STATUS] != now[STATUS]:
        return Change(keys, NOW_HELD_BACK if now[STATUS] == HELD_BACK else NOW_SHOWN, (), was, now)
    changed = tuple(
        name
        for name, old, new in zip(NUMBERS, was[STATUS + 1 :], now[STATUS + 1 :], strict=True)
        if (old is None) != (new is None) or (old is not None and abs(new - old) > steps[name] + 1e-9)
    )
    return Change(keys, FIGURE, changed, was, now) if changed else None


def _steps(manifest: Mapping[str, Any]) -> dict[str, float]:
    """By how much rounding alone can move each figure."""
    rules = manifest.get("rules", {})
    score = 10.0 ** -int(rules.get("decimals", 1))
    return dict.fromkeys(NUMBERS, score) | dict.fromkeys(SHARES, 1.0) | {"n": float(rules.get("rounded_to", 5))}


def differences_csv(previous: Cube, this: Cube, labels: Labels) -> Iterator[bytes]:
    """Every change as CSV, in parts: the cell by codes and names, what has changed, n and mean before and after."""
    columns = [*KEYS, *(f"{name}_name" for name in KEYS[1:]), "change", "change_name", "figures", "status_before",
               "status_after", "n_before", "n_after", "mean_before", "mean_after"]  # fmt: skip
    return sheet_parts(columns, (_row(change, labels) for change in differences(previous, this)))


def differences_json(previous: Cube, this: Cube) -> bytes:
    """How many changes there are of each kind, and the first of them: what the page of a release shows."""
    counts: Counter[str] = Counter()

    def counted() -> Iterator[Change]:
        for change in differences(previous, this):
            counts[change.kind] += 1
            yield change

    found = counted()
    first = [_plain(change) for change in islice(found, FIRST)]
    for _ in found:
        pass
    release = previous.manifest.get("release", {})
    told = {"previous": release.get("number"), "counts": dict(counts), "first": first}
    return json.dumps(told, ensure_ascii=False).encode()


def _plain(change: Change) -> dict[str, Any]:
    pairs: Iterable[tuple[str, str]] = ((name, when) for name in ("n", "mean") for when in ("before", "after"))
    figures = {f"{name}_{when}": change.told(name, when) for name, when in pairs}
    return {
        **dict(zip(KEYS, change.keys, strict=True)),
        "change": change.kind,
        "figures": list(change.figures),
        **figures,
    }


def _row(change: Change, labels: Labels) -> dict[str, Any]:
    names = {
        f"{name}_name": labels.of(name, code) for name, code in zip(KEYS, change.keys, strict=True) if name != "wave"
    }
    return {
        **_plain(change),
        **names,
        "change_name": labels.wording.gettext(KINDS[change.kind]),
        "figures": " ".join(change.figures),
        "status_before": change.told("status", "before"),
        "status_after": change.told("status", "after"),
    }
