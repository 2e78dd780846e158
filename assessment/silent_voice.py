"""What earlier workshops would say of a room's gaps: one labelled voice, heard only after round one was shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from sqlalchemy.orm import Session

from assessment.first_round import counts_of, top_places
from assessment.learned_models import current_model
from assessment.room_priorities import SHOWN
from assessment.rounds import BEST_WORST
from assessment.tables import Round, Workshop, WorkshopGap
from assessment.workshop_rules import WorkshopRules
from scoring.best_worst import BallotCounts, item_scores, mid_ranks
from scoring.dispersion import SMALLEST_GROUP
from scoring.learning import Learned
from scoring.learning_gate import MINIMUM_WORKSHOPS, Gate, Margin, Reason
from scoring.learning_prediction import Term, predict
from scoring.past_workshops import GapFeatures, tallies_of
from scoring.silent_participant import prior_scores, with_silent_participant

Standing = Literal["off", "too_few", "does_not_beat", "speaks"]
STANDINGS: Mapping[Reason, Standing] = {"too_few": "too_few", "does_not_beat": "does_not_beat", "beats": "speaks"}


@dataclass(frozen=True, slots=True)
class SaidOfGap:
    """One gap: where earlier workshops would place it, with its chance to be among the first k and why.

    `room_place` is its place in the room, `place_with_it` its place when the voice is heard as one of the people.
    """

    question: str
    place: int
    top: float
    reasons: tuple[Term, ...]
    room_place: float
    place_with_it: float


@dataclass(frozen=True, slots=True)
class SilentVoice:
    """The voice, or why it is not heard: `off` by the rules, `too_few` workshops, `does_not_beat` gap x weight.

    `weight` = kappa / (kappa + people) is its part in every score. `tau` says how much better than gap x weight it was
    on workshops that it had not seen. `said` by the place in the room; empty unless it speaks. The order that a room
    agrees on is its own: this stands beside it.
    """

    standing: Standing
    workshops: int
    minimum: int
    kappa: int
    people: int
    k: int
    weight: float
    tau: Margin | None
    said: tuple[SaidOfGap, ...]


def build_voice(
    session: Session, workshop: Workshop, gaps: Sequence[WorkshopGap], asked: Sequence[Round]
) -> SilentVoice | None:
    """The same from rows that are at hand. No model is looked at before round one was shown."""
    one = next((each for each in asked if each.kind == BEST_WORST and each.state in SHOWN), None)
    if one is None:
        return None
    learned = None
    if WorkshopRules.from_json(workshop.rules).silent_voice:
        instrument = f"{workshop.questionnaire_id}@{workshop.questionnaire_version}"
        learned = current_model(session, instrument, workshop.protocol)
    return _voice(workshop, one, gaps, learned)


def _voice(
    workshop: Workshop, asked: Round, gaps: Sequence[WorkshopGap], learned: Learned | None
) -> SilentVoice | None:
    rules, counts = WorkshopRules.from_json(workshop.rules), counts_of(workshop, asked)
    kappa, people = rules.silent_voice, len(counts.people)
    if people < SMALLEST_GROUP:
        return None
    k = top_places(workshop, asked)
    gate = learned.gate if learned else Gate("too_few", 0, MINIMUM_WORKSHOPS, k)
    speaks = bool(kappa and gate.open)
    said: tuple[SaidOfGap, ...] = ()
    if speaks and learned:
        said = _said(learned, [GapFeatures(**row.features) for row in gaps if row.is_listed], counts, kappa, k)
    return SilentVoice(
        standing="off" if not kappa else STANDINGS[gate.reason],
        workshops=gate.workshops,
        minimum=gate.minimum,
        kappa=kappa,
        people=people,
        k=k,
        weight=kappa / (kappa + people) if speaks else 0.0,
        tau=gate.tau,
        said=said,
    )


def _said(
    learned: Learned, gaps: Sequence[GapFeatures], counts: BallotCounts, kappa: int, k: int
) -> tuple[SaidOfGap, ...]:
    combined = with_silent_participant(prior_scores(learned.model, gaps), tallies_of(counts), len(counts.people), kappa)
    heard = [combined.gaps[item].score for item in counts.items]
    together = dict(zip(counts.items, mid_ranks(np.array(heard)).tolist(), strict=True))
    alone = {score.item: score.rank for score in item_scores(counts)}
    found = [
        SaidOfGap(s.gap, s.place, s.in_top, s.reasons, alone[s.gap], together[s.gap])
        for s in predict(learned.model, gaps, k).suggestions
    ]
    return tuple(sorted(found, key=lambda each: each.room_place))
