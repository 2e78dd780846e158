"""People of a programme: added by their address, each with a part, and one officer always stays."""

import pytest
from sqlalchemy.orm import Session

from assessment import programme_people, users
from assessment.case_states import ON_SITE
from assessment.errors import Invalid
from assessment.programme_people import HasVisits, LastOfficer, NotInProgramme
from assessment.tables import ProgrammeMember
from tests.assessment import programmes as made
from tests.factories import NOW


def roles_in(session: Session, number: int) -> list[tuple[str, str, str]]:
    return [(p.email, p.role, p.body) for p in programme_people.list_people(session, number)]


def test_people_are_added_once_for_each_part_and_listed_with_their_body(session: Session) -> None:
    of = made.programme(session)
    body = programme_people.add_body(session, of, "Institute", "info@institute.example")
    first = programme_people.add_person(session, of, "A@Body.example", "assessor", str(body.id), NOW)
    again = programme_people.add_person(session, of, "a@body.example", "assessor", str(body.id), NOW)
    programme_people.add_person(session, of, "a@body.example", "committee", "", NOW)

    assert (first, again) == (("a@body.example", True), ("a@body.example", False))
    assert roles_in(session, of.id) == [
        ("officer@ministry.example", "officer", ""),
        ("a@body.example", "committee", ""),
        ("a@body.example", "assessor", "Institute"),
    ]


def test_what_does_not_fit_is_refused(session: Session) -> None:
    of, other = made.programme(session), made.programme(session, name="Other")
    foreign = programme_people.add_body(session, other, "Elsewhere", "")
    closed = users.register(session, "closed@body.example", NOW)
    users.disable(session, closed, NOW)

    for email, role, body in (("nobody", "officer", ""), ("a@b.example", "king", ""), ("a@b.example", "assessor", "")):
        with pytest.raises(Invalid):
            programme_people.add_person(session, of, email, role, body, NOW)
    with pytest.raises(Invalid):
        programme_people.add_person(session, of, "closed@body.example", "officer", "", NOW)
    with pytest.raises(NotInProgramme):
        programme_people.add_person(session, of, "a@b.example", "assessor", str(foreign.id), NOW)
    assert len(roles_in(session, of.id)) == 1


def test_the_last_officer_stays(session: Session) -> None:
    of = made.programme(session)
    first = programme_people.list_people(session, of.id)[0]
    with pytest.raises(LastOfficer):
        programme_people.remove_person(session, of, str(first.id))
    programme_people.add_person(session, of, "second@ministry.example", "officer", "", NOW)
    programme_people.remove_person(session, of, str(first.id))

    assert [email for email, *_ in roles_in(session, of.id)] == ["second@ministry.example"]


def test_an_assessor_with_a_visit_under_way_stays_until_somebody_else_has_it(session: Session) -> None:
    of = made.programme(session)
    one, case = made.member(session, of, "assessor"), made.applied(session, made.call(session, of))
    case.assessor_id, case.state = one.id, ON_SITE
    session.flush()
    assert [p.visits for p in programme_people.list_people(session, of.id)] == [0, 1]
    with pytest.raises(HasVisits):
        programme_people.remove_person(session, of, str(one.id))
    case.assessor_id = None
    session.flush()
    programme_people.remove_person(session, of, str(one.id))

    assert session.get(ProgrammeMember, one.id) is None


def test_nobody_is_taken_out_of_another_programme(session: Session) -> None:
    of, other = made.programme(session), made.programme(session, name="Other")
    theirs = made.member(session, other, "analyst")

    for number in (str(theirs.id), "0", "x"):
        with pytest.raises(NotInProgramme):
            programme_people.remove_person(session, of, number)


def test_a_body_has_a_name_of_its_own_and_its_assessors_outlast_it(session: Session) -> None:
    of = made.programme(session)
    body = programme_people.add_body(session, of, "Institute", "")
    made.member(session, of, "assessor", body=body)
    for name in ("", "Institute"):
        with pytest.raises(Invalid):
            programme_people.add_body(session, of, name, "")
    programme_people.remove_body(session, of, str(body.id))
    session.expire_all()

    assert roles_in(session, of.id)[1] == ("assessor@programme.example", "assessor", "")
