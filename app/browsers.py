"""What is noted of the browser in which a person signs in: its name and the first part of its address."""

import ipaddress
import re

from fastapi import Request


def network_of(request: Request) -> str:
    """The first part of the address a request comes from: enough to recognise a network, not a person."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 4:
        return f"{str(address).rpartition('.')[0]}.*"
    prefix = ipaddress.ip_network((address, 48), strict=False).network_address
    return f"{prefix.compressed.rstrip(':') or ':'}:*"


BROWSERS = (
    ("Edge", r"\bEdgA?/"), ("Samsung Internet", r"SamsungBrowser/"), ("Opera", r"\bOPR/|Opera"),
    ("Firefox", r"Firefox/|FxiOS/"), ("Chrome", r"Chrome/|CriOS/"), ("Safari", r"Safari/"),
)  # fmt: skip
SYSTEMS = (
    ("Android", r"Android"), ("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Windows", r"Windows"),
    ("macOS", r"Macintosh"), ("ChromeOS", r"CrOS"), ("Linux", r"Linux"),
)  # fmt: skip


def browser_of(request: Request) -> str:
    """The browser's and the system's name, as far as they say; nothing else of what they send is kept."""
    agent = request.headers.get("user-agent", "")[:500]
    names = (next((name for name, sign in known if re.search(sign, agent)), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in names if name)
