"""Pages: the Jinja environment in the reader's language, and what every page is given."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from babel import Locale, negotiate_locale
from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from app import forms
from app.cookies import session_cookie
from app.folded_texts import FoldedTexts
from app.settings import Settings
from questionnaires import languages
from questionnaires.languages import LANGUAGES, SOURCE, Language
from questionnaires.library import Definition
from questionnaires.schema import Questionnaire
from questionnaires.translation import translate as translate_definition

HERE = Path(__file__).parent
TEMPLATES, STATIC, LOCALES = HERE / "templates", HERE / "static", HERE / "locales"
LANGUAGE_COOKIE = "language"
# Pages that the service worker may keep, so that people can answer without a connection. All others stay unkept.
KEPT_ON_DEVICE = frozenset({"tasks.html", "section.html", "offline.html"})
COOKIE_SECONDS = 365 * 24 * 3600
# Codes that CLDR names and ISO 3166-1 does not give to a country.
NO_COUNTRY = frozenset({"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


@lru_cache
def static_url(name: str) -> str:
    """A file's address with its content's hash, so that browsers may keep it for ever.

    Scripts share one hash: each loads the others by its own.
    """
    files = sorted(STATIC.glob("*.js")) if name.endswith(".js") else [STATIC / name]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


@lru_cache
def countries(code: str) -> tuple[tuple[str, str], ...]:
    """ISO 3166-1 codes and names of the world's countries, in the order of the language."""
    names = Locale.parse(LANGUAGES[code].locale).territories
    found = ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha())
    return tuple(sorted(((c, n) for c, n in found if c not in NO_COUNTRY), key=lambda pair: pair[1]))


@lru_cache
def offered(machine_translations: bool, test_languages: bool) -> tuple[Language, ...]:
    """The languages of the interface, as the settings allow them."""
    return tuple(
        language
        for language in LANGUAGES.values()
        if (test_languages if language.is_pseudo else languages.is_offered(LOCALES, language.code))
        and (machine_translations or not is_machine_made(language.code))
    )


def is_machine_made(code: str) -> bool:
    return languages.texts(LOCALES, code).machine_made > 0


def language_of(request: Request) -> Language:
    """The language this reader has chosen, or else the first their browser asks for that is offered."""
    found: Language | None = getattr(request.state, "language", None)
    if found is None:
        found = request.state.language = _language_of(request)
    return found


def _language_of(request: Request) -> Language:
    settings: Settings = request.app.state.settings
    found = {each.code: each for each in offered(settings.machine_translations, settings.test_languages)}
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in found:
        return found[chosen]
    wanted = [part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(",")[:10]]
    return found[negotiate_locale(wanted, [c for c in found if not LANGUAGES[c].is_pseudo], sep="-") or SOURCE]


@lru_cache
def environment_of(code: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[FoldedTexts],
        auto_reload=False,  # templates change with the version that is installed; looking each time costs a page
    )
    environment.policies["ext.i18n.trimmed"] = True
    texts = languages.texts(LOCALES, code).translations
    environment.extend(translate=texts.gettext)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        texts.gettext, texts.ngettext, newstyle=True, pgettext=texts.pgettext, npgettext=texts.npgettext
    )
    environment.globals |= {
        "static_url": static_url,
        "language": LANGUAGES[code],
        "is_machine_made": is_machine_made(code),
        "countries": partial(countries, code),
        "comma": languages.comma(code),
        "number": partial(languages.number, code),
        "money": partial(languages.money, code),
        "money_range": partial(languages.money_range, code),
        "percent": partial(languages.percent, code),
        "rate": partial(languages.rate, code),
        "day": partial(languages.day, code),
        "moment": partial(moment, code),
        "say": lambda problem: say(code, problem.message, **problem.values),
    }
    return environment


def page(request: Request, template: str, status: int = 200, /, **context: Any) -> HTMLResponse:
    """A page in the reader's language."""
    settings: Settings = request.app.state.settings
    known = forms.visitor_of(request)
    visitor = known or forms.new_visitor()
    environment = environment_of(language_of(request).code)
    text = environment.get_template(template).render(
        path=request.url.path,
        device_person=person_on(request),
        has_session=bool(request.cookies.get(session_cookie(settings))),
        languages=offered(settings.machine_translations, settings.test_languages),
        hidden_token=lru_cache(partial(hidden_token, settings, visitor)),
        has_machine_content=getattr(request.state, "is_machine_made", False),
        has_missing_texts=getattr(request.state, "is_missing_texts", False),
        **context,
    )
    response = HTMLResponse(text, status, headers={"vary": "Cookie, Accept-Language"})
    if template in KEPT_ON_DEVICE and status == 200:
        keep_on_device(request, response)
    if not known:
        set_cookie(response, settings, forms.visitor_cookie(settings), visitor)
    return response


def keep_on_device(request: Request, response: Response) -> None:
    """Tell the service worker that it may keep this, in which language it is, and for whom."""
    language = language_of(request)
    code = SOURCE if language.is_pseudo else language.code
    response.headers["fourward-keep"] = f"{code} {person_on(request) or '-'}"


def person_on(request: Request) -> str | None:
    """Whom this page is for, as the browser's scripts tell people apart; None where the page did not ask."""
    if not hasattr(request.state, "person"):
        return None
    person = request.state.person
    return str(person.user_id) if person else ""


def moment(code: str, at: datetime) -> Markup:
    """A moment in UTC, marked up so that the page's script can put it in the reader's own zone."""
    return Markup('<bdi><time class="moment" datetime="{}">{}</time></bdi>').format(
        at.isoformat(timespec="seconds"), languages.moment(code, at)
    )


def public_link(request: Request, path: str) -> str:
    """A page's address as people send it to each other."""
    settings: Settings = request.app.state.settings
    return settings.public_url.rstrip("/") + path


def hidden_token(settings: Settings, visitor: str) -> Markup:
    token = forms.form_token(settings, visitor)
    return Markup('<input type="hidden" name="{}" value="{}">').format(forms.TOKEN_FIELD, token)


def set_cookie(response: Response, settings: Settings, name: str, value: str) -> None:
    https = settings.public_url.startswith("https://")
    response.set_cookie(name, value, max_age=COOKIE_SECONDS, path="/", secure=https, httponly=True, samesite="lax")


def say(code: str, message: str, **values: object) -> str:
    """A text of the interface in a language, with its places filled."""
    text = languages.texts(LOCALES, code).translations.gettext(message)
    return text % values if values else text


def say_to(request: Request, message: str, values: Mapping[str, object] | None = None) -> str:
    """A text of the interface in the reader's language, with its places filled."""
    return say(language_of(request).code, message, **(values or {}))


def content(request: Request, definition: Definition) -> Questionnaire:
    """A questionnaire's texts in the reader's language, as far as they are translated."""
    translated = translate_definition(definition, language_of(request).code)
    if translated.machine_made:
        request.state.is_machine_made = True
    if translated.missing:
        request.state.is_missing_texts = True
    return translated.definition.questionnaire
