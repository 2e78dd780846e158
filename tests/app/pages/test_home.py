"""The way in, and the choice of language."""

import pytest
from fastapi.testclient import TestClient

from tests.app.walk import start


def test_the_home_page_offers_each_questionnaire_once(client: TestClient) -> None:
    page = client.get("/").text

    assert page.count('href="/start/tiny"') == 1
    assert page.count('href="/start/industry4-readiness"') == 1


def test_the_start_page_says_what_it_asks_of_you(client: TestClient) -> None:
    page = client.get("/start/tiny").text

    for fact in ("12 in 4 sections", "3 of them are the short first pass", "Up to 2 more", "minutes", "in the room"):
        assert fact in page
    for fact in ("What you get", "Every answer is saved", "Who sees your answers", "Apache-2.0", "illustrative"):
        assert fact in page


def test_a_questionnaire_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/start/nothing").status_code == 404
    assert client.post("/start/nothing", data={"firm": "x"}).status_code == 404


def test_a_number_that_does_not_fit_is_shown_again_with_what_was_typed(client: TestClient) -> None:
    answer = client.post("/start/tiny", data={"firm": "Acme", "p.employees": "many"})

    assert answer.status_code == 422
    assert 'value="Acme"' in answer.text
    assert 'value="many"' in answer.text
    assert 'href="#p.employees"' in answer.text


def test_the_language_is_the_browsers_until_one_is_chosen(client: TestClient) -> None:
    assert '<html lang="en"' in client.get("/").text
    assert '<html lang="fr"' in client.get("/", headers={"accept-language": "de-CH, fr-MA;q=0.8"}).text

    chosen = client.post("/language", data={"language": "ar", "next": "/help"}, follow_redirects=False)

    assert chosen.headers["location"] == "/help"
    assert '<html lang="ar" dir="rtl"' in client.get("/help").text


@pytest.mark.parametrize("place", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
                                   "", "evil", "/a\r\nSet-Cookie: x=y", "\\/evil", "/\t/evil.example"])  # fmt: skip
def test_after_choosing_a_language_one_stays_on_this_site(client: TestClient, place: str) -> None:
    answer = client.post("/language", data={"language": "fr", "next": place}, follow_redirects=False)

    assert answer.headers["location"] == "/"
    assert "x" not in answer.cookies


def test_a_language_that_is_not_offered_changes_nothing(client: TestClient) -> None:
    client.post("/language", data={"language": "xx", "next": "/"})

    assert '<html lang="en"' in client.get("/").text


def test_help_is_linked_in_the_same_place_on_every_page(client: TestClient) -> None:
    visit = start(client)

    for path in ("/", "/help", "/start/tiny", visit.link, f"{visit.link}/sections/skills", "/nothing"):
        assert client.get(path).text.index('href="/help"') < client.get(path).text.index("<main")


def test_the_home_page_leads_into_workshops(client: TestClient) -> None:
    page = client.get("/").text

    assert 'href="/j"' in page
    assert 'href="/workshops"' in page
