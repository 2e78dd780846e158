"""Evidence: files that show why an answer holds. One row for each; the content lies under its hash."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import ColumnElement, bindparam, func, select, text
from sqlalchemy.orm import Session

from assessment.access import Access
from assessment.assessments import AssessmentSubmitted
from assessment.errors import N_, Conflict, NotFound
from assessment.respondents import respondent_of
from assessment.saving import QuestionNotFound
from assessment.sections import question_ids
from assessment.tables import Assessment, Evidence, Respondent
from questionnaires.schema import Questionnaire

MOST_FILES = 20
MOST_BYTES = 300_000_000
NAME_CHARACTERS = 100
LARGEST_ID = 2**31  # what an INTEGER holds on every database


class FileNotFound(NotFound):
    """No such file is kept here, or it was removed."""

    def __init__(self) -> None:
        super().__init__(N_("There is no such file here. It may have been removed."))


class TooManyFiles(Conflict):
    """A question holds as many files as it may."""

    def __init__(self) -> None:
        super().__init__(N_("There are %(most)d files at this question already. Remove one first."), most=MOST_FILES)


class TooMuchEvidence(Conflict):
    """An assessment holds as much as it may."""

    def __init__(self) -> None:
        super().__init__(
            N_("The files of this assessment are %(most)d MB already. Remove one first."), most=MOST_BYTES // 1_000_000
        )


@dataclass(frozen=True, slots=True)
class File:
    """A file that was given as evidence."""

    id: int
    question_id: str
    name: str
    media_type: str
    content_sha256: str
    size: int
    by: str | None
    at: datetime


def may_add(session: Session, access: Access, questionnaire: Questionnaire, question_id: str) -> None:
    """Say whether a file can be added, before it is read.

    Raises:
        QuestionNotFound: the questionnaire has no such question, or it is not for this person.
        AssessmentSubmitted: it takes no evidence any more.
        TooManyFiles, TooMuchEvidence
    """
    if question_id not in questionnaire.questions or not is_theirs(access, questionnaire, question_id):
        raise QuestionNotFound
    if access.assessment.state != "open":
        raise AssessmentSubmitted
    mine = select(func.count(Evidence.id), func.sum(Evidence.size)).where(*_kept(access.assessment))
    _, size = session.execute(mine).one()
    count, _ = session.execute(mine.where(Evidence.question_id == question_id)).one()
    if count >= MOST_FILES:
        raise TooManyFiles
    if (size or 0) >= MOST_BYTES:
        raise TooMuchEvidence


def add(
    session: Session,
    access: Access,
    questionnaire: Questionnaire,
    question_id: str,
    name: str,
    media_type: str,
    content_sha256: str,
    size: int,
    now: datetime,
) -> int:
    """Take down a file whose content is stored already; the same content at the same question is one file.

    The assessment must be held, and so must the content (`hold_content`).

    Raises:
        what `may_add` raises.
    """
    may_add(session, access, questionnaire, question_id)
    same = select(Evidence.id).where(
        *_kept(access.assessment), Evidence.question_id == question_id, Evidence.content_sha256 == content_sha256
    )
    present = session.scalar(same)
    if present is not None:
        return present
    row = Evidence(
        assessment_id=access.assessment.id,
        question_id=question_id,
        respondent_id=respondent_of(session, access, now),
        name=name,
        media_type=media_type,
        content_sha256=content_sha256,
        size=size,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def list_files(session: Session, assessment: Assessment, question_id: str | None = None) -> tuple[File, ...]:
    """The files of an assessment, or of one of its questions, in the order they came."""
    query = (
        select(
            Evidence.id,
            Evidence.question_id,
            Evidence.name,
            Evidence.media_type,
            Evidence.content_sha256,
            Evidence.size,
            Respondent.name,
            Evidence.created_at,
        )
        .outerjoin(Respondent, Respondent.id == Evidence.respondent_id)
        .where(*_kept(assessment))
        .order_by(Evidence.id)
    )
    if question_id is not None:
        query = query.where(Evidence.question_id == question_id)
    return tuple(File(*row) for row in session.execute(query))


def counts(session: Session, assessment: Assessment, questions: Collection[str]) -> Mapping[str, int]:
    """How many files there are at each of some questions that have any."""
    found = session.execute(_COUNTS, {"assessment_id": assessment.id})
    return {question: count for question, count in found if question in questions}


def get_file(session: Session, access: Access, questionnaire: Questionnaire, number: int) -> File:
    """One file that this person may see.

    Raises:
        FileNotFound
    """
    row = _row(session, access, questionnaire, number)
    return File(row.id, row.question_id, row.name, row.media_type, row.content_sha256, row.size, None, row.created_at)


def remove(session: Session, access: Access, questionnaire: Questionnaire, number: int, now: datetime) -> str:
    """Remove a file from the assessment; returns its question. Its row stays, and says when.

    Raises:
        FileNotFound
        AssessmentSubmitted: it is part of what was submitted.
    """
    row = _row(session, access, questionnaire, number)
    if access.assessment.state != "open":
        raise AssessmentSubmitted
    row.removed_at = now
    return row.question_id


def unused(session: Session, assessment: Assessment) -> frozenset[str]:
    """The contents that this assessment no longer uses and nobody else does; they are held until the end."""
    gone = select(Evidence.content_sha256).where(
        Evidence.assessment_id == assessment.id, Evidence.removed_at.is_not(None)
    )
    candidates = sorted(set(session.scalars(gone)))
    for content_sha256 in candidates:
        hold_content(session, content_sha256)
    still = select(Evidence.content_sha256).where(
        Evidence.content_sha256.in_(candidates), Evidence.removed_at.is_(None)
    )
    return frozenset(candidates) - frozenset(session.scalars(still))


def hold_content(session: Session, content_sha256: str) -> None:
    """Until this transaction ends, nobody else decides whether that content is needed.

    SQLite has one writer at a time, which is enough.
    """
    if session.get_bind().dialect.name == "postgresql":
        number = int(content_sha256[:15], 16)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def clean_file_name(name: str, ending: str) -> str:
    """The name of a file as it may be shown and offered again, with the ending of what it is.

    Folders, control characters and signs that turn the direction of writing are left out.
    """
    last = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    # Cc: control, Cf: invisible (bidi overrides among them), Cs: half a surrogate pair.
    stem = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs") and c not in '"<>:|?*')
    stem = " ".join(PurePath(stem).stem.split()).strip(". ")[:NAME_CHARACTERS]
    return (stem or "file") + ending


def is_theirs(access: Access, questionnaire: Questionnaire, question_id: str) -> bool:
    """Whether a question is one of those that this person answers."""
    return access.sections is None or question_id in question_ids(questionnaire, access.sections)


def _kept(assessment: Assessment) -> Collection[ColumnElement[bool]]:
    return Evidence.assessment_id == assessment.id, Evidence.removed_at.is_(None)


def _row(session: Session, access: Access, questionnaire: Questionnaire, number: int) -> Evidence:
    if not 0 < number < LARGEST_ID:
        raise FileNotFound
    query = select(Evidence).where(Evidence.id == number, *_kept(access.assessment))
    found = session.scalars(query).one_or_none()
    if found is None or not is_theirs(access, questionnaire, found.question_id):
        raise FileNotFound
    return found


# Made once: to make it takes longer than to run it, and every section asks.
_COUNTS = (
    select(Evidence.question_id, func.count(Evidence.id))
    .where(Evidence.assessment_id == bindparam("assessment_id"), Evidence.removed_at.is_(None))
    .group_by(Evidence.question_id)
)
