"""The files of reports: what a report tells beside its answers, whether its file is there, and what it is called."""

import re
import unicodedata
from datetime import datetime
from urllib.parse import quote

from fastapi import Request
from sqlalchemy.orm import Session

from app import artifacts
from app.dependencies import Opened
from app.settings import Settings
from app.since import since_of
from assessment import assessments, firm_support
from assessment.report_orders import Order
from assessment.snapshots import readiness_from_json
from assessment.told import Told
from assessment.workshop_reports import WorkshopOrder
from scoring.gaps import Target


def told_of(request: Request, session: Session, opened: Opened, target: Target, now: datetime, code: str) -> Told:
    """What a report in the language `code` tells as it is now: how far the plan is, last time, peers, support."""
    if opened.row.scores is None:
        return Told(target)
    sheet = assessments.sheet_of(session, opened.row)
    scored = readiness_from_json(opened.row.scores, opened.questionnaire)
    support = firm_support.find(session, opened.row, opened.questionnaire, now)
    return since_of(request, session, opened, sheet, scored, code).told(target, now, support)


def is_there(request: Request, order: Order | WorkshopOrder) -> bool:
    settings: Settings = request.app.state.settings
    sha256 = order.artifact_sha256
    return sha256 is not None and artifacts.path_of(settings.artifacts, sha256).is_file()


def file_name(order: Order) -> str:
    """Firm, day and language; without anything that a file system or a header could mistake."""
    day = order.submitted_at.date().isoformat() if order.submitted_at else ""
    return named(order.firm, day, order.language, kind="pdf")


def named(of: str, *rest: str, kind: str) -> str:
    """A file name from what people typed and what we know."""
    plain = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", of)).strip("-.")[:60]
    return "-".join(part for part in ("Fourward", plain, *rest) if part) + f".{kind}"


def disposition(name: str) -> str:
    """RFC 6266: a plain name for old programs, and the real one beside it."""
    plain = re.sub(r"-{2,}", "-", name.encode("ascii", "ignore").decode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
