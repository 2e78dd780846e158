"""Who may take part: judged as scoring judges it, told statement by statement, and refused when it is written wrong."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import eligibility
from assessment.eligibility import as_json, condition_of, from_json, judge, statements
from assessment.written_eligibility import read_written, write
from questionnaires.answers import ProfileValue
from questionnaires.conditions import Condition
from scoring.conditions import Names, Stated, applies
from tests.assessment.programmes import CONDITION, FITTING
from tests.factories import tiny

TINY = tiny().questionnaire


def condition(kept: Mapping[str, Any]) -> Condition:
    found = condition_of(kept)
    assert found is not None
    return found


def test_a_firm_that_fits_every_statement_may_take_part_and_each_is_told_with_what_was_said() -> None:
    verdict = judge(condition(CONDITION), FITTING)

    assert verdict.is_met
    assert not verdict.is_open
    assert [(r.field, r.said, r.is_met) for r in verdict.reasons] == [
        ("sector", "manufacturing", True),
        ("employees", 42.0, True),
    ]


@pytest.mark.parametrize(
    ("profile", "unmet"),
    [
        ({"sector": "services", "employees": 42.0}, ["sector"]),
        ({"sector": "manufacturing", "employees": 9.0}, ["employees"]),
        ({"sector": "manufacturing", "employees": 251.0}, ["employees"]),
        ({"sector": "services", "employees": 3.0}, ["sector", "employees"]),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_else(profile: dict[str, ProfileValue], unmet: list[str]) -> None:
    verdict = judge(condition(CONDITION), profile)

    assert not verdict.is_met
    assert not verdict.is_open
    assert [r.field for r in verdict.reasons if not r.is_met] == unmet


@pytest.mark.parametrize("employees", [10.0, 250.0])
def test_the_bounds_themselves_fit(employees: float) -> None:
    assert judge(condition(CONDITION), FITTING | {"employees": employees}).is_met


def test_what_is_not_stated_is_not_met_and_is_open_only_while_it_could_decide() -> None:
    could = judge(condition(CONDITION), {"sector": "manufacturing"})
    settled = judge(condition(CONDITION), {"sector": "services"})

    assert (could.is_met, could.is_open, could.lacks()) == (False, True, ("employees",))
    assert (settled.is_met, settled.is_open, settled.lacks()) == (False, False, ())


def test_without_a_condition_everybody_may_take_part() -> None:
    assert judge(None, {}).is_met


CHOICES = st.lists(st.sampled_from(["manufacturing", "services"]), min_size=1, unique=True)
BOUNDS = st.integers(0, 4).map(float)
FIELDS = st.one_of(
    st.fixed_dictionaries({"field": st.just("sector"), "in": CHOICES}),
    st.fixed_dictionaries({"field": st.just("employees"), "at_least": BOUNDS, "at_most": BOUNDS}),
)
CONDITIONS = st.recursive(
    FIELDS,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=6,
)
SECTORS, EMPLOYEES = ("manufacturing", "services"), (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
PROFILES = st.fixed_dictionaries(
    {}, optional={"sector": st.sampled_from(SECTORS), "employees": st.sampled_from(EMPLOYEES)}
)


def as_scored(given: Condition, profile: Mapping[str, ProfileValue]) -> bool:
    """What scoring makes of the condition."""
    sector, employees = profile.get("sector"), profile.get("employees", np.nan)
    fields = np.array([[np.nan if sector is None else SECTORS.index(str(sector))], [float(employees)]])
    stated = Stated(np.empty((1, 1)), fields, np.empty((0, 1), dtype=np.bool_))
    asks = SimpleNamespace(fields=TINY.fields, questions={"q": SimpleNamespace(applies_if=given)})
    names = Names({"q": 0}, {"sector": 0, "employees": 1}, {})
    return bool(applies(asks, ["q"], names, stated)[0, 0])  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(kept=CONDITIONS, profile=PROFILES)
def test_a_firm_is_judged_as_scoring_judges_the_condition(
    kept: dict[str, Any], profile: dict[str, ProfileValue]
) -> None:
    verdict = judge(condition(kept), profile)

    assert verdict.is_met == as_scored(condition(kept), profile)
    assert from_json(as_json(verdict)) == verdict
    if not verdict.is_open:  # then nothing that is still to be said changes it
        completed: list[dict[str, ProfileValue]] = [
            {"sector": s, "employees": e, **profile} for s in SECTORS for e in EMPLOYEES
        ]
        assert {judge(condition(kept), each).is_met for each in completed} == {verdict.is_met}


@settings(max_examples=50, deadline=None)
@given(kept=CONDITIONS)
def test_what_is_written_out_is_read_back(kept: dict[str, Any]) -> None:
    given_condition = condition(kept)
    if any((s.at_least or 0) > (s.at_most if s.at_most is not None else 9) for s in given_condition.statements()):
        return  # is refused: it is never met
    found, problems = read_written(write(given_condition), TINY, "MY")

    assert (found, problems) == (given_condition, ())


def test_every_problem_of_a_written_condition_is_told_with_its_line() -> None:
    text = """applies_if:
  all:
    - {field: sectr, in: [manufacturing]}
    - {field: sector, in: [mining]}
    - {field: employees, in: [many]}
    - {field: employees, at_least: 50, at_most: 10}
    - {field: region, in: [MY-99]}
    - {answer: skills.training, at_least: 1}
"""
    found, problems = read_written(text, TINY, "MY")

    assert found is None
    assert [(p.line, p.code) for p in problems] == [
        (3, "condition-field"),
        (4, "condition-choice"),
        (5, "condition-test"),
        (6, "condition-bounds"),
        (7, "condition-choice"),
        (8, "condition-question"),
    ]


@pytest.mark.parametrize("text", ["applies_if: [", "- 3", "applies_if: {field: sector}", "a: &x 1\nb: *x", "all: []"])
def test_what_is_no_condition_is_refused(text: str) -> None:
    found, problems = read_written(text, TINY, "MY")

    assert found is None
    assert problems


def test_json_and_a_condition_without_its_key_are_read_too() -> None:
    found, problems = read_written('{"field": "isic_division", "in": ["10", "13"]}', TINY, "MY")

    assert not problems
    assert judge(found, {"isic_division": "13"}).is_met
    assert not judge(found, {"isic_division": "26"}).is_met


def test_a_plain_form_shows_a_list_of_statements_and_leaves_the_rest_to_the_text() -> None:
    assert set(eligibility.flat(condition(CONDITION)) or ()) == {"sector", "employees"}
    assert eligibility.flat(None) == {}
    assert eligibility.flat(condition({"not": {"field": "sector", "in": ["services"]}})) is None


def test_a_firms_particulars_stand_beside_the_questionnaires_own_fields() -> None:
    ids = [field.id for field in eligibility.fields_of(TINY, "MY")]

    assert ids[:2] == ["sector", "employees"]
    assert {"region", "isic_section", "isic_division", "years", "ownership", "exporter"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert "region" not in [field.id for field in eligibility.fields_of(TINY, "XX")]


def test_statements_are_found_inside_others() -> None:
    verdict = judge(condition({"any": [{"not": {"field": "sector", "in": ["services"]}}, CONDITION]}), FITTING)

    assert [r.field for r in statements(verdict.reasons)] == ["sector", "sector", "employees"]
