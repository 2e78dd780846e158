"""Who may follow a workshop: the same links as open its pages, looked at when a stream begins and when in doubt."""

import ipaddress

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from app.database import Database
from app.dependencies import NotSignedIn, find_person, present_moment
from app.live_rooms import Link
from assessment import workshop_access
from assessment.access import NUMBER


async def open_link(request: Request, link: Link) -> tuple[int, int]:
    """The workshop's id and its newest number.

    Raises:
        NotFound, NotSignedIn: the link leads nowhere, or not for this person.
    """
    database: Database = request.app.state.database
    async with database.turn(writing=False) as session:
        return await run_in_threadpool(_open, request, session, link)


def _open(request: Request, session: Session, link: Link) -> tuple[int, int]:
    kind, key = link
    if kind == "seat":
        found = workshop_access.open_seat(session, key).workshop
    elif kind == "screen":
        found = workshop_access.open_screen(session, key)
    else:
        person = find_person(request, session, present_moment())
        if person is None and NUMBER.fullmatch(key):
            raise NotSignedIn
        found = workshop_access.open_chair(session, key, person.user_id if person else None)
    return found.id, found.seq


def network_of(request: Request) -> str:
    """The address that streams are counted by: of IPv6 the network that one customer has."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
