"""The SPARQL 1.1 Protocol, asked of a real server of a dataset small enough to know by heart."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Dataset

from tests.conftest import Server
from tests.stores import skip_with_virtuoso
from tests.waiting import PATIENCE
from tests.web.small_release import BASE, DATA

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
JSON = "application/sparql-results+json"
TRIPLES = 13

RESULTS = {
    "application/sparql-results+json": "srj",
    "application/sparql-results+xml": "srx",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
RDF = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/n-quads": "nq",
    "application/trig": "trig",
    "application/rdf+xml": "rdf",
    "application/ld+json": "jsonld",
}


def media_type(response: httpx.Response) -> str:
    return response.headers["Content-Type"].partition(";")[0]


def number(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text
    [row] = response.json()["results"]["bindings"]
    return int(row["n"]["value"])


def ask(small: httpx.Client, query: str, **headers: str) -> httpx.Response:
    return small.get("sparql", params={"query": query}, headers=headers)


# The three ways to ask


def test_a_query_goes_by_get_by_form_and_as_the_body(small: httpx.Client) -> None:
    assert number(ask(small, COUNT)) == TRIPLES
    assert number(small.post("sparql", data={"query": COUNT})) == TRIPLES
    direct = small.post("sparql", content=COUNT, headers={"Content-Type": QUERY})
    assert number(direct) == TRIPLES


def test_a_trailing_slash_makes_no_difference(small: httpx.Client) -> None:
    assert number(small.get("sparql/", params={"query": COUNT})) == TRIPLES
    assert number(small.post("sparql/", data={"query": COUNT})) == TRIPLES


def test_a_chunked_body_is_read(small: httpx.Client) -> None:
    half = len(COUNT) // 2
    chunks = iter([COUNT[:half].encode(), COUNT[half:].encode()])
    response = small.post("sparql", content=chunks, headers={"Content-Type": QUERY})
    assert number(response) == TRIPLES


def test_percent_signs_in_a_literal_are_not_decoded_twice(small: httpx.Client) -> None:
    query = "SELECT ('a%20b+c%2B' AS ?n) {}"
    for response in (ask(small, query), small.post("sparql", data={"query": query})):
        assert response.json()["results"]["bindings"][0]["n"]["value"] == "a%20b+c%2B"


def test_non_ascii_queries_work_in_every_way(small: httpx.Client) -> None:
    query = "ASK { ?s ?p 'Besançon'@fr }"
    direct = small.post("sparql", content=query.encode(), headers={"Content-Type": QUERY})
    for response in (ask(small, query), small.post("sparql", data={"query": query}), direct):
        assert response.json()["boolean"] is True


def test_an_answer_too_large_to_be_held_is_whole_whichever_way_it_is_asked_for(
    small: httpx.Client,
) -> None:
    """Half a megabyte and more, which flows through; the validators of a GET do not cut it."""
    query = f"SELECT ?a ('{'x' * 300}' AS ?x) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"
    got = ask(small, query, Accept="text/csv")
    posted = small.post("sparql", data={"query": query}, headers={"Accept": "text/csv"})
    assert "ETag" in got.headers
    assert len(posted.content) > 300 * TRIPLES**3
    assert sorted(got.text.splitlines()) == sorted(posted.text.splitlines())


def test_head_answers_as_get_without_a_body(small: httpx.Client) -> None:
    get, head = ask(small, COUNT), small.head("sparql", params={"query": COUNT})
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Type", "ETag", "Last-Modified", "Vary", "Cache-Control"):
        assert head.headers[name] == get.headers[name]


def test_options_lists_the_methods_and_allows_every_origin(small: httpx.Client) -> None:
    response = small.options("sparql", headers={"Origin": "https://example.org"})
    assert response.status_code in (200, 204)
    assert {"GET", "HEAD", "POST", "OPTIONS"} <= set(response.headers["Allow"].split(", "))
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers


# Formats


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "ASK { ?s ?p ?o }"])
@pytest.mark.parametrize("accept", RESULTS)
def test_results_come_in_every_format(small: httpx.Client, query: str, accept: str) -> None:
    response = ask(small, query, Accept=accept)
    assert (response.status_code, media_type(response)) == (200, accept)
    fixed = small.get("sparql", params={"query": query, "format": RESULTS[accept]})
    assert media_type(fixed) == accept
    assert len(fixed.content) == len(response.content)


@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{BASE}id/actor/talleyrand>"])
@pytest.mark.parametrize("accept", RDF)
def test_graphs_come_in_every_format_and_are_labelled_as_what_they_are(
    small: httpx.Client, query: str, accept: str
) -> None:
    response = ask(small, query, Accept=accept)
    assert (response.status_code, media_type(response)) == (200, accept)
    formats = {"nq": "nquads", "rdf": "xml", "jsonld": "json-ld"}
    dataset = Dataset()
    dataset.parse(data=response.content, format=formats.get(RDF[accept], RDF[accept]))
    assert len(dataset) >= 8
    fixed = small.get("sparql", params={"query": query, "output": RDF[accept]})
    assert media_type(fixed) == accept


def test_q_values_choose_the_format(small: httpx.Client) -> None:
    accept = f"text/csv;q=0.3, {JSON};q=0.2, text/tab-separated-values;q=0, text/turtle"
    assert media_type(ask(small, COUNT, Accept=accept)) == "text/csv"
    assert media_type(ask(small, CONSTRUCT, Accept=accept)) == "text/turtle"


def test_without_accept_results_are_json_and_graphs_turtle(small: httpx.Client) -> None:
    assert media_type(ask(small, COUNT)) == JSON
    assert media_type(ask(small, CONSTRUCT)) == "text/turtle"


def test_the_word_construct_in_a_literal_leaves_a_select_a_select(small: httpx.Client) -> None:
    response = ask(small, "SELECT ('CONSTRUCT' AS ?x) {}")
    assert media_type(response) == JSON
    assert "CONSTRUCT" in response.text


def test_json_carries_language_datatype_and_blank_nodes(small: httpx.Client) -> None:
    query = """
    PREFIX ex: <http://example.org/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    SELECT ?label ?born ?home {
      ?who ex:born ?born ; ex:livedIn ?home . ?home ex:city/rdfs:label ?label
      FILTER(LANG(?label) = "fr")
    }"""
    [row] = ask(small, query).json()["results"]["bindings"]
    assert row["label"] == {"type": "literal", "value": "Besançon", "xml:lang": "fr"}
    assert row["born"] == {
        "type": "literal",
        "value": "1754-02-02",
        "datatype": "http://www.w3.org/2001/XMLSchema#date",
    }
    assert row["home"]["type"] == "bnode"


@pytest.mark.parametrize("accept", ["image/png", "text/turtle", "*/*;q=0"])
def test_what_is_not_acceptable_is_406_with_a_list_of_what_is(
    small: httpx.Client, accept: str
) -> None:
    response = ask(small, COUNT, Accept=accept)
    assert response.status_code == 406
    for name in RESULTS:
        assert name in response.text


def test_a_quote_in_accept_is_harmless(small: httpx.Client) -> None:
    for accept in ("text/turtle'", '"', "'; DROP ALL", '*/*, "'):
        assert ask(small, COUNT, Accept=accept).status_code in (200, 406)


# The dataset


def test_the_default_graph_is_the_union_of_the_named_graphs(small: httpx.Client) -> None:
    dataset = Dataset(default_union=True)
    dataset.parse(DATA, format="trig")
    assert number(ask(small, COUNT)) == len(dataset) == TRIPLES
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(ask(small, named)) == TRIPLES + 1  # one triple stands in two graphs


def test_default_graph_uri_chooses_the_default_graph(small: httpx.Client) -> None:
    params = {"query": COUNT, "default-graph-uri": f"{BASE}graph/places"}
    assert number(small.get("sparql", params=params)) == 3
    assert number(small.post("sparql", data=params)) == 3
    url = f"sparql?default-graph-uri={BASE}graph/places"
    direct = small.post(url, content=COUNT, headers={"Content-Type": QUERY})
    assert number(direct) == 3


def test_named_graph_uri_chooses_the_named_graphs(small: httpx.Client) -> None:
    query = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    graphs = [f"{BASE}graph/places", f"{BASE}graph/people"]
    assert number(small.get("sparql", params={"query": query, "named-graph-uri": graphs})) == 2
    assert number(small.get("sparql", params={"query": COUNT, "named-graph-uri": graphs})) == 0


def test_the_protocol_s_dataset_overrides_from(small: httpx.Client) -> None:
    query = f"SELECT (COUNT(*) AS ?n) FROM <{BASE}graph/people> {{ ?s ?p ?o }}"
    assert number(ask(small, query)) == 8
    params = {"query": query, "default-graph-uri": f"{BASE}graph/places"}
    assert number(small.get("sparql", params=params)) == 3


def test_a_graph_that_is_not_there_is_empty(small: httpx.Client) -> None:
    params = {"query": COUNT, "default-graph-uri": "http://example.org/nowhere"}
    assert number(small.get("sparql", params=params)) == 0


def test_from_reads_no_file_and_calls_nobody(small: httpx.Client) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for iri in ("file:///etc/passwd", DATA.as_uri(), url):
            assert number(ask(small, f"SELECT (COUNT(*) AS ?n) FROM <{iri}> {{ ?s ?p ?o }}")) == 0
            params = {"query": COUNT, "default-graph-uri": iri}
            assert number(small.get("sparql", params=params)) == 0
        with pytest.raises(TimeoutError):
            listener.accept()


def test_service_is_refused_and_calls_nobody(small: httpx.Client) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        response = ask(small, f"SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}")
        assert response.status_code == 403
        assert "SERVICE" in response.json()["detail"]
        with pytest.raises(TimeoutError):
            listener.accept()


# Errors


def test_a_syntax_error_is_400_with_the_place_and_the_text(small: httpx.Client) -> None:
    response = ask(small, "SELECT * {\n  ?s foaf:name ?o\n}")
    assert response.status_code == 400
    assert media_type(response) == "application/problem+json"
    problem = response.json()
    assert (problem["line"], problem["column"]) == (2, 6)
    assert "?s foaf:name ?o" in problem["detail"]
    assert "PREFIX foaf:" in problem["remedy"]
    assert "ETag" not in response.headers


TWICE = "sparql?query=ASK%7B%7D&query=ASK%7B%7D"
LONG = b"#" * (2 * 1024 * 1024)


@pytest.mark.parametrize(
    ("status", "url", "accept"),
    [
        (400, TWICE, "*/*"),
        (400, "sparql?query=%FF", "*/*"),
        (400, "sparql?query=", JSON),
        (400, "sparql", JSON),
        (403, "sparql?update=CLEAR%20ALL", "*/*"),
        (403, "sparql?query=CLEAR%20ALL", "*/*"),
    ],
)
def test_what_is_wrong_with_a_get_has_its_status_and_a_problem_document(
    small: httpx.Client, status: int, url: str, accept: str
) -> None:
    assert_problem(small.get(url, headers={"Accept": accept}), status)


@pytest.mark.parametrize(
    ("status", "url", "content_type", "body"),
    [
        (400, "sparql", FORM, b"nothing=here"),
        (400, "sparql", FORM, b"query=ASK%7B%7D&default-graph-uri=no+iri"),
        (400, "sparql", QUERY, b""),
        (400, "sparql", QUERY, b"\xff"),
        (400, "sparql?query=ASK%7B%7D", FORM, b""),
        (415, "sparql", "", b"ASK {}"),
        (415, "sparql", "text/plain", b"ASK {}"),
        (415, "sparql", "multipart/form-data; boundary=x", b"--x--"),
        (415, "sparql", f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")),
        (403, "sparql", FORM, b"update=CLEAR+ALL"),
        (403, "sparql", "application/sparql-update", b"CLEAR ALL"),
        (413, "sparql", QUERY, LONG),
        (413, "sparql", FORM, b"query=" + LONG),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_with_a_post_has_its_status_and_a_problem_document(
    small: httpx.Client, status: int, url: str, content_type: str, body: bytes
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert_problem(small.post(url, content=body, headers=headers), status)


def assert_problem(response: httpx.Response, status: int) -> None:
    assert response.status_code == status, response.text
    assert media_type(response) == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]


def test_a_body_over_the_limit_in_chunks_is_413(small: httpx.Client) -> None:
    chunks = (b"#" * 65536 for _ in range(32))
    response = small.post("sparql", content=chunks, headers={"Content-Type": QUERY})
    assert_problem(response, 413)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_are_405_with_allow(small: httpx.Client, method: str) -> None:
    response = small.request(method, "sparql?query=ASK%7B%7D")
    assert_problem(response, 405)
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


def test_an_update_changes_nothing(small: httpx.Client) -> None:
    for text in ("CLEAR ALL", "INSERT DATA { <http://e/s> <http://e/p> 1 }", "LOAD <http://e/>"):
        assert small.post("sparql", data={"update": text}).status_code == 403
        assert small.post("sparql", data={"query": text}).status_code == 403
    assert number(ask(small, COUNT)) == TRIPLES


# Caches


def test_get_has_validators_and_answers_304(small: httpx.Client) -> None:
    first = ask(small, COUNT, Accept=JSON)
    assert first.headers["Last-Modified"] == "Wed, 12 Feb 2025 18:00:00 GMT"
    assert "Accept" in first.headers["Vary"]
    assert "max-age" in first.headers["Cache-Control"]
    tag = first.headers["ETag"]
    again = ask(small, COUNT, **{"Accept": JSON, "If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == tag
    since = {"Accept": JSON, "If-Modified-Since": first.headers["Last-Modified"]}
    assert ask(small, COUNT, **since).status_code == 304


def test_etags_differ_by_format_query_and_dataset(small: httpx.Client) -> None:
    answers = [ask(small, COUNT, Accept=a) for a in (*RESULTS, "text/html")]
    answers += [ask(small, COUNT + " #"), ask(small, "ASK {}")]
    graph = {"query": COUNT, "default-graph-uri": f"{BASE}graph/places"}
    answers.append(small.get("sparql", params=graph))
    tags = [a.headers["ETag"] for a in answers]
    assert len(set(tags)) == len(tags)


def test_an_etag_of_another_format_does_not_make_a_304(small: httpx.Client) -> None:
    tag = ask(small, COUNT, Accept="text/csv").headers["ETag"]
    response = ask(small, COUNT, **{"Accept": JSON, "If-None-Match": tag})
    assert (response.status_code, media_type(response)) == (200, JSON)


def test_an_error_is_not_hidden_by_a_conditional_request(small: httpx.Client) -> None:
    for headers in ({"If-None-Match": "*"}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}):
        assert ask(small, "SELECT", **headers).status_code == 400


@pytest.mark.parametrize("call", ["NOW()", "RAND ()", "uuid()", "STRUUID()", "BNODE()"])
def test_what_is_different_at_each_call_is_not_cached(small: httpx.Client, call: str) -> None:
    if call == "BNODE()":
        skip_with_virtuoso("has no BNODE")
    response = ask(small, f"SELECT ({call} AS ?x) {{}}")
    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_post_has_no_validators(small: httpx.Client) -> None:
    response = small.post("sparql", data={"query": COUNT}, headers={"If-None-Match": "*"})
    assert response.status_code == 200
    assert "ETag" not in response.headers
    assert "Last-Modified" not in response.headers


def test_every_answer_is_open_to_other_origins_without_credentials(small: httpx.Client) -> None:
    for response in (ask(small, COUNT), ask(small, "SELECT"), small.post("sparql")):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "ETag" in response.headers["Access-Control-Expose-Headers"]


# Whatever bytes come


def exchange(server: Server, request: bytes) -> bytes:
    """Send raw bytes, and give what comes back, up to where the server hangs up or says no more."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            pass
        return received


TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        *("SELECT * { ?s ?p ?o }", "ASK {", "SERVICE", "FROM <", "DESCRIBE <x>"),
        *("'''", "\\u0053", "{" * 50),
    ]
)
VALUES = st.binary(max_size=40) | TEXTS.map(lambda t: t.encode())


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT"]),
    query=st.lists(
        st.tuples(
            st.sampled_from(["query", "update", "format", "default-graph-uri", "example", "x"]),
            VALUES,
        ),
        max_size=4,
    ),
    accept=st.sampled_from(["*/*", "text/html", JSON, "text/turtle;q=0", "';q=\"", "text/csv"]),
    content_type=st.sampled_from(["", FORM, QUERY, QUERY + "; charset=x", "text/plain", ";;="]),
    body=VALUES,
)
def test_whatever_bytes_come_the_answer_is_never_5xx(
    small_server: Server,
    method: str,
    query: list[tuple[str, bytes]],
    accept: str,
    content_type: str,
    body: bytes,
) -> None:
    encoded = "&".join(f"{name}=" + "".join(f"%{b:02X}" for b in value) for name, value in query)
    head = f"{method} /sparql?{encoded} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n"
    head += f"Content-Type: {content_type}\r\n" if content_type else ""
    head += f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    answer = exchange(small_server, head.encode() + body)
    status = int(answer.split(b" ", 2)[1])
    assert 200 <= status < 500, (answer[:2000], encoded, body)
    if status >= 400 and method != "HEAD":
        _, _, content = answer.partition(b"\r\n\r\n")
        assert b"Traceback" not in content
        if b"application/problem+json" in answer:
            text = content[content.index(b"{") : content.rindex(b"}") + 1]
            assert json.loads(text)["status"] == status


@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunks"])
def test_a_connection_can_be_used_again_after_a_body_that_was_too_large(
    small_server: Server, chunked: bool
) -> None:
    with httpx.Client(base_url=small_server.url) as one_connection:
        for _ in range(20):
            long = (b"#" * 65536 for _ in range(32)) if chunked else LONG
            assert_problem(
                one_connection.post("sparql", content=long, headers={"Content-Type": QUERY}), 413
            )
            assert one_connection.post("sparql", data={"query": "ASK {}"}).status_code == 200
