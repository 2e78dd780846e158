"""Standard output is for the program alone."""

import ctypes
import threading

import pytest

from scoring.aside import prints_aside


def c_prints(line: bytes) -> None:
    library = ctypes.CDLL(None)
    library.puts(line)
    library.fflush(None)


def test_what_c_code_prints_goes_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with prints_aside():
        ctypes.CDLL(None).puts(b"a stray line")
    c_prints(b"what is asked for")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("what is asked for\n", "a stray line\n")


def test_the_stream_is_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), prints_aside():
        _ = 1 / 0
    c_prints(b"back")
    assert capfd.readouterr().out == "back\n"


def test_the_stream_is_back_when_the_last_of_several_threads_has_left(capfd: pytest.CaptureFixture[str]) -> None:
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with prints_aside():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    assert inside.wait(10)
    with prints_aside():
        c_prints(b"both")
    c_prints(b"one")
    leave.set()
    thread.join()
    c_prints(b"none")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("none\n", "both\none\n")
