"""Made-up workshops whose people choose by known rules, so that what is learned can be held against what is true.

A country's questionnaire has 60 questions in 6 sections, the same in every workshop of a series: weight, section,
staff days, cost class, enabler and prerequisites belong to the question. Each workshop draws the gaps' sizes, the
difference between its groups and the share of "do not know", and lists the 12 gaps with the largest gap x weight of
30 drawn questions, as a facilitator would. A gap's strength is the sum of coefficient x standardised feature, plus the
room's own taste (normal, sd `taste`), plus each group's own (normal, half of it). Each of `people` has an order of
their own: strength plus a Gumbel draw; of six screens of four, balanced, they tap the highest as best and the lowest
as worst. No sampling is shared with the code under test: features are standardised here anew.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.past_workshops import GapFeatures, PastWorkshop, Tallies, Tally

Array = NDArray[np.float64]
QUESTIONS, DRAWN, LISTED, SCREENS = 60, 30, 12, 6
ENABLERS = ("funding", "infrastructure", "regulation", "skills", "technology")
RULE_ONLY = {"rule": 0.8}
FEATURES_MATTER = {"rule": 0.4, "days": -0.6, "difference": 0.5, "section=s1": 0.8, "section=s4": -0.8}


class Country:
    """One questionnaire and one way of choosing; workshops are drawn from it one after the other."""

    def __init__(self, seed: int, coefficients: Mapping[str, float], taste: float = 0.5) -> None:
        self.rng = np.random.default_rng(seed)
        self.coefficients, self.taste = coefficients, taste
        self.weight = self.rng.uniform(0.2, 1.0, QUESTIONS)
        self.days = self.rng.lognormal(3.5, 0.8, QUESTIONS)
        self.cost = self.rng.integers(0, 5, QUESTIONS)
        self.enabler = self.rng.integers(0, len(ENABLERS), QUESTIONS)
        self.dependencies = self.rng.integers(0, 4, QUESTIONS)

    def workshops(self, count: int, protocol: str = "1", people: int = 40) -> list[PastWorkshop]:
        return [self.workshop(f"{protocol}-{number:04}", protocol, people) for number in range(count)]

    def workshop(self, id: str, protocol: str = "1", people: int = 40) -> PastWorkshop:
        gaps, room = self.room()
        return PastWorkshop(id, "made-up", protocol, gaps, self.votes(gaps, room, people), people)

    def room(self) -> tuple[tuple[GapFeatures, ...], Array]:
        """A list of gaps and how strongly this room puts each first, its own taste included."""
        gaps = tuple(self.gaps())
        return gaps, self.strength(gaps) + self.rng.normal(0, self.taste, LISTED)

    def votes(self, gaps: Sequence[GapFeatures], room: Array, people: int) -> Tallies:
        """The private round of so many people, government and industry half each."""
        groups = {"government": people // 2, "industry": people - people // 2}
        return {name: self._votes(gaps, room, size) for name, size in groups.items()}

    def gaps(self) -> list[GapFeatures]:
        drawn = self.rng.choice(QUESTIONS, DRAWN, replace=False)
        sizes = self.rng.integers(1, 6, DRAWN)
        listed = np.argsort(-(sizes * self.weight[drawn]), kind="stable")[:LISTED]
        return [self._gap(int(drawn[row]), int(sizes[row])) for row in listed]

    def strength(self, gaps: Sequence[GapFeatures]) -> Array:
        """The true strength, before any taste."""
        parts = [beta * _true_feature(gaps, name) for name, beta in self.coefficients.items()]
        total: Array = np.sum(parts, axis=0)
        return total

    def _gap(self, question: int, size: int) -> GapFeatures:
        return GapFeatures(
            id=f"q{question:02}",
            size=size,
            weight=float(self.weight[question]),
            difference=float(self.rng.uniform(0, 2.5)),
            unknown=float(self.rng.uniform(0, 0.4)),
            section=f"s{question % 6}",
            days=float(self.days[question]),
            cost=int(self.cost[question]),
            enabler=ENABLERS[self.enabler[question]],
            dependencies=int(self.dependencies[question]),
        )

    def _votes(self, gaps: Sequence[GapFeatures], room: Array, people: int) -> dict[str, Tally]:
        group = room + self.rng.normal(0, self.taste / 2, LISTED)
        liking = group + self.rng.gumbel(size=(people, LISTED))
        rounds = [self.rng.permuted(np.tile(np.arange(LISTED), (people, 1)), axis=1) for _ in range(SCREENS // 3)]
        screens = np.stack(rounds, axis=1).reshape(people, SCREENS, 4)
        shown = liking[np.arange(people)[:, None, None], screens]
        best, worst = (np.take_along_axis(screens, pick[..., None], 2) for pick in (shown.argmax(2), shown.argmin(2)))
        net = np.bincount(best.ravel(), minlength=LISTED) - np.bincount(worst.ravel(), minlength=LISTED)
        times = np.bincount(screens.ravel(), minlength=LISTED)
        return {gap.id: Tally(int(net[row]), int(times[row])) for row, gap in enumerate(gaps)}


def _true_feature(gaps: Sequence[GapFeatures], name: str) -> Array:
    if "=" in name:
        kind, value = name.split("=")
        return np.array([float(getattr(gap, kind) == value) for gap in gaps])
    if name == "rule":
        values = np.array([gap.size * gap.weight for gap in gaps])
    else:
        values = np.array([float(getattr(gap, name)) for gap in gaps])
    if name in ("days", "dependencies"):
        values = np.log(1 + values)
    spread = values.std()
    return np.array((values - values.mean()) / spread if spread else 0 * values)
