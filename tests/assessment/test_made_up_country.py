"""A made-up country in a programme: what its tables hold, that it says what it is, and that nobody gets in."""

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessment import case_states, firms, made_up_country, verified_pairs
from assessment.programmes import ProgrammePlan
from assessment.snapshots import Snapshot
from assessment.tables import Assessment, CaseEvent, Firm, Outcome, Programme, ProgrammeCase, RegisterCount
from questionnaires.schema import Questionnaire
from tests.factories import NOW, tiny

FIRMS, WAVES = 300, 3


@pytest.fixture
def questionnaire() -> Questionnaire:
    return tiny().questionnaire


@pytest.fixture
def programme(session: Session, questionnaire: Questionnaire) -> Programme:
    plan = ProgrammePlan("Made-up country", "MY")
    row = Programme(
        name=plan.name,
        country=plan.country,
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        state="open",
        created_at=NOW,
        changed_at=NOW,
    )
    session.add(row)
    session.flush()
    return row


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_every_table_of_a_programme_is_filled(
    session: Session, programme: Programme, questionnaire: Questionnaire
) -> None:
    before = firms.register(session, "A real one", "MY", NOW)
    said: list[str] = []
    written = made_up_country.write(
        session, programme, questionnaire, FIRMS, WAVES, 1, NOW, lambda what, *_: said.append(what)
    )
    assert written.assessments == FIRMS * WAVES
    assert written.verified > 10
    assert count(session, Firm) == written.firms + 1
    assert count(session, Assessment) == count(session, Outcome) == written.assessments + written.verified
    assert count(session, ProgrammeCase) == count(session, CaseEvent) == written.firms
    assert count(session, RegisterCount) > 20
    waves = session.execute(select(Outcome.wave, func.count()).where(~Outcome.is_verified).group_by(Outcome.wave))
    assert dict(waves.all()) == dict.fromkeys((2024, 2025, 2026), FIRMS)
    assert {"firms", "2026", "cases"} <= set(said)
    names = session.scalars(select(Firm.name).where(Firm.id != before.id)).all()
    assert all(name.startswith("Made-up firm") for name in names)
    states = set(session.scalars(select(ProgrammeCase.state)))
    assert {case_states.APPLIED, case_states.SELF_ASSESSED, case_states.ENDORSED} <= states


def test_what_comes_after_gets_a_number_of_its_own(
    session: Session, programme: Programme, questionnaire: Questionnaire
) -> None:
    made_up_country.write(session, programme, questionnaire, 3, 1, 1, NOW)  # so few that none is verified
    newest = session.scalar(select(func.max(Firm.id))) or 0
    assert firms.register(session, "A real one", "MY", NOW).id > newest


def test_an_outcome_holds_a_score_for_each_dimension_and_a_level_for_each_question(
    session: Session, programme: Programme, questionnaire: Questionnaire
) -> None:
    made_up_country.write(session, programme, questionnaire, 60, 1, 1, NOW)
    nodes = 1 + len(list(questionnaire.walk()))
    for scores, levels in session.execute(select(Outcome.scores, Outcome.levels)):
        assert len(np.frombuffer(scores, dtype="<i2")) == nodes
        assert len(levels) == len(questionnaire.questions)


def test_no_link_leads_to_a_made_up_assessment_and_some_are_whole(
    session: Session, programme: Programme, questionnaire: Questionnaire
) -> None:
    made_up_country.write(session, programme, questionnaire, 100, 2, 1, NOW)
    rows = session.scalars(select(Assessment)).all()
    assert not any(len(row.token_sha256) == 64 for row in rows)
    whole = [row for row in rows if row.frozen is not None]
    assert len([row for row in whole if row.verifies_id is None]) == made_up_country.WHOLE
    for row in whole:
        assert row.frozen is not None
        assert row.scores is not None
        assert Snapshot.from_json(row.frozen).answers.answers
        outcome = session.get_one(Outcome, row.id)
        overall = np.frombuffer(outcome.scores, dtype="<i2")[0]
        step = row.scores["overall"]["score"]
        assert overall == pytest.approx(-1 if step is None else step * 100, abs=1)


def test_what_an_assessor_found_is_compared_with_what_the_firm_said(
    session: Session, programme: Programme, questionnaire: Questionnaire
) -> None:
    written = made_up_country.write(session, programme, questionnaire, 300, 1, 1, NOW)
    whole = session.scalar(
        select(func.count()).select_from(Assessment).where(Assessment.verifies_id > 0, Assessment.frozen.is_not(None))
    )
    assert whole
    visits = verified_pairs.missing(session, programme)
    verified_pairs.keep_some(session, programme, questionnaire, visits)
    assert verified_pairs.missing(session, programme) == []
    assert verified_pairs.pairs_of(session, programme, questionnaire).n == written.verified


def test_a_second_assessment_knows_the_first_and_a_verification_what_it_verifies(
    session: Session, programme: Programme, questionnaire: Questionnaire
) -> None:
    made_up_country.write(session, programme, questionnaire, 200, 2, 1, NOW)
    firm_of = dict(session.execute(select(Assessment.id, Assessment.firm_id)).all())
    linked = session.execute(select(Assessment.firm_id, Assessment.previous_id, Assessment.verifies_id)).all()
    again = [(firm, previous) for firm, previous, _ in linked if previous]
    verified = [(firm, own) for firm, _, own in linked if own]
    assert len(again) > 100
    assert len(verified) > 5
    assert all(firm_of[other] == firm for firm, other in again + verified)
