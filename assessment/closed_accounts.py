"""A person closes their account: all that says who they were goes; what their firm has answered stays."""

from collections.abc import Sequence

from sqlalchemy import Select, String, and_, cast, delete, literal, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from assessment import filed_evidence, room_names
from assessment.access import MANAGER
from assessment.tables import (
    ActionProgress,
    ApiToken,
    Assessment,
    Firm,
    Mail,
    PastSubmission,
    Respondent,
    Role,
    SignInCode,
    User,
    UserSession,
    VersionMove,
)

# Where people are named by what they typed and not by a number: the column, and its assessment.
NAMED_IN: tuple[tuple[InstrumentedAttribute[str], InstrumentedAttribute[int]], ...] = (
    (Assessment.submitted_by, Assessment.id),
    (PastSubmission.submitted_by, PastSubmission.assessment_id),
    (PastSubmission.reopened_by, PastSubmission.assessment_id),
    (VersionMove.moved_by, VersionMove.assessment_id),
    (ActionProgress.owner, ActionProgress.assessment_id),
    (ActionProgress.changed_by, ActionProgress.assessment_id),
)


def managed_alone(session: Session, user_id: int) -> Sequence[str]:
    """The names of the firms that nobody else manages: without this person only their return links open them."""
    other = aliased(Role)
    shared = select(other.id).where(other.firm_id == Firm.id, other.role == MANAGER, other.user_id != user_id)
    query = (
        select(Firm.name)
        .join(Role, Role.firm_id == Firm.id)
        .where(Role.user_id == user_id, Role.role == MANAGER, ~shared.exists())
        .order_by(Firm.name)
    )
    return session.scalars(query).all()


def close(session: Session, user_id: int) -> None:
    """Erase a person: account, sessions, tokens, codes, mails to them, and their name wherever it stands as a name.

    As a respondent they become a number. What they wrote in notes stays: it is the firm's.
    """
    user = session.get_one(User, user_id)
    names = [text for text in (user.email, user.name) if text]
    theirs = _assessments_of(user_id)
    for column, assessment_id in NAMED_IN:
        named = and_(column.in_(names), or_(column == user.email, assessment_id.in_(theirs)))
        session.execute(
            update(column.class_).where(named).values({column.key: ""}).execution_options(synchronize_session=False)
        )
    for row in session.scalars(select(Assessment).where(Assessment.plan.is_not(None), Assessment.id.in_(theirs))):
        if row.plan and row.plan.get("by") in names:
            row.plan = {**row.plan, "by": ""}
    session.flush()
    # An assessor has a link for each device, of which one carries their number.
    visits = select(Respondent.assessment_id).join(Assessment, Assessment.id == Respondent.assessment_id)
    visits = visits.where(Respondent.user_id == user_id, Assessment.verifies_id.is_not(None))
    on_visits = session.scalars(visits).all()
    as_respondent = or_(
        Respondent.user_id == user_id,
        Respondent.name == user.email,
        and_(Respondent.assessment_id.in_(on_visits), Respondent.name.in_(names)),
    )
    known_as = session.execute(select(Respondent.id, Respondent.assessment_id).where(as_respondent)).all()
    filed_evidence.forget_names(session, {id for id, _ in known_as}, {assessment for _, assessment in known_as})
    session.flush()
    session.execute(
        update(Respondent)
        .where(as_respondent)
        .values(name=literal("#") + cast(Respondent.id, String), user_id=None)
        .execution_options(synchronize_session=False)
    )
    _forget_mails(session, user)
    room_names.forget_person(session, user)
    session.execute(delete(SignInCode).where(SignInCode.email == user.email))
    for table in (UserSession, ApiToken, Role):
        session.execute(delete(table).where(table.user_id == user_id))
    session.execute(delete(User).where(User.id == user_id))
    session.expire_all()


def _assessments_of(user_id: int) -> Select[int]:
    firms = select(Role.firm_id).where(Role.user_id == user_id)
    answered = select(Respondent.assessment_id).where(Respondent.user_id == user_id)
    return select(Assessment.id).where(or_(Assessment.firm_id.in_(firms), Assessment.id.in_(answered)))


def _forget_mails(session: Session, user: User) -> None:
    """Mails to them, and the texts of those to others that name them; one that still waits is sent as it is."""
    session.execute(delete(Mail).where(Mail.recipient == user.email))
    named = [Mail.subject.contains(text, autoescape=True) for text in (user.email, user.name) if text]
    session.execute(
        update(Mail)
        .where(or_(*named), or_(Mail.sent_at.is_not(None), Mail.problem != ""))
        .values(subject="")
        .execution_options(synchronize_session=False)
    )
