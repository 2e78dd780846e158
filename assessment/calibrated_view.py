"""What would probably be found at a firm that nobody has visited: for officers, and only as an estimate."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from assessment.case_states import OFFICER
from assessment.firm_profile import facts_of
from assessment.outcomes import size_of
from assessment.programme_access import OpenCase
from assessment.tables import Programme
from assessment.verified_pairs import OVERALL, pairs_of
from assessment.visit_state import VisitState
from questionnaires.schema import Questionnaire
from scoring.calibration_of_self import Calibration, Estimate, calibrate


@dataclass(frozen=True, slots=True)
class CalibratedView:
    """The firm's own score, and what an assessor would probably find."""

    said: float
    estimate: Estimate


def calibration_of(session: Session, programme: Programme, questionnaire: Questionnaire) -> Calibration | None:
    """Learned from all firms of the programme that were verified; None while they are fewer than 30."""
    pairs = pairs_of(session, programme, questionnaire)
    if not pairs.n:
        return None
    scale = questionnaire.scale.min, questionnaire.scale.max
    return calibrate(pairs.said[OVERALL], pairs.found[OVERALL], pairs.sizes, scale)


def view_of(
    session: Session, opened: OpenCase, state: VisitState, questionnaire: Questionnaire
) -> CalibratedView | None:
    """The estimate for a case that is not verified; None for others, for firms, and while there are too few."""
    said = state.score
    if opened.role != OFFICER or opened.case.handed_in_at is not None or said is None:
        return None
    found = calibration_of(session, opened.programme, questionnaire)
    if found is None:
        return None
    size = size_of(opened.programme.size_scheme, facts_of(state.firm))
    return CalibratedView(said, found.estimate(said, size))
