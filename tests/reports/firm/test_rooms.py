"""What the report says of workshops that the firm was part of."""

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from assessment.results import Result
from assessment.rooms_told import RoomTold
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_pdf
from reports.firm.rooms import SHOWN
from reports.firm.view import FirmReport


@pytest.fixture(scope="module")
def told(result: Result) -> Result:
    """The sample firm, back from a workshop that settled every question of its ladder and two that it was not asked."""
    asked = [q for q in result.definition.questionnaire.questions.values() if q.levels]
    levels = tuple((q.id, None if n == 1 else len(q.levels or ()) - 1) for n, q in enumerate(asked))
    strange = (("gone.question", 1), (asked[0].id, 99))
    room = RoomTold("Harbour <b>round</b>", "2026-12-01", (*levels, *strange), ((asked[2].id, 1), (asked[0].id, 2)))
    return replace(result, rooms=(room,))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_room_and_firm_stand_side_by_side_the_furthest_apart_first(told: Result, language: str) -> None:
    section = build_firm_report(told, language).rooms
    assert section is not None
    (table,) = section.tables
    asked = [q for q in told.definition.questionnaire.questions.values() if q.levels]
    assert len(table.rows) == SHOWN
    assert len(table.rows) + len(table.rest) == len(asked)
    apart = [int(r.room) - int(r.own) for r in table.rows if r.room.isdecimal() and r.own.isdecimal()]
    assert apart == sorted(apart, reverse=True)
    assert table.more
    assert len(table.first) == 2


def test_without_a_workshop_nothing_is_said(report: FirmReport) -> None:
    assert report.rooms is None


def test_a_workshop_that_settled_nothing_the_firm_was_asked_is_left_out(result: Result) -> None:
    strange = RoomTold("Elsewhere", "", (("gone.question", 1),), ())
    assert build_firm_report(replace(result, rooms=(strange,)), "en").rooms is None


def test_the_printed_report_tells_it_with_the_name_as_it_was_written(told: Result) -> None:
    pages = PdfReader(io.BytesIO(render_firm_pdf(build_firm_report(told, "en"), day="2026-12-02"))).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert "What the workshop settled" in text
    assert "Harbour <b>round</b>" in text
    assert "What comes first, as the room agreed" in text
