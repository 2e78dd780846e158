"""A visitor without JavaScript: reads pages, fills forms by their labels' names, and follows what the page offers."""

import re
from dataclasses import dataclass

from fastapi.testclient import TestClient
from httpx2 import Response

CORE = {"a.skills.training": "2", "a.skills.languages": ["0", "2"], "a.machines.1": "1"}


@dataclass
class Visit:
    """One assessment in one browser."""

    client: TestClient
    link: str

    def get(self, path: str = "") -> Response:
        return self.client.get(self.link + path)

    def post(self, path: str, data: dict[str, object] | None = None, **more: object) -> Response:
        return self.client.post(self.link + path, data=data or {"form_token": ""}, follow_redirects=False, **more)

    def answer(self, section: str, **answers: object) -> Response:
        """Send a section's form with every question it shows, answers given as question__id=value."""
        page = self.get(f"/sections/{section}")
        given = {f"a.{k.replace('__', '.')}": v for k, v in answers.items()}
        return self.post(f"/sections/{section}", {"shown": shown_on(page), **given})

    def submit(self) -> Response:
        return self.post("/submit")


def shown_on(page: Response) -> list[str]:
    return re.findall(r'name="shown" value="([^"]+)"', page.text)


def start(client: TestClient, **fields: object) -> Visit:
    answer = client.post("/start/tiny", data={"firm": "Acme", **fields}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return Visit(client, answer.headers["location"].partition("?")[0])


def finished(client: TestClient) -> Visit:
    """An assessment that is submitted with a mixed profile."""
    visit = start(client)
    visit.answer("skills", skills__training="2", skills__languages=["0", "1"])
    visit.answer("machines~1", machines__1="1", machines__2="0", machines__3="unknown")
    assert visit.submit().status_code == 303
    return visit
