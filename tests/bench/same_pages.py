"""The pages of a report in two other forms, for the bars: with charts as inline SVG, and as a Typst document."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

MARK = re.compile(r'<i class="([a-z]+\d?)(?: p(\d+))?(?: w(\d+))?"></i>')
WIDTH, HEIGHT = 600, 40
COLOURS = {"bd": "#d5dde4", "wy": "#b3541e", "g0": "#6599c6", "g1": "#2b6a9e", "g2": "#0b3c66", "br": "#6599c6"}
TONES = ("#e8eef4", "#c3d6e8", "#93b8d8", "#6599c6", "#2b6a9e", "#0b3c66")
ESCAPED = re.compile(r"([\\#$*_`<>@\[\]~=+\-/\"'])")
BLOCKS = {"p", "div", "section", "main", "body"}
# The stylesheet's column widths, where the columns are not equal.
COLUMNS = {
    "dumbbell": [31, 4, 4, 4, 4, 4, 4, 6.5, 6.5, 8, 17], "steps": [33, 33, 33],
    "priorities": [4, 37, 11, 9, 9, 9, 9, 10],
    "gantt": [49, 8, 8, 8, 6.5, 18.5], "shares": [42, 20, 38], "annex": [45, 55], "profiles": [19, 12, 69],
    "wins": [51, 9, 14, 9, 17], "money": [14, 7, 7, 18, 12, 12, 10, 20], "left": [43, 27, 19, 11],
    "enablers": [16, 10, 37, 37],
}  # fmt: skip
HEAD = """#set document(title: "Report")
#set page(paper: "a4", margin: (x: 18mm, top: 20mm, bottom: 17mm), numbering: "1 / 1",
  header: context {
    let before = query(selector(heading.where(level: 2)).before(here()))
    if before.len() > 0 { text(7.5pt, fill: rgb("#4d5d6c"), before.last().body) }
  })
#set text(font: ("Noto Sans", "Noto Sans Arabic"), size: 10pt, lang: "LANG", fill: rgb("#1b2a38"))
#set par(leading: 0.62em, spacing: 0.9em)
#set table(stroke: (_, _) => (bottom: 0.5pt + rgb("#d5dde4")), inset: (x: 1pt, y: 2.2pt))
#show table: set text(size: 8pt)
#show heading: set text(fill: rgb("#0b3c66"))
#let chip(fill, ink, body) = box(
  fill: fill, radius: 2pt, inset: (x: 3pt), outset: (y: 2pt), text(fill: ink, strong(body)),
)
#let mark(dx, body) = place(dx: dx, body)
"""


def with_svg_charts(html: str, stylesheet: str) -> str:
    """The same document with its styles inside, and every chart's marks drawn as one inline SVG."""
    drawn = re.sub(rf"(?:{MARK.pattern}\s*)+", lambda found: _svg(found.group()), html)
    return f"<!DOCTYPE html>{drawn.replace('</head>', f'<style>{stylesheet}</style></head>')}"


def _svg(marks: str) -> str:
    shapes = "".join(_shape(*found.groups()) for found in MARK.finditer(marks))
    title = "<title>chart</title>"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">{title}<g>{shapes}</g></svg>'


def _shape(kind: str, start: str | None, length: str | None) -> str:
    x, width = WIDTH * int(start or 0) / 100, WIDTH * int(length or 0) / 100
    if kind == "nw":
        return f'<circle cx="{x:.0f}" cy="20" r="14" fill="#0b5cad"/>'
    if kind == "tg":
        return f'<circle cx="{x:.0f}" cy="20" r="11" fill="#ffffff" stroke="#b3541e" stroke-width="6"/>'
    height = 6 if kind == "wy" else 20
    return f'<rect x="{x:.0f}" y="{20 - height / 2:.0f}" width="{width:.0f}" height="{height}" fill="{COLOURS[kind]}"/>'


def as_typst(html: str) -> str:
    """The same texts, tables, chips and marks as Typst markup, at the same sizes; its PDF is tagged too."""
    root = ET.fromstring(html)  # noqa: S314 - our own markup
    body = root.find("body")
    if body is None:
        raise ValueError("the report has no body")
    return HEAD.replace("LANG", root.get("lang", "en")) + "".join(_blocks(body))


def _blocks(element: ET.Element) -> Iterator[str]:
    for child in element:
        tag, names = child.tag, (child.get("class") or "").split()
        if tag == "section" and "page" in names:
            yield "\n#pagebreak(weak: true)\n"
        if tag == "table":
            yield _table(child)
        elif tag in ("h1", "h2", "h3", "h4"):
            yield f"\n{'=' * int(tag[1])} {_text(child)}\n"
        elif "contents" in names:
            yield "\n#outline(depth: 2, title: none)\n"
        elif tag in ("ul", "ol"):
            yield "".join(f"\n{'-' if tag == 'ul' else '+'} {_text(item)}" for item in child) + "\n"
        elif names and names[0] in ("pair", "numbers"):
            cells = ", ".join(f"[{''.join(_blocks(part))}]" for part in child)
            yield f"\n#grid(columns: {len(child)} * (1fr,), gutter: 14pt, {cells})\n"
        elif "block" in names or "case" in names:
            yield f"\n#block(breakable: false, text(8.5pt)[{''.join(_blocks(child))}])\n"
        elif tag in BLOCKS and any(each.tag in (*BLOCKS, "table", "h2", "h3", "h4", "ol", "ul") for each in child):
            yield from _blocks(child)
        elif tag in BLOCKS:
            yield f"\n{_text(child)}\n"


def _table(table: ET.Element) -> str:
    """Rows that do not break, a head that is repeated, and the caption above."""
    count = max(sum(int(cell.get("colspan", 1)) for cell in row) for row in table.iter("tr"))
    names = (table.get("class") or "").split()
    widths = next((COLUMNS[name] for name in names if len(COLUMNS.get(name, ())) == count), [1] * count)
    head = ", ".join(_cells(row) for row in table.findall("thead/tr"))
    rows = ",\n".join(_cells(row) for row in table.findall("tbody/tr"))
    caption = table.find("caption")
    title = f"\n*{_text(caption)}*\n" if caption is not None else ""
    columns = ", ".join(f"{width}fr" for width in widths)
    return f"{title}#table(columns: ({columns},),\n{f'table.header({head}),' if head else ''}\n{rows}\n)\n"


def _cells(row: ET.Element) -> str:
    return ", ".join(f"table.cell(breakable: false, colspan: {cell.get('colspan', 1)})[{_text(cell)}]" for cell in row)


def _text(element: ET.Element) -> str:
    parts = [_escaped(element.text)]
    for child in element:
        parts.append(_mark(child) if child.tag == "i" else _styled(child))
        parts.append(_escaped(child.tail))
    return "".join(parts).strip()


def _styled(element: ET.Element) -> str:
    text, names = _text(element), (element.get("class") or "").split()
    if element.tag == "small":
        return f'\\ #text(7.5pt, fill: rgb("#4d5d6c"))[{text}]'
    if "lv" in names:
        tone = int(names[-1][1:])
        return f'#chip(rgb("{TONES[tone]}"), {"white" if tone > 3 else "black"})[{text}] '
    return f"#strong[{text}] " if element.tag == "b" and text else text


def _mark(element: ET.Element) -> str:
    found = MARK.fullmatch(f'<i class="{element.get("class", "")}"></i>')
    if found is None:
        return ""
    kind, start, length = found.groups()
    if length is not None:
        height = {"wy": 2, "br": 3}.get(kind, 7)
        shape = f'rect(width: {max(int(length), 1)}%, height: {height}pt, fill: rgb("{COLOURS[kind]}"))'
    elif kind == "tg":
        shape = 'circle(radius: 3pt, fill: white, stroke: 1.8pt + rgb("#b3541e"))'
    else:
        shape = 'circle(radius: 3.5pt, fill: rgb("#0b5cad"))'
    return f"#mark({start or 0}%, {shape})"


def _escaped(text: str | None) -> str:
    if not text:
        return ""
    return ESCAPED.sub(r"\\\1", " ".join(text.split())) if text.strip() else " "
