"""Pages: the Jinja environment in the reader's language, and what every page is given."""

import hashlib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app import forms
from app.settings import Settings
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
COOKIE_SECONDS = 365 * 24 * 3600


@lru_cache
def static_url(name: str) -> str:
    """A file's address with its content's hash, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@lru_cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """ISO 3166-1 codes and names of the world's countries, in the order of the language."""
    unassigned = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
    names = Locale.parse(language).territories
    found = ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha())
    return tuple(sorted(((c, n) for c, n in found if c not in unassigned), key=lambda pair: pair[1]))


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
            path=request.url.path,
            language="en",
            direction="ltr",
            languages=[],
            is_machine_made=False,
            countries=lambda: countries("en"),
            say=lambda problem: translate(request, problem.message, **problem.values),
            hidden_token=lambda: hidden_token(self.settings, visitor),
            **context,
        )
        response = HTMLResponse(text, status)
        if is_new:
            set_cookie(response, self.settings, forms.visitor_cookie(self.settings), visitor)
        return response


def hidden_token(settings: Settings, visitor: str) -> Markup:
    token = forms.form_token(settings, visitor)
    return Markup('<input type="hidden" name="{}" value="{}">').format(forms.TOKEN_FIELD, token)


def set_cookie(response: Response, settings: Settings, name: str, value: str) -> None:
    https = settings.public_url.startswith("https://")
    response.set_cookie(name, value, max_age=COOKIE_SECONDS, path="/", secure=https, httponly=True, samesite="lax")


def translate(request: Request, text: str, **values: object) -> str:
    """A text of the interface in the reader's language."""
    return text % values if values else text


def content(request: Request, definition: Definition) -> Questionnaire:
    """A questionnaire's texts in the reader's language."""
    return definition.questionnaire


def choose_language(request: Request, language: str, path: str) -> Response:
    """Remember a language that is offered, and go on to a page of ours."""
    return RedirectResponse(path, status_code=303)


def page(request: Request, template: str, status: int = 200, /, **context: Any) -> HTMLResponse:
    """A page in the reader's language."""
    pages: Pages = request.app.state.pages
    return pages.page(request, template, context, status)
