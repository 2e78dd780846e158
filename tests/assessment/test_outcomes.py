"""What statistics keep of an assessment: the same whether one is noted or many at once."""

from datetime import UTC, datetime

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from assessment import assessments, outcomes
from assessment.outcomes import Assessed, rows_of, size_of
from assessment.tables import Assessment, Firm, Outcome, Programme
from questionnaires.answers import Answers
from scoring.evaluation import evaluate
from scoring.plan import plan_of
from scoring.roadmap import Wishes
from scoring.sheets import sheet_of
from scoring.size_schemes import Facts
from tests.factories import NOW, answered, started, tiny

VALUES = {"skills__training": 2, "machines__1": 1, "machines__2": "unknown"}


def programme(session: Session) -> Programme:
    made = Programme(
        name="Ready", country="MY", questionnaire_id="tiny", questionnaire_version="1.0.0", size_scheme="sme_corp",
        created_at=NOW, changed_at=NOW, targets={},
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def submitted(session: Session) -> tuple[Assessment, Firm]:
    assessment, _ = started(session)
    firm = session.get_one(Firm, assessment.firm_id)
    firm.isic_division, firm.region, firm.employees, firm.ownership = "13", "MY-10", 80, "local"
    answered(session, assessment, **VALUES)
    assessments.submit(session, assessment, tiny().questionnaire, Wishes(), NOW)
    return assessment, firm


def test_one_assessment_is_noted_with_its_codes_scores_and_levels(session: Session) -> None:
    assessment, firm = submitted(session)
    made = programme(session)
    outcomes.note(session, made, assessment, tiny().questionnaire, firm, NOW)
    outcomes.note(session, made, assessment, tiny().questionnaire, firm, NOW)
    found = session.scalars(select(Outcome)).one()
    assert (found.wave, found.isic_section, found.isic_division) == (NOW.year, "C", "13")
    assert (found.region, found.size, found.ownership, found.is_verified) == ("MY-10", "medium", "local", False)
    assert (found.group_id, found.employees, found.questionnaire) == (firm.id, 80, tiny().questionnaire.reference)
    scores = np.frombuffer(found.scores, dtype="<i2")
    overall = assessment.scores["overall"]["score"] if assessment.scores else None
    assert scores[0] == round(overall * 100)
    plan = plan_of(tiny().questionnaire)
    levels = dict(zip((q.id for q in plan.questions), found.levels, strict=True))
    assert (levels["skills.training"], levels["machines.1"], levels["machines.2"]) == (2, 1, 255)
    assert len(scores) == 1 + len(plan.node_rows)
    outcomes.forget(session, assessment.id)
    assert session.scalars(select(Outcome)).all() == []


def test_many_at_once_are_the_same_rows_as_one_by_one(session: Session) -> None:
    assessment, firm = submitted(session)
    made = programme(session)
    outcomes.note(session, made, assessment, tiny().questionnaire, firm, NOW, verified=True)
    one = session.scalars(select(Outcome)).one()
    plan = plan_of(tiny().questionnaire)
    sheet = sheet_of(plan, [Answers({}, {k.replace("__", "."): v for k, v in VALUES.items()})] * 2)
    codes = (["C"] * 2, ["13"] * 2, ["medium"] * 2, ["MY-10"] * 2, ["local"] * 2, [80] * 2)
    who = Assessed([assessment.id, 2], [firm.id] * 2, [NOW.year] * 2, [True] * 2, *codes)
    rows = rows_of(made.id, plan, sheet, evaluate(plan, sheet), who)
    assert {name: getattr(one, name) for name in rows[0]} == rows[0]
    outcomes.forget(session, assessment.id)
    session.execute(insert(Outcome), rows[:1])


def test_what_an_assessor_found_counts_for_the_year_of_the_firms_own(session: Session) -> None:
    assessment, firm = submitted(session)
    assessment.submitted_at = datetime(2025, 12, 30, tzinfo=UTC)
    verification = Assessment(
        firm_id=firm.id, questionnaire_id="tiny", questionnaire_version="1.0.0", token_sha256="v", created_at=NOW,
        verifies_id=assessment.id, frozen=assessment.frozen, scores=assessment.scores, submitted_at=NOW,
    )  # fmt: skip
    session.add(verification)
    session.flush()
    outcomes.note(session, programme(session), verification, tiny().questionnaire, firm, NOW, verified=True)
    found = session.scalars(select(Outcome)).one()
    assert (found.wave, found.is_verified) == (2025, True)


def test_the_size_is_that_of_the_programmes_scheme() -> None:
    facts = Facts(employees=80, section="C")
    assert [size_of(scheme, facts) for scheme in ("eu", "world_bank", "sme_corp")] == ["medium", "medium", "medium"]
    assert [size_of(s, Facts(employees=30, section="H")) for s in ("eu", "sme_corp")] == ["small", "medium"]
    assert size_of("eu", Facts()) == ""
