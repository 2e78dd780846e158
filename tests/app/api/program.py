"""A program that acts for a person by a token."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.database import Database
from assessment import api_tokens, users
from assessment.api_tokens import SCOPES

V1 = "/api/v1"
PROBLEM = "application/problem+json"
PERSON = "aisha@example.org"


def token_for(database: Database, email: str = PERSON, scopes: tuple[str, ...] = SCOPES, days: int = 30) -> str:
    with database.transaction() as session:
        person = users.register(session, email, datetime.now(UTC))
        return api_tokens.make(session, person.id, "a program", scopes, days, datetime.now(UTC))[1]


@dataclass
class Program:
    """It sends its token and nothing that a browser would send."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(V1 + path, headers=_named(headers))

    def send(self, method: str, path: str, content: Any = None, **headers: str) -> Response:
        return self.client.request(method, V1 + path, json=content, headers=_named(headers))

    def post(self, path: str, content: Any = None, **headers: str) -> Response:
        return self.send("POST", path, content, **headers)

    def replace(self, path: str, content: Any, method: str = "PUT") -> Response:
        """Over what is there now."""
        seen = self.get(path).headers["etag"]
        return self.send(method, path, content, if_match=seen)

    def start(self, questionnaire: str = "tiny") -> str:
        """Start an assessment; returns the path of it."""
        reply = self.post("/assessments", {"questionnaire": questionnaire, "firm": "Acme", "country": "MY"})
        assert reply.status_code == 201, reply.text
        return f"/assessments/{reply.json()['number']}"

    def answer(self, path: str, **answers: Any) -> Response:
        operations = [
            {"id": str(uuid4()), "question": name.replace("__", "."), "base": 0, "answer": value}
            for name, value in answers.items()
        ]
        return self.post(f"{path}/answers:batch", {"operations": operations})

    def submit(self, path: str) -> Response:
        answers = self.get(f"{path}/answers").json()["answers"]
        return self.post(f"{path}/submit", {"seen": {each["question"]: each["version"] for each in answers}})


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def program(app: FastAPI, token: str) -> Program:
    return Program(TestClient(app, headers={"authorization": f"Bearer {token}"}, raise_server_exceptions=False))
