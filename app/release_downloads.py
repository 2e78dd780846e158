"""The files of a release that are made of its cells and manifest alone: CSV, SDMX, workbooks, and what has changed."""

from collections.abc import Callable, Iterable, Sequence

from app.release_names import labels_of
from app.shelf import Shelf
from questionnaires.problems import UnknownDefinition
from reports.ministry.policy_sheets import policy_sheets
from reports.release.csv_file import csv_parts
from reports.release.csvw import csvw_json
from reports.release.cube import Cube
from reports.release.difference import differences_csv, differences_json
from reports.release.labels import Labels
from reports.release.sdmx import sdmx_parts, structure_json
from reports.release.workbook import release_workbook
from reports.workbook import Sheet

Keep = Callable[[str, Iterable[bytes]], str]  # stores a file of this name, part by part, and returns its SHA-256


def write_downloads(
    shelf: Shelf, cube: Cube, codes: Sequence[str], keep: Keep, address: str = "", previous: Cube | None = None
) -> None:
    """Hand over each file, one after the other and the large ones in parts: none is in memory as a whole.

    `codes` are the languages; `address` is the release's own, as people send it to each other.
    """
    names = [labels_of(shelf, cube.manifest, code) for code in codes]
    keep("sdmx.json", (structure_json(cube, names),))
    keep("sdmx.csv", sdmx_parts(cube))
    if previous is not None:
        keep("differences.json", (differences_json(previous, cube),))
    for labels in names:
        file = f"tables-{labels.code}.csv"
        sha256 = keep(file, csv_parts(cube, labels))
        keep(f"{file}-metadata.json", (csvw_json(cube, file, sha256, labels.code, names),))
        more = _policy(shelf, cube, labels)
        keep(f"tables-{labels.code}.xlsx", (release_workbook(cube, labels, address, more),))
        if previous is not None:
            keep(f"differences-{labels.code}.csv", differences_csv(previous, cube, labels))


def _policy(shelf: Shelf, cube: Cube, labels: Labels) -> Sequence[Sheet]:
    """The policy reading as tables; none where the questionnaire is gone, whose library it needs."""
    try:
        definition = shelf.get(str(cube.manifest["release"]["questionnaire"]))
    except UnknownDefinition:
        return ()
    return policy_sheets(cube, cube.manifest, definition, labels)
