"""Who answers an assessment: people who sign in, and colleagues with a link of their own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assessment.access import Access, Reached, new_token, token_sha256
from assessment.errors import N_, Conflict, Forbidden, Invalid, NotFound
from assessment.tables import AnswerRevision, Assessment, Respondent, User
from assessment.texts import clean_name

MOST_COLLEAGUES = 50
LARGEST_ID = 2**31  # what an INTEGER holds on every database


class ColleagueNotFound(NotFound):
    """No colleague with this number was asked in this assessment."""

    def __init__(self) -> None:
        super().__init__(N_("This assessment has no such colleague. Go back to the list of colleagues."))


class NotByColleague(Forbidden):
    """Everybody else has the name of their account, or none."""

    def __init__(self) -> None:
        super().__init__(
            N_(
                "A name is asked for only behind a colleague's link. Go on answering; "
                "sign in first if your answers are to carry your name."
            )
        )


class NameMissing(Invalid):
    """Answers carry the name of who gave them."""

    def __init__(self) -> None:
        super().__init__(N_("Enter a name; the answers will carry it."))


class SectionsMissing(Invalid):
    """A link without a section would open nothing."""

    def __init__(self) -> None:
        super().__init__(N_("Choose at least one section."))


class TooManyColleagues(Conflict):
    """The list of colleagues is full."""

    def __init__(self) -> None:
        super().__init__(
            N_("An assessment has at most %(most)d colleagues. Change the sections of one who is on the list."),
            most=MOST_COLLEAGUES,
        )


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who was asked to answer some sections."""

    id: int
    name: str
    sections: frozenset[str]
    asked_at: datetime
    has_opened: bool
    last_answer_at: datetime | None
    is_taken_back: bool


def respondent_of(session: Session, access: Reached[Any], now: datetime) -> int | None:
    """The respondent whose answers these are, registered with the first one; None for who holds the return link."""
    if access.respondent_id is not None or access.user_id is None:
        return access.respondent_id
    earlier = select(Respondent.id).where(
        Respondent.assessment_id == access.assessment.id, Respondent.user_id == access.user_id
    )
    found = session.scalars(earlier).one_or_none()  # since this assessment was opened
    if found is not None:
        return found
    user = session.get_one(User, access.user_id)
    registered = Respondent(
        assessment_id=access.assessment.id, user_id=user.id, name=user.name or user.email, created_at=now
    )
    session.add(registered)
    session.flush()
    return registered.id


def ask(
    session: Session, assessment: Assessment, name: str, chosen: Iterable[str], offered: Collection[str], now: datetime
) -> tuple[int, str]:
    """Ask a colleague to answer the chosen sections; returns their number and the secret of their link.

    The secret is not kept and cannot be had again. `offered` are the sections of the questionnaire.

    Raises:
        NameMissing, SectionsMissing, Invalid: what was entered cannot be used.
        TooManyColleagues: the list is full.
    """
    asked = session.scalar(select(func.count(Respondent.id)).where(*_colleagues(assessment)))
    if asked is not None and asked >= MOST_COLLEAGUES:
        raise TooManyColleagues
    token = new_token()
    colleague = Respondent(
        assessment_id=assessment.id,
        name=_name(name),
        sections=_sections(chosen, offered),
        token_sha256=token_sha256(token),
        created_at=now,
    )
    session.add(colleague)
    session.flush()
    return colleague.id, token


def list_colleagues(session: Session, assessment: Assessment) -> tuple[Colleague, ...]:
    """Who was asked, in that order, with when they last answered."""
    last = (
        select(AnswerRevision.respondent_id, func.max(AnswerRevision.recorded_at).label("at"))
        .where(AnswerRevision.assessment_id == assessment.id)
        .group_by(AnswerRevision.respondent_id)
        .subquery()
    )
    rows = session.execute(
        select(Respondent, last.c.at)
        .outerjoin(last, last.c.respondent_id == Respondent.id)
        .where(*_colleagues(assessment))
        .order_by(Respondent.id)
    )
    return tuple(_colleague(row, at) for row, at in rows)


def get_colleague(session: Session, assessment: Assessment, number: int) -> Colleague:
    """One colleague of this assessment.

    Raises:
        ColleagueNotFound: there is none with this number.
    """
    return _colleague(_row(session, assessment, number), None)


def change_sections(
    session: Session, assessment: Assessment, number: int, chosen: Iterable[str], offered: Collection[str]
) -> None:
    """Give a colleague other sections; their link and their answers stay.

    Raises:
        ColleagueNotFound, SectionsMissing
    """
    _row(session, assessment, number).sections = _sections(chosen, offered)


def renew_link(session: Session, assessment: Assessment, number: int) -> str:
    """Give a colleague a new link, also after it was taken back; the old one leads nowhere from now on.

    Raises:
        ColleagueNotFound
    """
    row, token = _row(session, assessment, number), new_token()
    row.token_sha256, row.revoked_at = token_sha256(token), None
    return token


def has_link(session: Session, number: int, token: str) -> bool:
    """Whether this is the secret of that colleague's link, and not one of before."""
    query = select(Respondent.id).where(Respondent.id == number, Respondent.token_sha256 == token_sha256(token))
    return session.scalar(query) is not None


def take_back(session: Session, assessment: Assessment, number: int, now: datetime) -> None:
    """End a colleague's link; their answers stay.

    Raises:
        ColleagueNotFound
    """
    row = _row(session, assessment, number)
    row.revoked_at = row.revoked_at or now


def awaits_name(session: Session, access: Access) -> str | None:
    """The name a colleague was asked under, until they have confirmed it; None for everybody else."""
    if access.may_manage or access.user_id is not None or access.respondent_id is None:
        return None
    found = session.get_one(Respondent, access.respondent_id)
    return found.name if found.named_at is None else None


def confirm_name(session: Session, access: Access, name: str, now: datetime) -> None:
    """Take down how a colleague is called; their answers carry this name.

    Raises:
        NotByColleague: this is not a colleague's link.
        NameMissing, Invalid: the name cannot be used.
    """
    if access.may_manage or access.respondent_id is None:
        raise NotByColleague
    row = session.get_one(Respondent, access.respondent_id)
    row.name, row.named_at = _name(name), now


def _colleagues(assessment: Assessment) -> tuple[ColumnElement[bool], ...]:
    return Respondent.assessment_id == assessment.id, Respondent.user_id.is_(None), Respondent.token_sha256.is_not(None)


def _row(session: Session, assessment: Assessment, number: int) -> Respondent:
    if not 0 < number < LARGEST_ID:
        raise ColleagueNotFound
    query = select(Respondent).where(Respondent.id == number, *_colleagues(assessment))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise ColleagueNotFound
    return found


def _colleague(row: Respondent, last_answer_at: datetime | None) -> Colleague:
    return Colleague(
        id=row.id,
        name=row.name,
        sections=frozenset(row.sections or ()),
        asked_at=row.created_at,
        has_opened=row.named_at is not None,
        last_answer_at=last_answer_at,
        is_taken_back=row.revoked_at is not None,
    )


def _name(text: str) -> str:
    name = clean_name(text)
    if not name:
        raise NameMissing
    return name


def _sections(chosen: Iterable[str], offered: Collection[str]) -> list[str]:
    found = sorted(set(chosen) & set(offered))
    if not found:
        raise SectionsMissing
    return found
