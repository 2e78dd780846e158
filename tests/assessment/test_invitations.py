"""Invitations: lists as people paste them, one seat for each link, and lists that are closed."""

import pytest
from sqlalchemy.orm import Session

from assessment import invitations, participants, workshop_access
from assessment.invitations import Guest, InvitationNotFound, LineUnclear
from assessment.participants import InvitedOnly
from tests.assessment.rooms import room
from tests.factories import NOW

GROUPS = {"industry": "Industry", "government": "Ministries and agencies"}


@pytest.mark.parametrize(
    ("line", "guest"),
    [
        ("Amina Salum, Amina@Example.org, Industry", Guest("Amina Salum", "amina@example.org", "industry")),
        ("amina@example.org", Guest("", "amina@example.org")),
        ("Amina Salum;ministries and AGENCIES", Guest("Amina Salum", "", "government")),
        ("Amina\tgovernment\tamina@example.org", Guest("Amina", "amina@example.org", "government")),
        ("  Nguyễn Thị Ánh  ", Guest("Nguyễn Thị Ánh")),
    ],
)
def test_a_line_is_read_as_people_write_it(line: str, guest: Guest) -> None:
    assert invitations.read_guests(f"\n{line}\n\n", GROUPS) == (guest,)


@pytest.mark.parametrize("line", ["amina@", "Amina, a@b@c", "Amina, amina@example.org, Somebody, Else", ",,,", "A\x00"])
def test_a_line_that_is_unclear_is_named(line: str) -> None:
    with pytest.raises(LineUnclear) as refusal:
        invitations.read_guests(f"Bao\n{line}", GROUPS)
    assert refusal.value.values["line"] == 2


def test_a_link_leads_to_one_seat_however_often_it_is_followed(session: Session) -> None:
    there = room(session, door="invited", people={"industry": 0})
    [(_, secret)] = invitations.invite(session, there.workshop, [Guest("Amina", "", "industry")], NOW)
    first = invitations.take_seat(session, invitations.open_invitation(session, secret), "industry", "Amina", NOW)
    again = invitations.take_seat(session, invitations.open_invitation(session, secret), "government", "", NOW)
    assert again.participant.id == first.participant.id
    assert [seat.number for seat in participants.list_participants(session, there.workshop)] == [1]
    with pytest.raises(workshop_access.SeatNotFound):
        workshop_access.open_seat(session, first.secret)
    assert [guest.seat for guest in invitations.list_invited(session, there.workshop)] == [1]


def test_who_is_not_on_the_list_does_not_get_in(session: Session) -> None:
    there = room(session, door="invited", people={"industry": 0})
    with pytest.raises(InvitedOnly):
        participants.join(session, there.workshop, "industry", "", NOW)


def test_a_link_that_was_renewed_or_taken_back_leads_nowhere_and_the_seat_stays(session: Session) -> None:
    there = room(session, door="invited", people={"industry": 0})
    [(row, secret)] = invitations.invite(session, there.workshop, [Guest("Amina")], NOW)
    _, newer = invitations.renew(session, there.workshop, row.id)
    with pytest.raises(InvitationNotFound):
        invitations.open_invitation(session, secret)
    invitations.take_seat(session, invitations.open_invitation(session, newer), "industry", "", NOW)
    invitations.take_back(session, there.workshop, row.id)
    session.flush()
    with pytest.raises(InvitationNotFound):
        invitations.open_invitation(session, newer)
    assert len(participants.list_participants(session, there.workshop)) == 1


def test_invitations_of_another_workshop_are_not_there(session: Session) -> None:
    here, there = room(session, people={"industry": 0}), room(session, people={"industry": 0})
    [(row, _)] = invitations.invite(session, there.workshop, [Guest("Amina")], NOW)
    with pytest.raises(InvitationNotFound):
        invitations.renew(session, here.workshop, row.id)
