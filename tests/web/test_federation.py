"""Federated queries over HTTP: a real server, its query processes, and a service that it calls."""

from __future__ import annotations

import concurrent.futures
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
from rdflib import RDFS, Graph, URIRef

from tests.conftest import NO_KEEP_ALIVE, Server, serving, triplomacy
from tests.fetching.remote import EMPTY, Call, Remote, remote
from tests.waiting import until
from tests.web.sending import of_one_that_ran, sent
from tests.web.small_release import make_site
from tests.web.test_limits import alive, assert_problem, descendants
from tests.web.test_observability import metrics, value
from triplomacy.engine.pool.client import Pool
from triplomacy.engine.protocol import Query
from triplomacy.limits import Limits
from triplomacy.operating import cancel, listed
from triplomacy.processes import living
from triplomacy.release.folder import Releases
from triplomacy.servers import running_servers
from triplomacy.serving import query_processes as query_pool
from triplomacy.web.negotiation import Accept

pytestmark = pytest.mark.embedded  # on a server SERVICE is refused

FEATURE = URIRef("http://www.w3.org/ns/sparql-service-description#feature")
FEDERATED = URIRef("http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery")
LIMITS = """
[limits]
seconds = {seconds}
service_seconds = {service_seconds}
service_mib = 1
processes = 2
"""
PERSON = "<https://w3id.org/triplomacy/id/actor/talleyrand> a ?type"


@pytest.fixture(scope="module")
def shared() -> Iterator[Remote]:
    with remote() as it:
        yield it


@pytest.fixture
def service(shared: Remote) -> Iterator[Remote]:
    shared.heard.clear()
    yield shared
    shared.settle()


def serving_with(
    service: Remote, folder: Path, seconds: int, service_seconds: int
) -> AbstractContextManager[Server]:
    """A server that may call one service."""
    site = make_site(folder / "site")
    limits = LIMITS.format(seconds=seconds, service_seconds=service_seconds)
    settings = site / "triplomacy.toml"
    settings.write_text(settings.read_text() + f'services = ["{service.url}"]\n{limits}')
    return serving(site, "--no-build", "--workers", "1")


@pytest.fixture(scope="module")
def federated_server(shared: Remote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for its service longer than any test takes."""
    with serving_with(shared, tmp_path_factory.mktemp("federated"), 180, 120) as running:
        yield running


@pytest.fixture(scope="module")
def hasty_server(shared: Remote, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits for its service for a second."""
    with serving_with(shared, tmp_path_factory.mktemp("hasty"), 180, 1) as running:
        yield running


@pytest.fixture(scope="module")
def federated(federated_server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=federated_server.url, limits=NO_KEEP_ALIVE) as client:
        yield client


@pytest.fixture(scope="module")
def hasty(hasty_server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=hasty_server.url, limits=NO_KEEP_ALIVE) as client:
        yield client


def text(service: Remote, silent: str = "") -> str:
    return (
        f"SELECT ?type ?name {{ {PERSON} SERVICE {silent} <{service.url}> "
        "{ ?who <http://e/name> ?name } } ORDER BY ?name"
    )


def ask(client: httpx.Client, query: str, accept: str = "text/csv", **more: str) -> httpx.Response:
    return client.get(
        "sparql",
        params={"query": query, **more},
        headers={"Accept": accept, "Cookie": "secret=1", "Authorization": "Basic c2VjcmV0"},
    )


def test_a_query_joins_the_release_with_a_service(federated: httpx.Client, service: Remote) -> None:
    answer = ask(federated, text(service))
    assert answer.status_code == 200
    assert [row.partition(",")[2] for row in answer.text.split()] == [
        *("name", "Anna", "Bert", "Carla")
    ]
    [heard] = service.heard
    assert "secret" not in str(heard)
    assert heard.headers["User-Agent"].endswith("(+https://w3id.org/triplomacy/)")


def test_an_answer_of_a_service_is_not_remembered_and_has_no_validators(
    federated: httpx.Client, service: Remote
) -> None:
    for count in (1, 2):
        answer = ask(federated, text(service))
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "cache;desc=miss" in answer.headers["Server-Timing"]
        assert len(service.heard) == count
    held = ask(federated, "SELECT ?service { ?service ?p 'SERVICE' }")
    assert "ETag" in held.headers


@pytest.mark.parametrize(
    ("behave", "status", "words"),
    [
        (lambda c: c.answer(b"no", status=503), 502, "status 503"),
        (lambda c: c.answer(b"<html>", "text/html"), 502, "text/html, not with results"),
        (lambda c: c.answer(b" " * 2_000_000), 502, "larger than 1 MiB"),
        (lambda c: c.answer(b"", status=302, Location="http://127.0.0.1/"), 502, "redirects"),
    ],
    ids=["status", "html", "size", "redirect"],
)
def test_a_service_that_fails_is_a_problem_that_names_it(
    behave: Callable[[Call], None],
    status: int,
    words: str,
    federated: httpx.Client,
    service: Remote,
) -> None:
    service.behave = behave
    assert_fails(federated, service, status, words)


def test_a_service_that_is_too_slow_is_a_problem_that_names_it(
    hasty: httpx.Client, service: Remote
) -> None:
    service.behave = Call.hang
    assert_fails(hasty, service, 504, "longer than 1 s")


def assert_fails(client: httpx.Client, service: Remote, status: int, words: str) -> None:
    """What the service does is told in every way, and passed over where the query wants that."""
    answer = ask(client, text(service))
    assert_problem(answer, status, service.url, words)
    assert answer.headers["Cache-Control"] == "no-store"
    page = ask(client, text(service), "text/html")
    assert page.status_code == status
    assert words in page.text
    answer = ask(client, text(service, "SILENT"))
    assert answer.status_code == 200
    assert len(answer.text.split()) == 2


def test_a_service_that_is_not_listed_is_403_with_those_that_are(
    federated: httpx.Client, service: Remote
) -> None:
    answer = ask(federated, "SELECT * { SERVICE SILENT <http://169.254.169.254/> { ?s ?p ?o } }")
    assert_problem(answer, 403, "http://169.254.169.254/ is not among the services")
    assert service.url in answer.json()["remedy"]


def test_the_description_names_the_services_and_their_limits(
    federated: httpx.Client, service: Remote, small: httpx.Client
) -> None:
    described = Graph().parse(data=federated.get("sparql?format=ttl").text, format="turtle")
    assert FEDERATED in set(described.objects(None, FEATURE))
    words = " ".join(map(str, described.objects(None, RDFS.comment)))
    assert f"SERVICE may call {service.url}, for 120 seconds and 1 MiB each." in words
    assert f"SERVICE may call {service.url}" in federated.get("robots.txt").text
    without = Graph().parse(data=small.get("sparql?format=ttl").text, format="turtle")
    page = {"Accept": "text/html"}
    assert service.url in federated.get("sparql", headers=page).text
    assert "<code>SERVICE</code>" not in small.get("sparql", headers=page).text
    assert FEDERATED not in set(without.objects(None, FEATURE))
    assert "SERVICE" not in small.get("robots.txt").text


def test_calls_are_counted_by_how_they_ended(
    federated: httpx.Client,
    federated_server: Server,
    hasty: httpx.Client,
    hasty_server: Server,
    service: Remote,
) -> None:
    def counts(server: Server) -> dict[str, float]:
        samples = metrics(server.url)
        return {
            outcome: value(
                samples, "triplomacy_service_calls_total", service=service.url, outcome=outcome
            )
            for outcome in ("answered", "time", "failed")
        } | {"service": value(samples, "triplomacy_queries_total", outcome="service")}

    before, others = counts(federated_server), counts(hasty_server)
    ask(federated, text(service))
    service.behave = lambda c: c.answer(b"no", status=500)
    ask(federated, text(service))
    ask(federated, text(service, "SILENT"))
    service.behave = Call.hang
    ask(hasty, text(service, "SILENT"))
    found = {name: count - before[name] for name, count in counts(federated_server).items()}
    assert found == {"answered": 1, "failed": 2, "time": 0, "service": 1}
    found = {name: count - others[name] for name, count in counts(hasty_server).items()}
    assert found == {"answered": 0, "failed": 0, "time": 1, "service": 0}


class Hanging:
    """A service that says nothing, and notices when its caller leaves."""

    def __init__(self) -> None:
        self.began = self.left = 0

    def __call__(self, call: Call) -> None:
        self.began += 1
        call.hang()
        self.left += 1

    def was_left(self) -> bool:
        """Whether who called has left, long before the time of the call was over."""
        return self.left == self.began > 0


def wait_for_the_call(hanging: Hanging, waiting: Future[httpx.Response]) -> None:
    """Wait until a query hangs; fail with its answer if it has one before."""
    until(lambda: hanging.began or waiting.done())
    assert hanging.began, waiting.result().text


SOON = 60
"""Half the seconds of a call: who has left until then did not wait for its end."""


def query_processes(server: Server) -> set[int]:
    [running] = running_servers(server.site / "releases")
    enrolled = living(Path(running.folder))
    return {p.pid for p in enrolled if p.kind == "query" and alive(p.pid)}


def test_a_query_that_is_stopped_while_it_waits_leaves_nothing_behind(
    federated: httpx.Client, federated_server: Server, service: Remote
) -> None:
    hanging = service.behave = Hanging()
    for _ in range(20):  # a query on a busy machine may not come so far as to call
        answer = of_one_that_ran(lambda: ask(federated, text(service), timeout="0.4"))
        assert_problem(answer, 503, "longer than 0.4 s")
        if hanging.began:
            break
    until(hanging.was_left, SOON)
    service.behave = None
    until(lambda: len(query_processes(federated_server)) == 2)
    assert ask(federated, text(service)).status_code == 200


def test_a_client_that_hangs_up_while_its_query_waits_leaves_the_service(
    federated_server: Server, service: Remote
) -> None:
    hanging = service.behave = Hanging()
    with sent(federated_server, text(service)):
        until(lambda: hanging.began)
    until(hanging.was_left, SOON)


def test_a_query_that_is_cancelled_while_it_waits_leaves_its_service(
    federated: httpx.Client, federated_server: Server, service: Remote
) -> None:
    hanging = service.behave = Hanging()
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ask, federated, text(service))
        wait_for_the_call(hanging, waiting)
        [running] = listed(federated_server.site / "releases")
        assert running.begins == text(service)[:200]  # its own words, and no address of ours
        cancel(federated_server.site / "releases", running.id)
        assert waiting.result().status_code == 503
    until(hanging.was_left, SOON)


def test_a_query_process_that_is_killed_while_it_waits_is_replaced(
    federated: httpx.Client, federated_server: Server, service: Remote
) -> None:
    hanging = service.behave = Hanging()
    until(lambda: len(query_processes(federated_server)) == 2)
    before = query_processes(federated_server)
    with concurrent.futures.ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(ask, federated, text(service))
        wait_for_the_call(hanging, waiting)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        assert_problem_or_answer(waiting.result())
    until(hanging.was_left, SOON)
    service.behave = None
    until(lambda: len(query_processes(federated_server) - before) == 2)
    assert ask(federated, text(service)).status_code == 200


def assert_problem_or_answer(answer: httpx.Response) -> None:
    assert answer.status_code in (200, 503, 507)
    assert "Traceback" not in answer.text


def test_services_that_hang_leave_pages_and_others_alone(
    hasty: httpx.Client, service: Remote
) -> None:
    service.behave = Call.hang
    with concurrent.futures.ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(ask, hasty, text(service)) for _ in range(6)]
        until(lambda: service.heard)
        assert hasty.get("robots.txt").status_code == 200
        assert hasty.get("sparql", headers={"Accept": "text/html"}).status_code == 200
        statuses = {w.result().status_code for w in waiting}
    assert statuses == {504}


def test_a_large_answer_that_loses_its_service_is_cut_short_visibly(
    federated: httpx.Client, service: Remote
) -> None:
    """EXISTS calls the service once the answer has begun."""
    service.behave = lambda c: c.answer(b"no", status=500)
    many = " ".join(f'("{"x" * 900}{n}")' for n in range(900))
    answer = federated.post(
        "sparql",
        data={
            "query": f"SELECT * {{ VALUES (?x) {{ {many} }} FILTER(?x < 'a' || "
            f"EXISTS {{ SERVICE <{service.url}> {{ ?s ?p ?o }} }}) }}"
        },
        headers={"Accept": "text/csv"},
    )
    assert answer.status_code == 502 or "THE ANSWER WAS CUT SHORT" in answer.text


def test_two_sites_of_ours_federate(tmp_path: Path, small_server: Server) -> None:
    """A service that is a server like this one, called in both formats of results."""
    site = make_site(tmp_path / "site")
    settings = site / "triplomacy.toml"
    url = f"{small_server.url}sparql"
    settings.write_text(settings.read_text() + f'services = ["{url}"]\n')
    with serving(site, "--no-build", "--workers", "1") as running:
        family = descendants(running.process.pid)
        query = (
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?label "
            f"{{ ?who a ?type SERVICE <{url}> {{ ?who rdfs:label ?label }} }}"
        )
        for accept, words in (("text/csv", "Talleyrand"), ("text/html", "Talleyrand")):
            answer = httpx.get(
                f"{running.url}sparql", params={"query": query}, headers={"Accept": accept}
            )
            assert answer.status_code == 200
            assert words in answer.text
            assert "127.0.0.1:" not in answer.text.replace(url, "").replace(running.url, "")
        # What it sends in its turn is refused there, not followed.
        nested = f"SELECT * {{ SERVICE <{url}> {{ SERVICE <{url}> {{ ?s ?p ?o }} }} }}"
        answer = httpx.get(f"{running.url}sparql", params={"query": nested})
        assert answer.status_code == 502
        assert "status 403" in answer.json()["detail"]
    until(lambda: not any(alive(p) for p in family))


def test_the_command_line_calls_what_is_listed(federated_server: Server, service: Remote) -> None:
    site = ("--site", str(federated_server.site))
    done = triplomacy("query", "-", *site, "--format", "csv", input=text(service))
    assert [row.partition(",")[2] for row in done.stdout.split()] == [
        "name",
        "Anna",
        "Bert",
        "Carla",
    ]
    done = triplomacy("query", "-", *site, input="ASK { SERVICE <http://127.0.0.1:1/> {} }")
    assert done.returncode == 1
    assert "not among the services" in done.stderr


def test_little_memory_is_enough_for_a_small_answer(tmp_path: Path, service: Remote) -> None:
    releases = Releases(make_site(tmp_path / "site").parent / "site" / "releases")
    limits = Limits(memory_mib=48, processes=1)
    with query_pool(releases, limits, (service.url,)) as folder:
        pool = Pool(folder, limits, (service.url,))
        version = releases.existing().version
        for _ in range(3):
            answer = pool.ask(version, Query(text(service)), Accept("text/csv"))
            assert b"Carla" in b"".join(answer.chunks)


def test_an_empty_answer_of_a_service_is_an_empty_answer(
    federated: httpx.Client, service: Remote
) -> None:
    service.behave = lambda c: c.answer(EMPTY)
    assert ask(federated, text(service)).text.split() == ["type,name"]
