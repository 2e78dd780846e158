"""`DatabaseSession`: one request, one transaction."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.database import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


async def get_session(request: Request) -> AsyncIterator[Session]:
    """Commit when the route returns, roll back when it raises."""
    database: Database = request.app.state.database
    async with database.turn(writing=request.method not in SAFE_METHODS) as session:
        yield session


# scope="function" commits before the response leaves; the default scope commits after it, and a failed commit
# would reach the browser as success.
DatabaseSession = Annotated[Session, Depends(get_session, scope="function")]
