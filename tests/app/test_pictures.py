"""A large picture is made smaller on the phone before it travels."""

import io
import random
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select

from app import artifacts
from app.database import Database
from app.file_cleaning import LONGEST_SIDE
from assessment.tables import Evidence
from tests.app import sent_files
from tests.app.bad_network import BadNetwork
from tests.app.conftest import PHONE, Live
from tests.app.phones import started

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
RED, BLUE = (200, 30, 30), (30, 30, 200)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def visitor(request: pytest.FixtureRequest, browser: Browser, network: BadNetwork) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=network.address, viewport=PHONE, java_script_enabled=request.param)
    context.set_default_timeout(45_000)
    yield context
    context.close()


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))


def photo() -> bytes:
    """As a phone makes it: 12 megapixels, several MB, held upright, red above and blue below."""
    upright = Image.blend(noise(3000, 4000), Image.new("RGB", (3000, 4000), RED), 0.75)
    upright.paste(Image.new("RGB", (3000, 1000), BLUE), (0, 3000))
    exif = Image.Exif()
    exif[sent_files.EXIF_ORIENTATION] = 6
    out = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", quality=94, exif=exif)
    return out.getvalue()


def send(live: Live, network: BadNetwork, visitor: BrowserContext, name: str, kind: str, content: bytes) -> int:
    """Send it from the page; returns how many bytes travelled."""
    link = started(live)
    page = visitor.new_page()
    page.goto(f"{link}/evidence/skills.training")
    before = network.taken
    page.set_input_files("#file", {"name": name, "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="Send the file").click()
    expect(page.locator(".files li")).to_have_count(1)
    return network.taken - before


def stored(live: Live) -> tuple[Evidence, bytes]:
    database: Database = live.app.state.database
    with database.reader() as session:
        row = session.scalars(select(Evidence).order_by(Evidence.id.desc())).first()
        assert row is not None
        folder = live.app.state.settings.artifacts / "evidence"
        return row, artifacts.path_of(folder, row.content_sha256).read_bytes()


def is_like(found: object, wanted: tuple[int, int, int]) -> bool:
    return isinstance(found, tuple) and all(abs(a - b) < 60 for a, b in zip(found, wanted, strict=True))


def test_a_large_photo_arrives_upright_and_as_large_as_it_is_kept(
    live: Live, network: BadNetwork, visitor: BrowserContext, request: pytest.FixtureRequest
) -> None:
    content = photo()
    assert 4_000_000 < len(content) < 10_000_000
    travelled = send(live, network, visitor, "hall.jpg", "image/jpeg", content)
    row, kept = stored(live)

    picture = Image.open(io.BytesIO(kept))
    assert (row.name, row.media_type, picture.size) == ("hall.jpg", "image/jpeg", (LONGEST_SIDE * 3 // 4, LONGEST_SIDE))
    assert is_like(picture.getpixel((600, 100)), RED)
    assert is_like(picture.getpixel((600, 1500)), BLUE)
    if "without" in request.node.name:
        assert travelled > len(content)
    else:
        assert travelled < 1_000_000


@pytest.mark.parametrize("visitor", [True], indirect=True)
def test_a_large_drawing_stays_a_png_and_a_photo_saved_as_png_goes_as_jpeg(
    live: Live, network: BadNetwork, visitor: BrowserContext
) -> None:
    travelled = send(live, network, visitor, "plan.png", "image/png", sent_files.png(3000, 1500, "RGBA"))
    row, kept = stored(live)
    assert travelled < 100_000
    assert (row.name, Image.open(io.BytesIO(kept)).size) == ("plan.png", (LONGEST_SIDE, LONGEST_SIDE // 2))

    out = io.BytesIO()
    noise(1500, 1200).save(out, "PNG")
    travelled = send(live, network, visitor, "hall.png", "image/png", out.getvalue())
    row, kept = stored(live)
    assert travelled < len(out.getvalue()) / 2
    assert (row.name, row.media_type, Image.open(io.BytesIO(kept)).size) == ("hall.jpg", "image/jpeg", (1500, 1200))


@pytest.mark.parametrize("visitor", [True], indirect=True)
def test_what_is_small_or_no_picture_is_sent_as_it_is(live: Live, network: BadNetwork, visitor: BrowserContext) -> None:
    small, broken = sent_files.photo(1600, 800), b"\xff\xd8\xff" + b"no picture" * 300_000
    for content in (small, broken):
        link = started(live)
        page = visitor.new_page()
        page.goto(f"{link}/evidence/skills.training")
        page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content})
        before = network.taken
        page.get_by_role("button", name="Send the file").click()
        page.wait_for_function(
            "document.querySelector('.files') || document.title.length && !document.querySelector('#file')"
        )
        assert network.taken - before > len(content)
    expect(page.get_by_text("The file cannot be opened")).to_be_visible()

    assert send(live, network, visitor, "a.pdf", "application/pdf", sent_files.pdf()) > len(sent_files.pdf())
    assert stored(live)[1] == sent_files.pdf()
