"""A release for statistical offices: SDMX-CSV 2.0, and the structure it follows as SDMX-JSON 2.0.

Each cell is one observation with several measures. A cell that is held back has CONF_STATUS C, OBS_STATUS Q (missing,
suppressed) and no measure: codes of the SDMX cross-domain lists CL_CONF_STATUS and CL_OBS_STATUS.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assessment.csv_sheets import lines
from reports.release.cube import ALL, GROUPS, HELD_BACK, NUMBERS, SHARES, STATUS, Cube, kind_of
from reports.release.labels import Labels

AGENCY, VERSION, SCHEME = "FOURWARD", "1.0.0", "CS_READINESS"
NOT_IN_CODE = re.compile(r"[^A-Za-z0-9_@$-]")  # SDMX identifiers
MEASURES: Mapping[str, str] = {name: "FIRMS" if name == "n" else name.upper() for name in NUMBERS}
DIMENSIONS = (*(name.upper() for name in GROUPS), "INDICATOR")
CONF_STATUS = {"F": "Free", "C": "Confidential"}
OBS_STATUS = {"A": "Normal value", "Q": "Missing value; suppressed"}
HEAD = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, "TIME_PERIOD", *MEASURES.values(), "CONF_STATUS",
        "OBS_STATUS")  # fmt: skip


def identity(manifest: Mapping[str, Any]) -> str:
    """What the flow and its structure are called: no two releases share a name."""
    return f"READINESS_{str(manifest.get('cube_sha256', ''))[:12].upper()}"


def code_of(code: str) -> str:
    """A code as SDMX writes it: `D:skills.training` has signs that no identifier may have."""
    return NOT_IN_CODE.sub(lambda sign: {":": "_", ".": "_"}.get(sign[0], f"${ord(sign[0]):x}"), code)


def sdmx_parts(cube: Cube) -> Iterator[bytes]:
    """The observations as SDMX-CSV 2.0, in parts."""
    structure = f"{AGENCY}:{identity(cube.manifest)}({VERSION})"
    yield from lines([HEAD])
    codes = {code: code_of(code) for code in cube.codes("indicator")}
    yield from lines(_observation(cell, structure, codes) for cell in cube.cells())


def _observation(cell: Sequence[Any], structure: str, codes: Mapping[str, str]) -> Sequence[Any]:
    wave, groups, indicator = cell[0], cell[1 : STATUS - 1], codes[cell[STATUS - 1]]
    told = ("C", "Q") if cell[STATUS] == HELD_BACK else ("F", "A")
    return ("dataflow", structure, "I", *groups, indicator, wave, *cell[STATUS + 1 :], *told)


def structure_json(cube: Cube, names: Sequence[Labels]) -> bytes:
    """The structure: code lists with their names in every language, concepts, measures, and the flow."""
    manifest, name = cube.manifest, str(cube.manifest.get("release", {}).get("title", "")) or "Readiness"
    lists = {column: f"CL_{column.upper()}" for column in (*GROUPS, "indicator")}
    message = {
        "meta": {
            "schema": "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json",
            "id": identity(manifest),
            "prepared": str(manifest.get("release", {}).get("made_at", "")) or "2000-01-01T00:00:00Z",
            "test": False,
            "contentLanguages": [each.code for each in names],
            "sender": {"id": AGENCY},
        },
        "data": {
            "codelists": [
                *(_codelist(cube, column, id, names) for column, id in lists.items()),
                _fixed_list("CL_CONF_STATUS", "Confidentiality status", CONF_STATUS),
                _fixed_list("CL_OBS_STATUS", "Observation status", OBS_STATUS),
            ],
            "conceptSchemes": [_maintained(SCHEME, "Readiness of firms") | {"concepts": _concepts(names)}],
            "dataStructures": [_maintained(identity(manifest), name) | {"dataStructureComponents": _components(lists)}],
            "dataflows": [
                _maintained(identity(manifest), name)
                | {"structure": _urn("datastructure.DataStructure", identity(manifest))}
            ],
        },
    }
    return (json.dumps(message, ensure_ascii=False, indent=1) + "\n").encode()


def _codelist(cube: Cube, column: str, id: str, names: Sequence[Labels]) -> dict[str, Any]:
    classes = cube.manifest.get("classifications", {}).get(column, {})
    there = set(cube.codes(column))
    codes = []
    for code in cube.codes(column):
        entry = _named(code_of(code), {each.code: each.of(column, code) for each in names})
        parent = classes.get(code, {}).get("parent", ALL if column in GROUPS and code != ALL else "")
        if parent in there and code != ALL:
            entry["parent"] = code_of(parent)
        if column == "indicator" and code != code_of(code):
            entry["annotations"] = [{"id": "ORIGINAL_ID", "type": kind_of(code), "title": code}]
        codes.append(entry)
    titles = {each.code: each.column(column) for each in names}
    return {**_named(id, titles), "agencyID": AGENCY, "version": VERSION, "codes": codes}


def _fixed_list(id: str, name: str, codes: Mapping[str, str]) -> dict[str, Any]:
    return _maintained(id, name) | {"codes": [{"id": code, "name": text} for code, text in codes.items()]}


def _maintained(id: str, name: str) -> dict[str, Any]:
    return {"id": id, "agencyID": AGENCY, "version": VERSION, "name": name}


def _named(id: str, names: Mapping[str, str]) -> dict[str, Any]:
    return {"id": id, "name": next(iter(names.values())) or id, "names": {k: v for k, v in names.items() if v}}


def _concepts(names: Sequence[Labels]) -> list[dict[str, Any]]:
    columns = [(column.upper(), column) for column in (*GROUPS, "indicator")] + [("TIME_PERIOD", "wave")]
    columns += [(measure, name) for name, measure in MEASURES.items()]
    found = [_named(id, {each.code: each.column(column) for each in names}) for id, column in columns]
    return [*found, {"id": "CONF_STATUS", "name": "Confidentiality status"},
            {"id": "OBS_STATUS", "name": "Observation status"}]  # fmt: skip


def _components(lists: Mapping[str, str]) -> dict[str, Any]:
    dimensions = [
        {"id": column.upper(), "conceptIdentity": _concept(column.upper()), "localRepresentation": _coded(id)}
        for column, id in lists.items()
    ]
    measures = [
        {"id": id, "conceptIdentity": _concept(id), "usage": "optional",
         "localRepresentation": {"format": {"dataType": "Integer" if name in ("n", *SHARES) else "Decimal"}}}
        for name, id in MEASURES.items()
    ]  # fmt: skip
    attributes: list[dict[str, Any]] = [
        {"id": id, "conceptIdentity": _concept(id), "usage": "mandatory", "localRepresentation": _coded(f"CL_{id}"),
         "attributeRelationship": {"observation": {}}}
        for id in ("CONF_STATUS", "OBS_STATUS")
    ]  # fmt: skip
    time = {"id": "TIME_PERIOD", "conceptIdentity": _concept("TIME_PERIOD"),
            "localRepresentation": {"format": {"dataType": "GregorianYear"}}}  # fmt: skip
    return {
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": time},
        "measureList": {"id": "MeasureDescriptor", "measures": measures},
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
    }


def _coded(id: str) -> dict[str, str]:
    return {"enumeration": _urn("codelist.Codelist", id)}


def _concept(id: str) -> str:
    return f"{_urn('conceptscheme.Concept', SCHEME)}.{id}"


def _urn(kind: str, id: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{id}({VERSION})"
