"""A view becomes a document: a template and its styles give HTML for the layout, and the PDF itself."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.pdf import Attachment, check_fonts, render_pdf

TEMPLATES = Path(__file__).parent / "templates"
# What XML 1.0 does not allow in a document, whoever typed it.
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class View(Protocol):
    """What a template prints, in one language."""

    @property
    def language(self) -> str: ...


V = TypeVar("V", bound=View)


class Document(Generic[V]):
    """One kind of report: the template of its pages and the styles over it, the later ones winning."""

    def __init__(self, template: str, stylesheets: Sequence[str]) -> None:
        self.template = template
        self.stylesheets = tuple(TEMPLATES / each for each in stylesheets)

    def html(self, report: V) -> str:
        """Well-formed XHTML without styles; every text in it is escaped."""
        return NOT_IN_XML.sub("", _environment().get_template(self.template).render(r=report))

    def pdf(
        self, report: V, *, day: str = "", archive: bool = False, attachments: tuple[Attachment, ...] = ()
    ) -> bytes:
        """The report as a tagged PDF (PDF/UA-1), or with `archive` as PDF/A-3a with the attachments.

        Raises:
            MissingFont: the system has no letters for the language.
            RenderFailed: it cannot be laid out within the limits.
        """
        check_fonts(report.language)
        return render_pdf(self.html(report), *self.stylesheets, day=day, archive=archive, attachments=attachments)


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
