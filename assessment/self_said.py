"""What a firm has said of itself, held beside what an assessor finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import evidence
from assessment.assessments import Sheet
from assessment.evidence import File, FileNotFound
from assessment.filed_evidence import by_question
from assessment.saving import is_same
from assessment.sections import applicable
from assessment.snapshots import FiledEvidence, Snapshot, answer_as_json
from assessment.tables import Assessment
from questionnaires.answers import Answers, AnswerValue
from questionnaires.schema import Questionnaire


@dataclass(frozen=True, slots=True)
class SelfSaid:
    """What a firm has said of itself, as it was submitted; files have the number of their place in the submission."""

    snapshot: Snapshot
    files: Mapping[str, tuple[tuple[int, FiledEvidence], ...]]

    @property
    def answers(self) -> Mapping[str, AnswerValue]:
        return self.snapshot.answers.answers

    def note(self, question: str) -> str:
        return self.snapshot.notes.get(question, "")

    def differs(self, question: str, value: AnswerValue | None) -> bool:
        """Whether what an assessor says is not what the firm has said; where it said nothing there is no difference."""
        said = self.answers.get(question)
        return None not in (said, value) and not is_same(_plain(said), _plain(value))

    def under(self, sheet: Sheet) -> Sheet:
        """What stands: where nothing is verified yet, what the firm has said."""
        answers = {**self.answers, **sheet.answers.answers}
        return Sheet(Answers(self.snapshot.answers.profile, answers), sheet.notes, sheet.versions)


def said_of(frozen: Mapping[str, Any]) -> SelfSaid:
    """What a submission says, with its files by question and place."""
    snapshot = Snapshot.from_json(frozen)
    places = {id(file): number for number, file in enumerate(snapshot.evidence)}
    files = {q: tuple((places[id(file)], file) for file in found) for q, found in by_question(snapshot).items()}
    return SelfSaid(snapshot, files)


def self_said(session: Session, verification: Assessment) -> SelfSaid | None:
    """What the firm has said that this assessment verifies; None where it verifies none."""
    if verification.verifies_id is None:
        return None
    frozen = session.scalar(select(Assessment.frozen).where(Assessment.id == verification.verifies_id))
    return said_of(frozen) if frozen is not None else None


def file_of(session: Session, verification: Assessment, number: int) -> File:
    """The file that has this place in what the firm submitted.

    Raises:
        FileNotFound: this assessment verifies none, or that one has no such file.
    """
    said = self_said(session, verification)
    own = session.get(Assessment, verification.verifies_id) if said is not None else None
    kept = evidence.list_files(session, own) if own is not None else ()
    if said is None or not 0 <= number < min(len(kept), len(said.snapshot.evidence)):
        raise FileNotFound
    found, filed = kept[number], said.snapshot.evidence[number]
    if (found.question_id, found.name, found.size) != (filed.question, filed.name, filed.size):
        raise FileNotFound  # what is kept is not what was submitted
    return found


def verified_in(questionnaire: Questionnaire, said: SelfSaid, sheet: Sheet) -> frozenset[str]:
    """The questions that are verified; an answer to one that does not apply by what was found is none."""
    asked = applicable(questionnaire, said.under(sheet).answers)
    return frozenset(q for q in sheet.answers.answers if q in asked)


def without_reason(questionnaire: Questionnaire, said: SelfSaid, sheet: Sheet) -> tuple[str, ...]:
    """The verified questions, in order, where the assessor differs from the firm and does not say why."""
    verified = verified_in(questionnaire, said, sheet)
    values = sheet.answers.answers
    return tuple(
        q
        for q in questionnaire.questions
        if q in verified and said.differs(q, values[q]) and not sheet.notes.get(q, "").strip()
    )


def _plain(value: AnswerValue | None) -> Any:
    return None if value is None else answer_as_json(value)
