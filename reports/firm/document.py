"""The report of one firm, as HTML for the layout and as a PDF."""

from reports.documents import Document
from reports.firm.view import FirmReport

DOCUMENT = Document[FirmReport]("firm.html", ("firm.css",))
render_firm_html, render_firm_pdf = DOCUMENT.html, DOCUMENT.pdf
