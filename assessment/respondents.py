"""Who answers an assessment: people who sign in, and colleagues with a link of their own."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.access import Access
from assessment.tables import Respondent, User


def respondent_of(session: Session, access: Access, now: datetime) -> int | None:
    """The respondent whose answers these are, registered with the first one; None for who holds the return link."""
    if access.respondent_id is not None or access.user_id is None:
        return access.respondent_id
    user = session.get_one(User, access.user_id)
    registered = Respondent(
        assessment_id=access.assessment.id, user_id=user.id, name=user.name or user.email, created_at=now
    )
    session.add(registered)
    session.flush()
    return registered.id


def names_of(session: Session, assessment_id: int) -> dict[int, str]:
    """Every respondent of an assessment by name."""
    query = select(Respondent.id, Respondent.name).where(Respondent.assessment_id == assessment_id)
    return dict(session.execute(query).tuples().all())
