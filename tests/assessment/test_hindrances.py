"""What stands in the way: what can be said, how it is kept, and that it moves no score."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.hindrance_answers import (
    MOST,
    NothingAndSomething,
    TooManyHindrances,
    UnknownHindrance,
    read_hindrances,
)
from assessment.hindrances import HINDRANCES, NOTHING, HindranceId, as_number
from assessment.made_up_hindrances import WEIGHTS, write
from assessment.policy_reading import AREAS, FIRST, areas_file
from assessment.snapshots import Snapshot
from assessment.tables import Outcome
from questionnaires.answers import Answers
from tests.release_samples import a_programme, enter_units, sample_making, sample_units


def test_the_api_names_the_same_list_and_each_thing_has_its_own_words() -> None:
    assert get_args(HindranceId) == tuple(HINDRANCES)
    assert len({each.text for each in HINDRANCES.values()}) == len(HINDRANCES) == len(WEIGHTS)


def test_enablers_lie_in_the_areas_of_the_policy_reading_wherever_both_are_published() -> None:
    areas = areas_file()["areas"]
    homes = {enabler: area for area in AREAS for enabler in areas[area]["enablers"]}
    assert set(homes) == set(FIRST)
    others = {id for id, each in HINDRANCES.items() if each.enabler and homes[each.enabler] != each.area}
    assert others == {"linkages", "equipment"}  # Table 3 names both elsewhere than access to technology


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ((), None),
        ((NOTHING,), ()),
        (("people", "funds"), ("funds", "people")),
        (("rules", "rules"), ("rules",)),
    ],
)
def test_what_is_chosen_is_kept_in_the_order_of_the_list(
    chosen: tuple[str, ...], found: tuple[str, ...] | None
) -> None:
    assert read_hindrances(chosen) == found


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        (tuple(HINDRANCES)[: MOST + 1], TooManyHindrances),
        (("funds", NOTHING), NothingAndSomething),
        (("moon",), UnknownHindrance),
    ],
)
def test_what_cannot_be_meant_is_refused(chosen: tuple[str, ...], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read_hindrances(chosen)


@given(st.none() | st.sets(st.sampled_from(tuple(HINDRANCES)), max_size=MOST))
def test_statistics_keep_a_bit_for_each_thing_and_the_submission_keeps_the_words(said: set[str] | None) -> None:
    number = as_number(None if said is None else tuple(said))
    assert (number is None) == (said is None)
    if said is not None and number is not None:
        assert {id for place, id in enumerate(HINDRANCES) if number >> place & 1} == said
    snapshot = Snapshot(Answers(), hindrances=None if said is None else tuple(said))
    assert Snapshot.from_json(snapshot.as_json()) == snapshot


def test_an_older_submission_said_nothing_and_keeps_its_hash() -> None:
    assert "hindrances" not in Snapshot(Answers()).as_json()


def test_made_up_firms_say_the_same_of_what_they_and_an_assessor_found(session: Session) -> None:
    programme = a_programme(session)
    enter_units(session, programme, sample_units(sample_making().questionnaire, 300, 2026))
    told = write(session, programme, 1)
    numbers = session.scalars(select(Outcome.hindrances)).all()
    assert 150 < told < 260
    assert sum(number is not None for number in numbers) == told
    assert 0 in numbers
    assert all(number is None or number.bit_count() <= MOST for number in numbers)
