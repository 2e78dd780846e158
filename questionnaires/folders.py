"""Where definitions lie: folders by id and version, their files, and the order of versions."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from questionnaires.documents import Part
from questionnaires.problems import UnknownDefinition
from questionnaires.publishing import read_record

DEFINITIONS = Path(__file__).resolve().parent / "definitions"
CASES = Path(__file__).resolve().parent / "cases.yaml"
MAIN = "questionnaire.yaml"
BESIDE: Mapping[Part, str] = {"actions": "actions.yaml", "examples": "examples.yaml", "cases": "cases.yaml"}
REFERENCE = re.compile(r"(?P<id>[a-z0-9][a-z0-9-]{1,63})(@(?P<version>[0-9][0-9A-Za-z.+-]*))?")


def find_definition(reference: str | Path, definitions: Path = DEFINITIONS) -> Path:
    """The main file of a definition: by id (its newest published version, else its newest), `id@version`, or path.

    Raises:
        UnknownDefinition: nothing by that id, version or path.
    """
    if isinstance(reference, str) and (name := REFERENCE.fullmatch(reference)):
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
    except (OSError, ValueError):  # a path that no file system takes
        pass
    ids = sorted({folder.parent.name for folder in list_folders(definitions)})
    raise UnknownDefinition(f"there is no questionnaire '{reference}': give a path, or one of {', '.join(ids)}")


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
        (f.parent for f in definitions.glob(f"*/*/{MAIN}")), key=lambda f: (f.parent.name, version_order(f.name))
    )


def version_order(version: str) -> tuple[tuple[int, ...], bool, str]:
    """Sort key in semantic version order: 1.2 before 1.10, and 2.0.0-beta before 2.0.0."""
    numbers, _, rest = version.partition("-")
    parts = [int(part) for part in re.findall("[0-9]{1,9}", numbers.partition("+")[0])][:3]
    return (*parts, *[0] * (3 - len(parts))), not rest, rest


def files_of(main: Path) -> dict[Part, Path]:
    """The files of a definition; those beside the main file belong to it if that is called questionnaire.yaml."""
    files: dict[Part, Path] = {"questionnaire": main}
    if main.name == MAIN:
        files |= {part: main.parent / name for part, name in BESIDE.items() if (main.parent / name).is_file()}
    return files


def digest(contents: Mapping[Part, bytes]) -> str:
    """SHA-256 of the files one after the other: questionnaire, actions, examples, cases."""
    return hashlib.sha256(b"".join(contents.get(part, b"") for part in ("questionnaire", *BESIDE))).hexdigest()
