"""Working without a connection: the service worker, the pages it keeps, the one for what is not kept, the manifest."""

import hashlib
import json
from functools import lru_cache

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.beside import around
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn, OpenedByLink
from app.files import script
from app.opened_sections import all_sections, find_section
from app.pages.assessments import closed, section_page
from app.templating import keep_on_device, page, static_url
from assessment import assessments

router = APIRouter()

# What pages that are kept need. A new version of any makes a new worker, which drops what the last one kept.
FILES = ("fourward.css", "icon.svg", "device.js", "section.js", "pages.js")


@lru_cache
def service_worker() -> str:
    """The worker, told which files there are and the version they make up together."""
    files = [static_url(name) for name in FILES]
    version = hashlib.sha256("".join(files).encode()).hexdigest()[:12]
    return f"const VERSION = {json.dumps(version)}, FILES = {json.dumps(files)};\n{script('sw.js')}"


@router.get("/sw.js")
def show_service_worker() -> Response:
    """At the root, since a worker serves only the pages below its own address."""
    return Response(service_worker(), media_type="text/javascript", headers={"cache-control": "no-cache"})


@router.get("/a/{key}/pages")
def show_pages(request: Request, session: DatabaseSession, opened: OpenedByLink, of: str = "") -> Response:
    """Pages of the sections named, or of all, by address, for a device to keep: what they share travels once."""
    if opened.is_submitted:
        return closed(request, opened)
    found = [find_section(opened, name) for name in dict.fromkeys(of.split(","))] if of else all_sections(opened)
    sheet, known = assessments.sheet_of(session, opened.row), around(request, session, opened)
    pages = {}
    for section in found:
        path = f"{opened.link}/sections/{section.id}"
        as_if = Request({**request.scope, "path": path, "raw_path": path.encode(), "query_string": b""})
        pages[path] = bytes(section_page(as_if, opened, section, sheet, known).body).decode()
    response = JSONResponse(pages, headers={"vary": "Cookie, Accept-Language"})
    keep_on_device(request, response)
    return response


@router.get("/offline")
def show_offline(request: Request, person: MaybeSignedIn) -> Response:
    """What people see instead of a page that is not on their device."""
    return page(request, "offline.html")


@router.get("/manifest.webmanifest")
def show_manifest() -> Response:
    """What a phone needs to put Fourward on its home screen."""
    icons = [
        {"src": static_url("icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any"},
        {"src": static_url("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any"},
        {"src": static_url("icon-maskable.png"), "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ]
    manifest = {
        "id": "/",
        "name": "Fourward",
        "short_name": "Fourward",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5cad",
        "icons": icons,
    }
    headers = {"cache-control": "no-cache"}
    return JSONResponse(manifest, headers=headers, media_type="application/manifest+json")
