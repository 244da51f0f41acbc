"""Whatever a server does, a part of an answer is never taken for the whole, and no secret leaks."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyoxigraph import NamedNode

from tests.ports import deaf_port
from tests.waiting import PATIENCE
from triplomacy.engine.protocol import Query
from triplomacy.engine.remote.dialects import dialect_of
from triplomacy.engine.remote.engine import RemoteEngine
from triplomacy.engine.remote.http import Client, Credentials
from triplomacy.engine.remote.place import Place
from triplomacy.errors import QueryTooLong, StoreCannot, StoreError, StoreTooSmall
from triplomacy.formats import Format
from triplomacy.web.negotiation import Accept

Answer = Callable[[BaseHTTPRequestHandler, str], None]
JSON = "application/sparql-results+json"
ONE = {"s": {"type": "uri", "value": "http://e/a"}}


@contextlib.contextmanager
def server(answer: Answer) -> Iterator[str]:
    """A server that answers every query as it is told."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            with contextlib.suppress(OSError):
                answer(self, body)

        def log_message(self, *_: object) -> None:
            pass

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.server_port}/sparql"
    finally:
        listener.shutdown()
        listener.server_close()


def reply(
    handler: BaseHTTPRequestHandler,
    body: bytes | str,
    status: int = 200,
    kind: str = JSON,
    length: int | None = None,
    **headers: str,
) -> None:
    data = body if isinstance(body, bytes) else body.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data) if length is None else length))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(data)


def table(*rows: object, variables: tuple[str, ...] = ("s",)) -> str:
    return json.dumps({"head": {"vars": list(variables)}, "results": {"bindings": rows}})


def engine(url: str, dialect: str = "standard") -> RemoteEngine:
    place = Place(url, dialect, "http://e/release/1/", "1", ("http://e/g",))
    return RemoteEngine(place, Client())


def ask(url: str, dialect: str = "standard", text: str = "SELECT ?s { ?s ?p ?o }") -> bytes:
    return engine(url, dialect).answer(Query(text), Accept("text/csv")).body


WHOLE = table(ONE, ONE, ONE)


def test_a_whole_answer_is_taken() -> None:
    with server(lambda h, _: reply(h, WHOLE)) as url:
        assert ask(url) == b"s\r\nhttp://e/a\r\nhttp://e/a\r\nhttp://e/a\r\n"


def chunked(handler: BaseHTTPRequestHandler, pieces: list[bytes], end: bool) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", JSON)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for piece in pieces:
        handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    if end:
        handler.wfile.write(b"0\r\n\r\n")
    handler.close_connection = True


def close_early(handler: BaseHTTPRequestHandler, _: str) -> None:
    reply(handler, WHOLE[:60], length=len(WHOLE))
    handler.close_connection = True


BROKEN: dict[str, Answer] = {
    "ends early": close_early,
    "is cut in its length": lambda h, _: reply(h, WHOLE[:-3]),
    "is cut in chunks": lambda h, _: chunked(h, [WHOLE[:70].encode()], end=False),
    "ends in words": lambda h, _: chunked(h, [WHOLE[:-3].encode(), b"out of memory"], end=True),
    "is empty": lambda h, _: reply(h, ""),
    "is a page": lambda h, _: reply(h, "<html>Welcome</html>", kind="text/html"),
    "is a page that calls itself JSON": lambda h, _: reply(h, "<html>Welcome</html>"),
    "is a truth value": lambda h, _: reply(h, '{"head":{},"boolean":true}'),
    "is no results": lambda h, _: reply(h, '{"error":"overloaded"}'),
    "redirects": lambda h, _: reply(h, "", 302, Location="http://secret.example/"),
    "is 500": lambda h, _: reply(h, "boom at /secret/path", 500, "text/plain"),
    "is 204": lambda h, _: reply(h, "", 204, kind=""),
    "wants a password": lambda h, _: reply(h, "", 401, WWW_Authenticate='Basic realm="x"'),
    "is no HTTP": lambda h, _: h.wfile.write(b"SSH-2.0-OpenSSH\r\n"),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
def test_an_answer_that_is_none_is_an_error_that_tells_strangers_nothing(
    answer: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    with server(answer) as url, pytest.raises(StoreError) as caught:
        ask(url)
    told = caught.value.detail + caught.value.remedy
    assert caught.value.status == 503
    assert caught.value.retry_after
    for secret in (url, "127.0.0.1", "secret", "boom"):
        assert secret not in told
    assert url in caplog.text  # the operator is told where


def test_nobody_there_is_an_error_too() -> None:
    with pytest.raises(StoreError, match="does not answer") as caught:
        ask(f"http://127.0.0.1:{deaf_port()}/sparql")
    assert "127.0.0.1" not in caught.value.detail


def test_a_busy_server_says_when_to_come_back() -> None:
    with server(lambda h, _: reply(h, "", 503, Retry_After="77")) as url:
        with pytest.raises(StoreError) as caught:
            ask(url)
        assert caught.value.retry_after == 77


def test_a_redirect_is_not_followed() -> None:
    asked: list[str] = []
    with (
        server(lambda h, body: asked.append(body)) as other,
        server(lambda h, _: reply(h, "", 307, Location=other)) as url,
        pytest.raises(StoreError),
    ):
        ask(url)
    assert not asked


def test_a_server_that_cannot_run_a_query_is_501_with_its_reason() -> None:
    with server(lambda h, _: reply(h, "no such feature", 400, "text/plain")) as url:
        with pytest.raises(StoreCannot, match="no such feature") as caught:
            ask(url)
        assert "127.0.0.1" not in caught.value.detail


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({"X_SPARQL_MaxRows": "3"}, StoreTooSmall),
        ({"X_SQL_State": "S1TAT", "X_SQL_Message": "RC...: incomplete results"}, QueryTooLong),
        ({"X_SQL_State": "42000", "X_SQL_Message": "out of memory"}, Exception),
    ],
)
def test_a_part_that_virtuoso_gives_with_a_word_in_its_head_is_not_taken(
    header: dict[str, str], error: type[Exception]
) -> None:
    with server(lambda h, _: reply(h, WHOLE, **header)) as url, pytest.raises(error):
        ask(url, "virtuoso")


def test_the_time_out_that_oxigraph_writes_into_an_answer_is_told_as_one() -> None:
    text = [WHOLE[:-3].encode(), b"The SPARQL operation has been cancelled"]
    with server(lambda h, _: chunked(h, text, end=True)) as url, pytest.raises(QueryTooLong):
        ask(url, "oxigraph")


def test_a_release_that_is_gone_is_no_empty_answer() -> None:
    with server(lambda h, _: reply(h, table(variables=("s", "n")))) as url:
        for question in (
            lambda: ask(url),
            lambda: engine(url).select("SELECT ?s { ?s ?p ?o }"),
            lambda: engine(url).ask("ASK { ?s ?p ?o }"),
            lambda: list(engine(url).quads(NamedNode("http://e/a"))),
            lambda: list(engine(url).quads(object=NamedNode("http://e/a"))),
        ):
            with pytest.raises(StoreError, match="no longer holds"):
                question()


def test_an_answer_that_drips_ends_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triplomacy.engine.remote.http._PATIENCE", 0.5)

    given_up, ended = threading.Event(), threading.Event()

    def drip(handler: BaseHTTPRequestHandler, _: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        for letter in " " * 1200:  # for a minute, and then it is whole
            handler.wfile.write(letter.encode())
            if given_up.wait(0.05):
                return
        handler.wfile.write(WHOLE.encode())
        ended.set()

    with server(drip) as url:
        with pytest.raises(StoreError):
            engine(url).select("SELECT ?s { ?s ?p ?o }")
        assert not ended.is_set()
        given_up.set()


def test_a_client_that_leaves_closes_the_connection() -> None:
    left = threading.Event()

    def endless(handler: BaseHTTPRequestHandler, _: str) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.end_headers()
        handler.wfile.write(b'{"head":{"vars":["s","p","o","g"]},"results":{"bindings":[')
        row = (json.dumps(ONE) + ",").encode() * 1000
        try:
            while True:
                handler.wfile.write(row)
        except OSError:
            left.set()

    class Leaves:
        def begin(self, format: Format) -> None:
            pass

        def write(self, data: bytes) -> int:
            raise ConnectionError

    with server(endless) as url:
        with pytest.raises(ConnectionError):
            query = Query("SELECT ?s { ?s ?p ?o }")
            engine(url).answer_to(query, Accept("text/csv"), Leaves())
        assert left.wait(PATIENCE)


def test_a_connection_that_was_closed_while_it_was_idle_is_opened_again() -> None:
    count = 0
    closed = threading.Semaphore(0)

    def once(handler: BaseHTTPRequestHandler, _: str) -> None:
        nonlocal count
        count += 1
        reply(handler, WHOLE)
        handler.connection.shutdown(socket.SHUT_RDWR)  # without a word
        handler.close_connection = True  # and no question is read that comes all the same
        closed.release()

    with server(once) as url:
        asked = engine(url)
        for _ in range(3):
            assert len(asked.select("SELECT ?s { ?s ?p ?o }")) == 3
            assert closed.acquire(timeout=PATIENCE)  # or the next question overtakes the end
    assert count == 3


def test_a_question_that_a_closing_connection_swallows_is_asked_again() -> None:
    """As if the server had closed the connection while the question was on its way."""
    asked: list[tuple[int, bool]] = []

    def every_other(handler: BaseHTTPRequestHandler, _: str) -> None:
        port = handler.client_address[1]
        swallows = port in [p for p, _ in asked]
        asked.append((port, swallows))
        if swallows:
            handler.close_connection = True
        else:
            reply(handler, WHOLE)

    with server(every_other) as url:
        store = engine(url)
        for _ in range(2):
            assert len(store.select("SELECT ?s { ?s ?p ?o }")) == 3
    assert [swallowed for _, swallowed in asked] == [False, True, False]


def test_what_is_no_sparql_endpoint_is_told_at_once() -> None:
    with (
        server(lambda h, _: reply(h, "[]", kind="application/json")) as url,
        pytest.raises(StoreError, match="simplest of queries"),
    ):
        dialect_of(Client(), url)


def test_a_password_goes_only_where_it_is_asked_for() -> None:
    seen: list[str | None] = []

    def guarded(handler: BaseHTTPRequestHandler, _: str) -> None:
        given = handler.headers.get("Authorization")
        seen.append(given)
        if given is None:
            reply(handler, "", 401, WWW_Authenticate='Basic realm="x"')
        else:
            reply(handler, WHOLE)

    with server(guarded) as url:
        client = Client(Credentials("ann", "s3cret"))
        with client.query(url, "SELECT * {}", {}) as body:
            body.whole()
    assert seen == [None, "Basic " + base64.b64encode(b"ann:s3cret").decode()]
