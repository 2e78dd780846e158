"""What a firm takes along of its cases is what it was told of them, and no note of others."""

import io
import json
import zipfile

from sqlalchemy.orm import Session

from assessment import case_marks, case_moves, firm_export
from assessment.case_states import ELIGIBLE, NOT_SELECTED, OFFICER, ON_SITE
from assessment.tables import Firm, ProgrammeCase
from assessment.verifications import reopen_visit
from tests.assessment.cases import LATER, Run, add_case, case_in, new_firm, opened


def taken_along(session: Session, run: Run) -> tuple[dict[str, list[dict[str, object]]], str]:
    """What the export holds, and all of it as text."""
    target = io.BytesIO()
    firm_export.write_export(session, session.get_one(Firm, run.firm), (), {}, "", LATER, target)
    archive = zipfile.ZipFile(target)
    return json.loads(archive.read("firm.json")), "".join(archive.read(name).decode() for name in archive.namelist())


def test_a_case_without_an_assessment_is_taken_along_with_its_history_and_without_notes(session: Session) -> None:
    run = case_in(session, ELIGIBLE)
    add_case(session, run, new_firm(session, "Other"), ELIGIBLE)
    case_marks.note(session, opened(session, run, OFFICER), "Their director is difficult", LATER)
    case_moves.move(session, opened(session, run, OFFICER), NOT_SELECTED, LATER, "Only 508 places")
    document, text = taken_along(session, run)
    assert [case["id"] for case in document["programme_case"]] == [run.case]
    assert [event["kind"] for event in document["case_event"]] == ["moved", "moved"]
    assert "Only 508 places" in text
    assert "difficult" not in text


def test_what_the_committee_tells_the_assessor_stays_between_them(session: Session) -> None:
    run = case_in(session, ON_SITE)
    session.get_one(ProgrammeCase, run.case).response = {"": "Fine"}
    reopen_visit(session, opened(session, run, "committee"), "Too kind to them", LATER)
    document, text = taken_along(session, run)
    assert "sent_back" in text
    assert "Too kind" not in text
    case = session.get_one(ProgrammeCase, run.case)
    assert [each["id"] for each in document["assessment"]] == [case.assessment_id]  # the findings are not told now
