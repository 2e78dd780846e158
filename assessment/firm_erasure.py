"""A firm erases itself: all that it has said, with its history, its files and its reports; nothing is queued."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from assessment.errors import N_, Invalid
from assessment.firm_export import EVIDENCE, REPORT, tables_of_assessments
from assessment.job_queue import MAIL
from assessment.report_orders import JOB as REPORT_JOB
from assessment.tables import (
    Assessment,
    Evidence,
    Firm,
    Job,
    Mail,
    ProgrammeCase,
    ProgrammeMember,
    ReportRender,
    Role,
    SignInCode,
    User,
    UserSession,
)


class NameDiffers(Invalid):
    """Erasing asks for the firm's name, so that nobody does it by a slip."""

    def __init__(self) -> None:
        super().__init__(N_("This is not the name of the firm. Type it as it stands above."))


@dataclass(frozen=True, slots=True)
class Erased:
    """What has gone."""

    assessments: int
    files: int


def confirm(firm: Firm, typed: str) -> None:
    """Raises NameDiffers unless the firm's name was typed, or its number where it has no name."""
    if " ".join(typed.split()).casefold() != (firm.name or str(firm.id)).casefold():
        raise NameDiffers


def erase(session: Session, firm: Firm, remove_file: Callable[[str, str], None]) -> Erased:
    """Erase a firm. `remove_file` is called with kind and hash of every file that no other firm has as well.

    The files go first and the rows with the commit: when that fails the firm is still there, and is erased again. What
    stays are backups until they are thrown away, and the accounts of people who have signed in.
    """
    # Whoever answers, uploads or makes a report at this moment waits for their turn, and then finds nothing.
    session.execute(select(Firm.id).where(Firm.id == firm.id).with_for_update())
    ours = list(
        session.scalars(
            select(Assessment.id).where(Assessment.firm_id == firm.id).order_by(Assessment.id).with_for_update()
        )
    )
    _forget_mails(session, firm.id, ours)
    evidence = _delete_evidence(session, ours)
    reports = _delete_reports(session, ours)
    for table in reversed(tables_of_assessments()):
        session.execute(delete(table).where(table.columns["assessment_id"].in_(ours)))
    session.execute(delete(Assessment).where(Assessment.id.in_(ours)))
    _delete_people(session, firm.id)
    session.execute(delete(Firm).where(Firm.id == firm.id))
    session.flush()
    gone = [
        *((EVIDENCE, each) for each in sorted(evidence - _used(session, Evidence.content_sha256, evidence))),
        *((REPORT, each) for each in sorted(reports - _used(session, ReportRender.artifact_sha256, reports))),
    ]
    for kind, sha256 in gone:
        remove_file(kind, sha256)
    return Erased(len(ours), len(gone))


def _delete_evidence(session: Session, assessments: list[int]) -> set[str]:
    """Returns the hashes of what was evidence, with what was removed before and not yet deleted."""
    rows = delete(Evidence).where(Evidence.assessment_id.in_(assessments)).returning(Evidence.content_sha256)
    return set(session.scalars(rows))


def _delete_reports(session: Session, assessments: list[int]) -> set[str]:
    """Delete reports with their jobs; returns the hashes of those that were made."""
    rows = delete(ReportRender).where(ReportRender.assessment_id.in_(assessments))
    # Deleting tells the hash as it is by then: a report may have been finished since we looked.
    found = session.execute(rows.returning(ReportRender.id, ReportRender.artifact_sha256)).all()
    session.execute(delete(Job).where(Job.kind == REPORT_JOB, Job.key.in_(str(id) for id, _ in found)))
    return {sha256 for _, sha256 in found if sha256}


def _used(session: Session, column: InstrumentedAttribute[Any], hashes: set[str]) -> set[str]:
    return set(session.scalars(select(column).where(column.in_(hashes))))


def _forget_mails(session: Session, firm_id: int, assessments: list[int]) -> None:
    """Delete mails, not sent yet, that lead to the firm; the text of a mail that has left is not kept."""
    numbers = "|".join(map(str, assessments)) or "none"
    of_firm = session.scalars(select(ProgrammeCase.id).where(ProgrammeCase.firm_id == firm_id))
    cases = "|".join(map(str, of_firm)) or "none"
    leads_here = re.compile(rf"/firms/{firm_id}(?!\d)|/a/({numbers})(?!\w)|/cases/({cases})(?!\d)")
    waiting = session.execute(select(Mail.id, Mail.body).where(Mail.body != "")).all()
    found = [id for id, body in waiting if leads_here.search(body)]
    session.execute(delete(Job).where(Job.kind == MAIL, Job.key.in_(map(str, found))))
    session.execute(delete(Mail).where(Mail.id.in_(found)))


def _delete_people(session: Session, firm_id: int) -> None:
    """End the roles in the firm, and delete the accounts that only it has made: those who have never come."""
    people = set(session.scalars(select(Role.user_id).where(Role.firm_id == firm_id)))
    session.execute(delete(Role).where(Role.firm_id == firm_id))
    has_come = or_(
        select(UserSession.id).where(UserSession.user_id == User.id).exists(),
        select(SignInCode.id).where(SignInCode.email == User.email).exists(),
        select(Role.id).where(Role.user_id == User.id).exists(),
        select(ProgrammeMember.id).where(ProgrammeMember.user_id == User.id).exists(),
        User.password_hash.is_not(None),
        User.disabled_at.is_not(None),
    )
    guests = session.execute(select(User.id, User.email).where(User.id.in_(people), ~has_come)).all()
    session.execute(delete(Mail).where(Mail.recipient.in_(email for _, email in guests)))
    session.execute(delete(User).where(User.id.in_(id for id, _ in guests)))
