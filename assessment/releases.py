"""Releases of a programme: ordered, made in the background, looked at, and published once and for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assessment import job_queue, release_units
from assessment.access import NUMBER
from assessment.programme_access import ProgrammeNotFound
from assessment.release_refusals import (
    NoSuchRelease,
    NothingToRelease,
    NotToBePublished,
    OvertakenRelease,
    ReleaseUnderWay,
    stored_reasons,
)
from assessment.tables import Programme
from assessment.tables import Release as Release  # pages name these rows, and ask nobody for them
from assessment.texts import clean_name
from scoring.dominance import Rules
from scoring.release_gate import Reason

JOB = "release"
QUEUED, MAKING, MADE, REFUSED, FAILED, PUBLISHED = "queued", "making", "made", "refused", "failed", "published"
LONGEST_STEP = 64


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier release that is out: what a new one has to take as known."""

    number: int
    cube_sha256: str
    kept_sha256: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a release is to be made of."""

    programme_id: int
    programme: str
    country: str
    questionnaire: str  # id@version
    threshold: int
    number: int
    title: str
    waves: tuple[int, ...]
    before: tuple[Before, ...]

    @property
    def rules(self) -> Rules:
        return Rules(threshold=self.threshold)


def order(
    session: Session,
    programme: Programme,
    now: datetime,
    *,
    title: str = "",
    waves: Sequence[int] = (),
    user_id: int | None = None,
    publish: bool = False,
) -> Release:
    """Order a release of the waves named, or of all; the worker makes it and, with `publish`, lets it out at once.

    Raises:
        ReleaseUnderWay: one is being made.
        NothingToRelease: no firm counts in those waves.
    """
    session.get(Programme, programme.id, with_for_update=True)  # two orders at once: one after the other
    under_way = select(Release.id).where(Release.programme_id == programme.id, Release.state.in_((QUEUED, MAKING)))
    if session.scalars(under_way.limit(1)).first() is not None:
        raise ReleaseUnderWay
    release = _entered(session, plan(session, programme, title, waves), now, user_id)
    if publish:
        release.wishes = {**release.wishes, "publish": True}
    job_queue.enqueue(session, JOB, str(release.id), now)
    return release


def plan(session: Session, programme: Programme, title: str = "", waves: Sequence[int] = ()) -> Asked:
    """What a release would be made of now.

    Raises:
        NothingToRelease: no firm counts in those waves.
    """
    there = release_units.waves_of(session, programme.id)
    chosen = tuple(wave for wave in there if not waves or wave in waves)
    if not chosen:
        raise NothingToRelease
    number = _newest(session, programme.id) + 1
    return _asked(programme, number, clean_name(title), chosen, published_before(session, programme.id))


def enter(
    session: Session,
    asked: Asked,
    manifest: Mapping[str, Any],
    kept_sha256: str,
    files: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Release:
    """Enter a release that was made without an order.

    Raises:
        OvertakenRelease: another one was ordered or published meanwhile.
    """
    session.get(Programme, asked.programme_id, with_for_update=True)
    if _newest(session, asked.programme_id) + 1 != asked.number:
        raise OvertakenRelease
    if published_before(session, asked.programme_id) != asked.before:
        raise OvertakenRelease
    release = _entered(session, asked, now, None)
    note_made(session, release.id, manifest, kept_sha256, files, now)
    session.refresh(release)
    return release


def _newest(session: Session, programme_id: int) -> int:
    return session.scalar(select(func.max(Release.number)).where(Release.programme_id == programme_id)) or 0


def _entered(session: Session, asked: Asked, now: datetime, user_id: int | None) -> Release:
    release = Release(
        programme_id=asked.programme_id,
        number=asked.number,
        title=asked.title,
        state=QUEUED,
        wishes={"waves": list(asked.waves), "known": [each.number for each in asked.before]},
        files={},
        user_id=user_id,
        requested_at=now,
    )
    session.add(release)
    session.flush()
    return release


def get_programme(session: Session, number: int) -> Programme:
    """A programme by its number, for a command of those who run the service.

    Raises:
        ProgrammeNotFound: there is none.
    """
    found = session.get(Programme, number)
    if found is None:
        raise ProgrammeNotFound
    return found


def published_before(session: Session, programme_id: int) -> tuple[Before, ...]:
    """The releases of a programme that are out, oldest first."""
    query = select(Release.number, Release.cube_sha256, Release.kept_sha256, Release.files).where(
        Release.programme_id == programme_id, Release.state == PUBLISHED
    )
    rows = session.execute(query.order_by(Release.number))
    return tuple(Before(n, cube or "", kept or "", _sha256(files)) for n, cube, kept, files in rows)


def _sha256(files: Mapping[str, Any]) -> str:
    return str(files.get("manifest.json", {}).get("sha256", "none"))


def asked(session: Session, release_id: int) -> Asked:
    """What a release that was ordered is made of.

    Raises:
        NoSuchRelease: it is gone.
    """
    query = select(Release, Programme).join(Programme, Programme.id == Release.programme_id)
    found = session.execute(query.where(Release.id == release_id)).one_or_none()
    if found is None:
        raise NoSuchRelease
    release, programme = found
    known = set(release.wishes["known"])
    before = tuple(each for each in published_before(session, programme.id) if each.number in known)
    return _asked(programme, release.number, release.title, tuple(release.wishes["waves"]), before)


def _asked(programme: Programme, number: int, title: str, waves: tuple[int, ...], before: tuple[Before, ...]) -> Asked:
    questionnaire = f"{programme.questionnaire_id}@{programme.questionnaire_version}"
    about = (programme.id, programme.name, programme.country, questionnaire, programme.threshold)
    return Asked(*about, number, title, waves, before)


def list_releases(session: Session, programme_id: int) -> Sequence[Release]:
    """The releases of a programme, newest first."""
    query = select(Release).where(Release.programme_id == programme_id).order_by(Release.number.desc())
    return session.scalars(query).all()


def get(session: Session, programme_id: int, number: str) -> Release:
    """A release of a programme by its number there.

    Raises:
        NoSuchRelease: the programme has none of that number.
    """
    if not NUMBER.fullmatch(number):
        raise NoSuchRelease
    query = select(Release).where(Release.programme_id == programme_id, Release.number == int(number))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NoSuchRelease
    return found


def note_step(session: Session, release_id: int, step: str) -> None:
    """Say what is being done; nothing else of a release that is made ever changes so."""
    _set(session, release_id, state=MAKING, step=step[:LONGEST_STEP])


def note_made(
    session: Session,
    release_id: int,
    manifest: Mapping[str, Any],
    kept_sha256: str,
    files: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> None:
    """All its files are there: from now on it can be looked at."""
    _set(
        session,
        release_id,
        state=MADE,
        step="",
        problem="",
        manifest=dict(manifest),
        cube_sha256=manifest["cube_sha256"],
        kept_sha256=kept_sha256,
        files=dict(files),
        made_at=now,
    )


def note_refused(session: Session, release_id: int, reasons: Sequence[Reason]) -> None:
    """The gate does not let it pass; the reasons name what, never how much."""
    _set(session, release_id, state=REFUSED, step="", problem=stored_reasons(reasons))


def note_failed(session: Session, release_id: int, problem: str) -> None:
    _set(session, release_id, state=FAILED, step="", problem=problem)


def _set(session: Session, release_id: int, **values: Any) -> None:
    under_way = update(Release).where(Release.id == release_id, Release.state.in_((QUEUED, MAKING)))
    session.execute(under_way.values(**values).execution_options(synchronize_session=False))


def publish(session: Session, release: Release, now: datetime) -> None:
    """Let everybody read a release; nothing of it changes any more.

    Raises:
        NotToBePublished: it is not made, or is out already.
        OvertakenRelease: another one has gone out since it was made.
    """
    session.get(Programme, release.programme_id, with_for_update=True)  # two at once would not know of each other
    session.refresh(release)
    if release.state != MADE:
        raise NotToBePublished
    if is_overtaken(session, release):
        raise OvertakenRelease
    release.state, release.published_at = PUBLISHED, now
    session.flush()


def publish_as_ordered(session: Session, release_id: int, now: datetime) -> None:
    """Let a release out that was ordered so; what another one has overtaken waits for somebody to look."""
    release = session.get(Release, release_id)
    if release is not None and release.wishes.get("publish") and not is_overtaken(session, release):
        publish(session, release, now)


def is_overtaken(session: Session, release: Release) -> bool:
    """Whether another release has gone out since this one was ordered."""
    out = [each.number for each in published_before(session, release.programme_id)]
    return bool(out != release.wishes["known"])
