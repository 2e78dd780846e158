"""Size classes at the borders that the three schemes publish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.library import SIZES, Rates
from scoring.size_schemes import EU, SME_CORP, WORLD_BANK, Facts, Verdict, turnover_class, verdicts

RATES = Rates(base="USD", as_of="2026-11", per={"MYR": 4.0, "EUR": 0.8, "KES": 130.0})


def under(scheme: object, facts: Facts, rates: Rates | None = RATES) -> Verdict:
    return next(v for v in verdicts(facts, rates) if v.scheme is scheme)


@pytest.mark.parametrize(
    ("employees", "turnover", "size"),
    [  # Commission Recommendation 2003/361/EC, annex, article 2
        (9, 2e6, "micro"), (10, 2e6, "small"), (9, 2_000_001, "small"),
        (49, 10e6, "small"), (50, 10e6, "medium"), (49, 10_000_001, "medium"),
        (249, 50e6, "medium"), (250, 1, "large"), (1, 50_000_001, "large"), (0, None, "micro"),
    ],
)  # fmt: skip
def test_the_european_recommendation_wants_head_count_and_turnover(
    employees: int, turnover: float | None, size: str
) -> None:
    assert under(EU, Facts(employees, turnover, "EUR")).size == size


@pytest.mark.parametrize(
    ("employees", "size"), [(4, None), (5, "small"), (19, "small"), (20, "medium"), (99, "medium"), (100, "large")]
)
def test_the_world_bank_counts_employees_from_five(employees: int, size: str | None) -> None:
    found = under(WORLD_BANK, Facts(employees))
    assert (found.size, found.lacks) == (size, None if size else "too_small")


@pytest.mark.parametrize(
    ("section", "employees", "turnover", "size"),
    [  # SME Corporation Malaysia, guideline on the SME definition, table 1 and the rule that the smaller size applies
        ("C", 4, 60e6, "micro"), ("C", 300, 299_999, "micro"), ("C", 5, None, "small"), ("C", 74, None, "small"),
        ("C", 75, None, "medium"), ("C", 200, None, "medium"), ("C", 201, None, "large"),
        ("C", None, 300_000, "small"), ("C", None, 14_999_999, "small"), ("C", None, 15e6, "medium"),
        ("C", None, 50e6, "medium"), ("C", None, 50_000_001, "large"), ("C", 201, 50e6, "medium"),
        ("H", 29, None, "small"), ("H", 30, None, "medium"), ("H", 75, None, "medium"), ("H", 76, None, "large"),
        ("H", None, 2_999_999, "small"), ("H", None, 3e6, "medium"), ("H", None, 20e6, "medium"),
        ("H", None, 20_000_001, "large"), ("", 3, None, "micro"), ("", 500, None, "large"),
    ],
)  # fmt: skip
def test_malaysia_takes_the_smaller_of_the_two_by_sector(
    section: str, employees: int | None, turnover: float | None, size: str
) -> None:
    assert under(SME_CORP, Facts(employees, turnover, "MYR", section)).size == size


def test_where_the_sectors_differ_and_the_industry_is_not_known_nothing_is_said() -> None:
    found = under(SME_CORP, Facts(50))
    assert (found.size, found.lacks) == (None, "activity")


def test_without_a_rate_the_turnover_is_left_out_and_never_guessed() -> None:
    assert under(SME_CORP, Facts(None, 1e9, "ISK", "C")).lacks == "rate"
    assert under(SME_CORP, Facts(None, 1e9, "KES", "C"), None).size is None
    found = under(SME_CORP, Facts(10, 1e9, "ISK", "C"))
    assert (found.size, found.basis, found.lacks) == ("small", ("employees",), "rate")
    assert under(EU, Facts(10, 1e9, "ISK")) == Verdict(EU, "small", ("employees",), lacks="rate")


def test_a_converted_turnover_says_so() -> None:
    found = under(SME_CORP, Facts(None, 100_000, "USD", "C"))  # 400,000 MYR
    assert (found.size, found.is_converted) == ("small", True)
    assert not under(SME_CORP, Facts(None, 400_000, "MYR", "C")).is_converted
    assert under(EU, Facts(5, 260e6, "KES")).size == "micro"  # 1.6 million EUR


def test_what_a_firm_answers_about_its_turnover_rests_on_no_conversion() -> None:
    assert turnover_class("MY", Facts(None, 14e6, "MYR", "C")) == "small"
    assert turnover_class("MY", Facts(None, 14e6, "MYR")) is None  # medium, if it offers services
    assert turnover_class("MY", Facts(None, 14e6, "USD", "C")) is None
    assert turnover_class("FR", Facts(None, 10e6, "EUR")) == "small"
    assert turnover_class("KE", Facts(None, 10e6, "KES")) is None
    assert turnover_class("MY", Facts(400)) is None


@given(
    st.integers(0, 10_000),
    st.integers(0, 10_000),
    st.none() | st.floats(0, 1e12),
    st.sampled_from(["", "C", "H"]),
    st.sampled_from(["EUR", "MYR", "KES", "ISK"]),
)
def test_more_employees_never_make_a_firm_smaller(
    fewer: int, more: int, turnover: float | None, section: str, currency: str
) -> None:
    low, high = sorted((fewer, more))
    for one, other in zip(
        verdicts(Facts(low, turnover, currency, section), RATES),
        verdicts(Facts(high, turnover, currency, section), RATES),
        strict=True,
    ):
        if one.size and other.size:
            assert SIZES.index(one.size) <= SIZES.index(other.size)
