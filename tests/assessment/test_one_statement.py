"""Several questions in one statement: each gets its own rows, with the types that its columns have."""

from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from assessment.one_statement import ask
from assessment.tables import Assessment, Firm
from tests.factories import NOW, started


def test_each_question_gets_its_own_rows_as_if_it_were_asked_alone(session: Session) -> None:
    for name in ("First", "Second", "Third"):
        started(session, name=name)
    queries: tuple[Any, ...] = (
        select(Firm.name, Firm.created_at).order_by(Firm.name.desc()).limit(2),
        select(Assessment.id).where(Assessment.id < 0),
        select(Assessment.profile, Assessment.state, Assessment.created_at, Assessment.frozen),
    )
    statements: list[str] = []
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_more: statements.append(statement))

    firms, nothing, assessments = ask(session, *queries)

    assert len(statements) == 1
    assert sorted(firms) == [("Second", NOW), ("Third", NOW)]
    assert nothing == []
    assert assessments == [({}, "open", NOW, None)] * 3
