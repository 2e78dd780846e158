"""The rows of a made-up country: what is written of a made-up firm, its assessments and its case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from assessment import case_states
from assessment.case_events import IMPORTED
from assessment.outcomes import size_of
from assessment.snapshots import SCORING_VERSION, Snapshot, readiness_as_json
from assessment.tables import Programme
from questionnaires.answers import UNKNOWN, Answers, read_answers
from questionnaires.library import SIZES
from questionnaires.schema import Questionnaire
from scoring.columns import DOES_NOT_APPLY, OPEN
from scoring.made_up_answers import Answered
from scoring.made_up_firms import MANUFACTURING, OWNERSHIPS, Integers, Land, MadeUpFirms
from scoring.readiness import readiness
from scoring.size_schemes import Facts

SOURCE = "Made up"
Row = dict[str, Any]


class Rows:
    """Rows of one country in one programme; firms are numbered on from `first_firm`."""

    def __init__(
        self,
        programme: Programme,
        questionnaire: Questionnaire,
        land: Land,
        firms: MadeUpFirms,
        first_firm: int,
        now: datetime,
    ) -> None:
        self.programme, self.questionnaire, self.land, self.firms = programme, questionnaire, land, firms
        self.first_firm, self.now = first_firm, now
        self.texts = _texts(programme.size_scheme, land, firms)
        self.due = {state: case_states.due_on(state, now.date()) for state in case_states.STATES}

    def firm(self, row: int) -> Row:
        texts, firms = self.texts, self.firms
        return {
            "id": self.first_firm + row,
            "name": f"Made-up firm {row + 1}",
            "country": self.programme.country,
            "region": texts["region"][row],
            "isic_section": texts["isic_section"][row],
            "isic_division": texts["isic_division"][row],
            "employees": int(firms.employees[row]),
            "ownership": texts["ownership"][row],
            "founded": int(firms.founded[row]),
            "created_at": self.now,
        }

    def counted(self, industry: int, size: int, region: int, firms: int, employees: int) -> Row:
        code = self.land.industries[industry]
        return {
            "programme_id": self.programme.id,
            "isic_section": code[0],
            "isic_division": code[1:],
            "size": SIZES[size],
            "region": self.land.regions[region],
            "firms": firms,
            "employees": employees,
            "source": SOURCE,
            "as_of": f"{self.now.year}-01-01",
        }

    def assessment(self, id: int, firm: int, verifies: int | None, previous: int | None, at: datetime) -> Row:
        return {
            "id": id,
            "firm_id": self.first_firm + firm,
            "questionnaire_id": self.questionnaire.id,
            "questionnaire_version": self.questionnaire.version,
            "token_sha256": f"made up {id}",  # no token has such a hash: no link leads here
            "state": "submitted",
            "profile": {},
            "created_at": at,
            "verifies_id": verifies,
            "previous_id": previous,
            "submitted_at": at,
            "submitted_by": SOURCE,
            "frozen": None,
            "scores": None,
            "scoring_version": SCORING_VERSION,
        }

    def outcome(self, id: int, firm: int) -> Row:
        texts = self.texts
        return {
            "assessment_id": id,
            "programme_id": self.programme.id,
            "firm_id": self.first_firm + firm,
            "group_id": self.first_firm + int(self.firms.group[firm]),
            "questionnaire": self.questionnaire.reference,
            **{name: column[firm] for name, column in texts.items()},
            "employees": int(self.firms.employees[firm]),
        }

    def case(self, id: int, row: int, call: int, state: str, own: int, found: int) -> Row:
        return {
            "id": id,
            "programme_id": self.programme.id,
            "call_id": call,
            "firm_id": self.first_firm + row,
            "state": state,
            "version": 2,
            "profile": {},
            "verdict": {},
            "assessment_id": own or None,
            "verification_id": found or None,
            "due_on": self.due[state],
            "handed_in_at": self.now if found else None,
            "created_at": self.now,
            "changed_at": self.now,
        }

    def fill(self, rows: Sequence[Row], answered: Answered, whole: frozenset[int]) -> None:
        """Give the firms whose pages can be walked their answers and scores, as if they had submitted them."""
        for row, firm, levels in zip(rows, answered.firms.tolist(), answered.levels, strict=True):
            if firm in whole:
                answers = self._answers(firm, levels.tolist())
                row["profile"] = dict(answers.profile)
                row["frozen"] = Snapshot(answers).as_json()
                if row["verifies_id"] is not None:
                    row["frozen"]["verified"] = sorted(answers.answers)
                row["scores"] = readiness_as_json(readiness(self.questionnaire, answers))

    def _answers(self, firm: int, levels: Sequence[int]) -> Answers:
        given = zip(self.questionnaire.questions, levels, strict=True)
        values = {id: UNKNOWN if level == OPEN else level for id, level in given if level != DOES_NOT_APPLY}
        makes = self.texts["isic_section"][firm] == MANUFACTURING
        known = {
            "sector": "manufacturing" if makes else "services",
            "employees": int(self.firms.employees[firm]),
            "ownership": self.texts["ownership"][firm],
        }
        asked = {field.id for field in self.questionnaire.fields}
        profile = {id: value for id, value in known.items() if id in asked}
        return read_answers(self.questionnaire, {"profile": profile, "answers": values})


def event_of(case: Row, now: datetime) -> Row:
    return {
        "case_id": case["id"],
        "number": case["version"],
        "kind": IMPORTED,
        "state": case["state"],
        "content": {},
        "at": now,
    }


def bytes_of(rows: np.ndarray[Any, Any]) -> list[bytes]:
    """Each row as bytes."""
    whole, width = rows.tobytes(), rows.shape[1] * rows.itemsize
    return [whole[start : start + width] for start in range(0, len(whole), width)]


def _texts(scheme: str, land: Land, firms: MadeUpFirms) -> Mapping[str, list[str]]:
    """What firms have as text, a column each: the strings themselves are shared."""

    def named(names: Sequence[str], indices: Integers) -> list[str]:
        return [names[index] for index in indices.tolist()]

    section = named([code[0] for code in land.industries], firms.industry)
    return {
        "isic_section": section,
        "isic_division": named([code[1:] for code in land.industries], firms.industry),
        "size": [size_of(scheme, facts) for facts in map(_facts, firms.employees.tolist(), section)],
        "region": named(land.regions, firms.region),
        "ownership": named(OWNERSHIPS, firms.owner),
    }


def _facts(employees: int, section: str) -> Facts:
    return Facts(employees=employees, section=section)
