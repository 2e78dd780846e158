"""What a round found, as it is frozen when it is revealed: counts per question and group, or every ballot."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from assessment.tables import Participant, Round, Vote


def found_in(session: Session, asked: Round) -> dict[str, Any]:
    """The votes of everybody who is in the room.

    Of levels {"levels": {question: {group: {answer: n}}}}; of the other kinds {"ballots": [{"person": number,
    "group": id, "subject": ..., "value": ...}]} in the order of people and subjects. Both with "voters", n, and with
    "present", how many of each group take part.
    Whoever shows it leaves out groups under five: what is kept here is the whole.
    """
    query = (
        select(Participant.number, Participant.group_id, Vote.subject, Vote.value)
        .join(Participant, Participant.id == Vote.participant_id)
        .where(Vote.round_id == asked.id, Participant.removed_at.is_(None))
        .order_by(Participant.number, Vote.subject)
    )
    rows = session.execute(query).all()
    counted = {"voters": len({row.number for row in rows}), "present": _present(session, asked)}
    if asked.kind == "levels":
        return counted | {"levels": _levels(rows)}
    ballots = [{"person": r.number, "group": r.group_id, "subject": r.subject, "value": r.value} for r in rows]
    return counted | {"ballots": ballots}


def takes_part(round_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Of the participants those who can vote in a round: an answer sheet takes part only where it was handed in."""
    given = aliased(Vote)
    handed_in = exists().where(given.participant_id == Participant.id, given.round_id == round_id)
    return and_(Participant.removed_at.is_(None), or_(Participant.source != "paper", handed_in))


def _present(session: Session, asked: Round) -> dict[str, int]:
    query = select(Participant.group_id, func.count().label("n")).where(
        Participant.workshop_id == asked.workshop_id, takes_part(asked.id)
    )
    query = query.group_by(Participant.group_id).order_by(Participant.group_id)
    return {row.group_id: row.n for row in session.execute(query)}


def _levels(rows: Any) -> dict[str, dict[str, dict[str, int]]]:
    counted: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows:
        counted[row.subject][row.group_id][str(row.value)] += 1
    return {q: {g: dict(sorted(c.items())) for g, c in sorted(groups.items())} for q, groups in sorted(counted.items())}
