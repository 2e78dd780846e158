"""The report of a release, for a ministry, as HTML for the layout and as a PDF."""

from reports.documents import Document
from reports.ministry.view import MinistryReport

DOCUMENT = Document[MinistryReport]("ministry.html", ("firm.css", "workshop.css", "ministry.css"))
render_ministry_html, render_ministry_pdf = DOCUMENT.html, DOCUMENT.pdf
