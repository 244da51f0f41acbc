"""Who really asks, and for which address, when a proxy stands before the server: pure functions.

Only the word of a proxy that the publisher trusts counts: anybody can send these headers. Addresses
are read from the nearest to the farthest, as long as each was written by one who is trusted.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from werkzeug.http import parse_list_header

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOST = re.compile(r"[A-Za-z0-9._~\-]{1,255}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_PAIR = re.compile(r'\s*([A-Za-z]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;,"\s]+)\s*(?:;|$)')


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request comes from.

    Attributes:
        client: the address of who sent it.
        scheme: `http` or `https`, as the client used it; None where nobody trusted says.
        host: the host that the client asked for; None where nobody trusted says.
    """

    client: str
    scheme: str | None = None
    host: str | None = None


def networks(trusted: Iterable[str]) -> tuple[Network, ...]:
    """The networks of `trusted`; raises ValueError for what is neither address nor network."""
    return tuple(ipaddress.ip_network(each, strict=False) for each in trusted)


def origin(peer: str, headers: Callable[[str], str], trusted: tuple[Network, ...]) -> Origin:
    """Who sent a request that came from `peer`.

    `X-Forwarded-For` counts before `Forwarded` (RFC 7239), which is read where there is none of it.

    Args:
        peer: the address at the other end of the connection.
        headers: gives the value of a header, empty where there is none.
        trusted: the proxies whose word counts.
    """
    if not _is_trusted(peer, trusted):
        return Origin(peer)
    chain = [part.strip() for part in headers("X-Forwarded-For").split(",") if part.strip()]
    scheme, host = _last(headers("X-Forwarded-Proto")), _last(headers("X-Forwarded-Host"))
    if not chain:
        elements = [_pairs(element) for element in parse_list_header(headers("Forwarded"))]
        chain = [element.get("for", "unknown") for element in elements]
        nearest = elements[-1] if elements else {}
        scheme, host = scheme or nearest.get("proto", ""), host or nearest.get("host", "")
    client = peer
    for named in reversed(chain):
        address = _address(named)
        is_trusted = _is_trusted(named, trusted)
        if address is None or (address.is_loopback and not is_trusted):
            break  # hidden, broken or pretended: the last one that is known stands for it
        client = str(address)
        if not is_trusted:
            break
    return Origin(
        client,
        scheme.lower() if scheme.lower() in ("http", "https") else None,
        host if _HOST.fullmatch(host) else None,
    )


def _is_trusted(address: str, trusted: tuple[Network, ...]) -> bool:
    known = _address(address)
    return known is not None and any(known in network for network in trusted)


def _address(named: str) -> Address | None:
    """The IP address in `192.0.2.1:80`, `[2001:db8::1]:80` and the like; None for another name."""
    text = named.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _pairs(element: str) -> dict[str, str]:
    """The parameters of one element of `Forwarded` (RFC 7239 §4)."""
    return {name.lower(): value.strip('"') for name, value in _PAIR.findall(element)}


def _last(value: str) -> str:
    """The last member of a list: what the nearest proxy wrote."""
    return value.rpartition(",")[2].strip()
