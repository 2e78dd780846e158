"""What firms do or do not: technologies in use, and what they say of their actions, by size and section."""

from collections.abc import Sequence
from itertools import pairwise

from questionnaires.schema import Scale
from reports import charts
from reports.ministry.cells import Cell
from reports.ministry.material import Material
from reports.ministry.shares import chart_row, ticks
from reports.ministry.view import Heat, HeatCell, HeatRow, Section, exhibit
from reports.release.labels import ENABLERS
from reports.workshop.view import Group, Key, Row, Table

YES = 1  # the place of those who say yes among the shares
PER_CENT = Scale(min=0, max=100)
TOLD = "A:told"
STATES = ("planned", "done", "dropped")


def technologies(m: Material) -> list[tuple[str, str, Cell]]:
    """Every technology of the release with its title and the cell of all firms; most used first, held back last."""
    named = m.questionnaire.technologies.items()
    found = [(id, title, cell) for id, title in named if (cell := m.cell(f"T:{id}")) is not None]
    return sorted(found, key=lambda each: -(each[2].shares[YES] if each[2].shares else -1))


def build_technologies(m: Material) -> Section | None:
    found = technologies(m)
    if not any(cell.shares for _, _, cell in found):
        return None
    w = m.words
    levels = {int(each["from"]) for each in m.manifest["indicators"] if each["kind"] == "technology"}
    rows = tuple(chart_row(m, title, cell, cell.shares[YES] if cell.shares else None) for _, title, cell in found)
    heads = (w.gettext("Technology"), w.gettext("n"), w.gettext("In use (interval)"))
    note = w.gettext(
        "In use: level %(level)s or above in any question about the technology. Questions differ, and so does what "
        "counts as use.",
        level=w.listed([w.count(level) for level in sorted(levels)]),
    )
    table = Table("ministry shares", technology_finding(m), heads, rows, ticks=ticks(m), source=m.source())
    caption = w.gettext("Technologies in use, per cent of firms by size and section")
    shown = (exhibit(table), exhibit(yes_heat(m, "T", found, caption)))
    return Section("technologies", w.gettext("Technologies in use"), (note, rule(m)), shown)


def technology_finding(m: Material) -> str:
    """The technology most in use, or those that cannot be told apart from it."""
    w, known = m.words, [(title, cell) for _, title, cell in technologies(m) if cell.shares]
    if not known:
        return ""
    first, beside = known[0][1], most_named(m, known)
    if len(beside) == 1:
        return w.gettext("Most in use: %(title)s, by %(share)s of firms (%(interval)s)", title=beside[0],
                         share=m.per_cent(first.shares[YES]),
                         interval=m.share_interval(first.shares[YES], first))  # fmt: skip
    if len(beside) < 4:
        return w.gettext("Most in use, and not to be told apart: %(titles)s", titles=w.listed(beside))
    return w.gettext("No technology is clearly used more than all others")


def most_named(m: Material, known: Sequence[tuple[str, Cell]]) -> list[str]:
    """The title with the largest share, which comes first, and those that cannot be told apart from it."""
    first = known[0][1]
    low = m.share_ends(first.shares[YES], first)[0]
    return [title for title, cell in known if m.share_ends(cell.shares[YES], cell)[1] >= low]


def build_actions(m: Material) -> Section | None:
    told = m.shown(TOLD)
    if not told.shares:
        return None
    w = m.words
    intro = w.gettext(
        "Of %(n)s firms %(share)s (%(interval)s) have said where any action of their roadmap stands; the others are in "
        "no figure below. Planned is what was begun or done, too.",
        n=m.n(told), share=m.per_cent(told.shares[YES]), interval=m.share_interval(told.shares[YES], told),
    )  # fmt: skip
    shown = (exhibit(_by_need(m)), exhibit(_by_group(m)))
    return Section("actions", w.gettext("Actions planned and done"), (intro, rule(m)), shown)


def action_finding(m: Material) -> str:
    w, cell = m.words, m.shown("A:done.any")
    if not m.shown(TOLD).shares:
        return ""
    if not cell.shares:
        return w.gettext("Actions planned and done, of the firms that tell of them")
    return w.gettext("%(share)s of the firms that tell of their actions have done one (%(interval)s)",
                     share=m.per_cent(cell.shares[YES]), interval=m.share_interval(cell.shares[YES], cell))  # fmt: skip


def _by_need(m: Material) -> Table:
    """Actions by the enabler that they need."""
    w, rows = m.words, []
    for need, title in ENABLERS.items():
        if m.cell(f"A:{STATES[0]}.{need}") is not None:
            cells = [m.shown(f"A:{state}.{need}") for state in STATES]
            told = (m.n(cells[0]), *(share_of(m, cell) for cell in cells))
            rows.append(Row(w.gettext(title), told, is_strong=need == "any"))
    heads = (w.gettext("What the actions need"), w.gettext("n"), *_state_heads(m))
    return Table("actions", action_finding(m), heads, tuple(rows), source=m.source())


def _by_group(m: Material) -> Table:
    w = m.words
    groups = []
    for side, title in (("size", w.gettext("Size")), ("industry", w.gettext("Industry section"))):
        rows = []
        for code, cell in m.along(side, TOLD):
            said = [m.shown(f"A:{state}.any", **{side: code}) for state in STATES]
            rows.append(Row(m.name(side, code), tuple(share_of(m, each) for each in (cell, *said))))
        groups.append(Group(title, tuple(rows)))
    caption = w.gettext("Any action, by size and section")
    heads = (w.gettext("Firms"), w.gettext("Tell of their actions"), *_state_heads(m))
    return Table("actions", caption, heads, groups=tuple(each for each in groups if each.rows), source=m.source())


def _state_heads(m: Material) -> tuple[str, ...]:
    w = m.words
    return w.gettext("Planned"), w.gettext("Done"), w.gettext("Given up")


def share_of(m: Material, cell: Cell) -> str:
    """The share of those who say yes, with its interval."""
    return m.share_said(cell.shares[YES], cell) if cell.shares else m.held_back


def yes_heat(m: Material, kind: str, found: Sequence[tuple[str, str, Cell]], caption: str) -> Heat:
    """Who says yes to each trait of a kind, per cent of firms by size and section; columns are numbered."""
    w = m.words
    numbers = tuple(w.count(place + 1) for place in range(len(found)))
    columns = tuple(w.pgettext("a number and a title", "%(number)s: %(title)s", number=number, title=title)
                    for number, (_, title, _) in zip(numbers, found, strict=True))  # fmt: skip
    groups = [(side, code) for side in ("size", "industry") for code, _ in m.along(side, f"{kind}:{found[0][0]}")]
    cells = {group: [m.cell(f"{kind}:{id}", **dict([group])) for id, _, _ in found] for group in groups}
    rows = [HeatRow(m.name(*group), tuple(_heat_cell(m, cell) for cell in of_group))
            for group, of_group in cells.items() if any(cell and cell.shares for cell in of_group)]  # fmt: skip
    every = HeatRow(w.gettext("All firms"), tuple(_heat_cell(m, cell) for _, _, cell in found), is_strong=True)
    width = 100 // charts.TONES
    ends = [w.percent(tone * width / 100) for tone in range(charts.TONES + 1)]
    named = [w.gettext("%(low)s to below %(high)s", low=low, high=high) for low, high in pairwise(ends)]
    keys = [Key(f"t{tone}", name) for tone, name in enumerate(named)]
    return Heat(caption, w.gettext("Firms"), numbers, (every, *rows), columns,
                (*keys, Key("held", m.held_back)), m.source())  # fmt: skip


def _heat_cell(m: Material, cell: Cell | None) -> HeatCell:
    if cell is None:
        return HeatCell("–")
    if not cell.shares:
        return HeatCell(m.words.pgettext("a figure held back, in one letter", "c"), is_held=True)
    return HeatCell(m.words.count(round(cell.shares[YES])), charts.tone(PER_CENT, cell.shares[YES]))


def rule(m: Material) -> str:
    """What is held back of tables that are yes or no."""
    return m.words.gettext(
        "A share is shown where at least %(n)s firms say yes and as many say no.", n=m.words.count(m.rules["threshold"])
    )
