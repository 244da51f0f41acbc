"""A SPARQL endpoint on this machine that answers as it should, or as a test wants it to."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, Store

from tests.waiting import PATIENCE, until

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
        open: how many calls are being answered.
    """

    url: str
    heard: list[Heard] = field(default_factory=list)
    behave: Callable[[Call], None] | None = None
    open: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].partition("/")[0])

    def settle(self) -> None:
        """Wait until nothing more comes of what called before, such as one that gave up early."""
        self.behave = None
        urllib.request.urlopen(self.url, b"query=SELECT*{}").close()  # they are taken in order
        until(lambda: self.open == 0)

    def count(self, change: int) -> None:
        with self._lock:
            self.open += change


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

    def raw(self, data: bytes) -> bool:
        """Send bytes as they are; false if the caller has left, which is no concern."""
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            return False
        return True

    def hang(self) -> None:
        """Say nothing until the caller leaves."""
        self.connection.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            self.connection.recv(1)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    count: Callable[[int], None]

    def process_request(self, request: object, client_address: object) -> None:
        self.count(1)
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self.count(-1)

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
        server.count = it.count
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield it
        finally:
            server.shutdown()
