"""People who sign in: known by an address that they have proven, with a name and a language if they like."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from assessment import api_tokens, sessions
from assessment.errors import N_, Forbidden, Invalid, NotFound
from assessment.tables import Assessment, Firm, Role, User
from assessment.texts import clean_name

LONGEST_EMAIL = 254
# What every mail server takes, and nothing that could end a header or name a second recipient.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")


class NoSuchPerson(NotFound):
    """Nobody has signed in with this address."""

    def __init__(self, email: str) -> None:
        super().__init__(N_("Nobody has signed in as %(email)s."), email=email)


class AccountDisabled(Forbidden):
    """The account is closed by those who run the service."""

    def __init__(self) -> None:
        super().__init__(N_("This account is closed. Ask those who run this service."))


@dataclass(frozen=True, slots=True)
class KeptAssessment:
    """An assessment that a person reaches by their role, for a list."""

    id: int
    questionnaire: str
    state: str
    created_at: datetime
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptFirm:
    """A firm of a person, what they are there, and its assessments, the newest first."""

    id: int
    name: str
    role: str
    assessments: tuple[KeptAssessment, ...]


def clean_email(text: str) -> str:
    """An address in small letters, its domain as mail servers spell it.

    Raises:
        Invalid: it is no address that mail can be sent to.
    """
    local, at, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode().lower()
    except UnicodeError:
        domain = ""
    email = f"{local.lower()}@{domain}"
    fits = at and len(local) <= 64 and len(email) <= LONGEST_EMAIL
    if not (fits and LOCAL_PART.fullmatch(local) and DOMAIN.fullmatch(domain)):
        raise Invalid(N_("Enter an e-mail address in full, for example name@firm.com."))
    return email


def find(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email)).one_or_none()


def get(session: Session, email: str) -> User:
    """Raises NoSuchPerson when nobody has signed in with it."""
    found = find(session, email)
    if found is None:
        raise NoSuchPerson(email)
    return found


def get_by_id(session: Session, user_id: int) -> User:
    return session.get_one(User, user_id)


def is_disabled(session: Session, email: str) -> bool:
    found = find(session, email)
    return found is not None and found.disabled_at is not None


def password_hash_of(session: Session, email: str) -> str | None:
    """None where there is no password, nobody with this address, or a closed account."""
    found = find(session, email)
    return found.password_hash if found is not None and found.disabled_at is None else None


def register(session: Session, email: str, now: datetime, name: str = "", language: str = "") -> User:
    """Whoever has this address, made when they come for the first time.

    Raises:
        AccountDisabled: the account is closed by those who run the service.
        Invalid: the name cannot be used.
    """
    found = find(session, email)
    if found is None:
        found = User(email=email, name=clean_name(name), language=language, created_at=now)
        session.add(found)
        session.flush()
    elif found.disabled_at is not None:
        raise AccountDisabled
    return found


def describe(user: User, name: str, language: str) -> None:
    """Replace a person's name and language.

    Raises:
        Invalid: the name cannot be used.
    """
    user.name, user.language = clean_name(name), language


def disable(session: Session, user: User, now: datetime) -> None:
    """Close an account from outside: its sessions and tokens end now; what it did stays."""
    user.disabled_at = user.disabled_at or now
    sessions.end_all(session, user.id, now)
    api_tokens.revoke_all(session, user.id, now)


def enable(user: User) -> None:
    user.disabled_at = None


def set_password_hash(session: Session, user_id: int, password_hash: str | None, now: datetime, but: int) -> None:
    """Set or remove a person's password, and end their other sessions and all their tokens."""
    session.get_one(User, user_id).password_hash = password_hash
    sessions.end_all(session, user_id, now, but=but)
    api_tokens.revoke_all(session, user_id, now)


def firms_of(session: Session, user_id: int) -> list[KeptFirm]:
    """A person's firms with their assessments."""
    query = (
        select(Firm.id, Firm.name, Role.role, Assessment)
        .join(Role, Role.firm_id == Firm.id)
        .outerjoin(Assessment, and_(Assessment.firm_id == Firm.id, Assessment.verifies_id.is_(None)))
        .where(Role.user_id == user_id)
        .order_by(Firm.name, Firm.id, Role.role, Assessment.id.desc())
    )
    found: dict[tuple[int, str, str], list[KeptAssessment]] = {}
    for firm_id, name, role, row in session.execute(query):
        kept = found.setdefault((firm_id, name, role), [])
        if row is not None:
            kept.append(KeptAssessment(row.id, row.questionnaire_id, row.state, row.created_at, row.submitted_at))
    return [KeptFirm(*firm, tuple(rows)) for firm, rows in found.items()]
