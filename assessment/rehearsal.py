"""A rehearsal: simulated people who join and vote, so that a facilitator can walk through a workshop alone.

Each simulated person has a view of every question: the mean of its ladder, moved by the group and by the person, all
drawn from the workshop's seed. They are made up, count only in a workshop that is planned as a rehearsal, and teach
nothing.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import participants, rounds, votes
from assessment.errors import N_, Conflict
from assessment.participants import MOST_PARTICIPANTS
from assessment.rounds import BEST_WORST, LEVELS, NothingAsked
from assessment.tables import Participant, Round, Workshop
from assessment.votes import UNKNOWN, Given
from assessment.workshop_access import Seat
from questionnaires.schema import Questionnaire

SOURCE = "simulated"
MOST_AT_ONCE = 60
UNKNOWN_SHARE, SKIPPED_SHARE = 0.06, 0.05


class NoRehearsal(Conflict):
    """Made-up people never count beside real ones."""

    def __init__(self) -> None:
        super().__init__(N_("Simulated people come only into a workshop that was planned as a rehearsal."))


def let_in(session: Session, workshop: Workshop, count: int, now: datetime) -> None:
    """Seat simulated people, the groups in turn.

    Raises:
        NoRehearsal
    """
    _refuse_the_real(workshop)
    ids = [group["id"] for group in workshop.groups]
    for i in range(max(0, min(count, MOST_AT_ONCE, MOST_PARTICIPANTS))):
        participants.seat(session, workshop, ids[i % len(ids)], "", now, source=SOURCE)


def let_vote(session: Session, workshop: Workshop, questionnaire: Questionnaire, now: datetime) -> int:
    """Have them vote on everything that is asked of them now; returns how many did.

    Raises:
        NoRehearsal
        NothingAsked: no round is open.
    """
    _refuse_the_real(workshop)
    asked = rounds.current(session, workshop.id)
    if asked is None or asked.state != "open":
        raise NothingAsked
    people = _simulated(session, workshop)
    for person in people:
        seat = Seat(person, workshop)
        for subject in votes.subjects_for(asked, seat, questionnaire):
            value = _view(asked, seat, questionnaire, subject)
            votes.record_vote(session, seat, questionnaire, Given(asked.number, subject, value), now)
    return len(people)


def _refuse_the_real(workshop: Workshop) -> None:
    if not workshop.is_rehearsal:
        raise NoRehearsal


def _simulated(session: Session, workshop: Workshop) -> Sequence[Participant]:
    query = select(Participant).where(Participant.workshop_id == workshop.id, Participant.source == SOURCE)
    return session.scalars(query.where(Participant.removed_at.is_(None)).order_by(Participant.number)).all()


def _view(asked: Round, seat: Seat, questionnaire: Questionnaire, subject: str) -> Any:
    if asked.kind == LEVELS:
        top = len(questionnaire.questions[subject].levels or ()) - 1
        if _draw(seat, asked.attempt, subject, "unknown") < UNKNOWN_SHARE:
            return UNKNOWN
        return max(0, min(top, round(top * _stand(seat, subject, asked.attempt))))
    if asked.kind == BEST_WORST:
        if _draw(seat, asked.number, subject, "skip") < SKIPPED_SHARE:
            return {"best": None, "worst": None}
        shown = sorted(votes.screens_of(asked, seat)[int(subject) - 1], key=lambda gap: _stand(seat, gap, 1))
        return {"best": shown[0], "worst": shown[-1]}
    urgent, easy = _stand(seat, subject, asked.attempt), _draw(seat, asked.attempt, subject, "easy")
    return {"urgency": 1 + round(4 * (1 - urgent)), "feasibility": 1 + round(4 * easy)}


def _stand(seat: Seat, question_id: str, attempt: int) -> float:
    """Where a person sees a question, 0 to 1; who talks about it comes nearer to the others."""
    seed = seat.workshop.seed
    room = _share(seed, question_id)
    group = _share(seed, question_id, seat.participant.group_id) - 0.5
    person = _draw(seat, 0, question_id, "person") - 0.5
    return max(0.0, min(1.0, 0.15 + 0.6 * room + (0.3 * group + 0.4 * person) / attempt))


def _draw(seat: Seat, round_number: int, subject: str, what: str) -> float:
    return _share(seat.workshop.seed, seat.participant.number, round_number, subject, what)


def _share(*of: object) -> float:
    """A number from 0 to 1 that follows from what it is of."""
    return int.from_bytes(hashlib.sha256(repr(of).encode()).digest()[:6]) / 2**48
