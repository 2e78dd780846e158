"""Who leads a workshop together: added by address, gone again, and never nobody."""

import pytest
from sqlalchemy.orm import Session

from assessment import users, workshop_access, workshop_leaders
from assessment.errors import Invalid
from assessment.workshop_access import WorkshopNotFound
from assessment.workshop_leaders import LastLeader, NotALeader
from tests.assessment.rooms import room
from tests.factories import NOW


def test_somebody_added_by_their_address_leads_too(session: Session) -> None:
    amina = users.register(session, "amina@example.org", NOW)
    there = room(session, user_id=amina.id)
    assert workshop_leaders.add(session, there.workshop, " Juma@Example.org ", NOW)
    assert not workshop_leaders.add(session, there.workshop, "juma@example.org", NOW)

    juma = users.register(session, "juma@example.org", NOW)
    assert [leader.email for leader in workshop_leaders.list_leaders(session, there.workshop)] == [
        "amina@example.org",
        "juma@example.org",
    ]
    assert workshop_access.open_chair(session, str(there.workshop.id), juma.id) is there.workshop


def test_who_is_removed_opens_it_no_more_and_it_goes_over_to_who_stays(session: Session) -> None:
    amina = users.register(session, "amina@example.org", NOW)
    there = room(session, user_id=amina.id)
    workshop_leaders.add(session, there.workshop, "juma@example.org", NOW)
    juma = users.register(session, "juma@example.org", NOW)
    workshop_leaders.remove(session, there.workshop, amina.id, NOW)

    assert there.workshop.user_id == juma.id
    with pytest.raises(WorkshopNotFound):
        workshop_access.open_chair(session, str(there.workshop.id), amina.id)
    with pytest.raises(NotALeader):
        workshop_leaders.remove(session, there.workshop, amina.id, NOW)
    with pytest.raises(LastLeader):
        workshop_leaders.remove(session, there.workshop, juma.id, NOW)


@pytest.mark.parametrize("email", ["", "juma", "juma@", "gone@example.org"])
def test_no_address_and_a_closed_account_are_refused(session: Session, email: str) -> None:
    amina = users.register(session, "amina@example.org", NOW)
    users.disable(session, users.register(session, "gone@example.org", NOW), NOW)
    there = room(session, user_id=amina.id)
    with pytest.raises(Invalid):
        workshop_leaders.add(session, there.workshop, email, NOW)
    assert len(workshop_leaders.list_leaders(session, there.workshop)) == 1
