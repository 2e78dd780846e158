"""What is true of every page: usable by all, in every language, on a small screen, and light."""

import gzip
import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import event

from app.database import Database
from app.templating import STATIC
from assessment import api_tokens, assessments, firms, mails, roles, sessions, sign_in_codes, users
from tests.app import case_pages, programme_pages, release_pages, room_pages
from tests.app import shared as shared_pages
from tests.app.conftest import PHONE, Live
from tests.app.planned import planned_firm
from tests.app.routes import every_route
from tests.app.walk import finished, start
from tests.factories import tiny

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(900)]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/",
    "/help",
    "/start/tiny",
    "/nothing",
    "open:?new=1",
    "open:",
    "open:/profile",
    "open:/sections/skills",
    "open:/sections/~people",
    "open:/sections/skills/check",
    "open:/check",
    "open:/results",
    "done:/results",
    "plan:/results",
    "plan:/results?budget=much&money.0=9&goal=employment&w.list-every-idea=not&if=process.planning.orders:4",
    "plan:/results?budget=200000&w.list-every-idea=must&if=planning.orders:4",
    "plan:/progress",
    "plan:/progress/list-every-idea",
    "/sign-in",
    "/sign-in/password",
    "/signed-out",
    "/outbox",
    "/sign-in/link/ABCD-2345",
    "waits:/sign-in/code",
    "waits:/sign-in/link/ABCD-2345",
    "person:/account",
    "person:/account/password",
    "person:/account/close",
    "person:/account/tokens",
    "person:/firms",
    "person:/firms/new",
    "firm:",
    "firm:/particulars",
    "firm:/erase",
    "person:/start/tiny",
    "ordered:",
    "/api",
    "/offline",
    "person:/account/tokens",
    "/api",
    "keeps:",
    *shared_pages.PAGES,
    *room_pages.PAGES,
    *programme_pages.PAGES,
    *case_pages.PAGES,
    *release_pages.PAGES,
)
# Pages that need a cookie: the one of a person, or of a browser that waits for a code.
COOKIES = {
    "person": "session",
    "keeps": "session",
    "firm": "session",
    "waits": "code",
    "leader": "leader session",
    "led": "leader session",
}
# Where addresses begin that are not those of an assessment.
BEGINNINGS = {"person": "", "waits": "", "firm": "/firms/1", "ordered": "/a/x/reports/1"} | room_pages.BEGINNINGS
COOKIES |= programme_pages.COOKIES | case_pages.COOKIES
BEGINNINGS |= programme_pages.BEGINNINGS | case_pages.BEGINNINGS | release_pages.BEGINNINGS
# What is read by programs, or taken home as a file.
NO_PAGES = {
    "/a/{key}/evidence/{question_id}/{number}",
    "/a/{key}/moves/{number}/left-behind.csv",
    "/a/{key}/pages",
    "/a/{key}/reports/{report_id}/file",
    "/a/{key}/self/evidence/{number}",
    "/a/{key}/visit",  # leads to the case
    "/firms/{number}/export",
    "/healthz",
    "/live/{kind}/{key}",
    "/live/{kind}/{key}/stream",
    "/manifest.webmanifest",
    "/programmes/{programme}/imports/template-{kind}.{ending}",
    "/programmes/{programme}/imports/{number}/problems.csv",
    "/readyz",
    "/releases/{release}/files/{name}",
    "/releases/{release}/table.csv",
    "/sw.js",
    "/w/{key}/paper/table.csv",
    "/w/{key}/report/record.json",
    "/w/{key}/report/{report_id}/file",
}


def test_every_page_is_among_these(app: FastAPI) -> None:
    """A page that is added is held to all that follows."""
    paths = {path for method, path in every_route(app) if method == "GET" and not path.startswith("/api/v1")} - NO_PAGES
    examples = [pattern_of(example) for example in PAGES]
    # Each example is of the first page that fits: `/firms/new` is no firm.
    found = {next((p for p in sorted(paths, key=lambda p: p.count("{")) if fits(p, each)), each) for each in examples}

    assert not paths - found, "say how this page is opened, in PAGES"


def pattern_of(example: str) -> str:
    kind, colon, rest = example.partition("?")[0].partition(":")
    return BEGINNINGS.get(kind, "/a/x") + rest if colon else kind


def fits(path: str, example: str) -> bool:
    return re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", path), example) is not None


@pytest.fixture(scope="module")
def links(live: Live) -> dict[str, str]:
    """An assessment that is open and one that is submitted."""
    # Not as a context: leaving one would end the service for the other tests.
    client = TestClient(live.app, base_url=live.address, headers={"origin": live.address})
    opened = start(client)
    opened.answer("skills", skills__training="2", skills__languages=["0", "1"])
    opened.post("/sections/skills", {"shown": ["skills.training"], "note.skills.training": "⟦a note⟧"})
    found = {"open": opened.link, "done": finished(client).link, "keeps": opened.link}
    found["plan"] = planned_firm(live.app.state.database)
    database = live.app.state.database
    found |= room_pages.workshops_in_every_state(live.app, database)
    found |= programme_pages.programmes_to_visit(database)
    found |= release_pages.published_release(database, live.app.state.settings.artifacts)
    found |= visitors(database) | shared_pages.shared(database)
    return found | case_pages.cases_to_visit(database)


def visitors(database: Database) -> dict[str, str]:
    """The cookies of a person who keeps a firm and is signed in twice, and of a browser that waits for a code."""
    now = datetime.now(UTC)
    with database.transaction() as session:
        person = users.register(session, "⟦a@firm.example⟧", now, "⟦Aminah⟧")
        here, _ = sessions.start(session, person.id, now, "Firefox, Linux", "203.0.113.*")
        sessions.start(session, person.id, now, "", "2001:db8:1:*")
        firm = firms.register(session, "⟦Acme⟧", "MY", now)
        assessments.start(session, firm, tiny().questionnaire, {}, now)
        roles.keep_firm(session, person.id, firm.id, now)
        mails.queue(session, "a@firm.example", "⟦Code⟧", "⟦ABCD-2345⟧\n\nhttp://127.0.0.1/x\n", now)
        # A code lives for minutes, and these pages may be walked for longer on a busy machine.
        waits = sign_in_codes.ask(session, "a@firm.example", now + timedelta(hours=2))
        api_tokens.make(session, person.id, "⟦a program⟧", ["read"], 30, now)
    return {"person": "", "waits": "", "session": here, "code": waits.browser, "firm": f"/firms/{firm.id}"}


def visit(page: Page, live: Live, links: dict[str, str], path: str) -> None:
    """Open a page as whom it is for."""
    page.context.clear_cookies(name=re.compile("session|code"))
    cookie = COOKIES.get(path.partition(":")[0])
    if cookie:
        page.context.add_cookies([{"name": cookie.rpartition(" ")[2], "value": links[cookie], "url": live.address}])
    page.goto(address(links, path))


def address(links: dict[str, str], path: str) -> str:
    kind, colon, rest = path.partition(":")
    return links[kind] + rest if colon else path


def context_in(
    browser: Browser, live: Live, language: str, width: int = PHONE["width"], **more: object
) -> BrowserContext:
    viewport = {"width": width, "height": PHONE["height"]}
    context = browser.new_context(viewport=viewport, base_url=live.address, **more)
    context.add_cookies([{"name": "language", "value": language, "url": live.address}])
    return context


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(browser: Browser, live: Live, links: dict[str, str], language: str, scheme: str) -> None:
    context = context_in(browser, live, language, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for path in PAGES:
        visit(page, live, links, path)
        violations = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
        if violations:
            found[path] = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in violations]
    context.close()

    assert not found


@pytest.mark.parametrize("language", ["en", "ar", "qps", "qps-rtl"])
def test_no_page_scrolls_sideways_at_320_pixels(
    browser: Browser, live: Live, links: dict[str, str], language: str
) -> None:
    context = context_in(browser, live, language, width=320)
    page = context.new_page()
    wide = []
    for path in PAGES:
        visit(page, live, links, path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append((path, widest(page)))
    context.close()

    assert not wide


def widest(page: Page) -> list[str]:
    return list(
        page.evaluate(
            "[...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 ||"
            " e.getBoundingClientRect().left < -1).map(e => e.outerHTML.slice(0, 90)).slice(0, 5)"
        )
    )


# WCAG 1.4.12: what a person may set without losing anything.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
  const cut = element => {
    const style = getComputedStyle(element);
    const hides = style.overflowX !== 'visible' || style.overflowY !== 'visible';
    const scrolls = /auto|scroll/.test(style.overflowX + style.overflowY);
    return hides && !scrolls && !element.closest('[aria-hidden=true]') && element.innerText?.trim() && (
      element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1
    ) && element.clientHeight > 1;
  };
  const found = [...document.body.querySelectorAll('*')].filter(cut).map(e => e.outerHTML.slice(0, 90));
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push('the page scrolls sideways');
  return found;
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_wider_spacing_cuts_nothing_off(browser: Browser, live: Live, links: dict[str, str], language: str) -> None:
    context = context_in(browser, live, language)
    page = context.new_page()
    cut = {}
    for path in PAGES:
        visit(page, live, links, path)
        found = page.evaluate(SPACED)
        if found:
            cut[path] = found[:5]
    context.close()

    assert not cut


UNTRANSLATED = """() => {
  const EXEMPT = 'bdi, [translate=no], script, noscript, option, .languages, [lang]:not(html)';
  const found = [];
  const untranslated = text => {
    // Innermost first: a translated text may hold another.
    for (let depth = 0; depth < 6; depth += 1) text = text.replace(/⟦[^⟦⟧]*⟧/g, '');
    return text.match(/\\p{L}{2,}/gu) ?? [];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (element.closest(EXEMPT)) continue;
    let words = untranslated(walker.currentNode.data);
    // A translated text may hold elements: then its brackets stand in other nodes of the same block.
    const block = words.length ? element.closest('p, li, td, th, h1, h2, h3')?.cloneNode(true) : null;
    if (block) {
      block.querySelectorAll(EXEMPT).forEach(e => e.remove());
      words = untranslated(block.textContent);
    }
    found.push(...words);
  }
  for (const [selector, name] of [['[aria-label]', 'aria-label'], ['[placeholder]', 'placeholder']]) {
    for (const element of document.querySelectorAll(selector)) {
      if (!element.getAttribute(name).includes('⟦')) found.push(element.getAttribute(name));
    }
  }
  if (!document.title.includes('⟦')) found.push(document.title);
  return found;
}"""


# Options of 'choose many' hold the words that answers are stored by, and stay as they are; as do names.
WORDS = ("ERP", "MES", "PLM", "CAD", "PDF", "XLSX", "Acme", "MYR", "Pakistan")


def test_no_word_on_any_page_is_left_untranslated(browser: Browser, live: Live, links: dict[str, str]) -> None:
    context = context_in(browser, live, "qps")
    page = context.new_page()
    left = {}
    for path in PAGES:
        visit(page, live, links, path)
        # Options of 'choose many' hold the words that answers are stored by, and stay as they are.
        words = [
            w
            for w in page.evaluate(UNTRANSLATED)
            if w not in ("ERP", "MES", "PLM", "CAD", "PDF", "XLSX", "CSV", "Acme", "MYR", "Pakistan")
        ]
        if words:
            left[path] = words
    context.close()

    assert not left


def test_the_style_knows_no_left_and_no_right() -> None:
    style = (STATIC / "fourward.css").read_text()

    assert not re.findall(
        r"(margin|padding|border|inset)-(left|right)|text-align:\s*(left|right)|float:\s*(left|right)|[^-]\b(left|right):",
        style,
    )


def headers_for(links: dict[str, str], path: str) -> dict[str, str]:
    cookie = COOKIES.get(path.partition(":")[0])
    return {"cookie": f"{cookie.rpartition(' ')[2]}={links[cookie]}"} if cookie else {}


def test_pages_are_there_and_stay_within_their_weight(live: Live, links: dict[str, str]) -> None:
    client = TestClient(live.app, base_url=live.address, follow_redirects=False)
    pages = {p: client.get(address(links, p), headers=headers_for(links, p)) for p in PAGES}
    weights = {path: len(gzip.compress(answer.content, 6)) for path, answer in pages.items()}

    assert {path for path, answer in pages.items() if answer.status_code != 200} == {
        "/nothing",  # there is no such page
        "named:/check",  # is for who manages the assessment, not for a colleague
    }
    assert max(weight for path, weight in weights.items() if "results" in path) <= 40 * 1024
    assert max(weight for path, weight in weights.items() if "results" not in path) <= 12 * 1024


def test_every_page_runs_at_most_six_statements(client: TestClient, database: Database, app: object) -> None:
    done, opened = finished(client), start(client)
    opened.answer("skills", skills__training="2")
    statements: list[str] = []
    engine = client.app.state.database.engine  # type: ignore[attr-defined]
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    counts = {}
    found = {"open": opened.link, "done": done.link, "keeps": opened.link} | visitors(database)
    found |= {"plan": planned_firm(database)} | shared_pages.shared(database)
    found |= room_pages.workshops_in_every_state(client.app, database)  # type: ignore[arg-type]
    found |= programme_pages.programmes_to_visit(database) | case_pages.cases_to_visit(database)
    found |= release_pages.published_release(database, client.app.state.settings.artifacts)  # type: ignore[attr-defined]
    for path in PAGES:
        statements.clear()
        client.get(address(found, path), headers=headers_for(found, path))
        counts[path] = sum(not statement.startswith("BEGIN") for statement in statements)
    statements.clear()
    opened.post("/sections/skills", {"shown": ["skills.training"], "a.skills.training": "1"})
    counts["save"] = len(statements)

    assert counts["save"] <= 10, counts
    assert not {path: count for path, count in counts.items() if path != "save" and count > 6}
