"""The server of the stand-in: listens on this machine alone; each path has its protocol."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import socketserver
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from triplomacy.errors import CannotListen
from triplomacy.link.stand_in import action_api, entity_data, faults, reconciliation, sparql
from triplomacy.link.stand_in.items import Items, shipped
from triplomacy.link.stand_in.reply import Asked, Reply

HOST = "127.0.0.1"
_LONGEST = 1024 * 1024  # bytes of a form
_PATIENCE = 30.0  # seconds for a request to arrive


@dataclass(frozen=True, slots=True)
class Heard:
    """A request that the stand-in heard."""

    method: str
    path: str
    fields: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class StandIn:
    """A stand-in that runs.

    Attributes:
        root: its address, without a slash at its end.
        items: what it knows.
        heard: what it was asked, the oldest first.
        faults: how the next requests are answered, one name of `faults.FAULTS` each; an empty
            name is a good answer.
    """

    root: str
    items: Items
    heard: list[Heard] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def settings(self) -> str:
        """What goes into `triplomacy.toml` so that a site asks the stand-in."""
        return (
            "[wikidata]\n"
            f'api = "{self.root}{action_api.PATH}"\n'
            f'entity_data = "{self.root}{entity_data.DATA}"\n'
            f'reconciliation = "{self.root}/en/api"\n'
            f'sparql = "{self.root}{sparql.PATH}"\n'
        )


def reply_to(asked: Asked, items: Items) -> Reply:
    """The good answer to a request."""
    if asked.path == action_api.PATH:
        return action_api.answer(asked, items)
    if asked.path.startswith(entity_data.DATA):
        return entity_data.data(asked, items)
    if asked.path.startswith(entity_data.THING):
        return entity_data.thing(asked, items)
    if asked.path.startswith(entity_data.PAGE):
        return entity_data.page(asked, items)
    if asked.path == sparql.PATH:
        return sparql.answer(asked, items)
    found = reconciliation.answer(asked, items)
    return found or Reply(b"there is nothing at this address\n", "text/plain", 404)


class _Call(http.server.BaseHTTPRequestHandler):
    """A request, and the line on which it is answered. Implements `faults.Line`."""

    server: _Listener
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer({})

    def do_HEAD(self) -> None:
        """Answer a HEAD: all but the body."""
        self._answer({})

    def do_POST(self) -> None:
        """Answer a POST, whose form joins the query."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _LONGEST:
            self.send_error(413 if length.isdecimal() else 411)
            return
        form = self.rfile.read(int(length)).decode("utf-8", "replace")
        self._answer(dict(parse_qsl(form, keep_blank_values=True)))

    def _answer(self, form: Mapping[str, str]) -> None:
        self.close_connection = True
        parts = urlsplit(self.path)
        fields = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(form)
        stand_in = self.server.stand_in
        heard = Heard(self.command, unquote(parts.path), fields, dict(self.headers))
        stand_in.heard.append(heard)
        accept = self.headers.get("Accept", "")
        reply = reply_to(Asked(heard.path, fields, accept, stand_in.root), stand_in.items)
        if not self.headers.get("User-Agent"):  # as Wikimedia does
            reply = Reply(b"Please set a User-Agent.\n", "text/plain", 403)
        fault = fields.get("fault") or self.headers.get("X-Fault") or self.server.next_fault()
        if fault or fields.get("maxlag", "").startswith("-"):  # below 0, everybody lags
            faults.answer(fault or "maxlag", self, reply)
        else:
            self.send(reply)

    def send(self, reply: Reply) -> None:
        """Answer as HTTP has it, packed for whoever takes that."""
        body, headers = reply.body, dict(reply.headers)
        packs = "gzip" in self.headers.get("Accept-Encoding", "")
        if packs and body and "Content-Encoding" not in headers:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self.send_response(reply.status)
        for name, value in {
            "Content-Type": reply.type,
            "Content-Length": str(len(body)),
            "Access-Control-Allow-Origin": "*",
            "Connection": "close",
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.raw(body)

    def raw(self, data: bytes) -> bool:
        """Send bytes as they are; false if nobody takes them."""
        try:
            self.wfile.write(data)
            self.wfile.flush()
        except OSError:
            return False
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Who asks knows what was asked."""


class _Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, items: Items, faults: list[str]) -> None:
        super().__init__((HOST, port), _Call)
        self.stand_in = StandIn(f"http://{HOST}:{self.server_port}", items, faults=faults)
        self._lock = threading.Lock()

    def next_fault(self) -> str:
        """The fault with which the next request is answered; empty for none."""
        with self._lock:
            return self.stand_in.faults.pop(0) if self.stand_in.faults else ""

    def server_bind(self) -> None:
        """Bind, without the look-up of our own name, which can take long offline."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no concern."""


@contextlib.contextmanager
def running(
    port: int = 0, items: Items | None = None, faults: list[str] | None = None
) -> Iterator[StandIn]:
    """A stand-in, until the block ends.

    Args:
        port: where to listen on 127.0.0.1; 0 for any that is free.
        items: what it knows; what the package carries by default.
        faults: how its first requests are answered; see `StandIn`.

    Raises:
        CannotListen: the port is taken.
    """
    try:
        listener = _Listener(port, items or shipped(), list(faults or ()))
    except OSError as error:
        raise CannotListen(
            f"cannot listen on {HOST}:{port}: {error.strerror}", "choose another with --port"
        ) from None
    with listener:
        thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield listener.stand_in
        finally:
            listener.shutdown()
            thread.join()
