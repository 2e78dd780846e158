"""What the columns of the CSV mean, for programs: CSV on the Web (W3C Recommendation of 17 December 2015)."""

import json
from collections.abc import Sequence
from typing import Any

from reports.release.about import LICENCE_LINK
from reports.release.csv_file import NAMED, heads
from reports.release.cube import KEYS, SHARES, Cube
from reports.release.labels import Labels

UNITS = {"n": "firms", "mean": "points", "sd": "points"} | dict.fromkeys(SHARES, "per cent of firms")
NOTE = (
    "Status F: shown. Status C: held back, because it has too few firms or somebody could work out such a figure from "
    "what is shown; its figures are empty. A figure that is empty in a row of status F is not told of so few firms. "
    "_T stands for all, _U for not known. A text that a spreadsheet would run begins with an apostrophe."
)


def csvw_json(cube: Cube, file: str, sha256: str, language: str, names: Sequence[Labels]) -> bytes:
    """The description of one CSV file, beside it as `<file>-metadata.json`. Columns have titles in every language."""
    manifest = cube.manifest
    release = manifest.get("release", {})
    told: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": language}],
        "url": file,
        "dc:title": str(release.get("title", "")) or str(release.get("programme", "")),
        "dc:publisher": str(release.get("programme", "")),
        "dc:created": {"@value": str(release.get("made_at", ""))[:10], "@type": "xsd:date"},
        "dc:license": {"@id": LICENCE_LINK},
        "dc:identifier": f"sha256:{sha256}",
        "dc:source": f"sha256:{manifest.get('cube_sha256', '')}",
        "dc:description": NOTE,
        "notes": [{"rules": manifest.get("rules", {}), "population": manifest.get("population", {})}],
        "dialect": {
            "encoding": "utf-8",
            "header": True,
            "delimiter": ",",
            "quoteChar": '"',
            "lineTerminators": ["\r\n"],
        },
        "tableSchema": {"columns": [_column(head, names) for head in heads()], "primaryKey": list(KEYS)},
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _column(head: str, names: Sequence[Labels]) -> dict[str, Any]:
    name = head.removesuffix("_name")
    # The head itself goes first: by it the column is known in the file.
    titles = {each.code: [head, each.column(name)] for each in names} | {"und": [head]}
    column: dict[str, Any] = {"name": head, "titles": titles, "null": [""]}
    if name == "wave":
        return column | {"datatype": "gYear", "required": True}
    if head in KEYS or head == "status":
        column |= {"datatype": {"base": "string", "format": "F|C"}} if head == "status" else {"datatype": "string"}
        return column | {"required": True}
    if head.endswith("_name") and name in NAMED:
        return column | {"datatype": "string"}
    base = "integer" if name in ("n", *SHARES) else "decimal"
    return column | {"datatype": {"base": base, "minimum": "0"}, "dc:description": UNITS.get(name, "points")}
