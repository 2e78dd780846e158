"""The pages of a report in two other forms, for the bars: with charts as inline SVG, and as a Typst document."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

MARK = re.compile(r'<i class="([a-z]+\d?)(?: p(\d+))?(?: w(\d+))?"></i>')
WIDTH, HEIGHT = 600, 40
COLOURS = {"bd": "#d5dde4", "wy": "#b3541e", "g0": "#6599c6", "g1": "#2b6a9e", "g2": "#0b3c66", "br": "#6599c6"}
ESCAPED = re.compile(r"([\\#$*_`<>@\[\]~=+\-/\"'])")
BLOCKS = {"p", "div", "section", "main", "body"}


def with_svg_charts(html: str, stylesheet: str) -> str:
    """The same document with its styles inside, and every chart's marks drawn as one inline SVG."""
    drawn = re.sub(rf"(?:{MARK.pattern}\s*)+", lambda found: _svg(found.group()), html)
    styled = drawn.replace("</head>", f"<style>{stylesheet} svg {{ width: 100%; display: block }}</style></head>")
    return f"<!DOCTYPE html>{styled}"


def _svg(marks: str) -> str:
    shapes = "".join(_shape(*found.groups()) for found in MARK.finditer(marks))
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"><title>chart</title><g>{shapes}</g></svg>'


def _shape(kind: str, start: str | None, length: str | None) -> str:
    x, width = WIDTH * int(start or 0) / 100, WIDTH * int(length or 0) / 100
    if kind == "nw":
        return f'<circle cx="{x:.0f}" cy="20" r="14" fill="#0b5cad"/>'
    if kind == "tg":
        return f'<circle cx="{x:.0f}" cy="20" r="11" fill="#ffffff" stroke="#b3541e" stroke-width="6"/>'
    height = 6 if kind == "wy" else 20
    return f'<rect x="{x:.0f}" y="{20 - height / 2:.0f}" width="{width:.0f}" height="{height}" fill="{COLOURS[kind]}"/>'


def as_typst(html: str) -> str:
    """The same texts, tables and marks as Typst markup, set at about the same size."""
    root = ET.fromstring(html)  # noqa: S314 - our own markup
    head = (
        '#set page(paper: "a4", margin: (x: 18mm, top: 22mm, bottom: 20mm), numbering: "1 / 1")\n'
        '#set text(font: ("Noto Sans", "Noto Sans Arabic"), size: 9.3pt)\n#set par(leading: 0.55em)\n'
        "#show table: set text(size: 8pt)\n#set table(stroke: (bottom: 0.5pt + luma(210)), inset: (x: 2pt, y: 3pt))\n"
        "#show heading.where(level: 2): it => { pagebreak(weak: true); it }\n"
    )
    body = root.find("body")
    return head + "".join(_blocks(body)) if body is not None else head


def _blocks(element: ET.Element) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == "table":
            yield _table(child)
        elif tag in ("h1", "h2", "h3", "h4"):
            yield f"\n{'=' * int(tag[1])} {_text(child)}\n"
            if child.get("id") == "contents":
                yield "#outline(depth: 2, title: none)\n"
        elif tag in ("ul", "ol") and child.get("class") != "contents":
            yield "".join(f"\n{'-' if tag == 'ul' else '+'} {_text(item)}" for item in child) + "\n"
        elif tag in BLOCKS and any(each.tag in (*BLOCKS, "table", "h3", "ol", "ul") for each in child):
            yield from _blocks(child)
        elif tag in BLOCKS:
            yield f"\n{_text(child)}\n"


def _table(table: ET.Element) -> str:
    rows = list(table.iter("tr"))
    columns = max(sum(int(cell.get("colspan", 1)) for cell in row) for row in rows)
    cells = "\n".join(
        "  " + ", ".join(f"table.cell(colspan: {cell.get('colspan', 1)})[{_text(cell)}]" for cell in row) + ","
        for row in rows
    )
    first = "2fr, " + "1fr, " * (columns - 1)
    caption = table.find("caption")
    title = f"\n*{_text(caption)}*\n" if caption is not None else ""
    return f"{title}#table(columns: ({first}),\n{cells}\n)\n"


def _text(element: ET.Element) -> str:
    parts = [_escaped(element.text)]
    for child in element:
        parts.append(_mark(child) if child.tag == "i" else _styled(child))
        parts.append(_escaped(child.tail))
    return "".join(parts).strip()


def _styled(element: ET.Element) -> str:
    text = _text(element)
    if element.tag == "small":
        return f"\\ #text(size: 7pt)[{text}]"
    return f"#strong[{text}] " if element.tag == "b" and text else text


def _mark(element: ET.Element) -> str:
    found = MARK.fullmatch(f'<i class="{element.get("class", "")}"></i>')
    if found is None:
        return ""
    kind, start, length = found.groups()
    colour = COLOURS.get(kind, "#0b5cad")
    shape = f"circle(radius: 3pt, fill: rgb({colour!r}))".replace("'", '"')
    if length is not None:
        shape = f'rect(width: {max(int(length), 1)}%, height: 5pt, fill: rgb("{colour}"))'
    return f"#place(dx: {start or 0}%, {shape})"


def _escaped(text: str | None) -> str:
    return ESCAPED.sub(r"\\\1", " ".join((text or "").split())) if (text or "").strip() else " " if text else ""
