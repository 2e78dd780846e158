"""Of a browser its name is kept, and of its address the first part."""

import pytest
from starlette.requests import Request

from app.browsers import browser_of, network_of


def request(host: str | None = "203.0.113.77", agent: str = "") -> Request:
    headers = [(b"user-agent", agent.encode("latin-1"))]
    return Request({"type": "http", "headers": headers, "client": (host, 1) if host else None})


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("203.0.113.77", "203.0.113.*"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:*"),
        ("2001:db8::1", "2001:db8:*"),
        ("::ffff:203.0.113.77", "203.0.113.*"),
        ("::1", "::*"),
        ("a name", "a name"),
        (None, ""),
    ],
)
def test_the_first_part_of_an_address_is_kept(host: str | None, kept: str) -> None:
    assert network_of(request(host)) == kept


@pytest.mark.parametrize(
    ("agent", "kept"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/146.0 Safari/537.36 Edg/146.0",
            "Edge, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) Version/20.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/30.0 Chrome/140.0 Mobile Safari/537.36",
            "Samsung Internet, Android",
        ),
        ("curl/8.5", ""),
        ("", ""),
        ('\n{"level": "forged"}\x1b[31m' * 99, ""),
    ],
)
def test_the_names_of_browser_and_system_are_kept_and_nothing_else(agent: str, kept: str) -> None:
    assert browser_of(request(agent=agent)) == kept
