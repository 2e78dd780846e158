"""Saving answers: each save says which version it has seen, so that nobody's answer is overwritten unseen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from assessment import answer_rows
from assessment.access import Reached
from assessment.answer_rows import Batch, Present, Row
from assessment.assessments import AssessmentSubmitted
from assessment.errors import N_, Invalid, NotFound
from assessment.respondents import respondent_of
from assessment.sections import question_ids
from assessment.snapshots import answer_as_json
from assessment.tables import AnswerConflict, Assessment, Respondent
from assessment.texts import clean_note
from questionnaires.answers import read_answer
from questionnaires.problems import InvalidAnswers, Refused
from questionnaires.schema import Questionnaire

KEPT = timedelta(days=30)  # replies to saves: no device waits longer to send again

Status = Literal["saved", "same", "conflict", "refused"]


class QuestionNotFound(NotFound):
    """The questionnaire has no such question, or it is not for this person: one answer for both."""

    def __init__(self) -> None:
        super().__init__(N_("This questionnaire has no such question. Go back to the list of sections."))


class OperationReused(Invalid):
    """A save's id stands for one content; the device has a mistake."""

    def __init__(self) -> None:
        super().__init__(N_("This save was sent before with other content. Reload the page and answer again."))


@dataclass(frozen=True, slots=True)
class Operation:
    """One save: plain JSON `value` (None clears the answer), and a note (None keeps it).

    `id` is made by the device, so that sending again changes nothing. A plain form has none; it sends every question
    of its page, so what it sends as it was at `base` is what nobody has touched. `base` is the version its sender has
    seen, 0 for no answer; None is whatever is there.
    """

    question: str
    base: int | None
    value: Any
    note: str | None = None
    id: str | None = None
    settles: bool = False  # its sender has chosen it, where an earlier answer of theirs had met another

    def sha256(self) -> str:
        """The same for the same content."""
        content = [self.question, self.base, self.value, self.note]
        if self.settles:  # what else is kept from before this was part of it stays as it was
            content.append("settles")
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an operation, and the answer as it stood then.

    saved: it is the answer now. same: it was the answer already. conflict: another answer, which its sender had not
    seen, stays; this one is kept until a person chooses. refused: it does not fit, and `refusal` says why.
    """

    operation: Operation
    status: Status
    present: Present
    refusal: Refused | None = None


def save_all(
    session: Session,
    access: Reached[Any],
    questionnaire: Questionnaire,
    operations: Sequence[Operation],
    now: datetime,
) -> list[Outcome]:
    """The same where none may be refused: the first refusal is raised, which undoes the transaction.

    Raises:
        Refusal: of the first operation that does not fit.
        AssessmentSubmitted
    """
    outcomes = save(session, access, questionnaire, operations, now)
    for outcome in outcomes:
        if outcome.refusal is not None:
            raise outcome.refusal
    return outcomes


def save(
    session: Session,
    access: Reached[Any],
    questionnaire: Questionnaire,
    operations: Sequence[Operation],
    now: datetime,
    batch: Batch | None = None,
) -> list[Outcome]:
    """Save each operation that fits, in order; one that is refused does not stop the others.

    An operation counts as having seen what earlier ones of the same call left. The assessment must be held
    (`open_to_save`, or `open_by_key` for a change). With a `batch`, its owner writes what is saved.

    Raises:
        AssessmentSubmitted: it takes no answers any more; operations that were saved before get their reply again.
    """
    assessment_id = access.assessment.id
    allowed = None if access.sections is None else question_ids(questionnaire, access.sections)
    there = {o.question for o in operations if o.question in questionnaire.questions}
    asked = sorted(there if allowed is None else there & allowed)
    rows = batch or Batch(session.connection())
    known = rows.known(assessment_id, asked, [o.id for o in operations])
    is_open = access.assessment.state == "open"
    if not is_open and any(o.id not in known.replies for o in operations):
        raise AssessmentSubmitted
    saving = _Saving(
        assessment_id=assessment_id,
        questionnaire=questionnaire,
        now=now,
        respondent_id=respondent_of(session, access, now) if is_open else None,
        rows=rows,
        present={question: known.present[question] for question in asked},
        replies=known.replies,
        name=access.name,
    )
    if saving.respondent_id != access.respondent_id:  # registered by this save
        saving.name = session.scalar(select(Respondent.name).where(Respondent.id == saving.respondent_id))
    saving.look_behind(operations)
    outcomes = [saving.outcome(operation) for operation in operations]
    known.present.update(saving.present)
    if batch is None or saving.settled:
        rows.write()
    saving.settle()
    return outcomes


def note_section(session: Session, access: Reached[Any], questionnaire: Questionnaire, section_id: str) -> None:
    """Remember where the work goes on. A colleague's place is not where the others left off."""
    if not access.may_manage or access.assessment.last_section == section_id:
        return
    if question_ids(questionnaire, (section_id,)):
        session.connection().execute(_NOTE_SECTION, {"number": access.assessment.id, "last_section": section_id})


@dataclass
class _Saving:
    """One call's operations, one after the other; the rows they need are collected in `rows`."""

    assessment_id: int
    questionnaire: Questionnaire
    now: datetime
    respondent_id: int | None
    rows: Batch
    present: dict[str, Present]  # of each question that may be answered here
    replies: dict[str, tuple[str, dict[str, Any]]]
    name: str | None = None
    shown: Mapping[tuple[str, int], tuple[Any, str]] = field(default_factory=dict)
    waiting: list[Row] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    settled: dict[str, Status] = field(default_factory=dict)  # by question, what became of the answer that was chosen

    def look_behind(self, operations: Sequence[Operation]) -> None:
        """Forms made before somebody else answered: what they had shown, and what waits since they were sent before."""
        behind = [
            (o.question, o.base)
            for o in operations
            if o.id is None and o.base is not None and self._version(o.question) not in (0, o.base)
        ]
        if behind:
            self.shown = answer_rows.shown(self.rows.connection, self.assessment_id, behind)
            self.waiting = answer_rows.waiting(
                self.rows.connection, self.assessment_id, {question for question, _ in behind}
            )

    def outcome(self, operation: Operation) -> Outcome:
        if operation.id in self.replies:
            return self._again(operation)
        present = self.present.get(operation.question, Present())
        try:
            value, note = self._read(operation)
        except (NotFound, Invalid, InvalidAnswers) as refusal:
            return Outcome(operation, "refused", present, refusal)
        found = self._meet(operation, present, value, present.note if note is None else note)
        if operation.settles and found.status != "conflict":
            self.settled[operation.question] = found.status
        if operation.id is not None:
            self._remember(operation, operation.id, found)
        return found

    def _again(self, operation: Operation) -> Outcome:
        assert operation.id is not None  # noqa: S101  it is a key of the replies
        sha256, reply = self.replies[operation.id]
        if sha256 != operation.sha256():
            return Outcome(operation, "refused", self.present.get(operation.question, Present()), OperationReused())
        present = Present.from_json(reply)
        if reply["status"] != "conflict":
            self._has_seen(operation.question, present.version)
        return Outcome(operation, reply["status"], present)

    def _read(self, operation: Operation) -> tuple[Any, str | None]:
        if operation.question not in self.present:
            raise QuestionNotFound
        question = self.questionnaire.questions[operation.question]
        value = None if operation.value is None else answer_as_json(read_answer(question, operation.value))
        return value, None if operation.note is None else clean_note(operation.note)

    def _meet(self, operation: Operation, present: Present, value: Any, note: str) -> Outcome:
        question = operation.question
        seen = present.version if operation.base is None else max(operation.base, self.seen.get(question, 0))
        if is_same(present.value, value) and present.note == note:
            self._has_seen(question, present.version)
            return Outcome(operation, "same", present)
        content = {"assessment_id": self.assessment_id, "question_id": question, "value": value, "note": note}
        content["respondent_id"] = self.respondent_id
        if present.version and seen != present.version:
            if operation.id is None and self._is_untouched(question, seen, value, note):
                return Outcome(operation, "same", present)
            if operation.id is not None or not self._waits(content | {"base_version": seen}):
                versions = {"base_version": seen, "met_version": present.version}
                self.rows.new.conflicts.append(content | versions | {"created_at": self.now, "settled_as": ""})
            return Outcome(operation, "conflict", present)
        saved = Present(present.version + 1, value, note, self.name, self.now)
        new, place = self.rows.new, (self.assessment_id, question)
        rows = new.first if place in new.first or not present.version else new.again
        rows[place] = content | {"version": saved.version, "answered_at": self.now}
        new.revisions.append(content | {"version": saved.version, "recorded_at": self.now})
        self.present[question] = saved
        self._has_seen(question, saved.version)
        return Outcome(operation, "saved", saved)

    def _is_untouched(self, question: str, seen: int, value: Any, note: str) -> bool:
        before = self.shown.get((question, seen), (None, ""))
        return is_same(before[0], value) and before[1] == note

    def _waits(self, row: Row) -> bool:
        """Whether a form that was sent before has left the same answer; one that is chosen from is enough."""
        return any(
            is_same(each["value"], row["value"]) and all(each[k] == row[k] for k in row if k != "value")
            for each in self.waiting
        )

    def _version(self, question: str) -> int:
        return self.present.get(question, Present()).version

    def _has_seen(self, question: str, version: int) -> None:
        self.seen[question] = max(version, self.seen.get(question, 0))

    def _remember(self, operation: Operation, operation_id: str, outcome: Outcome) -> None:
        reply = {"status": outcome.status, **outcome.present.as_json()}
        sha256 = operation.sha256()
        self.replies[operation_id] = (sha256, reply)
        row = {"assessment_id": self.assessment_id, "operation_id": operation_id, "body_sha256": sha256}
        self.rows.new.operations.append(row | {"outcome": reply, "created_at": self.now})

    def settle(self) -> None:
        """What its sender has chosen settles the answers of theirs that wait at the question."""
        for question, status in self.settled.items():
            chosen = {"settled_at": self.now, "settled_by": self.respondent_id}
            self.rows.connection.execute(
                update(AnswerConflict)
                .where(AnswerConflict.assessment_id == self.assessment_id, AnswerConflict.settled_at.is_(None))
                .where(AnswerConflict.question_id == question)
                .where(AnswerConflict.respondent_id.is_not_distinct_from(self.respondent_id))
                .values(settled_as="taken" if status == "saved" else "kept", **chosen)
            )


def is_same(left: Any, right: Any) -> bool:
    """Whether two stored answers say the same; chosen options have no order."""
    if isinstance(left, list) and isinstance(right, list):
        return sorted(left) == sorted(right)
    return bool(left == right)


# Made once: to make it takes longer than to run it.
_NOTE_SECTION = update(Assessment).where(Assessment.id == bindparam("number"))
