"""The results page: as it stands, as submitted, and for a budget."""

import re

import pytest
from fastapi.testclient import TestClient

from app.database import Database
from app.demo import TOKENS, seed
from app.shelf import Shelf
from assessment import access
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
