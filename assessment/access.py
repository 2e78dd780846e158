"""Who may see and change what: an assessment is reached by its return link, which nobody can guess."""

import hashlib
import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assessment.errors import N_, NotFound
from assessment.tables import Assessment

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


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


def open_by_link(session: Session, token: str, *, for_change: bool = False) -> Assessment:
    """The assessment behind a return link; `for_change` holds its row until the transaction ends.

    Raises:
        AssessmentNotFound: no assessment has this link.
    """
    if not TOKEN.fullmatch(token):
        raise AssessmentNotFound
    query = select(Assessment).where(Assessment.token_sha256 == token_sha256(token))
    query = query.options(joinedload(Assessment.firm, innerjoin=True))
    if for_change:
        query = query.with_for_update(of=Assessment)
    assessment = session.scalars(query).one_or_none()
    if assessment is None:
        raise AssessmentNotFound
    return assessment
