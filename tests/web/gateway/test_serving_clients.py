"""What a real server does for clients that leave, send too much, send slowly, or ask again."""

from __future__ import annotations

import concurrent.futures
import functools
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Server, serving
from tests.test_operating import ENDLESS, site_with_many
from tests.waiting import PATIENCE, until
from tests.web.sending import sent
from tests.web.small_release import make_site
from triplomacy.operating import cancel, listed

ONE = "20250212T180000Z-1a2b3c4d"
OTHER = "20250213T180000Z-2b3c4d5e"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 900000"
EASY = "SELECT (1 AS ?one) {}"


@pytest.fixture(scope="module")
def patient_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose queries may run far longer than any test waits; one at a time."""
    site = site_with_many(tmp_path_factory.mktemp("patient"))
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write("[limits]\nseconds = 600\nprocesses = 1\nqueue = 4\n")
    with serving(site, "--no-build", "--workers", "1") as running:
        yield running


def running_queries(server: Server) -> int:
    text = httpx.get(server.url + "metrics").text
    return int(float(text.partition("\ntriplomacy_queries_running ")[2].split()[0]))


def wait_for(server: Server, number: int) -> None:
    until(lambda: running_queries(server) == number)


def assert_answers(server: Server) -> None:
    """A query is answered long before the deadline of any other."""
    easy = {"query": "SELECT (RAND() AS ?x) {}"}
    until(lambda: httpx.get(server.url + "sparql", params=easy).status_code == 200)


def outcomes(server: Server) -> dict[str, int]:
    lines = httpx.get(server.url + "metrics").text.splitlines()
    rows = [line for line in lines if line.startswith("triplomacy_queries_total{")]
    return {row.split('"')[1]: int(float(row.rpartition(" ")[2])) for row in rows}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_client_that_hangs_up_before_the_answer_frees_the_process_at_once(
    patient_server: Server, method: str
) -> None:
    before = outcomes(patient_server).get("left", 0)
    with sent(patient_server, ENDLESS, method):
        wait_for(patient_server, 1)
    wait_for(patient_server, 0)
    assert_answers(patient_server)
    until(lambda: outcomes(patient_server)["left"] == before + 1)


@pytest.mark.embedded  # a server may send nothing before an answer is whole
def test_a_client_that_hangs_up_in_the_queue_is_never_served(patient_server: Server) -> None:
    address = patient_server.url + "sparql"
    with httpx.stream("POST", address, data={"query": LARGE}) as first:
        pieces = first.iter_raw()
        next(pieces)  # this one keeps the only process
        with sent(patient_server, ENDLESS):
            time.sleep(0.5)  # it is in the queue by now, which cannot be seen
    wait_for(patient_server, 0)
    assert_answers(patient_server)


@pytest.mark.embedded
def test_a_client_that_hangs_up_in_the_middle_of_an_answer_frees_the_process(
    patient_server: Server,
) -> None:
    # One side gives many rows at once, the other none in any time that we wait; the engine begins
    # with either, by chance.
    text = f"SELECT * {{ {{ ?a ?b ?c . ?d ?e ?f }} UNION {{ {ENDLESS} }} }}"
    form = {"query": text}
    for _ in range(20):
        try:
            address = patient_server.url + "sparql"
            with httpx.stream("POST", address, data=form, timeout=2) as answer:
                assert next(answer.iter_raw())
                break
        except httpx.ReadTimeout:
            wait_for(patient_server, 0)
    else:
        pytest.fail("no answer ever began")
    wait_for(patient_server, 0)
    assert_answers(patient_server)


def test_a_body_that_is_too_long_is_413_wherever_it_is_sent(small_server: Server) -> None:
    with httpx.Client(base_url=small_server.url) as one_connection:
        for path, status in (("sparql", 413), ("dataset", 405), ("no/such/thing", 405)):
            answer = one_connection.post(path, content=b"#" * (2 * 1024 * 1024))
            assert answer.status_code in (status, 404, 413), path
            assert one_connection.get("robots.txt").status_code == 200


def test_a_header_with_an_underscore_is_not_taken_for_another(small_server: Server) -> None:
    held = httpx.get(small_server.url + "dataset", headers={"Accept": "text/turtle"})
    answers = {}
    for name in ("If-None-Match", "If_None_Match"):
        port = int(small_server.url.rstrip("/").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as connection:
            head = "GET /dataset HTTP/1.1\r\nConnection: close\r\nAccept: text/turtle\r\n"
            host = f"Host: 127.0.0.1:{port}\r\n{name}: {held.headers['ETag']}\r\n\r\n"
            connection.sendall((head + host).encode())
            answers[name] = b"".join(iter(functools.partial(connection.recv, 65536), b""))[9:12]
    assert answers == {"If-None-Match": b"304", "If_None_Match": b"200"}


@pytest.mark.parametrize("host", ["evil:99/x", "a b", "x@y", "[::1", "a:b:c"])
def test_a_host_that_is_none_is_400_and_stands_in_no_address(
    small_server: Server, host: str
) -> None:
    headers = {"Host": host.encode()}
    answer = httpx.get(small_server.url + "dataset", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert host not in answer.text
    assert "http:///" not in answer.text


def test_a_server_that_is_told_to_stop_answers_first_what_it_was_asked(tmp_path: Path) -> None:
    with (
        serving(site_with_many(tmp_path), "--no-build", "--workers", "1") as running,
        concurrent.futures.ThreadPoolExecutor() as threads,
    ):
        asked = threads.submit(httpx.post, running.url + "sparql", data={"query": ENDLESS})
        wait_for(running, 1)
        running.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)  # it may have begun to stop by now, which cannot be seen
        [query] = listed(running.site / "releases")
        cancel(running.site / "releases", query.id)
        assert asked.result().status_code == 503
        assert "cancelled" in asked.result().json()["detail"]
        assert running.process.wait(timeout=PATIENCE) == 0


@pytest.fixture
def repeated(tmp_path: Path) -> Iterator[Server]:
    """A server of the small release, with one worker, so with one memory."""
    with serving(make_site(tmp_path / "site", ONE), "--no-build", "--workers", "1") as running:
        yield running


def ask(server: Server, text: str = EASY, **headers: str) -> httpx.Response:
    return httpx.get(server.url + "sparql", params={"query": text}, headers=headers)


def test_a_request_that_was_answered_is_answered_again_with_an_id_of_its_own(
    repeated: Server,
) -> None:
    first, second, third = (ask(repeated, Accept="text/csv") for _ in range(3))
    assert first.content == second.content == third.content == b"one\r\n1\r\n"
    assert "cache;desc=miss" in first.headers["Server-Timing"]
    assert "cache;desc=hit" in second.headers["Server-Timing"]
    ids = {answer.headers["Query-Id"] for answer in (first, second, third)}
    assert len(ids) == 3
    own = ("query-id", "server-timing", "date")
    plain = [[h for h in a.headers.multi_items() if h[0] not in own] for a in (first, second)]
    assert sorted(plain[0]) == sorted(plain[1])
    counted = outcomes(repeated)
    assert (counted["answered"], counted["remembered"]) == (1, 2)
    text = httpx.get(repeated.url + "metrics").text
    assert 'triplomacy_requests_total{family="sparql",status="200"} 3.0' in text


def test_another_format_host_or_condition_is_another_request(repeated: Server) -> None:
    ask(repeated, Accept="text/csv")
    assert ask(repeated, Accept="application/json").json()["results"]
    held = ask(repeated, Accept="text/csv").headers["ETag"]
    assert ask(repeated, Accept="text/csv", **{"If-None-Match": held}).status_code == 304
    page = {"Accept": "text/html"}
    here = httpx.get(repeated.url + "dataset", headers=page)
    there = httpx.get(repeated.url + "dataset", headers={**page, "Host": "else.example"})
    again = httpx.get(repeated.url + "dataset", headers=page)
    assert "else.example" in there.text
    assert "else.example" not in here.text
    assert again.text == here.text


def test_an_answer_that_changes_each_time_is_not_repeated(repeated: Server) -> None:
    texts = {ask(repeated, "SELECT (UUID() AS ?id) {}").text for _ in range(3)}
    assert len(texts) == 3


def test_a_new_release_makes_an_end_of_what_was_said(repeated: Server) -> None:
    text = "SELECT ?v { ?s <http://x/new> ?v }"
    assert ask(repeated, text, Accept="text/csv").content == b"v\r\n"
    assert ask(repeated, text, Accept="text/csv").content == b"v\r\n"
    data = repeated.site / "new.trig"
    data.write_text("<http://x/g> { <http://x/s> <http://x/new> 1 }")
    make_other_release(repeated.site, data)
    assert ask(repeated, text, Accept="text/csv").content == b"v\r\n1\r\n"


def make_other_release(site: Path, data: Path) -> None:
    """Build a second release elsewhere, move it in, and switch to it as a build does."""
    other = make_site(site.parent / "other", OTHER, data) / "releases"
    (other / OTHER).rename(site / "releases" / OTHER)
    link = site / "releases" / ".current-test"
    link.symlink_to(OTHER)
    os.replace(link, site / "releases" / "current")  # noqa: PTH105 - what a build does


def test_a_list_of_releases_is_never_older_than_the_folder(repeated: Server) -> None:
    def listed() -> list[str]:
        answer = httpx.get(repeated.url + "dumps/", headers={"Accept": "application/json"})
        return [release["version"] for release in answer.json()["releases"]]

    assert listed() == listed() == [ONE]
    other = make_site(repeated.site.parent / "other", OTHER) / "releases"
    (other / OTHER).rename(repeated.site / "releases" / OTHER)  # which is not current
    assert listed() == [OTHER, ONE]
    shutil.rmtree(repeated.site / "releases" / OTHER)
    assert listed() == [ONE]


@pytest.mark.embedded  # a server may have a limit for rows of its own
def test_an_answer_of_many_pieces_is_whole(repeated: Server) -> None:
    rows = 200_000
    text = "SELECT ?n { " + " ".join(
        f"VALUES ?{name} {{ {' '.join(map(str, range(10)))} }}" for name in "abcde"
    )
    text += " BIND(?a*10000+?b*1000+?c*100+?d*10+?e AS ?m) VALUES ?k { 0 1 } "
    text += "BIND(?m+?k*100000 AS ?n) }"
    answer = httpx.post(
        repeated.url + "sparql", data={"query": text}, headers={"Accept": "text/csv"}
    )
    numbers = sorted(int(line) for line in answer.text.split()[1:])
    assert numbers == list(range(rows))


def test_head_has_the_headers_of_get_and_no_body(repeated: Server) -> None:
    for path in ("sparql?query=ASK%7B%7D", "dataset", "dumps/"):
        got = httpx.get(repeated.url + path, headers={"Accept": "*/*"})
        head = httpx.head(repeated.url + path, headers={"Accept": "*/*"})
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["Content-Type"] == got.headers["Content-Type"]
        assert head.headers.get("Content-Length") == got.headers.get("Content-Length")
