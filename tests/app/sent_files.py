"""Files as people send them, made on the spot: good ones, broken ones, and ones that are not what they say."""

import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image

EXIF_PLACE, EXIF_ORIENTATION, EXIF_CAMERA = 0x8825, 0x0112, 0x0110


def png(width: int = 40, height: int = 20, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 1).save(out, "PNG")
    return out.getvalue()


def photo(width: int = 2000, height: int = 1000) -> bytes:
    """A JPEG from a phone held upright: turned by its tag, with the place and the camera in it."""
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = 6
    exif[EXIF_CAMERA] = "SECRET-CAMERA"
    exif.get_ifd(EXIF_PLACE)[2] = (3.0, 8.0, 20.0)
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "JPEG", exif=exif, comment=b"SECRET-COMMENT")
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    # Each PDF otherwise gets an identity of its own; here the same call gives the same content.
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def locked_pdf() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


def huge_png(side: int = 50_000) -> bytes:
    """A PNG that says it is 50,000 pixels wide and high, in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def zip_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("document.pdf", "not really")
    return out.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"
FITS = b"SIMPLE  =                    T" + b" " * 2850
HTML = b"<!doctype html><script>alert(1)</script>"
