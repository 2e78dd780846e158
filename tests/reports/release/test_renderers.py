"""Whatever tells of a release holds back the same cells, and has no figure of theirs; and no text in it is ever run."""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from assessment.csv_sheets import FORMULA
from reports.columns_file import read_columns
from reports.release.about import HELD_SIGN, covered, facts
from reports.release.csv_file import csv_parts, heads, table_csv
from reports.release.csvw import csvw_json
from reports.release.cube import COLUMNS, HELD_BACK, KEYS, NUMBERS, Cube
from reports.release.labels import Labels
from reports.release.sdmx import MEASURES, code_of, sdmx_parts
from reports.release.workbook import release_workbook
from tests.reports.release.sample import HARM, sample

Key = tuple[str, ...]
Told = dict[Key, tuple[str, list[Any]]]  # of each cell whether it is shown, and its figures


def in_parquet(cube: Cube) -> Told:
    read = read_columns(cube.path, COLUMNS)
    cells = zip(*read.values(), strict=True)
    return {tuple(cell[:7]): (cell[7], [each for each in cell[8:] if each is not None]) for cell in cells}


def in_csv(cube: Cube, code: str = "en") -> Told:
    text = b"".join(csv_parts(cube, Labels(cube.manifest, code))).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text))
    return {
        tuple(row[key] for key in KEYS): (row["status"], [float(row[name]) for name in NUMBERS if row[name]])
        for row in rows
    }


def in_sdmx(cube: Cube) -> Told:
    original = {code_of(code): code for code in cube.codes("indicator")}
    rows = csv.DictReader(io.StringIO(b"".join(sdmx_parts(cube)).decode()))
    return {
        (row["TIME_PERIOD"], *(row[key.upper()] for key in KEYS[1:-1]), original[row["INDICATOR"]]): (
            row["CONF_STATUS"],
            [float(row[measure]) for measure in MEASURES.values() if row[measure]],
        )
        for row in rows
    }


def in_workbook(cube: Cube, code: str = "en") -> Told:
    labels = Labels(cube.manifest, code)
    book = openpyxl.load_workbook(io.BytesIO(release_workbook(cube, labels)), read_only=True)
    codes = {key: {labels.coded(key, each): each for each in cube.codes(key)} for key in KEYS[1:]} | {"wave": {}}
    found: Told = {}
    for row in book[labels.wording.gettext("Data")].iter_rows(min_row=2, values_only=True):
        keys = tuple(codes[key].get(str(text), str(text)) for key, text in zip(KEYS, row, strict=False))
        figures = [cell for cell in row[8:] if cell is not None]
        found[keys] = ("C" if row[7] == HELD_SIGN else "F", figures)
    return found


def in_tables(cube: Cube) -> Told:
    """What the tables of the explorer show."""
    found: Told = {}
    for wave in cube.codes("wave"):
        for size in cube.codes("size"):
            for indicator in cube.indicators("overall", "dimension"):
                table = cube.table("division", "region", indicator=indicator, wave=wave, size=size)
                for row, industry in enumerate(table.rows):
                    for column, region in enumerate(table.columns):
                        values = [table.n[row, column], *(each[row, column] for each in table.figures.values())]
                        status = str(table.status[row, column])
                        if status:
                            key = (wave, industry, size, region, "_T", "_T", indicator)
                            found[key] = (status, [value for value in values if value == value])
    return found


RENDERERS: Mapping[str, Callable[[Cube], Told]] = {
    "parquet": in_parquet,
    "csv": in_csv,
    "csv in arabic": lambda cube: in_csv(cube, "ar"),
    "sdmx": in_sdmx,
    "workbook": in_workbook,
    "workbook in arabic": lambda cube: in_workbook(cube, "ar"),
    "tables": in_tables,
}


@pytest.mark.parametrize("name", RENDERERS)
def test_every_renderer_holds_back_the_same_cells_and_has_no_figure_of_theirs(tmp_path: Path, name: str) -> None:
    cube = sample(tmp_path)
    given = {tuple(cell[:7]): cell[7] for cell in cube.cells()}

    told = RENDERERS[name](cube)

    if name == "tables":
        given = {key: status for key, status in given.items() if key in told}
        assert len(given) > 600
    assert {key: status for key, (status, _) in told.items()} == given
    held_back = [key for key, status in given.items() if status == HELD_BACK]
    assert len(held_back) > 50
    assert {key: told[key][1] for key in held_back} == {key: [] for key in held_back}
    assert all(told[key][1] for key, status in given.items() if status != HELD_BACK)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_sheets_of_tables_mark_what_is_held_back_and_explain_it(tmp_path: Path, language: str) -> None:
    cube = sample(tmp_path)
    labels = Labels(cube.manifest, language)

    book = openpyxl.load_workbook(io.BytesIO(release_workbook(cube, labels, "https://example.org/releases/3")))

    pages = book.worksheets
    assert [bool(page.sheet_view.rightToLeft) for page in pages] == [language == "ar"] * len(pages)
    contents = [row[0].value for row in pages[1].iter_rows(min_row=2)]
    assert contents == [page.title for page in pages[3:-2]]
    assert any(row[0].value == HELD_SIGN for row in pages[2].iter_rows(min_row=2))
    table = cube.table("section", "dimension")
    titles = [str(row[1].value) for row in pages[1].iter_rows(min_row=2)]
    index = next(
        k for k, title in enumerate(titles) if labels.side("dimension") in title and labels.side("section") in title
    )
    page = pages[3 + index]
    signs = [[cell.value == HELD_SIGN for cell in row[1::2]] for row in page.iter_rows(min_row=2)]
    assert signs == [[status == HELD_BACK for status in row] for row in table.status]
    assert page.freeze_panes == "B2"
    assert page["B2"].number_format == "#,##0.0"
    assert any(row[1].value == "https://example.org/releases/3" for row in pages[0].iter_rows())


def test_groups_of_the_register_that_are_held_back_have_a_sign(tmp_path: Path) -> None:
    cube = sample(tmp_path)
    [small, _] = cube.manifest["coverage"]["margins"]["size"]
    weighted = small | {"weighted_mean": 1.8, "low": 1.6, "high": 2.0}
    coverage = cube.manifest["coverage"] | {
        "margins": {"size": [weighted, {"code": "large", "frame": 50, "status": "C"}]}
    }
    cube = Cube(cube.path, {**cube.manifest, "coverage": coverage})

    book = openpyxl.load_workbook(io.BytesIO(release_workbook(cube, Labels(cube.manifest, "en"))))

    rows = {row[0].value: [cell.value for cell in row[1:]] for row in book["Quality"].iter_rows()}
    assert rows["Small"] == ["3,000", "300", "10%", "1.8 (1.6 to 2.0)"]
    assert rows["Large"] == ["50", HELD_SIGN, HELD_SIGN, HELD_SIGN]


def test_a_large_release_has_its_one_way_cells_in_the_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.release.workbook.MOST_DATA", 100)
    cube = sample(tmp_path)

    told = in_workbook(cube)

    assert set(told) == {cell[:7] for cell in cube.cells() if sum(code != "_T" for code in cell[1:6]) <= 1}


def test_no_text_of_a_release_is_run_by_a_spreadsheet(tmp_path: Path) -> None:
    cube = sample(tmp_path)
    labels = Labels(cube.manifest, "en")

    rows = list(csv.reader(io.StringIO(b"".join(csv_parts(cube, labels)).decode("utf-8-sig"))))
    texts = {cell for row in rows for cell in row if cell and not cell.replace(".", "", 1).isdigit()}
    assert f"'{HARM}" in texts
    assert "'@How is training planned?" in texts
    assert not [text for text in texts if text.startswith(FORMULA)]
    with zipfile.ZipFile(io.BytesIO(release_workbook(cube, labels))) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
        assert any(b"=HYPERLINK" in parts.read(name) for name in parts.namelist())


def test_numbers_keep_their_sign_and_texts_alone_are_marked(tmp_path: Path) -> None:
    parts = b"".join(csv_parts(sample(tmp_path), Labels({}, "en"), marked=False))

    assert not parts.startswith(b"\xef\xbb\xbf")
    assert parts.startswith(b"wave,industry,industry_name,")


def test_the_description_of_the_csv_fits_the_file(tmp_path: Path) -> None:
    """The rules of CSVW that matter to a reader: each head is a title of its column, each value of its type."""
    cube = sample(tmp_path)
    names = [Labels(cube.manifest, code) for code in ("en", "fr", "ar")]
    told = json.loads(csvw_json(cube, "tables-en.csv", "0" * 64, "en", names))
    text = b"".join(csv_parts(cube, names[0])).decode("utf-8-sig")
    [head, *rows] = csv.reader(io.StringIO(text))

    columns = told["tableSchema"]["columns"]
    assert told["url"] == "tables-en.csv"
    assert told["@context"][0] == "http://www.w3.org/ns/csvw"
    assert told["dc:license"]["@id"].startswith("https://creativecommons.org/")
    assert [column["name"] for column in columns] == head == list(heads())
    assert all(column["name"] in column["titles"]["en"] for column in columns)
    place = {name: number for number, name in enumerate(head)}
    keys = [tuple(row[place[key]] for key in told["tableSchema"]["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys)
    for column in columns:
        values = {row[place[column["name"]]] for row in rows}
        assert not (column.get("required") and "" in values)
        kind = column["datatype"]["base"] if isinstance(column["datatype"], dict) else column["datatype"]
        if kind in ("integer", "decimal", "gYear"):
            numbers = [float(value) for value in values if value]
            assert all(value >= 0 and (kind == "decimal" or value == int(value)) for value in numbers)


def test_figures_have_the_digits_they_were_rounded_to_in_every_file(tmp_path: Path) -> None:
    """A mean of 2.1 is stored in single precision, and that is 2.0999999046: nobody is to read it so."""
    cube = sample(tmp_path)
    labels = Labels(cube.manifest, "en")
    of_table = table_csv(cube.table("section", "dimension"), labels)
    files = [b"".join(csv_parts(cube, labels)), b"".join(sdmx_parts(cube)), of_table]

    for content in files:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        scores = [row.get("mean") or row.get("MEAN") or "" for row in rows]
        assert any("." in score and not score.endswith(".0") for score in scores)
        assert max(len(score) for score in scores) <= 4
        assert all((row.get("n") or row.get("FIRMS") or "0").isdigit() for row in rows)
    book = openpyxl.load_workbook(io.BytesIO(release_workbook(cube, labels)))
    numbers = [cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "n"]
    assert all(len(str(number)) <= 8 for number in numbers if number is not None)


def test_shares_of_crossed_tables_are_per_cents_in_the_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.release.workbook.TABLES", (("section", "size", "s1", "overall"),))
    cube = sample(tmp_path)

    page = openpyxl.load_workbook(io.BytesIO(release_workbook(cube, Labels(cube.manifest, "en")))).worksheets[3]

    assert [page.cell(2, column).number_format for column in (2, 3)] == ["0%", "#,##0"]


def test_groups_of_the_register_stand_in_the_order_of_every_table(tmp_path: Path) -> None:
    manifest = dict(sample(tmp_path).manifest)
    rows = [{"code": code, "frame": 9, "status": "C"} for code in ("large", "medium", "micro", "small")]
    manifest["coverage"] = {"margins": {"size": rows}}

    [(_, groups)] = covered(manifest, Labels(manifest, "en"))

    assert [each.name for each in groups] == ["Micro", "Small", "Medium", "Large"]


def test_firms_that_come_every_year_are_not_added_up_over_the_years() -> None:
    by_wave = {"2025": {"firms": 900, "self": 865, "verified": 35}, "2026": {"firms": 900, "self": 850, "verified": 50}}
    manifest = {"population": {"firms": 1800, "self": 1715, "verified": 85, "by_wave": by_wave}}

    told = {fact.label: fact.text for fact in facts(manifest, Labels(manifest, "en"))[1]}

    assert told == {
        "Firms in 2025": "about 900",
        "Firms in 2026": "about 900",
        "Assessed by the firm itself": "2025: about 865; 2026: about 850",
        "Verified by an assessor": "2025: about 35; 2026: about 50",
    }
