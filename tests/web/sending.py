"""Requests that need care: whose answer nobody reads, or whose query has little time."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import httpx

from tests.conftest import Server
from tests.waiting import until


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


def of_one_that_ran(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The answer to a query that had a process; a busy machine may have none free in its time."""

    def look() -> httpx.Response | None:
        answer = ask()
        return None if "No query process was free" in answer.text else answer

    return until(look)
