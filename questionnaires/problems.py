"""What is wrong with a file, said all at once in words its author understands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MOST = 200  # problems of one kind that are told; an author mends no more at a time


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: where it is, its code, and what to do. `line` counts from 1; 0 is the whole file."""

    file: str
    line: int
    code: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.code} {self.message}"


class Refused(Exception):
    """Something cannot be done as asked; the message is fit for the person who asked and says what to do."""


class InvalidDefinition(Refused):
    """A definition has errors; `problems` holds all of them, warnings too, the message the first three."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [str(p) for p in self.problems if p.severity == "error"]
        more = f"; {len(errors) - 3} more errors are told by 'fourward questionnaire check'" if len(errors) > 3 else ""
        super().__init__("; ".join(errors[:3]) + more)


class InvalidAnswers(Refused):
    """Answers do not fit their questionnaire; `problems` holds one sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - 10
        super().__init__("; ".join(self.problems[:10]) + (f"; and {more} more" if more > 0 else ""))


class UnknownDefinition(Refused):
    """No definition by that id, version or path."""
