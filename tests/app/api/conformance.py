"""What the API's description promises, held against a running API by thousands of requests that a tool makes up."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema

from app.database import Database
from app.templating import STATIC
from assessment import api_tokens, users
from assessment.api_tokens import SCOPES

PICTURE = (STATIC / "icon-192.png").read_bytes()
# What fits the description may still not fit the firm: a region of another country, an action of another questionnaire.
CHECKS = {
    "positive_data_acceptance": {"enabled": False},
    # A colleague or a file of an assessment that has just been started is rightly not there.
    "ensure_resource_availability": {"enabled": False},
    "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "415", "422", "428"]},
}


@dataclass
class Tried:
    """How many requests were made, what came back, and what did not keep to the description."""

    statuses: Counter[int] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return sum(self.statuses.values())

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)


def world(app: FastAPI, database: Database) -> tuple[str, list[str]]:
    """A person with a token, an open assessment with something of everything, and a submitted one; their keys."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        person = users.register(session, "aisha@example.org", now, "Aisha")
        _, token = api_tokens.make(session, person.id, "conformance", SCOPES, 30, now)
    client = TestClient(app, headers={"authorization": f"Bearer {token}"})
    keys = [_assessment(client, submitted=submitted) for submitted in (False, True)]
    return token, [*keys, "1", "2"]


def _assessment(client: TestClient, *, submitted: bool) -> str:
    started = client.post("/api/v1/assessments", json={"questionnaire": "tiny", "firm": "Acme", "country": "MY"})
    key = str(started.json()["key"])
    path = f"/api/v1/assessments/{key}"
    operations = [
        {"id": f"00000000-0000-4000-8000-00000000000{n}", "question": question, "base": 0, "answer": 1}
        for n, question in enumerate(("skills.training", "machines.1", "machines.2", "machines.1"))
    ]
    operations[3] |= {"answer": 2}
    client.post(f"{path}/answers:batch", json={"operations": operations[:3]})
    client.post(f"{path}/answers:batch", json={"operations": operations[3:]})
    client.post(f"{path}/respondents", json={"name": "Amina", "sections": ["skills"]})
    client.post(f"{path}/questions/machines.1/evidence", files={"file": ("a.png", PICTURE)})
    if submitted:
        answers = client.get(f"{path}/answers").json()["answers"]
        client.post(f"{path}/submit", json={"seen": {each["question"]: each["version"] for each in answers}})
        assert client.post(f"{path}/reports", json={"language": "en"}).status_code == 201
    return key


def try_out(app: FastAPI, token: str, keys: list[str], examples: int, seconds: int, file: Path) -> Tried:
    """Every phase of the tool: examples, coverage, fuzzing, and sequences of calls that lead to each other."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {"max-examples": examples, "database": "none"},
            "checks": CHECKS,
            # Where a path of any text is all there is to vary, little that does not fit can be made up.
            "suppress-health-check": ["filter_too_much"],
            "max-time": seconds,
        }
    )
    schema: BaseSchema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config)
    schema = schema.exclude(path="/me/token")  # it would end the token of all other requests
    _use_what_is_there(schema, keys)
    tried = Tried()
    for event in from_schema(schema).execute():
        _note(tried, event)
        report(tried, file)
    return tried


def _use_what_is_there(schema: BaseSchema, keys: list[str]) -> None:
    """Most made-up keys and numbers open nothing; let requests that fit the description reach something."""

    @schema.hook
    def map_case(context: Any, case: Any) -> Any:
        meta, parameters = case.meta, case.path_parameters
        if meta is None or meta.generation.mode is not GenerationMode.POSITIVE or not parameters:
            return case
        chance = sum(f"{parameters}{case.query}{case.body}".encode())
        if "key" in parameters and chance % 10:
            parameters["key"] = keys[chance % len(keys)]
        if "number" in parameters and chance % 7:
            parameters["number"] = 1 + chance % 3
        return case


def _note(tried: Tried, event: events.EngineEvent) -> None:
    if isinstance(event, events.NonFatalError):
        tried.errors.append(f"{event.label}: {event.value!r}"[:2000])
    if isinstance(event, events.FatalError):
        tried.errors.append(repr(event.exception)[:2000])
    if not isinstance(event, events.ScenarioFinished):
        return
    for interaction in event.recorder.interactions.values():
        tried.phases[event.phase.value] += 1
        if interaction.response is not None:
            tried.statuses[interaction.response.status_code] += 1
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                tried.failures.append(
                    f"{event.label}: {check.name}: {check.failure_info.failure}"[:1500]
                    + f"\n{check.failure_info.code_sample}"
                )


def report(tried: Tried, file: Path) -> None:
    """For whoever waits for the long run."""
    lines = [f"{tried.cases} requests, {tried.server_errors} with a server error", f"phases {dict(tried.phases)}"]
    lines += [f"{status} {count}" for status, count in sorted(tried.statuses.items())]
    file.write_text("\n".join([*lines, *tried.failures, *tried.errors]) + "\n")
