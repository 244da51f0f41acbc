"""A call gives results, or fails with words, in its time and size, whatever the other end does."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fetching.remote import EMPTY, JSON, Call, Remote, remote
from tests.ports import deaf_port
from tests.waiting import PATIENCE
from triplomacy.engine.federation.exchange import call
from triplomacy.errors import ServiceFailed, ServiceTooSlow
from triplomacy.fetching import addresses, connection
from triplomacy.fetching.addresses import Resolver, resolve
from triplomacy.fetching.endpoints import endpoint
from triplomacy.fetching.exchange import Terms

QUERY = "SELECT * WHERE { ?s <http://e/name> ?o }"
SECONDS = 0.5
"""Too little for whoever is slow; the others have the time that they need."""


@pytest.fixture
def service() -> Iterator[Remote]:
    """A service for one test: no other hears what comes late."""
    with remote() as it:
        yield it


def ask(url: str, seconds: float = PATIENCE, resolver: Resolver = resolve) -> bytes:
    return call(endpoint(url), QUERY, Terms("Us/1", seconds, 1, resolver))


def test_results_come_back_whole(service: Remote) -> None:
    assert ask(service.url).count(b"http://e/") == 3


def test_a_call_says_who_calls_and_nothing_else(service: Remote) -> None:
    ask(service.url)
    [heard] = service.heard
    assert (heard.path, heard.query) == ("/sparql", QUERY)
    assert heard.headers.pop("Content-Length")
    assert heard.headers == {
        "Host": f"127.0.0.1:{service.port}",
        "User-Agent": "Us/1",
        "Accept": JSON,
        "Accept-Encoding": "gzip",
        "Content-Type": "application/x-www-form-urlencoded",
        "Connection": "close",
    }


def test_the_query_part_of_an_address_is_kept(service: Remote) -> None:
    ask(f"{service.url}?default-graph-uri=http://e/g")
    assert service.heard[0].path == "/sparql?default-graph-uri=http://e/g"


def test_a_packed_answer_is_unpacked(service: Remote) -> None:
    service.behave = lambda c: c.answer(gzip.compress(EMPTY), Content_Encoding="gzip")
    assert ask(service.url) == EMPTY


def chunks(call: Call, *sizes: bytes) -> None:
    """An answer in chunks with these lines for their sizes."""
    call.raw(b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\n")
    call.raw(b"Transfer-Encoding: chunked\r\n\r\n")
    for size in sizes:
        call.raw(size + b"\r\n" + EMPTY + b"\r\n")


def endless(call: Call, head: bytes = b"") -> None:
    """A body without end, faster than its size is allowed."""
    call.raw(b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\n" + head + b"\r\n")
    for _ in range(64):
        call.raw(b" " * 1024 * 1024)


def reset(call: Call) -> None:
    """Half an answer, then a connection that is cut off."""
    call.raw(b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode() + b"\r\n")
    call.raw(b"Content-Length: 1000\r\n\r\n" + EMPTY)
    time.sleep(0.05)  # what it says before is mostly read
    call.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    call.connection.close()


def bomb() -> bytes:
    return gzip.compress(b" " * 64 * 1024 * 1024)


def deep(depth: int, end: str = "") -> bytes:
    """Results of a triple of triples (RDF 1.2), deeper than the engine's stack."""
    iri = '{"type":"uri","value":"http://e/"}'
    term = f'{{"type":"triple","value":{{"predicate":{iri},"subject":{iri},"object":'
    term = term * depth if end else '{"type":"triple","value":{"subject":' * depth
    whole = f"{iri}{end * depth}}}]}}}}" if end else ""
    return f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{{"s":{term}{whole}'.encode()


FAILURES: list[tuple[str, Callable[[Call], None], str]] = [
    ("400", lambda c: c.answer(b"no", status=400), "status 400"),
    ("429", lambda c: c.answer(b"later", status=429, Retry_After="9"), "status 429"),
    ("500", lambda c: c.answer(EMPTY, status=500), "status 500"),
    ("204", lambda c: c.answer(b"", status=204), "status 204"),
    ("206", lambda c: c.answer(EMPTY, status=206), "status 206"),
    ("301", lambda c: c.answer(b"", status=301, Location="http://10.0.0.1/"), r"redirects \(301\)"),
    ("307", lambda c: c.answer(b"", status=307, Location="file:///etc/passwd"), "redirects"),
    ("html", lambda c: c.answer(b"<html>", "text/html"), "text/html, not with results"),
    ("no type", lambda c: c.raw(b"HTTP/1.1 200 OK\r\n\r\n" + EMPTY), "text/plain"),
    ("truncated", lambda c: c.answer(EMPTY[:-3]), "not well-formed JSON"),
    ("not json", lambda c: c.answer(b"oops"), "not well-formed JSON"),
    ("empty", lambda c: c.answer(b""), "not well-formed JSON"),
    ("xml", lambda c: c.answer(b"<sparql>", "application/sparql-results+xml"), "not with results"),
    ("deep lists", lambda c: c.answer(b"[" * 1_000_000), "not well-formed JSON"),
    ("boolean", lambda c: c.answer(b'{"head":{},"boolean":true}'), "true or false"),
    ("too large", lambda c: c.answer(b" " * 1024 * 1025), "larger than 1 MiB"),
    ("said too large", lambda c: c.answer(EMPTY, Content_Length="99999999999"), "broken"),
    ("too short", lambda c: c.answer(EMPTY, Content_Length="100"), "broken"),
    ("no length", lambda c: c.answer(EMPTY, Content_Length="x"), ""),
    ("endless", endless, "larger than 1 MiB"),
    ("endless chunk", lambda c: endless(c, b"Transfer-Encoding: chunked\r\n\r\n-1\r\n"), "larger"),
    ("endless head", lambda c: c.raw(b"HTTP/1.1 200 OK\r\n" + b"a: " + b"b" * 10**6), "broken"),
    ("endless heads", lambda c: c.raw(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 10**6), "broken"),
    ("endless 100s", lambda c: c.raw(b"HTTP/1.1 100 Go on\r\n\r\n" * 10**6), "larger|broken"),
    ("no such chunk", lambda c: chunks(c, b"zz"), "broken"),
    ("last chunk lost", lambda c: chunks(c, b"%x" % len(EMPTY)), "broken"),
    ("bomb", lambda c: c.answer(bomb(), Content_Encoding="gzip"), "larger than 1 MiB"),
    ("bomb of bombs", lambda c: c.answer(
        gzip.compress(bomb()), Content_Encoding="gzip, gzip"), "coded as gzip, gzip"),
    ("brotli", lambda c: c.answer(EMPTY, Content_Encoding="br"), "coded as br"),
    ("half packed", lambda c: c.answer(
        gzip.compress(EMPTY)[:-9], Content_Encoding="gzip"), "broken"),
    ("not packed", lambda c: c.answer(EMPTY, Content_Encoding="gzip"), "broken"),
    ("reset", reset, "connection fails|broken"),
    ("hangs up", lambda c: c.connection.close(), "connection fails|broken"),
    ("not http", lambda c: c.raw(b"SSH-2.0-OpenSSH_9.9\r\n"), "broken"),
    ("http/9", lambda c: c.raw(b"HTTP/9.9 200 OK\r\n\r\n"), "broken|text/plain"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("behave", "words"), [f[1:] for f in FAILURES], ids=[f[0] for f in FAILURES]
)
def test_an_answer_that_is_none_fails_with_words(
    behave: Callable[[Call], None], words: str, service: Remote
) -> None:
    service.behave = behave
    if not words:
        assert ask(service.url) == EMPTY
        return
    with pytest.raises(ServiceFailed, match=words) as caught:
        ask(service.url)
    assert caught.value.status == 502
    assert caught.value.detail.startswith(f"The service {service.url} failed: ")
    assert caught.value.remedy
    assert len(service.heard) == 1


@pytest.mark.parametrize("body", [deep(60_000), deep(30_000, "}}")], ids=["open", "closed"])
def test_an_answer_that_is_nested_too_deep_is_never_given_to_the_engine(
    body: bytes, service: Remote
) -> None:
    service.behave = lambda c: c.answer(body)
    with pytest.raises(ServiceFailed, match="not well-formed JSON"):
        call(endpoint(service.url), QUERY, Terms("Us/1", PATIENCE, 8))


def drip(pieces: bytes, before: bytes = b"") -> Callable[[Call], None]:
    """Bytes that come one by one, each well within the time; there are enough for a minute."""

    def behave(call: Call) -> None:
        call.raw(before)
        for byte in pieces[:1200]:
            if not call.raw(bytes([byte])):
                return
            time.sleep(0.05)

    return behave


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
LONG = b" " * 1200


@pytest.mark.parametrize(
    "behave",
    [
        Call.hang,
        drip(b"X-Long:" + LONG, OK),
        drip(LONG, OK + b"\r\n"),
        drip(LONG, OK + b"Content-Length: 2000\r\n\r\n"),
        drip(b"1\r\n \r\n" * 200, OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        drip(b"0" * 1200, OK + b"Transfer-Encoding: chunked\r\n\r\n"),
        drip(gzip.compress(b" " * 10**7), OK + b"Content-Encoding: gzip\r\n\r\n"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 50),
    ],
    ids=["silence", "head", "body", "known", "chunks", "chunk size", "packed", "100s"],
)
def test_an_answer_that_drips_ends_with_its_time(
    behave: Callable[[Call], None], service: Remote
) -> None:
    service.behave = behave
    start = time.monotonic()
    with pytest.raises(ServiceTooSlow, match=r"took longer than 0\.5 s") as caught:
        ask(service.url, SECONDS)
    assert SECONDS <= time.monotonic() - start < 30  # the service would have gone on for a minute
    assert caught.value.status == 504


def test_a_look_up_that_takes_too_long_ends_with_the_time() -> None:
    given_up, answered = threading.Event(), threading.Event()

    def slow(host: str, port: int) -> list[str]:
        given_up.wait(PATIENCE)
        answered.set()
        return ["8.8.8.8"]

    with pytest.raises(ServiceTooSlow):
        ask("http://service.example/", SECONDS, slow)
    assert not answered.is_set()
    given_up.set()


def test_a_name_that_cannot_be_looked_up_is_told() -> None:
    with pytest.raises(ServiceFailed, match="its name cannot be looked up"):
        ask("http://no-such-host.invalid/sparql")


def test_a_port_at_which_nobody_listens_is_told() -> None:
    with pytest.raises(ServiceFailed, match="Connection refused"):
        ask(f"http://127.0.0.1:{deaf_port()}/sparql")


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["::ffff:127.0.0.1"]]
)
def test_a_name_that_leads_inside_is_not_called(found: list[str], service: Remote) -> None:
    with pytest.raises(ServiceFailed, match="leads to an address that is not public"):
        ask(f"http://service.example:{service.port}/", resolver=lambda *_: found)
    assert service.heard == []


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if 127.0.0.1, and nothing else, were on the internet."""
    monkeypatch.setattr(addresses, "is_public", lambda address: str(address) == "127.0.0.1")


@pytest.mark.usefixtures("loopback_is_public")
def test_the_address_that_was_looked_at_is_the_one_that_is_called(service: Remote) -> None:
    """A name that leads elsewhere from the second look on has been looked up once."""
    looks = iter([["127.0.0.1"], ["169.254.169.254"], ["169.254.169.254"]])
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return next(looks)

    assert ask(f"http://service.example:{service.port}/sparql", resolver=rebinding)
    assert asked == [("service.example", service.port)]
    assert service.heard[0].headers["Host"] == f"service.example:{service.port}"
    with pytest.raises(ServiceFailed, match="not public"):
        ask(f"http://service.example:{service.port}/sparql", resolver=rebinding)
    assert len(service.heard) == 1


def test_an_address_that_takes_no_connection_gives_way_to_the_next(
    service: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "is_public", lambda address: True)
    url = f"http://service.example:{service.port}/sparql"
    assert ask(url, resolver=lambda *_: ["127.0.0.2", "::1", "127.0.0.1"])
    with pytest.raises(ServiceFailed, match="Connection refused"):
        ask(url, resolver=lambda *_: ["127.0.0.2"])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of service.example, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=service.example", "-addext", "subjectAltName=DNS:service.example"),
            *("-keyout", path, "-out", f"{path}.crt"),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


@pytest.mark.usefixtures("loopback_is_public")
def test_tls_is_spoken_with_the_name_and_its_certificate_is_checked(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str | None] = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    server.sni_callback = lambda line, name, context: names.append(name)
    with remote(server) as service:
        url = f"https://service.example:{service.port}/sparql"
        with pytest.raises(ServiceFailed, match=r"certificate is not valid \(self.signed"):
            ask(url, resolver=lambda *_: ["127.0.0.1"])
        trusting = ssl.create_default_context(cafile=str(certificate))
        monkeypatch.setattr(connection, "_trust", lambda: trusting)
        assert ask(url, resolver=lambda *_: ["127.0.0.1"]).count(b"http://e/") == 3
        assert names == ["service.example"] * 2
        with pytest.raises(ServiceFailed, match=r"certificate is not valid \(Hostname mismatch"):
            ask(url.replace("service", "other"), resolver=lambda *_: ["127.0.0.1"])
        with pytest.raises(ServiceFailed, match="certificate is not valid"):
            ask(service.url)
        assert len(service.heard) == 1


def test_a_service_that_speaks_no_tls_fails(service: Remote) -> None:
    with pytest.raises(ServiceFailed, match="TLS fails"):
        ask(service.url.replace("http:", "https:"))


def test_a_handshake_that_never_ends_ends_with_its_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(ServiceTooSlow):
            ask(f"https://127.0.0.1:{silent.getsockname()[1]}/", SECONDS)
