"""What is known of an earlier workshop: its gaps, and how people voted on them alone, before they saw any result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from questionnaires.problems import Refused
from scoring.best_worst import BallotCounts, by_block


@dataclass(frozen=True, slots=True)
class GapFeatures:
    """What can be known of a gap before anybody votes; None is not known and counts as the list's average.

    `size` in levels, `weight` the question's share in the overall score, `difference` the distance between the groups'
    mean levels, `unknown` the share of "do not know" (0 to 1), `section` the dimension's or section's id. Of the
    actions that close it: `days` all their staff days, `cost` the class of the cheapest (0, 1, 2 ...; dearer is
    higher), `enabler` what it needs, `dependencies` how many actions must come first.
    """

    id: str
    size: float
    weight: float
    difference: float | None = None
    unknown: float | None = None
    section: str | None = None
    days: float | None = None
    cost: int | None = None
    enabler: str | None = None
    dependencies: int | None = None

    def __post_init__(self) -> None:
        if self.size < 0 or self.weight < 0:
            raise ValueError("a gap's size and weight are not below 0")


@dataclass(frozen=True, slots=True)
class Tally:
    """One group's taps on one gap: times tapped as best less times tapped as worst, and times shown."""

    net: int
    shown: int

    def __post_init__(self) -> None:
        if abs(self.net) > self.shown:
            raise ValueError("a gap is tapped no more often than it is shown")


Tallies = Mapping[str, Mapping[str, Tally]]  # group -> gap -> tally


@dataclass(frozen=True, slots=True)
class PastWorkshop:
    """A workshop that may be learned from. `first_round` is private: group -> gap -> tally; `people` voted in it."""

    id: str
    instrument: str
    protocol: str
    gaps: tuple[GapFeatures, ...]
    first_round: Tallies
    people: int

    def __post_init__(self) -> None:
        ids = {gap.id for gap in self.gaps}
        voted = {gap for tallies in self.first_round.values() for gap in tallies}
        if len(ids) != len(self.gaps) or voted - ids:
            raise ValueError(f"workshop {self.id!r}: every gap stands once, and votes are on its own gaps")


class MixedWorkshops(Refused):
    """Workshops of different questionnaires or protocol versions would be learned from as if they were the same."""


def tallies_of(counts: BallotCounts) -> dict[str, dict[str, Tally]]:
    """A room's choices as tallies, by its blocks: a group too small to be shown is never apart here either.

    A block of several groups has their names joined by " + "; a gap that a block was not shown has no tally in it.
    """
    found: dict[str, dict[str, Tally]] = {}
    net, shown = (
        by_block(counts.block, each, len(counts.blocks)).astype(np.int64) for each in (counts.net, counts.shown)
    )
    for row, block in enumerate(counts.blocks):
        taps = zip(counts.items, net[row].tolist(), shown[row].tolist(), strict=True)
        found[" + ".join(block.groups)] = {item: Tally(n, s) for item, n, s in taps if s}
    return found


def room_scores(first_round: Tallies) -> dict[str, float]:
    """Each gap's score, -1 (always worst) to 1 (always best): net / shown per group, then the mean of the groups.

    Every group that saw the gap counts the same, however many people it has; a gap nobody saw has no score.
    """
    scores: dict[str, list[float]] = {}
    for _, tallies in sorted(first_round.items()):
        for gap, tally in tallies.items():
            if tally.shown:
                scores.setdefault(gap, []).append(tally.net / tally.shown)
    return {gap: sum(each) / len(each) for gap, each in sorted(scores.items())}


def times_shown(first_round: Tallies) -> dict[str, int]:
    """How often each gap was shown, over all groups."""
    shown: dict[str, int] = {}
    for tallies in first_round.values():
        for gap, tally in tallies.items():
            shown[gap] = shown.get(gap, 0) + tally.shown
    return shown


def teaching(workshops: Iterable[PastWorkshop], instrument: str, protocol: str) -> tuple[PastWorkshop, ...]:
    """The workshops of this questionnaire and protocol version in which people compared two gaps at least, by id.

    Raises:
        ValueError: two of them have the same id.
    """
    same = (w for w in workshops if (w.instrument, w.protocol) == (instrument, protocol))
    found = sorted((w for w in same if w.people > 0 and len(room_scores(w.first_round)) > 1), key=lambda w: w.id)
    if len({w.id for w in found}) != len(found):
        raise ValueError("every workshop is learned from once")
    return tuple(found)


def refuse_mixed(workshops: Iterable[PastWorkshop]) -> None:
    """Raise MixedWorkshops unless all share one questionnaire and one protocol version."""
    kinds = sorted({(w.instrument, w.protocol) for w in workshops})
    if len(kinds) > 1:
        told = ", ".join(f"{instrument} (protocol {protocol})" for instrument, protocol in kinds)
        raise MixedWorkshops(f"These workshops cannot be learned from together: {told}. Learn from each kind apart.")
