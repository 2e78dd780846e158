"""Firms of one enterprise group are one in statistics, by whatever way they name their owner."""

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from assessment import enterprise_groups, release_units
from assessment.errors import Invalid
from assessment.release_making import OVERALL, make_wave
from assessment.tables import Firm
from scoring.release_tables import INDUSTRY, SIZE
from tests.release_samples import REGIONS, a_programme, enter_units, sample_making, sample_units

YEAR = 2026


def owned(session: Session, owners: dict[int, str]) -> None:
    for firm, owner in owners.items():
        enterprise_groups.say(session.get_one(Firm, firm), owner)
    session.flush()


def test_firms_that_name_one_owner_are_a_group_with_the_owner_and_with_whom_that_belongs_to(session: Session) -> None:
    programme = a_programme(session)
    enter_units(session, programme, sample_units(sample_making().questionnaire, 12, YEAR))
    assert enterprise_groups.groups_of(session, programme.id) == {}
    session.execute(
        update(Firm).where(Firm.id == 9).values(name="Besar Holding Bhd.", registration_number="2019-01 (A)")
    )
    owned(session, {2: "BESAR HOLDING BHD", 4: "201901 A", 9: "Far Away Ltd", 7: "far away, ltd", 11: "Nobody else"})
    assert enterprise_groups.groups_of(session, programme.id) == {2: 2, 4: 2, 9: 2, 7: 2, 11: 11}
    reference = f"{programme.questionnaire_id}@{programme.questionnaire_version}"
    read = release_units.read(session, programme.id, reference, YEAR, REGIONS)
    units = enterprise_groups.grouped(read, enterprise_groups.groups_of(session, programme.id))
    assert dict(zip(units.firms.tolist(), units.groups.tolist(), strict=True)) == {
        firm: 2 if firm in (2, 4, 7, 9) else firm for firm in range(1, 13)
    }
    assert (units.count, units.group_count) == (12, 9)


def test_a_name_that_is_too_long_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        enterprise_groups.say(Firm(), "x" * 300)


def test_a_cell_of_ten_firms_of_which_two_are_of_one_group_is_held_back() -> None:
    """Shown while each is a group of its own."""
    making = sample_making()
    units = sample_units(making.questionnaire, 200, YEAR, unknown=0.0)
    units.leaves[SIZE] = np.where(np.arange(200) < 10, 3, np.where(np.arange(200) < 100, 0, 1))
    units.leaves[INDUSTRY] = units.leaves[INDUSTRY][0]

    def is_shown(groups: dict[int, int]) -> bool:
        wave = make_wave(making, enterprise_groups.grouped(units, groups), (), lambda step: None)
        columns = wave.columns
        one_way = [columns[s] == "_T" for s in ("industry", "region", "ownership", "basis")]
        at = np.all([columns["indicator"] == OVERALL, columns["size"] == "large", *one_way], axis=0)
        return bool((columns["status"][at] == "F").all())

    assert is_shown({})
    assert not is_shown({0: 0, 1: 0})
