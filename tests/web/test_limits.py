"""What a hostile or careless query costs: its own answer, and nobody else's."""

from __future__ import annotations

import concurrent.futures
import contextlib
import csv
import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import QuerySolutions, parse, parse_query_results

from tests.conftest import Server, serving
from tests.web.small_release import make_site
from triplomacy.formats import BY_SUFFIX

LIMITS = """
[limits]
seconds = 3
memory_mib = 32
result_mib = 1
processes = 2
queue = 4
"""
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
LARGE = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def limited_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with small limits, of 500 triples."""
    folder = tmp_path_factory.mktemp("limited")
    data = folder / "many.trig"
    triples = (f"<http://x/{n}> <http://x/p> <http://x/o{n}> ." for n in range(500))
    data.write_text(f"<http://x/g> {{ {' '.join(triples)} }}")
    site = make_site(folder / "site", data=data)
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write(LIMITS)
    with serving(site, "--no-build", "--workers", "1") as running:
        yield running


@pytest.fixture
def limited(limited_server: Server) -> Iterator[httpx.Client]:
    """A client of the limited server; afterwards that server must be as before."""
    with httpx.Client(base_url=limited_server.url, timeout=30) as client:
        yield client
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            easy = client.post("/sparql", data={"query": "ASK {}"})
            if easy.status_code == 200:
                break
            time.sleep(0.05)
        assert easy.json()["boolean"] is True
        assert client.get("/health").status_code == 200


def query(client: httpx.Client, text: str, accept: str = "text/csv") -> httpx.Response:
    return client.post("/sparql", data={"query": text}, headers={"Accept": accept})


def assert_problem(answer: httpx.Response, status: int, *words: str) -> None:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    for word in words:
        assert word in problem["detail"]
    assert problem["remedy"]
    assert "Traceback" not in answer.text


def test_a_query_without_end_is_503_with_its_limit_and_when_to_come_back(
    limited: httpx.Client,
) -> None:
    answer = query(limited, ENDLESS)
    assert_problem(answer, 503, "longer than 3 s")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_query_that_eats_memory_is_507_with_its_limit(limited: httpx.Client) -> None:
    assert_problem(query(limited, GREEDY), 507, "32 MiB")


@pytest.mark.parametrize("suffix", ["srj", "srx", "csv", "tsv", "nt", "ttl", "rdf", "jsonld"])
def test_an_answer_that_is_too_large_is_broken_in_every_format(
    suffix: str, limited: httpx.Client
) -> None:
    text = LARGE
    if BY_SUFFIX[suffix].rdf is not None:
        text = "CONSTRUCT { ?a <http://x/p> ?d } WHERE { ?a ?b ?c . ?d ?e ?f }"
    answer = query(limited, text, BY_SUFFIX[suffix].media_type)
    assert answer.status_code == 200  # it had begun
    assert "THE ANSWER WAS CUT SHORT: The answer is longer than 1 MiB" in answer.text
    with pytest.raises((SyntaxError, ValueError, csv.Error)):
        if suffix == "csv":
            list(csv.reader(io.StringIO(answer.text), strict=True))
        elif BY_SUFFIX[suffix].rdf is not None:
            list(parse(answer.content, BY_SUFFIX[suffix].rdf))
        else:
            results = parse_query_results(answer.content, BY_SUFFIX[suffix].results)
            assert isinstance(results, QuerySolutions)
            list(results)


def test_an_answer_that_is_too_large_for_a_page_says_so_on_the_page(limited: httpx.Client) -> None:
    answer = query(limited, LARGE, "text/html")
    assert answer.status_code == 507
    assert "longer than 1 MiB" in answer.text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { FILTER" + "(" * 30_000 + "1" + ")" * 30_000 + " }",
        "SELECT * " + "{" * 30_000 + "}" * 30_000,
        "SELECT * { FILTER(" + "!" * 60_000 + "true) }",
        "SELECT * { " + "?a ?b ?c OPTIONAL {" * 9_000 + "}" * 9_000 + "}",
        "SELECT * { ?s ?p ?o FILTER(true" + " || true" * 60_000 + ") }",
        "SELECT * { VALUES ?x { " + "1 " * 400_000 + "} }",
        "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) "
        "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        "SELECT * { ?a (<http://x/p>|!<http://x/p>)* ?b . ?c (<http://x/p>|^<http://x/p>)* ?d }",
        'SELECT * { ?s ?p ?o FILTER(REGEX("' + "a" * 5000 + '", "(a*)*b")) }',
        "ASK { ?s ?p " + '"' + "x" * 900_000 + '" }',
    ],
    ids=[
        "brackets",
        "groups",
        "negations",
        "optionals",
        "alternatives",
        "values",
        "concatenation",
        "paths",
        "regular-expression",
        "long-literal",
    ],
)
def test_a_hostile_query_gets_an_answer_or_a_problem_and_the_server_goes_on(
    text: str, limited: httpx.Client
) -> None:
    answer = query(limited, text)
    assert answer.status_code in (200, 400, 413, 503, 507)
    if answer.status_code != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_pages_answer_while_every_query_process_is_busy(limited: httpx.Client) -> None:
    with concurrent.futures.ThreadPoolExecutor(20) as threads:
        busy = [threads.submit(query, limited, ENDLESS) for _ in range(20)]
        for _ in range(5):
            assert limited.get("/sparql", headers={"Accept": "text/html"}).status_code == 200
        answers = [b.result() for b in busy]
    assert {a.status_code for a in answers} == {503}
    details = [a.json()["detail"] for a in answers]
    assert any("longer than" in d for d in details)
    assert any("wait already" in d for d in details)


def test_a_client_that_vanishes_leaves_no_query_behind(
    limited: httpx.Client, limited_server: Server
) -> None:
    for _ in range(5):
        # The first ones run, or wait when their client leaves; then the queue is full.
        with httpx.Client(timeout=0.1) as impatient, contextlib.suppress(httpx.TimeoutException):
            impatient.post(f"{limited_server.url}sparql", data={"query": ENDLESS})


def test_the_query_processes_end_with_the_server(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    with serving(site, "--no-build", "--workers", "1") as running:
        family = descendants(running.process.pid)
        assert len(family) >= 3
    deadline = time.monotonic() + 5
    while any(alive(p) for p in family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [p for p in family if alive(p)] == []


def descendants(pid: int) -> list[int]:
    """The processes that `pid` started, and those that they started."""
    children: list[int] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            child = int(path.parent.name)
            children += [child, *descendants(child)]
    return children


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
