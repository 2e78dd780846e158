"""SDMX: the structure is read by another's reader, and every observation follows it."""

import csv
import io
from pathlib import Path

import msgspec
import pytest
from pysdmx.io.json.sdmxjson2.messages import JsonStructureMessage
from pysdmx.model import Codelist, DataStructureDefinition, DataType, decoders
from pysdmx.model.message import StructureMessage

from reports.release.cube import KEYS, NUMBERS
from reports.release.labels import Labels
from reports.release.sdmx import MEASURES, code_of, identity, sdmx_parts, structure_json
from tests.reports.release.sample import MANIFEST, cells, sample

LANGUAGES = ("en", "fr", "ar")


def read(content: bytes) -> StructureMessage:
    return msgspec.json.Decoder(JsonStructureMessage, dec_hook=decoders).decode(content).to_model()


def test_every_observation_follows_the_structure_as_another_reader_reads_it(tmp_path: Path) -> None:
    cube = sample(tmp_path)
    content = structure_json(cube, [Labels(cube.manifest, code) for code in LANGUAGES])

    message = read(content)

    [definition] = [each for each in message.structures or () if isinstance(each, DataStructureDefinition)]
    rows = list(csv.DictReader(io.StringIO(b"".join(sdmx_parts(cube)).decode())))
    parts = definition.components
    assert [part.id for part in parts] == list(rows[0])[3:]
    assert {row["STRUCTURE_ID"] for row in rows} == {f"FOURWARD:{identity(cube.manifest)}(1.0.0)"}
    for part in (*parts.dimensions, *parts.attributes):
        if part.id == "TIME_PERIOD":
            assert part.dtype is DataType.YEAR
            continue
        listed = part.enumeration
        assert isinstance(listed, Codelist)
        assert {row[part.id] for row in rows} <= {code.id for code in listed.codes}
    for measure in parts.measures:
        assert not measure.required
        written = [row[measure.id] for row in rows if row[measure.id]]
        assert all(
            float(each) == int(each) if measure.dtype is DataType.INTEGER else float(each) >= 0 for each in written
        )
    assert len({tuple(row[part.id] for part in parts.dimensions) for row in rows}) == len(rows) == len(cells())


def test_measures_are_those_of_the_cells_and_absent_where_they_are_held_back(tmp_path: Path) -> None:
    given = {tuple(code_of(cell[key]) for key in KEYS): cell for cell in cells()}

    for row in csv.DictReader(io.StringIO(b"".join(sdmx_parts(sample(tmp_path))).decode())):
        cell = given[row["TIME_PERIOD"], *(row[key.upper()] for key in KEYS[1:])]
        assert (row["CONF_STATUS"], row["OBS_STATUS"]) == (("C", "Q") if cell["status"] == "C" else ("F", "A"))
        for name in NUMBERS:
            text = row[MEASURES[name]]
            assert (float(text) if text else None) == pytest.approx(cell[name])


def test_codes_have_names_in_each_language_and_stand_under_their_section(tmp_path: Path) -> None:
    cube = sample(tmp_path)
    message = read(structure_json(cube, [Labels(MANIFEST, code) for code in LANGUAGES]))

    lists = {each.id: each for each in message.structures or () if isinstance(each, Codelist)}
    industry = {code.id: code for code in lists["CL_INDUSTRY"].codes}
    assert set(industry) == set(cube.codes("industry"))
    assert industry["C13"].name == "Manufacture of textiles"
    assert '"ar": "الصناعة التحويلية"' in structure_json(cube, [Labels(MANIFEST, code) for code in LANGUAGES]).decode()
    assert '"parent": "C"' in structure_json(cube, [Labels(MANIFEST, "en")]).decode()


def test_codes_that_sdmx_cannot_write_are_written_apart() -> None:
    assert code_of("D:process.planning") == "D_process_planning"
    assert code_of("MY-01") == "MY-01"
    assert code_of("_T") == "_T"
    assert len({code_of(code) for code in ("D:a.b", "Q:a.b", "D:a-b", "D:a/b", "D:a")}) == 5
