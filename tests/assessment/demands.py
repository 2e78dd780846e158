"""Firms of a programme whose core system stands at a level, for the tests of shared demand."""

from sqlalchemy.orm import Session

from assessment import roles
from assessment.access import MANAGER
from assessment.tables import Firm, Outcome, Programme
from questionnaires.library import Definition
from tests.assessment import programmes as made
from tests.factories import NOW, started

ACTION = "introduce-core-system"


def firm(
    session: Session,
    of: Programme,
    definition: Definition,
    name: str,
    level: int = 2,
    wave: int = 2026,
    **codes: object,
) -> Firm:
    """A firm of the programme whose core system stands at a level; everything else is not known."""
    assessment, _ = started(session, name=name)
    found = session.get_one(Firm, assessment.firm_id)
    note(session, of, definition, assessment.id, found.id, level, wave, **codes)
    roles.grant(session, made.user(session, f"{name.lower()}@firm.example"), MANAGER, found.id, NOW)
    return found


def note(
    session: Session,
    of: Programme,
    definition: Definition,
    assessment: int,
    number: int,
    level: int,
    wave: int,
    **codes: object,
) -> None:
    questions = list(definition.questionnaire.questions)
    levels = bytes(level if q == definition.action[ACTION].question else 255 for q in questions)
    values = {
        "isic_section": "C",
        "isic_division": "10",
        "size": "small",
        "region": "MY-10",
        "group_id": number,
    } | codes
    session.add(Outcome(
        assessment_id=assessment, programme_id=of.id, firm_id=number, questionnaire=definition.questionnaire.reference,
        wave=wave, is_verified=False, scores=b"", levels=levels, **values,
    ))  # fmt: skip
    session.flush()


def several(
    session: Session, of: Programme, definition: Definition, n: int, name: str = "F", **codes: object
) -> list[Firm]:
    return [firm(session, of, definition, f"{name}{place}", **codes) for place in range(n)]
