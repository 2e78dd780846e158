"""What changed: in the same firms from one wave to the next, apart from who takes part."""

from collections.abc import Mapping
from typing import Any

from reports.ministry.material import Material
from reports.ministry.view import Section, exhibit
from reports.release.cube import ORDER
from reports.workshop.view import Row, Table

COLUMNS = {"section": "industry", "size": "size"}
SIDES = ("total", *COLUMNS)


def build_change(m: Material) -> Section | None:
    rows = newest(m)
    if not rows:
        return None
    w = m.words
    found = [exhibit(_table(m, rows))]
    moves = _moves(m, rows)
    if moves is not None:
        found.append(exhibit(moves))
    intro = (
        w.gettext(
            "Only firms that were assessed in both years are compared, each with itself, so that newcomers change "
            "nothing. "
            "What moved them, support, time or a second look at the questions, these figures do not say."
        ),
    )
    return Section("change", w.gettext("Change in the same firms"), intro, tuple(found))


def newest(m: Material) -> list[Mapping[str, Any]]:
    """The rows of the newest two waves, the total first."""
    rows: list[Mapping[str, Any]] = list(m.extra.get("panel") or ())
    last = max((str(row["to"]) for row in rows), default="")
    sizes = ORDER["size"]  # micro before large; all others stay where they are
    found = [row for row in rows if str(row["to"]) == last]
    return sorted(found, key=lambda row: (SIDES.index(row["by"]), sizes.index(row["code"]) if row["code"] in sizes
                                          else len(sizes)))  # fmt: skip


def finding(m: Material) -> str:
    """Up, down, or not to be told; by the paired interval."""
    w, total = m.words, next((row for row in newest(m) if row["by"] == "total"), None)
    if total is None:
        return ""
    if total["status"] != "F":
        return w.gettext("The change in the same firms is held back")
    said = {"from": str(total["from"]), "to": str(total["to"]), "n": w.count(int(total["n"])),
            "change": m.signed(total["change"]), "interval": _range(m, total)}  # fmt: skip
    if total["low"] > 0:
        return w.gettext("The same %(n)s firms rose by %(change)s from %(from)s to %(to)s (%(interval)s)", **said)
    if total["high"] < 0:
        return w.gettext("The same %(n)s firms fell by %(change)s from %(from)s to %(to)s (%(interval)s)", **said)
    return w.gettext(
        "In the same %(n)s firms no change can be told from %(from)s to %(to)s: %(change)s (%(interval)s)", **said
    )


def _range(m: Material, row: Mapping[str, Any]) -> str:
    return m.words.pgettext("an interval", "%(low)s to %(high)s", low=m.signed(row["low"]), high=m.signed(row["high"]))


def _table(m: Material, rows: list[Mapping[str, Any]]) -> Table:
    w = m.words
    heads = (w.gettext("Firms in both years"), w.gettext("n"), w.gettext("Change (interval)"),
             w.gettext("Higher, same, lower profile"))  # fmt: skip
    return Table("panel", finding(m), heads, tuple(_row(m, row) for row in rows), source=w.gettext(
        "Paired 95 % intervals, model-based precision. Held back where few firms joined or left between the years."
    ))  # fmt: skip


def _row(m: Material, row: Mapping[str, Any]) -> Row:
    w = m.words
    is_total = row["by"] == "total"
    head = w.gettext("All firms") if is_total else m.name(COLUMNS[row["by"]], str(row["code"]))
    if row["status"] != "F":
        return Row(head, (m.held_back, "–", "–"), is_strong=is_total)
    change = w.pgettext("a mean and its interval", "%(mean)s (%(interval)s)", mean=m.signed(row["change"]),
                        interval=_range(m, row))  # fmt: skip
    moved = "–"
    if "up" in row:
        moved = w.pgettext("between facts", "; ").join(m.per_cent(row[key]) for key in ("up", "same", "down"))
    return Row(head, (w.count(int(row["n"])), change, moved), is_strong=is_total)


def _moves(m: Material, rows: list[Mapping[str, Any]]) -> Table | None:
    w, total = m.words, next((row for row in rows if row["by"] == "total" and row.get("moves")), None)
    if total is None:
        return None
    profiles = [each.title for each in m.questionnaire.profiles.bins]
    lines = []
    for move in total["moves"]:
        head = profiles[int(move["profile"])]
        if move["status"] != "F":
            lines.append(Row(head, (m.held_back, *("–",) * len(profiles))))
            continue
        lines.append(Row(head, (w.count(int(move["n"])), *(m.per_cent(share) for share in move["shares"]))))
    caption = w.gettext("Of the firms with each profile in %(then)s, so many have each profile in %(now)s",
                        then=str(total["from"]), now=str(total["to"]))  # fmt: skip
    heads = (w.gettext("Profile in %(then)s", then=str(total["from"])), w.gettext("n"), *profiles)
    return Table("moves", caption, heads, tuple(lines))
