"""A firm with a roadmap: last year's assessment beside this year's, and two actions on their way."""

from datetime import UTC, datetime, timedelta

from app.database import Database
from app.demo import TOKENS, mixed_answers, seed
from app.shelf import Shelf
from assessment import access, assessments, progress
from assessment.results import wishes_for
from assessment.standing import Step
from tests.factories import save_answers

DONE, STARTED = "list-every-idea", "walk-rounds-with-a-checklist"
LINK = f"/a/{TOKENS['done']}"


def planned_firm(database: Database) -> str:
    """The link of the demo's firm with results, a year on."""
    definition = Shelf().newest_of("industry4-readiness")
    seed(database, definition)
    questionnaire, now = definition.questionnaire, datetime.now(UTC)
    with database.transaction() as session:
        row = access.open_by_link(session, TOKENS["done"])
        if row.previous_id is not None:
            return LINK
        before, _ = assessments.start(session, row.firm, questionnaire, {}, now - timedelta(days=400))
        questions = [q for q in questionnaire.questions.values() if q.applies_if is None]
        lower = {
            name: max(0, value - 1) if isinstance(value, int) and number % 3 else value
            for number, (name, value) in enumerate(mixed_answers(questionnaire, questions[:-6]).items())
        }
        save_answers(session, before, questionnaire, lower, now=now - timedelta(days=400))
        wishes = wishes_for(definition, {})
        assessments.submit(session, before, questionnaire, wishes, now - timedelta(days=365))
        row.previous_id = before.id
        session.flush()
        known = frozenset(definition.action)
        progress.record(session, before, Step(DONE, "done"), known, "", "", now)
        progress.record(session, row, Step(DONE, "done", owner="⟦Aisha⟧", note="⟦two pages⟧"), known, "", "⟦Lim⟧", now)
        progress.record(session, row, Step(STARTED, "started", "2026-11-02"), known, "", "", now)
    return LINK
