"""Size classes at Eurostat's boundaries."""

import pytest

from scoring.sizes import SizeClass, assumed_days, size_class


@pytest.mark.parametrize(
    ("employees", "size"),
    [(0, "micro"), (9, "micro"), (10, "small"), (49, "small"), (50, "medium"), (249, "medium"), (250, "large")],
)
def test_the_head_count_gives_the_class(employees: int, size: str) -> None:
    assert size_class({"employees": employees}) == SizeClass(size)  # type: ignore[arg-type]


def test_the_firm_s_own_word_goes_before_the_head_count() -> None:
    assert size_class({"size": "medium", "employees": 3}) == SizeClass("medium")


@pytest.mark.parametrize("profile", [{}, {"size": "giant"}, {"employees": "many"}])
def test_a_firm_that_does_not_say_is_taken_as_small_and_marked_so(profile: dict[str, str]) -> None:
    assert size_class(profile) == SizeClass("small", is_assumed=True)


def test_a_firm_is_taken_to_give_three_percent_of_its_working_time() -> None:
    assert assumed_days({"employees": 200.0}) == (330.0, 990.0, 2640.0)
    assert assumed_days({"size": "medium"}) == assumed_days({"employees": 110.0})


def test_a_workshop_gives_at_least_forty_days_a_year() -> None:
    assert assumed_days({"employees": 1.0}) == assumed_days({"size": "micro"}) == (10.0, 30.0, 80.0)
