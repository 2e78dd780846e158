"""Firms that are probably one, and who is told so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from assessment import firms
from assessment.firm_duplicates import LOOKUPS, Similar, find_similar, list_alike, plain_name, plain_number
from assessment.particulars import Particulars
from assessment.tables import User
from tests.factories import NOW


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kilang Padi Sdn. Bhd.", "KILANG  PADI SDN BHD"),
        ("Société Générale d'Équipement SARL", "Societe Generale d’Equipement, S.A.R.L."),
        ("Đorđević i sinovi d.o.o.", "Dordevic I Sinovi D.O.O"),
        ("Tata Steel Pvt. Ltd.", "Tata Steel Private Limited"),
        ("A.B.C. Co., Ltd", "ABC"),
        ("Công ty TNHH Bình Minh", "Binh Minh"),
        ("PT. Maju Jaya Tbk", "Maju Jaya"),
        ("Müller & Söhne GmbH & Co. KG", "Muller and Sohne gmbh and co kg"),
        ("شـركة النور", "شركة النور"),
        ("Ａcme Ltd", "Acme"),
    ],
)
def test_names_that_differ_in_form_alone_are_one(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(("one", "other"), [("Acme North", "Acme South"), ("Ltd", "Bhd"), ("李工厂", "王工厂")])
def test_names_that_differ_are_two(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


@given(st.text(max_size=200))
def test_any_name_and_number_has_a_plain_form_that_stays_the_same(text: str) -> None:
    assert plain_number(plain_number(text)) == plain_number(text)
    assert isinstance(plain_name(text), str)


def people(database: Database) -> tuple[int, int]:
    with database.transaction() as session:
        both = [User(email=f"{n}@example.org", created_at=NOW) for n in "ab"]
        session.add_all(both)
        session.flush()
        given = Particulars(name="Secret Works Ltd", country="MY", registration_number="77-A")
        firms.register_for(session, both[0].id, given, NOW)
        return both[0].id, both[1].id


def test_own_firms_are_shown_and_of_others_only_that_the_number_is_known(database: Database) -> None:
    owner, stranger = people(database)
    with database.transaction() as session:
        same_name = Particulars(name="SECRET WORKS", country="MY")
        assert [name for _, name in find_similar(session, owner, same_name, NOW).own] == ["Secret Works Ltd"]
        assert not find_similar(session, stranger, same_name, NOW)
        same_number = Particulars(name="Other", country="MY", registration_number="77a")
        assert find_similar(session, stranger, same_number, NOW) == Similar((), is_known_to_others=True)
        elsewhere = Particulars(name="Secret Works", country="KE", registration_number="77a")
        assert not find_similar(session, stranger, elsewhere, NOW)
        assert not find_similar(session, owner, elsewhere, NOW)


def test_numbers_cannot_be_tried_out(database: Database) -> None:
    _, stranger = people(database)
    with database.transaction() as session:
        for n in range(LOOKUPS.most):
            assert not find_similar(session, stranger, Particulars("X", "MY", registration_number=f"no {n}"), NOW)
        known = Particulars(name="X", country="MY", registration_number="77-A")
        assert not find_similar(session, stranger, known, NOW)
        assert find_similar(session, stranger, known, NOW + LOOKUPS.within)


def test_a_firm_that_keeps_its_number_is_not_looked_for_again(database: Database) -> None:
    owner, _ = people(database)
    with database.transaction() as session:
        firm = firms.list_firms(session, owner)[0]
        for _ in range(LOOKUPS.most + 1):
            same = Particulars(name="Secret Works", country="MY", registration_number="77 A")
            assert not find_similar(session, owner, same, NOW, firm)
        changed = Particulars(name="Secret Works", country="MY", registration_number="78")
        assert not find_similar(session, owner, changed, NOW, firm)


def test_those_who_run_the_service_see_all_that_are_alike(database: Database) -> None:
    people(database)
    with database.transaction() as session:
        firms.register(session, "Secret Works", "MY", NOW)
        firms.register(session, "Secret Works", "KE", NOW)
        twin = firms.register(session, "Another name", "MY", NOW)
        twin.registration_number = "77A"
        session.flush()
        found = [(each.why, [name for _, name, _, _ in each.firms]) for each in list_alike(session)]
    assert found == [("number", ["Secret Works Ltd", "Another name"]), ("name", ["Secret Works Ltd", "Secret Works"])]
