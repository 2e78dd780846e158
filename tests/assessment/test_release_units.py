"""Which assessments a release counts: one of each firm and wave, with what is known of it."""

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from assessment import release_units
from assessment.release_units import BASIS_CODES, INDUSTRY_CODES, OWNERSHIP_CODES, SECTION_CODES, SECTION_OF_LEAF, Units
from assessment.tables import Outcome, Programme
from tests.release_samples import REGIONS, a_programme, enter_units, sample_making, sample_units

FIRMS = 40


def filled(session: Session) -> tuple[Programme, Units]:
    programme = a_programme(session)
    units = sample_units(sample_making().questionnaire, FIRMS, 2025)
    enter_units(session, programme, units)
    return programme, units


def read(session: Session, programme: Programme, wave: int = 2025) -> Units:
    reference = f"{programme.questionnaire_id}@{programme.questionnaire_version}"
    return release_units.read(session, programme.id, reference, wave, REGIONS)


def test_units_come_back_as_they_were_noted(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    programme, units = filled(session)
    monkeypatch.setattr(release_units, "AT_ONCE", 7)
    found = read(session, programme)
    assert found.count == FIRMS
    assert (found.leaves == units.leaves).all()
    assert (found.scores == units.scores).all()
    assert (found.levels == units.levels).all()
    assert len(np.unique(found.ids)) == FIRMS
    assert release_units.waves_of(session, programme.id) == (2025,)
    assert read(session, programme, 1999).count == 0


def test_what_an_assessor_found_counts_before_the_firms_own_and_the_newest_before_older_ones(session: Session) -> None:
    programme, units = filled(session)
    session.execute(update(Outcome).values(firm_id=1, is_verified=False))
    newest = read(session, programme)
    assert newest.count == 1
    assert (newest.scores[0] == units.scores[-1]).all()
    session.execute(update(Outcome).where(Outcome.assessment_id == 2025 * 100_000 + 3).values(is_verified=True))
    verified = read(session, programme)
    assert (verified.scores[0] == units.scores[3]).all()
    assert verified.leaves[4, 0] == BASIS_CODES.index("verified")


def test_an_assessment_without_an_overall_score_and_one_of_another_version_are_left_out(session: Session) -> None:
    programme, units = filled(session)
    scores = units.scores[0].copy()
    scores[0] = -1
    first, second = 2025 * 100_000, 2025 * 100_000 + 1
    session.execute(update(Outcome).where(Outcome.assessment_id == first).values(scores=scores.astype("<i2").tobytes()))
    session.execute(update(Outcome).where(Outcome.assessment_id == second).values(questionnaire="other@1"))
    found = read(session, programme)
    assert (found.count, found.without_score) == (FIRMS - 2, 1)


def test_codes_that_are_not_known_are_leaves_of_their_own(session: Session) -> None:
    programme, _ = filled(session)
    unknown = {"isic_division": "", "size": "", "region": "XX-1", "ownership": "co-operative"}
    session.execute(update(Outcome).values(isic_section="C", **unknown))
    found = read(session, programme)
    assert {INDUSTRY_CODES[leaf] for leaf in found.leaves[0]} == {"C_U"}
    assert SECTION_CODES[SECTION_OF_LEAF[found.leaves[0, 0]]] == "C"
    assert set(found.leaves[1]) == {4}
    assert set(found.leaves[2]) == {0}
    assert set(found.leaves[3]) == {len(OWNERSHIP_CODES) - 1}
    session.execute(update(Outcome).values(isic_section=""))
    assert {INDUSTRY_CODES[leaf] for leaf in read(session, programme).leaves[0]} == {"_U"}


def test_other_answers_make_another_unit(session: Session) -> None:
    programme, units = filled(session)
    before = read(session, programme)
    levels = bytes([5 - min(int(units.levels[0, 0]), 5), *units.levels[0, 1:].tolist()])
    session.execute(update(Outcome).where(Outcome.assessment_id == 2025 * 100_000).values(levels=levels))
    after = read(session, programme)
    assert before.ids[0] != after.ids[0]
    assert (before.ids[1:] == after.ids[1:]).all()


def test_regions_keep_their_places_from_release_to_release(session: Session) -> None:
    programme, _ = filled(session)
    found = release_units.regions_of(session, programme.id)
    assert found == REGIONS
    session.execute(update(Outcome).where(Outcome.region == "MY-01").values(region="MY-00"))
    assert release_units.regions_of(session, programme.id, found) == (*REGIONS, "MY-00")
