"""The pages of a release: its tables by address, who may read them, its files, and what has changed."""

import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app import artifacts
from app.database import Database
from app.explorer_query import NAMES, Query
from app.settings import Settings
from assessment.case_states import ANALYST, ASSESSOR, OFFICER
from assessment.tables import Programme, ProgrammeMember, Release
from reports.release.cube import FIGURES, GROUPS, SIDES
from tests.people import sign_in
from tests.reports.release.sample import HARM, sample

NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)


def released(database: Database, settings: Settings, folder: Path, state: str = "published", seed: int = 1) -> Release:
    """A release of the sample, in the database and among the artefacts."""
    cube = sample(folder, seed)
    sha256 = artifacts.store(settings.artifacts, cube.path.read_bytes())
    with database.transaction() as session:
        programme = Programme(
            name="Ready & able", country="MY", questionnaire_id="tiny", questionnaire_version="1.0", created_at=NOW,
            changed_at=NOW, state="open",
        )  # fmt: skip
        session.add(programme)
        session.flush()
        release = Release(
            programme_id=programme.id, number=3, title="Readiness 2026", state=state, manifest=dict(cube.manifest),
            cube_sha256=sha256, requested_at=NOW, made_at=NOW,
        )  # fmt: skip
        session.add(release)
    return release


@pytest.fixture
def release(database: Database, settings: Settings, tmp_path: Path) -> Release:
    return released(database, settings, tmp_path)


def add_file(database: Database, settings: Settings, release: Release, name: str, content: bytes) -> str:
    sha256 = artifacts.store(settings.artifacts, content)
    with database.transaction() as session:
        row = session.get_one(Release, release.id)
        row.files = {**row.files, name: {"sha256": sha256, "size": len(content)}}
    return sha256


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_published_release_shows_a_table_to_anybody(client: TestClient, release: Release) -> None:
    page = client.get(f"/releases/{release.id}")

    assert page.status_code == 200
    assert "Overall readiness – Industry section" in page.text
    assert re.search(r'<th scope="row">.*Manufacturing', page.text)
    assert '<th scope="col">Industry section</th>' in page.text
    assert "Groups, not ranks" not in page.text


def test_the_address_is_the_query_and_has_one_spelling(client: TestClient, release: Release) -> None:
    link = f"/releases/{release.id}"

    same = client.get(f"{link}?columns=size&rows=region&sort=&wave=2026&size=small&x=1", follow_redirects=False)

    assert same.status_code == 303
    assert same.headers["location"] == f"{link}?rows=region&columns=size"
    assert client.get(same.headers["location"], follow_redirects=False).status_code == 200
    assert client.get(f"{link}?rows=section", follow_redirects=False).headers["location"] == link


def test_a_heat_map_of_industries_and_dimensions_has_figure_interval_and_firms_in_each_cell(
    client: TestClient, release: Release, tmp_path: Path
) -> None:
    page = client.get(f"/releases/{release.id}?rows=division&columns=dimension").text

    table = sample(tmp_path).table("division", "dimension")
    body = re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", page, re.S)
    assert len(body) == len(table.rows)
    for place, row in enumerate(body):
        cells = re.findall(r"<td class=\"(\w+)\">(.*?)</td>", row, re.S)
        for column, (kind, content) in enumerate(cells):
            if table.status[place, column] == "C":
                assert kind == "held"
                assert not re.search(r"\d", content)
            else:
                assert f"<b>{table.values[place, column]:.1f}</b>" in content
                assert (
                    f"{table.figures['low'][place, column]:.1f}–{table.figures['high'][place, column]:.1f}" in content
                )
                assert f"<small>n {table.n[place, column]:.0f}</small>" in content
    assert "Held back: fewer than 10 firms" in page


def test_shares_have_a_column_for_each_level(client: TestClient, release: Release) -> None:
    page = client.get(f"/releases/{release.id}?indicator=Q:skills.training")

    assert page.status_code == 200
    heads = re.findall(r'<th scope="col" class="n">(.*?)</th>', page.text)
    assert heads == ["Level 0", "Level 1", "Level 2", "Level 3", "Firms"]
    assert "<b>30%</b>" in page.text


def test_rows_are_sorted_into_groups_and_never_ranked(client: TestClient, release: Release, tmp_path: Path) -> None:
    page = client.get(f"/releases/{release.id}?rows=size&sort=high").text

    table = sample(tmp_path).table("size")
    names = [name.lower() for name in re.findall(r'<th scope="row">(\w+)</th>', page)]
    shown = [place for place in range(len(table.rows)) if table.status[place, 0] == "F" and table.rows[place] != "_T"]
    by_figure = sorted(shown, key=lambda place: -table.values[place, 0])
    assert names[: len(shown)] == [table.rows[place] for place in by_figure]
    heads = page.count('scope="rowgroup"')
    firsts, groups = by_figure[0], 1
    for place in by_figure[1:]:
        if table.figures["high"][place, 0] < table.figures["low"][firsts, 0]:
            firsts, groups = place, groups + 1
    assert heads == groups
    assert "Groups, not ranks" in page


def test_what_is_not_there_to_choose_is_told_with_the_nearest_table(client: TestClient, release: Release) -> None:
    page = client.get(f"/releases/{release.id}?rows=nonsense&columns=size&region=XX-99")

    assert page.status_code == 422
    assert "This release has no nonsense to choose as Rows." in text_of(page.text)
    assert "This release has no XX-99 to choose as Region." in text_of(page.text)
    assert "Industry section × Size" in page.text


def test_a_crossing_that_the_release_does_not_hold_leads_to_the_nearest_it_does(
    client: TestClient, release: Release
) -> None:
    page = client.get(f"/releases/{release.id}?rows=ownership&columns=size&region=MY-01")

    assert page.status_code == 404
    assert "does not hold this table" in page.text
    link = re.search(r'href="([^"]+)">The nearest table', page.text)
    assert link is not None
    assert link[1] == f"/releases/{release.id}?rows=ownership"
    assert client.get(link[1]).status_code == 200
    assert "etag" not in page.headers


def test_the_divisions_of_a_section_are_one_link_away(client: TestClient, release: Release) -> None:
    page = client.get(f"/releases/{release.id}").text

    link = f"/releases/{release.id}?rows=division&amp;industry=C"
    assert link in page
    inner = client.get(link.replace("&amp;", "&")).text
    assert re.findall(r'<th scope="row">([^<]+)</th>', inner) == [
        "C Manufacturing", "C10 Manufacture of food products", "C13 Manufacture of textiles",
    ]  # fmt: skip


def test_a_name_that_is_meant_to_hurt_is_a_text(client: TestClient, release: Release) -> None:
    page = client.get(f"/releases/{release.id}?rows=region").text

    assert HARM not in page
    assert "=HYPERLINK(&#34;" in page
    file = client.get(f"/releases/{release.id}/table.csv?rows=region")
    assert file.content.startswith(b"\xef\xbb\xbf")
    assert "\"'=HYPERLINK(" in file.text


def test_a_release_that_is_not_published_is_for_officers(
    client: TestClient, database: Database, settings: Settings, tmp_path: Path
) -> None:
    release = released(database, settings, tmp_path, "made")
    add_file(database, settings, release, "tables-en.csv", b"x")
    paths = [
        f"/releases/{release.id}{part}" for part in ("", "/about", "/differences", "/table.csv", "/files/tables-en.csv")
    ]

    assert {client.get(path).status_code for path in paths} == {404}
    user = sign_in(client, database)
    assert {client.get(path).status_code for path in paths} == {404}
    for role in (ASSESSOR, ANALYST):
        with database.transaction() as session:
            session.add(ProgrammeMember(programme_id=release.programme_id, user_id=user, role=role, added_at=NOW))
        assert {client.get(path).status_code for path in paths} == {404}
    with database.transaction() as session:
        session.add(ProgrammeMember(programme_id=release.programme_id, user_id=user, role=OFFICER, added_at=NOW))
    assert {client.get(path).status_code for path in paths} == {200}
    assert "Not published" in client.get(paths[0]).text
    assert "immutable" not in client.get(paths[-1]).headers["cache-control"]


@pytest.mark.parametrize("state", ["queued", "making", "refused", "failed"])
def test_a_release_that_is_not_made_is_not_there(
    client: TestClient, database: Database, settings: Settings, tmp_path: Path, state: str
) -> None:
    release = released(database, settings, tmp_path, state)
    user = sign_in(client, database)
    with database.transaction() as session:
        session.add(ProgrammeMember(programme_id=release.programme_id, user_id=user, role=OFFICER, added_at=NOW))

    assert client.get(f"/releases/{release.id}").status_code == 404
    assert client.get("/releases/4711").status_code == 404
    assert client.get("/releases/x").status_code == 404


def test_a_browser_that_has_the_page_is_not_sent_it_again(client: TestClient, release: Release) -> None:
    client.get("/")
    first = client.get(f"/releases/{release.id}")
    tag = first.headers["etag"]

    again = client.get(f"/releases/{release.id}", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"/releases/{release.id}?rows=size", headers={"if-none-match": tag}).status_code == 200
    assert client.head(f"/releases/{release.id}").status_code == 200
    client.cookies.set("language", "fr")
    assert client.get(f"/releases/{release.id}", headers={"if-none-match": tag}).status_code == 200


def test_files_are_kept_for_ever_under_their_hash(
    client: TestClient, database: Database, settings: Settings, release: Release
) -> None:
    sha256 = add_file(database, settings, release, "tables-en.csv", b"a,b\r\n")
    link = f"/releases/{release.id}/files/tables-en.csv"

    found = client.get(link)

    assert found.content == b"a,b\r\n"
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    assert found.headers["etag"] == f'"{sha256}"'
    assert "immutable" in found.headers["cache-control"]
    assert "attachment" in found.headers["content-disposition"]
    head = client.head(link)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "5")
    assert client.get(link, headers={"if-none-match": f'"{sha256}"'}).status_code == 304
    assert client.get(f"/releases/{release.id}/files/other.csv").status_code == 404


def test_the_release_tells_of_itself_and_never_of_secret_rules(
    client: TestClient, database: Database, settings: Settings, release: Release
) -> None:
    add_file(database, settings, release, "tables-fr.csv", b"x" * 2_500_000)
    add_file(database, settings, release, "kept.bin", b"x")

    page = client.get(f"/releases/{release.id}/about")
    text = text_of(page.text)

    assert page.status_code == 200
    expected = [
        "at least 10, counted as enterprise groups", "CC BY 4.0", release.cube_sha256, "2.5 MB", "Français", "SHA-256",
        "about 400", f"http://testserver/releases/{release.id}", "Business register", "10%", ":c", "280",
    ]  # fmt: skip
    for said in expected:
        assert str(said) in text
    assert "kept.bin" not in text


def test_changes_since_the_last_release_are_listed(
    client: TestClient, database: Database, settings: Settings, release: Release
) -> None:
    assert "no earlier release" in client.get(f"/releases/{release.id}/differences").text
    change: dict[str, Any] = {
        "wave": "2026", "industry": "C13", "size": "_T", "region": "_T", "ownership": "_T", "basis": "_T",
        "indicator": "overall", "change": "figure", "figures": ["mean"],
        "n_before": 20, "n_after": 20, "mean_before": 1.0, "mean_after": 2.5,
    }  # fmt: skip
    told = {"previous": 2, "counts": {"figure": 1}, "first": [change]}
    add_file(database, settings, release, "differences.json", json.dumps(told).encode())

    page = text_of(client.get(f"/releases/{release.id}/differences").text)

    assert "Compared with release 2" in page
    assert "C13 Manufacture of textiles" in page
    assert "1.0 → 2.5" in page


def test_two_hundred_addresses_are_tables_or_clearly_refused(client: TestClient, release: Release) -> None:
    chance = random.Random(5)
    values = {
        "rows": [*SIDES, "nonsense", "__class__"],
        "columns": [*SIDES, "", "'; --"],
        "figure": [*FIGURES, "max"],
        "indicator": ["overall", "D:process", "Q:skills.training", "profile", "D:none", "<b>"],
        "wave": ["2025", "2026", "1999", ""],
        "industry": ["_T", "C", "C10", "G46", "Z"],
        "size": ["_T", "small", "huge"],
        "region": ["_T", "MY-01", "_U", "MY-99"],
        "ownership": ["_T", "local", "x"],
        "basis": ["_T", "self", "x"],
        "sort": ["", "name", "high", "low", "rank"],
    }
    assert set(values) == set(NAMES)
    seen: dict[int, int] = {}
    for _ in range(200):
        names = chance.sample(NAMES, chance.randint(1, 5))
        page = client.get(f"/releases/{release.id}", params=[(name, chance.choice(values[name])) for name in names])
        seen[page.status_code] = seen.get(page.status_code, 0) + 1
        assert page.status_code in (200, 404, 422), page.url
        if page.status_code == 422:
            assert 'class="notice"' in page.text
        if page.status_code == 404:
            link = re.search(r'href="([^"]+)">The nearest table', page.text)
            assert link is not None
            assert client.get(link[1].replace("&amp;", "&")).status_code == 200
        else:
            assert '<th scope="row">' in page.text
        assert "&lt;b&gt;" in page.text or "<b>" not in str(page.url)
    assert min(seen.get(code, 0) for code in (200, 404, 422)) >= 10, seen


def test_a_query_is_written_in_one_order_without_what_goes_without_saying() -> None:
    query = Query("region", "size", "median", "D:x", "2025", (("industry", "C"), ("basis", "self")), "high")

    names = [name for name, _ in query.pairs()]
    assert names == [name for name in NAMES if name in names]
    assert query.address("/r") == (
        "/r?rows=region&columns=size&figure=median&indicator=D:x&wave=2025&industry=C&basis=self&sort=high"
    )
    assert Query().address("/r") == "/r"
    assert set(GROUPS) < set(NAMES)
