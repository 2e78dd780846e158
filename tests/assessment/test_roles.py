"""A role is held once; a firm in somebody's account is not taken into another's by a link."""

import threading

import pytest
from sqlalchemy import func, select

from app.database import Database
from assessment import access, roles, users
from assessment.roles import FirmHasManager, FirmNotFound
from assessment.tables import Role
from tests.factories import NOW, started


def test_a_role_is_granted_once_and_taken_away(database: Database) -> None:
    with database.transaction() as session:
        user = users.register(session, "a@firm.example", NOW)
        for _ in range(2):
            roles.grant(session, user.id, roles.ADMIN, None, NOW)
        assert session.scalar(select(func.count()).select_from(Role)) == 1
        assert roles.describe(session, user.id) == ["admin"]

        roles.revoke(session, user.id, roles.ADMIN, None)

        assert not roles.holds(session, user.id, roles.ADMIN)


def test_a_firm_nobody_keeps_is_kept_by_who_has_its_link(database: Database) -> None:
    with database.transaction() as session:
        user, other = users.register(session, "a@firm.example", NOW), users.register(session, "b@firm.example", NOW)
        assessment, token = started(session)
        assert roles.may_keep(session, access.open_by_key(session, token, user.id))
        assert not roles.may_keep(session, access.open_by_key(session, token, None)), "nobody is signed in"

        roles.keep_firm(session, user.id, assessment.firm_id, NOW)
        roles.keep_firm(session, user.id, assessment.firm_id, NOW)

        assert access.open_by_key(session, str(assessment.id), user.id).may_manage
        assert not roles.may_keep(session, access.open_by_key(session, token, other.id))
        with pytest.raises(FirmHasManager):
            roles.keep_firm(session, other.id, assessment.firm_id, NOW)


def test_of_two_who_keep_a_firm_at_once_one_does(database: Database) -> None:
    with database.transaction() as session:
        people = [users.register(session, f"{n}@firm.example", NOW).id for n in "ab"]
        firm_id = started(session)[0].firm_id
    refused = []

    def keep(user_id: int) -> None:
        try:
            with database.transaction() as session:
                roles.keep_firm(session, user_id, firm_id, NOW)
        except FirmHasManager:
            refused.append(user_id)

    threads = [threading.Thread(target=keep, args=(user_id,)) for user_id in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1


def test_a_firm_that_is_not_there_is_said_so(database: Database) -> None:
    with database.transaction() as session, pytest.raises(FirmNotFound):
        roles.check_firm(session, 99)
