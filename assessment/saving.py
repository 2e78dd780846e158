"""Saving answers: each save says which version it has seen, so that nobody's answer is overwritten unseen."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from assessment.access import Reached
from assessment.assessments import AssessmentSubmitted
from assessment.errors import N_, Invalid, NotFound
from assessment.respondents import respondent_of
from assessment.sections import question_ids
from assessment.snapshots import answer_as_json
from assessment.tables import Answer, AnswerConflict, AnswerOperation, AnswerRevision, Assessment, Respondent
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
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Present:
    """An answer as it stands; version 0 where none was ever given."""

    version: int = 0
    value: Any = None
    note: str = ""
    by: str | None = None
    at: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        at = self.at.isoformat() if self.at else None
        return {"version": self.version, "answer": self.value, "note": self.note, "by": self.by, "at": at}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Present":
        at = datetime.fromisoformat(data["at"]) if data["at"] else None
        return cls(data["version"], data["answer"], data["note"], data["by"], at)


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


def save(
    session: Session, access: Reached[Any], questionnaire: Questionnaire, operations: Sequence[Operation], now: datetime
) -> list[Outcome]:
    """Save each operation that fits, in order; one that is refused does not stop the others.

    An operation counts as having seen what earlier ones of the same call left. The assessment must be held
    (`open_to_save`, or `open_by_key` for a change).

    Raises:
        AssessmentSubmitted: it takes no answers any more; operations that were saved before get their reply again.
    """
    connection = session.connection()
    assessment_id = access.assessment.id
    replies = _replies(connection, assessment_id, [o.id for o in operations if o.id is not None])
    is_open = access.assessment.state == "open"
    if not is_open and any(o.id not in replies for o in operations):
        raise AssessmentSubmitted
    allowed = None if access.sections is None else question_ids(questionnaire, access.sections)
    known = {o.question for o in operations if o.question in questionnaire.questions}
    asked = sorted(known if allowed is None else known & allowed)
    present = dict.fromkeys(asked, Present()) | present_answers(session, assessment_id, asked)
    saving = _Saving(
        assessment_id=assessment_id,
        questionnaire=questionnaire,
        now=now,
        respondent_id=respondent_of(session, access, now) if is_open else None,
        present=present,
        replies=replies,
        shown=_shown(connection, assessment_id, operations, present),
        name=access.name,
    )
    if saving.respondent_id != access.respondent_id:  # registered by this save
        saving.name = connection.scalar(_NAME, {"respondent_id": saving.respondent_id})
    outcomes = [saving.outcome(operation) for operation in operations]
    saving.write(connection)
    saving.settle(connection, outcomes)
    return outcomes


def note_section(session: Session, access: Reached[Any], questionnaire: Questionnaire, section_id: str) -> None:
    """Remember where the work goes on. A colleague's place is not where the others left off."""
    if not access.may_manage or access.assessment.last_section == section_id:
        return
    if question_ids(questionnaire, (section_id,)):
        values = {"number": access.assessment.id, "last_section": section_id}
        session.connection().execute(_NOTE_SECTION, values)


def present_answers(session: Session, assessment_id: int, questions: Sequence[str] | None = None) -> dict[str, Present]:
    """The answers as they stand, by question id, each with who gave it; those of `questions` or all."""
    values: dict[str, Any] = {"assessment_id": assessment_id}
    if questions is None:
        query = _PRESENT
    elif len(questions) == 1:
        query, values["question"] = _PRESENT_ONE, questions[0]
    else:
        query, values["questions"] = _PRESENT_OF, questions
    rows = session.connection().execute(query, values)
    return {question: Present(*rest) for question, *rest in rows}


def forget_operations(session: Session, before: datetime) -> int:
    """Drop the replies to saves that were made before a moment; returns how many."""
    return session.connection().execute(delete(_OPERATION).where(_OPERATION.c.created_at < before)).rowcount


@dataclass
class _Saving:
    """One call's operations, one after the other; the rows they need are collected and written at the end."""

    assessment_id: int
    questionnaire: Questionnaire
    now: datetime
    respondent_id: int | None
    present: dict[str, Present]  # of each question that may be answered here
    replies: dict[str, tuple[str, dict[str, Any]]]
    shown: Mapping[tuple[str, int], tuple[Any, str]]  # what forms had shown of answers that have changed since
    name: str | None = None
    seen: dict[str, int] = field(default_factory=dict)
    first: dict[str, dict[str, Any]] = field(default_factory=dict)
    again: dict[str, dict[str, Any]] = field(default_factory=dict)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)

    def outcome(self, operation: Operation) -> Outcome:
        if operation.id in self.replies:
            return self._again(operation)
        present = self.present.get(operation.question, Present())
        try:
            value, note = self._read(operation)
        except (NotFound, Invalid, InvalidAnswers) as refusal:
            return Outcome(operation, "refused", present, refusal)
        found = self._meet(operation, present, value, present.note if note is None else note)
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
            versions = {"base_version": seen, "met_version": present.version}
            self.conflicts.append(content | versions | {"created_at": self.now, "settled_as": ""})
            return Outcome(operation, "conflict", present)
        saved = Present(present.version + 1, value, note, self.name, self.now)
        rows = self.first if question in self.first or not present.version else self.again
        rows[question] = content | {"version": saved.version, "answered_at": self.now}
        self.revisions.append(content | {"version": saved.version, "recorded_at": self.now})
        self.present[question] = saved
        self._has_seen(question, saved.version)
        return Outcome(operation, "saved", saved)

    def _is_untouched(self, question: str, seen: int, value: Any, note: str) -> bool:
        before = self.shown.get((question, seen), (None, ""))
        return is_same(before[0], value) and before[1] == note

    def _has_seen(self, question: str, version: int) -> None:
        self.seen[question] = max(version, self.seen.get(question, 0))

    def _remember(self, operation: Operation, operation_id: str, outcome: Outcome) -> None:
        reply = {"status": outcome.status, **outcome.present.as_json()}
        sha256 = operation.sha256()
        self.replies[operation_id] = (sha256, reply)
        row = {"assessment_id": self.assessment_id, "operation_id": operation_id, "body_sha256": sha256}
        self.kept.append(row | {"outcome": reply, "created_at": self.now})

    def write(self, connection: Connection) -> None:
        for statement, rows in (
            (_ADD_ANSWER, list(self.first.values())),
            (_CHANGE_ANSWER, [_as_change(row) for row in self.again.values()]),
            (_ADD_REVISION, self.revisions),
            (_ADD_CONFLICT, self.conflicts),
            (_ADD_OPERATION, self.kept),
        ):
            if rows:
                connection.execute(statement, rows)

    def settle(self, connection: Connection, outcomes: Sequence[Outcome]) -> None:
        """What its sender has chosen settles the answers of theirs that wait at the question."""
        for outcome in outcomes:
            if outcome.operation.settles and outcome.status in ("saved", "same"):
                chosen = {"settled_at": self.now, "settled_by": self.respondent_id}
                connection.execute(
                    update(_CONFLICT)
                    .where(_CONFLICT.c.assessment_id == self.assessment_id, _CONFLICT.c.settled_at.is_(None))
                    .where(_CONFLICT.c.question_id == outcome.operation.question)
                    .where(_CONFLICT.c.respondent_id.is_not_distinct_from(self.respondent_id))
                    .values(settled_as="taken" if outcome.status == "saved" else "kept", **chosen)
                )


def is_same(left: Any, right: Any) -> bool:
    """Whether two stored answers say the same; chosen options have no order."""
    if isinstance(left, list) and isinstance(right, list):
        return sorted(left) == sorted(right)
    return bool(left == right)


def _replies(connection: Connection, assessment_id: int, ids: list[str]) -> dict[str, tuple[str, dict[str, Any]]]:
    if not ids:
        return {}
    one = len(ids) == 1
    values = {"assessment_id": assessment_id} | ({"id": ids[0]} if one else {"ids": ids})
    rows = connection.execute(_REPLY if one else _REPLIES, values)
    return {id: (sha256, outcome) for id, sha256, outcome in rows}


def _shown(
    connection: Connection, assessment_id: int, operations: Sequence[Operation], present: Mapping[str, Present]
) -> dict[tuple[str, int], tuple[Any, str]]:
    """Value and note by question and version, for forms that were made before somebody else answered."""
    behind = [
        (o.question, o.base)
        for o in operations
        if o.id is None and o.base and o.question in present and present[o.question].version != o.base
    ]
    if not behind:
        return {}
    questions, versions = zip(*behind, strict=True)
    values = {"assessment_id": assessment_id, "questions": questions, "versions": versions}
    return {(question, version): (value, note) for question, version, value, note in connection.execute(_SHOWN, values)}


def _as_change(row: Mapping[str, Any]) -> dict[str, Any]:
    return {("at_" + k if k in ("assessment_id", "question_id") else k): v for k, v in row.items()}


def _table(mapped: Any) -> Table:
    found = mapped.__table__
    assert isinstance(found, Table)  # noqa: S101  what a mapped class has
    return found


# Saving is what this service does most: statements are built once, and rows are not made into objects.
_ASSESSMENT, _CONFLICT = _table(Assessment), _table(AnswerConflict)
_ANSWER, _OPERATION, _PERSON = _table(Answer), _table(AnswerOperation), _table(Respondent)
_REVISION = _table(AnswerRevision)
_ADD_ANSWER, _ADD_REVISION = insert(_ANSWER), insert(_REVISION)
_ADD_CONFLICT, _ADD_OPERATION = insert(_table(AnswerConflict)), insert(_OPERATION)
_CHANGE_ANSWER = update(_ANSWER).where(
    _ANSWER.c.assessment_id == bindparam("at_assessment_id"), _ANSWER.c.question_id == bindparam("at_question_id")
)
_PRESENT = (
    select(_ANSWER.c.question_id, _ANSWER.c.version, _ANSWER.c.value, _ANSWER.c.note, _PERSON.c.name)
    .add_columns(_ANSWER.c.answered_at)
    .outerjoin_from(_ANSWER, _PERSON, _PERSON.c.id == _ANSWER.c.respondent_id)
    .where(_ANSWER.c.assessment_id == bindparam("assessment_id"))
)
_PRESENT_ONE = _PRESENT.where(_ANSWER.c.question_id == bindparam("question"))
_PRESENT_OF = _PRESENT.where(_ANSWER.c.question_id.in_(bindparam("questions", expanding=True)))
_EVERY_REPLY = select(_OPERATION.c.operation_id, _OPERATION.c.body_sha256, _OPERATION.c.outcome).where(
    _OPERATION.c.assessment_id == bindparam("assessment_id")
)
_REPLY = _EVERY_REPLY.where(_OPERATION.c.operation_id == bindparam("id"))
_REPLIES = _EVERY_REPLY.where(_OPERATION.c.operation_id.in_(bindparam("ids", expanding=True)))
_SHOWN = select(_REVISION.c.question_id, _REVISION.c.version, _REVISION.c.value, _REVISION.c.note).where(
    _REVISION.c.assessment_id == bindparam("assessment_id"),
    _REVISION.c.question_id.in_(bindparam("questions", expanding=True)),
    _REVISION.c.version.in_(bindparam("versions", expanding=True)),
)
_NOTE_SECTION = update(_ASSESSMENT).where(_ASSESSMENT.c.id == bindparam("number"))
_NAME = select(_PERSON.c.name).where(_PERSON.c.id == bindparam("respondent_id"))
