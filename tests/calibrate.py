"""`make calibrate`: how often the rank bars and the chances of a room's order are right, over simulated rooms."""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from scoring.best_worst import BallotCounts
from scoring.rank_certainty import RankCertainty, rank_certainty
from tests.scoring.rooms import KINDS, Room, rooms

METHOD = Path(__file__).parent.parent / "docs" / "method.md"
BEGIN, END = "<!-- calibration: begin -->", "<!-- calibration: end -->"
PEOPLE = (20, 40, 60)
TOPS = (3, 5)
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
Certainty = Callable[[BallotCounts, int], RankCertainty]


@dataclass(frozen=True, slots=True)
class Bin:
    """The chances of one bin: how many, their mean, and the share of them that came true."""

    number: int
    said: float
    true: float


@dataclass(frozen=True, slots=True)
class Chances:
    """How far the chances to be in the top k can be relied on; `ignorant` is the Brier score of equal chances."""

    k: int
    bins: tuple[Bin, ...]
    brier: float
    ignorant: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Rooms of one size: the share of bars that hold the true rank, in all and by kind, and the bars' mean length."""

    people: int
    rooms: int
    coverage: float
    by_kind: tuple[float, ...]
    length: float
    chances: tuple[Chances, ...]


def calibrate(simulated: Sequence[Room], certainty: Certainty = rank_certainty) -> Calibration:
    """Hold what `certainty` says of each room against the order among all people like those in it."""
    found = {k: [certainty(room.counts, k) for room in simulated] for k in TOPS}
    hits: dict[str, list[bool]] = {kind.name: [] for kind in KINDS}
    lengths: list[float] = []
    for room, said in zip(simulated, found[TOPS[0]], strict=True):
        hits[room.kind].extend(bar.low <= rank <= bar.high for bar, rank in zip(said.bars, room.true_rank, strict=True))
        lengths.extend(bar.high - bar.low for bar in said.bars)
    every = [hit for kind in hits.values() for hit in kind]
    by_kind = tuple(float(np.mean(kind)) if kind else float("nan") for kind in hits.values())
    chances = tuple(_chances(k, simulated, found[k]) for k in TOPS)
    return Calibration(
        simulated[0].people, len(simulated), float(np.mean(every)), by_kind, float(np.mean(lengths)), chances
    )


def _chances(k: int, simulated: Iterable[Room], found: Iterable[RankCertainty]) -> Chances:
    said, true, equal = [], [], []
    for room, each in zip(simulated, found, strict=True):
        said.extend(bar.top for bar in each.bars)
        true.extend(room.true_rank <= k)
        equal.extend([k / len(each.bars)] * len(each.bars))
    p, happened = np.array(said), np.array(true, dtype=np.float64)
    bins = np.clip(np.searchsorted(BINS, p, side="right") - 1, 0, len(BINS) - 2)
    return Chances(
        k,
        tuple(_bin(p[bins == b], happened[bins == b]) for b in range(len(BINS) - 1)),
        float(((p - happened) ** 2).mean()),
        float(((np.array(equal) - happened) ** 2).mean()),
    )


def _bin(said: NDArray[np.float64], true: NDArray[np.float64]) -> Bin:
    if not len(said):
        return Bin(0, float("nan"), float("nan"))
    return Bin(len(said), float(said.mean()), float(true.mean()))


def as_table(measured: Sequence[Calibration], seed: int, day: str) -> str:
    """The figures as they stand in docs/method.md."""
    head = (
        f"Measured on {day} with seed {seed}: {measured[0].rooms:,} simulated rooms of each size, 10 to 15 items, "
        "2,000 draws."
    )
    bars = [
        "| people | 90 % bars that hold the true rank | " + " | ".join(k.name for k in KINDS) + " | length, ranks |"
    ]
    bars.append("|" + "---|" * (len(KINDS) + 3))
    for each in measured:
        kinds = " | ".join(f"{share:.1%}" for share in each.by_kind)
        bars.append(f"| {each.people} | {each.coverage:.1%} | {kinds} | {each.length:.1f} |")
    spans = [f"{a:.0%} to {b:.0%}" for a, b in pairwise(BINS)]
    chances = ["| people | top | " + " | ".join(spans) + " | Brier | with equal chances |"]
    chances.append("|" + "---|" * (len(spans) + 4))
    for each in measured:
        for c in each.chances:
            cells = " | ".join(
                f"{b.true:.0%} of {b.number:,} (said {b.said:.0%})" if b.number else "none" for b in c.bins
            )
            chances.append(f"| {each.people} | {c.k} | {cells} | {c.brier:.3f} | {c.ignorant:.3f} |")
    said = "What became of the chances to be in the top k, by what was said:"
    return "\n".join([head, "", *bars, "", said, "", *chances])


def put_into(text: str, table: str) -> str:
    """The text with the table between the two marks."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n{table}\n{END}{rest.split(END)[1]}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.calibrate", description=__doc__)
    parser.add_argument("--rooms", type=int, default=600, help="simulated rooms of each size")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--write", action="store_true", help="put the table into docs/method.md")
    arguments = parser.parse_args()
    measured = [calibrate(rooms(arguments.seed, people, arguments.rooms)) for people in PEOPLE]
    table = as_table(measured, arguments.seed, f"{datetime.now(UTC):%Y-%m-%d}")
    sys.stdout.write(table + "\n")
    if arguments.write:
        METHOD.write_text(put_into(METHOD.read_text(), table))
    sys.exit(0 if all(0.85 <= each.coverage <= 0.97 for each in measured) else 1)


if __name__ == "__main__":
    main()
