"""What earlier workshops teach, as numbered versions: learned anew from all of them, one of them current, or none."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import past_rooms
from assessment.errors import N_, Conflict, Invalid
from assessment.learning_orders import JOB, Kind, order
from assessment.past_rooms import PastRooms
from assessment.tables import Job, LearnedModel
from scoring import learning
from scoring.learning import FORMAT, Learned, UnknownFormat
from scoring.past_workshops import PastWorkshop


class NothingLearned(Conflict):
    """There is no model in use to go back from."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(
            N_("No model of %(instrument)s (protocol %(protocol)s) is in use."),
            instrument=kind.instrument,
            protocol=kind.protocol,
        )


class NoSuchVersion(Invalid):
    """Or it was withdrawn, together with a workshop that it was taught by."""

    def __init__(self, kind: Kind, number: int) -> None:
        super().__init__(
            N_("There is no version %(number)d of the model of %(instrument)s."),
            number=number,
            instrument=kind.instrument,
        )


def past_workshops(session: Session, instrument: str, protocol: str) -> tuple[PastWorkshop, ...]:
    """What there is to learn from on this questionnaire and protocol version, in two statements."""
    return past_rooms.past_rooms(session, Kind(instrument, protocol)).workshops


def learn(session: Session, instrument: str, protocol: str, now: datetime) -> LearnedModel | None:
    """Learn anew from all workshops of a kind, and use it; None where no workshop has ever taught anything."""
    rooms = past_rooms.past_rooms(session, Kind(instrument, protocol))
    return store(session, rooms, learned_from(rooms), now)


def learned_from(rooms: PastRooms) -> Learned:
    return learning.learn(rooms.workshops, rooms.kind.instrument, rooms.kind.protocol)


def store(session: Session, rooms: PastRooms, learned: Learned, now: datetime) -> LearnedModel | None:
    """Keep what was learned as a new version and use it; where its bytes are those of the newest, nothing is new.

    So a version that was rolled back stays so until there is more to learn from. Versions taught by a workshop that
    may not be learned from any more are withdrawn: what they had learned is erased.
    """
    versions = _versions(session, rooms.kind)
    if not versions and not rooms.looked_at:
        return None
    was_current = any(_withdraw(row) for row in versions if not set(row.taught_by) <= set(rooms.looked_at))
    kept = [row for row in versions if row.record]
    content = learning.record_bytes(learned)
    sha256 = hashlib.sha256(content).hexdigest()
    if kept and kept[-1].record_sha256 == sha256:
        kept[-1].looked_at = list(rooms.looked_at)
        kept[-1].is_current = kept[-1].is_current or was_current
        session.flush()
        return kept[-1]
    for row in kept:
        row.is_current = False
    made = LearnedModel(
        instrument=rooms.kind.instrument,
        protocol=rooms.kind.protocol,
        number=versions[-1].number + 1 if versions else 1,
        record=learning.to_record(learned),
        record_sha256=sha256,
        taught_by=rooms.taught_by,
        looked_at=list(rooms.looked_at),
        is_current=True,
        learned_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _withdraw(row: LearnedModel) -> bool:
    """Erase what a version has learned; says whether it was in use."""
    was_current = row.is_current
    row.record, row.record_sha256, row.taught_by, row.looked_at, row.is_current = {}, "", [], [], False
    return was_current


def _versions(session: Session, kind: Kind) -> Sequence[LearnedModel]:
    query = select(LearnedModel).where(
        LearnedModel.instrument == kind.instrument, LearnedModel.protocol == kind.protocol
    )
    return session.scalars(query.order_by(LearnedModel.number).with_for_update()).all()


def is_stale(session: Session, rooms: PastRooms) -> bool:
    """Whether other workshops may be learned from by now than when these were looked at."""
    return past_rooms.teaching(session).get(rooms.kind, ()) != rooms.looked_at


def current_model(session: Session, instrument: str, protocol: str) -> Learned | None:
    """The model in use, in one statement; None without one: then the order is gap x weight.

    So it is with one that an earlier version of the program has stored; see `order_stale`.
    """
    query = select(LearnedModel.record).where(
        LearnedModel.instrument == instrument, LearnedModel.protocol == protocol, LearnedModel.is_current.is_(True)
    )
    record = session.scalars(query.order_by(LearnedModel.number.desc()).limit(1)).one_or_none()
    return None if record is None else read(record)


def read(record: dict[str, object]) -> Learned | None:
    """A stored model; None of one that was withdrawn, or that this version of the program does not know."""
    try:
        return learning.from_record(record) if record else None
    except UnknownFormat:
        return None


def roll_back(session: Session, instrument: str, protocol: str, number: int | None = None) -> LearnedModel | None:
    """Use an earlier version, by default the one before; 0, and before the first, is no model: gap x weight.

    Raises:
        NothingLearned: no version is in use, and none was named.
        NoSuchVersion
    """
    kind = Kind(instrument, protocol)
    kept = [row for row in _versions(session, kind) if row.record]
    now_used = [row.number for row in kept if row.is_current]
    if number is None:
        if not now_used:
            raise NothingLearned(kind)
        number = max((row.number for row in kept if row.number < now_used[-1]), default=0)
    chosen = next((row for row in kept if row.number == number), None)
    if chosen is None and number != 0:
        raise NoSuchVersion(kind, number)
    for row in kept:
        row.is_current = row is chosen
    session.flush()
    return chosen


def list_models(session: Session) -> Sequence[LearnedModel]:
    """All versions of all kinds, the oldest of each first."""
    query = select(LearnedModel)
    return session.scalars(query.order_by(LearnedModel.instrument, LearnedModel.protocol, LearnedModel.number)).all()


def order_stale(session: Session, now: datetime) -> None:
    """Order learning anew where the newest version was learned from other workshops than there are, or by other means.

    So it is when a workshop was deleted, a job was given up, or the program has a new way of learning. Three
    statements, and one for each order.
    """
    query = select(
        LearnedModel.instrument,
        LearnedModel.protocol,
        LearnedModel.looked_at,
        LearnedModel.record["format"].as_integer().label("format"),
    )
    rows = session.execute(query.where(LearnedModel.record_sha256 != "").order_by(LearnedModel.number))
    newest = {Kind(row.instrument, row.protocol): (tuple(row.looked_at), row.format) for row in rows}
    there = past_rooms.teaching(session)
    waiting = set(session.scalars(select(Job.key).where(Job.kind == JOB, Job.state.in_(("queued", "running")))))
    for kind in sorted({*there, *newest}):
        if newest.get(kind, ((), FORMAT)) != (there.get(kind, ()), FORMAT) and kind.key not in waiting:
            order(session, kind, now)


def kinds(session: Session) -> tuple[Kind, ...]:
    """Everything that is or was learned apart, in alphabetical order; two statements."""
    stored = session.execute(select(LearnedModel.instrument, LearnedModel.protocol).distinct())
    return tuple(sorted({*past_rooms.teaching(session), *(Kind(*row) for row in stored)}))
