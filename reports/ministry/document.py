"""The view becomes a document: HTML for the layout, and the PDF itself."""

from reports.firm.document import NOT_IN_XML, TEMPLATES, environment
from reports.firm.document import STYLESHEET as SHARED
from reports.ministry.view import MinistryReport
from reports.pdf import Attachment, check_fonts, render_pdf
from reports.workshop.document import STYLESHEET as OF_WORKSHOPS

STYLESHEET = TEMPLATES / "ministry.css"


def render_ministry_html(report: MinistryReport) -> str:
    """Well-formed XHTML without styles; every text in it is escaped."""
    return NOT_IN_XML.sub("", environment().get_template("ministry.html").render(r=report))


def render_ministry_pdf(
    report: MinistryReport, *, day: str = "", archive: bool = False, attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """The report as a tagged PDF (PDF/UA-1), or with `archive` as PDF/A-3a with the attachments.

    Raises:
        MissingFont: the system has no letters for the language.
        RenderFailed: it cannot be laid out within the limits.
    """
    check_fonts(report.language)
    html = render_ministry_html(report)
    return render_pdf(html, SHARED, OF_WORKSHOPS, STYLESHEET, day=day, archive=archive, attachments=attachments)
