"""When a question is asked: conditions on the firm's profile and on earlier answers."""

from collections.abc import Iterator
from typing import Any, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from questionnaires.values import Frozen, Id, Number, Text, exactly_one

# For editors: all, any and not stand alone; field and answer need at least one test.
TESTS = ("in", "at_least", "at_most", "includes")
CONDITION_FORM: dict[str, Any] = {
    **exactly_one("all", "any", "not", "field", "answer"),
    "if": {"anyOf": [{"required": ["field"]}, {"required": ["answer"]}]},
    "then": {"anyOf": [{"required": [test]} for test in TESTS]},
    "else": {"not": {"anyOf": [{"required": [test]} for test in TESTS]}},
}


class Condition(Frozen):
    """When a question is asked: all | any | not of conditions, or one statement on a field or an answer.

    A statement on something that is not answered is not met (so `not` of it is).
    """

    model_config = ConfigDict(json_schema_extra=CONDITION_FORM)

    all: tuple["Condition", ...] | None = Field(default=None, min_length=1, description="Every one of these is met.")
    any: tuple["Condition", ...] | None = Field(default=None, min_length=1, description="At least one of these is met.")
    not_: "Condition | None" = Field(default=None, alias="not", description="This one is not met.")
    field: Id | None = Field(default=None, description="The field of the firm's profile that is looked at.")
    answer: Id | None = Field(default=None, description="The question whose answer is looked at.")
    in_: tuple[Text, ...] | None = Field(
        default=None,
        alias="in",
        min_length=1,
        description="The field is one of these choices, or any of these options is chosen.",
    )
    at_least: Number | None = Field(
        default=None, description="The level (lowest is 0), the number, or the count of chosen options is this or more."
    )
    at_most: Number | None = Field(
        default=None, description="The level (lowest is 0), the number, or the count of chosen options is this or less."
    )
    includes: Text | None = Field(default=None, description="The answer (choose many) holds this option.")

    @model_validator(mode="after")
    def says_one_thing(self) -> Self:
        heads = [n for n in ("all", "any", "not_", "field", "answer") if getattr(self, n) is not None]
        if len(heads) != 1:
            raise PydanticCustomError(
                "condition-form", "a condition has exactly one of 'all', 'any', 'not', 'field', 'answer'"
            )
        tests = [n for n in ("in_", "at_least", "at_most", "includes") if getattr(self, n) is not None]
        if heads[0] in ("field", "answer") and not tests:
            raise PydanticCustomError("condition-form", "say what is tested: 'in', 'at_least', 'at_most' or 'includes'")
        if heads[0] not in ("field", "answer") and tests:
            raise PydanticCustomError(
                "condition-form", "'all', 'any' and 'not' take conditions only; move the test into one of them"
            )
        return self

    def statements(self) -> Iterator["Condition"]:
        """Every statement on a field or an answer in this condition."""
        if self.field is not None or self.answer is not None:
            yield self
        for part in (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ else ())):
            yield from part.statements()
