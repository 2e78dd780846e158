"""What is sent as evidence: known by its content, cleaned, and refused in words when it is something else."""

import io

import pytest
from PIL import Image

from app import received_files
from app.received_files import FileNotReadable, FileTooLarge, KindNotAccepted, NoFile
from tests.app import sent_files


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_photo_is_upright_small_and_says_neither_where_nor_with_what_it_was_taken() -> None:
    found = received_files.cleaned(sent_files.photo())

    picture = opened(found.content)
    assert (picture.format, picture.size) == ("JPEG", (800, 1600))  # turned by its tag, then made smaller
    assert not picture.getexif()
    assert b"SECRET" not in found.content
    assert "icc_profile" not in picture.info


def test_a_small_picture_keeps_its_size_and_its_transparency() -> None:
    found = received_files.cleaned(sent_files.png(40, 20, "RGBA"))

    assert opened(found.content).size == (40, 20)
    assert opened(found.content).mode == "RGBA"


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "RGB"])
def test_pictures_of_every_depth_are_taken(mode: str) -> None:
    assert opened(received_files.cleaned(sent_files.png(30, 30, mode)).content).size == (30, 30)


def test_a_document_is_kept_as_it_came() -> None:
    content = sent_files.pdf(3)

    assert received_files.cleaned(content).content == content


def test_what_stands_behind_a_picture_is_gone() -> None:
    found = received_files.cleaned(sent_files.png() + sent_files.HTML)

    assert b"script" not in found.content


@pytest.mark.parametrize(
    "content",
    [sent_files.SVG, sent_files.EPS, sent_files.FITS, sent_files.HTML, sent_files.zip_file(), b"GIF89a", b"x"],
    ids=["svg", "eps", "fits", "html", "zip", "gif", "a letter"],
)
def test_other_kinds_are_refused_whatever_their_name_says(content: bytes) -> None:
    with pytest.raises(KindNotAccepted):
        received_files.cleaned(content)


@pytest.mark.parametrize(
    "content",
    [
        sent_files.huge_png(),
        sent_files.photo()[:3000],
        sent_files.png()[:40],
        b"%PDF-1.7 and then nothing",
        sent_files.pdf()[:200],
        sent_files.locked_pdf(),
        b"\x89PNG\r\n\x1a\n" + sent_files.FITS,
        b"\xff\xd8\xff" + sent_files.EPS,
    ],
    ids=[
        "50,000 pixels",
        "cut jpeg",
        "cut png",
        "empty pdf",
        "cut pdf",
        "locked pdf",
        "fits behind png",
        "eps behind jpeg",
    ],
)
def test_what_cannot_be_opened_is_refused(content: bytes) -> None:
    with pytest.raises(FileNotReadable):
        received_files.cleaned(content)


def test_nothing_and_too_much_are_refused() -> None:
    with pytest.raises(NoFile):
        received_files.cleaned(b"")
    with pytest.raises(FileTooLarge):
        received_files.cleaned(sent_files.png() + b"\0" * received_files.LARGEST_FILE)
