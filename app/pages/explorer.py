"""A release for everybody: its tables, how they came about, what has changed since the last one, and its files."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app import artifacts, explorer_query, forms
from app.cookies import session_cookie
from app.database_session import DatabaseSession
from app.dependencies import MaybeSignedIn
from app.explorer_form import choices
from app.explorer_query import Problem, Query
from app.explorer_table import view_of
from app.files import FOR_EVER
from app.release_names import labels_of
from app.report_files import disposition
from app.settings import Settings
from app.templating import LOCALES, STATIC, TEMPLATES, language_of, page, public_link, say_to
from assessment import release_access
from assessment.errors import N_, NotFound
from assessment.release_access import OpenRelease
from reports.release.about import citation, covered, facts
from reports.release.csv_file import table_csv
from reports.release.cube import KEYS, Cube
from reports.release.difference import KINDS
from reports.release.labels import Labels
from reports.release.manifest_file import media_type, offered

router = APIRouter(prefix="/releases/{release}")
READ = ["GET", "HEAD"]
DIFFERENCES = "differences.json"
KEPT = "private, no-cache"  # a browser may keep a page, and asks whether it is still the same


class NoSuchFile(NotFound):
    """The release has no file of this name, or it is not made yet."""

    def __init__(self) -> None:
        super().__init__(N_("This release has no such file. Choose one from its list of files."))


def open_release(session: DatabaseSession, person: MaybeSignedIn, release: str) -> OpenRelease:
    return release_access.open_release(session, release, person.user_id if person else None)


OpenedRelease = Annotated[OpenRelease, Depends(open_release, scope="function")]


def cube_of(request: Request, opened: OpenRelease) -> Cube:
    """The cells of a release.

    Raises:
        NoSuchFile: the file is not there.
    """
    settings: Settings = request.app.state.settings
    path = artifacts.path_of(settings.artifacts, opened.release.cube_sha256 or "")
    if not path.is_file():
        raise NoSuchFile
    return Cube(path, opened.release.manifest or {})


@router.api_route("", methods=READ)
def show_table(request: Request, opened: OpenedRelease) -> Response:
    """The table that the address asks for; another spelling of the same leads to the one address that it has."""
    cube = cube_of(request, opened)
    asked = request.query_params.multi_items()
    query, problems = explorer_query.read(cube, asked)
    if not problems and asked and asked != query.pairs():
        return RedirectResponse(query.address(opened.link), status_code=303)
    known = unchanged(request, opened, query.address(opened.link) if not problems else "")
    if known.status_code == 304:
        return known
    labels = names_of(request, cube.manifest)
    table = query.table(cube)
    if problems and not explorer_query.is_told(table):
        query = explorer_query.nearest(cube, query)
        table = query.table(cube)
    is_told = explorer_query.is_told(table)
    nearest = None if is_told else explorer_query.nearest(cube, query)
    shape, narrowing = choices(cube, query, labels, lambda text: say_to(request, text))
    response = page(
        request,
        "explorer.html",
        422 if problems else 200 if is_told else 404,
        opened=opened,
        manifest=cube.manifest,
        query=query,
        problems=[said(request, problem) for problem in problems],
        shape=shape,
        narrowing=narrowing,
        view=view_of(cube, table, query, labels, opened.link) if is_told else None,
        title=title_of(request, labels, query),
        about=about_of(labels, cube, query),
        labels=labels,
        row_side=labels.side(query.rows),
        nearest=nearest,
        nearest_title=title_of(request, labels, nearest) if nearest else "",
        address=public_link(request, query.address(opened.link)),
        table_file=Query.address(query, f"{opened.link}/table.csv"),
        threshold=cube.manifest.get("rules", {}).get("threshold", 10),
    )
    return remembered(response, known)


@router.api_route("/table.csv", methods=READ)
def download_table(request: Request, opened: OpenedRelease) -> Response:
    """The table of an address, as a file."""
    cube = cube_of(request, opened)
    query, problems = explorer_query.read(cube, request.query_params.multi_items())
    table = query.table(cube)
    if problems or not explorer_query.is_told(table):
        raise NoSuchFile
    content = table_csv(table, names_of(request, cube.manifest), query.indicator)
    name = f"release-{opened.release.number}-table.csv"
    headers = {"content-disposition": disposition(name), "cache-control": KEPT, "vary": "Cookie, Accept-Language"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.api_route("/about", methods=READ)
def show_about(request: Request, opened: OpenedRelease) -> Response:
    """How the release came about, how sure it is, how to cite it, and its files."""
    known = unchanged(request, opened, "about" + repr(sorted(opened.release.files)))
    if known.status_code == 304:
        return known
    manifest = opened.release.manifest or {}
    labels = names_of(request, manifest)
    address = public_link(request, opened.link)
    response = page(
        request,
        "explorer_about.html",
        opened=opened,
        manifest=manifest,
        facts=facts(manifest, labels),
        coverage=covered(manifest, labels),
        citation=citation(manifest, labels, address, opened.release.cube_sha256 or ""),
        address=address,
        files=offered(opened.release.files, labels),
    )
    return remembered(response, known)


@router.api_route("/differences", methods=READ)
def show_differences(request: Request, opened: OpenedRelease) -> Response:
    """What has changed since the release before."""
    known = unchanged(request, opened, "differences" + repr(opened.release.files.get(DIFFERENCES)))
    if known.status_code == 304:
        return known
    manifest = opened.release.manifest or {}
    changes, labels = differences_of(request, opened), names_of(request, manifest)
    response = page(
        request,
        "explorer_differences.html",
        opened=opened,
        manifest=manifest,
        changes=changes,
        kinds=[(kind, labels.wording.gettext(text)) for kind, text in KINDS.items()],
        heads=[labels.column(name) for name in KEYS],
        rows=[change_row(each, labels) for each in changes.get("first", ())],
    )
    return remembered(response, known)


def differences_of(request: Request, opened: OpenRelease) -> dict[str, Any]:
    """The comparison that was made with the release; nothing where there is none."""
    settings: Settings = request.app.state.settings
    made = opened.release.files.get(DIFFERENCES)
    file = artifacts.path_of(settings.artifacts, str(made["sha256"])) if made else None
    found: dict[str, Any] = json.loads(file.read_bytes()) if file and file.is_file() else {}
    return found


def change_row(change: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    def both(name: str, decimals: int) -> str:
        values = (change[f"{name}_before"], change[f"{name}_after"])
        texts = ["–" if value is None else labels.wording.number(value, decimals) for value in values]
        return "" if texts == ["–", "–"] else f"{texts[0]} → {texts[1]}"

    names = [change["wave"], *(labels.coded(name, change[name]) for name in KEYS[1:])]
    kind = labels.wording.gettext(KINDS[change["change"]])
    return {"names": names, "change": kind, "mean": both("mean", 1), "n": both("n", 0)}


@router.api_route("/files/{name}", methods=READ)
def download_file(request: Request, opened: OpenedRelease, name: str) -> Response:
    """One of the release's files, as it was made. Of a published release it never changes."""
    settings: Settings = request.app.state.settings
    made = opened.release.files.get(name)
    sha256 = str(made["sha256"]) if made else ""
    file = artifacts.path_of(settings.artifacts, sha256)
    if not sha256 or not file.is_file():
        raise NoSuchFile
    headers = {
        "etag": f'"{sha256}"',
        "cache-control": FOR_EVER if opened.is_published else KEPT,
        "x-content-sha256": sha256,
    }
    if is_known(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = disposition(file_name(opened, name))
    return FileResponse(file, media_type=media_type(name), headers=headers)


def file_name(opened: OpenRelease, name: str) -> str:
    """A name that tells files of several releases apart on somebody's disk."""
    return f"release-{opened.release.programme_id}-{opened.release.number}-{name}"


def names_of(request: Request, manifest: Mapping[str, Any]) -> Labels:
    return labels_of(request.app.state.shelf, manifest, language_of(request).code)


def title_of(request: Request, labels: Labels, query: Query) -> str:
    what = labels.of("indicator", query.indicator) if query.has_indicator else labels.figure(query.told)
    values = {"what": what, "rows": labels.side(query.rows), "columns": labels.side(query.columns or query.rows)}
    if query.columns:
        return say_to(request, N_("%(what)s – %(rows)s × %(columns)s"), values)
    return say_to(request, N_("%(what)s – %(rows)s"), values)


def about_of(labels: Labels, cube: Cube, query: Query) -> list[str]:
    """What the table tells, of which year, and of whom."""
    found = [labels.figure(query.told)] if query.has_indicator else []
    if "wave" not in (query.rows, query.columns):
        found.append(query.wave or cube.codes("wave")[-1])
    return found + [labels.coded(name, code) for name, code in query.fixed]


def said(request: Request, problem: Problem) -> str:
    values: dict[str, Any] = dict(problem.values)
    if "name" in values:
        names = names_of(request, {})
        words = {"rows": N_("Rows"), "columns": N_("Columns"), "figure": N_("Figure"), "sort": N_("Order")}
        name = values["name"]
        values["name"] = say_to(request, words[name]) if name in words else names.column(name)
    return say_to(request, problem.message, values)


def unchanged(request: Request, opened: OpenRelease, what: str) -> Response:
    """An empty answer with the page's tag: 304 where the browser has this page already, else 204."""
    settings: Settings = request.app.state.settings
    parts = (
        opened.release.cube_sha256,
        opened.release.state,
        what,
        language_of(request).code,
        forms.visitor_of(request) or "",
        request.cookies.get(session_cookie(settings), ""),
        _pages(language_of(request).code),
    )
    tag = hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]
    headers = {"etag": f'W/"{tag}"', "cache-control": KEPT, "vary": "Cookie, Accept-Language"}
    return Response(status_code=304 if what and is_known(request, headers["etag"]) else 204, headers=headers)


def remembered(response: Response, known: Response) -> Response:
    """The page, which the browser may keep; what was not found is asked for again."""
    if response.status_code == 200:
        response.headers["etag"] = known.headers["etag"]
        response.headers["cache-control"] = KEPT
    return response


def is_known(request: Request, tag: str) -> bool:
    """Whether the browser says that it has this; a proxy that packed it may have weakened the tag."""
    plain = tag.removeprefix("W/")
    given = request.headers.get("if-none-match", "").split(",")
    return any(each.strip().removeprefix("W/") in (plain, "*") for each in given)


@lru_cache
def _pages(code: str) -> str:
    """The hash of what these pages are made of besides the release."""
    files = [*sorted(TEMPLATES.glob("explorer*.html")), TEMPLATES / "base.html", *sorted(STATIC.glob("*.[cj]s*"))]
    files += [file for file in (LOCALES / f"{code}.po",) if file.is_file()]
    return hashlib.sha256(b"".join(Path(file).read_bytes() for file in files)).hexdigest()
