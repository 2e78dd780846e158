"""Self against verified, at one firm and over a programme; estimates for the firms that nobody has visited."""

from copy import deepcopy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import calibrated_view, outcomes, programme_access, verifications, verified_pairs
from assessment.calibrated_view import CalibratedView
from assessment.case_states import COMMITTEE, OFFICER
from assessment.programme_access import OpenCase
from assessment.tables import Assessment, Firm, Programme, ProgrammeCase
from assessment.verified_comparison import of_case, over
from assessment.verified_pairs import pairs_of
from assessment.visit_state import state_of
from tests.conftest import statements_of
from tests.factories import NOW, tiny
from tests.visits import case_of, hand_in, many, opened, programme_of, set_up, verify


def test_each_dimension_tells_both_scores_what_was_verified_and_which_way_it_moved(session: Session) -> None:
    there = set_up(session)
    case = session.get_one(ProgrammeCase, there.case)
    assert of_case(session, case, tiny().questionnaire) is None
    verify(session, there, {"skills.training": 1, "machines.1": 2, "skills.languages": ["MES", "ERP"]})
    hand_in(session, there)

    found = of_case(session, case, tiny().questionnaire)
    assert found is not None
    by_id = {each.dimension: each for each in found.dimensions}
    skills, machines = by_id["skills"], by_id["machines"]
    assert (skills.verified, skills.up, skills.down) == (2, 1, 1)
    # Mentors are asked about from level 2 on, so what was found leaves one question less.
    assert skills.asked == 3
    assert (machines.verified, machines.up, machines.down, machines.difference) == (1, 0, 0, 0)
    assert skills.difference is not None
    assert skills.difference < 0
    assert by_id["people"].verified == 2
    assert (found.overall.verified, found.overall.asked) == (3, 12)


def test_bias_over_a_programme_is_told_by_size_and_never_of_few(session: Session) -> None:
    there = many(session, "m", 12, threshold=5)
    programme, questionnaire = session.get_one(Programme, there.programme), tiny().questionnaire
    found = over(pairs_of(session, programme, questionnaire), programme, questionnaire)

    assert (found.n, found.threshold) == (12, 5)
    assert found.overall.bias is not None
    assert found.overall.bias.mean < 0
    micro, large = found.sizes.shown["micro"], found.sizes.shown["large"]
    assert (micro.n, micro.says) == (6, "over")
    assert (large.n, large.mean, large.says) == (6, 0, "")
    # Two firms of trade would be what is left of all without manufacturing.
    assert dict(found.sections.shown) == {}
    assert found.sections.held_back == 2
    assert found.agreement is not None
    assert found.agreement.n == 24
    assert found.agreement.exact == pytest.approx(18 / 24)
    machines = next(each for each in found.dimensions if each.dimension == "machines")
    assert machines.bias is not None
    assert (machines.bias.mean, machines.bias.spread) == (0, 0)
    # Nobody verified services: that they are as the firms said is not known, and not told.
    assert next(each for each in found.dimensions if each.dimension == "services").bias is None


def test_fewer_firms_than_the_threshold_are_only_counted(session: Session) -> None:
    there = many(session, "f", 4, threshold=5)
    programme, questionnaire = session.get_one(Programme, there.programme), tiny().questionnaire
    found = over(pairs_of(session, programme, questionnaire), programme, questionnaire)

    assert found.n == 4
    assert found.overall.bias is None
    assert all(each.bias is None for each in found.dimensions)
    assert (dict(found.sizes.shown), found.trend, found.agreement) == ({}, None, None)


def test_no_firm_at_all_is_no_error(session: Session) -> None:
    programme, _ = programme_of(session, "n")
    found = over(pairs_of(session, programme, tiny().questionnaire), programme, tiny().questionnaire)
    assert (found.n, found.overall.bias, dict(found.sizes.shown)) == (0, None, {})


def test_what_is_sent_back_and_another_programme_do_not_count(session: Session) -> None:
    there, other = set_up(session, "one"), set_up(session, "two")
    for each in (there, other):
        verify(session, each, {"machines.1": 2})
        hand_in(session, each)
    programme, questionnaire = session.get_one(Programme, there.programme), tiny().questionnaire
    assert pairs_of(session, programme, questionnaire).n == 1
    verifications.reopen_visit(session, opened(session, there, COMMITTEE), "look again", NOW)
    assert pairs_of(session, programme, questionnaire).n == 0


def keep_all(session: Session, programme: Programme) -> None:
    """What the daily job does with visits that came in by another way than a hand-in."""
    verified_pairs.keep_some(session, programme, tiny().questionnaire, verified_pairs.missing(session, programme))


def copied(session: Session, row: Assessment, firm: Firm, score: float, **more: object) -> Assessment:
    """The same assessment for another firm, with another overall score."""
    scores = deepcopy(row.scores or {})
    scores["overall"]["score"] = score
    again = Assessment(
        firm_id=firm.id,
        questionnaire_id=row.questionnaire_id,
        questionnaire_version=row.questionnaire_version,
        token_sha256=f"{firm.id}-{score}-{sorted(more)}",
        state="submitted",
        created_at=NOW,
        frozen=row.frozen,
        scores=scores,
        **more,
    )
    session.add(again)
    session.flush()
    return again


def test_an_estimate_is_for_officers_of_what_nobody_has_visited_from_thirty_verified_firms_on(
    session: Session,
) -> None:
    there = set_up(session, "c")
    verify(session, there, {"machines.1": 2})
    found = hand_in(session, there)
    own = session.get_one(Assessment, there.said)
    programme, questionnaire = session.get_one(Programme, there.programme), tiny().questionnaire
    for number in range(29):
        firm = Firm(name=str(number), country="MY", employees=5, created_at=NOW)
        session.add(firm)
        session.flush()
        said = copied(session, own, firm, 1 + number / 10)
        case = case_of(session, programme, firm, said, None)
        if number == 28:
            open_case = case
            keep_all(session, programme)
            assert calibrated_view.calibration_of(session, programme, questionnaire) is None
        verified = copied(session, found, firm, 0.5 + number / 10 + (number % 3) / 20, verifies_id=said.id)
        case.verification_id, case.handed_in_at = verified.id, NOW
    keep_all(session, programme)
    firm = Firm(name="Unseen", country="MY", employees=5, created_at=NOW)
    session.add(firm)
    session.flush()
    case = case_of(session, programme, firm, copied(session, own, firm, 2.0), None)
    mine = programme_access.open_case(session, case.id, there.people[OFFICER])

    def view_of(opened: OpenCase) -> CalibratedView | None:
        return calibrated_view.view_of(session, opened, state_of(session, opened.case), questionnaire)

    view = view_of(mine)

    assert view is not None
    assert view.said == 2.0
    assert view.estimate.n == 30
    assert view.estimate.low <= view.estimate.score <= view.estimate.high
    assert view.estimate.score == pytest.approx(1.55, abs=0.1)
    board = programme_access.open_case(session, case.id, there.people[COMMITTEE])
    assert view_of(board) is None
    seen = programme_access.open_case(session, open_case.id, there.people[OFFICER])
    assert view_of(seen) is None
    assert pairs_of(session, programme, questionnaire).n == 30


def test_where_only_outcomes_are_kept_they_tell_the_same_scores(session: Session) -> None:
    there = many(session, "o", 6, threshold=5)
    programme, questionnaire = session.get_one(Programme, there.programme), tiny().questionnaire
    before = pairs_of(session, programme, questionnaire)
    for case in session.scalars(select(ProgrammeCase).where(ProgrammeCase.programme_id == programme.id)):
        own, found = (session.get_one(Assessment, number) for number in (case.assessment_id, case.verification_id))
        firm = session.get_one(Firm, case.firm_id)
        outcomes.note(session, programme, own, questionnaire, firm, NOW, verified=False)
        outcomes.note(session, programme, found, questionnaire, firm, NOW, verified=True)
    # Whoever has both counts once.
    assert pairs_of(session, programme, questionnaire).n == 6
    for case in session.scalars(select(ProgrammeCase).where(ProgrammeCase.programme_id == programme.id)):
        session.get_one(Assessment, case.verification_id).frozen = None
        verified_pairs.forget(session, case.verification_id or 0)
    session.flush()
    assert pairs_of(session, programme, questionnaire).n == 0
    keep_all(session, programme)
    assert verified_pairs.missing(session, programme) == []
    after = pairs_of(session, programme, questionnaire)

    assert (after.n, after.sizes, after.sections) == (6, before.sizes, before.sections)
    for dimension in ("", "people", "skills", "machines"):
        assert after.said[dimension] == pytest.approx(before.said[dimension], abs=0.005)
        assert after.found[dimension] == pytest.approx(before.found[dimension], abs=0.005)
    assert (after.levels == before.levels).all()


def test_figures_are_kept_at_the_hand_in_and_no_document_is_read_again(database: Database) -> None:
    with database.transaction() as session:
        there = many(session, "k", 3)
        programme, questionnaire = session.get_one(Programme, there.programme), tiny().questionnaire
        before = pairs_of(session, programme, questionnaire)
        for row in session.scalars(select(Assessment)):
            row.frozen = row.scores = None
    with database.reader() as session, statements_of(database) as statements:
        after = pairs_of(session, programme, questionnaire)
    assert [statement.split("FROM ")[1].split()[0] for statement in statements] == ["verified_pair"]
    assert after.n == 3
    assert (after.said[""] == before.said[""]).all()
    assert (after.levels == before.levels).all()
    assert after.levels.sum() == 6
