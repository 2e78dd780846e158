"""People who are signed in, and their firms."""

from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select

from app.database import Database
from assessment import firms, roles
from assessment.access import MANAGER, new_token, token_sha256
from assessment.particulars import Particulars
from assessment.tables import User, UserSession


def sign_in(client: TestClient, database: Database, email: str = "aisha@example.org") -> int:
    """Sign a person in at this browser, with an account made for them when they have none; returns their number."""
    token, now = new_token(), datetime.now(UTC)
    with database.transaction() as session:
        person = session.scalars(select(User).where(User.email == email)).one_or_none()
        if person is None:
            person = User(email=email, created_at=now)
            session.add(person)
            session.flush()
        session.add(
            UserSession(
                user_id=person.id,
                token_sha256=token_sha256(token),
                created_at=now,
                last_seen_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
        client.cookies.set("session", token)
        return person.id


def firm_of(database: Database, user_id: int, role: str = MANAGER, **particulars: object) -> int:
    """A firm in which a person has a role; returns its number."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        given = Particulars(**{"name": "Acme Sdn Bhd", "country": "MY", **particulars})  # type: ignore[arg-type]
        if role == MANAGER:
            return firms.register_for(session, user_id, given, now).id
        firm = firms.register(session, given.name, given.country, now)
        roles.grant(session, user_id, role, firm.id, now)
        return firm.id
