"""The silent participant: what earlier workshops would say, as one voice worth a few people, fading as people vote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.learning_gate import Gate
from scoring.learning_model import Model, strengths
from scoring.past_workshops import GapFeatures, Tallies, room_scores

KAPPA = 5.0  # people; the facilitator may lower it to 0


@dataclass(frozen=True, slots=True)
class Heard:
    """A gap's score by earlier workshops, by the room (None: nobody was shown it), and by both, all -1 to 1."""

    prior: float
    observed: float | None
    score: float


@dataclass(frozen=True, slots=True)
class Combined:
    """The scores with the silent participant among `people`; `weight` is its part in every score, 0 to 1."""

    people: int
    kappa: float
    weight: float
    gaps: Mapping[str, Heard]


def worth(gate: Gate, kappa: float = KAPPA) -> float:
    """How many people the silent participant counts: none unless the gate is open."""
    return kappa if gate.open else 0.0


def prior_scores(model: Model, gaps: Sequence[GapFeatures]) -> dict[str, float]:
    """The best-worst score that each gap would have if people chose as the model says: -1 to 1, mean about 0.

    tanh(strength / 2), with the strengths' mean taken off, is the score s whose logit ln((1 + s) / (1 - s)) is the
    strength: the same relation by which the model learned from scores.
    """
    ordered = sorted(gaps, key=lambda gap: gap.id)
    found = strengths(model, ordered)
    scores = np.tanh((found - found.mean()) / 2).tolist() if ordered else []
    return dict(zip((gap.id for gap in ordered), scores, strict=True))


def with_silent_participant(
    prior: Mapping[str, float], first_round: Tallies, people: int, kappa: float = KAPPA
) -> Combined:
    """The room's scores with the silent participant: (kappa x prior + people x room) / (kappa + people) for each gap.

    The room's score is the mean of its groups' scores, whatever their size; `people` is how many have voted, all
    groups together. So the participant's part is kappa / (kappa + people): half with as many people as it is worth,
    a ninth with 40 for kappa 5, none with kappa 0. A gap that nobody was shown yet has the prior's score alone, or
    0 with kappa 0. Votes on gaps that the prior does not know stay as they are.

    Raises:
        ValueError: kappa or the number of people is below 0, or there are votes of nobody.
    """
    observed = room_scores(first_round)
    if kappa < 0 or people < 0 or (observed and not people):
        raise ValueError("people and what the silent participant is worth are not below 0, and votes have voters")
    weight = kappa / (kappa + people) if kappa else 0.0
    heard = {gap: _heard(prior.get(gap), observed.get(gap), weight) for gap in sorted({*prior, *observed})}
    return Combined(people, kappa, weight, heard)


def _heard(prior: float | None, observed: float | None, weight: float) -> Heard:
    if prior is None:
        return Heard(0.0, observed, observed or 0.0)
    if observed is None:
        return Heard(prior, None, prior if weight else 0.0)
    return Heard(prior, observed, weight * prior + (1 - weight) * observed)
