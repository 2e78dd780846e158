"""Verifying on site: an assessor answers the firm's questions again, hands in, and the firm may respond once.

What an assessor finds is an assessment of its own that `verifies_id` ties to the firm's. It is answered by links, one
for each of the assessor's devices, so that it is saved, and kept on the device for a day without a connection, as every
other is.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assessment import assessments, case_events, conflicts, reopening, verified_pairs
from assessment.access import new_token, token_sha256
from assessment.assessments import Sheet
from assessment.case_states import ASSESSOR, COMMITTEE, FIRM, ON_SITE, committee_due_on, due_on
from assessment.errors import N_, Conflict, Forbidden, Invalid
from assessment.filed_evidence import filed
from assessment.programme_access import NotYours, OpenCase, has_interest
from assessment.self_said import SelfSaid, self_said, verified_in, without_reason
from assessment.snapshots import SCORING_VERSION, Snapshot, readiness_as_json
from assessment.tables import Assessment as Assessment  # rooms above name the type by this module
from assessment.tables import ProgrammeCase, Respondent, User
from assessment.texts import clean_note
from questionnaires.schema import Questionnaire
from scoring.readiness import readiness


class OwnFirm(Forbidden):
    """Nobody verifies a firm in which they have a part."""

    def __init__(self) -> None:
        super().__init__(N_("You have a part in this firm, so somebody else has to verify it. Tell an officer."))


class NoVisit(Conflict):
    """The case is not where a visit is made."""

    def __init__(self) -> None:
        super().__init__(N_("There is no visit to make here now. Look at the case as it is."))


class NothingVerified(Invalid):
    """Findings are of at least one question."""

    def __init__(self) -> None:
        super().__init__(N_("No question is verified yet. Verify at least one before you hand in."))


class TwoAnswers(Conflict):
    """Two devices have said different things."""

    def __init__(self) -> None:
        super().__init__(N_("Some questions have two answers, from two devices. Choose one at each, then hand in."))


class ReasonsMissing(Invalid):
    """A level that is not the firm's needs a reason: the firm reads it. `questions` are those without one."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        self.questions = questions
        super().__init__(N_("Say why at each question where you find another answer than the firm."))


class ResponseOver(Conflict):
    """A firm responds once, within the days that its programme gives."""

    def __init__(self) -> None:
        super().__init__(N_("These findings take no response any more. What was said stays with the case."))


def is_link_of(session: Session, found: Assessment | None, token: str) -> bool:
    """Whether a device's secret still opens this visit."""
    live = Respondent.token_sha256 == token_sha256(token), Respondent.revoked_at.is_(None)
    query = select(Respondent.id).where(*live, Respondent.assessment_id == (found.id if found else None))
    return found is not None and bool(token) and session.scalar(query) is not None


def open_for(session: Session, opened: OpenCase, now: datetime, token: str = "") -> tuple[Assessment, str]:
    """Begin or go on with the visit of a case on a device; returns what is verified and the device's secret.

    The caller holds the case's row. The secret is not kept; one that the device has of before, `token`, goes on.

    Raises:
        NotYours, OwnFirm: this person does not verify this firm.
        NoVisit: the case is not on site, or its findings are handed in.
    """
    case = _visited(session, opened)
    found = find(session, case)
    if found is None:
        found = _begin(session, case, now)
    if is_link_of(session, found, token):
        return found, token
    person, token = session.get_one(User, opened.user_id), new_token()
    mine = select(Respondent.id).where(Respondent.assessment_id == found.id, Respondent.user_id == person.id)
    link = Respondent(assessment_id=found.id, name=person.name or person.email, created_at=now, named_at=now)
    link.token_sha256 = token_sha256(token)
    # One person is one respondent; the links of their other devices carry the name alone.
    link.user_id = person.id if session.scalar(mine) is None else None
    session.add(link)
    session.flush()
    return found, token


def find(session: Session, case: ProgrammeCase) -> Assessment | None:
    """What was verified of a case so far."""
    return session.get(Assessment, case.verification_id) if case.verification_id is not None else None


def _visited(session: Session, opened: OpenCase) -> ProgrammeCase:
    """The case, for the assessor who verifies it and as long as nothing is handed in."""
    if opened.role != ASSESSOR:
        raise NotYours
    if has_interest(session, opened.user_id, opened.case.firm_id):
        raise OwnFirm
    if opened.case.state != ON_SITE or opened.case.handed_in_at is not None:
        raise NoVisit
    return opened.case


def _begin(session: Session, case: ProgrammeCase, now: datetime) -> Assessment:
    said = session.get(Assessment, case.assessment_id) if case.assessment_id is not None else None
    if said is None or said.frozen is None:
        raise NoVisit
    found = Assessment(
        firm_id=case.firm_id,
        questionnaire_id=said.questionnaire_id,
        questionnaire_version=said.questionnaire_version,
        token_sha256=token_sha256(new_token()),  # nobody has it
        state="open",
        profile=said.frozen["profile"],
        created_at=now,
        verifies_id=said.id,
    )
    session.add(found)
    session.flush()
    case.verification_id = found.id
    return found


def end_links(session: Session, verification_id: int | None, now: datetime) -> None:
    """End the links of all devices of a visit: what they keep of it goes once they are connected."""
    session.execute(
        update(Respondent)
        .where(Respondent.assessment_id == verification_id, Respondent.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def hand_in(session: Session, opened: OpenCase, questionnaire: Questionnaire, now: datetime) -> Assessment:
    """Freeze what was found, tell the case, end the devices' links. What is not verified stands as the firm said it.

    Raises:
        NotYours, OwnFirm, NoVisit: as on opening.
        NothingVerified, ReasonsMissing, TwoAnswers: something is left to do.
    """
    case = _visited(session, opened)
    found = find(session, case)
    if found is None:
        raise NothingVerified
    session.refresh(found, with_for_update=True)  # an answer on its way comes before, or is refused
    said = self_said(session, found)
    sheet = assessments.sheet_of(session, found)
    if said is None or not verified_in(questionnaire, said, sheet):
        raise NothingVerified
    missing = without_reason(questionnaire, said, sheet)
    if missing:
        raise ReasonsMissing(missing)
    if conflicts.list_open(session, found):
        raise TwoAnswers
    _freeze(session, found, questionnaire, said, sheet, now)
    verified_pairs.keep(session, opened.programme, questionnaire, found)
    found.submitted_by = session.scalar(select(User.name).where(User.id == opened.user_id)) or ""
    end_links(session, found.id, now)
    case.handed_in_at, case.response, case.responded_at = now, None, None
    verified = len((found.frozen or {})["verified"])
    case_events.record(
        session, case, case_events.HANDED_IN, now, by=ASSESSOR, user_id=opened.user_id, verified=verified
    )
    case.due_on, case.reminded_on = response_until(opened), ""
    return found


def _freeze(
    session: Session, found: Assessment, questionnaire: Questionnaire, said: SelfSaid, sheet: Sheet, now: datetime
) -> None:
    answers, verified = said.under(sheet).answers, verified_in(questionnaire, said, sheet)
    notes = {q: note for q, note in sheet.notes.items() if q in verified}
    own = said.snapshot
    snapshot = Snapshot(answers, notes, own.wishes, own.target, filed(session, found), own.hindrances)
    found.frozen = {**snapshot.as_json(), "verified": sorted(verified)}
    found.scores = readiness_as_json(readiness(questionnaire, answers))
    found.scoring_version, found.submitted_at, found.state = SCORING_VERSION, now, "submitted"
    session.flush()


def reopen_visit(session: Session, opened: OpenCase, reason: str, now: datetime) -> None:
    """Send findings back to the assessor, for the committee; what was handed in, and the response to it, stay readable.

    Raises:
        NotYours: only the committee does.
        NoVisit: nothing is handed in, or it is endorsed already.
        ReasonMissing: the assessor has to know why.
    """
    case = opened.case
    if opened.role != COMMITTEE:
        raise NotYours
    found = find(session, case)
    if found is None or case.state != ON_SITE or case.handed_in_at is None:
        raise NoVisit
    reopening.reopen(session, found, reason, "", now)
    verified_pairs.forget(session, found.id)
    response = case.response
    case.handed_in_at = case.response = case.responded_at = None
    told: dict[str, Any] = {"reason": reason.strip(), "response": response}
    case_events.record(session, case, case_events.SENT_BACK, now, by=COMMITTEE, user_id=opened.user_id, **told)
    case.due_on, case.reminded_on = due_on(ON_SITE, now.date()), ""


def response_until(opened: OpenCase) -> str:
    """The last day on which the firm may respond, as ISO day; empty while nothing is handed in."""
    if opened.case.handed_in_at is None:
        return ""
    return (opened.case.handed_in_at.date() + timedelta(days=opened.programme.response_days)).isoformat()


def may_respond(opened: OpenCase, now: datetime) -> bool:
    """Whether the findings of a case still wait for a word of the firm."""
    case = opened.case
    waits = case.state == ON_SITE and case.handed_in_at is not None and case.responded_at is None
    return waits and now.date().isoformat() <= response_until(opened)


def respond(session: Session, opened: OpenCase, texts: Mapping[str, str], now: datetime) -> None:
    """Take down what the firm says to the findings, by question and under "" to all; nothing is a response too.

    Raises:
        NotYours: only a manager of the firm does.
        ResponseOver: it has responded, or the days are over.
        Invalid: a text is too long.
    """
    if opened.role != FIRM:
        raise NotYours
    if not may_respond(opened, now):
        raise ResponseOver
    found = find(session, opened.case)
    verified = set((found.frozen or {}).get("verified", ())) if found else set()
    cleaned = {q: clean_note(text) for q, text in texts.items() if q == "" or q in verified}
    opened.case.response = {q: text for q, text in cleaned.items() if text}
    opened.case.responded_at = now
    opened.case.due_on, opened.case.reminded_on = committee_due_on(now.date()), ""
    case_events.record(session, opened.case, case_events.RESPONDED, now, by=FIRM, user_id=opened.user_id)
