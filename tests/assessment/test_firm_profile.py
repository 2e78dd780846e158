"""What a firm has said once fills the fields of a questionnaire, and the other way round."""

import pytest

from assessment.firm_profile import BRANCH_OF, fitting, learn, profile_of
from assessment.industries import DIVISIONS, SECTION_OF, SECTIONS
from assessment.places import COUNTRIES, regions_of
from assessment.tables import Firm
from questionnaires.loader import load_definition
from tests.factories import NOW, tiny

FIELDS = load_definition("industry4-readiness").questionnaire.fields


def firm(**particulars: object) -> Firm:
    said = {
        "name": "A", "country": "", "region": "", "registration_number": "", "isic_section": "", "isic_division": "",
        "turnover_currency": "", "ownership": "",
    }  # fmt: skip
    return Firm(**{**said, **particulars})


def test_particulars_fill_every_field_that_they_answer() -> None:
    acme = firm(
        country="MY", isic_section="C", isic_division="26", employees=60, turnover=12e6, turnover_currency="MYR",
        ownership="joint", is_exporter=False, founded=1998,
    )  # fmt: skip
    assert profile_of(acme, FIELDS, NOW) == {
        "sector": "manufacturing",
        "branch": "electronics",
        "employees": 60,
        "turnover": "small",
        "years": 28,
        "exports": "none",
        "ownership": "joint",
    }


def test_what_is_open_or_fits_no_choice_stays_open() -> None:
    assert profile_of(firm(), FIELDS, NOW) == {}
    assert profile_of(firm(is_exporter=True), FIELDS, NOW) == {}  # how much is not known
    assert profile_of(firm(isic_section="A", isic_division="01"), FIELDS, NOW) == {}
    assert profile_of(firm(isic_section="M", isic_division="71"), FIELDS, NOW) == {"sector": "services"}
    assert profile_of(firm(isic_section="C", isic_division="33"), FIELDS, NOW) == {"branch": "upkeep"}
    assert profile_of(firm(isic_section="C"), FIELDS, NOW) == {"sector": "manufacturing"}
    assert profile_of(firm(employees=5, ownership="joint"), tiny().questionnaire.fields, NOW) == {"employees": 5}


def test_every_branch_is_one_that_the_questionnaire_knows_and_every_division_is_one_of_isic() -> None:
    branch = next(f for f in FIELDS if f.id == "branch")
    assert branch.choices is not None
    assert set(BRANCH_OF.values()) <= set(branch.choices)
    assert set(BRANCH_OF) <= set(SECTION_OF)


def test_only_what_fits_a_field_is_taken() -> None:
    wrong = {"employees": "many", "sector": "farming", "years": -1.0, "ownership": 3.0, "unknown": "x"}
    assert fitting(FIELDS, wrong) == {}


def test_answers_fill_empty_particulars_and_overwrite_nothing() -> None:
    fresh = firm()
    learn(
        fresh, FIELDS, {"employees": 17, "exports": "under_half", "ownership": "local", "sector": "manufacturing"}, NOW
    )
    assert (fresh.employees, fresh.is_exporter, fresh.ownership, fresh.isic_section) == (17, True, "local", "C")
    learn(fresh, FIELDS, {"employees": 99, "exports": "none", "ownership": "foreign"}, NOW)
    assert (fresh.employees, fresh.is_exporter, fresh.ownership) == (17, True, "local")


@pytest.mark.parametrize("employees", [12.5, 1e12, float("inf")])
def test_a_number_that_is_no_head_count_is_not_taken(employees: float) -> None:
    fresh = firm()
    learn(fresh, FIELDS, {"employees": employees}, NOW)
    assert fresh.employees is None


def test_isic_has_its_21_sections_and_88_divisions_and_every_region_its_country() -> None:
    assert "".join(SECTIONS) == "ABCDEFGHIJKLMNOPQRSTU"
    assert len(SECTION_OF) == 88
    assert set(DIVISIONS) == set(SECTIONS)
    assert list(DIVISIONS["C"]) == [str(n) for n in range(10, 34)]
    for country in COUNTRIES:
        for code, name in regions_of(country).items():
            assert code.startswith(f"{country}-"), code
            assert len(code) <= 6, code
            assert name.strip(), code
    # Spot checks against ISO 3166-2: numbers of first-level units and codes that have changed of late.
    counts = {"MY": 16, "MA": 12, "KE": 47, "TZ": 31, "VN": 63, "IN": 36, "PH": 17}
    assert {c: len(regions_of(c)) for c in counts} == counts
    assert regions_of("MY")["MY-07"] == "Pulau Pinang"
    assert regions_of("MA")["MA-06"] == "Casablanca-Settat"
    assert "IN-OD" in regions_of("IN")
