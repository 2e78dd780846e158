"""Several devices save over a network that drops, repeats and reorders, to a server that crashes: nothing is lost.

The model is what a person would expect: what was accepted is the answer, and whatever met an answer that its sender
had not seen is kept beside it. `FOURWARD_LONG=1` runs 500 examples of 50 steps.
"""

import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from app.database import Database
from assessment import access, saving
from assessment.saving import Operation, Outcome
from assessment.tables import Answer, AnswerConflict, AnswerOperation, AnswerRevision
from tests.factories import NOW, started, tiny

QUESTIONNAIRE = tiny().questionnaire
VALUES: dict[str, list[Any]] = {
    "machines.1": [None, 0, 1, 2, "unknown"],
    "machines.2": [0, 1],
    "skills.languages": [[], ["ERP"], ["ERP", "CAD"], ["CAD", "ERP"], "not_applicable"],
    "skills.share": [None, 0, 12.5],
}
BAD: list[tuple[str, Any]] = [("machines.1", 9), ("skills.languages", ["X"]), ("strategy", 1)]
ANSWERS = [(question, value) for question, values in VALUES.items() for value in values] + BAD
FATES = ["arrives", "arrives", "arrives", "reply lost", "lost", "crash"]
NOTES = [None, "", "lathes", "all of them"]
DEVICES = range(3)
LONG = bool(os.environ.get("FOURWARD_LONG"))
EXAMPLES = 500 if LONG else 60


@dataclass
class Device:
    """What one browser has seen, and what it has not been told to be safe."""

    seen: dict[str, int] = field(default_factory=dict)
    outbox: list[Operation] = field(default_factory=list)


@dataclass
class Expected:
    """What the person at one question would expect: every accepted answer in order, and those that wait beside."""

    accepted: list[tuple[Any, str]] = field(default_factory=list)
    waiting: list[tuple[Any, str]] = field(default_factory=list)


def plain(value: Any) -> Any:
    """Chosen options have no order."""
    return sorted(value) if isinstance(value, list) else value


class Protocol(RuleBasedStateMachine):
    """One assessment of one database."""

    database: Database

    @initialize()
    def start(self) -> None:
        with self.database.transaction() as session:
            assessment, self.token = started(session)
            self.assessment_id = assessment.id
        self.devices = [Device() for _ in DEVICES]
        self.expected = {question: Expected() for question in VALUES}
        self.replies: dict[str, tuple[Operation, str, int]] = {}
        self.under_way: list[tuple[int, list[Operation]]] = []
        self.told: list[tuple[str, int, Any, str]] = []  # question, version, value, note as acknowledged

    @rule(device=st.sampled_from(DEVICES), answer=st.sampled_from(ANSWERS), note=st.sampled_from(NOTES))
    def a_person_answers(self, device: int, answer: tuple[str, Any], note: str | None) -> None:
        here = self.devices[device]
        here.outbox.append(Operation(answer[0], here.seen.get(answer[0], 0), answer[1], note, str(uuid.uuid4())))

    @rule(device=st.sampled_from(DEVICES), answer=st.sampled_from(ANSWERS), note=st.sampled_from(NOTES))
    def a_person_answers_and_the_device_sends(self, device: int, answer: tuple[str, Any], note: str | None) -> None:
        self.a_person_answers(device, answer, note)
        self.under_way.append((device, list(self.devices[device].outbox)))

    @precondition(lambda self: any(d.outbox for d in self.devices))
    @rule(which=st.integers(0, 100), most=st.integers(1, 5))
    def a_device_sends(self, which: int, most: int) -> None:
        """What it sends stays in its outbox, so that the same is sent again until there is a reply."""
        waiting = [n for n in DEVICES if self.devices[n].outbox]
        device = waiting[which % len(waiting)]
        self.under_way.append((device, self.devices[device].outbox[:most]))

    @precondition(lambda self: self.under_way)
    @rule(
        which=st.integers(0, 100),
        fate=st.sampled_from(["arrives", "arrives", "reply lost", "lost", "crash"]),
        again=st.booleans(),
    )
    def the_network_delivers(self, which: int, fate: str, again: bool) -> None:
        """Any request that is under way, first or last; `again` leaves it there to arrive once more."""
        place = which % len(self.under_way)
        device, operations = self.under_way[place]
        if not again:
            del self.under_way[place]
        if fate == "lost":
            return
        outcomes = self.served(operations, crashes=fate == "crash")
        if fate == "crash":
            return
        self.compare(outcomes)
        if fate == "arrives":
            self.tell(device, outcomes)

    def served(self, operations: list[Operation], *, crashes: bool) -> list[Outcome]:
        with self.database.writing() as session:
            opened = access.open_by_key(session, self.token, for_change=True)
            outcomes = saving.save(session, opened, QUESTIONNAIRE, operations, NOW)
            if not crashes:
                session.commit()
        return outcomes

    @precondition(lambda self: self.replies)
    @rule(which=st.integers(0, 100), note=st.sampled_from(["another note", "a third"]))
    def an_id_comes_with_other_content(self, which: int, note: str) -> None:
        known = sorted(self.replies)
        operation = self.replies[known[which % len(known)]][0]
        changed = Operation(operation.question, operation.base, operation.value, note, operation.id)
        [outcome] = self.served([changed], crashes=False)

        assert outcome.status == "refused"
        assert isinstance(outcome.refusal, saving.OperationReused)

    def compare(self, outcomes: Iterable[Outcome]) -> None:
        """Hold each outcome against what a person would expect, and remember it."""
        left: dict[str, int] = {}  # what earlier operations of the same request have left
        for outcome in outcomes:
            operation, found = outcome.operation, (outcome.status, outcome.present.version)
            assert operation.id is not None
            if operation.id in self.replies:
                assert self.replies[operation.id][1:] == found
            else:
                assert found == self.expect(operation, left), operation
                if outcome.status != "refused":
                    self.replies[operation.id] = (operation, *found)
            if outcome.status in ("saved", "same"):
                left[operation.question] = max(left.get(operation.question, 0), found[1])

    def expect(self, operation: Operation, left: dict[str, int]) -> tuple[str, int]:
        if (operation.question, operation.value) in BAD:
            accepted = self.expected.get(operation.question, Expected()).accepted
            return "refused", len(accepted)
        here = self.expected[operation.question]
        present, note_there = here.accepted[-1] if here.accepted else (None, "")
        note = note_there if operation.note is None else operation.note
        if (plain(present), note_there) == (plain(operation.value), note):
            return "same", len(here.accepted)
        has_seen = max(operation.base or 0, left.get(operation.question, 0))
        if here.accepted and has_seen != len(here.accepted):
            here.waiting.append((operation.value, note))
            return "conflict", len(here.accepted)
        here.accepted.append((operation.value, note))
        return "saved", len(here.accepted)

    def tell(self, device: int, outcomes: Iterable[Outcome]) -> None:
        here = self.devices[device]
        for outcome in outcomes:
            question, present = outcome.operation.question, outcome.present
            here.seen[question] = max(here.seen.get(question, 0), present.version)
            here.outbox = [o for o in here.outbox if o.id != outcome.operation.id]
            if outcome.status == "saved":
                self.told.append((question, present.version, present.value, present.note))

    def teardown(self) -> None:
        if not hasattr(self, "told"):
            return
        mine = self.assessment_id
        with self.database.reader() as session:
            revisions = session.scalars(select(AnswerRevision).where(AnswerRevision.assessment_id == mine)).all()
            answers = session.scalars(select(Answer).where(Answer.assessment_id == mine)).all()
            conflicts = session.scalars(
                select(AnswerConflict).where(AnswerConflict.assessment_id == mine).order_by(AnswerConflict.id)
            ).all()
            operations = session.scalars(select(AnswerOperation).where(AnswerOperation.assessment_id == mine)).all()
        stored = {(r.question_id, r.version): (r.value, r.note) for r in revisions}
        for question, version, value, note in self.told:
            assert stored[question, version] == (value, note), "an acknowledged answer is lost"
        assert stored == {
            (question, version): accepted
            for question, here in self.expected.items()
            for version, accepted in enumerate(here.accepted, 1)
        }
        assert {a.question_id: (a.version, a.value, a.note) for a in answers} == {
            question: (len(here.accepted), *here.accepted[-1])
            for question, here in self.expected.items()
            if here.accepted
        }
        for question, here in self.expected.items():
            assert [(c.value, c.note) for c in conflicts if c.question_id == question] == here.waiting
        assert {o.operation_id for o in operations} == set(self.replies)


@pytest.mark.timeout(3600 if LONG else 240)
def test_several_devices_on_a_bad_network_lose_and_repeat_nothing(database: Database) -> None:
    class OnThis(Protocol):
        pass

    OnThis.database = database
    run_state_machine_as_test(
        OnThis,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
