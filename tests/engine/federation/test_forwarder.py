"""Queries call what is listed, and nothing else, however they are written."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from tests.engine.test_service_guard import (
    FRAGMENTS,
    HEADS,
    MENTION,
    NONSENSE,
    REACH,
    Listener,
    run_unguarded,
)
from tests.fetching.remote import EMPTY, Call, Remote, remote
from tests.waiting import PATIENCE
from triplomacy import __version__
from triplomacy.engine.federation import forwarder
from triplomacy.engine.federation.clauses import may_call
from triplomacy.engine.federation.forwarder import Services
from triplomacy.engine.oxigraph import OxigraphEngine
from triplomacy.engine.protocol import Query
from triplomacy.errors import (
    Forbidden,
    QuerySyntaxError,
    ServiceFailed,
    ServiceTooSlow,
    TriplomacyError,
)
from triplomacy.formats import RDF_FORMATS, RESULTS_FORMATS, Format
from triplomacy.limits import Limits
from triplomacy.web.negotiation import Accept

BASE = "https://site.example/"
LIMITS = Limits(service_seconds=120, service_mib=1)
NAMES = "?who <http://e/name> ?name"


@pytest.fixture(scope="module")
def shared() -> Iterator[Remote]:
    with remote() as it:
        yield it


@pytest.fixture
def service(shared: Remote) -> Iterator[Remote]:
    shared.heard.clear()
    yield shared
    shared.settle()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """What is on nobody's list."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)
        heard = Listener(server)
        threading.Thread(target=heard.listen, daemon=True).start()
        yield heard


@pytest.fixture(scope="module")
def store() -> Store:
    """Who met whom, without their names."""
    held = Store()
    met = NamedNode("http://e/met")
    for one, other in (("anna", "bert"), ("bert", "carla"), ("carla", "dora")):
        quad = (NamedNode(f"http://e/{one}"), met, NamedNode(f"http://e/{other}"))
        held.add(Quad(*quad))
        held.add(Quad(*quad, NamedNode("http://e/g")))
    held.add(Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("o")))
    return held


@pytest.fixture(scope="module")
def services(shared: Remote) -> Iterator[Services]:
    others = [f"{shared.url}/x", f"{shared.url}/"]
    it = Services([shared.url, *others], LIMITS)
    yield it
    it.close()


@pytest.fixture(scope="module")
def engine(store: Store, services: Services) -> OxigraphEngine:
    return OxigraphEngine(store, services)


def ask(engine: OxigraphEngine, text: str, accept: str | None = "text/csv") -> str:
    return engine.answer(Query(text, base=BASE), Accept(accept)).body.decode()


def joined(url: str) -> str:
    return f"{{ ?who <http://e/met> ?whom SERVICE <{url}> {{ {NAMES} }} }}"


def test_what_a_service_knows_joins_with_what_we_know(
    engine: OxigraphEngine, service: Remote
) -> None:
    rows = ask(engine, f"SELECT ?whom ?name {joined(service.url)} ORDER BY ?name").split()
    expected = ["http://e/bert,Anna", "http://e/carla,Bert", "http://e/dora,Carla"]
    assert rows == ["whom,name", *expected]


@pytest.mark.parametrize("format", RESULTS_FORMATS, ids=lambda f: f.suffix)
def test_a_join_is_answered_in_every_format_of_results(
    format: Format, engine: OxigraphEngine, service: Remote
) -> None:
    body = ask(engine, f"SELECT ?whom ?name {joined(service.url)}", format.media_type)
    assert [name in body for name in ("Anna", "Bert", "Carla", "Dora")] == [True] * 3 + [False]
    body = ask(engine, f"ASK {joined(service.url)}", format.media_type)
    assert "true" in body


@pytest.mark.parametrize("format", RDF_FORMATS, ids=lambda f: f.suffix)
def test_a_join_is_answered_in_every_format_of_rdf(
    format: Format, engine: OxigraphEngine, service: Remote
) -> None:
    text = f"CONSTRUCT {{ ?whom <http://e/p> ?name }} WHERE {joined(service.url)}"
    body = ask(engine, text, format.media_type)
    assert [name in body for name in ("Anna", "Bert", "Carla", "Dora")] == [True] * 3 + [False]
    body = ask(engine, f"DESCRIBE ?who {joined(service.url)}", format.media_type)
    assert "carla" in body
    assert "127.0.0.1" not in body


def test_a_service_is_called_once_for_each_clause_however_many_rows_ask(
    engine: OxigraphEngine, service: Remote
) -> None:
    clause = f"SERVICE <{service.url}> {{ {NAMES} }}"
    text = f"{{ ?who <http://e/met> ?whom FILTER EXISTS {{ {clause} }} }}"
    assert len(ask(engine, f"SELECT * {text}").split()) == 4
    assert len(service.heard) == 1
    for form in ("ASK", "CONSTRUCT { ?who ?who ?who } WHERE", "DESCRIBE ?who"):
        ask(engine, f"{form} {text}", None)
    assert len(service.heard) == 4


def test_a_service_hears_the_site_and_the_pattern_and_nothing_of_ours(
    engine: OxigraphEngine, service: Remote
) -> None:
    ask(engine, f"PREFIX e: <http://e/> SELECT ?whom {joined(service.url)}")
    [heard] = service.heard
    assert heard.query.split("\n")[-1] == "SELECT * WHERE { ?who <http://e/name> ?name . }"
    assert heard.headers["User-Agent"] == f"Triplomacy/{__version__} (+{BASE})"
    assert not {"Cookie", "Authorization", "Forwarded", "X-Forwarded-For", "Referer"} & {
        *heard.headers
    }


@pytest.mark.parametrize("query", REACH)
def test_every_way_to_write_a_clause_is_refused_where_the_service_is_not_listed(
    query: str, engine: OxigraphEngine, listener: Listener
) -> None:
    before = listener.calls
    with pytest.raises(Forbidden, match="not among the services") as caught:
        ask(engine, query.replace("URL", listener.url), None)
    assert "/sparql" in caught.value.remedy
    assert listener.calls == before


@pytest.mark.parametrize("query", REACH)
def test_every_way_to_write_a_clause_calls_a_service_that_is_listed(
    query: str, engine: OxigraphEngine, service: Remote
) -> None:
    ask(engine, query.replace("URL", f"{service.url}/"), None)
    assert service.heard
    assert {h.headers["User-Agent"] for h in service.heard} == {
        f"Triplomacy/{__version__} (+{BASE})"
    }


@pytest.mark.parametrize("query", MENTION)
def test_a_mention_calls_nobody(query: str, engine: OxigraphEngine, service: Remote) -> None:
    ask(engine, query.replace("URL", service.url), None)
    assert service.heard == []


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_calls_nobody(query: str, engine: OxigraphEngine, service: Remote) -> None:
    with pytest.raises((Forbidden, QuerySyntaxError)):
        ask(engine, query.replace("URL", service.url), None)
    assert service.heard == []


@pytest.mark.parametrize(
    "spelling",
    [
        "http://127.0.0.1:{port}/sparql?",
        "http://127.0.0.1:{port}/sparql#",
        "http://127.0.0.1:{port}/sparq%6C",
        "http://127.0.0.1:{port}//sparql",
        "http://127.0.0.1:{port}/./sparql",
        "http://127.0.0.1:{port}/a/../sparql",
        "HTTP://127.0.0.1:{port}/sparql",
        "http://127.0.0.1:0{port}/sparql",
        "http://127.0.0.1.:{port}/sparql",
        "http://127.1:{port}/sparql",
        "http://0x7f000001:{port}/sparql",
        "http://[::ffff:127.0.0.1]:{port}/sparql",
        "http://user@127.0.0.1:{port}/sparql",
        "http://127.0.0.1:{port}@evil.example/sparql",
        "http://127.0.0.1:{port}\\u0000/sparql",
        "http://localhost:{port}/sparql",
        "https://127.0.0.1:{port}/sparql",
        "file:///sparql",
        "",
    ],
)
def test_a_service_is_named_as_it_is_listed_or_not_at_all(
    spelling: str, engine: OxigraphEngine, service: Remote
) -> None:
    iri = spelling.replace("{port}", str(service.port))
    for silent in ("", "SILENT"):
        with pytest.raises((Forbidden, QuerySyntaxError)):
            ask(engine, f"SELECT * {{ SERVICE {silent} <{iri}> {{ ?s ?p ?o }} }}")
    assert service.heard == []


@pytest.mark.parametrize("text", ["SELECT * {", "SELECT * { SERVICE <x> { }", "ASK { a:b ?p ?o }"])
def test_a_syntax_error_is_one_where_services_are_listed_too(
    text: str, engine: OxigraphEngine
) -> None:
    with pytest.raises(QuerySyntaxError):
        ask(engine, text)


def test_where_nothing_is_listed_everything_is_refused(store: Store, service: Remote) -> None:
    with pytest.raises(Forbidden, match="SERVICE would make this server call"):
        ask(OxigraphEngine(store, Services()), f"SELECT * {joined(service.url)}")


def test_a_clause_within_a_clause_goes_out_under_its_own_name(
    engine: OxigraphEngine, service: Remote
) -> None:
    service.behave = lambda c: c.answer(EMPTY)
    label = "SERVICE <http://wikiba.se/ontology#label> { ?a ?b 'en' }"
    inner = f"SERVICE SILENT <{service.url}/x> {{ ?s ?p ?o }}"
    ask(engine, f"SELECT * {{ SERVICE <{service.url}> {{ {NAMES} {label} {inner} }} }}")
    [heard] = service.heard
    assert "SERVICE <http://wikiba.se/ontology#label> {" in heard.query
    assert f"SERVICE SILENT <{service.url}/x> {{" in heard.query
    assert heard.query.count("127.0.0.1") == 1


def test_a_clause_within_a_clause_must_be_listed_too(
    engine: OxigraphEngine, service: Remote
) -> None:
    inner = "SERVICE SILENT <http://169.254.169.254/> {}"
    with pytest.raises(Forbidden, match=r"169\.254\.169\.254/ is not among"):
        ask(engine, f"SELECT * {{ SERVICE <{service.url}> {{ {NAMES} {inner} }} }}")
    assert service.heard == []


def test_a_service_of_wikidata_s_own_is_none_of_ours(engine: OxigraphEngine) -> None:
    with pytest.raises(Forbidden, match="ontology#label is not among"):
        ask(engine, "SELECT * { SERVICE <http://wikiba.se/ontology#label> { ?s ?p ?o } }")


WAYS = [
    "SELECT * {{ ?who <http://e/met> ?whom {clause} }}",
    "SELECT * {{ ?who <http://e/met> ?whom OPTIONAL {{ {clause} }} }}",
    "SELECT * {{ ?who <http://e/met> ?whom MINUS {{ {clause} }} }}",
    "SELECT * {{ ?who <http://e/met> ?whom FILTER EXISTS {{ {clause} }} }}",
    "SELECT * {{ ?who <http://e/met> ?whom FILTER NOT EXISTS {{ {clause} }} }}",
    "SELECT (EXISTS {{ {clause} }} AS ?x) {{}}",
    "SELECT * {{ {{ SELECT ?who (COUNT(*) AS ?n) {{ {clause} }} GROUP BY ?who }} }}",
    "SELECT * {{ {{}} UNION {{ {clause} }} }} ORDER BY ?who",
    "ASK {{ {clause} }}",
    "ASK {{ ?who <http://e/met> ?whom FILTER EXISTS {{ {clause} }} }}",
    "CONSTRUCT {{ ?who ?who ?who }} WHERE {{ {clause} }}",
    "CONSTRUCT {{ ?who ?who ?who }} WHERE {{ ?who ?p ?o FILTER EXISTS {{ {clause} }} }}",
    "DESCRIBE ?who {{ {clause} }}",
    "DESCRIBE ?who {{ ?who ?p ?o FILTER EXISTS {{ {clause} }} }}",
    "DESCRIBE ?who FROM <http://e/g> {{ ?who ?p ?o FILTER EXISTS {{ {clause} }} }}",
]


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_is_told_wherever_the_clause_stands(
    way: str, engine: OxigraphEngine, service: Remote
) -> None:
    service.behave = lambda c: c.answer(b"no", status=500)
    clause = f"SERVICE <{service.url}> {{ {NAMES} }}"
    with pytest.raises(ServiceFailed, match=f"{service.url} failed: .* status 500") as caught:
        ask(engine, way.format(clause=clause), None)
    assert "token" not in caught.value.detail
    assert len(service.heard) == 1


@pytest.mark.parametrize("way", WAYS)
def test_silent_passes_over_a_failure_wherever_the_clause_stands(
    way: str, engine: OxigraphEngine, service: Remote
) -> None:
    service.behave = lambda c: c.answer(EMPTY[:-3])
    ask(engine, way.format(clause=f"SERVICE SILENT <{service.url}> {{ {NAMES} }}"), None)
    assert len(service.heard) == 1


def test_silent_gives_one_empty_solution(engine: OxigraphEngine, service: Remote) -> None:
    service.behave = lambda c: c.connection.close()
    text = joined(service.url).replace("SERVICE", "SERVICE SILENT")
    assert ask(engine, f"SELECT (COUNT(*) AS ?n) (COUNT(?name) AS ?m) {text}").split() == [
        "n,m",
        "3,0",
    ]


def test_a_service_that_is_too_slow_is_504(store: Store) -> None:
    with remote() as slow:
        slow.behave = Call.hang
        services = Services([slow.url], Limits(service_seconds=1))
        with pytest.raises(ServiceTooSlow, match="longer than 1 s"):
            ask(OxigraphEngine(store, services), f"SELECT * {joined(slow.url)}")
        services.close()


def test_an_error_of_our_own_query_is_not_blamed_on_a_service(
    engine: OxigraphEngine, service: Remote
) -> None:
    service.behave = lambda c: c.answer(b"no", status=500)
    silent = joined(service.url).replace("SERVICE", "SERVICE SILENT")
    with pytest.raises(TriplomacyError) as caught:
        ask(engine, f"SELECT * {silent}", "text/turtle")
    assert caught.value.status == 406


def test_who_guesses_at_the_forwarder_learns_nothing(
    services: Services, engine: OxigraphEngine, service: Remote
) -> None:
    assert services._listener is not None
    url = services._listener.url
    addresses: list[str] = []

    def spy(call: Call) -> None:
        addresses.extend(services._running)
        call.answer(EMPTY)

    service.behave = spy
    ask(engine, f"SELECT * {joined(service.url)}")
    [token] = addresses
    assert len(token) == 32
    guesses = ["", "0" * 32, "0" * 32 + "/0", f"{token}/0", f"{token}/1", f"{token}", "../x", "%2e"]
    for guess in guesses:  # the true one is of a query that has ended
        for method in ("POST", "GET", "PUT", "OPTIONS"):
            answer = httpx.request(method, f"{url}/{guess}", content=b"SELECT * {}")
            assert answer.status_code in (404, 501)
            assert "http://" not in answer.text
    assert len(service.heard) == 1
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as line:
        line.sendall(b"POST /x HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n")
        assert b"404" in line.recv(4096)


def test_who_holds_connections_of_the_forwarder_does_not_stop_queries_for_long(
    store: Store, service: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarder._Call, "timeout", 120)  # for those who hold on
    services = Services([service.url], LIMITS)
    assert services._listener is not None
    place = ("127.0.0.1", services._listener.server_address[1])
    held = [socket.create_connection(place) for _ in range(12)]
    try:
        with pytest.raises((TriplomacyError, ConnectionError)):
            ask(OxigraphEngine(store, services), f"SELECT * {joined(service.url)}")
    finally:
        for line in held:
            line.close()
    places = services._listener._places
    for _ in range(forwarder._CALLERS):  # until the last of them has been missed
        assert places.acquire(timeout=PATIENCE)
    places.release(forwarder._CALLERS)
    assert "Anna" in ask(OxigraphEngine(store, services), f"SELECT * {joined(service.url)}")
    services.close()


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    head=HEADS,
    parts=st.lists(
        st.one_of(FRAGMENTS, st.sampled_from([" SERVICE <OK> {", " SERVICE SILENT ok: {", "<OK>"])),
        max_size=14,
    ),
    close=st.integers(0, 3),
)
def test_no_mixture_of_fragments_calls_what_is_not_listed(
    head: str,
    parts: list[str],
    close: int,
    store: Store,
    listener: Listener,
    engine: OxigraphEngine,
    shared: Remote,
) -> None:
    shared.behave = lambda c: c.answer(EMPTY)
    shared.heard.clear()
    body = "".join(parts).replace("URL", listener.url).replace("OK", shared.url)
    prologue = f"PREFIX e: <http://e/> PREFIX : <{listener.url}> PREFIX ok: <{shared.url}> "
    query = f"{prologue}{head} {body}{' }' * close}"
    before = listener.calls
    try:
        engine.answer(Query(query, base=listener.url), Accept(None))
    except TriplomacyError as error:
        assert error.status < 500, error.detail
    assert listener.calls == before, query
    assert may_call(query) or not shared.heard, query


def test_the_test_s_own_listener_hears_an_engine_without_a_guard(
    store: Store, listener: Listener
) -> None:
    before = listener.calls
    run_unguarded(store, f"SELECT * {{ SERVICE <{listener.url}> {{ ?s ?p ?o }} }}")
    assert listener.calls > before
