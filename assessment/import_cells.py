"""Cells of a sheet become values: whole numbers, amounts, days, yes and no, and words of a list; or what is wrong."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessment.errors import Invalid
from assessment.texts import clean_name

Cell = str | int | float | None
MOST_REMEMBERED = 50_000  # different cells of a column
FAULTS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
YES = frozenset({"yes", "y", "true", "1", "x"})
NO = frozenset({"no", "n", "false", "0"})
UNKNOWN = frozenset({"unknown", "don't know", "do not know", "dont know"})
NOT_APPLICABLE = frozenset({"not_applicable", "not applicable", "n/a", "does not apply"})
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?")
PARTED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4})")
GROUPED = re.compile(r"\d{1,3}([,.' ])\d{3}(\1\d{3})*")


class _Bad:
    """Something is in the cell that cannot be used; what depends on it is not asked for."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Any = _Bad()


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a sheet with their numbers; a row ends with its last cell that holds something."""

    numbers: Sequence[int]
    rows: Sequence[Sequence[Cell]]


class Unfit(Exception):
    """A cell that cannot be used: the code of `import_problems.MESSAGES`, and what fills its places."""

    def __init__(self, code: str, **expected: object) -> None:
        self.code = code
        self.expected = expected
        super().__init__(code)


Parse = Callable[[Cell], Any]


class Reader:
    """Reads a column: each different cell is looked at once, as most are the same few."""

    def __init__(self, parse: Parse, *, remembers: bool = True) -> None:
        self.parse = parse
        self.remembers = remembers
        self.known: dict[Cell, Any] = {None: None}

    def read(self, cells: Sequence[Cell]) -> tuple[list[Any], list[tuple[int, Unfit]]]:
        """The values, BAD for what is unfit; and what is unfit, by its place."""
        known = self.known
        if self.remembers:
            try:
                return [known[cell] for cell in cells], []
            except KeyError:
                if len(known) > MOST_REMEMBERED:
                    known = self.known = {None: None}
        values, unfit = [], []
        for place, cell in enumerate(cells):
            if cell in known:
                values.append(known[cell])
                continue
            try:
                value = self._one(cell)
            except Unfit as error:
                unfit.append((place, error))
                value = BAD
            else:
                if self.remembers:
                    known[cell] = value
            values.append(value)
        return values, unfit

    def _one(self, cell: Cell) -> Any:
        if isinstance(cell, str):
            cell = cell.strip()
            if not cell:
                return None
            if cell in FAULTS:
                raise Unfit("fault")
        return self.parse(cell)


def folded(text: str) -> str:
    """A word without capitals and the blanks around it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def name(cell: Cell) -> str:
    """A text on one line."""
    try:
        return clean_name(cell if isinstance(cell, str) else f"{cell:.15g}" if isinstance(cell, float) else str(cell))
    except Invalid as refusal:
        raise Unfit("long_text" if refusal.values else "odd_text", **refusal.values) from refusal


def number_text(cell: Cell) -> str:
    """A number that names something, such as a registration number, as it was typed."""
    found = name(cell)
    if isinstance(cell, int) and abs(cell) >= 10**15:
        raise Unfit("cut_number")  # a spreadsheet keeps 15 digits of a number
    if len(found) > 64 or re.search(r"[^\W_]", found) is None:
        raise Unfit("registration")
    if re.fullmatch(r"\d([.,]\d+)?E\+?\d+", found, re.IGNORECASE):
        raise Unfit("cut_number")
    return found


def amount(cell: Cell, decimal: str) -> float | int:
    """A number as people type it. `decimal` is what parts the decimals for sure in this file, or empty.

    Three digits behind the other mark may be thousands or decimals: that is told and not guessed.
    """
    if isinstance(cell, int | float):
        return cell
    text = unicodedata.normalize("NFKC", str(cell)).replace("\u2212", "-").replace("’", "'").strip()
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    text = re.sub(r"(?<=\d)[ '](?=\d{3}(\D|$))", "", text)
    marks = [c for c in text if c in ",.\u066b"]
    if not re.fullmatch(r"\d[\d.,\u066b]*|[.,]\d+", text) or len(text) > 30:
        raise Unfit("number")
    if len(set(marks)) == 2:  # the last one parts the decimals, the other the thousands
        last = marks[-1]
        whole, _, rest = text.rpartition(last)
        if marks.count(last) > 1 or not GROUPED.fullmatch(whole):
            raise Unfit("number")
        return sign * float(re.sub(r"\D", "", whole) + "." + rest)
    if len(marks) > 1:
        if not GROUPED.fullmatch(text):
            raise Unfit("number")
        return sign * int(re.sub(r"\D", "", text))
    if not marks:
        return sign * int(text)
    is_sure = marks[0] in (decimal, "\u066b") or not GROUPED.fullmatch(text) or text.startswith("0")
    if not is_sure:
        raise Unfit("ambiguous_number")
    return sign * float(re.sub("[,\u066b]", ".", text))


def whole(cell: Cell, low: int, high: int) -> int:
    """A whole number from `low` to `high`; a mark before three digits can only part the thousands."""
    if isinstance(cell, str):
        text = unicodedata.normalize("NFKC", cell).replace("’", "'")
        if GROUPED.fullmatch(text):
            text = re.sub(r"\D", "", text)
        try:
            cell = amount(text, ".")
        except Unfit as error:
            raise Unfit("whole", low=low, high=high) from error
    if cell is None or cell != cell or abs(cell) > 1e15 or int(cell) != cell or not low <= cell <= high:
        raise Unfit("whole", low=low, high=high)
    return int(cell)


def bounded(cell: Cell, low: float | None, high: float | None, decimal: str, *, percent: bool = False) -> float | int:
    """A number within bounds; with `percent` also one that is written with its sign."""
    text = cell.strip() if isinstance(cell, str) else ""
    if text.endswith("%"):
        if not percent:
            raise Unfit("percent")
        cell = text[:-1].strip()
        # A share that the workbook shows per cent has been written out with a point.
        decimal = decimal or "."
    found = amount(cell, decimal)
    if not (abs(found) <= 1e15 and (low is None or found >= low) and (high is None or found <= high)):
        raise Unfit("bounds", low="" if low is None else f"{low:g}", high="" if high is None else f"{high:g}")
    return found


def yes_no(cell: Cell) -> bool:
    word = folded(str(cell))
    if word in YES or word in NO:
        return word in YES
    raise Unfit("yes_no")


def day(cell: Cell, first: date, last: date) -> date:
    """A day that can only be read in one way."""
    text = str(cell)
    try:
        if found := ISO.fullmatch(text):
            read = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := PARTED.fullmatch(text):
            read = _parted(int(found[1]), found[2], int(found[3]), int(found[4]))
        else:
            raise Unfit("day")
    except ValueError as error:
        raise Unfit("day") from error
    if not first <= read <= last:
        raise Unfit("day_outside", first=first.isoformat(), last=last.isoformat())
    return read


def _parted(one: int, mark: str, two: int, year: int) -> date:
    if mark == ".":  # only where the day comes first
        return date(year, two, one)
    if one <= 12 and two <= 12 and one != two:
        raise Unfit("ambiguous_day")
    return date(year, two, one) if one > 12 else date(year, one, two)


def choice(cell: Cell, known: Mapping[str, str], code: str) -> str:
    """The word of a list that is meant; `known` has them without capitals."""
    found = known.get(folded(str(cell)))
    if found is None:
        raise Unfit(code, choices=_listed(known.values()))
    return found


def level(cell: Cell, top: int) -> int | str:
    """A level of a ladder, or one of the two words."""
    if (word := said(cell)) is not None:
        return word
    try:
        return whole(cell, 0, top)
    except Unfit as error:
        raise Unfit("level", top=top) from error


def options(cell: Cell, offered: Mapping[str, str]) -> tuple[str, ...] | str:
    """Options parted by semicolons, or one of the words; "none" chooses none of them."""
    if (word := said(cell)) is not None:
        return word
    if folded(str(cell)) == "none":
        return ()
    given = [folded(part) for part in str(cell).split(";") if part.strip()]
    if not given or any(part not in offered for part in given):
        raise Unfit("options", choices=_listed(offered.values()))
    return tuple(offered[part] for part in dict.fromkeys(given))


def said(cell: Cell) -> str | None:
    """Whether a cell says that it is not known, or does not apply."""
    if not isinstance(cell, str):
        return None
    word = folded(cell)
    return "unknown" if word in UNKNOWN else "not_applicable" if word in NOT_APPLICABLE else None


def _listed(words: Any) -> str:
    found = list(dict.fromkeys(words))
    return ", ".join(found[:8]) + (", …" if len(found) > 8 else "")


def shortened(cell: Cell) -> str:
    """What is in a cell, short enough for a line and without what could not be seen."""
    if cell is None:
        return ""
    text = str(cell)[:200]
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    return plain if len(plain) <= 60 else f"{plain[:59]}…"
