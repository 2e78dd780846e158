"""The dimensions: where firms are strong and weak, and how far small and large firms are apart in each."""

from reports import charts
from reports.ministry.cells import Cell
from reports.ministry.material import Material
from reports.ministry.view import Section, exhibit
from reports.workshop.view import Group, Key, Mark, Row, Table

SMALLEST, LARGEST = ("micro", "small"), ("large", "medium")


def build_dimensions(m: Material) -> Section | None:
    if not m.leaves:
        return None
    w = m.words
    heads = (w.gettext("Dimension"), w.gettext("n"), w.gettext("Mean (interval)"), w.gettext("Median (quartiles)"))
    groups = tuple(
        Group(_factor(m, factor.id, factor.title), tuple(_row(m, d.title, m.shown(f"D:{d.id}")) for d in below))
        for factor in m.factors
        if (below := [leaf for leaf in m.leaves if m.questionnaire.factor_of[leaf.id] is factor])
    )
    keys = (Key("o0", w.gettext("mean")), Key("bd", w.gettext("95 % interval")))
    table = Table("ministry", finding(m), heads, (_row(m, w.gettext("Overall readiness"), m.all_firms, True),), groups,
                  m.ticks, keys, m.source())  # fmt: skip
    found = [exhibit(table)]
    gap = _size_gap(m)
    if gap is not None:
        found.append(exhibit(gap))
    return Section("dimensions", w.gettext("Strong and weak dimensions"), (), tuple(found))


def _factor(m: Material, id: str, title: str) -> str:
    cell = m.shown(f"D:{id}")
    if cell.mean is None:
        return title
    return m.words.pgettext("a dimension and its mean", "%(title)s: %(mean)s (%(interval)s)", title=title,
                            mean=m.score(cell.mean), interval=m.interval(cell))  # fmt: skip


def _row(m: Material, head: str, cell: Cell, is_strong: bool = False) -> Row:
    if not cell.is_shown:
        return Row(head, (m.held_back, "–", "–"), is_strong=is_strong)
    return Row(head, (m.n(cell), told(m, cell), _quartiles(m, cell)), marks=m.mark(cell), is_strong=is_strong)


def told(m: Material, cell: Cell) -> str:
    """A mean with its interval behind it."""
    if cell.mean is None:
        return "–"
    if not cell.has_interval:
        return m.score(cell.mean)
    return m.words.pgettext("a mean and its interval", "%(mean)s (%(interval)s)", mean=m.score(cell.mean),
                            interval=m.interval(cell))  # fmt: skip


def _quartiles(m: Material, cell: Cell) -> str:
    if cell.p50 is None:
        return "–"
    if cell.p25 is None or cell.p75 is None:
        return m.score(cell.p50)
    return m.words.pgettext("a mean and its interval", "%(mean)s (%(interval)s)", mean=m.score(cell.p50),
                            interval=m.range(cell.p25, cell.p75))  # fmt: skip


def apart(m: Material) -> tuple[list[str], list[str]]:
    """The titles of the dimensions clearly below overall readiness, lowest first, and of those clearly above it."""
    cells = [(d.title, m.shown(f"D:{d.id}")) for d in m.leaves]
    below = sorted((c.mean or 0.0, title) for title, c in cells if m.is_above(m.all_firms, c))
    above = sorted((-(c.mean or 0.0), title) for title, c in cells if m.is_above(c, m.all_firms))
    return [title for _, title in below], [title for _, title in above]


def finding(m: Material) -> str:
    w, (below, above) = m.words, apart(m)
    if below and above:
        return w.gettext("Clearly below overall readiness: %(below)s; clearly above it: %(above)s",
                         below=w.listed(below[:3]), above=w.listed(above[:3]))  # fmt: skip
    if below:
        return w.gettext("Clearly below overall readiness: %(below)s", below=w.listed(below[:4]))
    if above:
        return w.gettext("Clearly above overall readiness: %(above)s", above=w.listed(above[:4]))
    return w.gettext("No dimension lies clearly apart from overall readiness")


def ends_of_size(m: Material) -> tuple[str, str] | None:
    """The smallest and the largest size that are shown."""
    shown = {code for code, cell in m.along("size") if cell.mean is not None}
    small = next((code for code in SMALLEST if code in shown), None)
    large = next((code for code in LARGEST if code in shown), None)
    return (small, large) if small and large else None


def gaps_by_size(m: Material) -> list[tuple[str, Cell, Cell, bool]]:
    """Every dimension with the cells of the smallest and the largest size, and whether they are clearly apart."""
    ends = ends_of_size(m)
    if ends is None:
        return []
    small, large = ends
    pairs = [(d.title, m.shown(f"D:{d.id}", size=small), m.shown(f"D:{d.id}", size=large)) for d in m.leaves]
    return [(title, one, other, m.is_above(other, one)) for title, one, other in pairs]


def size_finding(m: Material) -> str:
    """In how many dimensions the largest firms are clearly ahead, and where the most."""
    w, ends, pairs = m.words, ends_of_size(m), gaps_by_size(m)
    clear = [(large.mean - small.mean, title) for title, small, large, is_clear in pairs
             if is_clear and small.mean is not None and large.mean is not None]  # fmt: skip
    if ends is None:
        return ""
    names = {"small": m.name("size", ends[0]), "large": m.name("size", ends[1])}
    if not clear:
        return w.gettext("No dimension in which the two sizes %(small)s and %(large)s are clearly apart", **names)
    widest, title = max(clear)
    return w.gettext(
        "Size %(large)s is clearly ahead of size %(small)s in %(n)s of %(all)s dimensions; the most in %(title)s, by "
        "%(gap)s",
        **names, n=w.count(len(clear)), all=w.count(len(pairs)), title=title, gap=w.number(widest, 1),
    )  # fmt: skip


def _size_gap(m: Material) -> Table | None:
    w, ends = m.words, ends_of_size(m)
    if ends is None:
        return None
    rows = []
    for title, small, large, is_clear in gaps_by_size(m):
        difference = "–" if small.mean is None or large.mean is None else m.signed(large.mean - small.mean)
        said = w.pgettext("of a difference", "clear") if is_clear else w.pgettext("of a difference", "open")
        if small.mean is None or large.mean is None:
            said = m.held_back
        cells = (told(m, small), told(m, large), difference, said)
        rows.append(Row(title, cells, marks=(*_dot(m, small, 1), *_dot(m, large, 0))))
    heads = (w.gettext("Dimension"), m.name("size", ends[0]), m.name("size", ends[1]), w.gettext("Difference"),
             w.gettext("Clear?"))  # fmt: skip
    keys = (Key("o1", m.name("size", ends[0])), Key("o0", m.name("size", ends[1])))
    counts = [(m.name("size", code), m.shown(size=code)) for code in ends]
    n = w.pgettext("between facts", "; ").join(
        w.pgettext("a size and its firms", "%(size)s: n = %(n)s", size=size, n=m.n(cell)) for size, cell in counts
    )
    return Table("sizes", size_finding(m), heads, tuple(rows), ticks=m.ticks, keys=keys, source=m.source(n + "."))


def _dot(m: Material, cell: Cell, tone: int) -> tuple[Mark, ...]:
    return () if cell.mean is None else (Mark(charts.place(m.scale, cell.mean), tone),)
