"""Names go from a workshop: on request, 90 days after its end, and with the account of whose they are."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import closed_accounts, invitations, participants, room_names, users, workshop_access, workshops
from assessment.invitations import Guest
from assessment.room_names import KEPT, StillUnderWay
from assessment.tables import Invitation, Participant, Workshop, WorkshopAction
from tests.assessment.rooms import Room, room
from tests.factories import NOW

GUEST = Guest("Zubaidah", "zubaidah@kilang.example", "industry")


def named_room(session: Session, user_id: int | None = None) -> Room:
    """One person of those in the room has come by an invitation, with a nickname; an action is theirs."""
    there = room(session, {"industry": 1}, user_id=user_id)
    ((row, secret),) = invitations.invite(session, there.workshop, [GUEST], NOW)
    opened = invitations.open_invitation(session, secret)
    invitations.take_seat(session, opened, "industry", "Zuzu", NOW)
    session.add(
        WorkshopAction(
            workshop_id=there.workshop.id, question_id="machines.1", title="Mend it", owner=row.name,
            owner_email=row.email, created_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    return there


def kept(session: Session) -> tuple[int, list[str], list[str]]:
    """How many are invited, what those in the room are called, and who owns actions."""
    session.expire_all()
    return (
        len(session.scalars(select(Invitation)).all()),
        [each.nickname for each in session.scalars(select(Participant).order_by(Participant.id))],
        [each.owner for each in session.scalars(select(WorkshopAction))],
    )


def test_names_are_forgotten_on_request_once_the_workshop_has_ended(session: Session) -> None:
    there = named_room(session)
    with pytest.raises(StillUnderWay):
        room_names.forget_names(session, there.workshop)
    assert kept(session) == (1, ["", "Zuzu"], ["Zubaidah"])
    workshops.end(session, there.workshop, NOW)
    room_names.forget_names(session, there.workshop)
    assert kept(session) == (0, ["", ""], ["Zubaidah"])


def test_names_go_by_themselves_after_ninety_days(session: Session) -> None:
    there = named_room(session)
    room_names.forget_old(session, NOW + 2 * KEPT)
    assert kept(session)[0] == 1  # it goes on
    workshops.end(session, there.workshop, NOW)
    room_names.forget_old(session, NOW + KEPT)
    assert kept(session)[0] == 1
    room_names.forget_old(session, NOW + KEPT + timedelta(seconds=1))
    assert kept(session) == (0, ["", ""], ["Zubaidah"])


def test_a_closed_account_is_gone_from_lists_and_roadmaps_and_what_it_led_stays(session: Session) -> None:
    person = users.register(session, GUEST.email, NOW, GUEST.name)
    there = named_room(session, person.id)
    number, chair = there.workshop.id, there.chair
    closed_accounts.close(session, person.id)
    assert kept(session) == (0, ["", ""], [""])
    assert session.get_one(Workshop, number).user_id is None
    assert participants.list_participants(session, workshop_access.open_chair(session, chair))
