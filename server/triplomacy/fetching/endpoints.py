"""What the operator lists: the address of an endpoint, in one spelling."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"""
    (?P<scheme>https?)://
    (?P<host>\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)
    (:(?P<port>[1-9][0-9]{0,4}))?
    (?P<target>/[A-Za-z0-9._~!$&'()*+,;=:@/%-]*(\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)?)
    """,
    re.VERBOSE,
)
_PORTS = {"http": 80, "https": 443}

WANTED = (
    "a list of addresses of SPARQL endpoints, http(s) with a path and a host in lower case and "
    "ASCII, without a user and #, such as https://query.wikidata.org/sparql"
)
"""What the setting should have been."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that may be called.

    Attributes:
        iri: its address, as the operator wrote it and as queries name it, character by character.
        scheme: http or https.
        host: a name, or the address itself, without brackets.
        port: where it listens.
        target: path and query of the address.
        is_literal: whether the host is an address, which the operator has meant, whatever it is.
    """

    iri: str
    scheme: str
    host: str
    port: int
    target: str
    is_literal: bool

    @property
    def authority(self) -> str:
        """The value of the `Host` header (RFC 9110 §7.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def endpoint(iri: str) -> Endpoint:
    """The endpoint at `iri`.

    >>> endpoint("https://query.wikidata.org/sparql").authority
    'query.wikidata.org'

    Raises:
        ValueError: it is not an address as `WANTED` has them.
    """
    found = _ADDRESS.fullmatch(iri)
    if found is None:
        raise ValueError(f"{iri} is not in {WANTED}")
    host = found["host"].strip("[]")
    is_literal = _is_address(host)
    port = int(found["port"] or _PORTS[found["scheme"]])
    if port > 65535 or (found["host"] != host and (":" not in host or not is_literal)):
        raise ValueError(f"{iri} has a host or a port that cannot be one")
    return Endpoint(iri, found["scheme"], host, port, found["target"], is_literal)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
