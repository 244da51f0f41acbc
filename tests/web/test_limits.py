"""What a hostile or careless query costs: its own answer, and nobody else's."""

from __future__ import annotations

import concurrent.futures
import contextlib
import csv
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import QuerySolutions, parse, parse_query_results

from tests.conftest import NO_KEEP_ALIVE, Server, serving
from tests.stores import skip_with_virtuoso
from tests.waiting import until
from tests.web.sending import of_one_that_ran
from tests.web.small_release import make_site
from triplomacy.formats import BY_SUFFIX

LIMITS = """
[limits]
seconds = {seconds}
memory_mib = 32
rows = 6000
result_mib = 1
processes = 2
queue = 4
"""
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
LARGE = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"


def serving_limited(folder: Path, seconds: int) -> AbstractContextManager[Server]:
    """A server with small limits, of 500 triples."""
    data = folder / "many.trig"
    triples = (f"<http://x/{n}> <http://x/p> <http://x/o{n}> ." for n in range(500))
    data.write_text(f"<http://x/g> {{ {' '.join(triples)} }}")
    site = make_site(folder / "site", data=data)
    with (site / "triplomacy.toml").open("a") as settings:
        settings.write(LIMITS.format(seconds=seconds))
    return serving(site, "--no-build", "--workers", "1")


@pytest.fixture(scope="module")
def limited_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which no query of ours ends by its time, however busy the machine is."""
    with serving_limited(tmp_path_factory.mktemp("limited"), 120) as running:
        yield running


@pytest.fixture(scope="module")
def hasty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which queries have little time."""
    with serving_limited(tmp_path_factory.mktemp("hasty"), 2) as running:
        yield running


@pytest.fixture
def limited(limited_server: Server) -> Iterator[httpx.Client]:
    """A client of the limited server; afterwards that server must be as before."""
    with httpx.Client(base_url=limited_server.url, limits=NO_KEEP_ALIVE) as client:
        yield client
        until(lambda: is_idle(client), 60)


@pytest.fixture
def hasty(hasty_server: Server) -> Iterator[httpx.Client]:
    """A client of the hasty server; afterwards that server must be as before."""
    with httpx.Client(base_url=hasty_server.url, limits=NO_KEEP_ALIVE) as client:
        yield client
        until(lambda: is_idle(client))


def is_idle(client: httpx.Client) -> bool:
    """Whether an ordinary query is answered, and no other runs or is being stopped."""
    easy = client.post("/sparql", data={"query": "SELECT (RAND() AS ?x) {}"})
    idle = "\ntriplomacy_queries_running 0.0\n" in client.get("/metrics").text
    return idle and easy.status_code == client.get("/health").status_code == 200


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
    hasty: httpx.Client,
) -> None:
    answer = of_one_that_ran(lambda: query(hasty, ENDLESS))
    assert_problem(answer, 503, "longer than 2 s")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.embedded
def test_a_query_that_eats_memory_is_507_with_its_limit(limited: httpx.Client) -> None:
    assert_problem(query(limited, GREEDY), 507, "32 MiB")


@pytest.mark.parametrize("suffix", ["srj", "srx", "csv", "tsv", "nt", "ttl", "rdf", "jsonld"])
@pytest.mark.parametrize(
    ("cap", "width"),
    [("is longer than 1 MiB", 600), ("has more than 6,000 ", 40)],
    ids=["bytes", "rows"],
)
def test_an_answer_that_is_too_large_is_broken_in_every_format(
    cap: str, width: int, suffix: str, limited: httpx.Client
) -> None:
    wide = f"BIND(CONCAT(STR(?a), STR(?d), '{'x' * width}') AS ?x)"
    pairs = f"{{ ?a ?b ?c . ?d ?e ?f {wide} }}"
    text = f"SELECT ?x WHERE {pairs}"
    if BY_SUFFIX[suffix].rdf is not None:
        skip_with_virtuoso("sends no answer before it is whole")
        text = f"CONSTRUCT {{ ?a <http://x/p> ?x }} WHERE {pairs}"
    answer = query(limited, text, BY_SUFFIX[suffix].media_type)
    assert answer.status_code == 200  # it had begun
    assert f"THE ANSWER WAS CUT SHORT: The answer {cap}" in answer.text
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
    for text, limit in ((LARGE, "longer than 1 MiB"), (LARGE.replace("*", "?a"), "6,000 rows")):
        answer = query(limited, text, "text/html")
        assert answer.status_code == 507
        assert limit in answer.text


def test_an_answer_with_as_many_rows_as_are_allowed_is_whole(limited: httpx.Client) -> None:
    answer = query(limited, f"{LARGE} LIMIT 6000")
    assert len(list(csv.reader(io.StringIO(answer.text), strict=True))) == 6001
    assert query(limited, f"{LARGE} LIMIT 6001").status_code in (200, 507)


def test_an_answer_that_is_cut_before_it_begins_is_507(limited: httpx.Client) -> None:
    text = "SELECT (1 AS ?x) WHERE { ?a ?b ?c . ?d ?e ?f }"
    assert_problem(query(limited, text), 507, "more than 6,000 rows")


def test_what_an_answer_may_cost_stands_in_its_header(limited: httpx.Client) -> None:
    allowed = "rows=6000, bytes=1048576, memory=33554432"
    answer = query(limited, "SELECT (1 AS ?one) {}")
    assert answer.headers["Query-Limits"] == f"seconds=120, {allowed}"
    answer = limited.get("/sparql", params={"query": ENDLESS, "timeout": "0.25"})
    assert answer.headers["Query-Limits"] == f"seconds=0.25, {allowed}"


@pytest.mark.parametrize(
    "sent",
    [
        {"method": "GET", "url": "/sparql", "params": {"query": ENDLESS, "timeout": "1"}},
        {"method": "POST", "url": "/sparql", "data": {"query": ENDLESS, "timeout": "1"}},
        {
            "method": "POST",
            "url": "/sparql?timeout=1",
            "content": ENDLESS,
            "headers": {"Content-Type": "application/sparql-query"},
        },
    ],
    ids=["GET", "form", "body"],
)
def test_a_client_can_shorten_the_deadline_of_its_query(
    sent: dict[str, Any], limited: httpx.Client
) -> None:
    answer = of_one_that_ran(lambda: limited.request(**sent))
    assert_problem(answer, 503, "longer than 1 s")


def test_a_client_cannot_lengthen_the_deadline_of_its_query(hasty: httpx.Client) -> None:
    endless = {"query": ENDLESS, "timeout": "3600"}
    answer = of_one_that_ran(lambda: hasty.get("/sparql", params=endless))
    assert_problem(answer, 503, "longer than 2 s")


def test_a_deadline_that_is_none_is_400(limited: httpx.Client) -> None:
    answer = limited.get("/sparql", params={"query": "ASK {}", "timeout": "soon"})
    assert_problem(answer, 400, "timeout=soon is not a number of seconds")


@pytest.mark.parametrize("path", ["/robots.txt", "/sparql?format=ttl", "/sparql?format=jsonld"])
def test_crawlers_and_clients_are_told_the_limits(path: str, limited: httpx.Client) -> None:
    text = limited.get(path).text
    assert "A query may run for 120 seconds, and take 32 MiB" in text
    assert "An answer may have 6,000 rows or triples, and 1 MiB" in text


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
    text: str, hasty: httpx.Client
) -> None:
    answer = query(hasty, text)
    assert answer.status_code in (200, 400, 413, 501, 503, 507)
    if answer.status_code != 200:
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_pages_answer_while_every_query_process_is_busy(hasty: httpx.Client) -> None:
    with concurrent.futures.ThreadPoolExecutor(20) as threads:
        busy = [threads.submit(query, hasty, ENDLESS) for _ in range(20)]
        for _ in range(5):
            assert hasty.get("/sparql", headers={"Accept": "text/html"}).status_code == 200
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
    until(lambda: not any(alive(p) for p in family))


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
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:  # it ends at any moment
        return False
    return state != "Z"
