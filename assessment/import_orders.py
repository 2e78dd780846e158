"""Imports on order: a file that was sent, what was found in it, and how far it has come."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from assessment import job_queue
from assessment.access import NUMBER
from assessment.errors import N_, Conflict, NotFound
from assessment.import_problems import RowProblem
from assessment.job_queue import Claim
from assessment.programme_access import ProgrammeNotFound
from assessment.tables import ImportOrder as ImportOrder  # rooms above name the type by this module
from assessment.tables import Programme
from assessment.texts import clean_name

JOB = "import"
FIRMS, REGISTER = "firms", "register"
QUEUED, CHECKING, CHECKED, TAKING, DONE, FAILED = "queued", "checking", "checked", "taking", "done", "failed"
UNDER_WAY = (QUEUED, CHECKING, TAKING)
SHOWN = 200  # problems on the page; the others are in the file of problems
MOST_WAITING = 3
KEPT = timedelta(days=30)


class ImportNotFound(NotFound):
    """No import of this programme has this number."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such import in this programme. Choose one from the list."))


class NotReady(Conflict):
    """Only a file without problems is taken in, and once."""

    def __init__(self) -> None:
        super().__init__(
            N_("This file cannot be taken in as it stands. Look at its problems, or at whether it is in already.")
        )


class TooManyWaiting(Conflict):
    """One file after the other."""

    def __init__(self) -> None:
        super().__init__(N_("Some files are still waiting. Take them in or discard them first."))


class UnderWay(Conflict):
    """What is being worked on is left alone."""

    def __init__(self) -> None:
        super().__init__(N_("This file is being worked on. Wait until it is done."))


def may_order(session: Session, programme_id: int) -> None:
    """Raises TooManyWaiting where enough files of this programme wait or are being read."""
    mine = ImportOrder.programme_id == programme_id, ImportOrder.state.in_(UNDER_WAY)
    if (session.scalar(select(func.count()).select_from(ImportOrder).where(*mine)) or 0) >= MOST_WAITING:
        raise TooManyWaiting


def order(
    session: Session, programme_id: int, kind: str, name: str, content_sha256: str, user_id: int | None, now: datetime
) -> ImportOrder:
    """Have a file looked at.

    Raises:
        TooManyWaiting: enough others are not done yet.
    """
    may_order(session, programme_id)
    row = ImportOrder(programme_id=programme_id, user_id=user_id, kind=kind, content_sha256=content_sha256)
    row.name, row.state, row.requested_at = clean_name(name[-150:]), QUEUED, now
    session.add(row)
    session.flush()
    job_queue.enqueue(session, JOB, str(row.id), now)
    return row


def get_order(session: Session, programme_id: int, number: str, *, for_change: bool = False) -> ImportOrder:
    """An import of this programme.

    Raises:
        ImportNotFound: there is none.
    """
    if not NUMBER.fullmatch(number):
        raise ImportNotFound
    query = select(ImportOrder).where(ImportOrder.id == int(number), ImportOrder.programme_id == programme_id)
    found = session.scalars(query.with_for_update() if for_change else query).one_or_none()
    if found is None:
        raise ImportNotFound
    return found


def get_programme(session: Session, programme_id: int) -> Programme:
    """The programme that a file is for.

    Raises:
        ProgrammeNotFound: there is none with this number.
    """
    found = session.get(Programme, programme_id)
    if found is None:
        raise ProgrammeNotFound
    return found


def find_order(session: Session, order_id: int) -> ImportOrder | None:
    return session.get(ImportOrder, order_id)


def list_orders(session: Session, programme_id: int) -> Sequence[ImportOrder]:
    """The imports of a programme, the newest first."""
    mine = ImportOrder.programme_id == programme_id
    return session.scalars(select(ImportOrder).where(mine).order_by(ImportOrder.id.desc()).limit(50)).all()


def is_ready(row: ImportOrder) -> bool:
    """Whether the file can be taken in."""
    return row.state == CHECKED and row.problems == 0


def take(session: Session, row: ImportOrder, now: datetime) -> None:
    """Have a file without problems taken in.

    Raises:
        NotReady: it has problems, or was taken in before.
    """
    if not is_ready(row):
        raise NotReady
    row.state, row.rows, row.finished_at = TAKING, 0, None
    session.flush()
    job_queue.enqueue(session, JOB, str(row.id), now)


def discard(session: Session, row: ImportOrder) -> None:
    """Forget a file that was not taken in, with all that was found in it.

    Raises:
        UnderWay: it is being worked on.
        NotReady: it is in.
    """
    if row.state in UNDER_WAY:
        raise UnderWay
    if row.state == DONE:
        raise NotReady
    session.execute(delete(ImportOrder).where(ImportOrder.id == row.id))


def note_rows(session: Session, order_id: int, state: str, rows: int) -> None:
    """Say how far it is; only while it is worked on."""
    now_at = ImportOrder.state.in_(UNDER_WAY)
    session.execute(update(ImportOrder).where(ImportOrder.id == order_id, now_at).values(state=state, rows=rows))


def note_checked(
    session: Session,
    order_id: int,
    problems: int,
    problems_sha256: str | None,
    first: Sequence[RowProblem],
    found: dict[str, Any],
    now: datetime,
) -> None:
    """Say what is in the file."""
    told = {"problems": problems, "problems_sha256": problems_sha256, "first_problems": [p.as_json() for p in first]}
    done = {"state": CHECKED, "rows": found["rows"], "found": found, "finished_at": now}
    session.execute(update(ImportOrder).where(ImportOrder.id == order_id).values(**told, **done))


def note_done(session: Session, order_id: int, found: dict[str, Any], now: datetime) -> None:
    """Say that all of it is in; in the transaction that shows it.

    Raises:
        NotReady: it is in already, or it was given up.
    """
    done = {"state": DONE, "rows": found["rows"], "found": found, "finished_at": now, "problem": ""}
    ours = ImportOrder.id == order_id, ImportOrder.state == TAKING
    if cast(CursorResult[Any], session.execute(update(ImportOrder).where(*ours).values(**done))).rowcount != 1:
        raise NotReady


def begin_here(
    session: Session, programme_id: int, kind: str, name: str, found: dict[str, Any], now: datetime, lease: timedelta
) -> tuple[int, Claim]:
    """Take in a file that was not ordered, by whoever calls this; the import's number, and its job.

    Raises:
        ProgrammeNotFound: there is none with this number.
    """
    row = ImportOrder(programme_id=get_programme(session, programme_id).id, kind=kind, name=clean_name(name[-150:]))
    row.content_sha256, row.state, row.rows, row.found, row.requested_at = "", TAKING, found["rows"], found, now
    session.add(row)
    session.flush()
    return row.id, job_queue.hold(session, JOB, str(row.id), now, lease)


def note_failed(session: Session, order_id: int, problem: str, now: datetime) -> None:
    """Say why the file could not be read or taken in; nothing of it is."""
    values = {"state": FAILED, "problem": problem, "finished_at": now}
    still = ImportOrder.id == order_id, ImportOrder.state != DONE
    session.execute(update(ImportOrder).where(*still).values(**values))


def needed_files(session: Session) -> set[str]:
    """The files that are still needed: those that wait or may yet be taken in, and every file of problems."""
    waits = ImportOrder.state.in_(UNDER_WAY) | ((ImportOrder.state == CHECKED) & (ImportOrder.problems == 0))
    contents = session.scalars(select(ImportOrder.content_sha256).where(waits))
    problems = session.scalars(select(ImportOrder.problems_sha256).where(ImportOrder.problems_sha256.is_not(None)))
    return {each for each in (*contents, *problems) if each}


def forget_old(session: Session, now: datetime) -> None:
    """Forget files that nobody took in, and the problems of old ones."""
    old = ImportOrder.requested_at < now - KEPT, ImportOrder.state.in_((CHECKED, FAILED))
    session.execute(delete(ImportOrder).where(*old))
