"""A release as a workbook that is ready to read: cover, contents, notes, a sheet for each table, the data, quality."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.release.about import HELD_SIGN, LICENCE, citation, covered, facts
from reports.release.cube import (
    COLUMNS,
    FIGURES,
    HELD_BACK,
    KEYS,
    SHARES,
    SHOWN,
    SIDES,
    STATUS,
    TRAITS,
    Cube,
    CubeTable,
)
from reports.release.labels import N_, Labels
from reports.workbook import Cell, Column, Sheet, workbook

FEW_SIGN, NONE_SIGN = "…", "–"
MOST_DATA = 5_000  # rows of the sheet of data: more open slowly, and are in the CSV
# The tables that every reader asks for: rows, columns, figure, indicator. What a release does not hold is left out.
TABLES: tuple[tuple[str, str, str, str], ...] = (
    ("section", "", "mean", "overall"),
    ("division", "", "mean", "overall"),
    ("size", "", "mean", "overall"),
    ("region", "", "mean", "overall"),
    ("ownership", "", "mean", "overall"),
    ("basis", "", "mean", "overall"),
    ("wave", "", "mean", "overall"),
    ("section", "", "median", "overall"),
    ("section", "", "shares", "profile"),
    ("size", "", "shares", "profile"),
    ("dimension", "", "mean", ""),
    ("section", "dimension", "mean", ""),
    ("size", "dimension", "mean", ""),
    ("region", "dimension", "mean", ""),
    ("section", "size", "mean", "overall"),
    ("question", "", "shares", ""),
    ("technology", "size", "yes", ""),
    ("technology", "section", "yes", ""),
    ("action", "size", "yes", ""),
    ("action", "section", "yes", ""),
    ("hindrance", "size", "yes", ""),
    ("hindrance", "section", "yes", ""),
)
NOTES: tuple[str, ...] = (
    N_("Figures are of the firms that took part. They are not a sample of all firms, and the intervals do not tell "
       "how far they differ from the others."),
    N_("The 95 % interval holds if firms that were not assessed are like the assessed ones of their kind."),
    N_("Numbers of firms are rounded. Firms of one enterprise group count as one."),
    N_("The sheet of data has every cell; of a large release those by one group alone. The CSV has all."),
    N_("Where intervals overlap nobody can say who is ahead: read groups, not ranks."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A table of the workbook: its title, and its sheet."""

    title: str
    sheet: Sheet


def release_workbook(cube: Cube, labels: Labels, address: str = "", more: Sequence[Sheet] = ()) -> bytes:
    """The workbook in one language. A cell that is held back has a sign instead of a figure; a note tells why.

    `more` are tables that stand behind its own, each with its title over the first column; they are numbered on.
    """
    say = labels.wording.gettext
    tables = [_told(cube, labels, number, table) for number, table in enumerate(_held(cube), 1)]
    for number, sheet in enumerate(more, len(tables) + 1):
        named = replace(sheet, name=say("Table %(number)s", number=str(number)))
        tables.append(Told(sheet.columns[0].head, named))
    contents = Sheet(
        say("Contents"),
        (Column(say("Sheet"), "text", 10), Column(say("Table"), "text", 80)),
        tuple((each.sheet.name, each.title) for each in tables),
    )
    sheets = [_cover(cube, labels, address), contents, _notes(cube, labels), *(each.sheet for each in tables)]
    sheets += [_data(cube, labels), _quality(cube, labels)]
    release = cube.manifest.get("release", {})
    day = str(release.get("made_at", ""))[:10]
    return workbook(sheets, title=str(release.get("title", "")), day=day, is_rtl=labels.wording.is_rtl)


def _held(cube: Cube) -> Iterator[CubeTable]:
    kinds = {kind: (kind,) for kind in ("dimension", "question", *TRAITS)}
    for rows, columns, figure, indicator in TABLES:
        wanted = [side for side in (rows, columns) if side in kinds]
        if any(not cube.indicators(*kinds[side]) for side in wanted):
            continue
        if indicator and indicator not in cube.codes("indicator"):
            continue
        table = cube.table(rows, columns, figure=figure, indicator=indicator or "overall")
        if table.is_held:
            yield table


def _told(cube: Cube, labels: Labels, number: int, table: CubeTable) -> Told:
    say = labels.wording.gettext
    what = labels.of("indicator", table.fixed["indicator"]) if "indicator" in table.fixed else ""
    sides = [labels.side(side) for side in (table.row_side, table.column_side) if side]
    parts = [what, labels.figure(table.figure), say("by %(sides)s", sides=labels.wording.listed(sides))]
    title = " · ".join([part for part in parts if part] + ([table.fixed["wave"]] if "wave" in table.fixed else []))
    heads, rows = _crossed(table, labels) if table.column_side else _listed(table, labels)
    name = say("Table %(number)s", number=str(number))
    return Told(title, Sheet(name, (Column(title, "text", 44), *heads), rows, 1, HELD_SIGN))


def _listed(table: CubeTable, labels: Labels) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """One side: a column for each figure, and the number of firms."""
    indicator = table.fixed.get("indicator", table.rows[0])
    if table.figure == "shares":
        many = labels.level_count(indicator)
        names, form = SHARES[:many], "share"
        heads = tuple(Column(head, form, 14) for head in labels.levels(indicator, many))
    else:
        names = tuple(name for name in FIGURES[table.figure] if name != "n")
        form = "share" if FIGURES[table.figure][0] in SHARES else "one"
        heads = tuple(Column(labels.column(name), form, 14) for name in names)
    rows = [
        (_name(table, place, labels), *(_cell(table, place, 0, name) for name in names), _cell(table, place, 0, "n"))
        for place in range(len(table.rows))
    ]
    return (*heads, Column(labels.column("n"), "whole", 10)), tuple(rows)


def _crossed(table: CubeTable, labels: Labels) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """Two sides: for each column the figure and the number of firms."""
    first = FIGURES[table.figure][0]
    form = "share" if first in SHARES else "whole" if first == "n" else "one"
    heads: list[Column] = []
    for code in table.columns:
        name = labels.coded(SIDES[table.column_side], code)
        heads += [Column(name, form, 14), Column(f"{name}: {labels.column('n')}", "whole", 10)]
    rows = []
    for row in range(len(table.rows)):
        cells: list[Cell] = [_name(table, row, labels)]
        for column in range(len(table.columns)):
            cells += [_cell(table, row, column, first), _cell(table, row, column, "n")]
        rows.append(tuple(cells))
    return tuple(heads), tuple(rows)


def _name(table: CubeTable, row: int, labels: Labels) -> str:
    return labels.coded(SIDES[table.row_side], table.rows[row])


def _cell(table: CubeTable, row: int, column: int, name: str) -> Cell:
    status = table.status[row, column]
    if status != SHOWN:
        return HELD_SIGN if status == HELD_BACK else NONE_SIGN
    value = float((table.n if name == "n" else table.figures[name])[row, column])
    if value != value:
        return FEW_SIGN
    return value / 100 if name in SHARES else int(value) if name == "n" else value


def _cover(cube: Cube, labels: Labels, address: str) -> Sheet:
    say, manifest = labels.wording.gettext, cube.manifest
    release = manifest.get("release", {})
    sha256 = str(manifest.get("cube_sha256", ""))
    rows: list[tuple[Cell, ...]] = [(fact.label, fact.text) for fact in facts(manifest, labels)[0]]
    rows += [
        (say("Citation"), citation(manifest, labels, address, sha256)),
        *([(say("Permanent link"), address)] if address else []),
        (say("Licence"), LICENCE),
        (say("SHA-256 of the cells"), sha256),
    ]
    heading = str(release.get("title", "")) or str(release.get("programme", ""))
    return Sheet(say("Cover"), (Column(heading, "text", 30), Column("", "text", 90)), tuple(rows))


def _notes(cube: Cube, labels: Labels) -> Sheet:
    say = labels.wording.gettext
    threshold = labels.wording.count(int(cube.manifest.get("rules", {}).get("threshold", 10)))
    held = say("Held back: fewer than %(n)s firms, or somebody could work out such a figure from what is shown.",
               n=threshold)  # fmt: skip
    signs = ((HELD_SIGN, held), (FEW_SIGN, say("Too few firms for this figure, or it is not told of them.")),
             (NONE_SIGN, say("No firms, or not in this release.")))  # fmt: skip
    rows = (*signs, *(("", say(note)) for note in NOTES))
    return Sheet(say("Notes"), (Column(say("Sign"), "text", 8), Column(say("What it means"), "text", 110)), rows)


def _data(cube: Cube, labels: Labels) -> Sheet:
    """Every cell; of a release too large for a sheet those of all firms together by one group, in every year."""
    say = labels.wording.gettext
    cells = cube.manifest.get("cells", {})
    is_large = int(cells.get("shown", 0)) + int(cells.get("held_back", 0)) > MOST_DATA
    forms: Mapping[str, str] = {"n": "whole"} | dict.fromkeys(SHARES, "share")
    columns = [Column(labels.column(name), "text", 16) for name in (*KEYS, "status")]
    columns += [Column(labels.column(name), forms.get(name, "one"), 10) for name in COLUMNS[STATUS + 1 :]]
    rows = [
        (*(labels.coded(name, code) if name != "wave" else code for name, code in zip(KEYS, cell, strict=False)),
         HELD_SIGN if cell[STATUS] == HELD_BACK else labels.status(SHOWN),
         *(_figure(name, value) for name, value in zip(COLUMNS[STATUS + 1 :], cell[STATUS + 1 :], strict=True)))
        for cell in cube.cells()
        if not is_large or sum(code != "_T" for code in cell[1 : STATUS - 1]) <= 1
    ]  # fmt: skip
    return Sheet(say("Data"), tuple(columns), tuple(rows[:1_000_000]), STATUS + 1, HELD_SIGN)


def _figure(name: str, value: float | None) -> Cell:
    return value if value is None or name not in SHARES else value / 100


def _quality(cube: Cube, labels: Labels) -> Sheet:
    say = labels.wording.gettext
    lists = facts(cube.manifest, labels)
    rows: list[tuple[Cell, ...]] = [(fact.label, fact.text, "", "", "") for told in lists[1:] for fact in told]
    for margin, groups in covered(cube.manifest, labels):
        rows.append((margin, "", "", "", ""))
        rows += [(each.name, each.register, each.firms, each.share, each.mean) for each in groups]
    heads = (say("What"), say("Business register"), say("In this release"), say("Share"),
             say("Weighted mean (interval)"))  # fmt: skip
    return Sheet(say("Quality"), tuple(Column(head, "text", 44) for head in heads), tuple(rows), 1, HELD_SIGN)
