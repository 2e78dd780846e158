"""Pages: the Jinja environment in the reader's language, and what every page is given."""

import hashlib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from app import forms
from app.settings import Settings

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
COOKIE_SECONDS = 365 * 24 * 3600


@lru_cache
def static_url(name: str) -> str:
    """A file's address with its content's hash, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class Pages:
    """Renders templates for one service; the language comes from the request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
        environment.globals["static_url"] = static_url
        return environment

    def page(self, request: Request, template: str, context: Mapping[str, Any], status: int = 200) -> HTMLResponse:
        visitor = forms.visitor_of(request)
        is_new = not visitor
        visitor = visitor or forms.new_visitor()
        text = self.environment.get_template(template).render(
            request=request,
            path=request.url.path,
            language="en",
            direction="ltr",
            form_token=lambda: forms.form_token(self.settings, visitor),
            settings=self.settings,
            **context,
        )
        response = HTMLResponse(text, status)
        if is_new:
            set_cookie(response, self.settings, forms.visitor_cookie(self.settings), visitor)
        return response


def set_cookie(response: HTMLResponse, settings: Settings, name: str, value: str) -> None:
    https = settings.public_url.startswith("https://")
    response.set_cookie(name, value, max_age=COOKIE_SECONDS, path="/", secure=https, httponly=True, samesite="lax")


def page(request: Request, template: str, status: int = 200, /, **context: Any) -> HTMLResponse:
    """A page in the reader's language."""
    pages: Pages = request.app.state.pages
    return pages.page(request, template, context, status)
