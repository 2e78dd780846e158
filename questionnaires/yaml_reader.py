"""YAML in, plain values out: no aliases, no tags, no surprises, and every problem with its line."""

import math
import re
from collections.abc import Iterator
from typing import Any

import yaml

from questionnaires.documents import Document, Place, UnquotedDate
from questionnaires.problems import MOST, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 16
MAX_NUMBER = 1e15  # beyond this, whole numbers lose digits on their way through a report

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
CUT = re.compile(r"[ \t]+#[^\s#]")  # '# ' begins a remark; '#1' was probably meant as part of the text before it
NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"})
FALSE = frozenset({"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"})

SENTENCES = {
    "yaml-size": "A file is larger than 2 MB.",
    "yaml-encoding": "A file is not saved as UTF-8 text.",
    "yaml-control-character": "An invisible control character is in the text.",
    "yaml-empty": "A file is empty.",
    "yaml-syntax": "A file cannot be read from some line on: a quote, a bracket, a colon or the indentation is wrong.",
    "yaml-documents": "A file holds a second document, begun by a line of three dashes.",
    "yaml-depth": "Lists and mappings are nested more than 16 deep.",
    "yaml-alias": "A part of the file is marked with & or repeated with *.",
    "yaml-tag": "A value carries a tag, which begins with an exclamation mark.",
    "yaml-duplicate-key": "A key is given twice in the same place.",
    "yaml-key": "A key is not text: a bare No, a number or a list stands before the colon.",
    "yaml-number": "A number is endless, not a number, or larger than a thousand million million.",
}
WARNINGS = {"text-cut": "A text without quotes ends before a #, as what follows is read as a remark."}

# What libyaml says, and what its reader can do about it.
ADVICE = (
    (
        "mapping values are not allowed",
        "a text that holds ': ' needs quotes around it, or the line is indented wrongly",
    ),
    ("tab character", "indent with spaces instead of tabs"),
    (
        "cannot start any token",
        "indent with spaces instead of tabs, and put a text that starts with @, ` or % in quotes",
    ),
    ("while scanning a quoted scalar", "a quotation mark that opens a text is never closed"),
    ("while parsing a flow", "a bracket or brace is not closed, or a comma is missing"),
    ("block scalar", "a text that starts with > or | needs quotes, or begins on the next line"),
    (
        "while parsing a block",
        "this line is indented differently from the lines it belongs to, or a text goes on after its closing quote",
    ),
    ("while scanning a simple key", "a ':' is missing, or the line is indented wrongly"),
    ("escape", "write the text in 'single quotes': in \"double quotes\" a backslash has a meaning of its own"),
)


class _Stop(Exception):
    """The rest of the file cannot be read; the problem is already noted."""


def read_yaml(file: str, data: bytes) -> tuple[Document | None, list[Problem]]:
    """Read one file into plain values; no document when it cannot be read to its end."""
    if len(data) > MAX_BYTES:
        return None, [Problem(file, 0, "yaml-size", "the file is larger than 2 MB; split or shorten it")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return None, [Problem(file, line, "yaml-encoding", "this is not UTF-8 text; save the file with encoding UTF-8")]
    reader = _Reader(file)
    try:
        for number, found in enumerate(map(CONTROL.search, text.split("\n")), 1):
            if found:
                reader.refuse(number, "yaml-control-character", _invisible(found.group()))
        value = reader.read(CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
    except _Stop:
        return None, reader.problems
    except yaml.YAMLError as error:
        reader.refuse(*_syntax(error))
        return None, reader.problems
    document = Document(file, value, reader.lines, reader.unquoted, frozenset(reader.spoiled))
    return document, reader.problems


def write_yaml(value: object) -> str:
    """Plain values as a text that `read_yaml` reads, keys in the order given."""
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)


def _invisible(character: str) -> str:
    return f"an invisible control character (U+{ord(character):04X}) is in the text; delete it"


def _syntax(error: yaml.YAMLError) -> tuple[int, str, str]:
    opened = "quoted scalar" in str(getattr(error, "context", ""))  # told where it opens: the end is the file's
    mark = getattr(error, "context_mark" if opened else "problem_mark", None)
    said = ", ".join(str(s) for s in (getattr(error, "context", None), getattr(error, "problem", None)) if s)
    advice = next((advice for sign, advice in ADVICE if sign in said), "check quotes, colons and indentation")
    return (mark.line + 1 if mark else 0), "yaml-syntax", f"the file cannot be read from here on: {advice} ({said})"


class _Reader:
    """Walks the events of one file. Events come one by one: nothing deep or repeated is ever built."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.text = ""
        self.problems: list[Problem] = []
        self.lines: dict[Place, int] = {}
        self.unquoted: dict[Place, str] = {}
        self.spoiled: set[Place] = set()

    def refuse(self, line: int, code: str, message: str, place: Place | None = None) -> None:
        self.problems.append(Problem(self.file, line, code, message))
        if len(self.problems) >= MOST:
            said = "there are too many problems to read on; mend these first"
            self.problems.append(Problem(self.file, line, code, said))
            raise _Stop
        if place is not None:
            self.spoiled.add(place)

    def read(self, text: str) -> Any:
        self.text = text
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        value: Any = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    said = "a line of three dashes starts a second document; one file holds one"
                    self.refuse(_line(event), "yaml-documents", said)
                    raise _Stop
                value = self._value(next(events), events, (), 1)
        if not documents or value is None:
            self.refuse(0, "yaml-empty", "the file is empty")
            raise _Stop
        return value

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], place: Place, depth: int) -> Any:
        line = _line(event)
        self.lines.setdefault(place, line)
        if isinstance(event, yaml.AliasEvent):
            said = f"'*{event.anchor}' repeats another part; write it out (a text that starts with * needs quotes)"
            self.refuse(line, "yaml-alias", said, place)
            return None
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)  # noqa: S101  YAML has no other
        self._refuse_marks(event, line, place)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line, place)
        if depth > MAX_DEPTH:
            self.refuse(line, "yaml-depth", f"lists and mappings are nested more than {MAX_DEPTH} deep")
            raise _Stop
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, place, depth)
        return self._mapping(events, place, depth)

    def _refuse_marks(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int, place: Place) -> None:
        if event.anchor is not None:
            said = f"'&{event.anchor}' marks a part for reuse; remove it (a text that starts with & needs quotes)"
            self.refuse(line, "yaml-alias", said)
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            said = f"the tag '{tag}' is not allowed; remove it (a text that starts with ! needs quotes)"
            self.refuse(line, "yaml-tag", said, place)

    def _sequence(self, events: Iterator[yaml.Event], place: Place, depth: int) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            values.append(self._value(event, events, (*place, len(values)), depth + 1))
        return values

    def _mapping(self, events: Iterator[yaml.Event], place: Place, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            line = _line(event)
            key = self._key(event, events, place, depth)
            if key in values:
                first = self.lines[(*place, key)]
                self.refuse(line, "yaml-duplicate-key", f"'{key}' is already given in line {first}; keep one of them")
                self._skip(next(events), events, depth)
                continue
            self.lines[(*place, key)] = line
            values[key] = self._value(next(events), events, (*place, key), depth + 1)
        return values

    def _key(self, event: yaml.Event, events: Iterator[yaml.Event], place: Place, depth: int) -> str:
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            said = "a key is a word followed by a colon; a list or mapping cannot be one"
            self.refuse(line, "yaml-key", said, (*place, f"(line {line})"))
            self._skip(event, events, depth)
            return f"(line {line})"
        self._refuse_marks(event, line, place)
        key = str(event.value)
        if not event.style and not isinstance(_plain(key), str):
            self.refuse(
                line, "yaml-key", f'the key {key or "(nothing)"} is not read as text; put it in quotes: "{key}"'
            )
        elif CONTROL.search(key):
            self.refuse(line, "yaml-control-character", _invisible(CONTROL.search(key).group()))  # type: ignore[union-attr]
        return key

    def _skip(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> None:
        """Pass over one value that is not kept."""
        level = 0
        while True:
            level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth + level > MAX_DEPTH:
                self.refuse(_line(event), "yaml-depth", f"nested more than {MAX_DEPTH} deep")
                raise _Stop
            if level <= 0:
                return
            event = next(events)

    def _scalar(self, event: yaml.ScalarEvent, line: int, place: Place) -> Any:
        text = str(event.value)
        if event.style:
            if hidden := CONTROL.search(text):
                self.refuse(line, "yaml-control-character", _invisible(hidden.group()), place)
            return text
        self.unquoted[place] = text
        value = _plain(text)
        if isinstance(value, float) and not math.isfinite(value):
            said = f"{text[:40]} is not a number that can be used; write plain digits, or quotes around a text"
            self.refuse(line, "yaml-number", said, place)
            return None
        if isinstance(value, str) and event.end_mark and CUT.match(self.text, event.end_mark.index):
            said = "the text ends before the #; put quotes around all of it, or a space after the # of a remark"
            self.problems.append(Problem(self.file, line, "text-cut", said, "warning"))
        return value


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _plain(text: str) -> Any:
    """What a value without quotes stands for: nothing, true or false, a number, a date, else a text."""
    if text in NOTHING:
        return None
    if text in TRUE or text in FALSE:
        return text in TRUE
    if WHOLE.fullmatch(text):
        return int(text) if len(text) < 17 and abs(int(text)) <= MAX_NUMBER else math.inf
    if DECIMAL.fullmatch(text):
        return float(text) if len(text) < 40 and abs(float(text)) <= MAX_NUMBER else math.inf
    if ENDLESS.fullmatch(text):
        return math.inf
    return UnquotedDate(text) if DATE.fullmatch(text) else text
