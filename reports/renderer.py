"""The worker process that lays out reports; the only importer of WeasyPrint. Started by `reports.pdf`.

It reads messages (four bytes of length, then the content) from standard input: a JSON request, the HTML, and the
attachments; it answers with `+` and the PDF, or `-` and a sentence.
"""

import gc
import json
import logging
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

import cssselect2
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

MEMORY = 1_500_000_000  # bytes of address space
CPU_SECONDS = 60  # for one report
PRINTS = 4  # the flag of an annotation


class Refusing(URLFetcher):  # type: ignore[misc]
    """A report has all it needs: nothing is fetched, from no file and no address."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        raise FatalURLFetchingError(f"reports fetch nothing, and this one asked for {url[:60]!r}")


class ParsedHTML(HTML):  # type: ignore[misc]
    """Markup that is well-formed goes to the layout as a tree, without the slower HTML5 parser."""

    def __init__(self, markup: bytes) -> None:
        if b"<!ENTITY" in markup or b"<!DOCTYPE" in markup:
            raise ValueError("the markup declares entities")
        root = ET.fromstring(markup)  # noqa: S314 - our own template's output; entities are refused above
        self.base_url = None
        self.url_fetcher = Refusing()
        self.media_type = "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


FONT_CONFIGURATION = FontConfiguration()


@lru_cache(maxsize=8)
def stylesheet(text: str) -> CSS:
    """A stylesheet, parsed once."""
    return CSS(string=text, font_config=FONT_CONFIGURATION, url_fetcher=Refusing())


def render(request: dict[str, Any], markup: bytes, contents: list[bytes]) -> bytes:
    """The PDF of one report."""
    day = datetime.fromisoformat(request["day"] or "2000-01-01").replace(tzinfo=UTC)
    attachments = [
        Attachment(
            string=content,
            name=each["name"],
            description=each["description"],
            relationship=each["relationship"],
            created=day,
            modified=day,
            url_fetcher=Refusing(),
        )
        for each, content in zip(request["attachments"], contents, strict=True)
    ]
    with without_collector():
        return bytes(
            ParsedHTML(markup).write_pdf(
                font_config=FONT_CONFIGURATION,
                stylesheets=[stylesheet(request["stylesheet"])],
                attachments=attachments,
                pdf_variant="pdf/a-3a" if request["archive"] else "pdf/ua-1",
                # PDF/A asks for one; it is made of the content, but making it costs a tenth of the whole.
                pdf_identifier=bool(request["archive"]),
                custom_metadata=True,
                finisher=finish,
            )
        )


@contextmanager
def without_collector() -> Iterator[None]:
    """Layout makes millions of objects that all live until its end: collecting meanwhile only costs time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect()


def finish(_: Any, pdf: Any) -> None:
    """Add what the layout leaves out: the scope of every table header, links that print, metadata anyone can read."""
    for each in pdf.objects:
        if isinstance(each, dict):
            if each.get("S") == "/TH":
                each["A"]["Scope"] = "/Column" if is_in_head(pdf, each) else "/Row"
            elif each.get("Type") == "/Annot":
                each["F"] = PRINTS
        elif getattr(each, "extra", {}).get("Type") == "/Metadata":
            each.compress = False


def is_in_head(pdf: Any, element: Any) -> bool:
    """Whether a cell of the structure tree stands in a table's head: its row's parent says so."""
    row = pdf.objects[int(element["P"].split()[0])]
    return bool(pdf.objects[int(row["P"].split()[0])]["S"] == "/THead")


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu() -> None:
    """The kernel ends this process when one report takes more CPU than it may."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))


def read_message(stream: BinaryIO) -> bytes:
    size = stream.read(4)
    if len(size) < 4:
        raise EOFError
    return stream.read(int.from_bytes(size, "big"))


def answer(request: dict[str, Any], markup: bytes, contents: list[bytes]) -> bytes:
    try:
        return b"+" + render(request, markup, contents)
    except FatalURLFetchingError as error:
        return b"-" + str(error).encode()
    except (MemoryError, RecursionError):
        return b"-it is nested too deeply or needs too much memory."
    except Exception as error:  # whatever the layout trips over is this report's failure, not the worker's end
        return b"-" + f"{type(error).__name__}: {error}".encode()[:300]


def main() -> None:
    limit_memory()
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    gc.collect()
    gc.freeze()  # what stays for ever need not be looked through after every report
    source, out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints may not get between the messages
    while True:
        try:
            request = json.loads(read_message(source))
            markup = read_message(source)
            contents = [read_message(source) for _ in request["attachments"]]
        except EOFError:
            return
        limit_cpu()
        result = answer(request, markup, contents)
        out.write(len(result).to_bytes(4, "big") + result)
        out.flush()


if __name__ == "__main__":
    main()
