"""Three firms for the demo: one that has just begun, one half way, one with its results."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.database import Database
from assessment import access, assessments, firm_profile, firms, roles, saving, users
from assessment.errors import N_, NotFound
from assessment.results import wishes_for
from assessment.saving import Operation
from questionnaires.library import Definition
from questionnaires.schema import Question, Questionnaire

# Fixed, so that the demo's links stay the same from one start to the next; the demo is for one's own machine.
TOKENS = {
    "fresh": "demo-just-begun-0000000000000000",
    "half": "demo-half-way-000000000000000000",
    "done": "demo-with-results-00000000000000",
}
LABELS = {
    "fresh": N_("Batik workshop: just begun"),
    "half": N_("Machine parts maker: half way"),
    "done": N_("Food packer: with results"),
}
BUDGET = 800_000.0  # ringgit, of the firm with results
# How far each factor is, as a share of its ladder: a plausible mixed profile.
STRENGTHS = (0.52, 0.42, 0.3)


def links() -> list[tuple[str, str]]:
    """What the home page of the demo shows: a label and a link for each firm."""
    return [(LABELS[key], f"/a/{token}") for key, token in TOKENS.items()]


ACCOUNT = "demo@fourward.example"  # keeps the three firms; its codes are read in the outbox


def seed(database: Database, definition: Definition) -> None:
    """Put the firms and the account that keeps them in, unless they are there already."""
    with database.transaction() as session:
        for key in TOKENS:
            if not _is_there(session, key):
                _put(session, key, definition)
        _keep_all(session)


def _keep_all(session: Session) -> None:
    now = datetime.now(UTC)
    if users.find(session, ACCOUNT) is None:
        user = users.register(session, ACCOUNT, now, "Demo")
        for token in TOKENS.values():
            roles.keep_firm(session, user.id, access.open_by_link(session, token).firm_id, now)


def _is_there(session: Session, key: str) -> bool:
    try:
        access.open_by_link(session, TOKENS[key])
    except NotFound:
        return False
    return True


def _put(session: Session, key: str, definition: Definition) -> None:
    questionnaire = definition.questionnaire
    now = datetime.now(UTC)
    name, country, profile = FIRMS[key]
    firm = firms.register(session, name, country, now)
    known = {f.id for f in questionnaire.fields}
    fitting = {k: v for k, v in profile.items() if k in known}
    started, _ = assessments.start(session, firm, questionnaire, fitting, now, TOKENS[key])
    firm_profile.learn(firm, questionnaire.fields, started.profile, now)
    questions = [q for q in questionnaire.questions.values() if q.applies_if is None]
    if key == "half":
        questions = [q for q in questions if q.core]
    if key != "fresh":
        _answer(session, TOKENS[key], questionnaire, mixed_answers(questionnaire, questions), now)
    if key == "done":
        in_ringgit = definition.rates is not None and "MYR" in definition.rates.per
        money = {"currency": "MYR", "budget": BUDGET} if in_ringgit else {}
        wishes = wishes_for(definition, started.profile, **money)  # type: ignore[arg-type]
        assessments.submit(session, started, questionnaire, wishes, now, hindrances=("funds", "people", "equipment"))


def _answer(
    session: Session, token: str, questionnaire: Questionnaire, values: Mapping[str, Any], now: datetime
) -> None:
    held = access.open_to_save(session, token)
    operations = [Operation(question, None, value) for question, value in values.items()]
    saving.save_all(session, held, questionnaire, operations, now)


FIRMS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "fresh": ("Batik Seri Cahaya", "MY", {"sector": "manufacturing", "branch": "textiles", "employees": 18}),
    "half": ("Ateliers Benali", "MA", {"sector": "manufacturing", "branch": "metals", "employees": 64}),
    "done": ("Golden Paddy Foods", "MY", {"sector": "manufacturing", "branch": "food", "employees": 140}),
}


def mixed_answers(questionnaire: Questionnaire, questions: Iterable[Question]) -> dict[str, Any]:
    """Answers around each factor's strength, the same at each run; now and then one that nobody knows."""
    strength = {f.id: STRENGTHS[i % len(STRENGTHS)] for i, f in enumerate(questionnaire.dimensions)}
    return {q.id: _value(q, strength[questionnaire.factor_of[q.id].id]) for q in questions}


def _value(question: Question, strength: float) -> Any:
    draw = hashlib.sha256(question.id.encode()).digest()
    if draw[0] < 10:
        return "unknown"
    share = min(1.0, max(0.0, strength + (draw[1] / 255 - 0.5) * 0.6))
    if question.levels:
        return round(share * (len(question.levels) - 1))
    if question.options:
        return list(question.options.of[: max(1, round(share * len(question.options.of)))])
    bounds = question.number
    return bounds.min + share * (bounds.max - bounds.min) if bounds else None
