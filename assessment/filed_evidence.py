"""The evidence that a submission goes in with: which files there were, not what is in them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment.snapshots import FiledEvidence, Snapshot
from assessment.tables import Assessment, Evidence, PastSubmission, Respondent


def filed(session: Session, assessment: Assessment) -> tuple[FiledEvidence, ...]:
    """The files at the questions of an assessment, in the order they came."""
    query = (
        select(Evidence, Respondent.name)
        .outerjoin(Respondent, Respondent.id == Evidence.respondent_id)
        .where(Evidence.assessment_id == assessment.id, Evidence.removed_at.is_(None))
        .order_by(Evidence.id)
    )
    return tuple(
        FiledEvidence(
            question=row.question_id,
            name=row.name,
            size=row.size,
            media_type=row.media_type,
            respondent=row.respondent_id,
            by=by or "",
            on=row.created_at.date().isoformat(),
        )
        for row, by in session.execute(query)
    )


def forget_names(session: Session, respondents: Collection[int], assessments: Collection[int]) -> None:
    """People who have closed their account are numbers in what was submitted, too."""
    if not respondents:
        return
    submitted = select(Assessment).where(Assessment.id.in_(assessments), Assessment.frozen.is_not(None))
    past = select(PastSubmission).where(PastSubmission.assessment_id.in_(assessments))
    for row in (*session.scalars(submitted), *session.scalars(past)):
        files = row.frozen.get("evidence", []) if row.frozen else []
        if any(file["respondent"] in respondents for file in files):
            without = [
                {**file, "by": f"#{file['respondent']}"} if file["respondent"] in respondents else file
                for file in files
            ]
            row.frozen = {**(row.frozen or {}), "evidence": without}


def by_question(snapshot: Snapshot) -> dict[str, tuple[FiledEvidence, ...]]:
    """The files of a submission at each question that has any."""
    found: dict[str, tuple[FiledEvidence, ...]] = {}
    for file in snapshot.evidence:
        found[file.question] = (*found.get(file.question, ()), file)
    return found
