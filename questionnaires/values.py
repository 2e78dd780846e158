"""The plain values that definitions are made of: texts, numbers, ids, dates."""

from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic_core import PydanticCustomError

ID = r"^[a-z0-9][a-z0-9._-]*$"
QUESTIONNAIRE_ID = r"^[a-z0-9][a-z0-9-]{1,63}$"
VERSION = r"^[0-9]+(\.[0-9]+){0,2}([-+][0-9A-Za-z.-]+)?$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$"


def _real_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("malformed-date", "the calendar has no such day") from None
    return text


def _one(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Text = Annotated[str, Strict(), StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict()]
QuestionnaireId = Annotated[str, Strict(), StringConstraints(pattern=QUESTIONNAIRE_ID)]
Id = Annotated[str, Strict(), StringConstraints(pattern=ID)]
Version = Annotated[str, Strict(), StringConstraints(pattern=VERSION)]
Day = Annotated[str, Strict(), StringConstraints(pattern=DAY), AfterValidator(_real_day)]
Language = Annotated[str, Strict(), StringConstraints(pattern=LANGUAGE)]
Point = tuple[Number, Number]
Authors = Annotated[tuple[Text, ...], BeforeValidator(_one, json_schema_input_type=Text | tuple[Text, ...])]


def exactly_one(*keys: str) -> dict[str, Any]:
    """JSON Schema for 'exactly one of these keys is given'."""
    return {"oneOf": [{"required": [k], "properties": {k: {"not": {"type": "null"}}}} for k in keys]}


class Frozen(BaseModel):
    """A part of a definition: unknown keys are refused, and nothing changes after loading."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
