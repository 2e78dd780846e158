"""The results page: as it stands, as submitted, and for a budget."""

import re

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.demo import TOKENS, seed
from app.pace import Pace, PlansTooFast
from app.shelf import Shelf
from assessment import access
from assessment.tables import Assessment
from tests.app.walk import Visit, finished, start


@pytest.fixture
def firm(client: TestClient, database: Database) -> Visit:
    """A firm of the demo, with actions to choose from."""
    seed(database, Shelf().newest_of("industry4-readiness"))
    return Visit(client, f"/a/{TOKENS['done']}")


def budgeted(visit: Visit, **query: str) -> str:
    return visit.client.get(f"{visit.link}/results", params=query).text


def planned(page: str) -> int:
    """How many actions the plan holds in all: the last row of the table of costs."""
    totals = re.findall(r'<tr role="row" class="total">.*?</tr>', page)
    found = [match for row in totals if (match := re.search(r'data-label="Actions">(\d+)<', row))]
    return int(found[-1][1])


def test_before_submission_the_results_say_that_they_are_not_final(client: TestClient) -> None:
    visit = start(client)
    assert client.get(f"{visit.link}/results", follow_redirects=False).status_code == 303

    visit.answer("~people", skills__training="2", skills__languages=["0"])
    page = visit.get("/results").text

    assert "2 of 13 questions answered, not submitted yet" in page
    assert "The report for your board" not in page


def test_submitted_results_show_score_interval_coverage_and_what_to_do(client: TestClient) -> None:
    page = finished(client).get("/results").text

    assert re.search(r"<h1>Acme stands at [\d.]+ of 5", page)
    assert 'class="dumbbell"' in page
    assert "Interval" in page
    assert "not submitted yet" not in page


def test_a_budget_makes_a_smaller_plan_and_another_currency_other_figures(firm: Visit) -> None:
    as_submitted, small = budgeted(firm), budgeted(firm, budget="42 000")
    dollars = budgeted(firm, budget="10000", currency="USD")

    assert planned(as_submitted) > planned(small) > 0
    assert planned(dollars) == planned(small)
    assert "MYR" in small
    assert "USD" in dollars
    assert 'value="42 000"' in small


def test_the_submitted_budget_is_filled_in_and_an_emptied_field_lifts_it(firm: Visit) -> None:
    as_submitted, free = budgeted(firm), budgeted(firm, budget="", currency="MYR")

    assert 'name="budget" inputmode="decimal" autocomplete="off" value="800000"' in as_submitted
    assert planned(free) > planned(as_submitted)


@pytest.mark.parametrize("budget", ["abc", "-1", "1e9", "9" * 30, "<script>"])
def test_a_budget_that_does_not_fit_is_said_and_the_plan_stays(firm: Visit, budget: str) -> None:
    page = budgeted(firm, budget=budget)

    assert 'id="budget-problem"' in page
    assert planned(page) == planned(budgeted(firm))
    assert "<script>" not in page


@pytest.mark.parametrize("query", [{"currency": "XXX"}, {"currency": "1;drop"}, {"sort": "1;drop table"}])
def test_a_parameter_that_is_not_offered_changes_nothing(firm: Visit, query: dict[str, str]) -> None:
    answer = firm.client.get(f"{firm.link}/results", params=query)

    assert answer.status_code == 200
    assert planned(answer.text) == planned(budgeted(firm))


def test_submitted_scores_do_not_move_when_scoring_does(firm: Visit, database: Database) -> None:
    with database.transaction() as session:
        stored = access.open_by_link(session, TOKENS["done"])
        assert stored.scores is not None
        stored.scores = {**stored.scores, "overall": {**stored.scores["overall"], "score": 4.4}}

    assert re.search(r"<h1>Golden Paddy Foods stands at 4.4 of 5", budgeted(firm))


def test_the_demo_is_seeded_once(database: Database) -> None:
    definition = Shelf().newest_of("industry4-readiness")
    seed(database, definition)
    seed(database, definition)

    with database.reader() as session:
        states = {key: access.open_by_link(session, token).state for key, token in TOKENS.items()}
    assert states == {"fresh": "open", "half": "open", "done": "submitted"}


def names_in(page: str, wish: str = "") -> list[str]:
    """The actions beside which a wish can be chosen; those for which `wish` is chosen."""
    found = re.findall(r'<select class="wish" form="wishes" name="w\.([^"]+)".*?</select>', page, re.DOTALL)
    if not wish:
        return found
    return re.findall(rf'name="w\.([^"]+)"(?:(?!</select>).)*?<option value="{wish}" selected>', page, re.DOTALL)


def test_an_action_that_must_not_be_done_leaves_the_plan_and_the_page_says_so(firm: Visit) -> None:
    first = names_in(budgeted(firm))[0]
    page = budgeted(firm, **{f"w.{first}": "not"})

    assert "A plan you are trying" in page
    assert re.search(r"<b>\d+ (goes|go) out:</b>", page)
    assert names_in(page, "not") == [first]
    assert "the firm excluded it" in page


def test_an_action_that_was_left_out_is_made_a_must_and_comes_in(firm: Visit) -> None:
    small = budgeted(firm, budget="100000")
    left_out = re.search(r'aria-label="Actions that are left out".*?name="w\.([^"]+)"', small, re.DOTALL)
    assert left_out is not None
    page = budgeted(firm, budget="100000", **{f"w.{left_out[1]}": "must"})

    assert names_in(page, "must") == [left_out[1]]
    assert "wanted in any case" in page or "No roadmap meets all the wishes" in page


def test_wishes_that_cannot_be_met_are_refused_with_the_smallest_change_and_stay_in_their_fields(firm: Visit) -> None:
    first = names_in(budgeted(firm))[-1]
    page = budgeted(firm, budget="1", **{"money.0": "0", f"w.{first}": "must"})

    assert "This cannot be done." in page
    assert "A roadmap is possible with" in page
    assert "Keep this plan" not in page
    assert 'name="money.0" inputmode="decimal" autocomplete="off" value="0"' in page
    assert names_in(page, "must") == [first]


@pytest.mark.parametrize("name", ["money.1", "days.2", "budget"])
def test_an_amount_that_cannot_be_read_is_said_at_its_field_and_nothing_is_lost(firm: Visit, name: str) -> None:
    first = names_in(budgeted(firm))[0]
    page = budgeted(firm, **{name: "a lot", f"w.{first}": "not", "goal": "jobs"})

    assert f'id="{name}-problem"' in page
    assert f'href="#{name}"' in page
    assert 'value="a lot"' in page
    assert names_in(page, "not") == [first]
    assert planned(page) == planned(budgeted(firm))


def test_limits_of_a_phase_and_days_change_the_plan(firm: Visit) -> None:
    free = planned(budgeted(firm))
    assert planned(budgeted(firm, **{"money.0": "0", "money.1": "0", "money.2": "0"})) < free
    assert planned(budgeted(firm, **{"days.0": "10", "days.1": "10", "days.2": "10"})) < free


def test_goals_and_targets_are_taken_up(firm: Visit) -> None:
    page = budgeted(firm, goal="employment", **{"t.people.skills": "4"})

    assert re.search(r'name="goal" value="employment" checked', page)
    assert re.search(r'name="t\.people\.skills">.*?<option selected>4<', page, re.DOTALL)
    assert "A plan you are trying" in page


def keep(firm: Visit, page: str) -> int:
    """Press 'Keep this plan' as the page has it."""
    form = re.search(r'<form method="post" action="[^"]+/plan">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[1])
    data: dict[str, object] = {}
    for name, value in fields:
        data[name] = [*data.get(name, []), value]  # type: ignore[misc]
    return firm.post("/plan", data).status_code


def test_a_plan_is_kept_and_what_was_submitted_stays_as_it_was(firm: Visit, database: Database) -> None:
    before = stored(database)
    tried = budgeted(firm, budget="150000", goal="employment")
    assert keep(firm, tried) == 303
    page, after = budgeted(firm), stored(database)

    assert planned(page) == planned(tried)
    assert 'value="150000"' in page
    assert "This is the plan that was kept:" in page
    assert "A plan you are trying" not in page
    assert after.frozen == before.frozen
    assert (before.plan, (after.plan or {})["wishes"]["budget"]) == (None, 150000.0)


def test_the_plan_as_submitted_can_be_kept_again(firm: Visit, database: Database) -> None:
    keep(firm, budgeted(firm, budget="150000"))
    seen = (stored(database).plan or {})["at"]

    assert firm.post("/plan", {"back": "1", "seen": seen}).status_code == 303
    assert stored(database).plan is None


def test_a_plan_that_another_kept_meanwhile_is_not_replaced(firm: Visit, database: Database) -> None:
    mine, theirs = budgeted(firm, budget="150000"), budgeted(firm, budget="250000")

    assert keep(firm, theirs) == 303
    assert keep(firm, mine) == 409
    assert (stored(database).plan or {})["wishes"]["budget"] == 250000.0


def test_a_plan_that_nobody_has_looked_at_is_shown_before_it_is_kept(firm: Visit, database: Database) -> None:
    answer = firm.post("/plan", {"budget": "77000", "seen": ""})

    assert (answer.status_code, answer.headers["location"]) == (303, f"{firm.link}/results?budget=77000#roadmap")
    assert stored(database).plan is None


def stored(database: Database) -> Assessment:
    with database.reader() as session:
        return access.open_by_link(session, TOKENS["done"])


def test_a_kept_plan_makes_a_report_of_its_own_and_the_old_one_stays(firm: Visit) -> None:
    old = firm.post("/reports", {"language": "en"}).headers["location"]
    keep(firm, budgeted(firm, budget="150000"))
    new = firm.post("/reports", {"language": "en"}).headers["location"]

    assert old != new
    assert firm.client.get(old).status_code == firm.client.get(new).status_code == 200
    assert "MYR\xa0150,000" in firm.get("/results").text


def test_levels_are_tried_beside_today_s_and_nothing_is_saved(firm: Visit, database: Database) -> None:
    before = stored(database).scores
    question = re.search(r'<option value="([a-z.]+:4)">level 4', budgeted(firm))
    assert question is not None
    page = budgeted(firm, **{"if": question[1]})

    assert re.search(r"Overall [\d.]+ instead of [\d.]+", page)
    assert f'<option value="{question[1]}" selected>' in page
    assert planned(page) == planned(budgeted(firm))
    assert stored(database).scores == before


@pytest.mark.parametrize("level", ["no.such:1", "data.learning:99", "data.learning:-1", "data.learning:x", "<b>:1"])
def test_a_level_that_there_is_not_is_left_out_and_said(firm: Visit, level: str) -> None:
    page = budgeted(firm, **{"if": level})

    assert "it was left out" in page
    assert "instead of" not in page


def test_at_most_twenty_levels_are_tried_at_once(firm: Visit) -> None:
    tried = re.findall(r'<option value="([a-z.]+:4)">level 4', budgeted(firm))
    page = firm.client.get(f"{firm.link}/results", params={"if": tried[:21]}).text

    assert len(tried) > 20
    assert "At most 20 questions can be tried at once" in page


def test_each_gap_shows_what_the_next_level_looks_like(firm: Visit) -> None:
    page = budgeted(firm)
    assert page.count("Next level:") == len(re.findall(r'<select name="if"', page)) > 20


def test_plans_are_worked_out_so_often_a_minute_and_the_wishes_stay(firm: Visit) -> None:
    firm.client.app.state.kept.pace = Pace(2, PlansTooFast)  # type: ignore[attr-defined]
    free = planned(budgeted(firm))
    budgeted(firm, budget="100000")
    answer = firm.client.get(f"{firm.link}/results", params={"budget": "110000"})

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 30
    assert "Too many plans were asked for at once" in answer.text
    assert 'value="110000"' in answer.text
    assert planned(answer.text) == free
    assert firm.client.get(f"{firm.link}/results", params={"budget": "100000"}).status_code == 200


def test_a_plan_is_kept_only_of_answers_that_no_longer_change(client: TestClient) -> None:
    visit = start(client)
    visit.answer("~people", skills__training="2", skills__languages=["0"])
    visit.get("/results?budget=100")

    assert visit.post("/plan", {"budget": "100", "seen": ""}).status_code == 409
