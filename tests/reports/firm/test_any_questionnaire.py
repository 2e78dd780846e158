"""The report is good for any questionnaire: eight questions, other scales, deep trees, no answers, no possible plan."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assessment.results import Facts, Result, make_result
from questionnaires.answers import Answers, AnswerValue
from questionnaires.library import Definition
from questionnaires.loader import load_definition
from questionnaires.pseudo import pseudo
from reports.firm.build import build_firm_report
from reports.firm.document import render_firm_html
from reports.firm.view import FirmReport
from scoring.gaps import Target
from scoring.roadmap import Infeasible, Roadmap
from tests.factories import tiny
from tests.reports.sample import sample_result
from tests.scoring.building import answer, build, dimension, question

PUBLISHED = Path(__file__).parents[2] / "scoring" / "published"
LADDER = {"levels": ["None.", "Some.", "All."]}
THIRDS = {"bins": [{"id": "low", "title": "Low", "from": 0}, {"id": "high", "title": "High", "from": 50}]}


def result_of(questionnaire: Any, answers: Answers, **given: Any) -> Result:
    return make_result(Definition(questionnaire), answers, **given)


def eight(**given: Any) -> Result:
    asked = [question(f"one.{n}", **LADDER) for n in range(8)]
    levels: dict[str, AnswerValue] = {f"one.{n}": n % 3 for n in range(8)}
    scale = {"scale": {"min": 0, "max": 100}, "profiles": THIRDS}
    return result_of(build([dimension("one", *asked)], **scale), answer(levels), **given)


def some_answers(definition: Definition) -> Answers:
    """Answers of every kind, some not known."""
    found: dict[str, AnswerValue] = {}
    for number, each in enumerate(definition.questionnaire.questions.values()):
        if number % 9 == 5:
            found[each.id] = "unknown"
        elif each.levels is not None:
            found[each.id] = number * 5 % len(each.levels)
        elif each.options is not None:
            found[each.id] = each.options.of[: number % len(each.options.of) + 1]
        elif each.number is not None:
            found[each.id] = each.number.min + (each.number.max - each.number.min) * (number % 5) / 5
    return Answers({}, found)


def test_eight_questions_without_actions_make_a_report_without_a_roadmap() -> None:
    report = build_firm_report(eight(), "en")
    assert report.summary is not None
    # Levels 0, 1, 2, 0, 1, 2, 0, 1 of 0 to 2 on a scale to 100: 350 / 8 = 43.75.
    assert report.summary.headline == "The firm stands at 44 of 100: Low."
    assert [report.plan, report.quick_wins, report.money, report.support] == [None] * 4
    assert [entry.id for entry in report.reading.contents] == [
        "summary", "profile", "factors", "priorities", "certainty", "method", "annex",
    ]  # fmt: skip
    assert "Costs" not in " ".join(report.reading.how)


def test_with_few_dimensions_questions_are_told_as_strengths_and_gaps() -> None:
    summary = build_firm_report(eight(), "en").summary
    assert summary is not None
    assert [point.text for point in summary.strengths.points] == ["one.2?", "one.5?", "one.1?"]
    assert [point.text for point in summary.gaps.points] == ["one.0?", "one.3?", "one.4?"]


def test_a_score_is_never_rounded_into_the_next_profile() -> None:
    just_below = build(
        [dimension("one", question("one.a", number={"min": 0, "max": 100}))],
        scale={"min": 0, "max": 100},
        profiles=THIRDS,
    )
    report = build_firm_report(result_of(just_below, answer({"one.a": 49.8})), "en")
    assert (report.cover.score, report.cover.profile) == ("49.8", "Low")


def test_options_and_numbers_are_told_in_words() -> None:
    answers = answer({"skills.training": 1, "skills.languages": ["MES", "CAD"], "skills.share": 4.2, "machines.1": 2})
    report = build_firm_report(make_result(tiny(), answers), "en")
    rows = {row.id: row for group in report.annex.groups for row in group.rows}
    assert rows["skills.languages"].answer == "MES and CAD"
    assert rows["skills.share"].answer == "4.2\u00a0%"
    assert report.annex.not_asked.startswith("2 questions were not asked")


def test_chosen_options_are_told_in_the_language_of_the_report() -> None:
    answers = answer({"skills.training": 1, "skills.languages": ["MES", "CAD"]})
    report = build_firm_report(make_result(tiny(), answers), "qps")
    rows = {row.id: row for group in report.annex.groups for row in group.rows}
    assert pseudo("MES") in rows["skills.languages"].answer
    assert pseudo("ERP") not in rows["skills.languages"].answer


def test_a_dimension_that_nobody_answered_is_named_and_not_scored() -> None:
    report = build_firm_report(make_result(tiny(), answer({"skills.training": 1})), "en")
    assert report.summary is not None
    assert "No score yet: Technology." in report.summary.finding
    assert report.profile is not None
    assert {row.id: row.today for row in report.profile.rows}["machines"] == "not answered yet"


def test_a_handful_of_answers_is_called_a_first_look() -> None:
    report = build_firm_report(make_result(load_definition("industry4-readiness"), answer({"culture.safety": 2})), "en")
    assert report.summary is not None
    assert report.summary.note == "Only 1 of 62 questions are answered: a first look, not yet a finding."
    assert report.certainty is not None
    assert "and 10 more dimensions." in report.certainty.missing[-1]


def test_a_deep_tree_with_long_names_keeps_its_order_and_depth() -> None:
    node = dimension("leaf", question("a.1", **LADDER), question("a.2", **LADDER))
    for depth in range(6, -1, -1):
        node = dimension(f"level-{depth}", node, title=f"{depth} " + "very long name " * 8)
    report = build_firm_report(result_of(build([node]), answer({"a.1": 1, "a.2": 2})), "en")
    assert report.profile is not None
    assert [row.depth for row in report.profile.rows] == [0, 1, 2, 3, 4, 5, 6, 7, 0]
    assert "very long name" in render_firm_html(report)


def no_answers() -> FirmReport:
    return build_firm_report(make_result(load_definition("industry4-readiness"), Answers()), "en")


def test_no_answers_make_a_kind_page_that_says_what_is_missing() -> None:
    report = no_answers()
    assert report.summary is None
    assert report.profile is None
    assert report.missing is not None
    assert report.missing.title == "Nothing to score yet"
    assert ("Leadership and strategy", "5") in report.missing.rows
    assert report.missing.next_step.startswith("62 questions are waiting.")
    assert (report.cover.score, report.cover.profile) == ("", "")
    assert {row.state for group in report.annex.groups for row in group.rows} == {"unanswered"}


@pytest.mark.parametrize("name", sorted(folder.name for folder in PUBLISHED.iterdir() if folder.is_dir()))
def test_published_methods_of_other_shapes_can_be_reported(name: str) -> None:
    definition = load_definition(PUBLISHED / name)
    report = build_firm_report(make_result(definition, some_answers(definition)), "en")
    assert report.summary is not None
    assert report.summary.headline in render_firm_html(report).replace("&#39;", "'")


def test_a_plan_that_cannot_be_is_refused_in_words_with_a_way_out() -> None:
    impossible = sample_result(budget=1000.0, must=frozenset({"put-one-robot-to-work"}))
    assert isinstance(impossible.roadmap, Infeasible)
    report = build_firm_report(impossible, "en")
    assert report.plan is not None
    assert report.plan.refusal[0] == "No roadmap meets all the wishes that were given."
    assert "Put one robot to work on an unpleasant task" in report.plan.refusal[1]
    assert report.plan.refusal[2].startswith("A roadmap is possible with MYR")
    assert report.plan.phases == ()
    assert report.money is None
    assert report.summary is not None
    assert report.summary.first_steps.points  # the next levels of the first priorities


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Infeasible("phase_budget", ("a",), phase=0, missing=500.0), "MYR\u00a0500 more in the phase 'Quick wins'."),
        (Infeasible("days", ("a",), phase=1, missing=4.0), "with 4 days more in the phase 'Foundation'."),
        (Infeasible("days", ("a",), missing=1.0), "A roadmap is possible with 1 day more."),
        (
            Infeasible("days", ("a",), phase=1, missing=4.0, notes={"days.0": 1.0, "days.1": 4.0}),
            "with 1 day more in the phase 'Quick wins' and 4 days more in the phase 'Foundation'.",
        ),
        (Infeasible("time", ("a",), drop=("a",)), "Or without this as a must"),
        (Infeasible("excluded_prerequisite", ("a",), drop=("a",)), "Allow this, or give up what needs it"),
    ],
)
def test_every_reason_why_no_plan_fits_has_words(result: Result, found: Infeasible, said: str) -> None:
    first = result.definition.actions[0].id
    named = replace(found, actions=(first,), drop=(first,) if found.drop else ())
    plan = build_firm_report(replace(result, roadmap=named), "en").plan
    assert plan is not None
    assert said in " ".join(plan.refusal)


def test_limits_that_no_action_fits_are_named(result: Result) -> None:
    assert isinstance(result.roadmap, Roadmap)
    nothing = replace(result.roadmap, actions=())
    report = build_firm_report(replace(result, roadmap=nothing), "en")
    assert report.plan is not None
    assert report.plan.refusal == ("No action fits within the limits that were given.",)
    assert report.money is None


def test_without_a_budget_the_report_shows_what_a_budget_buys() -> None:
    report = build_firm_report(sample_result(budget=None), "en")
    assert report.money is not None
    assert report.money.frontier_finding.startswith("What a budget buys: MYR")
    shares = [row.share for row in report.money.frontier]
    assert shares == sorted(shares)
    assert shares[-1] == 100
    assert report.money.more == ""
    assert report.money.total.budget == "no limit"


def test_a_firms_own_target_is_named_as_such() -> None:
    chosen = eight(target=Target(levels={"one.0": 2}))
    report = build_firm_report(chosen, "en")
    assert report.summary is not None
    assert report.summary.numbers[1].label == "target that was set"
    assert report.method.paragraphs[3].value.startswith("The target is the firm's own choice")


def test_a_firm_at_the_top_is_told_to_keep_what_works() -> None:
    levels: dict[str, AnswerValue] = {f"one.{n}": 2 for n in range(8)}
    asked = [question(f"one.{n}", **LADDER) for n in range(8)]
    report = build_firm_report(result_of(build([dimension("one", *asked)]), answer(levels)), "en")
    assert report.summary is not None
    assert report.summary.gaps.points == ()
    assert report.priorities is None
    assert "look after what works" in report.summary.first_steps.empty


def test_a_report_without_facts_names_no_firm_and_no_day() -> None:
    cover = build_firm_report(eight(facts=Facts()), "en").cover
    assert cover.firm == ""
    assert [fact.label for fact in cover.facts] == ["Questionnaire"]
