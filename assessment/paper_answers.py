"""Answers on paper come into a workshop: each sheet a seat without a link, its answers votes like those of phones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment import participants, room_levels, rounds, workshop_events
from assessment.errors import N_, Conflict
from assessment.paper_sheets import Reading
from assessment.rounds import WorkshopNotRunning
from assessment.tables import Participant, Round, Vote, Workshop
from questionnaires.schema import Questionnaire

SOURCE = "paper"


class NotInThisRound(Conflict):
    """A sheet says something on a question that the round does not ask, or the round takes no more votes."""

    def __init__(self) -> None:
        super().__init__(
            N_("These answers do not fit what is asked now. Take them in as a round of their own once that is shown.")
        )


class NothingToTakeBack(Conflict):
    """What was shown stays."""

    def __init__(self) -> None:
        super().__init__(N_("There are no answers from paper that could be taken back: what was shown stays."))


def fits_round(asked: Round | None, reading: Reading, now: datetime) -> bool:
    """Whether the sheets can go into the newest round: it asks for levels, takes votes, and asks all they answer."""
    return (
        asked is not None
        and asked.kind == "levels"
        and rounds.takes_votes(asked, now)
        and set(reading.questions) <= set(asked.subjects)
    )


def take_in(
    session: Session,
    workshop: Workshop,
    questionnaire: Questionnaire,
    reading: Reading,
    now: datetime,
    *,
    own_round: bool,
) -> Round:
    """Take in all sheets of a file that was read without a problem. The caller holds the workshop's row.

    With `own_round` they are asked and closed at once, to be shown like any other; else they go into the newest round.

    Raises:
        WorkshopNotRunning
        NotInThisRound: the newest round does not take them.
        RoundUnderWay: there can be no round of their own before the newest is shown.
    """
    if workshop.state != "running":
        raise WorkshopNotRunning
    newest = rounds.current(session, workshop.id)
    if own_round:
        found = room_levels.levels_of(session, workshop, questionnaire)
        attempt = 1 + max(len(found.of(q).askings) for q in reading.questions)
        newest = rounds.open_round(session, workshop, "levels", reading.questions, now, attempt=attempt)
    if newest is None or not fits_round(newest, reading, now):
        raise NotInThisRound
    for sheet in reading.sheets:
        seated = participants.seat(session, workshop, sheet.group, "", now, source=SOURCE).participant
        session.add_all(
            Vote(round_id=newest.id, participant_id=seated.id, subject=question, value=value, recorded_at=now)
            for question, value in sheet.answers.items()
        )
    session.flush()
    workshop_events.note(session, workshop, "paper", now, round=newest.number, sheets=len(reading.sheets))
    if own_round:
        rounds.close_round(session, workshop, now)
    return newest


def take_back(session: Session, workshop: Workshop, now: datetime) -> int:
    """Take the sheets of the newest round out again, as long as nothing of it was shown; returns how many.

    Raises:
        NothingToTakeBack
    """
    newest = rounds.current(session, workshop.id)
    found = _of_round(session, newest) if newest and newest.state in ("open", "closed") else ()
    if not found:
        raise NothingToTakeBack
    for person in found:
        person.removed_at = now
    workshop_events.note_count(session, workshop.id)
    workshop_events.note(session, workshop, "paper taken back", now, sheets=len(found))
    return len(found)


def to_take_back(session: Session, asked: Round | None) -> int:
    """How many sheets could be taken back now."""
    return len(_of_round(session, asked)) if asked and asked.state in ("open", "closed") else 0


def _of_round(session: Session, asked: Round) -> Sequence[Participant]:
    voted = select(Vote.participant_id).where(Vote.round_id == asked.id)
    query = select(Participant).where(
        Participant.workshop_id == asked.workshop_id,
        Participant.source == SOURCE,
        Participant.removed_at.is_(None),
        Participant.id.in_(voted),
    )
    return session.scalars(query).all()


def count_sheets(session: Session, workshop_id: int) -> int:
    """How many sheets of this workshop count."""
    query = select(func.count(Participant.id)).where(
        Participant.workshop_id == workshop_id, Participant.source == SOURCE, Participant.removed_at.is_(None)
    )
    return session.scalar(query) or 0
