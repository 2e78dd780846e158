"""Addresses are those that mail can be sent to, and nothing that could add a header; each has one account."""

import pytest

from app.database import Database
from assessment import firms, roles, users
from assessment.errors import Invalid
from assessment.tables import User
from assessment.users import AccountDisabled, NoSuchPerson
from tests.factories import NOW, started


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Aminah@Firm.Example", "aminah@firm.example"),
        ("  a.b+c@sub.firm.example ", "a.b+c@sub.firm.example"),
        ("info@münchen.example", "info@xn--mnchen-3ya.example"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert users.clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "aminah", "@firm.example", "aminah@", "aminah@firm", "a b@firm.example", "a@b@firm.example",
        ".a@firm.example",
        "a..b@firm.example", "aminah@firm.example\r\nBcc: all@firm.example", "aminah@firm.example\nx",
        "a\0@firm.example",
        "Aminah <aminah@firm.example>", "a@firm.example,b@firm.example", "a;b@firm.example", '"a b"@firm.example',
        "a@[127.0.0.1]", "a@-firm.example", "\ud800@firm.example", "a@\ud800.example", "x" * 65 + "@firm.example",
        "a@" + "x." * 130 + "example", "a@" + "x" * 300 + ".example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="e-mail address in full"):
        users.clean_email(typed)


def test_an_account_is_made_once(database: Database) -> None:
    with database.transaction() as session:
        first = users.register(session, "aminah@firm.example", NOW, "Aminah", "ar")
        again = users.register(session, "aminah@firm.example", NOW, "Somebody else")
        assert first is again
        assert (again.name, again.language) == ("Aminah", "ar")
        assert session.query(User).count() == 1


def test_a_closed_account_is_not_opened_by_signing_in(database: Database) -> None:
    with database.transaction() as session:
        users.disable(session, users.register(session, "aminah@firm.example", NOW), NOW)
        with pytest.raises(AccountDisabled):
            users.register(session, "aminah@firm.example", NOW)


def test_nobody_is_said_so(database: Database) -> None:
    with database.transaction() as session, pytest.raises(NoSuchPerson, match=r"nobody@firm\.example"):
        users.get(session, "nobody@firm.example")


def test_a_person_finds_their_firms_and_assessments_and_no_others(database: Database) -> None:
    with database.transaction() as session:
        user = users.register(session, "aminah@firm.example", NOW)
        mine, _ = started(session, name="Mine")
        started(session, name="Not mine")
        empty = firms.register(session, "Empty", "", NOW)
        roles.grant(session, user.id, roles.MANAGER, mine.firm_id, NOW)
        roles.grant(session, user.id, roles.RESPONDENT, empty.id, NOW)

        found = users.firms_of(session, user.id)

    assert [(f.name, f.role, [a.id for a in f.assessments]) for f in found] == [
        ("Empty", "respondent", []),
        ("Mine", "manager", [mine.id]),
    ]
