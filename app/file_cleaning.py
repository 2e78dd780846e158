"""A file that somebody sent, made harmless in a process of its own: `python -I app/file_cleaning.py png < in > out`."""

import io
import resource
import sys

import pikepdf
from PIL import Image, ImageOps

LONGEST_SIDE = 1600  # pixels; so at most 2.6 megapixels
MOST_PIXELS = 60_000_000  # what the cameras of phones make; more is refused before it is unpacked
MEMORY_BYTES = 1_500_000_000
CPU_SECONDS = 20
REFUSED = 3  # the exit code that says: the file is at fault


def limit_ourselves() -> None:
    """A file that wants more than this ends this process, and nothing else."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def picture(content: bytes, kind: str) -> bytes:
    """The picture drawn anew: upright, small enough to show, without anything that is not seen (place, camera)."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses at twice this
    with Image.open(io.BytesIO(content), formats=(kind.upper(),)) as found:
        if found.width * found.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        # A large photo is unpacked at a fraction of its size.
        found.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(found)
        has_alpha = "A" in upright.getbands() or "transparency" in upright.info
        plain = upright.convert("RGBA" if has_alpha and kind == "png" else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # What is saved would otherwise carry the text, profile and comments of the original.
    plain.info = {}
    out = io.BytesIO()
    plain.save(out, kind.upper(), **({"quality": 85} if kind == "jpeg" else {"optimize": False}))
    return out.getvalue()


def document(content: bytes) -> bytes:
    """The document as it came, once it has been opened to the end."""
    with pikepdf.open(io.BytesIO(content)) as found:
        if not len(found.pages):
            raise ValueError("no pages")
    return content


def main() -> int:
    kind, content = sys.argv[1], sys.stdin.buffer.read()
    limit_ourselves()
    try:
        cleaned = document(content) if kind == "pdf" else picture(content, kind)
    except (ValueError, OSError, SyntaxError, Image.DecompressionBombError, pikepdf.PdfError, MemoryError):
        return REFUSED
    sys.stdout.buffer.write(cleaned)
    return 0


if __name__ == "__main__":
    sys.exit(main())
