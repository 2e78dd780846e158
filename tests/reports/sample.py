"""Sample results for the tests of reports: a food maker on the shipped questionnaire, with its roadmap."""

from typing import Any

from assessment.results import Facts, Result, make_result, wishes_for
from questionnaires.answers import Answers, AnswerValue
from questionnaires.library import Definition
from questionnaires.loader import load_definition

PEOPLE_FIRST = {"people": 2, "process": 1, "technology": 0}


def sample_answers(definition: Definition) -> Answers:
    """Stronger in people than in technology; some unknown, one not applicable, one dimension half open."""
    answers: dict[str, AnswerValue] = {}
    questionnaire = definition.questionnaire
    for number, question in enumerate(questionnaire.questions.values()):
        if question.applies_if is not None or question.levels is None:
            continue
        base = PEOPLE_FIRST.get(questionnaire.factor_of[question.id].id, 1)
        answers[question.id] = min(len(question.levels) - 1, max(0, base + (number * 7 % 4) - 1))
    answers |= {"data.learning": "unknown", "design.additive": "not_applicable", "security.plant": "unknown"}
    for left in ("resources.emissions", "resources.materials"):
        answers.pop(left, None)
    profile = {"sector": "manufacturing", "branch": "food", "employees": 84.0, "turnover": "small"}
    return Answers(profile, {key: value for key, value in answers.items() if key in questionnaire.questions})


def sample_result(reference: str = "industry4-readiness", **wanted: Any) -> Result:
    """A whole result for a food maker in Malaysia, with MYR 400,000 unless `wanted` says otherwise."""
    definition = load_definition(reference)
    answers = sample_answers(definition)
    wishes = wishes_for(definition, answers.profile, **{"budget": 400_000.0, "currency": "MYR", **wanted})
    notes = {"planning.orders": "Orders are in the book on the wall; Aisha types them on Fridays."}
    facts = Facts("Sample Foods Sdn Bhd", "MY", "2026-11-22", ("Plant manager", "Head of finance"), "A7F3-9K2M", notes)
    return make_result(definition, answers, facts=facts, wishes=wishes)
