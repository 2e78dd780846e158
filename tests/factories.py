"""A small questionnaire and what tests need around it, made of real parts."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from assessment import assessments, firms
from assessment.assessments import Given
from assessment.tables import Assessment
from questionnaires.library import Definition
from questionnaires.loader import load_definition

NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)
TINY_FOLDER = Path(__file__).parent / "app" / "definitions"


def tiny() -> Definition:
    """Three dimensions, every kind of question, a condition, and a dimension that is too long for one page."""
    return load_definition("tiny", TINY_FOLDER)


def started(session: Session, definition: Definition | None = None, name: str = "Acme") -> tuple[Assessment, str]:
    """An assessment that has just been started, and its token."""
    firm = firms.register(session, name, "MY", NOW)
    return assessments.start(session, firm, (definition or tiny()).questionnaire, {}, NOW)


def answered(session: Session, assessment: Assessment, **values: object) -> None:
    """Answers by question id; dots are written as double underscores."""
    given = {k.replace("__", "."): Given(v) for k, v in values.items()}
    assessments.record_answers(session, assessment, tiny().questionnaire, given, NOW)
