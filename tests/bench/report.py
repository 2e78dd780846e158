"""The bars of the report: a warm worker against plain WeasyPrint and against Typst, and 500 reports in a row."""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from pypdf import PdfReader

from reports import pdf
from reports.firm.build import build_firm_report
from reports.firm.document import DOCUMENT, render_firm_html
from reports.pdf import FONTS, render_pdf
from tests.bench.same_pages import as_typst, with_svg_charts
from tests.reports.sample import sample_result

LANGUAGES = ("en",)
ROUNDS, WARM = 3, 3
REPORTS, WORKERS = 500, 2
MOST_OF_PLAIN, MOST_OF_TYPST = 0.5, 5.0
# What one writes without thinking of the cost: columns that flex, tables that find their own widths.
NATURAL = """
svg { width: 100%; height: 8pt; display: block }
table { table-layout: auto }
.numbers, .pair { display: flex }
.numbers > div, .pair > div { display: block; flex: 1 }
.lv { display: inline-block }
"""
PLAIN = "import sys; from weasyprint import HTML; HTML(filename=sys.argv[1]).write_pdf(sys.argv[2])"
TYPST = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], font_paths=[sys.argv[3]])"


def measure(full: bool) -> dict[str, object]:
    """CPU seconds with all children, medians of rounds that take the three ways in turn: the machine drifts."""
    with tempfile.TemporaryDirectory() as folder:
        figures = _compare(Path(folder), _html("en"))
        figures |= _languages()
        figures |= _in_a_row(Path(folder), REPORTS if full else REPORTS // 25)
    return figures


def _html(code: str) -> str:
    return render_firm_html(build_firm_report(sample_result(), code))


def _compare(folder: Path, html: str) -> dict[str, object]:
    (folder / "plain.html").write_text(with_svg_charts(html, DOCUMENT.stylesheets[0].read_text() + NATURAL))
    (folder / "report.typ").write_text(as_typst(html))
    rounds = [_round(folder, html) for _ in range(ROUNDS)]
    warm, plain, typst = (median(values) for values in zip(*rounds, strict=True))
    pages = _pages((folder / "warm.pdf").read_bytes())
    return {
        f"warm worker, {pages} pages, PDF/UA-1": f"{warm:.2f} s, {(folder / 'warm.pdf').stat().st_size // 1024} kB",
        "plain HTML(...).write_pdf(), SVG charts, new interpreter": f"{plain:.2f} s, no tags",
        "Typst, the same texts and tables, new interpreter": f"{typst:.2f} s",
        "warm against plain": f"{warm / plain:.2f}, bar {MOST_OF_PLAIN} {_met(warm / plain <= MOST_OF_PLAIN)}",
        "warm against Typst": f"{warm / typst:.1f}x, bar {MOST_OF_TYPST:g}x {_met(warm / typst <= MOST_OF_TYPST)}",
    }


def _round(folder: Path, html: str) -> tuple[float, float, float]:
    """CPU seconds of one report: of the warm worker, plain, and of Typst."""
    plain = _cpu_of(PLAIN, folder / "plain.html", folder / "plain.pdf")
    typst = _cpu_of(TYPST, folder / "report.typ", folder / "typst.pdf", FONTS)
    return _warm(folder, html), plain, typst


def _warm(folder: Path, html: str) -> float:
    """What each further report costs: workers that make one and that make some more, each to its end."""
    spent = []
    for renders in (1, 1 + WARM):
        before = _children()
        for _ in range(renders):
            made = render_pdf(html, *DOCUMENT.stylesheets)
        pdf.close()
        spent.append(_children() - before)
    (folder / "warm.pdf").write_bytes(made)
    return (spent[1] - spent[0]) / WARM


def _cpu_of(program: str, *arguments: Path) -> float:
    before = _children()
    subprocess.run([sys.executable, "-W", "ignore", "-c", program, *map(str, arguments)], check=True)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _languages() -> dict[str, object]:
    """From the result to the page's markup, in the process that asks."""
    figures: dict[str, object] = {}
    result = sample_result()
    for code in LANGUAGES:
        render_firm_html(build_firm_report(result, code))
        before = time.process_time()
        view = build_firm_report(result, code)
        built = time.process_time()
        render_firm_html(view)
        ended = time.process_time()
        figures[f"view and markup ({code})"] = f"{(built - before) * 1e3:.0f} and {(ended - built) * 1e3:.0f} ms"
    return figures


def _in_a_row(folder: Path, reports: int) -> dict[str, object]:
    """Two processes, each with its worker, which is never replaced here so that a leak would show."""
    (folder / "report.html").write_text(_html("en"))
    share = reports // WORKERS
    before, started = _children(), time.monotonic()
    command = [sys.executable, "-m", "tests.bench.report", str(folder / "report.html"), str(share)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)]
    told = [process.communicate()[0].split() for process in running]
    wall, spent = time.monotonic() - started, _children() - before
    early, late = (max(int(each[at]) for each in told) for at in (0, 1))
    return {
        f"{reports} reports, {WORKERS} workers": f"{wall:.0f} s, {reports / wall:.2f} reports/s",
        f"memory of a worker after {share // 5} and after {share} reports": f"{early} and {late} MB",
        "cores kept busy": f"{spent / wall:.2f} of {min(WORKERS, os.cpu_count() or 1)}",
    }


def render_many(html: str, reports: int) -> tuple[int, int]:
    """The worker's memory in MB after a fifth of the reports and after all."""
    sizes = []
    for number in range(1, reports + 1):
        render_pdf(html, *DOCUMENT.stylesheets)
        if number in (reports // 5, reports):
            sizes.append(_resident())
    pdf.close()
    return sizes[0], sizes[-1]


def _resident() -> int:
    process = pdf._renderer.process
    status = Path(f"/proc/{process.pid if process else 'self'}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def _pages(content: bytes) -> int:
    return len(PdfReader(io.BytesIO(content)).pages)


def _met(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


if __name__ == "__main__":
    pdf.RENDERS = sys.maxsize
    early, late = render_many(Path(sys.argv[1]).read_text(), int(sys.argv[2]))
    print(early, late)
