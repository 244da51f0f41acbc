"""Calls a WSGI application (PEP 3333) for a request that has come whole."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

_FILE_BLOCK = 256 * 1024

Headers = list[tuple[str, str]]
Environ = dict[str, Any]


_BODILESS = (204, 304)  # RFC 9110 §6.4.1
_NONE: Iterator[bytes] = iter(())


def _nothing() -> None:
    """There is nothing to end."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What an application answers.

    Attributes:
        status: the HTTP status.
        headers: name and value, in order.
        body: the body; None where it comes in pieces.
        pieces: the pieces of a body that is too large to be held; each waits for the application.
        close: ends the pieces, early or not.
    """

    status: int
    headers: Headers
    body: bytes | None
    pieces: Iterator[bytes] = _NONE
    close: Callable[[], None] = _nothing


def environ_of(scope: Any, body: bytes) -> Environ:
    """The environment of a request (PEP 3333).

    Args:
        scope: the request as RSGI has it.
        body: its body, which need not be all that the client sent: what the application has to
            refuse for its length is handed over as far as it shows that.
    """
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": peer_of(scope),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": _file_blocks,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # `X_Forwarded_For` would look like the header of a proxy
        key = f"HTTP_{name.upper().replace('-', '_')}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ.setdefault("HTTP_HOST", scope.authority or scope.server)
    if "HTTP_CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def peer_of(scope: Any) -> str:
    """The address at the other end of the connection, without its port."""
    return str(scope.client).rpartition(":")[0].strip("[]")


def call(application: Any, environ: Environ) -> Reply:
    """Have `application` answer; with a body whose length it knows, wholly."""
    head: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: Headers, _: Any = None) -> None:
        head[:] = [(int(status[:3]), headers)]

    result: Iterable[bytes] = application(environ, start_response)
    end: Callable[[], None] = getattr(result, "close", _nothing)
    status, headers = head[0]
    if status not in _BODILESS and _is_long(headers):
        return Reply(status, headers, None, iter(result), end)
    try:
        return Reply(status, headers, b"".join(result))
    finally:
        end()


def _is_long(headers: Headers) -> bool:
    """Whether a body is too long to be held, or of a length that its application does not know."""
    length = next((value for name, value in headers if name.lower() == "content-length"), None)
    return length is None or int(length) > _FILE_BLOCK


def _file_blocks(file: IO[bytes], _: int = 0) -> Iterator[bytes]:
    """A file in blocks: each costs a change of threads, so they are larger than usual."""
    with file:
        while block := file.read(_FILE_BLOCK):
            yield block
