"""The files of a release: what each is called, what it is for, and the manifest that goes with them all."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports.release.about import LICENCE, LICENCE_LINK
from reports.release.labels import N_, Labels

CUBE = "cube.parquet"
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What the files are for, by the beginning and the end of their names, in the order in which they are listed.
PURPOSES: tuple[tuple[str, str, str], ...] = (
    ("report", "pdf", N_("The report, to read and hand round")),
    ("tables", "xlsx", N_("The tables as a workbook")),
    ("tables", "csv", N_("All cells as CSV, codes beside their names")),
    ("tables", "csv-metadata.json", N_("What the columns of the CSV mean (CSVW)")),
    ("cube", "parquet", N_("All cells as Parquet, for programs")),
    ("sdmx", "csv", N_("All cells as SDMX-CSV 2.0, for statistical offices")),
    ("sdmx", "json", N_("The structure of the SDMX-CSV, with its code lists")),
    ("differences", "csv", N_("What has changed since the last release")),
    ("manifest", "json", N_("The manifest: rules, population, coverage, hash")),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that can be taken home."""

    name: str
    purpose: str
    language: str  # its code; empty where the file has none
    bytes: int
    sha256: str


def media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def offered(files: Mapping[str, Any], labels: Labels) -> tuple[Offered, ...]:
    """The files of a release in the order of PURPOSES; what has none is for programs of our own, and not listed."""
    found: list[tuple[int, Offered]] = []
    for name, made in files.items():
        for place, (start, end, purpose) in enumerate(PURPOSES):
            language = name.removeprefix(start).removesuffix(f".{end}")
            if name == f"{start}{language}.{end}" and (not language or language[:1] == "-"):
                text = labels.wording.gettext(purpose)
                size, sha256 = int(made.get("size", made.get("bytes", 0))), str(made["sha256"])
                found.append((place, Offered(name, text, language.removeprefix("-"), size, sha256)))
                break
    return tuple(each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].name)))


def manifest_json(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as a file of its own, with the licence."""
    whole = {**manifest, "licence": {"name": LICENCE, "link": LICENCE_LINK}}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
