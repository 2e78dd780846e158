"""A code works once, for ten minutes, in the browser that asked; whatever else is tried, the answer is no."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import Database
from assessment import access, sign_in_codes
from assessment.sign_in_codes import LETTERS, Asked
from assessment.tables import SignInCode
from tests.factories import NOW

EMAIL = "aminah@firm.example"


def ask(database: Database, email: str = EMAIL) -> Asked:
    with database.transaction() as session:
        return sign_in_codes.ask(session, email, NOW)


def use(database: Database, browser: str, typed: str, after: timedelta = timedelta(0)) -> str | None:
    with database.transaction() as session:
        return sign_in_codes.use(session, browser, typed, NOW + after)


def test_a_code_proves_the_address_it_was_sent_to(database: Database) -> None:
    asked = ask(database)

    assert use(database, asked.browser, asked.code) == EMAIL


def test_a_code_is_eight_of_thirty_two_letters_that_nobody_mixes_up() -> None:
    assert len(set(LETTERS)) == 32
    assert not set("01OI") & set(LETTERS)
    assert sign_in_codes.LENGTH == 8


@pytest.mark.parametrize(
    "typed", [lambda c: c.lower(), lambda c: f" {c[:4]} {c[4:]} ", lambda c: f"{c[:4]}-{c[4:]}", lambda c: f"{c}\n"]
)
def test_people_type_a_code_in_many_ways(database: Database, typed: object) -> None:
    asked = ask(database)
    assert callable(typed)

    assert use(database, asked.browser, typed(asked.code)) == EMAIL


def test_the_digits_of_any_script_are_digits() -> None:
    assert sign_in_codes.read_code("٢٣٤٥-abcd") == "2345ABCD"


def test_a_code_works_once(database: Database) -> None:
    asked = ask(database)
    use(database, asked.browser, asked.code)

    assert use(database, asked.browser, asked.code) is None


def test_a_code_is_over_after_ten_minutes(database: Database) -> None:
    asked = ask(database)

    assert use(database, asked.browser, asked.code, timedelta(minutes=10)) is None
    assert use(database, asked.browser, asked.code, timedelta(minutes=10, seconds=-1)) == EMAIL


def test_a_code_works_only_in_the_browser_that_asked(database: Database) -> None:
    asked, other = ask(database), ask(database, "other@firm.example")

    assert use(database, other.browser, asked.code) is None
    assert use(database, access.new_token(), asked.code) is None
    assert use(database, "", asked.code) is None
    assert use(database, "' OR 1=1 --", asked.code) is None


def test_the_sixth_try_is_refused_even_if_it_is_right(database: Database) -> None:
    asked = ask(database)
    for _ in range(5):
        assert use(database, asked.browser, "WRONG234") is None

    assert use(database, asked.browser, asked.code) is None


def test_the_fifth_try_may_be_right(database: Database) -> None:
    asked = ask(database)
    for _ in range(4):
        use(database, asked.browser, "WRONG234")

    assert use(database, asked.browser, asked.code) == EMAIL


def test_one_code_used_ends_the_others_of_that_address_and_of_no_other(database: Database) -> None:
    first, second, other = ask(database), ask(database), ask(database, "other@firm.example")
    use(database, second.browser, second.code)

    assert use(database, first.browser, first.code) is None
    assert use(database, other.browser, other.code) == "other@firm.example"


def test_neither_the_code_nor_the_browsers_secret_is_stored(database: Database) -> None:
    asked = ask(database)
    with database.reader() as session:
        row = session.scalars(select(SignInCode)).one()

    kept = " ".join(str(getattr(row, c.key)) for c in SignInCode.__table__.columns)
    assert asked.code not in kept
    assert asked.browser not in kept


def test_a_browser_is_told_the_address_it_waits_for(database: Database) -> None:
    asked = ask(database)
    with database.reader() as session:
        assert sign_in_codes.asked_for(session, asked.browser, NOW) == EMAIL
        assert sign_in_codes.asked_for(session, asked.browser, NOW + timedelta(minutes=10)) is None
        assert sign_in_codes.asked_for(session, access.new_token(), NOW) is None


def test_old_codes_are_forgotten(database: Database) -> None:
    ask(database)
    with database.transaction() as session:
        sign_in_codes.ask(session, "later@firm.example", NOW + timedelta(hours=2))
    with database.reader() as session:
        assert session.scalars(select(SignInCode.email)).all() == ["later@firm.example"]
