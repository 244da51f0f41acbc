"""Requests whose answer nobody reads: clients that wait, and hang up when they like."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

from tests.conftest import Server


@contextlib.contextmanager
def sent(server: Server, query: str, method: str = "POST") -> Iterator[socket.socket]:
    """The connection on which a query was sent; who sent it hangs up when the block ends."""
    parts, form = urlsplit(server.url), urlencode({"query": query})
    target, body = ("/sparql", form) if method == "POST" else (f"/sparql?{form}", "")
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(
            f"{method} {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/csv\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        yield connection
