"""From files to a checked definition: by id, by id@version, or by path."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from questionnaires.checks import run_checks
from questionnaires.checks.parts import Parts
from questionnaires.documents import Document, Part
from questionnaires.folders import CASES, DEFINITIONS, MAIN, digest, files_of, find_definition, list_folders
from questionnaires.library import KINDS, Actions, Case, Cases, Definition
from questionnaires.problems import InvalidDefinition, Problem
from questionnaires.publishing import changed_since, read_record
from questionnaires.schema import Questionnaire
from questionnaires.shape import Shaped, Spoiled, read_shape
from questionnaires.yaml_reader import MAX_BYTES, read_yaml


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks made of a definition: nothing to use if there is an error, and every problem in any case."""

    main: Path
    definition: Definition | None
    problems: tuple[Problem, ...]
    documents: Mapping[Part, Document] = field(default_factory=dict)


def load_definition(reference: str | Path, definitions: Path = DEFINITIONS) -> Definition:
    """Load a definition by id (newest published version, else newest), by `id@version`, or by path.

    Raises:
        UnknownDefinition: nothing by that id, version or path.
        InvalidDefinition: the files have errors, or changed after they were published; all problems are named.
    """
    main = find_definition(reference, definitions)
    shipped = main.resolve().is_relative_to(DEFINITIONS)
    return _load_shipped(main.resolve()) if shipped else _load(main, definitions)


def list_definitions(definitions: Path = DEFINITIONS) -> tuple[Definition, ...]:
    """Every version of every definition, by id, oldest version first.

    Raises:
        InvalidDefinition: one of them has errors.
    """
    return tuple(load_definition(folder, definitions) for folder in list_folders(definitions))


def check_definition(reference: str | Path, definitions: Path = DEFINITIONS) -> Checked:
    """Read and check all files of a definition. Examples are checked, not scored: scoring is a room above.

    Raises:
        UnknownDefinition: nothing by that id, version or path.
    """
    main = find_definition(reference, definitions)
    paths = files_of(main)
    contents = {part: _bytes(path) for part, path in paths.items()}
    files = {part: _read_file(str(path), contents[part], KINDS[part]) for part, path in paths.items()}
    problems = [problem for file in files.values() for problem in file.problems]
    order = [str(path) for path in paths.values()]
    definition: Definition | None = None
    further: list[Problem] = []
    if files["questionnaire"].value is not None:
        library, library_problems = _library()
        parts = _parts(files, library, main, definitions)
        definition = _definition(parts, digest(contents))
        problems += [*_misplaced(main, parts.questionnaire, definitions), *_found(parts, files)]
        further += [*library_problems, *changed_since(main, parts.questionnaire.reference, definition.sha256)]
    problems.sort(key=lambda problem: (order.index(problem.file), problem.line))
    problems += further
    documents = {part: file.document for part, file in files.items() if file.document is not None}
    failed = any(problem.severity == "error" for problem in problems)
    return Checked(main, None if failed else definition, tuple(problems), documents)


def verify_published(definitions: Path = DEFINITIONS) -> None:
    """Compare every published version with its files; the server does this when it starts.

    Raises:
        InvalidDefinition: files changed or went away after they were published.
    """
    problems: list[Problem] = []
    for reference in read_record(definitions):
        id, _, version = reference.partition("@")
        main = definitions / id / version / "questionnaire.yaml"
        if not main.is_file():
            message = f"{reference} is published but its files are gone; restore them, reports rest on them"
            problems.append(Problem(str(main), 0, "published-gone", message))
            continue
        sha256 = digest({part: _bytes(path) for part, path in files_of(main).items()})
        problems += changed_since(main, reference, sha256)
    if problems:
        raise InvalidDefinition(problems)


@dataclass(frozen=True, slots=True)
class _File:
    document: Document | None
    shaped: Shaped | None
    problems: tuple[Problem, ...]

    @property
    def value(self) -> Any:
        return self.shaped.value if self.shaped else None

    @property
    def spoiled(self) -> Spoiled:
        return self.shaped.spoiled if self.shaped else Spoiled(())


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _read_file(name: str, data: bytes, kind: Any) -> _File:
    document, problems = read_yaml(name, data)
    if document is None:
        return _File(None, None, tuple(problems))
    shaped = read_shape(kind, document)
    return _File(document, shaped, (*problems, *shaped.problems, *_bare_version(document)))


def _bare_version(document: Document) -> list[Problem]:
    """A version of three numbers is text even without quotes, but the next author's 1.10 becomes 1.1."""
    place = ("version",)
    if place not in document.unquoted or not isinstance(document.value["version"], str):
        return []
    message = f'a version needs quotes: "{document.unquoted[place]}"'
    return [Problem(document.file, document.line(place), "wrong-type", message)]


def _parts(files: Mapping[Part, _File], library: Mapping[str, Case], main: Path, definitions: Path) -> Parts:
    own = files["cases"].value if "cases" in files else None
    own_cases = own.cases if own else ()
    questionnaire = files["questionnaire"].value
    moves = files["moves"].value if "moves" in files else None
    spoiled = files["questionnaire"].spoiled
    asked = [*Parts(questionnaire).questions, *((("fields", i), f) for i, f in enumerate(questionnaire.fields))]
    scale = {"scale"} if spoiled.touches(("scale",)) else set()
    return Parts(
        questionnaire=questionnaire,
        actions=files["actions"].value if "actions" in files else None,
        examples=(files["examples"].value if "examples" in files else None) or (),
        own_cases=own_cases,
        cases={**library, **{case.id: case for case in own_cases}},
        moves=moves,
        earlier=_earlier(main, questionnaire.id, moves.from_, definitions) if moves else None,
        unsure=frozenset(thing.id for place, thing in asked if spoiled.touches(place)) | scale,
    )


def _earlier(main: Path, id: str, version: str, definitions: Path) -> Questionnaire | None:
    """The earlier version beside this one, or among the laid-out ones, as far as its form is right."""
    for folder in (main.resolve().parent.parent, definitions / id):
        path = folder / version / MAIN
        if path.is_file():
            file = _read_file(str(path), _bytes(path), Questionnaire)
            sound = file.value is not None and not any(p.severity == "error" for p in file.problems)
            return file.value if sound else None
    return None


def _found(parts: Parts, files: Mapping[Part, _File]) -> list[Problem]:
    problems: dict[Problem, None] = {}
    for code, severity, found in run_checks(parts):
        file = files[found.part]
        if file.document is not None and not file.spoiled.touches(found.place):
            line = file.document.line(found.place)
            problems[Problem(file.document.file, line, code, found.message, severity)] = None
    return list(problems)


def _misplaced(main: Path, questionnaire: Questionnaire, definitions: Path) -> list[Problem]:
    folder = main.resolve().parent
    named = f"{folder.parent.name}@{folder.name}"
    if folder.parent.parent != definitions.resolve() or named == questionnaire.reference:
        return []
    message = f"the folder says {named} but the file says {questionnaire.reference}; make them agree"
    return [Problem(str(main), 0, "folder-name", message)]


@cache
def _library() -> tuple[Mapping[str, Case], tuple[Problem, ...]]:
    file = _read_file(str(CASES), _bytes(CASES), Cases)
    return {case.id: case for case in (file.value.cases if file.value else ())}, file.problems


@cache
def _load_shipped(main: Path) -> Definition:
    return _load(main, DEFINITIONS)


def _load(main: Path, definitions: Path) -> Definition:
    checked = check_definition(main, definitions)
    if checked.definition is None:
        raise InvalidDefinition(checked.problems)
    return checked.definition


def _definition(parts: Parts, sha256: str) -> Definition:
    actions = parts.actions or Actions()
    return Definition(
        questionnaire=parts.questionnaire,
        actions=actions.actions,
        basis=actions.basis,
        rates=actions.rates,
        examples=parts.examples,
        cases=parts.cases,
        moves=parts.moves,
        sha256=sha256,
    )
