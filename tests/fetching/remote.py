"""A SPARQL endpoint on this machine that answers as it should, or as a test wants it to."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
JSON = "application/sparql-results+json"


def people() -> Store:
    """What the endpoint knows: three people and their names."""
    store = Store()
    for name in ("anna", "bert", "carla"):
        subject, predicate = NamedNode(f"http://e/{name}"), NamedNode("http://e/name")
        store.add(Quad(subject, predicate, Literal(name.title())))
    return store


@dataclass(frozen=True)
class Heard:
    """A request that the endpoint heard."""

    path: str
    headers: dict[str, str]
    query: str


@dataclass
class Remote:
    """The endpoint.

    Attributes:
        url: its address.
        heard: what it was asked.
        behave: answers in its own way; None to answer as it should.
    """

    url: str
    heard: list[Heard] = field(default_factory=list)
    behave: Callable[[Call], None] | None = None

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].partition("/")[0])


class Call(http.server.BaseHTTPRequestHandler):
    """A request; `answer` and `raw` answer it."""

    remote: Remote
    store: Store
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        query = parse_qs(body)["query"][0]
        self.remote.heard.append(Heard(self.path, dict(self.headers), query))
        self.close_connection = True
        if self.remote.behave is not None:
            self.remote.behave(self)
            return
        results = self.store.query(query)
        assert isinstance(results, QuerySolutions)
        written = results.serialize(None, QueryResultsFormat.JSON)
        assert written is not None
        self.answer(written)

    def answer(self, body: bytes, type_: str = JSON, status: int = 200, **headers: str) -> None:
        """Answer with a whole body."""
        self.send_response(status)
        self.send_header("Content-Type", type_)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.raw(body)

    def raw(self, data: bytes) -> None:
        """Send bytes as they are; a caller that has left is no concern."""
        with contextlib.suppress(OSError):
            self.wfile.write(data)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextlib.contextmanager
def remote(tls: ssl.SSLContext | None = None) -> Iterator[Remote]:
    """The endpoint, until the block ends."""
    handler = type("Handler", (Call,), {"store": people()})
    with _Server(("127.0.0.1", 0), handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        it = Remote(f"{scheme}://127.0.0.1:{server.server_port}/sparql")
        handler.remote = it  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield it
        finally:
            server.shutdown()
