"""Who may see and change what: an assessment is reached by a link nobody can guess, or by a role in its firm."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assessment.errors import N_, NotFound
from assessment.tables import Assessment, Respondent, Role

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
MANAGER, RESPONDENT = "manager", "respondent"


class AssessmentNotFound(NotFound):
    """No assessment has this link: it is mistyped, or was never given out."""

    def __init__(self) -> None:
        super().__init__(N_("This link leads to no assessment. Check that you have copied all of it."))


def new_token() -> str:
    """The secret part of a return link: 192 random bits in 32 characters."""
    return secrets.token_urlsafe(24)


def token_sha256(token: str) -> str:
    """What is stored of a token, so that a stolen database opens no assessment."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Access:
    """An assessment, and what whoever has reached it may do there."""

    assessment: Assessment
    respondent_id: int | None = None  # None: whoever holds the return link
    sections: frozenset[str] | None = None  # those they may answer; None is all
    may_manage: bool = True  # submit, see results, ask colleagues, change the firm's particulars
    user_id: int | None = None


def open_by_key(session: Session, key: str, user_id: int | None = None, *, for_change: bool = False) -> Access:
    """The assessment behind a link's secret or, for a person with a role in its firm, behind its number.

    `for_change` holds the assessment's row until the transaction ends.

    Raises:
        AssessmentNotFound: there is none, or not for this person: one answer for both.
    """
    if TOKEN.fullmatch(key):
        return _by_secret(session, token_sha256(key), user_id, for_change)
    if user_id is None or not NUMBER.fullmatch(key):
        raise AssessmentNotFound
    return _by_role(session, int(key), user_id, for_change)


def open_by_link(session: Session, token: str, *, for_change: bool = False) -> Assessment:
    """The assessment behind its own return link.

    Raises:
        AssessmentNotFound: no assessment has this link.
    """
    found = _find(session, token, for_change) if TOKEN.fullmatch(token) else None
    if found is None:
        raise AssessmentNotFound
    return found


def _find(session: Session, token: str, for_change: bool) -> Assessment | None:
    query = select(Assessment).where(Assessment.token_sha256 == token_sha256(token))
    return session.scalars(_with_firm(query, for_change)).one_or_none()


def _by_secret(session: Session, secret_sha256: str, user_id: int | None, for_change: bool) -> Access:
    query = select(Assessment).where(Assessment.token_sha256 == secret_sha256)
    assessment = session.scalars(_with_firm(query, for_change)).one_or_none()
    if assessment is not None:
        return Access(assessment, _respondent_of(session, assessment, user_id), user_id=user_id)
    invited = (
        select(Assessment, Respondent.id, Respondent.sections)
        .join(Respondent, Respondent.assessment_id == Assessment.id)
        .where(Respondent.token_sha256 == secret_sha256, Respondent.revoked_at.is_(None))
    )
    found = session.execute(_with_firm(invited, for_change)).one_or_none()
    if found is None:
        raise AssessmentNotFound
    assessment, respondent_id, given = found
    return Access(assessment, respondent_id, None if given is None else frozenset(given), may_manage=False)


def _by_role(session: Session, number: int, user_id: int, for_change: bool) -> Access:
    query = (
        select(Assessment, Role.role)
        .join(Role, Role.firm_id == Assessment.firm_id)
        .where(Assessment.id == number, Role.user_id == user_id, Role.role.in_((MANAGER, RESPONDENT)))
    )
    found = session.execute(_with_firm(query, for_change)).all()
    if not found:
        raise AssessmentNotFound
    assessment, is_manager = found[0][0], any(role == MANAGER for _, role in found)
    return Access(assessment, _respondent_of(session, assessment, user_id), may_manage=is_manager, user_id=user_id)


def _respondent_of(session: Session, assessment: Assessment, user_id: int | None) -> int | None:
    if user_id is None:
        return None
    query = select(Respondent.id).where(Respondent.assessment_id == assessment.id, Respondent.user_id == user_id)
    return session.scalars(query).one_or_none()


def _with_firm(query: Any, for_change: bool) -> Any:
    query = query.options(joinedload(Assessment.firm, innerjoin=True))
    return query.with_for_update(of=Assessment) if for_change else query
