"""What a section's page shows beside its questions: answers that differ, and evidence."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.orm import Session

from app import differences
from app.dependencies import Opened
from app.differences import DifferenceView
from assessment import evidence
from assessment.sections import Section


@dataclass(frozen=True, slots=True)
class Beside:
    """By question."""

    differences: Mapping[str, list[DifferenceView]]
    files: Mapping[str, int]  # how many; of every question


def beside(request: Request, session: Session, opened: Opened, section: Section, asked: frozenset[str]) -> Beside:
    differing: dict[str, list[DifferenceView]] = {}
    for found in differences.open_differences(request, session, opened, (section,), asked):
        differing.setdefault(found.question_id, []).append(found)
    return Beside(differing, {q: 0 for q in asked} | dict(evidence.counts(session, opened.row, asked)))
