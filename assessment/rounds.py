"""Rounds: a question, or a list of them, is opened, closed, revealed, discussed, and settled or asked again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment import workshop_events
from assessment.errors import N_, Conflict
from assessment.round_results import found_in, takes_part
from assessment.tables import Participant, Round, Vote, Workshop
from assessment.workshop_rules import GRACE_SECONDS, WorkshopRules

Kind = Literal["levels", "best_worst", "rating"]
LEVELS: Final = "levels"
BEST_WORST: Final = "best_worst"
RATING: Final = "rating"
# From which states a round comes into each.
BEFORE: Mapping[str, tuple[str, ...]] = {
    "open": ("closed",),
    "closed": ("open",),
    "revealed": ("open", "closed"),
    "discussed": ("revealed",),
    "settled": ("revealed", "discussed"),
}


class WorkshopNotRunning(Conflict):
    """Nothing is asked before the start and after the end."""

    def __init__(self) -> None:
        super().__init__(N_("The workshop is not running. Start it first."))


class RoundUnderWay(Conflict):
    """One asking at a time."""

    def __init__(self) -> None:
        super().__init__(N_("Something is being asked already. Show what it found first, then ask the next."))


class NothingAsked(Conflict):
    """There is no round to do that with."""

    def __init__(self) -> None:
        super().__init__(N_("Nothing is being asked now. Open a question first."))


class NotNow(Conflict):
    """A round comes into a state from the one before it, and a result that was shown is never taken back."""

    def __init__(self) -> None:
        super().__init__(N_("That is not possible in the state this question is in. Look at it as it is now."))


class AskedBefore(Conflict):
    """Which gap comes first is asked once: whoever has seen the result answers another question."""

    def __init__(self) -> None:
        super().__init__(N_("The room has been asked which gap comes first. What is open is asked by rating."))


class RoundsUsedUp(Conflict):
    """The number of rounds was fixed before the workshop began."""

    def __init__(self, most: int) -> None:
        super().__init__(
            N_("This was asked %(most)d times, as often as was fixed beforehand. Settle it now."), most=most
        )


def current(session: Session, workshop_id: int) -> Round | None:
    """The newest round; None in the lobby."""
    query = select(Round).where(Round.workshop_id == workshop_id).order_by(Round.number.desc()).limit(1)
    return session.scalars(query).one_or_none()


def list_rounds(session: Session, workshop_id: int, kind: Kind | None = None) -> Sequence[Round]:
    """Every round in order, of one kind or of all."""
    query = select(Round).where(Round.workshop_id == workshop_id).order_by(Round.number)
    return session.scalars(query if kind is None else query.where(Round.kind == kind)).all()


def open_round(
    session: Session,
    workshop: Workshop,
    kind: Kind,
    subjects: Sequence[str],
    now: datetime,
    minutes: int | None = None,
    *,
    attempt: int = 1,
) -> Round:
    """Ask something, the `attempt`-th time. The caller holds the workshop's row.

    Raises:
        WorkshopNotRunning
        RoundUnderWay: what was asked before has not been revealed.
    """
    return _open(session, workshop, kind, subjects, now, minutes, attempt, None)


def ask_again(session: Session, workshop: Workshop, now: datetime, minutes: int | None = None) -> Round:
    """Ask the same again; what the earlier round found stays as it is.

    Raises:
        NothingAsked, NotNow: there is nothing that was revealed.
        AskedBefore: it was the private first round on what comes first.
        RoundsUsedUp: as often as the rules allow.
    """
    earlier = _present(session, workshop)
    if earlier.state not in ("revealed", "discussed"):
        raise NotNow
    if earlier.kind == BEST_WORST:
        raise AskedBefore
    most = WorkshopRules.from_json(workshop.rules).most_rounds
    if earlier.attempt >= most:
        raise RoundsUsedUp(most)
    attempt = earlier.attempt + 1
    return _open(session, workshop, earlier.kind, earlier.subjects, now, minutes, attempt, earlier)


def _open(
    session: Session,
    workshop: Workshop,
    kind: str,
    subjects: Sequence[str],
    now: datetime,
    minutes: int | None,
    attempt: int,
    earlier: Round | None,
) -> Round:
    if workshop.state != "running":
        raise WorkshopNotRunning
    last = current(session, workshop.id)
    if last is not None and last.state in ("open", "closed"):
        raise RoundUnderWay
    opened = Round(
        workshop_id=workshop.id,
        number=last.number + 1 if last else 1,
        kind=kind,
        subjects=list(subjects),
        attempt=attempt,
        previous_id=earlier.id if earlier else None,
        state="open",
        minutes=minutes,
        opened_at=now,
    )
    session.add(opened)
    session.flush()
    workshop_events.note(session, workshop, "opened", now, round=opened.number, attempt=opened.attempt)
    return opened


def close_round(session: Session, workshop: Workshop, now: datetime) -> Round:
    """End the asking; what phones gave without a connection still counts for a minute, until it is revealed."""
    return _move(session, workshop, "closed", now)


def reopen_round(session: Session, workshop: Workshop, now: datetime) -> Round:
    """Go on asking: closed too early, and nobody has seen anything yet."""
    return _move(session, workshop, "open", now)


def reveal_round(session: Session, workshop: Workshop, now: datetime) -> Round:
    """Show what was found; from here on it is frozen."""
    return _move(session, workshop, "revealed", now)


def discuss_round(session: Session, workshop: Workshop, now: datetime) -> Round:
    return _move(session, workshop, "discussed", now)


def settle_round(session: Session, workshop: Workshop, now: datetime, fired: Mapping[str, Any] | None = None) -> Round:
    """End with this round; `fired` is the rule that ended the asking, with its figures."""
    settled = _move(session, workshop, "settled", now)
    settled.fired = dict(fired) if fired else None
    return settled


def _move(session: Session, workshop: Workshop, state: str, now: datetime) -> Round:
    moving = _present(session, workshop)
    if moving.state not in BEFORE[state]:
        raise NotNow
    moving.state = state
    if state == "open":
        moving.closed_at = None
    if state in ("closed", "revealed"):
        moving.closed_at = moving.closed_at or now
    if state == "revealed":
        moving.revealed_at, moving.result = now, found_in(session, moving)
    if state == "settled":
        moving.settled_at = now
    workshop_events.note(session, workshop, state, now, round=moving.number)
    return moving


def _present(session: Session, workshop: Workshop) -> Round:
    # Held on PostgreSQL, so that a vote either comes before the state changes and counts, or sees the new state.
    query = select(Round).where(Round.workshop_id == workshop.id).order_by(Round.number.desc()).limit(1)
    found = session.scalars(query.with_for_update()).one_or_none()
    if found is None:
        raise NothingAsked
    return found


def takes_votes(asked: Round, now: datetime) -> bool:
    """Whether a vote that arrives now still counts."""
    if asked.state == "open":
        return True
    grace = timedelta(seconds=GRACE_SECONDS)
    return asked.state == "closed" and asked.closed_at is not None and now <= asked.closed_at + grace


def ends_at(asked: Round) -> datetime | None:
    """When its time box is over; None without one."""
    return None if asked.minutes is None else asked.opened_at + timedelta(minutes=asked.minutes)


def counter(session: Session, asked: Round) -> tuple[int, int]:
    """How many of those in the room have voted in this round, and how many are there: all that an open round tells."""
    here = (Participant.workshop_id == asked.workshop_id, takes_part(asked.id))
    voted = (
        select(func.count(func.distinct(Vote.participant_id)))
        .join(Participant, Participant.id == Vote.participant_id)
        .where(Vote.round_id == asked.id, *here)
    )
    present = select(func.count(Participant.id)).where(*here)
    found = session.execute(select(voted.scalar_subquery(), present.scalar_subquery())).one()
    return int(found[0]), int(found[1])
