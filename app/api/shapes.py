"""What all routes of the API have in common: the types of texts and numbers, refusals, and lists page by page."""

from typing import Annotated, Generic, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
LARGEST_ID = 2**31 - 1  # what an INTEGER holds on every database
MOST_ROWS = 200
NO_CONTROLS = r"^[^\u0000-\u001f\u007f-\u009f]*$"
LINES_TOO = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"

Line = Annotated[str, Field(max_length=200, pattern=NO_CONTROLS)]
Note = Annotated[str, Field(max_length=2000, pattern=LINES_TOO)]
Name = Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9._~-]*$")]  # of a question, a section, an action
Code = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9-]*$")]
Whole = Annotated[int, Field(ge=0, le=LARGEST_ID)]
Number = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The number of it.")]
Key = Annotated[
    str,
    Path(
        max_length=200,
        description="The number of the assessment, or the secret of its return link or of a colleague's link.",
    ),
]
After = Annotated[int, Query(ge=0, le=LARGEST_ID, description="The last number of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="How many at most.")]


class Body(BaseModel):
    """What is sent: no field that is not named, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Reply(BaseModel):
    """What is given."""

    model_config = ConfigDict(from_attributes=True)


class Page(Reply, Generic[T]):
    """Some of a list, in the order of their numbers; the header Link with rel="next" leads to the following."""

    items: list[T]


class Misfit(Reply):
    """What does not fit, and where: such as `body/operations/0/base`."""

    place: str
    detail: str


class Problem(Reply):
    """Why something was refused (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str = Field(description="What to do, in the language of the header Accept-Language.")
    problems: list[Misfit] | None = None
