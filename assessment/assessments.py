"""One firm's assessment: started, answered in any order and several sittings, submitted once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from assessment.access import new_token, token_sha256
from assessment.errors import N_, Conflict, Invalid
from assessment.filed_evidence import filed
from assessment.snapshots import SCORING_VERSION, Snapshot, answer_from_json, readiness_as_json
from assessment.tables import Answer, Firm
from assessment.tables import Assessment as Assessment  # rooms above name the type by this module
from questionnaires.answers import Answers, read_answers
from questionnaires.schema import Questionnaire
from scoring.readiness import readiness
from scoring.roadmap import Wishes


class AssessmentSubmitted(Conflict):
    """Answers are final once submitted."""

    def __init__(self) -> None:
        super().__init__(N_("This assessment is submitted and its answers no longer change. Start a new one instead."))


class AnsweredSince(Conflict):
    """Whoever submits must have seen what they submit."""

    def __init__(self, n: int) -> None:
        super().__init__(
            N_("Answers that changed since you looked at them: %(n)d. Go back to the check page, then submit."), n=n
        )


class NothingAnswered(Invalid):
    """A result needs at least one answer."""

    def __init__(self) -> None:
        super().__init__(N_("No question is answered yet. Answer at least one before you submit."))


@dataclass(frozen=True, slots=True)
class Given:
    """What a person says about one question: plain JSON `value` (None clears it), and a note (None keeps it)."""

    value: Any
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is answered so far."""

    answers: Answers
    notes: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)  # of each answer, as a device has to know them


def start(
    session: Session,
    firm: Firm,
    questionnaire: Questionnaire,
    profile: Mapping[str, Any],
    now: datetime,
    token: str | None = None,
) -> tuple[Assessment, str]:
    """Start an assessment; returns it with the token of its return link, which is not kept and cannot be had again.

    Only the demo chooses the token, so that its links stay the same.

    Raises:
        InvalidAnswers: the profile does not fit the questionnaire's fields.
    """
    token = token or new_token()
    assessment = Assessment(
        firm=firm,
        questionnaire_id=questionnaire.id,
        questionnaire_version=questionnaire.version,
        token_sha256=token_sha256(token),
        state="open",
        profile=dict(read_answers(questionnaire, {"profile": dict(profile)}).profile),
        created_at=now,
    )
    session.add(assessment)
    session.flush()
    return assessment, token


def describe_firm(assessment: Assessment, questionnaire: Questionnaire, profile: Mapping[str, Any]) -> None:
    """Replace what the firm said of itself.

    Raises:
        AssessmentSubmitted: answers are final once submitted.
        InvalidAnswers: the profile does not fit the questionnaire's fields.
    """
    _refuse_when_submitted(assessment)
    assessment.profile = dict(read_answers(questionnaire, {"profile": dict(profile)}).profile)


def sheet_of(session: Session, assessment: Assessment) -> Sheet:
    """What is answered so far, or what was submitted."""
    if assessment.frozen is not None:
        snapshot = Snapshot.from_json(assessment.frozen)
        return Sheet(snapshot.answers, snapshot.notes)
    rows = session.execute(_ANSWERS, {"assessment_id": assessment.id}).all()
    return Sheet(
        answers=Answers(assessment.profile, {q: answer_from_json(v) for q, v, *_ in rows if v is not None}),
        notes={q: note for q, _, note, _ in rows if note},
        versions={q: version for q, *_, version in rows},
    )


def submit(
    session: Session,
    assessment: Assessment,
    questionnaire: Questionnaire,
    wishes: Wishes,
    now: datetime,
    seen: Mapping[str, int] | None = None,
    by: str = "",
    hindrances: tuple[str, ...] | None = None,
) -> None:
    """Freeze the answers with their scores. An assessment that is submitted already stays as it is.

    `seen` is the version of each answer that whoever submits was shown; None asks for no such proof. `by` is
    the name of a person who has signed in; the holder of a return link has none. `hindrances` is what stands in the
    way, as `assessment.hindrances.read_hindrances` has it.

    Raises:
        AnsweredSince: an answer is not the one that was seen.
        NothingAnswered: there is nothing to make a result of.
        MissingAnswers: the questionnaire is scored only once every question is answered.
    """
    if assessment.state == "submitted":
        return
    sheet = sheet_of(session, assessment)
    if not sheet.answers.answers:
        raise NothingAnswered
    if seen is not None:
        changed = sum(seen.get(q, 0) != sheet.versions.get(q, 0) for q in seen.keys() | sheet.versions.keys())
        if changed:
            raise AnsweredSince(changed)
    filed_now = filed(session, assessment)
    snapshot = Snapshot(sheet.answers, sheet.notes, wishes, evidence=filed_now, hindrances=hindrances)
    assessment.frozen = snapshot.as_json()
    assessment.scores = readiness_as_json(readiness(questionnaire, sheet.answers))
    assessment.scoring_version = SCORING_VERSION
    assessment.submitted_at, assessment.submitted_by = now, by
    assessment.state = "submitted"
    session.flush()


def _refuse_when_submitted(assessment: Assessment) -> None:
    if assessment.state != "open":
        raise AssessmentSubmitted


# Made once: to make it takes longer than to run it, and every page asks.
_ANSWERS = select(Answer.question_id, Answer.value, Answer.note, Answer.version).where(
    Answer.assessment_id == bindparam("assessment_id")
)
