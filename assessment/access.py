"""Who may see and change what: an assessment is reached by a link nobody can guess, or by a role in its firm."""

import hashlib
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, Literal, TypeVar

from sqlalchemy import ColumnElement, and_, bindparam, select, union
from sqlalchemy.orm import Session, joinedload

from assessment.errors import N_, NotFound
from assessment.lists import padded
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
class Held:
    """What saving needs to know of an assessment. To make the whole object takes three times as long."""

    id: int
    state: str
    questionnaire_id: str
    questionnaire_version: str
    last_section: str | None


A = TypeVar("A", Assessment, Held)
How = Literal["reading", "changing", "saving"]


@dataclass(frozen=True)  # no slots: Python cannot make `Access(...)`, a generic with its kind named, with them
class Reached(Generic[A]):
    """An assessment, and what whoever has reached it may do there."""

    assessment: A
    respondent_id: int | None = None  # None: whoever holds the return link
    sections: frozenset[str] | None = None  # those they may answer; None is all
    may_manage: bool = True  # submit, see results, ask colleagues, change the firm's particulars
    user_id: int | None = None
    name: str | None = None  # of the respondent


Access = Reached[Assessment]


def open_by_key(session: Session, key: str, user_id: int | None = None, *, for_change: bool = False) -> Access:
    """The assessment behind a link's secret or, for a person with a role in its firm, behind its number.

    `for_change` holds the assessment's row until the transaction ends.

    Raises:
        AssessmentNotFound: there is none, or not for this person: one answer for both.
    """
    return _open(session, key, user_id, "changing" if for_change else "reading")


def open_to_save(session: Session, key: str, user_id: int | None = None) -> Reached[Held]:
    """The same for saving answers: held, and no more of it than saving needs."""
    return _open(session, key, user_id, "saving")


def hold(session: Session, keys: Collection[str]) -> None:
    """Hold the assessments behind these keys until the transaction ends, whoever may open them.

    In the order of their numbers, which is the same for all who hold several: nobody waits for another in a circle.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        return  # whoever writes has it all
    secrets_sha256 = padded(token_sha256(key) for key in keys if TOKEN.fullmatch(key))
    numbers = padded(int(key) for key in keys if NUMBER.fullmatch(key))
    connection.execute(_HOLD, {"secrets": secrets_sha256, "numbers": numbers})


def open_by_link(session: Session, token: str, *, for_change: bool = False) -> Assessment:
    """The assessment behind its own return link.

    Raises:
        AssessmentNotFound: no assessment has this link.
    """
    found = None
    if TOKEN.fullmatch(token):
        how: How = "changing" if for_change else "reading"
        found = _BY_LINK.first(session, how, secret=token_sha256(token), user_id=None)
    if found is None:
        raise AssessmentNotFound
    assessment: Assessment = found[0]
    return assessment


def _open(session: Session, key: str, user_id: int | None, how: How) -> Reached[Any]:
    if TOKEN.fullmatch(key):
        return _by_secret(session, token_sha256(key), user_id, how)
    if user_id is None or not NUMBER.fullmatch(key):
        raise AssessmentNotFound
    return _by_role(session, int(key), user_id, how)


def _by_secret(session: Session, secret_sha256: str, user_id: int | None, how: How) -> Reached[Any]:
    found = _BY_LINK.first(session, how, secret=secret_sha256, user_id=user_id)
    if found is not None:
        assessment, respondent_id, name = found
        return Reached(assessment, respondent_id, user_id=user_id, name=name)
    invited = _BY_INVITATION.first(session, how, secret=secret_sha256)
    if invited is None:
        raise AssessmentNotFound
    assessment, respondent_id, name, given = invited
    sections = None if given is None else frozenset(given)
    return Reached(assessment, respondent_id, sections, may_manage=False, name=name)


def _by_role(session: Session, number: int, user_id: int, how: How) -> Reached[Any]:
    found = _BY_ROLE.first(session, how, number=number, user_id=user_id)
    if found is None:
        raise AssessmentNotFound
    return by_role(user_id, *found)


def by_role(user_id: int, assessment: A, respondent_id: int | None, name: str | None, role: str) -> Reached[A]:
    """What a person may do with an assessment that their role has opened."""
    return Reached(assessment, respondent_id, may_manage=role == MANAGER, user_id=user_id, name=name)


HELD = tuple(getattr(Assessment, each.name) for each in fields(Held))


class _Query:
    """A query for an assessment and `more`, in three ways. Made once: to make one takes longer than to run it."""

    def __init__(self, query: Any, *more: Any) -> None:
        whole = query.add_columns(Assessment, *more).options(joinedload(Assessment.firm, innerjoin=True))
        held = query.add_columns(*HELD, *more)
        self.queries = {
            "reading": whole,
            "changing": whole.with_for_update(of=Assessment),
            "saving": held.with_for_update(of=Assessment),
        }

    def first(self, session: Session, how: How, **values: object) -> Sequence[Any] | None:
        """The assessment, then `more`; None where there is none."""
        if how != "saving":
            return session.execute(self.queries[how], values).first()
        row = session.connection().execute(self.queries[how], values).first()
        return None if row is None else (Held(*row[: len(HELD)]), *row[len(HELD) :])


def _is_person(user_id: Any) -> ColumnElement[bool]:
    return and_(Respondent.assessment_id == Assessment.id, Respondent.user_id == user_id)


_ASSESSMENT = select().select_from(Assessment)
WHO = (Respondent.id, Respondent.name)
# For the people with a role in its firm. Whoever is both manages: "manager" is before "respondent". What an assessor
# found of a firm is not its own: its people see that on the page of their case.
FOR_ROLE = (
    _ASSESSMENT.join(Role, Role.firm_id == Assessment.firm_id)
    .outerjoin(Respondent, _is_person(Role.user_id))
    .where(Role.role.in_((MANAGER, RESPONDENT)), Assessment.verifies_id.is_(None))
    .order_by(Role.role)
)
_BY_LINK = _Query(
    _ASSESSMENT.outerjoin(Respondent, _is_person(bindparam("user_id"))).where(
        Assessment.token_sha256 == bindparam("secret")
    ),
    *WHO,
)
_BY_INVITATION = _Query(
    _ASSESSMENT.join(Respondent, Respondent.assessment_id == Assessment.id).where(
        Respondent.token_sha256 == bindparam("secret"), Respondent.revoked_at.is_(None)
    ),
    *WHO,
    Respondent.sections,
)
_BY_ROLE = _Query(
    FOR_ROLE.where(Assessment.id == bindparam("number"), Role.user_id == bindparam("user_id")), *WHO, Role.role
)
_BEHIND = union(
    select(Assessment.id).where(Assessment.token_sha256.in_(bindparam("secrets", expanding=True))),
    select(Respondent.assessment_id).where(Respondent.token_sha256.in_(bindparam("secrets", expanding=True))),
    select(Assessment.id).where(Assessment.id.in_(bindparam("numbers", expanding=True))),
)
_HOLD = select(Assessment.id).where(Assessment.id.in_(_BEHIND)).order_by(Assessment.id).with_for_update()
