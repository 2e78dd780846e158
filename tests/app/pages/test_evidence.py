"""Evidence: added, listed, taken home and removed; what others may not see; what is never half stored."""

import errno
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app import artifacts
from app.database import Database
from app.settings import Settings
from assessment import evidence
from assessment.tables import Evidence
from tests.app import sent_files
from tests.app.pages.test_colleagues import ask
from tests.app.walk import Visit, start

QUESTION = "skills.training"


def add(visit: Visit, content: bytes, name: str = "plan.pdf", question: str = QUESTION) -> Response:
    return visit.client.post(
        f"{visit.link}/evidence/{question}",
        data={"form_token": ""},
        files={"file": (name, content)},
        follow_redirects=False,
    )


def kept(settings: Settings) -> list[Path]:
    folder = settings.artifacts / "evidence"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_a_file_is_listed_and_downloaded_as_something_to_save(client: TestClient) -> None:
    visit = start(client)
    assert "No file yet" in visit.get(f"/evidence/{QUESTION}").text
    sent = add(visit, sent_files.pdf(), "خطة التدريب \u202efdp.pdf")

    assert sent.headers["location"] == f"{visit.link}/evidence/{QUESTION}"
    page = visit.get(f"/evidence/{QUESTION}").text
    assert "خطة التدريب fdp.pdf" in page
    assert "Return link" in page
    found = visit.get(f"/evidence/{QUESTION}/1")
    assert found.content == sent_files.pdf()
    assert found.headers["content-type"] == "application/pdf"
    assert found.headers["content-disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''%D8%AE" in found.headers["content-disposition"]
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert f'href="{visit.link}/evidence/{QUESTION}"' in visit.get("/sections/skills").text
    assert "Evidence: 1 file<" in visit.get("/sections/skills/check").text


def test_pictures_come_back_drawn_anew(client: TestClient) -> None:
    visit = start(client)
    add(visit, sent_files.photo(), "C:\\photos\\hall.png")

    found = visit.get(f"/evidence/{QUESTION}/1")
    assert found.headers["content-type"] == "image/jpeg"
    assert 'filename="hall.jpg"' in found.headers["content-disposition"]
    assert b"SECRET" not in found.content


@pytest.mark.parametrize(
    "name", ['a"; filename="evil.html', "a\r\nSet-Cookie: x=1", "../../etc/passwd", ".", "CON:<>|?*"]
)
def test_a_file_name_can_say_nothing_but_a_name(client: TestClient, name: str) -> None:
    visit = start(client)
    add(visit, sent_files.png(), name)

    found = visit.get(f"/evidence/{QUESTION}/1")
    disposition = found.headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[^\"\\/]*\.png\"; filename\*=UTF-8''[\w.%=;~-]+\.png", disposition)
    assert "set-cookie" not in found.headers


def test_names_are_shown_as_text(client: TestClient) -> None:
    visit = start(client)
    add(visit, sent_files.png(), "'><img onerror=alert(1)>{{7*7}}.png")

    assert "<img" not in visit.get(f"/evidence/{QUESTION}").text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (sent_files.SVG, "neither a PDF nor"),
        (sent_files.EPS, "neither a PDF nor"),
        (sent_files.FITS, "neither a PDF nor"),
        (sent_files.zip_file(), "neither a PDF nor"),
        (sent_files.huge_png(), "cannot be opened"),
        (sent_files.photo()[:2000], "cannot be opened"),
        (b"", "Choose a file first"),
        (sent_files.png() + b"\0" * (10 * 1024 * 1024 - 60), "larger than 10 MB"),
    ],
    ids=["svg", "eps", "fits", "zip", "50,000 pixels", "cut jpeg", "empty", "a little too large"],
)
def test_what_is_refused_is_refused_in_words_and_leaves_nothing(
    client: TestClient, settings: Settings, database: Database, content: bytes, said: str
) -> None:
    visit = start(client)
    refused = add(visit, content, "plan.pdf")

    assert refused.status_code == 422
    assert said in refused.text
    assert not kept(settings)
    with database.reader() as session:
        assert not session.scalars(select(Evidence)).all()


def test_a_body_that_is_far_too_large_is_cut_off_and_only_this_route_takes_files(client: TestClient) -> None:
    visit = start(client)

    assert add(visit, b"%PDF-" + b"\0" * (11 * 1024 * 1024)).status_code == 413
    assert visit.post(f"/evidence/{QUESTION}").status_code == 415
    large = {"shown": ["skills.training"], "note.skills.training": "x" * 600_000}
    assert visit.post("/sections/skills", large).status_code == 413
    sent = client.post(f"{visit.link}/sections/skills", files={"file": ("a.png", sent_files.png())})
    assert sent.status_code == 400


def test_several_files_at_once_are_refused(client: TestClient) -> None:
    visit = start(client)
    files = [("file", (f"{n}.png", sent_files.png())) for n in range(1000)]

    assert client.post(f"{visit.link}/evidence/{QUESTION}", files=files).status_code == 400


def test_the_same_content_is_one_file_and_goes_with_its_last_use(client: TestClient, settings: Settings) -> None:
    mine, theirs = start(client), start(client)
    add(mine, sent_files.pdf(), "a.pdf")
    add(mine, sent_files.pdf(), "b.pdf")
    add(mine, sent_files.pdf(), "c.pdf", "machines.1")
    add(theirs, sent_files.pdf(), "d.pdf")
    assert "b.pdf" not in mine.get(f"/evidence/{QUESTION}").text
    assert len(kept(settings)) == 1

    for visit, question, number in ((mine, QUESTION, 1), (mine, "machines.1", 2)):
        assert visit.post(f"/evidence/{question}/{number}/remove").status_code == 303
        assert len(kept(settings)) == 1
    assert theirs.get(f"/evidence/{QUESTION}/3").content == sent_files.pdf()
    theirs.post(f"/evidence/{QUESTION}/3/remove")
    assert not kept(settings)


def test_a_removed_file_is_gone_and_its_row_says_when(client: TestClient, database: Database) -> None:
    visit = start(client)
    add(visit, sent_files.png(), "plan.png")
    visit.post(f"/evidence/{QUESTION}/1/remove")

    assert visit.get(f"/evidence/{QUESTION}/1").status_code == 404
    assert visit.post(f"/evidence/{QUESTION}/1/remove").status_code == 404
    assert "No file yet" in visit.get(f"/evidence/{QUESTION}").text
    with database.reader() as session:
        assert session.scalars(select(Evidence.removed_at)).one() is not None


def test_adding_and_removing_the_same_content_at_once_never_leaves_a_row_without_its_file(
    client: TestClient, settings: Settings, database: Database
) -> None:
    visit = start(client)

    def add_or_remove(number: int) -> None:
        if number % 2:
            add(visit, sent_files.pdf(), "a.pdf", f"machines.{1 + number % 3}")
            return
        with database.reader() as session:
            rows = session.execute(select(Evidence.question_id, Evidence.id)).all()
        for question, row in rows[-2:]:
            visit.post(f"/evidence/{question}/{row}/remove")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(add_or_remove, range(24)))

    with database.reader() as session:
        needed = set(session.scalars(select(Evidence.content_sha256).where(Evidence.removed_at.is_(None))))
    assert needed <= {file.name for file in kept(settings)}


@pytest.mark.parametrize("question", ["machines.1", "nothing.here"])
def test_a_colleague_reaches_only_files_of_their_questions(client: TestClient, question: str) -> None:
    visit = start(client)
    add(visit, sent_files.png(), "a.png", "machines.1")
    add(visit, sent_files.pdf(), "b.pdf")
    colleague = ask(visit, "Amina", "skills")

    assert colleague.get(f"/evidence/{question}").status_code == 404
    assert colleague.get(f"/evidence/{question}/1").status_code == 404
    assert colleague.get(f"/evidence/{QUESTION}/1").status_code == 404  # the number of a file of another question
    assert colleague.post(f"/evidence/{question}/1/remove").status_code == 404
    assert add(colleague, sent_files.png(), question=question).status_code == 404
    assert colleague.get(f"/evidence/{QUESTION}/2").status_code == 200


def test_files_of_another_assessment_are_not_there(client: TestClient) -> None:
    theirs, mine = start(client), start(client)
    add(theirs, sent_files.png(), "a.png")

    assert mine.get(f"/evidence/{QUESTION}/1").status_code == 404
    assert mine.post(f"/evidence/{QUESTION}/1/remove").status_code == 404
    assert Visit(client, f"/a/{'x' * 32}").get(f"/evidence/{QUESTION}").status_code == 404


def test_after_the_submission_evidence_can_be_read_and_no_longer_changed(client: TestClient) -> None:
    visit = start(client)
    visit.answer("skills", skills__training="1")
    add(visit, sent_files.png(), "a.png")
    visit.submit()

    assert visit.get(f"/evidence/{QUESTION}/1").status_code == 200
    assert add(visit, sent_files.pdf()).status_code == 409
    assert visit.post(f"/evidence/{QUESTION}/1/remove").status_code == 409


def test_a_question_takes_twenty_files(client: TestClient, database: Database) -> None:
    visit = start(client)
    for number in range(evidence.MOST_FILES):
        assert add(visit, sent_files.pdf(number + 1)).status_code == 303
    refused = add(visit, sent_files.png())

    assert refused.status_code == 409
    assert "20 files at this question already" in refused.text
    assert "Send the file" not in visit.get(f"/evidence/{QUESTION}").text


def test_a_full_disk_is_said_and_leaves_nothing_half_stored(
    client: TestClient, settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = start(client)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(artifacts.os, "fsync", full)
        refused = add(visit, sent_files.png())

    assert refused.status_code == 503
    assert "no room for files at the moment" in refused.text
    assert not kept(settings)
    with database.reader() as session:
        assert not session.scalars(select(Evidence)).all()
    assert add(visit, sent_files.png()).status_code == 303


def test_a_form_without_proof_of_where_it_comes_from_is_refused(client: TestClient) -> None:
    visit = start(client)
    visit.get()
    del client.headers["origin"]

    assert add(visit, sent_files.png()).status_code == 403
