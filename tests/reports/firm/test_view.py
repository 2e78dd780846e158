"""The view of a firm's report: its numbers are those of the result, its titles say what was found."""

import re
from dataclasses import replace

import pytest

from assessment.results import Result
from assessment.snapshots import FiledEvidence
from reports.firm.build import build_firm_report
from reports.firm.material import material
from reports.firm.view import FirmReport
from scoring.readiness import score_with
from scoring.roadmap import PHASES, Roadmap


def plan_of(result: Result) -> Roadmap:
    assert isinstance(result.roadmap, Roadmap)
    return result.roadmap


def test_the_headline_states_score_and_profile(result: Result, report: FirmReport) -> None:
    # The mean of the factors, weights 30, 35 and 35, is 1.51; from 1 on a firm is a Newcomer.
    assert result.readiness.overall.score == pytest.approx(1.51, abs=0.01)
    assert report.summary is not None
    assert report.summary.headline == "Sample Foods Sdn Bhd stands at 1.5 of 5: Newcomer."
    assert report.summary.finding.endswith("Furthest: People (2.4). Most to win: Technology (0.7).")
    assert (report.cover.score, report.cover.profile) == ("1.5", "Newcomer")


def test_the_one_page_has_three_of_everything(report: FirmReport) -> None:
    assert report.summary is not None
    assert [len(each.points) for each in (report.summary.strengths, report.summary.gaps)] == [3, 3]
    assert len(report.summary.first_steps.points) == 3
    strong, open_ones = ({p.text for p in each.points} for each in (report.summary.strengths, report.summary.gaps))
    assert not strong & open_ones
    assert len(report.summary.numbers) == 3


def test_the_target_is_what_the_scores_would_be_with_every_gap_closed(result: Result, report: FirmReport) -> None:
    levels = {gap.question: gap.target_level for gap in result.gaps}
    target = score_with(result.definition.questionnaire, result.answers, levels).overall.score
    assert report.summary is not None
    assert report.summary.numbers[1].value == f"{target:.1f}"


def test_the_money_of_the_one_page_is_the_sum_of_the_phases(result: Result, report: FirmReport) -> None:
    phases = plan_of(result).phases
    low, high = sum(p.cost_low for p in phases), sum(p.cost_high for p in phases)
    digits = [float(part.replace(",", "")) for part in re.findall(r"[\d,]+", report.summary.numbers[2].value)]  # type: ignore[union-attr]
    assert digits == [pytest.approx(low, rel=0.005), pytest.approx(high, rel=0.005)]
    assert report.money is not None
    assert report.money.total.cost == report.summary.numbers[2].value  # type: ignore[union-attr]
    assert report.money.total.budget == "MYR\u00a0400,000"
    assert sum(int(phase.actions) for phase in report.money.phases) == int(report.money.total.actions)


def test_every_dimension_is_in_the_profile_with_the_words_for_its_answers(report: FirmReport) -> None:
    assert report.profile is not None
    rows = {row.id: row for row in report.profile.rows}
    assert [row.depth for row in report.profile.rows].count(0) == 4  # three factors and the whole
    assert rows["people.leadership"].coverage == "all 5"
    assert rows["process.resources"].coverage == "1 of 3; 2 open"
    assert rows["process.resources"].flag == "low coverage"
    assert rows["technology.data"].coverage == "4 of 5; 1 not known"
    assert rows["technology.data"].flag == ""  # one of five is not more than a fifth
    assert "people.service" not in rows  # not asked of a manufacturer


def test_missing_answers_show_as_a_band_and_only_there(report: FirmReport) -> None:
    assert report.profile is not None
    rows = {row.id: row for row in report.profile.rows}
    # One level 2 of three questions: from 2 / 3 to (2 + 5 + 5) / 3.
    assert rows["process.resources"].interval == "0.7\u20134.0"
    assert rows["process.resources"].track.band is not None
    assert rows["people.leadership"].interval == ""
    assert rows["people.leadership"].track.band is None


def test_a_dimension_without_a_score_says_so_and_is_never_zero(result: Result) -> None:
    nodes = {**result.readiness.nodes}
    nodes["process.quality"] = replace(nodes["process.quality"], score=None, low=None, high=None, coverage=0.0)
    open_one = replace(result, readiness=replace(result.readiness, nodes=nodes))
    profile = build_firm_report(open_one, "en").profile
    assert profile is not None
    row = next(row for row in profile.rows if row.id == "process.quality")
    assert (row.today, row.target, row.track.today, row.tone) == ("not answered yet", "", None, None)


def test_today_stands_beside_the_next_level(result: Result, report: FirmReport) -> None:
    assert report.factors is not None
    for block in report.factors.blocks:
        for row in block.steps:
            levels = result.definition.questionnaire.questions[row.id].levels
            level = result.answers.answers[row.id]
            assert levels is not None
            assert isinstance(level, int)
            assert row.next is not None
            assert (row.today.text, row.next.text) == (levels[level].text, levels[level + 1].text)
            assert (row.today.number, row.next.number) == (str(level), str(level + 1))


def test_priorities_come_in_order_and_say_how_much_they_hold(result: Result, report: FirmReport) -> None:
    assert report.priorities is not None
    assert [row.rank for row in report.priorities.rows] == [str(n) for n in range(1, 11)]
    assert [row.id for row in report.priorities.rows] == [one.gap.question for one in result.priorities[:10]]
    weighed = [one.gap.size * one.gap.weight for one in result.priorities]
    share = round(100 * sum(weighed[:10]) / sum(weighed))
    assert f"these 10 gaps hold {share}% of all that is to win" in report.priorities.figure.finding
    assert report.priorities.more.startswith(f"{len(weighed) - 10} further gaps")
    assert report.priorities.rows[0].value.value == "100"


def test_the_rules_stand_side_by_side(report: FirmReport) -> None:
    assert report.certainty is not None
    assert report.certainty.rules is not None
    assert [row.title for row in report.certainty.rules.rows] == ["Mean", "Geometric mean", "Minimum"]
    assert report.certainty.rules.figure.finding == "The rule decides the profile: the score is between 0.0 and 1.5"
    assert report.certainty.weights is not None
    assert "the profile is Newcomer in 100% of cases" in report.certainty.weights.figure.finding


def test_every_planned_action_is_in_the_table_once_and_numbered_by_its_start(
    result: Result, report: FirmReport
) -> None:
    planned = plan_of(result).actions
    assert report.plan is not None
    rows = [row for phase in report.plan.phases for row in phase.rows]
    assert sorted(row.id for row in rows) == sorted(one.action for one in planned)
    assert [row.number for row in rows] == [str(n) for n in range(1, len(planned) + 1)]
    starts = {one.action: one.start for one in planned}
    for phase in report.plan.phases:
        assert [starts[row.id] for row in phase.rows] == sorted(starts[row.id] for row in phase.rows)


def test_twelve_actions_are_told_in_full_with_why_steps_and_measure(result: Result, report: FirmReport) -> None:
    assert report.plan is not None
    assert len(report.plan.blocks) == 12
    for block in report.plan.blocks:
        action = result.definition.action[block.id]
        assert block.steps == action.steps
        assert block.why
        assert action.measure in [detail.text for detail in block.details]


def test_an_action_names_what_it_needs_and_what_needs_it_by_number(result: Result, report: FirmReport) -> None:
    assert report.plan is not None
    number = {row.id: row.number for phase in report.plan.phases for row in phase.rows}
    told = {block.id: " ".join(block.why) for block in report.plan.blocks}
    for one in plan_of(result).actions:
        if one.action in told:
            for other in one.requires:
                assert re.search(rf"It starts once actions? .*\b{number[other]}\b", told[one.action])
            for other in one.unlocks:
                assert re.search(rf"It opens the way for actions? .*\b{number[other]}\b", told[one.action])


def test_quick_wins_are_short_and_cheap(result: Result, report: FirmReport) -> None:
    roadmap = plan_of(result)
    limit = 0.02 * sum(phase.cost_high for phase in roadmap.phases)
    assert report.quick_wins is not None
    numbers = {row.number for row in report.quick_wins.rows}
    order = material(result, "en").order
    for one in roadmap.actions:
        if str(order[one.action]) in numbers:
            assert one.end <= PHASES[0].end
            assert one.cost_high <= limit


def test_what_was_left_out_says_why_and_ten_per_cent_more_says_what_it_buys(result: Result, report: FirmReport) -> None:
    assert report.money is not None
    assert all(row.reason for row in report.money.left_out)
    assert (
        report.money.left_out_more
        == f"{len(plan_of(result).left_out) - len(report.money.left_out)} more were left out."
    )
    assert report.money.more.startswith("10% more money (MYR\u00a040,000) would ")
    assert "1 USD = 4.2 MYR" in " ".join(report.money.assumptions)


def test_the_help_that_is_counted_is_the_help_of_the_planned_actions(result: Result, report: FirmReport) -> None:
    named = [result.definition.action[one.action].enabler for one in plan_of(result).actions]
    assert report.support is not None
    assert {row.id: int(row.count) for row in report.support.enablers} == {
        each: named.count(each) for each in set(named) if each is not None
    }


def test_cases_are_shown_only_where_they_fit(report: FirmReport) -> None:
    assert report.support is not None
    assert 1 <= len(report.support.cases) <= 3
    assert all(case.fits for case in report.support.cases)
    assert "United Nations Industrial Development Organization" in report.support.sources[0]


def test_the_annex_holds_every_asked_question_with_its_note(result: Result, report: FirmReport) -> None:
    rows = {row.id: row for group in report.annex.groups for row in group.rows}
    assert len(rows) == 62
    assert rows["data.learning"].state == "unknown"
    assert rows["design.additive"].answer == "Does not apply to the firm"
    assert rows["resources.emissions"].state == "unanswered"
    assert rows["planning.orders"].note == f"Note: {result.facts.notes['planning.orders']}"
    assert report.annex.not_asked.startswith("12 questions were not asked")


def test_the_annex_names_the_evidence_of_an_answer_but_does_not_hold_it(result: Result) -> None:
    file = FiledEvidence("planning.orders", "orders.pdf", 1_240_000, "application/pdf", 7, "Aisha", "2026-11-20")
    photo = replace(file, name="wall.jpg", size=80_400, media_type="image/jpeg", respondent=None, by="")
    facts = replace(result.facts, evidence={"planning.orders": (file, photo)})
    told = {code: build_firm_report(replace(result, facts=facts), code) for code in ("en", "ar")}
    rows = {code: {r.id: r for g in report.annex.groups for r in g.rows} for code, report in told.items()}

    assert rows["en"]["planning.orders"].evidence == (
        "Evidence: orders.pdf (PDF, 1.2 MB, Aisha, November 20, 2026)",
        "Evidence: wall.jpg (JPEG, 81 kB, November 20, 2026)",
    )
    assert "\u2068orders.pdf\u2069" in rows["ar"]["planning.orders"].evidence[0]
    assert {id for id, row in rows["en"].items() if row.evidence} == {"planning.orders"}


def test_the_report_says_whether_it_names_who_gave_evidence(result: Result) -> None:
    file = FiledEvidence("planning.orders", "orders.pdf", 1_240_000, "application/pdf", 7, "Aisha", "2026-11-20")
    for by, named in (("Aisha", True), ("", False)):
        facts = replace(result.facts, evidence={"planning.orders": (replace(file, by=by),)})
        told = build_firm_report(replace(result, facts=facts), "en").method.paragraphs
        assert any("The annex names who gave which file" in each.value for each in told) is named


def test_assumed_days_that_yielded_to_the_must_dos_are_told_as_the_plan_takes_them(result: Result) -> None:
    narrow = replace(result, wishes=replace(result.wishes, phase_days=(1.0, 1.0, 1e5), days_are_assumed=True))
    money = build_firm_report(narrow, "en").money
    assert money is not None
    first, second = (round(phase.days) for phase in plan_of(result).phases[:2])
    assert first > 1
    assert any(f"{first}, {second} and 100,000 are assumed" in text for text in money.assumptions)
