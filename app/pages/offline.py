"""Working without a connection: the service worker, the page shown when nothing is kept, and the app manifest."""

import hashlib
import json
from functools import lru_cache

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.dependencies import MaybeSignedIn
from app.files import script
from app.templating import page, static_url

router = APIRouter()

# What pages that are kept need. A new version of any makes a new worker, which drops what the last one kept.
FILES = ("fourward.css", "icon.svg", "device.js", "section.js")


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
