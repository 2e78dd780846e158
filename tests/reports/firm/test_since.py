"""What the report says of last time and of the plan so far."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from assessment.comparison import LastTime, comparison
from assessment.results import Result
from assessment.standing import State, Step, planned_steps, standing
from questionnaires.answers import Answers
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_pdf
from reports.firm.view import FirmReport
from scoring.readiness import readiness
from scoring.roadmap import Roadmap

SINCE, TODAY = date(2026, 11, 22), date(2027, 6, 1)
STATES: tuple[State, ...] = ("started", "done", "dropped")


@pytest.fixture(scope="module")
def later(result: Result) -> Result:
    """The sample firm, beside a weaker year before, with the first fourteen actions on their way."""
    questionnaire, given = result.definition.questionnaire, result.answers.answers
    lower = {k: v - 1 if isinstance(v, int) and v and n % 3 else v for n, (k, v) in enumerate(given.items())}
    lower |= dict.fromkeys(list(lower)[:4], "unknown")
    answers = Answers(result.answers.profile, lower)
    last = LastTime("2025-11-20", answers, readiness(questionnaire, answers), ("write-digital-plan",))
    assert isinstance(result.roadmap, Roadmap)
    now = datetime(2027, 6, 1, tzinfo=UTC)
    steps = {
        one.action: Step(one.action, STATES[n % 3], changed_at=now) for n, one in enumerate(result.roadmap.actions[:14])
    }
    planned = planned_steps(result.roadmap, steps, SINCE, TODAY)
    compared = comparison(questionnaire, result.answers, result.readiness, last, questionnaire)
    return replace(result, comparison=compared, standing=standing(planned, SINCE, TODAY))


@pytest.fixture(scope="module")
def told(later: Result) -> FirmReport:
    return build_firm_report(later, "en")


def test_without_last_time_and_progress_nothing_is_said_of_them(report: FirmReport) -> None:
    assert report.comparison is None
    assert report.plan is not None
    assert report.plan.progress is None


def test_the_ring_is_last_time_and_the_dot_is_now(told: FirmReport, later: Result) -> None:
    section = told.comparison
    assert section is not None
    assert later.comparison is not None
    rows = {row.id: row for row in section.rows}
    overall = rows["overall"].track
    assert overall.today is not None
    assert overall.target is not None
    assert overall.today > overall.target  # the firm has risen
    assert [row.id for row in section.rows if row.flag] == [
        each.dimension or "overall"
        for each in (*later.comparison.dimensions, later.comparison.overall)
        if each is not None and each.may_be_chance
    ]
    assert all(row.change.startswith(("+", "−")) or row.change in ("none", "") for row in section.rows)


def test_moved_answers_are_named_and_the_others_counted(told: FirmReport, later: Result) -> None:
    section = told.comparison
    assert section is not None
    assert later.comparison is not None
    moved = len(later.comparison.moved)
    assert (len(section.moved), len(section.moved_rest)) == (5, moved - 5)
    assert section.moved_more == f"{moved - 5} more answers moved."
    assert section.moved[0].way.startswith("level ")
    assert section.done == later.definition.action["write-digital-plan"].title


def test_two_versions_are_said_and_have_no_overall_change(later: Result) -> None:
    assert later.comparison is not None
    other = replace(later.comparison, last_version="0.9.0", overall=None)
    section = build_firm_report(replace(later, comparison=other), "en").comparison
    assert section is not None
    assert "version 0.9.0" in " ".join(section.intro)
    assert "overall" not in {row.id for row in section.rows}
    assert section.figure.finding.endswith("have risen")


def test_the_plan_so_far_is_counted_by_phase_and_says_where_it_comes_from(told: FirmReport, later: Result) -> None:
    assert told.plan is not None
    table = told.plan.progress
    assert table is not None
    assert later.standing is not None
    total = later.standing.total
    assert table.rows[-1].cells[:5] == tuple(
        str(n) for n in (total.actions, total.started, total.done, total.dropped, total.late)
    )
    assert table.finding == f"{total.done} of {total.actions} actions are done; {total.late} are late"
    assert "raise no score" in table.source


@pytest.mark.parametrize("code", ["en", "fr", "ar"])
def test_the_report_keeps_to_sixteen_pages_with_both(later: Result, code: str) -> None:
    content = render_firm_pdf(build_firm_report(later, code), day="2027-06-01")
    assert 12 <= len(PdfReader(io.BytesIO(content)).pages) <= 16
