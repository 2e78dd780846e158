"""Files that people send: known by their content, bounded, and cleaned before anything else touches them."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from app import file_cleaning
from assessment.errors import N_, Invalid

LARGEST_FILE = 10 * 1024 * 1024
SECONDS = 40
SCRIPT = Path(file_cleaning.__file__)
AT_ONCE = 2
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is accepted, and how its content begins."""

    name: str
    begins: bytes
    media_type: str
    ending: str


KINDS = (
    Kind("pdf", b"%PDF-", "application/pdf", ".pdf"),
    Kind("png", b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    Kind("jpeg", b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file that may be kept."""

    kind: Kind
    content: bytes


class NoFile(Invalid):
    """Nothing was chosen, or an empty file."""

    def __init__(self) -> None:
        super().__init__(N_("Choose a file first."))


class FileTooLarge(Invalid):
    """More than we keep."""

    def __init__(self) -> None:
        super().__init__(N_("The file is larger than 10 MB. Send a smaller one, for example a photo of the page."))


class KindNotAccepted(Invalid):
    """Something else, whatever its name says."""

    def __init__(self) -> None:
        super().__init__(
            N_("This is neither a PDF nor a PNG or JPEG picture. Save it as one of these and send it again.")
        )


class FileNotReadable(Invalid):
    """It begins as it should, and then cannot be read."""

    def __init__(self) -> None:
        super().__init__(
            N_("The file cannot be opened: it is damaged, protected by a password, or far too large a picture.")
        )


def cleaned(content: bytes) -> Cleaned:
    """The file as it may be kept: pictures drawn anew without place and camera, documents once they open.

    The work is done in a process of its own, whose memory and time are bounded; at most two at once.

    Raises:
        NoFile, FileTooLarge, KindNotAccepted, FileNotReadable
    """
    if not content:
        raise NoFile
    if len(content) > LARGEST_FILE:
        raise FileTooLarge
    kind = next((k for k in KINDS if content.startswith(k.begins)), None)
    if kind is None:
        raise KindNotAccepted
    with _turns:
        return Cleaned(kind, _cleaned_elsewhere(kind, content))


def _cleaned_elsewhere(kind: Kind, content: bytes) -> bytes:
    command = [sys.executable, "-I", str(SCRIPT), kind.name]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise FileNotReadable from None
    # Any other end than a good one is the file's doing: out of memory, out of time, a crash inside a library.
    if done.returncode != 0 or not done.stdout:
        raise FileNotReadable
    return done.stdout
