"""The report of a workshop, as HTML for the layout and as a PDF."""

from reports.documents import Document
from reports.workshop.view import WorkshopReport

DOCUMENT = Document[WorkshopReport]("workshop.html", ("firm.css", "workshop.css"))
render_workshop_html, render_workshop_pdf = DOCUMENT.html, DOCUMENT.pdf
