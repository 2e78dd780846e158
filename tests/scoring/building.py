"""Small questionnaires for tests, from as few words as possible."""

from typing import Any

from questionnaires.answers import Answers
from questionnaires.schema import Questionnaire

YES_NO = {"levels": ["No.", "Yes."]}


def build(dimensions: list[dict[str, Any]], **given: Any) -> Questionnaire:
    """A questionnaire with these dimensions; anything else can be said by name, and is 0 to 5 and a mean if not."""
    return Questionnaire.model_validate(
        {
            "id": "example",
            "version": "1.0.0",
            "title": "Example",
            "summary": "For a test.",
            "language": "en",
            "source": {"name": "Test", "licence": "CC0-1.0", "basis": "illustrative"},
            "scale": {"min": 0, "max": 5},
            "profiles": {"bins": [{"id": "all", "title": "All", "from": given.get("scale", {}).get("min", 0)}]},
            "dimensions": dimensions,
            **given,
        }
    )


def question(id: str, **given: Any) -> dict[str, Any]:
    """A question; without a kind its answer is the score, from 0 to 5."""
    kind = {} if given.keys() & {"levels", "options", "number"} else {"number": {"min": 0, "max": 5}}
    return {"id": id, "text": f"{id}?", **kind, **given}


def dimension(id: str, *children: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A dimension of questions or of dimensions, whichever is given."""
    kind = "questions" if children and "text" in children[0] else "dimensions"
    return {"id": id, "title": id, kind: list(children), **given}


def answer(answers: dict[str, Any] | None = None, /, **profile: Any) -> Answers:
    """Answers as read at the border."""
    read = {k: tuple(v) if isinstance(v, list) else v for k, v in (answers or {}).items()}
    return Answers(profile=profile, answers=read)
