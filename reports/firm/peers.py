"""Beside its peers: every dimension of the firm and what a published release shows of firms like it."""

from assessment.peer_benchmarks import ALL, OVERALL, Benchmark, PeerCell
from reports import charts
from reports.firm.material import Material
from reports.firm.profile import walk
from reports.firm.view_parts import Fact, Figure
from reports.firm.view_peers import PeerRow, PeersSection
from reports.firm.view_scores import Stretch, Track
from scoring.readiness import NodeScore


def build_peers(m: Material) -> PeersSection | None:
    """None without a published release that shows anything of a group the firm is in."""
    found = m.result.benchmark
    if found is None:
        return None
    w = m.words
    cells = {cell.indicator: cell for cell in found.cells}
    rows = [
        _row(m, found, cells[f"D:{each.id}"], each.title, depth, m.readiness.nodes[each.id])
        for depth, each in walk(m.questionnaire.dimensions)
        if f"D:{each.id}" in cells and m.counts_of(each).asked
    ]
    rows.append(_row(m, found, found.overall, w.gettext("Overall"), 0, m.readiness.overall))
    return PeersSection(
        id="peers",
        title=w.gettext("Beside its peers"),
        intro=_intro(m, found),
        figure=Figure(_finding(m, found.overall), _source(m, found)),
        heads=(
            w.gettext("Dimension"), w.gettext("This firm"), w.gettext("Peers: mean (95 % interval)"),
            w.gettext("Median (quartiles)"), w.gettext("Firms"),
        ),
        ticks=tuple(m.points(tick) for tick in charts.ticks(m.scale)),
        rows=tuple(rows),
        legend=(
            Fact("today", w.pgettext("legend", "this firm")),
            Fact("target", w.pgettext("legend", "mean of its peers")),
            Fact("band", w.pgettext("legend", "the middle half of them")),
        ),
        link=found.link,
        link_text=w.gettext("All tables of this release"),
    )  # fmt: skip


def _intro(m: Material, found: Benchmark) -> tuple[str, ...]:
    w, cell = m.words, found.overall
    said = {"n": w.count(cell.n), "group": _group(m, found, cell), "year": found.wave}
    sentences = [w.gettext("About %(n)s firms of %(year)s: %(group)s.", **said)]
    if not found.is_narrowest:
        sentences.append(
            w.gettext("Of a narrower group nothing is published, so that no single firm can be recognised.")
        )
    sentences.append(w.gettext("They took part of their own will: they are no sample, and do not stand for all firms."))
    return tuple(sentences)


def _group(m: Material, found: Benchmark, cell: PeerCell) -> str:
    """Whom a cell is of: an industry, a size, both, or everybody."""
    w = m.words
    parts = [] if cell.industry == ALL else [dict(found.names).get(cell.industry, cell.industry)]
    sizes = {
        "micro": w.gettext("micro firms"),
        "small": w.gettext("small firms"),
        "medium": w.gettext("medium-sized firms"),
        "large": w.gettext("large firms"),
    }
    if cell.size != ALL:
        parts.append(sizes[cell.size])
    return w.pgettext("between facts", "; ").join(parts) or w.gettext("all firms of the release")


def _finding(m: Material, cell: PeerCell) -> str:
    said = {"own": m.score(m.readiness.overall.score), "mean": _mean(m, cell)}
    return m.words.gettext("This firm stands at %(own)s overall; the mean of its peers is %(mean)s", **said)


def _mean(m: Material, cell: PeerCell) -> str:
    return _with_range(m, cell.mean, cell.low, cell.high)


def _with_range(m: Material, value: float | None, low: float | None, high: float | None) -> str:
    """A figure, and behind it the range that is published with it."""
    if value is None:
        return "\u2013"
    if low is None or high is None:
        return m.score(value)
    return m.words.left_to_right(f"{m.score(value)} ({m.score(low)}\u2013{m.score(high)})")


def _source(m: Material, found: Benchmark) -> str:
    w = m.words
    named = w.pgettext("between facts", "; ").join(
        part for part in (w.foreign(found.programme), w.country(found.country), w.foreign(found.title)) if part
    )
    return w.gettext(
        "Source: %(named)s; release %(number)s, published on %(day)s. Published figures; numbers of firms are rounded.",
        named=named, number=w.count(found.number), day=w.day(found.published_on),
    )  # fmt: skip


def _row(m: Material, found: Benchmark, cell: PeerCell, title: str, depth: int, own: NodeScore) -> PeerRow:
    whole = found.overall
    is_other = (cell.industry, cell.size) != (whole.industry, whole.size)
    return PeerRow(
        id=cell.indicator if cell.indicator == OVERALL else cell.indicator[2:],
        title=title,
        depth=depth,
        track=_track(m, cell, own.score),
        own=m.score(own.score),
        mean=_mean(m, cell),
        median=_with_range(m, cell.p50, cell.p25, cell.p75),
        firms=m.words.count(cell.n),
        group=m.words.gettext("wider group: %(group)s", group=_group(m, found, cell)) if is_other else "",
    )


def _track(m: Material, cell: PeerCell, own: float | None) -> Track:
    band = None
    if cell.p25 is not None and cell.p75 is not None:
        low, high = charts.place(m.scale, cell.p25), charts.place(m.scale, cell.p75)
        band = Stretch(low, max(high - low, 1))
    return Track(
        today=None if own is None else charts.place(m.scale, own),
        target=None if cell.mean is None else charts.place(m.scale, cell.mean),
        band=band,
    )
