"""Clients in great number, slow clients and clients that vanish harm nobody but themselves."""

from __future__ import annotations

import concurrent.futures
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Server, serving
from tests.test_operating import ENDLESS, site_with_many
from tests.waiting import until
from tests.web.test_limits import descendants
from triplomacy.processes import living
from triplomacy.servers import running_servers

HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
LARGE = b"SELECT * { ?a ?b ?c . ?d ?e ?f }"
SLOW = {
    "headers": b"POST /sparql HTTP/1.1\r\nHost: x\r\nX-Never: end",
    "body": HEAD + b"Content-Length: 1000\r\n\r\nASK",
    "chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK\r\n",
    "answer": HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(LARGE), LARGE),
}
MEMORY = 64 * 1024 * 1024  # bytes that one burst may leave more than another


@pytest.fixture(scope="module")
def attacked_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a short deadline and a short queue, which has been through every attack once.

    What a first burst takes stays with the process, for its threads and their memory: only a
    second can show whether anything is lost.
    """
    site = site_with_many(tmp_path_factory.mktemp("attacked"))
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write("[limits]\nseconds = 1\nprocesses = 2\nqueue = 8\n")
    with serving(site, "--no-build", "--workers", "1") as running:
        for data in SLOW.values():
            with many(running, 100, data):
                until(lambda: httpx.get(f"{running.url}dataset").status_code == 200)
        yield running


@pytest.fixture
def attacked(attacked_server: Server) -> Iterator[Server]:
    """The server; afterwards it must be as before: its processes, its memory, its answers."""
    pid = attacked_server.process.pid
    until(lambda: is_well(attacked_server))
    before, memory = len(descendants(pid)), resident(pid)
    yield attacked_server
    until(lambda: is_well(attacked_server))
    until(lambda: len(descendants(pid)) == before)
    assert resident(pid) < memory + MEMORY
    assert httpx.get(attacked_server.url + "metrics").status_code == 200


def is_well(server: Server) -> bool:
    """Whether all its processes live, and an ordinary query is answered, by GET and by POST."""
    kinds = sorted(p.kind for p in living(Path(folder_of(server))))
    answers = [
        httpx.get(f"{server.url}sparql", params={"query": "SELECT (RAND() AS ?x) {}"}),
        httpx.post(f"{server.url}sparql", data={"query": "SELECT (RAND() AS ?x) {}"}),
    ]
    health = httpx.get(f"{server.url}health")
    return (
        kinds == ["query", "query", "supervisor", "web"]
        and {a.status_code for a in (*answers, health)} == {200}
        and health.json()["queries"] == "answering"
    )


def folder_of(server: Server) -> str:
    """Where its processes are enrolled."""
    [running] = running_servers(server.site / "releases")
    return running.folder


def resident(pid: int) -> int:
    """The memory of a process and all that it started, in bytes."""
    pages = 0
    for each in (pid, *descendants(pid)):
        with contextlib.suppress(OSError):
            pages += int(Path(f"/proc/{each}/statm").read_text().split()[1])
    return pages * 4096


@contextlib.contextmanager
def many(server: Server, number: int, data: bytes) -> Iterator[None]:
    """So many connections that have sent `data` and read nothing."""
    with contextlib.ExitStack() as connections:
        for _ in range(number):
            connections.enter_context(connect(server, data))
        yield


def connect(server: Server, data: bytes) -> socket.socket:
    port = int(server.url.rstrip("/").rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.sendall(data)
    return connection


@pytest.mark.parametrize("text", [ENDLESS, "SELECT (RAND() AS ?x) {}"], ids=["endless", "easy"])
def test_two_hundred_clients_at_once_all_get_an_answer(attacked: Server, text: str) -> None:
    def ask(_: int) -> httpx.Response:
        return httpx.post(f"{attacked.url}sparql", data={"query": text})

    with concurrent.futures.ThreadPoolExecutor(200) as threads:
        answers = list(threads.map(ask, range(200)))
    assert {a.status_code for a in answers} <= {200, 503}
    assert all("Retry-After" in a.headers for a in answers if a.status_code == 503)
    assert "Traceback" not in "".join(a.text for a in answers)


@pytest.mark.parametrize("kind", SLOW)
def test_slow_clients_keep_nobody_from_reading(attacked: Server, kind: str) -> None:
    easy = {"query": "SELECT (RAND() AS ?x) {}"}
    with many(attacked, 100, SLOW[kind]):
        until(lambda: httpx.get(f"{attacked.url}dataset").status_code == 200)
        until(lambda: httpx.get(f"{attacked.url}sparql", params=easy).status_code == 200)


@pytest.mark.parametrize("kind", SLOW)
def test_clients_that_vanish_leave_nothing_behind(attacked: Server, kind: str) -> None:
    for _ in range(3):
        with many(attacked, 50, SLOW[kind]):
            pass
