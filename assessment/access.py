"""Who may see and change what: an assessment is reached by a link nobody can guess, or by a role in its firm."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select
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
    name: str | None = None  # of the respondent


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
    found = None
    if TOKEN.fullmatch(token):
        found = _first(session, _BY_LINK, for_change, secret=token_sha256(token), user_id=None)
    if found is None:
        raise AssessmentNotFound
    assessment: Assessment = found[0]
    return assessment


def _by_secret(session: Session, secret_sha256: str, user_id: int | None, for_change: bool) -> Access:
    found = _first(session, _BY_LINK, for_change, secret=secret_sha256, user_id=user_id)
    if found is not None:
        assessment, respondent_id, name = found
        return Access(assessment, respondent_id, user_id=user_id, name=name)
    invited = _first(session, _BY_INVITATION, for_change, secret=secret_sha256)
    if invited is None:
        raise AssessmentNotFound
    assessment, respondent_id, name, given = invited
    sections = None if given is None else frozenset(given)
    return Access(assessment, respondent_id, sections, may_manage=False, name=name)


def _by_role(session: Session, number: int, user_id: int, for_change: bool) -> Access:
    found = _first(session, _BY_ROLE, for_change, number=number, user_id=user_id)
    if found is None:
        raise AssessmentNotFound
    assessment, respondent_id, name, role = found
    return Access(assessment, respondent_id, may_manage=role == MANAGER, user_id=user_id, name=name)


def _first(session: Session, query: "_Both", for_change: bool, **values: object) -> Any:
    return session.execute(query.changing if for_change else query.reading, values).first()


class _Both:
    """A query as it is, and holding the assessment's row. Made once: to make one takes longer than to run it."""

    def __init__(self, query: Any) -> None:
        self.reading = query.options(joinedload(Assessment.firm, innerjoin=True))
        self.changing = self.reading.with_for_update(of=Assessment)


_PERSON = and_(Respondent.assessment_id == Assessment.id, Respondent.user_id == bindparam("user_id"))
_WITH_RESPONDENT = select(Assessment, Respondent.id, Respondent.name)
_BY_LINK = _Both(_WITH_RESPONDENT.outerjoin(Respondent, _PERSON).where(Assessment.token_sha256 == bindparam("secret")))
_BY_INVITATION = _Both(
    _WITH_RESPONDENT.add_columns(Respondent.sections)
    .join(Respondent, Respondent.assessment_id == Assessment.id)
    .where(Respondent.token_sha256 == bindparam("secret"), Respondent.revoked_at.is_(None))
)
# Whoever is both manages: "manager" comes before "respondent".
_BY_ROLE = _Both(
    _WITH_RESPONDENT.add_columns(Role.role)
    .join(Role, Role.firm_id == Assessment.firm_id)
    .outerjoin(Respondent, _PERSON)
    .where(Assessment.id == bindparam("number"), Role.user_id == bindparam("user_id"))
    .where(Role.role.in_((MANAGER, RESPONDENT)))
    .order_by(Role.role)
)
