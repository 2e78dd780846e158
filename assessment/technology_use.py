"""Which technologies a firm uses, by what it says where the questionnaire asks about them.

A technology is in use where the firm is half way up or further (level 3 of six) in any question about it. Questions
differ, and so does what that means.
"""

import numpy as np

from assessment.release_traits import Trait, Traits
from assessment.release_units import Units
from questionnaires.schema import Question, Questionnaire
from scoring.columns import TOP
from scoring.plan import plan_of

NAME = "T"


def in_use_from(question: Question) -> int:
    """The level from which what a question is about counts as used."""
    return len(question.levels or ()) // 2


def asked_about(questionnaire: Questionnaire, technology: str) -> tuple[Question, ...]:
    """The questions with levels that are about a technology."""
    every = questionnaire.questions.values()
    return tuple(question for question in every if technology in question.technologies and question.levels)


def technologies_of(questionnaire: Questionnaire, units: Units) -> Traits:
    """The use of each technology that is asked about; not known where none of its questions is answered."""
    column = {question.id: place for place, question in enumerate(plan_of(questionnaire).questions)}
    traits = []
    for technology in questionnaire.technologies:
        asked = asked_about(questionnaire, technology)
        if asked:
            levels = units.levels[:, [column[question.id] for question in asked]]
            known = levels <= TOP
            used = known & (levels >= np.array([in_use_from(question) for question in asked]))
            values = np.where(known.any(axis=1), used.any(axis=1).astype(np.float64), np.nan)
            traits.append(Trait(f"{NAME}:{technology}", values))
    return Traits(NAME, tuple(traits))
