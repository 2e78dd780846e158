"""The plan a firm keeps to: kept by whom and when, beside what was submitted, and how another one differs."""

from dataclasses import replace

import pytest

from app.database import Database
from assessment import assessments, plans
from assessment.plans import Move, NothingToKeep
from assessment.results import make_result, wishes_for
from questionnaires.loader import load_definition
from scoring.gaps import Target
from scoring.roadmap import Roadmap
from tests.factories import NOW, answered, started, tiny
from tests.reports.sample import sample_answers

WISHES = wishes_for(tiny(), {}, budget=500.0)


def test_without_a_kept_plan_it_is_the_submitted_one_and_before_that_one_without_limits(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        assert plans.plan_of(assessment, tiny()).wishes.budget is None
        answered(session, assessment, machines__1=1)
        assessments.submit(session, assessment, tiny().questionnaire, WISHES, NOW)
        found = plans.plan_of(assessment, tiny())
        assert (found.wishes, found.kept_at) == (WISHES, None)


def test_a_plan_is_kept_with_who_and_when_and_given_up_again(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        with pytest.raises(NothingToKeep):
            plans.keep(session, assessment, WISHES, Target(), "Aisha", NOW)
        answered(session, assessment, machines__1=1)
        assessments.submit(session, assessment, tiny().questionnaire, wishes_for(tiny(), {}), NOW)
        frozen = assessment.frozen
        target = Target({"machines.1": 2}, {"machines": 4.0})
        kept = plans.keep(session, assessment, WISHES, target, " Aisha ", NOW)

        assert plans.plan_of(assessment, tiny()) == kept
        assert (kept.kept_by, kept.kept_at, kept.target) == ("Aisha", NOW, target)
        assert assessment.frozen == frozen
        plans.back_to_submitted(session, assessment)
        assert plans.plan_of(assessment, tiny()).wishes.budget is None


def test_what_this_version_does_not_have_is_left_out_of_a_kept_plan(database: Database) -> None:
    with database.transaction() as session:
        assessment, _ = started(session)
        answered(session, assessment, machines__1=1)
        assessments.submit(session, assessment, tiny().questionnaire, WISHES, NOW)
        wishes = replace(WISHES, must=frozenset({"gone"}), must_not=frozenset({"lost"}))
        target = Target({"machines.1": 9, "gone": 1}, {"gone": 1.0, "machines": 99.0})
        plans.keep(session, assessment, wishes, target, "", NOW)
        found = plans.plan_of(assessment, tiny())

    assert (found.wishes.must, found.wishes.must_not, found.target) == (frozenset(), frozenset(), Target())


def test_two_plans_differ_by_what_comes_in_goes_out_and_moves() -> None:
    definition = load_definition("industry4-readiness")
    answers = sample_answers(definition)

    def roadmap(budget: float | None, currency: str = "USD") -> Roadmap:
        wishes = wishes_for(definition, answers.profile, budget=budget, currency=currency)
        found = make_result(definition, answers, wishes=wishes).roadmap
        assert isinstance(found, Roadmap)
        return found

    large, small = roadmap(60_000.0), roadmap(15_000.0)
    there, back = plans.changes(small, large), plans.changes(large, small)

    assert there.added
    assert set(there.added) == set(back.dropped)
    assert {move.action for move in there.moved} == {move.action for move in back.moved}
    assert all(Move(move.action, move.after, move.before) in back.moved for move in there.moved)
    assert (there.cost, there.days, there.readiness) == pytest.approx((-back.cost, -back.days, -back.readiness))
    assert there.readiness > 0
    assert plans.changes(small, small).is_same
    rate = wishes_for(definition, {}, currency="MYR").rate
    in_ringgit = plans.changes(small, roadmap(15_000.0 * rate, "MYR"), rate)
    assert in_ringgit.is_same
    assert in_ringgit.cost == pytest.approx(0.0, abs=1e-6)
