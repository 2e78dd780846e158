"""What stands in the way of firms, in releases: read as it was said, and nobody's words follow from two of them."""

from dataclasses import replace

import numpy as np
from sqlalchemy.orm import Session

from assessment import release_units
from assessment.action_states import Said
from assessment.hindrance_traits import hindrances_of
from assessment.hindrances import as_number
from assessment.release_traits import Traits
from assessment.release_units import Units
from tests.assessment.test_release_traits import (
    DEFINITION,
    MAKING,
    YEAR,
    answers_told,
    attacked,
    made,
    rows_of,
    told,
    units_of,
)
from tests.release_samples import a_programme, enter_units


def test_who_says_something_else_of_what_stands_in_the_way_is_another_firm_to_traits_alone() -> None:
    units = units_of(60)
    nothing = Said(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    changed = units.hindrances.copy()
    changed[0] = 5 if changed[0] != 5 else 6
    then, now = told(units, nothing)[2], told(replace(units, hindrances=changed), nothing)[2]
    assert then.ids is not None
    assert now.ids is not None
    assert np.flatnonzero(then.ids != now.ids).tolist() == [0]


def test_what_stands_in_the_way_is_read_as_it_was_said(session: Session) -> None:
    programme, units = a_programme(session), units_of(12)
    said = np.array([-1, 0, as_number(("funds",)), as_number(("funds", "security")), *[-1] * 8], dtype=np.int32)
    enter_units(session, programme, replace(units, hindrances=said))
    read = release_units.read(session, programme.id, DEFINITION.questionnaire.reference, YEAR, MAKING.regions)
    assert read.hindrances.tolist() == said.tolist()
    found = {trait.id: trait.values for trait in hindrances_of(read, None).traits}
    assert found["H:funds"][1:4].tolist() == [0, 1, 1]
    assert found["H:security"][1:4].tolist() == [0, 0, 1]
    assert np.isnan(found["H:funds"][[0, 4]]).all()


def test_a_firm_that_names_something_else_since_does_not_follow_from_two_releases() -> None:
    """One firm names money, too: were the tables told anew, the difference would be its."""
    units = units_of()
    nothing = Said(*(np.empty(0, dtype=np.int64) for _ in range(3)))
    funds = as_number(("funds",))
    one = np.flatnonzero((units.hindrances >= 0) & (units.hindrances & funds == 0))[0]
    named = units.hindrances.copy()
    named[one] |= funds
    later = replace(units, hindrances=named)

    def in_short(of: Units) -> tuple[Traits, ...]:
        hinders = told(of, nothing)[2]
        return (replace(hinders, traits=hinders.traits[:2]),)

    first = made(units, in_short(units))
    second, forgetful = made(later, in_short(later), first), made(later, in_short(later))
    then, now = in_short(units)[0].traits[0], in_short(later)[0].traits[0]
    assert rows_of(first, then.id) != {}
    assert attacked([*answers_told(first, then), *answers_told(second, now)]).small_groups(10) == 0
    assert attacked([*answers_told(first, then), *answers_told(forgetful, now)]).small_groups(10) > 0
