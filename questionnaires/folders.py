"""Where definitions lie: folders by id and version, their files, and the order of versions."""

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path

from questionnaires.documents import Part
from questionnaires.problems import UnknownDefinition
from questionnaires.publishing import read_record
from questionnaires.wording import did_you_mean, listed

DEFINITIONS = Path(__file__).resolve().parent / "definitions"
CASES = Path(__file__).resolve().parent / "cases.yaml"
MAIN = "questionnaire.yaml"
BESIDE: Mapping[Part, str] = {
    "actions": "actions.yaml",
    "examples": "examples.yaml",
    "cases": "cases.yaml",
    "moves": "moves.yaml",
}
REFERENCE = re.compile(r"(?P<id>[a-z0-9][a-z0-9-]{1,63})(@(?P<version>[0-9][0-9A-Za-z.+-]*))?")


def find_definition(reference: str | Path, definitions: Path = DEFINITIONS) -> Path:
    """The main file of a definition: by id (its newest published version, else its newest), `id@version`, or path.

    Raises:
        UnknownDefinition: nothing by that id, version or path.
        PermissionError: the path may not be looked at.
    """
    name = REFERENCE.fullmatch(reference) if isinstance(reference, str) else None
    if name is not None:
        folders = [folder for folder in list_folders(definitions) if folder.parent.name == name["id"]]
        if name["version"] is not None:
            folders = [folder for folder in folders if folder.name == name["version"]]
        else:
            published = read_record(definitions)
            folders = [f for f in folders if f"{f.parent.name}@{f.name}" in published] or folders
        if folders:
            return folders[-1] / MAIN
    try:
        return _main_file(Path(reference))
    except PermissionError:
        raise
    except (OSError, ValueError):  # a path that no file system takes
        raise _unknown(str(reference), name, definitions) from None


def _unknown(reference: str, name: re.Match[str] | None, definitions: Path) -> UnknownDefinition:
    """The refusal, with what was probably meant: another version, a similar id, or one of all."""
    folders = list_folders(definitions)
    versions = [folder.name for folder in folders if name is not None and folder.parent.name == name["id"]]
    if name is not None and versions:
        newest_first = listed(reversed(versions))
        return UnknownDefinition(
            f"there is no version {name['version'][:60]} of '{name['id']}'; its versions are {newest_first}"
        )
    ids = sorted({folder.parent.name for folder in folders})
    meant = did_you_mean(reference.partition("@")[0], ids)
    return UnknownDefinition(
        f"there is no questionnaire '{reference[:200]}'{meant}: give a path, or one of {listed(ids)}"
    )


def _main_file(path: Path) -> Path:
    """The questionnaire file that a path means: itself, the one inside it, or the one that it lies beside."""
    if path.is_dir() and not (path / MAIN).is_file():
        raise UnknownDefinition(f"the folder {path} has no {MAIN}")
    if path.is_dir():
        return path / MAIN
    if not path.is_file():
        raise FileNotFoundError
    beside = path.parent / MAIN
    return beside if path.name in BESIDE.values() and beside.is_file() else path


def list_folders(definitions: Path = DEFINITIONS) -> list[Path]:
    """The folder of every version, by id, oldest version first."""
    return sorted(
        (f.parent for f in definitions.glob(f"*/*/{MAIN}")),
        key=lambda f: (f.parent.name, version_order(f.name), f.name),
    )


def version_order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Sort key in semantic version order: 1.2 before 1.10, 2.0.0-beta.2 before 2.0.0-beta.10, and both before 2.0.0."""
    numbers, _, rest = version.partition("+")[0].partition("-")
    parts = [int(part) for part in re.findall("[0-9]{1,9}", numbers)][:3]
    counted = ".".join(word.zfill(20) if word.isdecimal() else word for word in rest.split("."))
    return (*parts, *[0] * (3 - len(parts))), not rest, counted


def files_of(main: Path) -> dict[Part, Path]:
    """The files of a definition; those beside the main file belong to it if that is called questionnaire.yaml."""
    files: dict[Part, Path] = {"questionnaire": main}
    if main.name == MAIN:
        # A folder by that name, or a link to nothing, is not passed over: reading it says what is wrong.
        files |= {part: main.parent / name for part, name in BESIDE.items() if os.path.lexists(main.parent / name)}
    return files


def digest(contents: Mapping[Part, bytes]) -> str:
    """SHA-256 of the files one after the other: questionnaire, actions, examples, cases, moves."""
    return hashlib.sha256(b"".join(contents.get(part, b"") for part in ("questionnaire", *BESIDE))).hexdigest()
