"""A small questionnaire and what tests need around it, made of real parts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from assessment import assessments, firms, saving
from assessment.access import Access
from assessment.report_orders import Order
from assessment.results import wishes_for
from assessment.saving import Operation
from assessment.snapshots import SCORING_VERSION, Snapshot, readiness_as_json
from assessment.tables import Assessment
from assessment.told import Told
from questionnaires.answers import Answers
from questionnaires.library import Definition
from questionnaires.loader import load_definition
from questionnaires.schema import Questionnaire
from scoring.readiness import readiness

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
    save_answers(session, assessment, tiny().questionnaire, {k.replace("__", "."): v for k, v in values.items()})


def save_answers(
    session: Session,
    assessment: Assessment,
    questionnaire: Questionnaire,
    values: Mapping[str, object],
    note: str | None = None,
    *,
    who: Access | None = None,
    now: datetime = NOW,
) -> None:
    """Save answers by question id over whatever is there, each with the note, as who holds the return link or `who`."""
    operations = [Operation(question, None, value, note) for question, value in values.items()]
    saving.save_all(session, who or Access(assessment), questionnaire, operations, now)


def ordered_report(language: str = "en") -> Order:
    """A report on order, of a few answers to the tiny questionnaire."""
    questionnaire = tiny().questionnaire
    answers = Answers({"employees": 42.0}, {"skills.training": 2, "machines.1": 1, "machines.2": "unknown"})
    return Order(
        id=1,
        assessment_id=1,
        questionnaire=questionnaire.reference,
        language=language,
        firm="Acme",
        country="MY",
        submitted_at=NOW,
        snapshot=Snapshot(answers, {"machines.1": "all lathes"}, wishes_for(tiny(), answers.profile)),
        told=Told(),
        frozen_scores=readiness_as_json(readiness(questionnaire, answers)),
        scoring_version=SCORING_VERSION,
        state="running",
        progress="",
        artifact_sha256=None,
        artifact_bytes=None,
        requested_at=NOW,
    )
