"""What made-up firms say of their actions: some of them, of the newest year, the same for the same seed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import made_up_actions
from assessment.standing import STATES
from assessment.tables import ActionProgress
from questionnaires.loader import load_definition
from tests.factories import NOW
from tests.release_samples import a_programme, enter_units, sample_making, sample_units

ACTIONS = load_definition("industry4-readiness").actions


def test_some_firms_of_the_newest_year_say_where_some_actions_stand(session: Session) -> None:
    programme = a_programme(session)
    for year in (2025, 2026):
        enter_units(session, programme, sample_units(sample_making().questionnaire, 200, year))
    said = made_up_actions.write(session, programme, ACTIONS, 1, NOW)
    rows = session.scalars(select(ActionProgress)).all()
    assert len(rows) == said
    firms = {row.assessment_id for row in rows}
    assert 40 < len(firms) < 120
    assert {number // 100_000 for number in firms} == {2026}
    assert {row.state for row in rows} == set(STATES)
    assert {row.changed_by for row in rows} == {"Made up"}
    assert made_up_actions.write(session, programme, (), 1, NOW) == 0
