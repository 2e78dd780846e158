"""From files to a checked definition: by id, by id@version, or by path."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from questionnaires.documents import Document
from questionnaires.library import Actions, Case, Cases, Definition, Example
from questionnaires.problems import InvalidDefinition, Problem, UnknownDefinition
from questionnaires.schema import Questionnaire
from questionnaires.yaml_reader import MAX_BYTES, read_yaml

T = TypeVar("T")
DEFINITIONS = Path(__file__).resolve().parent / "definitions"
CASES = Path(__file__).resolve().parent / "cases.yaml"
FILES = ("questionnaire.yaml", "actions.yaml", "examples.yaml", "cases.yaml")
REFERENCE = re.compile(r"(?P<id>[a-z0-9][a-z0-9-]{1,63})(@(?P<version>[0-9][0-9A-Za-z.+-]*))?")


def load_definition(reference: str | Path, definitions: Path = DEFINITIONS) -> Definition:
    """Load a definition by id (its newest version), by `id@version`, or by the path of a folder or file.

    Raises:
        UnknownDefinition: nothing by that id, version or path.
        InvalidDefinition: the files have errors; all of them are named.
    """
    path = find_files(reference, definitions)
    return _load_shipped(path.resolve()) if path.resolve().is_relative_to(DEFINITIONS) else _load(path)


def list_definitions(definitions: Path = DEFINITIONS) -> tuple[Definition, ...]:
    """Every version of every definition, by id, oldest version first."""
    return tuple(load_definition(folder, definitions) for _, _, folder in _versions(definitions))


def find_files(reference: str | Path, definitions: Path = DEFINITIONS) -> Path:
    """The folder or the single file that a reference names.

    Raises:
        UnknownDefinition: nothing by that id, version or path.
    """
    if isinstance(reference, str) and (name := REFERENCE.fullmatch(reference)):
        found = [
            folder
            for id, version, folder in _versions(definitions)
            if id == name["id"] and name["version"] in (None, version)
        ]
        if found:
            return found[-1]
    path = Path(reference)
    if not path.exists():
        ids = sorted({id for id, _, _ in _versions(definitions)})
        raise UnknownDefinition(f"there is no questionnaire '{reference}': give a path, or one of {', '.join(ids)}")
    if path.is_dir() and not (path / FILES[0]).is_file():
        raise UnknownDefinition(f"the folder {path} has no {FILES[0]}")
    return path


def _versions(definitions: Path) -> list[tuple[str, str, Path]]:
    found = [(f.parent.parent.name, f.parent.name, f.parent) for f in definitions.glob(f"*/*/{FILES[0]}")]
    return sorted(found, key=lambda v: (v[0], version_order(v[1])))


def version_order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Sort key in semantic version order: 1.2 before 1.10, and 2.0.0-beta before 2.0.0."""
    numbers, _, rest = version.partition("-")
    parts = [int(p) for p in re.findall(r"\d{1,9}", numbers.partition("+")[0])][:3]
    return (*parts, *[0] * (3 - len(parts))), not rest, rest


@cache
def _load_shipped(folder: Path) -> Definition:
    return _load(folder)


@cache
def _shipped_cases() -> Mapping[str, Case]:
    cases = _read(CASES, Cases)
    return {c.id: c for c in cases.cases}


def _load(path: Path) -> Definition:
    main = path / FILES[0] if path.is_dir() else path
    questionnaire = _read(main, Questionnaire)
    actions = _read(path / FILES[1], Actions) if (path / FILES[1]).is_file() else Actions()
    examples = _read(path / FILES[2], tuple[Example, ...]) if (path / FILES[2]).is_file() else ()
    own = _read(path / FILES[3], Cases) if (path / FILES[3]).is_file() else Cases()
    digest = hashlib.sha256()
    for name in (main, *(path / f for f in FILES[1:])):
        digest.update(name.read_bytes() if name.is_file() else b"")
    return Definition(
        questionnaire=questionnaire,
        actions=actions.actions,
        basis=actions.basis,
        rates=actions.rates,
        examples=examples,
        cases={**_shipped_cases(), **{c.id: c for c in own.cases}},
        sha256=digest.hexdigest(),
    )


def _read(path: Path, kind: type[T]) -> T:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    document, problems = read_yaml(str(path), data)
    if document is None or problems:
        raise InvalidDefinition(problems)
    try:
        return TypeAdapter(kind).validate_python(document.value, by_alias=True, by_name=False)
    except ValidationError as error:
        raise InvalidDefinition([_translate(e, document) for e in error.errors()]) from None


def _translate(error: Any, document: Document) -> Problem:
    return Problem(document.file, document.line(error["loc"]), "wrong-type", f"{error['loc']}: {error['msg']}")
