"""Particulars: whatever is sent, it is kept as it can be kept, or refused by field and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.database import Database
from assessment import firms
from assessment.errors import Refusal
from assessment.particulars import FIELDS, InvalidParticulars, Particulars, checked, particulars_of
from assessment.tables import Firm
from tests.factories import NOW

TEXTS = st.text(max_size=80) | st.sampled_from(["", "\x00", "\ud800", "\u202eA", "x" * 300, "MY", "MY-07", "C", "26"])
NUMBERS = st.none() | st.integers() | st.sampled_from([-1, 0, 2**31, 2**63, 1998])


@given(
    st.builds(
        Particulars,
        name=TEXTS,
        country=TEXTS,
        region=TEXTS,
        registration_number=TEXTS,
        isic_section=TEXTS,
        isic_division=TEXTS,
        employees=NUMBERS,
        turnover=st.none() | st.floats(),
        turnover_currency=TEXTS | st.just("MYR"),
        ownership=TEXTS | st.just("joint"),
        is_exporter=st.none() | st.booleans(),
        founded=NUMBERS,
    )
)
def test_anything_is_kept_or_refused_by_field(given: Particulars) -> None:
    problems, kept = {}, None
    try:
        kept = checked(given, NOW, needs_name=False)
    except InvalidParticulars as refusal:
        problems = dict(refusal.problems)
    assert all(isinstance(each, Refusal) and str(each) for each in problems.values())
    if kept is None:
        assert problems
        return
    assert checked(kept, NOW, needs_name=False) == kept
    "".join(str(getattr(kept, name)) for name in FIELDS).encode()  # a lone half of a surrogate pair fails here
    assert len(kept.name) <= 200
    assert kept.employees is None or 0 <= kept.employees < 2**31
    assert kept.turnover is None or 0 <= kept.turnover <= 1e15


def test_a_division_implies_its_section_and_no_turnover_no_currency() -> None:
    kept = checked(Particulars("A", isic_section="A", isic_division="26", turnover_currency="MYR"), NOW)
    assert (kept.isic_section, kept.turnover_currency) == ("C", "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Particulars(""), "name"),
        (Particulars("A", region="MY-07"), "region"),
        (Particulars("A", country="MY", region="KE-01"), "region"),
        (Particulars("A", isic_section="Z"), "industry"),
        (Particulars("A", isic_section="C", isic_division="99999"), "industry"),
        (Particulars("A", turnover=float("nan"), turnover_currency="MYR"), "turnover"),
        (Particulars("A", turnover=1.0), "turnover_currency"),
        (Particulars("A", turnover=1.0, turnover_currency="DEM"), "turnover_currency"),
        (Particulars("A", founded=2027), "founded"),
    ],
)
def test_each_refusal_names_its_field(given: Particulars, field: str) -> None:
    with pytest.raises(InvalidParticulars) as refused:
        checked(given, NOW)
    assert list(refused.value.problems) == [field]


def test_particulars_come_back_from_the_database_as_they_were_kept(database: Database) -> None:
    given = Particulars(
        "شركة النور ﷺ", "MA", "MA-06", "RC 12/ب", "C", "13", 10_000_000, 1e15, "MAD", "foreign", True, 1000
    )
    kept = checked(given, NOW)
    with database.transaction() as session:
        firm = Firm(created_at=NOW)
        firms.describe(firm, given, NOW)
        session.add(firm)
        session.flush()
        number = firm.id
    with database.reader() as session:
        assert particulars_of(session.get_one(Firm, number)) == kept
