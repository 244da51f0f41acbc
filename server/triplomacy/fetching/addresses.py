"""To which addresses the name of a service may lead: to public ones, and to no other.

A name is somebody else's word: it can lead to this machine, to its network, to the cloud's own
services, and to another place at each look. So it is looked up once for each call, all that it
leads to must be public, and the caller connects to what is returned here, not to the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

from triplomacy.fetching.endpoints import Endpoint

Resolver = Callable[[str, int], list[str]]
"""Gives the addresses of a host, the best first; raises OSError where there are none."""

_IP = ipaddress.IPv4Address | ipaddress.IPv6Address

# The IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890), as far as they are not for
# everybody; multicast; and what is reserved.
_NOT_PUBLIC_4 = [
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
]
# All else, loopback, link-local, private, multicast and IPv4-mapped, lies outside of this one.
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
# Of it: protocols' own (Teredo among them), documentation, 6to4, which hides an IPv4 address.
_NOT_PUBLIC_6 = [
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
]
# A network without IPv4 reaches it through these (RFC 6052 §2.1); the last 32 bits tell where.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: _IP) -> bool:
    """Whether an address is one of the internet at large, for one machine.

    >>> is_public(ipaddress.ip_address("169.254.169.254"))
    False
    """
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def resolve(host: str, port: int) -> list[str]:
    """Ask this machine's resolver. Implements `Resolver`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def addresses(endpoint: Endpoint, resolver: Resolver = resolve) -> list[str]:
    """The addresses at which `endpoint` may be called now, the best first, as numbers.

    An address that the operator has written is taken as it is; the operator of a site may well
    have an endpoint on the same machine.

    Raises:
        OSError: the name leads nowhere.
        PermissionError: it leads to an address that is not public.
    """
    if endpoint.is_literal:
        return [endpoint.host]
    found = [_address(text) for text in resolver(endpoint.host, endpoint.port)]
    if not found:
        raise OSError("its name leads to no address")
    if not all(address is not None and is_public(address) for address in found):
        raise PermissionError("its name leads to an address that is not public")
    return [str(address) for address in found]


def _address(text: str) -> _IP | None:
    """The address; None for one with a zone, which is of this machine's own network."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if getattr(address, "scope_id", None) else address
