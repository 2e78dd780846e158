"""Industries and regions: grouped by what can be told apart, never ranked; the map of industries by dimension."""

import itertools
from collections.abc import Sequence

from reports import charts
from reports.ministry.cells import Cell
from reports.ministry.dimensions import told
from reports.ministry.material import Material
from reports.ministry.view import Grid, Heat, HeatCell, HeatRow, Section, exhibit
from reports.workshop.view import Group, Key, Row, Table

MOST_COLUMNS = 20
STEP = 0.5  # of the scatter's columns, in points of a scale of five
SPREADS = (0.5, 0.75, 1.0)  # of the scatter's rows, in the same points


def build_industries(m: Material) -> Section | None:
    cells = m.industries()
    if not cells:
        return None
    w = m.words
    intro = (
        w.gettext(
            "Industries are grouped by whether their interval lies wholly above or below the mean of all firms. "
            "Inside a "
            "group they stand in the order of their codes: what cannot be told apart is not ranked."
        ),
    )
    found = [exhibit(_table(m, "industry", cells, industry_finding(m), w.gettext("Industry")))]
    heat, grid = _heat(m, cells), _grid(m, cells)
    found += [exhibit(each) for each in (heat, grid) if each is not None]
    return Section("industries", w.gettext("Industries"), intro, tuple(found))


def build_regions(m: Material) -> Section | None:
    cells = m.along("region")
    if not cells:
        return None
    w = m.words
    table = _table(m, "region", cells, region_finding(m), w.gettext("Region"))
    return Section("regions", w.gettext("Regions"), (), (exhibit(table),))


def industry_finding(m: Material) -> str:
    w = m.words
    above, open_, below, _ = m.clear_groups(m.industries())
    if not above and not below:
        return w.gettext("No industry can be told apart from all firms together")
    return w.gettext(
        "Industries clearly above all firms: %(above)s; clearly below: %(below)s; not to be told apart: %(open)s",
        above=w.count(len(above)), below=w.count(len(below)), open=w.count(len(open_)),
    )  # fmt: skip


def region_finding(m: Material) -> str:
    w = m.words
    above, open_, below, _ = m.clear_groups(m.along("region"))
    if not above and not below:
        return w.gettext("No region can be told apart from all firms together")
    return w.gettext(
        "Regions clearly above all firms: %(above)s; clearly below: %(below)s; not to be told apart: %(open)s",
        above=w.count(len(above)), below=w.count(len(below)), open=w.count(len(open_)),
    )  # fmt: skip


def _table(m: Material, column: str, cells: list[tuple[str, Cell]], finding: str, head: str) -> Table:
    w = m.words
    above, open_, below, held = m.clear_groups(cells)
    titles = (
        (w.gettext("Clearly above all firms"), above),
        (w.gettext("Not to be told apart from all firms"), open_),
        (w.gettext("Clearly below all firms"), below),
    )
    every = Row(
        w.gettext("All firms"), (m.n(m.all_firms), told(m, m.all_firms)), marks=m.mark(m.all_firms), is_strong=True
    )
    groups = [Group(title, tuple(_row(m, column, *each) for each in found)) for title, found in titles if found]
    if held:
        groups.append(Group(w.gettext("Held back"), (Row(_named(m, column, held), ("–", m.held_back)),)))
    heads = (head, w.gettext("n"), w.gettext("Mean (interval)"))
    keys = (Key("o0", w.gettext("mean")), Key("bd", w.gettext("95 % interval")))
    return Table("ministry wide", finding, heads, (every,), tuple(groups), m.ticks, keys, m.source())


def _row(m: Material, column: str, code: str, cell: Cell) -> Row:
    return Row(m.name(column, code), (m.n(cell), told(m, cell)), marks=m.mark(cell))


def _named(m: Material, column: str, cells: Sequence[tuple[str, Cell]]) -> str:
    """Many in one line: industries by their codes, whose names are long."""
    return ", ".join(code if column == "industry" else m.name(column, code) for code, _ in cells)


def _heat(m: Material, cells: list[tuple[str, Cell]]) -> Heat | None:
    leaves = m.leaves[:MOST_COLUMNS]
    if not leaves:
        return None
    w = m.words
    every = HeatRow(w.gettext("All firms"), tuple(heat_cell(m, m.cell(f"D:{d.id}")) for d in leaves), is_strong=True)
    of_code = {code: tuple(heat_cell(m, m.cell(f"D:{d.id}", industry=code)) for d in leaves) for code, _ in cells}
    told_of = {code: found for code, found in of_code.items() if not all(each.is_held for each in found)}
    rows = tuple(HeatRow(m.name("industry", code), found) for code, found in told_of.items())
    hidden = [each for each in cells if each[0] not in told_of]
    numbers = tuple(w.count(place + 1) for place in range(len(leaves)))
    columns = tuple(w.pgettext("a number and a title", "%(number)s: %(title)s", number=number, title=d.title)
                    for number, d in zip(numbers, leaves, strict=True))  # fmt: skip
    tones = tuple(Key(f"t{tone}", text) for tone, text in enumerate(_tones(m)))
    keys = (*tones, Key("held", m.held_back))
    return Heat(heat_finding(m, cells), w.gettext("Industry"), numbers, (every, *rows), columns, keys, m.source(
        w.gettext(
            "Means. Without intervals: which figures can be told apart is in the tables before and in the "
            "downloads."
        )
        + (" " + w.gettext("Held back whole: %(codes)s.", codes=_named(m, "industry", hidden)) if hidden else "")
    ))  # fmt: skip


def _tones(m: Material) -> list[str]:
    w, step = m.words, (m.scale.max - m.scale.min) / charts.TONES
    ends = [m.scale.min + step * tone for tone in range(charts.TONES + 1)]
    below = [
        w.gettext("%(low)s to below %(high)s", low=w.plain(a), high=w.plain(b)) for a, b in itertools.pairwise(ends)
    ]
    return [*below, w.plain(m.scale.max)]


def heat_cell(m: Material, cell: Cell | None) -> HeatCell:
    if cell is None:
        return HeatCell("–")
    if cell.mean is None:
        return HeatCell(m.words.pgettext("a figure held back, in one letter", "c"), is_held=True)
    return HeatCell(m.score(cell.mean), charts.tone(m.scale, cell.mean))


def heat_finding(m: Material, cells: Sequence[tuple[str, Cell]]) -> str:
    """The lowest figure that is clearly below its dimension over all firms, and how many such cells there are."""
    w, low = m.words, []
    for d in m.leaves[:MOST_COLUMNS]:
        every = m.shown(f"D:{d.id}")
        for code, _ in cells:
            cell = m.shown(f"D:{d.id}", industry=code)
            if cell.mean is not None and m.is_above(every, cell):
                low.append((cell.mean, code, d.title))
    if not low:
        return w.gettext("No industry is clearly below all firms in any dimension")
    mean, code, title = min(low)
    said = {"industry": m.name("industry", code), "title": title, "mean": m.score(mean)}
    return w.ngettext(
        "%(n)s cell is clearly below all firms: %(industry)s in %(title)s (%(mean)s)",
        "%(n)s cells are clearly below all firms; the lowest mean among them: %(industry)s in %(title)s (%(mean)s)",
        len(low), **said,
    )  # fmt: skip


def _grid(m: Material, cells: list[tuple[str, Cell]]) -> Grid | None:
    """Industries by their mean and by how far their firms lie apart."""
    w, unit = m.words, (m.scale.max - m.scale.min) / 5
    told_ = [(code, cell) for code, cell in cells if cell.mean is not None and cell.sd is not None]
    if len(told_) < 3:
        return None
    step = STEP * unit
    columns = [int((cell.mean - m.scale.min) / step + 1e-9) for _, cell in told_ if cell.mean is not None]
    span = range(min(columns), max(columns) + 1)
    heads = tuple(
        w.gettext("%(low)s to below %(high)s", low=w.number(m.scale.min + c * step, 1),
                  high=w.number(m.scale.min + (c + 1) * step, 1)) for c in span
    )  # fmt: skip
    ends = [edge * unit for edge in SPREADS]
    names = [w.gettext("below %(high)s", high=w.plain(ends[0]))]
    names += [
        w.gettext("%(low)s to below %(high)s", low=w.plain(a), high=w.plain(b)) for a, b in itertools.pairwise(ends)
    ]
    names.append(w.gettext("%(low)s and more", low=w.plain(ends[-1])))
    spot = [sum((cell.sd or 0) >= edge - 1e-9 for edge in ends) for _, cell in told_]
    rows = []
    for place in reversed(range(len(names))):
        inside = [
            [code for (code, _), c, s in zip(told_, columns, spot, strict=True) if c == at and s == place]
            for at in span
        ]
        rows.append((names[place], tuple(w.left_to_right(", ".join(codes)) if codes else "" for codes in inside)))
    caption = w.gettext(
        "Where firms of an industry are alike, one offer may fit all; where they lie far apart, it will not"
    )
    return Grid(caption, w.gettext("Mean readiness"), w.gettext("Standard deviation"), heads, tuple(rows), m.source(
        w.gettext("Codes of industries as above; the standard deviation says how far firms of one industry lie apart.")
    ))  # fmt: skip
