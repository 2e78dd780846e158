"""The files of a release that are made of its cells and manifest alone: CSV, SDMX, workbooks, and what has changed."""

import hashlib
from collections.abc import Iterator, Sequence

from app.release_names import labels_of
from app.shelf import Shelf
from reports.release.csv_file import csv_parts
from reports.release.csvw import csvw_json
from reports.release.cube import Cube
from reports.release.difference import differences_csv, differences_json
from reports.release.sdmx import sdmx_parts, structure_json
from reports.release.workbook import release_workbook


def downloads(
    shelf: Shelf, cube: Cube, codes: Sequence[str], address: str = "", previous: Cube | None = None
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file that is made of the cells alone, one after the other: some are large.

    `codes` are the languages; `address` is the release's own, as people send it to each other.
    """
    names = [labels_of(shelf, cube.manifest, code) for code in codes]
    yield "sdmx.json", structure_json(cube, names)
    yield "sdmx.csv", b"".join(sdmx_parts(cube))
    if previous is not None:
        yield "differences.json", differences_json(previous, cube)
    for labels in names:
        file = f"tables-{labels.code}.csv"
        content = b"".join(csv_parts(cube, labels))
        yield file, content
        yield f"{file}-metadata.json", csvw_json(cube, file, hashlib.sha256(content).hexdigest(), labels.code, names)
        del content
        yield f"tables-{labels.code}.xlsx", release_workbook(cube, labels, address)
        if previous is not None:
            yield f"differences-{labels.code}.csv", differences_csv(previous, cube, labels)
