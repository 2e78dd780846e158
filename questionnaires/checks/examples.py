"""Checks of examples: their answers can be given, and what they expect can be scored."""

from collections.abc import Iterator

from questionnaires.answers import answer_problems
from questionnaires.checks.parts import Found, Parts
from questionnaires.wording import did_you_mean, shown


def example_answers(parts: Parts) -> Iterator[Found]:
    """An example gives an answer that the questionnaire does not offer."""
    for number, example in enumerate(parts.examples):
        data = {"profile": example.profile, "answers": example.answers}
        for place, message in answer_problems(parts.questionnaire, data):
            yield Found((number, *place), message, "examples", str(place[-1]) if place else "")


def example_expectation(parts: Parts) -> Iterator[Found]:
    """An example expects a score of something that is not scored, or a score that cannot come out."""
    questionnaire = parts.questionnaire
    known = {"overall", "profile", *questionnaire.nodes, *questionnaire.questions}
    profiles = [bin.id for bin in questionnaire.profiles.bins]
    scale = questionnaire.scale
    for number, example in enumerate(parts.examples):
        for key, value in example.expect.items():
            place = (number, "expect", key)
            if key not in known:
                message = f"nothing is called '{key}'{did_you_mean(key, known)}"
                yield Found(place, f"{message}; expect overall, profile, a dimension or a question", "examples")
            elif key == "profile":
                if value is not None and value not in profiles:
                    yield Found(place, f"there is no profile {shown(value)}{did_you_mean(value, profiles)}", "examples")
            elif value is not None and (isinstance(value, str) or not scale.min <= value <= scale.max):
                given = shown(value) if isinstance(value, str) else f"{value:g}"
                message = f"{given} is not a score; give a number from {scale.min:g} to {scale.max:g}, or null"
                yield Found(place, message, "examples")
