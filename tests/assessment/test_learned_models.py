"""What ended workshops teach: from whom, reproducible to the byte, rolled back, and forgotten with a workshop."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.database import Database
from assessment import learned_models, learned_standing, learning_orders, rounds, workshops
from assessment.learned_models import NoSuchVersion, NothingLearned
from assessment.learning_orders import TeachesNothing
from assessment.tables import Job, LearnedModel, Participant, Workshop, WorkshopGap
from assessment.workshop_rules import PROTOCOL
from scoring import learning
from scoring.past_workshops import PastWorkshop
from scoring.silent_participant import worth
from tests.assessment.rooms import room
from tests.assessment.taught import by_rule, instrument, taught, with_list
from tests.conftest import statements_of
from tests.factories import NOW, tiny

LATER = NOW + timedelta(days=30)


def past(session: Session) -> tuple[PastWorkshop, ...]:
    return learned_models.past_workshops(session, instrument(), PROTOCOL)


def learn(session: Session) -> LearnedModel:
    row = learned_models.learn(session, instrument(), PROTOCOL, NOW)
    assert row is not None
    return row


def ordered(session: Session) -> list[str]:
    return list(session.scalars(select(Job.key).where(Job.kind == learning_orders.JOB, Job.state == "queued")))


def test_the_gaps_are_taken_with_their_frozen_features_and_the_choices_by_blocks(session: Session) -> None:
    workshop = taught(session, 1, people={"industry": 7, "government": 2})
    (found,) = past(session)
    frozen = {gap.id: gap for gap in found.gaps}
    assert len(frozen) == 8
    assert all(gap.section and gap.days for gap in found.gaps)
    # Two people are never apart: neither here nor by taking the others away.
    assert list(found.first_round) == ["industry + government"]
    assert found.people == 9
    asked = rounds.list_rounds(session, workshop.id, "best_worst")[0]
    assert set(frozen) == set(asked.subjects)


def test_nothing_of_people_is_taken(session: Session) -> None:
    workshop = taught(session, 1, name="Mango chain", place="Tanga")
    for person in session.scalars(select(Participant)):
        person.nickname = "Neema of Mango Ltd"
    session.flush()
    told = repr(past(session)) + repr(learn(session).record)
    assert not [word for word in ("Mango", "Tanga", "Neema", workshop.chair_sha256) if word in told]


def test_only_willing_real_ended_workshops_whose_result_was_shown_teach(session: Session) -> None:
    taught(session, 1, teaches=False)
    taught(session, 2, is_rehearsal=True)
    taught(session, 3, people={"industry": 4})
    running = with_list(session, 4)
    rounds.open_round(session, running.workshop, "best_worst", running.workshop.questions[:5], NOW)
    workshops.end(session, running.workshop, NOW)
    without_a_round = with_list(session, 5)
    workshops.end(session, without_a_round.workshop, NOW)
    assert past(session) == ()
    taught(session, 6)
    assert len(past(session)) == 1


def test_ever_more_workshops_take_no_more_statements(database: Database) -> None:
    counts = []
    with database.transaction() as session, statements_of(database) as ran:
        for number in (1, 2, 3):
            taught(session, number)
            ran.clear()
            assert len(past(session)) == number
            counts.append(len(ran))
    assert counts == [2, 2, 2]


def test_other_protocols_and_other_versions_are_never_mixed(session: Session) -> None:
    old, other, same = (taught(session, number) for number in (1, 2, 3))
    assert same.protocol == PROTOCOL
    old.protocol = "best-worst 0"
    other.questionnaire_version = "0.9.0"
    session.flush()
    assert [each.id for each in past(session)] == [str(same.id)]
    for kind in learned_models.kinds(session):
        learned_models.learn(session, kind.instrument, kind.protocol, NOW)
    rows = learned_models.list_models(session)
    assert [(row.instrument, row.protocol, row.taught_by) for row in rows] == [
        ("qi4tf@0.9.0", PROTOCOL, [other.id]),
        (instrument(), "best-worst 0", [old.id]),
        (instrument(), PROTOCOL, [same.id]),
    ]


def test_the_same_workshops_give_the_same_record_to_the_byte_and_no_new_version(session: Session) -> None:
    for number in (1, 2, 3):
        taught(session, number)
    first = learn(session)
    session.expire_all()
    kept = learning.record_bytes(learning.from_record(first.record))
    assert hashlib.sha256(kept).hexdigest() == first.record_sha256
    again = learning.record_bytes(learning.learn(reversed(past(session)), instrument(), PROTOCOL))
    assert again == kept
    assert learn(session).id == first.id
    assert [row.number for row in learned_models.list_models(session)] == [1]


def test_a_version_is_rolled_back_until_there_is_more_to_learn_from(session: Session) -> None:
    taught(session, 1)
    learn(session)
    taught(session, 2)
    assert (learn(session).number, workshops_in_use(session)) == (2, 2)

    back = learned_models.roll_back(session, instrument(), PROTOCOL)
    assert (back and back.number, workshops_in_use(session)) == (1, 1)
    learn(session)
    assert workshops_in_use(session) == 1
    assert learned_models.roll_back(session, instrument(), PROTOCOL) is None
    assert workshops_in_use(session) is None
    with pytest.raises(NothingLearned):
        learned_models.roll_back(session, instrument(), PROTOCOL)
    learned_models.roll_back(session, instrument(), PROTOCOL, 2)
    assert workshops_in_use(session) == 2
    with pytest.raises(NoSuchVersion):
        learned_models.roll_back(session, instrument(), PROTOCOL, 3)

    learned_models.roll_back(session, instrument(), PROTOCOL, 0)
    taught(session, 3)
    assert (learn(session).number, workshops_in_use(session)) == (3, 3)


def workshops_in_use(session: Session) -> int | None:
    found = learned_models.current_model(session, instrument(), PROTOCOL)
    return found.model.workshops if found else None


def test_a_workshop_that_opts_out_after_its_end_is_forgotten_by_every_version(session: Session) -> None:
    first, second = taught(session, 1), taught(session, 2)
    learn(session)
    third = taught(session, 3)
    learn(session)
    session.execute(delete(Job))

    learning_orders.set_teaching(session, third, False, LATER)
    assert ordered(session) == [f"{instrument()} {PROTOCOL}"]
    # What is left is what version 1 had learned: it is in use again.
    assert (learn(session).number, workshops_in_use(session)) == (1, 2)
    learning_orders.set_teaching(session, second, False, LATER)
    assert learn(session).taught_by == [first.id]
    assert [(row.number, bool(row.record)) for row in learned_models.list_models(session)] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    with pytest.raises(NoSuchVersion):
        learned_models.roll_back(session, instrument(), PROTOCOL, 1)
    learning_orders.set_teaching(session, second, True, LATER)
    assert learn(session).taught_by == [first.id, second.id]


def test_a_deleted_workshop_is_found_missing_and_everything_is_learned_without_it(session: Session) -> None:
    gone, stays = taught(session, 1), taught(session, 2)
    learn(session)
    session.execute(delete(Job))
    learned_models.order_stale(session, NOW)
    assert ordered(session) == []

    session.execute(delete(Workshop).where(Workshop.id == gone.id))
    learned_models.order_stale(session, NOW)
    learned_models.order_stale(session, NOW)
    assert ordered(session) == [f"{instrument()} {PROTOCOL}"]
    assert learn(session).taught_by == [stays.id]
    session.execute(delete(Workshop))
    assert (learn(session).taught_by, workshops_in_use(session)) == ([], 0)
    session.execute(delete(Job))
    learned_models.order_stale(session, NOW)
    assert ordered(session) == []


def test_a_model_of_another_way_of_learning_is_not_used_and_learned_anew(session: Session) -> None:
    taught(session, 1)
    learn(session).record = {"format": learning.FORMAT + 1}
    session.execute(delete(Job))
    session.flush()
    assert learned_models.current_model(session, instrument(), PROTOCOL) is None
    learned_models.order_stale(session, NOW)
    assert len(ordered(session)) == 1


def test_no_real_rehearsal_or_template_is_asked_to_teach(session: Session) -> None:
    there = room(session, questionnaire=tiny().questionnaire, is_rehearsal=True)
    with pytest.raises(TeachesNothing):
        learning_orders.set_teaching(session, there.workshop, True, NOW)
    workshops.end(session, there.workshop, NOW)
    never_started = workshops.plan(
        session,
        tiny().questionnaire,
        workshops.WorkshopPlan("Never held", workshops.askable(tiny().questionnaire)),
        None,
        NOW,
    )
    workshops.end(session, never_started.workshop, NOW)
    assert ordered(session) == []
    assert past(session) == ()


def test_before_any_workshop_the_order_is_gap_times_weight(session: Session) -> None:
    assert learned_models.current_model(session, instrument(), PROTOCOL) is None
    assert learned_models.learn(session, instrument(), PROTOCOL, NOW) is None
    assert learned_standing.standings(session) == ()
    taught(session, 1)
    learn(session)
    found = learned_models.current_model(session, instrument(), PROTOCOL)
    assert found is not None
    assert (found.gate.reason, worth(found.gate)) == ("too_few", 0.0)
    (standing,) = learned_standing.standings(session)
    assert (standing.lacks, standing.open_since, standing.may_be_told) == ("workshops", None, False)


def test_the_gate_opens_where_people_choose_by_more_than_gap_times_weight(session: Session) -> None:
    days = []
    for number in range(12):
        taught(session, number)
        row = learned_models.learn(session, instrument(), PROTOCOL, NOW + timedelta(days=number))
        assert row is not None
        days.append(row.record["gate"]["reason"] == "beats")
    assert days == [False] * 9 + [True] * 3
    (standing,) = learned_standing.standings(session, with_curves=True)
    assert standing.open_since == NOW + timedelta(days=9)
    assert (standing.curve[-1].model_tau > standing.curve[-1].rule_tau, standing.curve[-1].workshops) == (True, 10)
    learned_models.roll_back(session, instrument(), PROTOCOL, 9)
    (standing,) = learned_standing.standings(session)
    assert (standing.open_since, standing.lacks) == (None, "workshops")


def test_the_gate_stays_closed_where_gap_times_weight_is_all_there_is(session: Session) -> None:
    for number in range(12):
        taught(session, number, by_rule)
    learn(session)
    (standing,) = learned_standing.standings(session)
    assert (standing.is_open, standing.lacks) == (False, "certainty")


def test_frozen_features_that_are_not_known_any_more_are_left_out(session: Session) -> None:
    workshop = taught(session, 1)
    before = past(session)
    for row in session.scalars(select(WorkshopGap).where(WorkshopGap.workshop_id == workshop.id)):
        row.features = row.features | {"colour": "green"}
    session.flush()
    assert past(session) == before
