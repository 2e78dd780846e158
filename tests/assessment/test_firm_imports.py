"""Rows of firms: whose they are, what has to hold within and between them, and what they leave alone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessment import firm_storing, roles
from assessment.access import MANAGER
from assessment.case_states import ASSESSOR
from assessment.firm_imports import FirmSheet, setting_of
from assessment.firm_intake import Intake
from assessment.import_cells import Batch
from assessment.import_staging import Rows
from assessment.known_firms import KnownFirms
from assessment.tables import Assessment, CaseEvent, Firm, Outcome, Programme, ProgrammeCall, ProgrammeCase
from assessment.waiting_firms import Waiting
from tests.assessment import programmes
from tests.factories import NOW, tiny

TODAY = date(2026, 11, 20)
DAY = "2024-03-25"


@pytest.fixture
def programme(session: Session) -> Programme:
    return programmes.programme(session)


@pytest.fixture
def call(session: Session, programme: Programme) -> ProgrammeCall:
    return programmes.call(session, programme)


def batches(heads: str, *rows: str) -> Any:
    """One batch; cells are parted by bars, an empty one is nothing."""
    made = [[cell.strip() or None for cell in row.split("|")] for row in (heads, *rows)]
    return iter([Batch(range(1, len(made) + 1), made)])


def looked(session: Session, programme: Programme, heads: str, *rows: str) -> list[tuple[int, str, str]]:
    """The problems of these rows: row, column, code."""
    sheet = FirmSheet(session, setting_of(session, programme, tiny(), TODAY, ","), tiny())
    told: list[Any] = []
    for _ in sheet.look(batches(heads, *rows), told.extend):
        pass
    assert sheet.found.problems == len(told)
    return [(each.row, each.column, each.code) for each in told]


def taken(session: Session, programme: Programme, folder: Path, heads: str, *rows: str) -> None:
    """Take these rows in."""
    sheet = FirmSheet(session, setting_of(session, programme, tiny(), TODAY, ","), tiny())
    intake = Intake(sheet, Rows(folder))
    told: list[Any] = []
    intake.prepare(batches(heads, *rows), told.extend, lambda _rows: None)
    assert told == []
    order = firm_storing.Order(7, None, NOW)
    waiting = Waiting(intake, order.order_id, order.now)
    for step in waiting.steps():
        step(session)
    firm_storing.make_ready(session, waiting, order)
    firm_storing.show(session, waiting, order)
    intake.staged.close()


def test_columns_are_found_by_what_people_call_them(
    session: Session, programme: Programme, call: ProgrammeCall
) -> None:
    heads = "Company Name | REG_NO | ISIC-code | Year founded | Machines.1 | profile.sector | Assessment date"
    assert looked(session, programme, heads, f"Kilang | 1 | 10 | 1998 | 2 | Manufacturing | {DAY}") == []


def test_a_column_that_is_unknown_or_there_twice_is_told_with_the_nearest(
    session: Session, programme: Programme, call: ProgrammeCall
) -> None:
    found = looked(session, programme, "name | nmae | employes | firm | zzz | machines.77 | ", "Kilang | | | | | | x")
    assert found == [
        (1, "B", "unknown_column_near"), (1, "C", "unknown_column_near"), (1, "D", "column_twice"),
        (1, "E", "unknown_column"), (1, "F", "unknown_column_near"), (2, "G", "nameless_column"),
    ]  # fmt: skip
    assert (1, "", "missing_column") in looked(session, programme, "employees", "3")


def test_a_sheet_without_rows_is_told(session: Session, programme: Programme, call: ProgrammeCall) -> None:
    assert looked(session, programme, "name") == [(1, "", "nothing")]


ROWS = [
    ("name|turnover", "Kilang|12.5", (2, "B", "currency_missing")),
    ("name|machines.1", "Kilang|2", (2, "", "day_missing")),
    ("name|assessed_on|machines.1", f"Kilang|{DAY}|", (2, "B", "answers_missing")),
    ("name|state", "Kilang|endorsed", (2, "B", "state_needs_assessment")),
    ("name|state|assessed_on|machines.1", f"Kilang|selected|{DAY}|2", (2, "B", "state_before_assessment")),
    (
        "name|state|verified|assessed_on|machines.1",
        f"Kilang|self-assessed|yes|{DAY}|2",
        (2, "B", "verified_state"),
    ),
    ("name|state", "Kilang|finished", (2, "B", "state")),
    ("name|call", "Kilang|Second call", (2, "B", "call")),
    ("name|assessor", "Kilang|nobody@example.org", (2, "B", "assessor")),
    ("name|country|region", "Kilang|Germany|MY-10", (2, "C", "region")),
    ("name|country", "Kilang|Atlantis", (2, "B", "country")),
    ("name|profile.sector", "Kilang|mining", (2, "B", "choice")),
    ("name|assessed_on|skills.share", f"Kilang|{DAY}|120%", (2, "C", "bounds")),
    ("name|assessed_on|skills.languages", f"Kilang|{DAY}|ERP; SAP", (2, "C", "options")),
]


@pytest.mark.parametrize(("heads", "row", "problem"), ROWS, ids=[problem[2] for *_, problem in ROWS])
def test_each_rule_of_a_row_is_told_once_at_its_cell(
    session: Session, programme: Programme, call: ProgrammeCall, heads: str, row: str, problem: tuple[int, str, str]
) -> None:
    assert looked(session, programme, heads, row) == [problem]


def test_with_several_calls_a_row_says_which(session: Session, programme: Programme, call: ProgrammeCall) -> None:
    second = programmes.call(session, programme)
    second.title = "Second call"
    session.flush()
    assert looked(session, programme, "name", "Kilang") == [(2, "", "which_call")]
    assert looked(session, programme, "name|call", "Kilang|second CALL", f"Kilang B|{call.id}") == []


def test_the_same_firm_with_the_same_day_is_told_however_it_is_written(
    session: Session, programme: Programme, call: ProgrammeCall
) -> None:
    heads = "name | registration_number | assessed_on | machines.1"
    rows = (
        f"Kilang Padi Sdn. Bhd. | 2019-01 | {DAY} | 1",
        f"Another name | 201901 | {DAY} | 1",
        f"KILANG PADI | | {DAY} | 1",
        "Kilang Padi | | 2025-01-01 | 1",
        f"Kilang Padi | 999 | {DAY} | 1",
    )
    assert looked(session, programme, heads, *rows) == [(3, "C", "firm_twice"), (4, "C", "firm_twice")]


def test_a_firm_that_is_here_gets_the_assessment_and_keeps_what_it_said(
    session: Session, programme: Programme, call: ProgrammeCall, tmp_path: Path
) -> None:
    firm_id, _ = programmes.firm(session, registration_number="2019 0001")
    before = session.get_one(Firm, firm_id).employees
    heads = "name | registration_number | employees | assessed_on | machines.1 | verified"
    taken(session, programme, tmp_path, heads, f"Renamed | 20190001 | 7 | {DAY} | 2 | yes")
    session.expire_all()
    firm = session.scalars(select(Firm)).one()
    assert (firm.id, firm.name, firm.employees) == (firm_id, "Kilang Padi Sdn Bhd", before)
    outcome = session.scalars(select(Outcome)).one()
    # Statistics of that year know the firm as it was then, and what the file does not say as it is now.
    assert (outcome.firm_id, outcome.employees, outcome.size, outcome.region) == (firm_id, 7, "micro", "MY-07")
    assert (outcome.wave, outcome.is_verified) == (2024, True)
    assert looked(session, programme, heads, f"Renamed | 20190001 | 7 | {DAY} | 2 | yes") == [
        (2, "D", "assessed_before")
    ]


def test_a_case_that_is_there_keeps_its_state_and_its_history_goes_on(
    session: Session, programme: Programme, call: ProgrammeCall, tmp_path: Path
) -> None:
    case = programmes.applied(session, call)
    version, state = case.version, case.state
    heads = "name | region | assessed_on | machines.1 | state"
    row = f"Kilang Padi Sdn Bhd | MY-07 | {DAY} | 2 |"
    assert looked(session, programme, heads, row + " endorsed") == [(2, "E", "case_elsewhere")]
    taken(session, programme, tmp_path, heads, row)
    session.expire_all()
    case = session.scalars(select(ProgrammeCase)).one()
    assert (case.state, case.version) == (state, version + 1)
    assert case.assessment_id == session.scalars(select(Assessment.id)).one()
    last = session.scalars(select(CaseEvent).order_by(CaseEvent.number.desc())).first()
    assert last is not None
    assert (last.number, last.kind, last.content) == (version + 1, "imported", {"import": 7})


def test_an_assessor_with_a_part_in_the_firm_is_refused(
    session: Session, programme: Programme, call: ProgrammeCall
) -> None:
    firm_id, _ = programmes.firm(session, registration_number="77")
    assessor = programmes.member(session, programme, ASSESSOR)
    heads = "name | registration_number | assessor"
    rows = "Kilang | 77 | Assessor@programme.example", "Other | 78 | assessor@programme.example"
    assert looked(session, programme, heads, *rows) == []
    roles.grant(session, assessor.user_id, MANAGER, firm_id, NOW)
    assert looked(session, programme, heads, *rows) == [(2, "C", "own_firm")]


def test_a_name_that_several_firms_have_asks_for_the_number(
    session: Session, programme: Programme, call: ProgrammeCall
) -> None:
    for number in ("1", "2"):
        session.add(Firm(name="Kilang Padi", country="MY", registration_number=number, created_at=NOW))
    session.flush()
    heads = "name | registration_number"
    assert looked(session, programme, heads, "Kilang Padi |", "Kilang Padi | 2") == [(2, "A", "which_firm")]


def test_two_firms_of_one_name_with_other_numbers_stay_two() -> None:
    known = KnownFirms()
    assert known.find("Kilang Padi", "MY", "", "1") == -1
    assert known.find("Kilang Padi", "MY", "", "2") == -2
    assert known.find("kilang padi sdn bhd", "MY", "", "1") == -1
    assert known.find("Kilang Padi", "MY", "", "") is None
    assert known.find("Kilang Padi", "SG", "", "1") == -3


def test_a_questionnaire_that_needs_every_answer_is_told_which_are_open(
    session: Session, programme: Programme, call: ProgrammeCall
) -> None:
    definition = tiny()
    strict = definition.questionnaire.model_copy(update={"missing": "refuse"})
    setting = setting_of(session, programme, definition, TODAY, ",")
    sheet = FirmSheet(session, setting, definition)
    object.__setattr__(setting, "questionnaire", strict)
    told: list[Any] = []
    for _ in sheet.look(batches("name|assessed_on|machines.1", f"Kilang|{DAY}|2"), told.extend):
        pass
    assert [(each.row, each.code) for each in told] == [(2, "answers_open")]
    assert "skills.training" in told[0].values["open"]
