"""The view becomes a document: HTML for the layout, and the PDF itself."""

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.firm.view import FirmReport
from reports.pdf import Attachment, check_fonts, render_pdf

TEMPLATES = Path(__file__).parent.parent / "templates"
STYLESHEET = TEMPLATES / "firm.css"
# What XML 1.0 does not allow in a document, whoever typed it.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_firm_html(report: FirmReport) -> str:
    """Well-formed XHTML without styles; every text in it is escaped."""
    return NOT_IN_XML.sub("", environment().get_template("firm.html").render(r=report))


def render_firm_pdf(
    report: FirmReport, *, day: str = "", archive: bool = False, attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """The report as a tagged PDF (PDF/UA-1), or with `archive` as PDF/A-3a with the attachments.

    Raises:
        MissingFont: the system has no letters for the language.
        RenderFailed: it cannot be laid out within the limits.
    """
    check_fonts(report.language)
    return render_pdf(render_firm_html(report), STYLESHEET, day=day, archive=archive, attachments=attachments)


@lru_cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
