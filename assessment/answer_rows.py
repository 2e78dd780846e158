"""The rows of answers: those that stand, the replies to earlier saves, and how a save's new ones are written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    Connection,
    Select,
    Table,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal_column,
    null,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import CTE

from assessment.lists import padded
from assessment.tables import Answer, AnswerConflict, AnswerOperation, AnswerRevision, Respondent

Row = dict[str, Any]


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
class Known:
    """What saves have to know of an assessment, as it will stand once they are written."""

    present: dict[str, Present] = field(default_factory=dict)  # by question that was looked up
    replies: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)  # hash of what was sent, and our reply
    ids: set[str] = field(default_factory=set)  # of the operations that were looked up


@dataclass(frozen=True, slots=True)
class NewRows:
    """The rows that saves write, column by name; answers by assessment and question, only their last version."""

    first: dict[tuple[int, str], Row] = field(default_factory=dict)
    again: dict[tuple[int, str], Row] = field(default_factory=dict)
    revisions: list[Row] = field(default_factory=list)
    conflicts: list[Row] = field(default_factory=list)
    operations: list[Row] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        """PostgreSQL takes all of them in one statement: each costs more to send and answer than to carry out."""
        rows = {
            "first": list(self.first.values()),
            "again": list(self.again.values()),
            "revisions": self.revisions,
            "conflicts": self.conflicts,
            "operations": self.operations,
        }
        if not any(rows.values()):
            return
        if connection.dialect.name == "postgresql":
            connection.execute(_WRITE, {name: [_as_json(row) for row in found] for name, found in rows.items()})
            return
        for name, statement in _WRITE_EACH.items():
            if rows[name]:
                connection.execute(
                    statement, rows[name] if name != "again" else [_as_change(row) for row in rows[name]]
                )


class Batch:
    """The answers that saves of one transaction read and write; until `write`, only it knows how they stand."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.new = NewRows()
        self._known: dict[int, Known] = {}

    def known(self, assessment_id: int, questions: Iterable[str], ids: Iterable[str | None]) -> Known:
        """What stands at these questions, and what was replied to the saves with these ids."""
        named = {id for id in ids if id is not None}
        found = self._known.setdefault(assessment_id, Known())
        new = [(assessment_id, question, None) for question in questions if question not in found.present]
        self.read([*new, *((assessment_id, None, id) for id in named - found.ids)])
        return found

    def read(self, wanted: Iterable[tuple[int, str | None, str | None]]) -> None:
        """Look up answers and replies, by assessment, question and id of the save, in one statement for all."""
        answers, operations = set[tuple[int, str]](), set[tuple[int, str]]()
        for assessment_id, question, id in wanted:
            known = self._known.setdefault(assessment_id, Known())
            if question is not None and question not in known.present:
                known.present[question] = Present()
                answers.add((assessment_id, question))
            if id is not None and id not in known.ids:
                known.ids.add(id)
                operations.add((assessment_id, id))
        if not answers and not operations:
            return
        values = {"answers": padded(answers), "operations": padded(operations)}
        for assessment_id, key, version, content, text, *rest in self.connection.execute(_KNOWN, values):
            if version is None:
                self._known[assessment_id].replies[key] = (text, content)
            else:
                self._known[assessment_id].present[key] = Present(version, content, text, *rest)

    def write(self) -> None:
        self.new.write(self.connection)
        self.new = NewRows()


def present_answers(session: Session, assessment_id: int, questions: Sequence[str] | None = None) -> dict[str, Present]:
    """The answers as they stand, by question id, each with who gave it; those of `questions` or all."""
    values: dict[str, Any] = {"assessment_id": assessment_id}
    if questions is not None:
        values["questions"] = questions
    rows = session.connection().execute(_PRESENT_ALL if questions is None else _PRESENT_OF, values)
    return {question: Present(*rest) for question, *rest in rows}


def shown(
    connection: Connection, assessment_id: int, versions: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Any, str]]:
    """Value and note of earlier versions, by question and version."""
    of, numbers = zip(*versions, strict=True)
    values = {"assessment_id": assessment_id, "questions": of, "versions": numbers}
    return {(question, version): (value, note) for question, version, value, note in connection.execute(_SHOWN, values)}


def waiting(connection: Connection, assessment_id: int, questions: Iterable[str]) -> list[Row]:
    """The answers at these questions that wait until a person has chosen."""
    values = {"assessment_id": assessment_id, "questions": list(questions)}
    return [dict(row) for row in connection.execute(_WAITING, values).mappings()]


def forget_operations(session: Session, before: datetime) -> int:
    """Drop the replies to saves that were made before a moment; returns how many."""
    return session.connection().execute(delete(_OPERATION).where(_OPERATION.c.created_at < before)).rowcount


def _as_json(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _as_change(row: Row) -> Row:
    return {"at_" + name if name in _KEY else name: value for name, value in row.items()}


def _table(mapped: Any) -> Table:
    found = mapped.__table__
    assert isinstance(found, Table)  # noqa: S101  what a mapped class has
    return found


# Saving is what this service does most: statements are built once, and rows are not made into objects.
_ANSWER, _REVISION, _CONFLICT = _table(Answer), _table(AnswerRevision), _table(AnswerConflict)
_OPERATION, _PERSON = _table(AnswerOperation), _table(Respondent)
_HERE: BindParameter[int] = bindparam("assessment_id")
_KEY = ("assessment_id", "question_id")
_CONTENT = ("value", "note", "respondent_id")
_COLUMNS = {
    "first": (_ANSWER, (*_KEY, *_CONTENT, "version", "answered_at")),
    "revisions": (_REVISION, (*_KEY, *_CONTENT, "version", "recorded_at")),
    "conflicts": (_CONFLICT, (*_KEY, *_CONTENT, "base_version", "met_version", "created_at", "settled_as")),
    "operations": (_OPERATION, ("assessment_id", "operation_id", "body_sha256", "outcome", "created_at")),
}

_PRESENT = (
    select(_ANSWER.c.question_id, _ANSWER.c.version, _ANSWER.c.value, _ANSWER.c.note, _PERSON.c.name)
    .add_columns(_ANSWER.c.answered_at)
    .outerjoin_from(_ANSWER, _PERSON, _PERSON.c.id == _ANSWER.c.respondent_id)
)
_PRESENT_ALL = _PRESENT.where(_ANSWER.c.assessment_id == _HERE)
_PRESENT_OF = _PRESENT_ALL.where(_ANSWER.c.question_id.in_(bindparam("questions", expanding=True)))
# In the columns of an answer; what no answer is without, its version, is empty.
_REPLIES = select(_OPERATION.c.assessment_id, _OPERATION.c.operation_id, null(), _OPERATION.c.outcome).add_columns(
    _OPERATION.c.body_sha256, null(), null()
)
_KNOWN = union_all(
    select(_ANSWER.c.assessment_id, *_PRESENT.selected_columns)
    .outerjoin_from(_ANSWER, _PERSON, _PERSON.c.id == _ANSWER.c.respondent_id)
    .where(tuple_(_ANSWER.c.assessment_id, _ANSWER.c.question_id).in_(bindparam("answers", expanding=True))),
    _REPLIES.where(
        tuple_(_OPERATION.c.assessment_id, _OPERATION.c.operation_id).in_(bindparam("operations", expanding=True))
    ),
)
_SHOWN = select(_REVISION.c.question_id, _REVISION.c.version, _REVISION.c.value, _REVISION.c.note).where(
    _REVISION.c.assessment_id == _HERE,
    _REVISION.c.question_id.in_(bindparam("questions", expanding=True)),
    _REVISION.c.version.in_(bindparam("versions", expanding=True)),
)
_WAITING = select(*(_CONFLICT.c[name] for name in (*_KEY, *_CONTENT, "base_version"))).where(
    _CONFLICT.c.assessment_id == _HERE,
    _CONFLICT.c.settled_at.is_(None),
    _CONFLICT.c.question_id.in_(bindparam("questions", expanding=True)),
)

_WRITE_EACH = {
    "first": insert(_ANSWER),
    "again": update(_ANSWER).where(*(_ANSWER.c[name] == bindparam("at_" + name) for name in _KEY)),
    "revisions": insert(_REVISION),
    "conflicts": insert(_CONFLICT),
    "operations": insert(_OPERATION),
}


def _sent(name: str, table: Table, columns: Sequence[str]) -> Select[Any]:
    """The rows that the parameter of this name holds as JSON; a null there is none here."""
    typed = (column(each, table.c[each].type) for each in columns)
    rows = func.json_to_recordset(bindparam(name, type_=JSON())).table_valued(*typed, name=f"sent_{name}")
    return select(rows.render_derived(with_types=True))


def _inserted(name: str) -> CTE:
    table, columns = _COLUMNS[name]
    return insert(table).from_select(columns, _sent(name, table, columns), include_defaults=False).cte(name)


def _changed() -> CTE:
    table, columns = _COLUMNS["first"]
    sent = _sent("again", table, columns).subquery("sent")
    at_key = [table.c[name] == sent.c[name] for name in _KEY]
    return update(table).where(*at_key).values({n: sent.c[n] for n in columns if n not in _KEY}).cte("again")


_WRITE: Select[Any] = select(literal_column("1")).add_cte(*map(_inserted, _COLUMNS), _changed())
