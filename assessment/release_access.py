"""Who may read a release: everybody once it is published; before that the officers, who see its firms anyway.

Two releases that are not out do not know of each other: whoever reads both could tell single firms apart.
"""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assessment.access import NUMBER
from assessment.case_states import OFFICER
from assessment.errors import N_, NotFound
from assessment.tables import Programme, ProgrammeMember, Release

MADE, PUBLISHED = "made", "published"


class ReleaseNotFound(NotFound):
    """No release has this number, or it is not published and not this person's: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such release. Check the address, or ask who gave it to you."))


@dataclass(frozen=True, slots=True)
class OpenRelease:
    """A release that can be read."""

    release: Release
    programme: Programme

    @property
    def is_published(self) -> bool:
        return self.release.state == PUBLISHED

    @property
    def link(self) -> str:
        """The path of its pages."""
        return f"/releases/{self.release.id}"


def open_release(session: Session, number: str | int, user_id: int | None) -> OpenRelease:
    """A release that is published, or that is made and of a programme in which the person is an officer.

    Raises:
        ReleaseNotFound: there is none, or not for this person.
    """
    if not NUMBER.fullmatch(str(number)):
        raise ReleaseNotFound
    query = select(Release, Programme).join(Programme, Programme.id == Release.programme_id)
    found = session.execute(query.where(Release.id == int(number))).one_or_none()
    if found is None or found[0].cube_sha256 is None or found[0].manifest is None:
        raise ReleaseNotFound
    release, programme = found
    is_open = release.state == PUBLISHED
    if not is_open and (release.state != MADE or user_id is None or not _is_officer(session, programme, user_id)):
        raise ReleaseNotFound
    return OpenRelease(release, programme)


def _is_officer(session: Session, programme: Programme, user_id: int) -> bool:
    mine = exists().where(
        ProgrammeMember.programme_id == programme.id,
        ProgrammeMember.user_id == user_id,
        ProgrammeMember.role == OFFICER,
    )
    return bool(session.scalar(select(mine)))
