"""What commands write goes to the place that was named, whatever lies there, or is refused in one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands.errors import BadInput
from app.commands.output import whole_file

TINY = Path(__file__).parents[1] / "definitions" / "tiny" / "1.0.0"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    fourward = f"'{sys.executable}' -m app"
    return subprocess.run(
        ["sh", "-c", command.replace("fourward", fourward)],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", tmp_path / "read"
    os.mkfifo(pipe)
    with open(read, "wb") as into, subprocess.Popen(["cat", str(pipe)], stdout=into), whole_file(pipe) as file:
        file.write(b"scores")
    assert read.read_bytes() == b"scores"
    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == [pipe, read]


def test_what_a_link_points_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    link.symlink_to(real)
    with whole_file(link) as file:
        file.write(b"new")
        assert real.read_text() == "old"
    assert real.read_text() == "new"
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, real]


def test_a_folder_is_refused_and_nothing_is_left_behind(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written: Is a directory"), whole_file(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
    assert not list(tmp_path.parent.glob(f".{tmp_path.name}*"))


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("command", ["score TINY firm.json", "score TINY firm.jsonl", "questionnaire check TINY"])
def test_a_full_disk_is_one_line_and_no_traceback(tmp_path: Path, command: str) -> None:
    for name in ("firm.json", "firm.jsonl"):
        (tmp_path / name).write_text("{}\n")
    ran = shell(f"fourward {command} > /dev/full".replace("TINY", str(TINY)).replace(" firm", f" {tmp_path}/firm"))
    assert ran.returncode == 2
    told = [line for line in ran.stderr.decode().splitlines() if "checked:" not in line]
    assert len(told) == 1
    assert "No space left on device" in told[0]


def test_closed_output_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "firm.json").write_text("{}")
    ran = shell(f"fourward score '{TINY}' '{tmp_path}/firm.json' >&-")
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_texts_that_the_terminal_cannot_show_are_printed_as_escapes(tmp_path: Path) -> None:
    text = (TINY / "questionnaire.yaml").read_text().replace("title: Tiny", "title: 小 Tiny", 1)
    (tmp_path / "questionnaire.yaml").write_text(text, encoding="utf-8")
    ran = shell(f"fourward questionnaire show '{tmp_path}'", PYTHONIOENCODING="latin-1")
    assert ran.returncode == 0
    assert ran.stdout.startswith(b"\\u5c0f Tiny")
